"""The absolute IC50: where the fitted curve crosses half way between the control wells."""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array
from ..core.measured import Measured


def absolute_log_ic50(parameters: Array, covariance: Array, half: Measured, shared: Array) -> Measured | None:
    """log10 of the concentration at which a four-parameter curve passes `half`, the middle of the control wells.

    `parameters` are bottom, top, log IC50 and Hill slope with their `covariance` (4, 4); `shared` (4,) is the
    covariance of each with `half`, because the control wells are points of the curve too. None where the curve does
    not pass it.
    Source: Sebaugh JL, Pharm Stat 2011;10:128.

    >>> exact = np.array([0.0, 100.0, -8.0, 1.0])
    >>> absolute_log_ic50(exact, np.zeros((4, 4)), Measured(50.0), np.zeros(4))
    Measured(value=-8.0, se=0.0)
    """
    bottom, top, log_ic50, slope = (float(one) for one in parameters)
    above, below = top - half.value, half.value - bottom
    if above * below <= 0 or slope == 0:
        return None
    shift = math.log10(above / below)
    scale = 1.0 / (math.log(10.0) * slope)
    gradient = np.array([scale / below, scale / above, 1.0, -shift / slope**2])
    by_half = -scale * (1.0 / above + 1.0 / below)
    variance = float(gradient @ covariance @ gradient + 2.0 * by_half * (gradient @ shared))
    variance += (by_half * half.se) ** 2
    return Measured(log_ic50 + shift / slope, math.sqrt(max(variance, 0.0)))
