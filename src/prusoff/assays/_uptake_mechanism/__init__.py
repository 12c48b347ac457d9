"""The parts of a grid of substrate and inhibitor: fits of four mechanisms, the choice, and its simulated bench."""
