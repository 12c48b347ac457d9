"""The parts that functional assays share, and those of agonist curves."""
