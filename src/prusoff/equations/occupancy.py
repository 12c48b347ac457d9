"""Occupancy of sites in the living brain: against plasma, of drugs that share a site, and by the Lassen plot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log_range, shape_of
from ._logistic import LN10, finite_or_zero, log10_positive, molar, rows
from .concentration_response import HILL_SLOPE, LOG_CONCENTRATION, remaining
from .straight_line import straight_line
from .zero_baseline import zero_baseline_hill

CUNNINGHAM = "Cunningham VJ et al. J Cereb Blood Flow Metab 2010;30:46-50"
FARDE = "Farde L et al. Arch Gen Psychiatry 1988;45:71-76"
OCCMAX = Parameter(
    "occmax",
    "Occmax",
    "",
    "part of the sites that is held when the drug does all it can",
    lower=0.0,
    upper=2.0,
)
LOG_EC50 = Parameter("log_ec50", "EC50", "M", "concentration at half of the maximal occupancy", log10=True)


def _occupied(x: Array, p: Array) -> Array:
    occmax, log_ec50, hill_slope = p
    result: Array = occmax * remaining(x, log_ec50, hill_slope)[1]
    return result


def _occupied_jacobian(x: Array, p: Array) -> Array:
    occmax, log_ec50, hill_slope = p
    free, taken = remaining(x, log_ec50, hill_slope)
    steep = LN10 * occmax * taken * free
    return rows(taken, -hill_slope * steep, steep * (finite_or_zero(x) - log_ec50))


def _occupied_start(x: Array, y: Array) -> Array:
    return np.array([1.0, shape_of(x, y).crossing(0.5), 1.0])


def _occupied_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(receptor_occupancy.parameters, log_ec50=log_range(x))


receptor_occupancy = Equation(
    name="receptor_occupancy",
    title="Occupancy against concentration",
    formula="occmax / (1 + 10**((log_ec50 - log_concentration) * hill_slope))",
    axes=(LOG_CONCENTRATION,),
    response=Axis("occupancy", ""),
    parameters=(OCCMAX, LOG_EC50, HILL_SLOPE),
    function=_occupied,
    jacobian=_occupied_jacobian,
    start=_occupied_start,
    limits=_occupied_limits,
    location="log_ec50",
    reference=FARDE,
    cases=(
        Case(
            (-6.0,),
            {"occmax": 0.88, "log_ec50": -7.0, "hill_slope": 1.0},
            0.8,
            "a decade above the EC50: 0.88 10/(1 + 10)",
        ),
        Case(
            (np.log10(160.0 / 31.0),),
            {"occmax": 1.0, "log_ec50": 0.0, "hill_slope": 1.0},
            0.83769633507853,
            "160 ng/mL at an EC50 of 31 ng/mL: 160/191",
        ),
    ),
)


def _left(x: Array, p: Array) -> Array:
    baseline, occmax, log_ec50, hill_slope = p
    result: Array = baseline * (1.0 - occmax * remaining(x, log_ec50, hill_slope)[1])
    return result


def _left_jacobian(x: Array, p: Array) -> Array:
    baseline, occmax, log_ec50, hill_slope = p
    free, taken = remaining(x, log_ec50, hill_slope)
    steep = LN10 * baseline * occmax * taken * free
    return rows(
        1.0 - occmax * taken,
        -baseline * taken,
        hill_slope * steep,
        steep * (log_ec50 - finite_or_zero(x)),
    )


def _left_start(x: Array, y: Array) -> Array:
    shape = shape_of(x, y)
    return np.array([float(np.max(y)), 1.0, shape.crossing(0.5), 1.0])


def _left_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(available_binding.parameters, log_ec50=log_range(x))


available_binding = Equation(
    name="available_binding",
    title="Binding that a drug leaves available",
    formula="baseline * (1 - occmax / (1 + 10**((log_ec50 - log_concentration) * hill_slope)))",
    axes=(LOG_CONCENTRATION,),
    response=Axis("response", "signal"),
    parameters=(
        Parameter("baseline", "Baseline", "signal", "binding potential without the drug", linear=True),
        OCCMAX,
        LOG_EC50,
        HILL_SLOPE,
    ),
    function=_left,
    jacobian=_left_jacobian,
    start=_left_start,
    limits=_left_limits,
    location="log_ec50",
    reference=FARDE,
    cases=(
        Case(
            (-7.0,),
            {"baseline": 2.0, "occmax": 0.8, "log_ec50": -7.0, "hill_slope": 2.0},
            1.2,
            "at the EC50 half of Occmax is taken: 2 (1 - 0.8/2)",
        ),
        Case(
            (-6.0,),
            {"baseline": 1.1, "occmax": 1.0, "log_ec50": -7.0, "hill_slope": 1.0},
            0.1,
            "a decade above the EC50: 1.1/(1 + 10)",
        ),
    ),
)


def _dose_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(available_binding_by_dose.parameters, log_ed50=log_range(x))


available_binding_by_dose = replace(
    available_binding,
    name="available_binding_by_dose",
    title="Binding that a dose leaves available",
    formula="baseline * (1 - occmax / (1 + 10**((log_ed50 - log_dose) * hill_slope)))",
    axes=(Axis("log_dose", "g/kg", log10=True),),
    parameters=(
        *available_binding.parameters[:2],
        Parameter("log_ed50", "ED50", "g/kg", "dose at half of the maximal occupancy", log10=True),
        HILL_SLOPE,
    ),
    limits=_dose_limits,
    location="log_ed50",
    cases=(
        Case(
            (-3.0,),
            {"baseline": 1.4, "occmax": 1.0, "log_ed50": -3.0, "hill_slope": 1.0},
            0.7,
            "at the ED50 half of the binding is left",
        ),
    ),
)

_FIRST, _SECOND = Axis("concentration", "M"), Axis("second_concentration", "M")
_K = Parameter("log_k", "K", "M", "dissociation constant of the drug that is looked at", log10=True)
_K_SECOND = Parameter("log_k_second", "K2", "M", "dissociation constant of the other drug", log10=True)


def _raised(log_k: Array, second: Array, log_k_second: Array) -> tuple[Array, Array]:
    """The constant of a drug as it looks beside another one, and the share of the sites that one would have alone."""
    beside = second / molar(log_k_second)
    return log_k + np.log10(1.0 + beside), beside / (1.0 + beside)


def _shared_site(x: Array, p: Array) -> Array:
    (first, second), (occmax, log_k, log_k_second) = x, p
    raised, _ = _raised(log_k, second, log_k_second)
    return zero_baseline_hill.function(first, rows(occmax, raised, 1.0))


def _shared_site_jacobian(x: Array, p: Array) -> Array:
    (first, second), (occmax, log_k, log_k_second) = x, p
    raised, other = _raised(log_k, second, log_k_second)
    by_max, by_location, _ = zero_baseline_hill.jacobian(first, rows(occmax, raised, 1.0))
    return rows(by_max, by_location, -by_location * other)


def _shared_site_start(x: Array, y: Array) -> Array:
    first, second = x
    some = second[second > 0.0]
    log_second = float(np.log10(np.median(some))) if some.size else -8.0
    return np.array([1.0, shape_of(log10_positive(first), y).crossing(0.5), log_second])


def _shared_site_limits(x: Array, y: Array) -> tuple[Array, Array]:
    first, second = (log_range(log10_positive(one)) for one in x)
    return box(shared_site_occupancy.parameters, log_k=first, log_k_second=second)


shared_site_occupancy = Equation(
    name="shared_site_occupancy",
    title="Occupancy by one of two drugs at one site",
    formula="occmax * (concentration / 10**log_k)"
    " / (1 + concentration / 10**log_k + second_concentration / 10**log_k_second)",
    axes=(_FIRST, _SECOND),
    response=Axis("occupancy", ""),
    parameters=(OCCMAX, _K, _K_SECOND),
    function=_shared_site,
    jacobian=_shared_site_jacobian,
    start=_shared_site_start,
    limits=_shared_site_limits,
    location="log_k",
    reference="Gaddum JH. J Physiol 1937;89:7P-9P",
    cases=(
        Case(
            (2e-8, 3e-8),
            {"occmax": 1.0, "log_k": -8.0, "log_k_second": -8.0},
            1.0 / 3.0,
            "2 K of one drug and 3 K of the other: 2/(1 + 2 + 3)",
        ),
    ),
)


def shares_of_one_site(concentrations: Array, constants: Array) -> Array:
    """The part of the sites that each of several drugs holds, (drug,): (C_i/K_i)/(1 + sum C_j/K_j).

    >>> shares_of_one_site(np.array([2.0, 3.0]), np.array([1.0, 1.0])).round(4).tolist()
    [0.3333, 0.5]
    """
    ratios = np.asarray(concentrations, dtype=float) / np.asarray(constants, dtype=float)
    shares: Array = ratios / (1.0 + ratios.sum())
    return shares


def _as_line(p: Array) -> Array:
    occupancy, nondisplaceable = p
    return rows(occupancy, -occupancy * nondisplaceable)


def _lassen(x: Array, p: Array) -> Array:
    return straight_line.function(x, _as_line(p))


def _lassen_jacobian(x: Array, p: Array) -> Array:
    occupancy, nondisplaceable = p
    by_slope, by_intercept = straight_line.jacobian(x, _as_line(p))
    return rows(by_slope - nondisplaceable * by_intercept, -occupancy * by_intercept)


def _lassen_start(x: Array, y: Array) -> Array:
    slope, intercept = straight_line.start(x, y)
    return np.array([slope, -intercept / slope if slope else float(np.min(x))])


lassen_plot = Equation(
    name="lassen_plot",
    title="Lassen plot",
    formula="occupancy * (baseline_volume - nondisplaceable)",
    axes=(Axis("baseline_volume", ""),),
    response=Axis("response", "signal"),
    parameters=(
        Parameter(
            "occupancy", "Occ", "", "part of the sites that the drug holds, in all regions alike", upper=2.0
        ),
        Parameter(
            "nondisplaceable", "VND", "", "volume of distribution of what no drug displaces; the x-intercept"
        ),
    ),
    function=_lassen,
    jacobian=_lassen_jacobian,
    start=_lassen_start,
    reference=CUNNINGHAM,
    cases=(
        Case(
            (24.0,),
            {"occupancy": 0.75, "nondisplaceable": 8.0},
            12.0,
            "a region with twice as much displaceable as not, three quarters of it displaced: 0.75 (24 - 8)",
        ),
    ),
)
