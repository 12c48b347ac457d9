"""Laws small enough to be read at a glance; the engine knows the contract, not the shelf."""

import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.core.equation import Axis, Equation, Parameter

LN10 = np.log(10.0)


def _fall(x, location, slope=1.0):
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + 10.0 ** ((x - location) * slope))


def _sigmoid(x, p):
    return p[0] + (p[1] - p[0]) * _fall(x, p[2], p[3])


def _sigmoid_slope(x, p):
    left = _fall(x, p[2], p[3])
    bend = (p[1] - p[0]) * left * (1.0 - left) * LN10
    away = np.where(np.isfinite(x), x - p[2], 0.0)
    return np.stack(np.broadcast_arrays(1.0 - left, left, bend * p[3], -bend * away))


def _sigmoid_start(x, y):
    first, last = y[x == x.min()].mean(), y[x == x.max()].mean()
    tested = np.isfinite(x)
    return np.array([last, first, x[tested][np.argmin(np.abs(y[tested] - (first + last) / 2))], 1.0])


def _sigmoid_limits(x, y):
    tested = x[np.isfinite(x)]
    return (
        np.array([-np.inf, -np.inf, tested.min() - 3.0, 0.1]),
        np.array([np.inf, np.inf, tested.max() + 3.0, 5.0]),
    )


SIGMOID = Equation(
    "sigmoid",
    "Sigmoid",
    "",
    (Axis("log_concentration", "M", log10=True),),
    Axis("response", "signal"),
    (
        Parameter("bottom", "Bottom", "signal", "lower plateau", linear=True),
        Parameter("top", "Top", "signal", "upper plateau", linear=True),
        Parameter("log_ic50", "IC50", "M", "concentration of half effect", log10=True),
        Parameter("slope", "nH", "", "steepness", 0.1, 5.0),
    ),
    _sigmoid,
    _sigmoid_slope,
    _sigmoid_start,
    "",
    (),
    _sigmoid_limits,
    "log_ic50",
)

LINE = Equation(
    "line",
    "Straight line",
    "",
    (Axis("x", ""),),
    Axis("y", "signal"),
    (Parameter("slope", "b", "", "slope", linear=True), Parameter("level", "a", "", "level", linear=True)),
    lambda x, p: p[0] * x + p[1],
    lambda x, p: np.stack(np.broadcast_arrays(x + 0.0 * p[0], 1.0 + 0.0 * x * p[0])),
    lambda x, y: np.array([0.0, y.mean()]),
    "",
    (),
)

GROWTH = Equation(
    "growth",
    "Growth to a level",
    "",
    (Axis("t", "s"),),
    Axis("y", "signal"),
    (
        Parameter("level", "A", "signal", "level at the end"),
        Parameter("rate", "k", "1/s", "rate of the growth"),
    ),
    lambda x, p: p[0] * (1.0 - np.exp(-p[1] * x)),
    lambda x, p: np.stack(np.broadcast_arrays(1.0 - np.exp(-p[1] * x), p[0] * x * np.exp(-p[1] * x))),
    lambda x, y: np.array([1.0, 1.0]),
    "",
    (),
)

TESTED = np.repeat(np.arange(-10.0, -5.4, 0.5), 3)


def inhibition(seed, sd=3.0, location=-7.5, slope=1.0, x=TESTED):
    """A simulated inhibition curve from 100 to 5."""
    y = _sigmoid(x, np.array([5.0, 100.0, location, slope]))
    return Curve(x, y + sd * np.random.default_rng(seed).standard_normal(x.size))


@pytest.fixture
def sigmoid():
    return SIGMOID


@pytest.fixture
def line():
    return LINE


@pytest.fixture
def growth():
    return GROWTH


@pytest.fixture
def simulated():
    return inhibition
