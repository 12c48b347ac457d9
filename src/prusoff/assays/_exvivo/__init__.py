"""The parts of ex vivo occupancy."""
