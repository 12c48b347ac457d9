"""The parts of block kinetics: applications of a drug, their rates, recovery from inactivation, a simulated bench."""
