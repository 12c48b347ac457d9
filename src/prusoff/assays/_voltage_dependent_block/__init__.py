"""The parts of voltage-dependent block: currents by potential, Woodhull's law, what comes out, a simulated bench."""
