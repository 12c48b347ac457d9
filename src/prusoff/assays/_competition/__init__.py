"""The parts of a competition experiment: wells to curves, curves to Ki, and its simulated bench."""
