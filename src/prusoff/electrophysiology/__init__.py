"""From recorded sweeps to amplitudes: leak, series resistance, windows, gates, run-down, the membrane of the cell."""
