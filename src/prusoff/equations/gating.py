"""How the opening and the availability of channels depend on the potential: Boltzmann laws, and currents through them.

Potentials are in V and slope factors are positive: activation rises with the potential, availability falls with it.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import shape_of
from ._logistic import logistic, rows
from .concentration_response import SIGNAL

VOLTAGE = Axis("voltage", "V")
V_HALF = Parameter("v_half", "V1/2", "V", "potential half way between both levels", lower=-0.3, upper=0.3)
SLOPE_FACTOR = Parameter(
    "slope_factor", "k", "V", "change of potential that moves the odds e-fold", lower=5e-4, upper=0.1
)
USUAL_SLOPE = 7e-3  # V, where a search begins
HODGKIN_HUXLEY = "Hodgkin AL, Huxley AF. J Physiol 1952;116:497-506"

_LEVELS = (
    Parameter("bottom", "Bottom", "signal", "level at which no channel opens", linear=True),
    Parameter("top", "Top", "signal", "level at which all channels can open", linear=True),
)


def open_part(v: Array, v_half: Array, slope_factor: Array) -> tuple[Array, Array]:
    """The part of the channels beyond their half potential, and the part that is not: 1/(1 + e^((V1/2 - V)/k))."""
    return logistic((v_half - v) / slope_factor)


def _activation(v: Array, p: Array) -> Array:
    bottom, top, v_half, slope_factor = p
    opened, closed = open_part(v, v_half, slope_factor)
    result: Array = bottom * closed + top * opened
    return result


def _activation_jacobian(v: Array, p: Array) -> Array:
    bottom, top, v_half, slope_factor = p
    opened, closed = open_part(v, v_half, slope_factor)
    steep = (top - bottom) * opened * closed / slope_factor
    return rows(closed, opened, -steep, -steep * (v - v_half) / slope_factor)


def _availability(v: Array, p: Array) -> Array:
    bottom, top, v_half, slope_factor = p
    gone, available = open_part(v, v_half, slope_factor)
    result: Array = bottom * gone + top * available
    return result


def _availability_jacobian(v: Array, p: Array) -> Array:
    bottom, top, v_half, slope_factor = p
    gone, available = open_part(v, v_half, slope_factor)
    steep = (top - bottom) * gone * available / slope_factor
    return rows(gone, available, steep, steep * (v - v_half) / slope_factor)


def _start(v: Array, y: Array, rising: bool) -> Array:
    shape = shape_of(v, y)
    half = float(np.clip(shape.crossing(0.5), V_HALF.lower, V_HALF.upper))
    ends = (shape.before, shape.after) if rising else (shape.after, shape.before)
    return np.array([*ends, half, USUAL_SLOPE])


def _activation_start(v: Array, y: Array) -> Array:
    return _start(v, y, rising=True)


def _availability_start(v: Array, y: Array) -> Array:
    return _start(v, y, rising=False)


activation = Equation(
    name="activation",
    title="Activation (Boltzmann)",
    formula="bottom + (top - bottom) / (1 + exp((v_half - voltage) / slope_factor))",
    axes=(VOLTAGE,),
    response=SIGNAL,
    parameters=(*_LEVELS, V_HALF, SLOPE_FACTOR),
    function=_activation,
    jacobian=_activation_jacobian,
    start=_activation_start,
    reference=HODGKIN_HUXLEY,
    cases=(
        Case(
            (-0.03,),
            {"bottom": 0.0, "top": 1.0, "v_half": -0.03 + 0.007 * math.log(3.0), "slope_factor": 0.007},
            0.25,
            "k ln 3 below the half potential a quarter of the conductance is reached",
        ),
    ),
)

availability = Equation(
    name="availability",
    title="Availability (steady-state inactivation, Boltzmann)",
    formula="bottom + (top - bottom) / (1 + exp((voltage - v_half) / slope_factor))",
    axes=(VOLTAGE,),
    response=SIGNAL,
    parameters=(*_LEVELS, V_HALF, SLOPE_FACTOR),
    function=_availability,
    jacobian=_availability_jacobian,
    start=_availability_start,
    reference="Hodgkin AL, Huxley AF. J Physiol 1952;116:497-506",
    cases=(
        Case(
            (-0.06,),
            {"bottom": 0.0, "top": 1.0, "v_half": -0.062, "slope_factor": 0.0065},
            1.0 / (1.0 + math.exp(2.0 / 6.5)),
            "2 mV above a half potential of -62 mV with k 6.5 mV 42.4 % are available",
        ),
    ),
)


def _current(v: Array, p: Array) -> Array:
    conductance, v_reversal, v_half, slope_factor = p
    result: Array = conductance * (v - v_reversal) * open_part(v, v_half, slope_factor)[0]
    return result


def _current_jacobian(v: Array, p: Array) -> Array:
    conductance, v_reversal, v_half, slope_factor = p
    opened, closed = open_part(v, v_half, slope_factor)
    drive = v - v_reversal
    steep = conductance * drive * opened * closed / slope_factor
    return rows(
        drive * opened,
        -conductance * opened,
        -steep,
        -steep * (v - v_half) / slope_factor,
    )


def _current_start(v: Array, y: Array) -> Array:
    """The best of a coarse grid of reversal and half potentials; the conductance of each is solved."""
    bench = np.linspace(-0.12, 0.12, 25)
    reversal, half, slope = (
        one.ravel()[:, None] for one in np.meshgrid(bench, bench, [0.004, 0.007, 0.012], indexing="ij")
    )
    shape = (np.clip(v, -1.0, 1.0) - reversal) * logistic((half - np.clip(v, -1.0, 1.0)) / slope)[0]
    size = np.sum(shape * shape, axis=-1)
    scale = float(np.max(np.abs(y))) or 1.0
    along = np.sum(shape * (y / scale), axis=-1)
    gain = np.where((size > 0.0) & (along > 0.0), along**2 / np.where(size > 0.0, size, 1.0), 0.0)
    best = int(np.argmax(np.round(gain, 9)))
    conductance = scale * max(0.0, float(along[best] / size[best])) if size[best] > 0.0 else 0.0
    return np.array([conductance, reversal[best, 0], half[best, 0], slope[best, 0]])


current_voltage = Equation(
    name="current_voltage",
    title="Current against potential (ohmic channel, Boltzmann activation)",
    formula="conductance * (voltage - v_reversal) / (1 + exp((v_half - voltage) / slope_factor))",
    axes=(VOLTAGE,),
    response=SIGNAL,
    parameters=(
        Parameter(
            "conductance",
            "Gmax",
            "signal/V",
            "conductance with all channels that can open",
            lower=0.0,
            linear=True,
        ),
        Parameter("v_reversal", "Erev", "V", "potential at which no current flows", lower=-0.3, upper=0.3),
        V_HALF,
        SLOPE_FACTOR,
    ),
    function=_current,
    jacobian=_current_jacobian,
    start=_current_start,
    reference=HODGKIN_HUXLEY,
    cases=(
        Case(
            (-0.02,),
            {"conductance": 5e-8, "v_reversal": 0.06, "v_half": -0.02, "slope_factor": 0.007},
            -2e-9,
            "half of 50 nS, 80 mV below the reversal potential: -2 nA",
        ),
    ),
)


def _two(v: Array, p: Array) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Opened and closed parts of the first and of the second kind of channel."""
    _, _, _, v_half, slope_factor, v_gap, slope_second = p
    return open_part(v, v_half, slope_factor), open_part(v, v_half + v_gap, slope_second)


def _double(v: Array, p: Array) -> Array:
    bottom, top, part = p[:3]
    (first, no_first), (second, no_second) = _two(v, p)
    opened = part * first + (1.0 - part) * second
    closed = part * no_first + (1.0 - part) * no_second
    result: Array = bottom * closed + top * opened
    return result


def _double_jacobian(v: Array, p: Array) -> Array:
    bottom, top, part, v_half, slope_factor, v_gap, slope_second = p
    (first, no_first), (second, no_second) = _two(v, p)
    span = top - bottom
    steep = span * part * first * no_first / slope_factor
    other = span * (1.0 - part) * second * no_second / slope_second
    return rows(
        part * no_first + (1.0 - part) * no_second,
        part * first + (1.0 - part) * second,
        span * np.where(first < 0.5, first - second, no_second - no_first),
        -steep - other,
        -steep * (v - v_half) / slope_factor,
        -other,
        -other * (v - v_half - v_gap) / slope_second,
    )


def _double_start(v: Array, y: Array) -> Array:
    shape = shape_of(v, y)
    first, second = (
        float(np.clip(shape.crossing(part), V_HALF.lower, V_HALF.upper)) for part in (0.25, 0.75)
    )
    gap = float(np.clip(second - first, 5e-3, 0.2))
    return np.array([shape.before, shape.after, 0.5, first, USUAL_SLOPE, gap, USUAL_SLOPE])


double_activation = Equation(
    name="double_activation",
    title="Activation of two kinds of channels (double Boltzmann)",
    formula=(
        "first = 1 / (1 + exp((v_half - voltage) / slope_factor))\n"
        "second = 1 / (1 + exp((v_half + v_gap - voltage) / slope_second))\n"
        "bottom + (top - bottom) * (part * first + (1 - part) * second)"
    ),
    axes=(VOLTAGE,),
    response=SIGNAL,
    parameters=(
        *_LEVELS,
        Parameter("part", "part", "", "part of the channels that are of the first kind", lower=0.0, upper=1.0),
        V_HALF,
        SLOPE_FACTOR,
        Parameter("v_gap", "gap", "V", "how much further the second kind opens", lower=2e-3, upper=0.3),
        Parameter(
            "slope_second", "k2", "V", "slope factor of the second kind", lower=5e-4, upper=0.1
        ),
    ),
    function=_double,
    jacobian=_double_jacobian,
    start=_double_start,
    reference="Motulsky H, Christopoulos A. Fitting Models to Biological Data. Oxford University Press 2004",
    cases=(
        Case(
            (-0.04,),
            {"bottom": 0.0, "top": 100.0, "part": 0.4, "v_half": -0.04, "slope_factor": 0.006, "v_gap": 0.02,
             "slope_second": 0.02 / math.log(3.0)},
            35.0,
            "half of the 40 % of the first kind and a quarter of the 60 % of the second",
        ),
    ),
)  # fmt: skip
