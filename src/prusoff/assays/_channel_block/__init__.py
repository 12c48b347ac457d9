"""The parts of a block assay: cells with their controls, onset of block, concentration-response over cells."""
