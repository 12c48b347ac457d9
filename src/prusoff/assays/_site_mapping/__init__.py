"""The parts of site mapping: wells to the assay that reads them, cycles of mutants, transfer, its simulated bench."""
