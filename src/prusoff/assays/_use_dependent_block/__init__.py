"""The parts of use-dependent block: trains of a cell, their rates, what comes out of them, and the simulated bench."""
