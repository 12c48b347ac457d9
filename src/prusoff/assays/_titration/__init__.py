"""The parts of a titration: wells with and without partner, the two laws, what to believe, and its simulated bench."""
