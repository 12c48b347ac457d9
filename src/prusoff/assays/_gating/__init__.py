"""The parts of a gating assay: curves of a cell, what is fitted to them, shifts within the cell, means over cells."""
