"""What an IC50 of a competitor would be if it were read at some time: for the figure of incubation times."""

from __future__ import annotations

import math

import numpy as np

from ...core.fit import Fit
from ...core.result import CurveBand
from .._early_ic50 import early_over_late
from .traces import Traces

LABEL = "incubation: IC50 over its equilibrium value"
TIMES, SHORTEST, LONGEST = 25, 60.0, 10.0


def bias_over_time(traces: Traces, fit: Fit) -> CurveBand | None:
    """IC50 read at a time (s) over that at equilibrium, with this label; None where koff has an open side.

    The band spans what the interval of koff of the competitor allows, the other constants as fitted.
    """
    interval = fit.intervals.get("log_koff_competitor")
    if interval is None or interval.open_sides or not traces.longest > SHORTEST:
        return None
    koff, kd = 10.0 ** fit.value("log_koff"), 10.0 ** fit.value("log_kd")
    ratio = float(np.median(traces.levels)) / kd
    time = np.geomspace(SHORTEST, LONGEST * traces.longest, TIMES)
    offs = np.array([fit.value("log_koff_competitor"), interval.low, interval.high])
    value, one, other = early_over_late(koff, ratio, 10.0 ** offs[:, None], time[None, :])
    low, high = np.minimum(one, other), np.maximum(one, other)
    level = interval.level if math.isfinite(interval.level) else 0.95
    return CurveBand(time, value, np.minimum(low, value), np.maximum(high, value), LABEL, level)
