"""A bench that does not exist: equilibria and counts."""
