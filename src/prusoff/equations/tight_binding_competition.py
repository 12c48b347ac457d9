"""Competition in wells in which the sites use up the radioligand and the competitor: the exact equilibrium.

Bound, added and sites are molar concentrations in the well; NS is the ratio of nonspecific to free label, which is the
same as a Kd raised to (1 + NS) Kd. Nonspecific wells are the same law at an infinite concentration of competitor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..core.equation import Array, Case, Equation
from ..core.mass_balance import free_sites
from ._guess import box, log_range
from ._logistic import LN10, molar, rows
from .competition_binding import LOG_KD, LOG_KI
from .concentration_response import LOG_CONCENTRATION
from .ligand_depletion import BMAX_MOLAR, BOUND, LOG_ADDED, NS_RATIO, swillens_competition


@dataclass(frozen=True)
class _Well:
    """A well at equilibrium: sites and label free, and how steeply label and competitor are bound per free site."""

    kd: Array
    free: Array
    added: Array
    ns: Array
    label_slope: Array
    competitor_slope: Array

    @property
    def raised_kd(self) -> Array:
        """Kd raised by nonspecific uptake."""
        result: Array = (1.0 + self.ns) * self.kd
        return result

    @property
    def specific(self) -> Array:
        """Label on the sites."""
        result: Array = self.added * self.free / (self.raised_kd + self.free)
        return result

    @property
    def nonspecific(self) -> Array:
        """Label bound elsewhere."""
        result: Array = self.added * self.ns * self.kd / (self.raised_kd + self.free)
        return result


def _well(x: Array, p: Array) -> _Well:
    bmax, log_kd, ns, log_ki, log_added = p
    kd, ki, added = (molar(one) for one in (log_kd, log_ki, log_added))
    competitor, raised = molar(x), (1.0 + ns) * kd
    free = free_sites(bmax, (added, competitor), (raised, ki))
    return _Well(
        kd,
        free,
        added,
        ns,
        added / (raised + free) * (raised / (raised + free)),
        competitor / (ki + free) * (ki / (ki + free)),
    )


def _tight(x: Array, p: Array) -> Array:
    well = _well(x, p)
    result: Array = well.specific + well.nonspecific
    return result


def _tight_jacobian(x: Array, p: Array) -> Array:
    """By implicit differentiation of the mass balance; terms of opposite sign are gathered, so that none cancel."""
    well = _well(x, p)
    slope = 1.0 + well.label_slope + well.competitor_slope  # of the mass balance by the free sites
    by_free = well.label_slope / (1.0 + well.ns)  # of the label bound in all
    by_label = 1.0 + well.competitor_slope
    return rows(
        by_free / slope,
        -LN10 * well.free * by_free * (by_label / slope),
        well.kd * by_free * (1.0 + well.free / well.raised_kd * (well.label_slope / slope)),
        LN10 * well.free * by_free * (well.competitor_slope / slope),
        LN10 * (well.specific * ((by_label + well.ns * by_free) / slope) + well.nonspecific),
    )


def _tight_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(tight_binding_competition.parameters, log_ki=log_range(x))


tight_binding_competition = Equation(
    name="tight_binding_competition",
    title="One-site competition, radioligand and competitor used up",
    formula="label_kd = (1 + ns) * 10**log_kd\n"
    "ki = 10**log_ki\n"
    "label = 10**log_added\n"
    "competitor = 10**log_concentration\n"
    "c = 1 / (label_kd * ki * bmax)\n"
    "a = (label_kd + ki + label + competitor - bmax) * c\n"
    "b = (ki * (label - bmax) + label_kd * (competitor - bmax) + label_kd * ki) * c\n"
    "root = sqrt(b**2 + 3 * a)\n"
    "angle = acos((b / root)**3 + 4.5 * a / root * (b / root) / root + 13.5 * c / root / root / root)\n"
    "free = 3 / (b + 2 * root * cos(angle / 3))\n"
    "label * (free + ns * 10**log_kd) / (label_kd + free)",
    axes=(LOG_CONCENTRATION,),
    response=BOUND,
    parameters=(BMAX_MOLAR, LOG_KD, NS_RATIO, LOG_KI, LOG_ADDED),
    function=_tight,
    jacobian=_tight_jacobian,
    start=swillens_competition.start,
    limits=_tight_limits,
    location="log_ki",
    reference="Wang Z-X. FEBS Lett 1995;360:111-114; Sigurskjold BW. Anal Biochem 2000;277:260-266",
    cases=(
        Case(
            (math.log10(25e-9),),
            {
                "bmax": 0.4e-9,
                "log_kd": math.log10(0.8e-9),
                "ns": 0.012,
                "log_ki": math.log10(5e-9),
                "log_added": -9.0,
            },
            0.076154063440036e-9,
            "0.4 nM sites, 1 nM label of Kd 0.8 nM, NS 0.012, 25 nM competitor of Ki 5 nM: bisection in 40 digits",
        ),
        Case(
            (-9.0,),
            {"bmax": 2e-9, "log_kd": -9.0, "ns": 0.0, "log_ki": -9.0, "log_added": -9.0},
            0.5e-9,
            "by hand: label and competitor alike, 1 nM each, constants of 1 nM: as one ligand of 2 nM they leave 1 nM "
            "of 2 nM sites free, which binds half of either",
        ),
    ),
)
