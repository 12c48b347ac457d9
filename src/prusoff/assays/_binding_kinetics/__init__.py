"""The parts of the assay of binding kinetics."""
