"""Laws of a response that starts at zero and has no top in sight: straight, squared, power and exponential growth.

With those of `zero_baseline` they are the set from which a toxicity screen chooses one law for every compound. None of
them has a potency: what is read off is the concentration of half the response at the highest one tested.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Case, Equation, Parameter
from ._guess import box, means_by_x
from ._logistic import LN10, finite_or_zero, log10_positive, rows
from ._sources import TCPLFIT2
from .concentration_response import SIGNAL
from .zero_baseline import CONCENTRATION

MICROMOLAR = 1e-6
STEEPEST, FLATTEST = -2.0, 3.0  # decades of the scale beyond the highest concentration
FARTHEST = 300.0  # exponent at which growth is held, so that nothing overflows

SLOPE = Parameter("slope", "a", "signal/M", "rise of the response per mol/L", linear=True)
AMPLITUDE = Parameter(
    "amplitude", "a", "signal", "size: the response at the scale is 1.72 times this", linear=True
)
LOG_SCALE = Parameter(
    "log_scale", "b", "M", "concentration over which the response grows e-fold, once it has", log10=True
)


def _highest(x: Array) -> float:
    """log10 of the highest finite concentration; 0 (1 mol/L) without any."""
    logs = log10_positive(np.where(np.isfinite(x), x, 0.0))
    most = float(logs.max())
    return most if math.isfinite(most) else 0.0


def _last(x: Array, y: Array) -> float:
    """The mean response at the highest concentration."""
    return float(means_by_x(x, y)[1][-1])


def _straight(x: Array, p: Array) -> Array:
    (slope,) = p
    result: Array = slope * x
    return result


def _straight_jacobian(x: Array, p: Array) -> Array:
    return rows(x + 0.0 * p[0])


def _slope_start(x: Array, y: Array) -> float:
    size = float(x @ x)
    return float(x @ y) / size if 0.0 < size < math.inf else 0.0


def _straight_start(x: Array, y: Array) -> Array:
    return np.array([_slope_start(x, y)])


polynomial_1 = Equation(
    name="polynomial_1",
    title="Straight line through zero",
    formula="slope * concentration",
    axes=(CONCENTRATION,),
    response=SIGNAL,
    parameters=(SLOPE,),
    function=_straight,
    jacobian=_straight_jacobian,
    start=_straight_start,
    reference=TCPLFIT2,
    cases=(Case((5e-6,), {"slope": 2e6}, 10.0, "2 per micromolar at 5 micromolar"),),
)


def _squared(x: Array, p: Array) -> Array:
    slope, curvature = p
    result: Array = (slope + curvature * x) * x
    return result


def _squared_jacobian(x: Array, p: Array) -> Array:
    along = x + 0.0 * p[0]
    return rows(along, along * x)


def _squared_start(x: Array, y: Array) -> Array:
    return np.array([_slope_start(x, y), 0.0])


polynomial_2 = Equation(
    name="polynomial_2",
    title="Parabola through zero",
    formula="slope * concentration + curvature * concentration**2",
    axes=(CONCENTRATION,),
    response=SIGNAL,
    parameters=(
        SLOPE,
        Parameter(
            "curvature", "b", "signal/M^2", "bend: half the change of the slope per mol/L", linear=True
        ),
    ),
    function=_squared,
    jacobian=_squared_jacobian,
    start=_squared_start,
    reference=TCPLFIT2,
    cases=(
        Case((1e-5,), {"slope": 3e6, "curvature": -1e11}, 20.0, "30 - 10 at 10 micromolar, where it bends"),
    ),
)


def _power(x: Array, p: Array) -> Array:
    response, power = p
    result: Array = response * (x / MICROMOLAR) ** power
    return result


def _power_jacobian(x: Array, p: Array) -> Array:
    response, power = p
    growth = (x / MICROMOLAR) ** power
    return rows(growth, response * growth * LN10 * finite_or_zero(log10_positive(x / MICROMOLAR)))


def _power_start(x: Array, y: Array) -> Array:
    return np.array([_last(x, y) * 10.0 ** -(_highest(x) + 6.0), 1.0])


power_law = Equation(
    name="power_law",
    title="Power law, from a baseline of zero",
    formula="response_at_1_um * (concentration / 1e-6)**power",
    axes=(CONCENTRATION,),
    response=SIGNAL,
    parameters=(
        Parameter("response_at_1_um", "Y(1 uM)", "signal", "response at 1 micromolar", linear=True),
        Parameter("power", "p", "", "power of the concentration", lower=0.3, upper=20.0),
    ),
    function=_power,
    jacobian=_power_jacobian,
    start=_power_start,
    reference=TCPLFIT2,
    cases=(Case((4e-6,), {"response_at_1_um": 3.0, "power": 1.5}, 24.0, "3 times 4^1.5 at 4 micromolar"),),
)


def _growth(x: Array, log_scale: Array, power: Array | float) -> tuple[Array, Array]:
    """(x/b)^p, held where its exponential would overflow, and log10 of x/b."""
    distance = log10_positive(x) - log_scale
    return np.minimum(np.exp(LN10 * distance * power), FARTHEST), distance


def _three(x: Array, p: Array) -> Array:
    amplitude, log_scale, power = p
    result: Array = amplitude * np.expm1(_growth(x, log_scale, power)[0])
    return result


def _three_jacobian(x: Array, p: Array) -> Array:
    amplitude, log_scale, power = p
    u, distance = _growth(x, log_scale, power)
    steep = LN10 * amplitude * u * np.exp(u)
    return rows(np.expm1(u), -power * steep, steep * finite_or_zero(distance))


def _three_start(x: Array, y: Array) -> Array:
    return np.array([_last(x, y) / math.expm1(1.0), _highest(x), 1.0])


def _scale_range(x: Array) -> tuple[float, float]:
    return _highest(x) + STEEPEST, _highest(x) + FLATTEST


def _three_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(exponential_3.parameters, log_scale=_scale_range(x))


exponential_3 = Equation(
    name="exponential_3",
    title="Exponential 3 (growth with a power, from a baseline of zero)",
    formula="amplitude * (exp((concentration / 10**log_scale)**power) - 1)",
    axes=(CONCENTRATION,),
    response=SIGNAL,
    parameters=(
        AMPLITUDE,
        LOG_SCALE,
        Parameter("power", "p", "", "power of the concentration", lower=0.3, upper=8.0),
    ),
    function=_three,
    jacobian=_three_jacobian,
    start=_three_start,
    limits=_three_limits,
    reference=TCPLFIT2,
    cases=(
        Case(
            (4e-6,),
            {"amplitude": 5.0, "log_scale": -4.0, "power": 0.5},
            5.0 * math.expm1(0.2),
            "(4/100)^0.5 is 0.2: 5 (e^0.2 - 1)",
        ),
    ),
)


def _two(x: Array, p: Array) -> Array:
    amplitude, log_scale = p
    return _three(x, rows(amplitude, log_scale, 1.0))


def _two_jacobian(x: Array, p: Array) -> Array:
    amplitude, log_scale = p
    return _three_jacobian(x, rows(amplitude, log_scale, 1.0))[:2]


def _two_start(x: Array, y: Array) -> Array:
    return _three_start(x, y)[:2]


def _two_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(exponential_2.parameters, log_scale=_scale_range(x))


exponential_2 = Equation(
    name="exponential_2",
    title="Exponential 2 (growth from a baseline of zero)",
    formula="amplitude * (exp(concentration / 10**log_scale) - 1)",
    axes=(CONCENTRATION,),
    response=SIGNAL,
    parameters=(AMPLITUDE, LOG_SCALE),
    function=_two,
    jacobian=_two_jacobian,
    start=_two_start,
    limits=_two_limits,
    reference=TCPLFIT2,
    cases=(
        Case(
            (2e-6,),
            {"amplitude": 5.0, "log_scale": -5.0},
            5.0 * math.expm1(0.2),
            "a fifth of the scale: 5 (e^0.2 - 1)",
        ),
    ),
)
