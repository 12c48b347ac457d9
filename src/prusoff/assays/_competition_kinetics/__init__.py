"""The private parts of the assay of competition kinetics."""
