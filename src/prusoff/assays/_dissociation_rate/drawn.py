"""What is drawn of one modulator: the curves through its wells, and its rates against concentration."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ...core.fit import Fit
from ...core.result import CurveBand, Points
from ...equations.allosteric import allosteric_dissociation_rate
from ...fitting.band import confidence_band
from .fits import CourseFits
from .wells import Courses

_GRID = 61


def course_bands(data: Courses, whole: Fit, level: float) -> Iterator[CurveBand]:
    """The fitted course at every concentration, from the chase to the last wells."""
    time = np.linspace(0.0, float(data.time[data.bound].max()), _GRID)
    for log_modulator in (-math.inf, *data.concentrations):
        x = np.array([np.full(_GRID, log_modulator), time])
        band = confidence_band(whole, x, 0, level)
        yield CurveBand(time, band.fitted, band.low, band.high, data.name(float(log_modulator)), level)


def rate_points(fits: CourseFits) -> Points:
    """The rate at every concentration over that of the control, which stands at -inf."""
    levels = sorted(fits.log_rates)
    rates = np.array([10.0 ** fits.log_rates[one].value for one in levels])
    names = tuple("control" if one == -math.inf else f"rate at {10.0**one:.3g} M" for one in levels)
    return Points(np.array(levels), rates, names, (True,) * len(levels), "")


def rate_band(data: Courses, whole: Fit, level: float) -> CurveBand:
    """The law of the modulator through the rates, from the lowest to the highest concentration."""
    x = np.linspace(float(data.concentrations[0]), float(data.concentrations[-1]), _GRID)
    law = allosteric_dissociation_rate
    parameters = np.array([0.0 if name == "log_koff" else whole.value(name) for name in law.names])
    nothing = np.full(_GRID, np.nan)
    return CurveBand(x, law.function(x, parameters), nothing, nothing, "", level)
