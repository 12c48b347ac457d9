"""Block of a current against the concentration of the blocker: the logistic law that begins at no block."""

from __future__ import annotations

import numpy as np

from ..core.equation import Array, Case, Equation, Parameter
from ._guess import box, log_range
from ._logistic import rows
from .concentration_response import HILL_SLOPE, LOG_CONCENTRATION, SIGNAL, four_parameter_logistic

LOG_IC50 = Parameter("log_ic50", "IC50", "M", "concentration of half of the largest block", log10=True)


def _falling(p: Array) -> Array:
    """The parameters of the falling logistic law whose response without blocker is zero."""
    imax, log_ic50, hill_slope = p
    return rows(imax, 0.0, log_ic50, hill_slope)


def _block(x: Array, p: Array) -> Array:
    return four_parameter_logistic.function(x, _falling(p))


def _block_jacobian(x: Array, p: Array) -> Array:
    return four_parameter_logistic.jacobian(x, _falling(p))[[0, 2, 3]]


def _block_start(x: Array, y: Array) -> Array:
    largest, _, log_ic50, hill_slope = four_parameter_logistic.start(x, y)
    return np.array([largest, log_ic50, hill_slope])


def _block_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(channel_block.parameters, log_ic50=log_range(x))


channel_block = Equation(
    name="channel_block",
    title="Block of a current by a concentration of a blocker",
    formula="imax / (1 + 10**((log_ic50 - log_concentration) * hill_slope))",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(
        Parameter("imax", "Imax", "signal", "block when the blocker does all it can", linear=True),
        LOG_IC50,
        HILL_SLOPE,
    ),
    function=_block,
    jacobian=_block_jacobian,
    start=_block_start,
    limits=_block_limits,
    location="log_ic50",
    reference="Hill AV. J Physiol 1910;40:iv-vii; Hille B. Ion Channels of Excitable Membranes, 3rd ed, 2001",
    cases=(
        Case(
            (-6.0,),
            {"imax": 100.0, "log_ic50": -6.0, "hill_slope": 1.3},
            50.0,
            "half of the largest block at the IC50, by definition",
        ),
        Case(
            (-5.0,),
            {"imax": 100.0, "log_ic50": -5.485426616089364, "hill_slope": 1.0},
            75.3568542957179,
            "10 uM of a blocker with an IC50 of 3.27 uM: 100 10/(10 + 3.27019)",
        ),
    ),
)
