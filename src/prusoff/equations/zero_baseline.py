"""Laws of a response that starts at zero and reaches a top: Hill, exponential 4 and 5, and gain followed by loss.

With those of `zero_baseline_growth` they are the set from which a toxicity screen chooses one law for every compound.
The response is measured from the baseline, so that it is 0 without compound; `top` is negative where the compound
lowers it.
"""

from __future__ import annotations

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log_range, means_by_x
from ._logistic import LN10, finite_or_zero, log10_positive, occupancy, rows
from ._sources import TCPL, TCPLFIT2
from .concentration_response import SIGNAL

CONCENTRATION = Axis("concentration", "M")
TOP = Parameter("top", "Top", "signal", "response from the baseline at saturation", linear=True)
LOG_AC50 = Parameter("log_ac50", "AC50", "M", "concentration of half the top", log10=True)
POWER = Parameter("power", "p", "", "steepness of the gain", lower=0.3, upper=8.0)

LN2 = float(np.log(2.0))
LARGEST = 700.0  # natural logarithm beyond which a double overflows


def _potency_range(x: Array) -> tuple[float, float]:
    return log_range(log10_positive(x))


def _crest(x: Array, y: Array) -> tuple[float, float]:
    """The mean response furthest from zero, and the log concentration nearest to half of it on the way there."""
    distinct, means = means_by_x(x, y)
    logs = log10_positive(distinct)
    peak = int(np.argmax(np.abs(means)))
    rising = np.flatnonzero(np.isfinite(logs[: peak + 1]))
    least, most = _potency_range(x)
    if not rising.size:
        return float(means[peak]), (least + most) / 2.0
    half = rising[np.argmin(np.abs(means[rising] - means[peak] / 2.0))]
    return float(means[peak]), float(logs[half])


def _hill(x: Array, p: Array) -> Array:
    top, log_ac50, power = p
    result: Array = top * occupancy(x, log_ac50, power)[0]
    return result


def _hill_jacobian(x: Array, p: Array) -> Array:
    top, log_ac50, power = p
    taken, free = occupancy(x, log_ac50, power)
    steep = LN10 * top * taken * free
    return rows(taken, -power * steep, steep * finite_or_zero(log10_positive(x) - log_ac50))


def _hill_start(x: Array, y: Array) -> Array:
    return np.array([*_crest(x, y), 1.0])


def _hill_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(zero_baseline_hill.parameters, log_ac50=_potency_range(x))


zero_baseline_hill = Equation(
    name="zero_baseline_hill",
    title="Hill, from a baseline of zero",
    formula="top * concentration**power / ((10**log_ac50)**power + concentration**power)",
    axes=(CONCENTRATION,),
    response=SIGNAL,
    parameters=(TOP, LOG_AC50, POWER),
    function=_hill,
    jacobian=_hill_jacobian,
    start=_hill_start,
    limits=_hill_limits,
    location="log_ac50",
    reference=TCPL,
    cases=(
        Case(
            (2e-6,),
            {"top": 50.0, "log_ac50": -6.0, "power": 2.0},
            40.0,
            "at twice the AC50 with power 2: 50 4/(1 + 4)",
        ),
    ),
)


def _shares(x: Array, log_ac50: Array, power: Array | float) -> tuple[Array, Array, Array]:
    """1 - 2^-u for u = (x/AC50)^p, its derivative by ln u, and log10 of x over AC50."""
    distance = log10_positive(x) - log_ac50
    u = np.exp(np.minimum(LN10 * distance * power, LARGEST))
    return -np.expm1(-LN2 * u), LN2 * u * np.exp(-LN2 * u), distance


def _five(x: Array, p: Array) -> Array:
    top, log_ac50, power = p
    result: Array = top * _shares(x, log_ac50, power)[0]
    return result


def _five_jacobian(x: Array, p: Array) -> Array:
    top, log_ac50, power = p
    share, slope, distance = _shares(x, log_ac50, power)
    steep = LN10 * top * slope
    return rows(share, -power * steep, steep * finite_or_zero(distance))


def _five_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(exponential_5.parameters, log_ac50=_potency_range(x))


exponential_5 = Equation(
    name="exponential_5",
    title="Exponential 5 (sigmoid, from a baseline of zero)",
    formula="top * (1 - 2**(-(concentration / 10**log_ac50)**power))",
    axes=(CONCENTRATION,),
    response=SIGNAL,
    parameters=(TOP, LOG_AC50, POWER),
    function=_five,
    jacobian=_five_jacobian,
    start=_hill_start,
    limits=_five_limits,
    location="log_ac50",
    reference=TCPLFIT2,
    cases=(
        Case(
            (2e-6,),
            {"top": 32.0, "log_ac50": -6.0, "power": 2.0},
            30.0,
            "at twice the AC50 with power 2: 32 (1 - 2^-4)",
        ),
    ),
)


def _with_power_one(p: Array) -> Array:
    top, log_ac50 = p
    return rows(top, log_ac50, 1.0)


def _four(x: Array, p: Array) -> Array:
    return _five(x, _with_power_one(p))


def _four_jacobian(x: Array, p: Array) -> Array:
    return _five_jacobian(x, _with_power_one(p))[:2]


def _four_start(x: Array, y: Array) -> Array:
    return np.array(_crest(x, y))


def _four_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(exponential_4.parameters, log_ac50=_potency_range(x))


exponential_4 = Equation(
    name="exponential_4",
    title="Exponential 4 (saturating, from a baseline of zero)",
    formula="top * (1 - 2**(-concentration / 10**log_ac50))",
    axes=(CONCENTRATION,),
    response=SIGNAL,
    parameters=(TOP, LOG_AC50),
    function=_four,
    jacobian=_four_jacobian,
    start=_four_start,
    limits=_four_limits,
    location="log_ac50",
    reference=TCPLFIT2,
    cases=(Case((3e-6,), {"top": 64.0, "log_ac50": -6.0}, 56.0, "at three times the AC50: 64 (1 - 2^-3)"),),
)


def _gain_loss(x: Array, p: Array) -> Array:
    top, log_ac50, power, log_width, loss_power = p
    gained, _ = occupancy(x, log_ac50, power)
    _, kept = occupancy(x, log_ac50 + log_width, loss_power)
    result: Array = top * gained * kept
    return result


def _gain_loss_jacobian(x: Array, p: Array) -> Array:
    top, log_ac50, power, log_width, loss_power = p
    logs = log10_positive(x)
    gained, not_yet = occupancy(x, log_ac50, power)
    lost, kept = occupancy(x, log_ac50 + log_width, loss_power)
    share = gained * kept
    by_gain, by_loss = LN10 * top * share * not_yet, LN10 * top * share * lost
    return rows(
        share,
        loss_power * by_loss - power * by_gain,
        by_gain * finite_or_zero(logs - log_ac50),
        loss_power * by_loss,
        -by_loss * finite_or_zero(logs - log_ac50 - log_width),
    )


def _gain_loss_start(x: Array, y: Array) -> Array:
    return np.array([*_crest(x, y), 1.0, 1.5, 3.0])


def _gain_loss_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(gain_loss.parameters, log_ac50=_potency_range(x))


gain_loss = Equation(
    name="gain_loss",
    title="Gain and loss (a response that goes up and comes down)",
    formula="gain = concentration**power / ((10**log_ac50)**power + concentration**power)\n"
    "loss = 1 + (concentration / 10**(log_ac50 + log_width))**loss_power\n"
    "top * gain / loss",
    axes=(CONCENTRATION,),
    response=SIGNAL,
    parameters=(
        TOP,
        LOG_AC50,
        POWER,
        Parameter(
            "log_width",
            "AC50,loss/AC50",
            "",
            "ratio of the concentration at which half of the response is lost to that at which half is gained",
            lower=0.0,
            upper=8.0,
            log10=True,
        ),
        Parameter("loss_power", "q", "", "steepness of the loss", lower=0.3, upper=8.0),
    ),
    function=_gain_loss,
    jacobian=_gain_loss_jacobian,
    start=_gain_loss_start,
    limits=_gain_loss_limits,
    location="log_ac50",
    reference=TCPL,
    cases=(
        Case(
            (1e-5,),
            {"top": 101.0, "log_ac50": -6.0, "power": 2.0, "log_width": 1.0, "loss_power": 3.0},
            50.0,
            "ten times above the AC50 of gain, at the AC50 of loss: 101 100/(1 + 100) 1/2",
        ),
        Case(
            (1e-6,),
            {"top": 33.0, "log_ac50": -6.0, "power": 1.0, "log_width": 1.0, "loss_power": 1.0},
            15.0,
            "at the AC50 of gain, a decade below that of loss: 33 1/2 1/(1 + 1/10)",
        ),
    ),
)
