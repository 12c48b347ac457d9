"""The fraction of disintegrations that the counter sees: a number, a quench curve, or an internal standard."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from ..core.errors import InputError, Problem
from ..core.experiment import Counting, QuenchStandard
from ..core.measured import Measured
from .quadratic import Quadratic, fit_quadratic

FEWEST_STANDARDS = 5


def fixed_efficiency(fraction: float, se: float = 0.0) -> Measured:
    """One efficiency for all wells, as a fraction above 0 and up to 1."""
    return _possible(Measured(fraction, se))


def quench_curve(standards: Sequence[QuenchStandard]) -> Quadratic:
    """Efficiency as a quadratic in the quench indicator (tSIE, SQP(E), channels ratio); at least five standards."""
    return fit_quadratic(
        np.array([standard.indicator for standard in standards]),
        np.array([standard.efficiency for standard in standards]),
        "quench curve",
        FEWEST_STANDARDS,
    )


def internal_standard(before: Measured, after: Measured, added_dpm: Measured) -> Measured:
    """Efficiency from the rise of the count rate (cpm) when a known activity (dpm) is added to the same vial."""
    return _possible((after - before) / added_dpm)


def efficiency_by_quench(counting: Counting) -> Callable[[float], Measured]:
    """How these wells get their efficiency: a function of a well's quench indicator, or the same number for all.

    A quench curve goes before a number. Raises InputError where neither was given.
    """
    if counting.quench_curve:
        curve = quench_curve(counting.quench_curve)
        return lambda indicator: _possible(curve.read(_stated(indicator)))
    if math.isnan(counting.efficiency):
        raise InputError(
            Problem(
                "there is no counting efficiency",
                fix="Give it as a fraction or percentage, or give a quench curve of five or more standards",
                code="E-EFFICIENCY",
            )
        )
    efficiency = fixed_efficiency(counting.efficiency, counting.efficiency_se)
    return lambda indicator: efficiency


def _stated(indicator: float) -> float:
    if math.isnan(indicator):
        raise InputError(
            Problem(
                "a well has no quench indicator",
                fix="Give the column of the counter (tSIE, SQP(E)) or one efficiency for all wells",
                code="E-QUENCH",
            )
        )
    return indicator


def _possible(efficiency: Measured) -> Measured:
    if not 0 < efficiency.value <= 1:
        raise InputError(
            Problem(
                f"a counting efficiency of {efficiency.value:.3g} is not possible",
                fix="It lies above 0 and is at most 1 (100 %)",
                code="E-EFFICIENCY",
            )
        )
    return efficiency
