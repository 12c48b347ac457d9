"""The nouns: what a unit, a plate, a fit, an estimate, an assay or a report *is*. Needs numpy, knows no other room."""
