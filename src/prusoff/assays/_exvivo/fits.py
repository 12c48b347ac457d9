"""Binding ratios of animals against dose: occupancy of every group, and the dose of half occupancy."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array
from ...core.estimate import Estimate, Relation
from ...core.fit import Fit, Outcome
from ...core.measured import Measured
from ...core.result import Comparison
from ...equations.occupancy import available_binding, available_binding_by_dose
from ...fitting.intervals import quantile
from ...fitting.problem import Fixed, Rule, Shared
from ...fitting.solve import Options, fit_curve
from .._fitted import bounded_log, fitted_log
from .._occupancy.fits import FREE, FULL, compared
from .animals import Animal, Study

FEWEST_DOSES = 3
CHANCE = 0.01  # of a response where there is none


@dataclass(frozen=True)
class Group:
    """The animals that had the same amount: their occupancy as a fraction, with its error and interval."""

    amount: float
    animals: tuple[Animal, ...]
    occupancy: Estimate


@dataclass(frozen=True)
class DoseFit:
    """One compound in one region: its animals, those with vehicle, its groups, and the fit, if doses are enough."""

    compound: str
    region: str
    vehicle: tuple[Animal, ...]
    animals: tuple[Animal, ...]
    groups: tuple[Group, ...]
    fit: Fit | None
    comparison: Comparison | None
    outcome: Outcome
    reason: str
    by_dose: bool

    @property
    def quantity(self) -> str:
        """What the fit gives: ED50 against dose, EC50 against plasma."""
        return "ED50" if self.by_dose else "EC50"

    @property
    def unit(self) -> str:
        """Its unit."""
        return "g/kg" if self.by_dose else "M"

    @property
    def location(self) -> str:
        """Its name in the law."""
        return "log_ed50" if self.by_dose else "log_ec50"

    @property
    def baseline(self) -> Measured:
        """The mean ratio of the animals with vehicle."""
        values = np.array([one.ratios[self.region].value for one in self.vehicle])
        spread = float(values.std(ddof=1)) / math.sqrt(values.size) if values.size > 1 else math.nan
        return Measured(float(values.mean()), spread)

    @property
    def vehicle_cv(self) -> float:
        """The coefficient of variation of the animals with vehicle."""
        mean = self.baseline
        return mean.se * math.sqrt(len(self.vehicle)) / mean.value if mean.value > 0 else math.nan

    def occupancy_of(self, one: Animal) -> float:
        """The occupancy of one animal, against the vehicle of all."""
        return 1.0 - one.ratios[self.region].value / self.baseline.value


def fit_doses(study: Study, compound: str, region: str, occmax: str, level: float) -> DoseFit:
    """Groups of one compound in one region against vehicle, and the law through all animals where doses are stated."""
    vehicle, animals = study.vehicle(region), study.given(compound, region)
    empty = DoseFit(compound, region, vehicle, animals, (), None, None, Outcome.FAILED, "", study.by_dose)
    if len(vehicle) < 2 or not animals:
        told = "one animal" if len(vehicle) == 1 else f"{len(vehicle)} animals"
        reason = f"{told} with vehicle and {len(animals)} with {compound}: no occupancy can be told."
        return replace(empty, reason=reason[:1].upper() + reason[1:])
    if not empty.baseline.value > 0:
        return replace(empty, reason="Nothing is bound in animals with vehicle beyond the reference region.")
    groups = tuple(_groups(empty, level))
    found = replace(empty, groups=groups, outcome=Outcome.OK)
    amounts = {one.amount for one in animals if one.amount > 0}
    if not amounts:
        return found  # groups alone, without doses
    if len(amounts) < FEWEST_DOSES or any(one.amount < 0 for one in animals):
        needed = f"{FEWEST_DOSES} different ones, and one for every animal, are needed"
        reason = f"Occupancies without a curve: {len(amounts)} amounts are known, and {needed}."
        return replace(found, outcome=Outcome.FLAGGED, reason=reason)
    return _fitted(found, occmax, level)


def _groups(found: DoseFit, level: float) -> Iterator[Group]:
    for amount in sorted({one.amount for one in found.animals}):
        own = tuple(one for one in found.animals if one.amount == amount)
        yield Group(amount, own, _occupancy(found, own, level))


def _occupancy(found: DoseFit, own: tuple[Animal, ...], level: float) -> Estimate:
    """The mean occupancy of a group: the ratio of two means of animals, its variance pooled over both groups."""
    values = np.array([one.ratios[found.region].value for one in own])
    vehicle = np.array([one.ratios[found.region].value for one in found.vehicle])
    df = values.size + vehicle.size - 2
    pooled = float(((values - values.mean()) ** 2).sum() + ((vehicle - vehicle.mean()) ** 2).sum()) / df
    base, left = float(vehicle.mean()), float(values.mean()) / float(vehicle.mean())
    se = math.sqrt(pooled * (1.0 / values.size + left**2 / vehicle.size)) / base
    half = quantile(level, df) * se
    held = 1.0 - left
    return Estimate(
        "occupancy", 100 * held, "%", 100 * (held - half), 100 * (held + half), level,
        method="ratio of mean binding ratios, delta method", se=100 * se,
    )  # fmt: skip


def _fitted(found: DoseFit, occmax: str, level: float) -> DoseFit:
    data = curve_of(found)
    full, free = _fit(found, data, Fixed(1.0), level), _fit(found, data, Shared(), level)
    comparison = None
    if occmax == "choose" and Outcome.FAILED not in (full.outcome, free.outcome):
        comparison = compared(full, free)
        if comparison.preferred == FREE and not free.outcome.usable:
            comparison = replace(comparison, preferred=FULL)
    asked_free = occmax == "free" or (comparison is not None and comparison.preferred == FREE)
    chosen = free if asked_free else full
    return replace(found, fit=chosen, comparison=comparison, outcome=chosen.outcome, reason=chosen.reason)


def curve_of(found: DoseFit) -> Curve:
    """All animals as points: log10 of the amount, -inf with vehicle, and the binding ratio."""
    every = (*found.vehicle, *found.animals)
    x = np.array([math.log10(one.amount) if one.amount > 0 else -math.inf for one in every])
    return Curve(x, np.array([one.ratios[found.region].value for one in every]), label=found.compound)


def _fit(found: DoseFit, data: Curve, occmax: Rule, level: float) -> Fit:
    law = available_binding_by_dose if found.by_dose else available_binding
    rules: dict[str, Rule] = {"occmax": occmax, "hill_slope": Fixed(1.0)}
    start = {"baseline": found.baseline.value, found.location: _half(found)}
    if not isinstance(occmax, Fixed):
        start["occmax"] = 0.95
    options = Options(
        intervals_of=(found.location, "occmax", "baseline"), starts=2, start=start, response_level=CHANCE
    )
    return fit_curve(law, data, level=level, sharing=rules, options=options)


def _half(found: DoseFit) -> float:
    logs = []
    for group in found.groups:
        part = min(max(group.occupancy.value / 100.0, 0.03), 0.97)
        logs.append(math.log10(group.amount) - math.log10(part / (1.0 - part)))
    return float(np.median(logs))


def half_dose(found: DoseFit) -> Estimate | None:
    """The dose (or plasma concentration) of half occupancy, or a bound of it; None without a curve."""
    if found.fit is None or found.outcome in (Outcome.FAILED, Outcome.NO_RESPONSE):
        return None
    bound = bounded_log(found.quantity, found.fit, found.location)
    return replace(bound or fitted_log(found.quantity, found.fit, found.location), unit=found.unit)


def own_half(found: DoseFit, one: Animal, level: float) -> Estimate:
    """What one animal alone says of the half dose, at the Occmax of all; a bound where it is empty or full."""
    occmax = 1.0 if found.fit is None else found.fit.value("occmax")
    held = found.occupancy_of(one)
    plain = Estimate(found.quantity, one.amount, found.unit, level=level, method="one animal")
    if held <= 0.0:
        return replace(plain, relation=Relation.ABOVE)
    if held >= occmax:
        return replace(plain, relation=Relation.BELOW)
    return replace(plain, value=one.amount * (occmax - held) / held)


def occupancy_curve(found: DoseFit, grid: Array) -> Array:
    """The occupancy of the fitted law in percent at log10 amounts."""
    if found.fit is None:
        return np.full(grid.size, np.nan)
    base = found.fit.value("baseline")
    drawn: Array = 100.0 * (1.0 - found.fit.predict(grid) / base)
    return drawn
