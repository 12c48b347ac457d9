"""The parts of a dissociation-rate experiment: wells over time, their rates, the modulator, and its simulated bench."""
