"""The parts of the occupancy assays."""
