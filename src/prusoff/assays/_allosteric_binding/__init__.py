"""The parts of an allosteric binding run: curves by radioligand concentration, their fits, what they say, the bench."""
