"""What one antagonist is over all its days: a competitor, or something of which no KB by competition is told."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

from ...checks.antagonism import ALPHA, LEAST_TOP, NEAR_ONE
from ...core.estimate import Estimate, Relation
from ...core.experiment import Experiment
from ...core.fit import Fit
from ...core.result import Comparison, Pooled
from ...fitting.intervals import antilog, profile_interval
from ...fitting.problem import Problem
from .._days import plain_mean
from .._fitted import fitted, fitted_log
from .alternatives import ALLOSTERIC, NONCOMPETITIVE, SHIFT, Compared, compare_laws
from .family import Family
from .fits import FamilyFits

SLOPE = "Schild slope"
SURE = 2.0
CALLED = {NONCOMPETITIVE: "KB (noncompetitive)", SHIFT: "KB (allosteric)", ALLOSTERIC: "KB (allosteric)"}


class Antagonism(Enum):
    """What the curves of one antagonist show; each is a sentence."""

    COMPETITIVE = (
        "The Schild slope is 1 within its error: KB is that of a competitive antagonist at equilibrium."
    )
    ASSUMED = "One antagonist concentration: KB is told as if the Schild slope were 1."
    UNTOLD = (
        "The curves are moved too little, or too far, to tell a Schild slope: KB is told as if it were 1."
    )
    SLOPE = "The Schild slope is not 1: A2, the concentration with a dose ratio of 2, is told in place of KB."
    INSURMOUNTABLE = "The antagonist lowers the agonist's maximum: dose ratios tell no KB."
    ENHANCED = "The second compound moves the curve to the left: it enhances the agonist."
    OTHER = "The Schild slope is not 1, and another law than competition describes the curves better."


@dataclass(frozen=True, eq=False)
class Day:
    """One antagonist in one experiment."""

    experiment: Experiment
    family: Family
    fits: FamilyFits

    @property
    def depressed(self) -> bool:
        """Whether the agonist's maximum is lower beside the antagonist."""
        return self.fits.top_left < LEAST_TOP and self.fits.depression_p < ALPHA

    @property
    def enhanced(self) -> bool:
        """Whether the highest antagonist concentration moves the curve to the left beyond its error."""
        last = self.fits.ratios[-1:]
        return any(one.log + SURE * one.log_se < 0 for one in last)

    @cached_property
    def slope(self) -> Estimate | None:
        """The Schild slope of the global fit, where the antagonist concentrations tell one."""
        free, kb = self.fits.free, kb_estimate(self)
        if free is None or kb is None or kb.is_bound:
            return None
        found = fitted(SLOPE, free, "schild_slope", "")
        return found if math.isfinite(found.low) and math.isfinite(found.high) else None


@dataclass(frozen=True, eq=False)
class Decision:
    """What is told of one antagonist, and the days that told it."""

    subject: str
    kind: Antagonism
    days: tuple[Day, ...]
    slope: Pooled | None
    compared: Compared | None
    level: float

    def constant(self, day: Day) -> Estimate | None:
        """The constant of the antagonist on one day, by what it was found to be; None where the day tells none."""
        return self._constants[self.days.index(day)]

    @cached_property
    def _constants(self) -> tuple[Estimate | None, ...]:
        return tuple(self._constant(day) for day in self.days)

    def _constant(self, day: Day) -> Estimate | None:
        if day.fits.one is None:
            return None
        if self.kind is Antagonism.SLOPE:
            return _two_fold(day.fits.free, self.level)
        if self.kind in AS_COMPETITOR:
            return kb_estimate(day)
        law, name = self.law(day), "" if self.compared is None else self.compared.preferred
        if law is None or name not in CALLED or "log_kb" in law.at_bounds or "log_kb" not in law.intervals:
            return None
        return fitted_log(CALLED[name], law, "log_kb")

    def comparisons(self, day: Day) -> tuple[Comparison, ...]:
        """The F tests of one day: a free Schild slope against 1, and the laws that hold where competition does not."""
        first = () if day.fits.slope_test is None else (day.fits.slope_test,)
        if self.compared is None or self.kind is not Antagonism.INSURMOUNTABLE or day not in self._usable:
            return first
        return (*first, *self.compared.nested(self._usable.index(day)))

    def law(self, day: Day) -> Fit | None:
        """The fit that is drawn for a day: that of the preferred law."""
        if day.fits.one is None:
            return None
        if self.kind is Antagonism.SLOPE:
            return day.fits.free
        if self.compared is not None and self.kind in _OTHER:
            return self.compared.fits[self.compared.preferred][self._usable.index(day)]
        return day.fits.one

    @property
    def _usable(self) -> tuple[Day, ...]:
        return tuple(day for day in self.days if day.fits.one is not None)


AS_COMPETITOR = (Antagonism.COMPETITIVE, Antagonism.ASSUMED, Antagonism.UNTOLD)
_OTHER = (Antagonism.INSURMOUNTABLE, Antagonism.ENHANCED, Antagonism.OTHER)


def decide(subject: str, days: Sequence[Day], level: float) -> Decision:
    """What the days of one antagonist say together; most of them decide, and the slope by its interval over days."""
    usable = [day for day in days if day.fits.one is not None]
    slopes = {day.experiment.name: told for day in usable if (told := day.slope) is not None}
    slope = plain_mean(subject, slopes) if slopes else None
    kind = _kind(usable, slope)
    compared = None
    if kind in (*_OTHER, Antagonism.SLOPE):
        compared = compare_laws([(day.family, day.fits) for day in usable], level)
    if kind is Antagonism.SLOPE and compared is not None and compared.preferred in CALLED:
        kind = Antagonism.OTHER
    shown = slope if kind in (Antagonism.COMPETITIVE, Antagonism.SLOPE, Antagonism.OTHER) else None
    return Decision(subject, kind, tuple(days), shown, compared, level)


def _kind(usable: Sequence[Day], slope: Pooled | None) -> Antagonism:
    half = len(usable) / 2.0
    if sum(day.depressed for day in usable) > half:
        return Antagonism.INSURMOUNTABLE
    if sum(day.enhanced for day in usable) > half:
        return Antagonism.ENHANCED
    if slope is None:
        single = all(day.family.tested.size == 1 for day in usable)
        return Antagonism.ASSUMED if single else Antagonism.UNTOLD
    found = slope.estimate
    apart = abs(found.value - 1.0) > NEAR_ONE and (found.low > 1.0 or found.high < 1.0)
    return Antagonism.SLOPE if apart else Antagonism.COMPETITIVE


def kb_estimate(day: Day) -> Estimate | None:
    """KB of the global fit with slope 1: a value, or a bound where the shift is too small or too large to tell one."""
    one = day.fits.one
    if one is None:
        return None
    found, interval = fitted_log("KB", one, "log_kb"), one.intervals.get("log_kb")
    if interval is None:
        return None
    highest = float(day.family.tested[-1])
    value = one.value("log_kb")
    if value > highest or interval.high == math.inf:
        limit = min(highest, interval.low)
        said = f"the highest concentration, {day.family.label(highest)}, moves the curve less than twofold"
        return Estimate("KB", antilog(limit), "M", level=interval.level, relation=Relation.ABOVE, method=said)
    if interval.low == -math.inf:
        said = "the curve is gone beside every antagonist concentration"
        return Estimate(
            "KB", antilog(interval.high), "M", level=interval.level, relation=Relation.BELOW, method=said
        )
    return found


def _two_fold(free: Fit | None, level: float) -> Estimate | None:
    """The antagonist concentration with a dose ratio of 2, which a free Schild slope leaves defined."""
    if free is None or "log_kb" in free.at_bounds:
        return None
    interval = profile_interval(Problem.of(free), free, "log_kb", level)
    return fitted_log("A2", replace(free, intervals={**free.intervals, "log_kb": interval}), "log_kb")
