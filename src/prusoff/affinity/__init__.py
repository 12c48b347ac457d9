"""From a midpoint to a constant: conversions of IC50 to Ki, their errors, and means over experiments."""
