"""Block of a channel by a charged drug whose site lies in the field of the membrane (Woodhull).

The potential stands as its energy for one charge over the thermal energy, F V/(R T): what a volt means hangs on the
temperature. `bend` is what a site with one way in leaves at zero; a blocker that passes through the pore, or a second
site, bends the line of ln KD against the potential.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log_range
from ._logistic import LN10, finite_or_zero, logistic, rows
from .concentration_response import HILL_SLOPE, LOG_CONCENTRATION, SIGNAL

REDUCED_POTENTIAL = Axis("reduced_potential", "")
MOST_CHARGE, MOST_BEND = 10.0, 5.0


def _exponent(x: Array, p: Array) -> Array:
    log_concentration, potential = x
    _, log_kd, z_delta, bend, hill_slope = p
    found: Array = hill_slope * (
        (log_concentration - log_kd) * LN10 - z_delta * potential - bend * potential**2
    )
    return found


def _block(x: Array, p: Array) -> Array:
    result: Array = p[0] * logistic(_exponent(x, p))[0]
    return result


def _block_jacobian(x: Array, p: Array) -> Array:
    log_concentration, potential = x
    amplitude, log_kd, z_delta, bend, hill_slope = p
    left, gone = logistic(_exponent(x, p))
    steep = amplitude * (left * gone)
    apart = (finite_or_zero(log_concentration) - log_kd) * LN10 - z_delta * potential - bend * potential**2
    return rows(
        left,
        LN10 * hill_slope * steep,
        hill_slope * potential * steep,
        hill_slope * potential**2 * steep,
        -apart * steep,
    )


def _block_start(x: Array, y: Array) -> Array:
    """The largest current, the middle of the concentrations, and no voltage dependence."""
    finite = x[0][np.isfinite(x[0])]
    middle = float(np.median(finite)) if finite.size else -5.0
    return np.array([max(float(y.max()), 0.0), middle, 0.0, 0.0, 1.0])


def _block_limits(x: Array, y: Array) -> tuple[Array, Array]:
    """KD at 0 mV may lie far from what was tested at other potentials: by what ten charges make of the farthest."""
    low, high = log_range(x[0])
    seen = np.abs(x[1][np.isfinite(x[1])])
    beyond = min(MOST_CHARGE * float(seen.max(initial=0.0)) / LN10, 12.0)
    return box(woodhull_block.parameters, log_kd=(low - beyond, high + beyond))


woodhull_block = Equation(
    name="woodhull_block",
    title="Voltage-dependent block of a pore",
    formula="apart = (log_concentration - log_kd) * log(10) - z_delta * reduced_potential "
    "- bend * reduced_potential**2\n"
    "amplitude / (1 + exp(hill_slope * apart))",
    axes=(LOG_CONCENTRATION, REDUCED_POTENTIAL),
    response=SIGNAL,
    parameters=(
        Parameter("amplitude", "I0", "signal", "current without drug", lower=0.0, linear=True),
        Parameter("log_kd", "KD(0 mV)", "M", "dissociation constant of the drug at 0 mV", log10=True),
        Parameter(
            "z_delta",
            "zδ",
            "",
            "charge of the drug times the part of the field that it crosses",
            lower=-MOST_CHARGE,
            upper=MOST_CHARGE,
        ),
        Parameter(
            "bend",
            "bend",
            "",
            "curvature of ln KD against the reduced potential; 0 for one site with one way in",
            lower=-MOST_BEND,
            upper=MOST_BEND,
        ),
        HILL_SLOPE,
    ),
    function=_block,
    jacobian=_block_jacobian,
    start=_block_start,
    limits=_block_limits,
    reference="Woodhull AM. J Gen Physiol 1973;61:687-708",
    cases=(
        Case(
            (-5.0, -4.0),
            {
                "amplitude": 100.0,
                "log_kd": -4.0,
                "z_delta": math.log(10.0) / 4.0,
                "bend": 0.0,
                "hill_slope": 1.0,
            },
            50.0,
            "KD falls tenfold from 100 uM to 10 uM at F V/(R T) = -4, and 10 uM leaves half",
        ),
        Case(
            (-5.0, 2.0),
            {
                "amplitude": 90.0,
                "log_kd": -5.0,
                "z_delta": 0.0,
                "bend": math.log(2.0) / 4.0,
                "hill_slope": 2.0,
            },
            72.0,
            "the bend alone doubles KD at F V/(R T) = 2: half of it with slope 2 leaves 1/(1 + 1/4)",
        ),
    ),
)
