"""Which target of a panel a compound prefers, and by how much: read off the constants and ratios of a result."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .estimate import Estimate, Relation
from .panel import sites_of, split_subject
from .result import AssayResult, Pooled

SELECTIVITY = "selectivity"


def molar_constants(result: AssayResult) -> tuple[Pooled, ...]:
    """The constants in mol/L over the days of every subject.

    A compound without response has no mean over days, but every curve says above which concentration its constant
    lies: the highest of these bounds stands for it.
    """
    pooled = [one for one in result.pooled if one.estimate.unit == "M"]
    known = {one.subject for one in pooled}
    quantities = tuple(dict.fromkeys(one.estimate.name for one in pooled))
    silent = [subject for subject in result.subjects if subject not in known]
    bounds = (_bound(result, subject, name) for subject in silent for name in quantities[:1])
    return (*pooled, *(one for one in bounds if one is not None))


def _bound(result: AssayResult, subject: str, name: str) -> Pooled | None:
    each = {
        series.experiment: estimate
        for series in result.series
        if series.subject == subject
        for estimate in series.estimates
        if estimate.name == name
    }
    if not each or any(one.relation is not Relation.ABOVE for one in each.values()):
        return None
    sharpest = max(each.values(), key=lambda one: one.value)
    told = "No response on any day; above the highest concentration tested."
    return Pooled(subject, sharpest, None, tuple(each), tuple(each.values()), told)


@dataclass(frozen=True)
class Selectivity:
    """One compound over the targets of a panel.

    `constants` are those at each target (None where there is none), `best` the target with the lowest; `equals` those
    whose constant cannot be told apart from it. `least` is by how many fold, at least, the interval says that the best
    is preferred over every other one: the lower limit over the nearest; nan where it cannot be told.
    """

    compound: str
    constants: dict[str, Pooled | None]
    best: str
    equals: tuple[str, ...]
    nearest: str
    least: float

    @property
    def text(self) -> str:
        """The preferred target in words."""
        if not self.best:
            return "cannot tell"
        if self.equals:
            return f"{self.best}, not told apart from {', '.join(self.equals)}"
        return self.best


def selectivities(result: AssayResult) -> tuple[Selectivity, ...]:
    """Every compound of a panel of targets, in the order of the result; nothing where nothing was compared."""
    ratios = {(one.subject, one.reference): one.estimate for one in result.ratios if one.name == SELECTIVITY}
    if not ratios:
        return ()
    at_all = sites_of(result)
    named = {split_subject(subject, at_all)[1] for pair in ratios for subject in pair}
    sites = tuple(site for site in at_all if site in named)
    found: dict[str, dict[str, Pooled | None]] = {}
    quantities = {(one.subject, one.estimate.name): one for one in molar_constants(result)}
    for (subject, _), one in quantities.items():
        compound, site = split_subject(subject, sites)
        if site:
            found.setdefault(compound, dict.fromkeys(sites)).setdefault(site, None)
            found[compound][site] = found[compound][site] or one
    return tuple(_of(compound, constants, ratios) for compound, constants in found.items())


def _of(
    compound: str, constants: dict[str, Pooled | None], ratios: dict[tuple[str, str], Estimate]
) -> Selectivity:
    measured = {site: one for site, one in constants.items() if one is not None and one.estimate.value > 0}
    values = {site: one for site, one in measured.items() if one.estimate.relation is not Relation.ABOVE}
    if not values or len(measured) < 2:
        return Selectivity(compound, constants, "", (), "", math.nan)
    best = min(values, key=lambda site: values[site].estimate.value)
    least = {
        site: _least(measured[site].subject, measured[best].subject, ratios)
        for site in measured
        if site != best
    }
    nearest = min(least, key=lambda site: least[site])
    equals = tuple(site for site, fold in least.items() if not fold > 1)
    return Selectivity(compound, constants, best, equals, nearest, math.nan if equals else least[nearest])


def _least(other: str, best: str, ratios: dict[tuple[str, str], Estimate]) -> float:
    """The lower limit of the constant at another target over that at the best one; 0 where it is open."""
    if (other, best) in ratios:
        ratio = ratios[other, best]
        if ratio.is_bound:
            return ratio.value if ratio.relation is Relation.ABOVE else 0.0
        return ratio.low if ratio.low > 0 else 0.0
    turned = ratios.get((best, other))
    if turned is None:
        return 0.0
    if turned.is_bound:
        return 1.0 / turned.value if turned.relation is Relation.BELOW else 0.0
    return 1.0 / turned.high if 0 < turned.high < math.inf else 0.0
