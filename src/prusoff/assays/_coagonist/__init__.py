"""Private parts of the assay of an agonist and the co-agonist that it needs."""
