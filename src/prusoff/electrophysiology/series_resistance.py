"""What the series resistance of the electrode takes from the potential of the cell."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..core.equation import Array

MOST_ERROR_V = 5e-3


def voltage_error(
    current: npt.ArrayLike, series_resistance: npt.ArrayLike, compensation: npt.ArrayLike = 0.0
) -> Array:
    """The error of the potential in V: V = I Rs (1 - compensation), with the sign of the current.

    `current` in A, `series_resistance` in ohm, `compensation` the fraction that the amplifier takes off (nan: none).
    Armstrong CM, Gilly WF, Methods Enzymol 1992;207:100.

    >>> round(float(voltage_error(-2e-9, 8e6, 0.7)) * 1e3, 6)
    -4.8
    """
    taken = np.nan_to_num(np.asarray(compensation, dtype=float), nan=0.0)
    error: Array = (
        np.asarray(current, dtype=float) * np.asarray(series_resistance, dtype=float) * (1.0 - taken)
    )
    return error
