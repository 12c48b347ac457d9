"""The parts of an antagonist assay: families of agonist curves, what is fitted to them, and what comes out of it."""
