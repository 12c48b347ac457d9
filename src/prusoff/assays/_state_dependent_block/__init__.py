"""The parts of a state-dependent block: currents of cells over holding potentials, fits, shifts, and what they say."""
