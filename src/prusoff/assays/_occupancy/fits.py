"""Occupancy against concentration over subjects: one law, the EC50 differing between subjects, Occmax held or free."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...core.fit import Fit, Outcome
from ...core.result import Comparison
from ...equations.occupancy import available_binding
from ...fitting.compare import aicc, f_test
from ...fitting.mixed import GroupFit, MixedFit, fit_mixed
from ...fitting.problem import Fixed, Individual, Problem, Rule, Shared
from ...fitting.solve import Options, fit
from ...fitting.verdict import location_bounds
from ...fitting.weights import GivenWeights, Weighting, Weights
from .left import SubjectLeft

FEWEST_SCANS = 3
FULL, FREE = "Occmax held at 100 %", "Occmax free"
NEAR_EMPTY, NEAR_FULL = 0.03, 0.97
UNREACHED = "with a free Occmax the scans do not reach the EC50"
WIDEST = 1.0  # log10 units by which the EC50 of subjects may differ (SD)
BOTH_BELOW = 0.80  # of the highest occupancy: both laws are told then


@dataclass(frozen=True)
class OccupancyFit:
    """One drug over its subjects. `full` holds Occmax at 100 %, `free` fits it (None where that was not asked for).

    `chosen` is the one whose EC50 is told; `other` the one that was not chosen. Without a fit both are None, and the
    `reason` says why.
    """

    compound: str
    subjects: tuple[SubjectLeft, ...]
    full: MixedFit | None
    free: MixedFit | None
    chosen: MixedFit | None
    comparison: Comparison | None
    outcome: Outcome
    reason: str

    @property
    def other(self) -> MixedFit | None:
        """The fit that was made and not chosen."""
        return self.full if self.chosen is self.free else self.free

    @property
    def highest(self) -> float:
        """The highest occupancy of a scan, as a fraction."""
        return _highest(self.subjects)

    @property
    def law(self) -> tuple[float, float, float]:
        """Occmax, log EC50 and Hill slope of the fit that was chosen; nan without one."""
        if self.chosen is None or not np.isfinite(self.chosen.fit.values).all():
            return math.nan, math.nan, math.nan
        found = self.chosen.fit
        return found.value("occmax"), found.value("log_ec50"), found.value("hill_slope")


def fit_occupancy(
    compound: str, subjects: Sequence[SubjectLeft], occmax: str, hill_slope: str, level: float
) -> OccupancyFit:
    """Fit the scans of all subjects with one drug; `occmax` is 'choose' (by AICc), '100' or 'free'."""
    every = tuple(subjects)
    obstacle = _obstacle(every)
    if obstacle:
        return OccupancyFit(compound, every, None, None, None, None, Outcome.FAILED, obstacle)
    task = _Task(every, hill_slope, level)
    full = task.fit(Fixed(1.0)) if occmax != "free" else None
    compare = occmax == "choose" and task.can_free and full is not None
    comparison = compared(full.plain, task.plain(Shared())) if full is not None and compare else None
    asked = comparison is None or comparison.preferred == FREE or _highest(every) < BOTH_BELOW
    free = task.fit(Shared()) if occmax != "100" and task.can_free and asked else None
    if comparison is not None and free is not None and free.bound is not None:
        comparison = replace(comparison, preferred=FULL, sentence=f"{FULL} is kept: {UNREACHED}.")
    told = free if full is None or (comparison is not None and comparison.preferred == FREE) else full
    if told is None:
        reason = 'There are too few scans to fit Occmax beside the EC50; write occmax = "100" or scan at more doses.'
        return OccupancyFit(compound, every, None, None, None, None, Outcome.FAILED, reason)
    found = told.fit
    return OccupancyFit(compound, every, full, free, told, comparison, found.outcome, found.reason)


def _highest(subjects: Sequence[SubjectLeft]) -> float:
    return max(one.occupancy.value for subject in subjects for one in subject.with_drug)


def _obstacle(subjects: Sequence[SubjectLeft]) -> str:
    """Why these scans make no curve, or nothing."""
    scans = [one for subject in subjects for one in subject.with_drug]
    levels = {one.scan.log_molar for one in scans}
    if len(scans) < FEWEST_SCANS or len(levels) < 2:
        return (
            f"{len(scans)} scan{'' if len(scans) == 1 else 's'} at {len(levels)} "
            f"concentration{'' if len(levels) == 1 else 's'} make no curve; at least {FEWEST_SCANS} scans at 2 or more "
            "are needed."
        )
    left = np.array([one.left.value for one in scans])
    if np.ptp(left) == 0:
        return "All scans read the same, so nothing can be fitted."
    return ""


@dataclass(frozen=True)
class _Task:
    """The scans of all subjects and what is asked of the law."""

    subjects: tuple[SubjectLeft, ...]
    hill_slope: str
    level: float

    @property
    def own_baselines(self) -> bool:
        """Whether baseline scans are points of the fit."""
        return any(one.scan.is_baseline for subject in self.subjects for one in subject.points)

    @property
    def points(self) -> int:
        """Number of scans that are fitted."""
        return sum(len(subject.points) for subject in self.subjects)

    @property
    def can_free(self) -> bool:
        """Whether there are scans enough for Occmax as a parameter."""
        return self.points > self._parameters(Shared()) + 1

    @property
    def weights(self) -> Weights:
        """1/SE² where every scan has an error, relative to each other; else equal."""
        errors = [subject.errors for subject in self.subjects]
        if all(np.isfinite(one).all() and (one > 0).all() for one in errors):
            return GivenWeights(tuple(1.0 / one**2 for one in errors), "1/SE², SE of the scans")
        return Weighting.NONE

    def fit(self, occmax: Rule) -> MixedFit:
        """The fit with this rule for Occmax, the EC50 differing between subjects."""
        problem = self._problem(occmax)
        found = fit_mixed(problem, "log_ec50", self.weights, self.level, self._options(problem))
        if not found.between_sd > WIDEST:
            return found
        plain = self.plain(occmax, "profile")  # far outside the scans any difference between subjects fits
        groups = tuple(
            GroupFit(label, plain.value("log_ec50"), math.nan, curve)
            for label, curve in zip(problem.labels, plain.curves, strict=True)
        )
        bound = location_bounds(problem, plain).get("log_ec50")
        return replace(found, fit=plain, plain=plain, between_sd=math.nan, groups=groups, bound=bound)

    def plain(self, occmax: Rule, intervals: str = "") -> Fit:
        """The same with one EC50 for all subjects."""
        problem = self._problem(occmax)
        return fit(problem, self.weights, self.level, replace(self._options(problem), intervals=intervals))

    def _options(self, problem: Problem) -> Options:
        start = self._start()
        return Options(
            intervals_of=("log_ec50", "occmax", "hill_slope"),
            starts=1,
            start={name: start[name.partition("[")[0]] for name in problem.names},
            response_level=1.0,
        )

    def _parameters(self, occmax: Rule) -> int:
        """Fixed effects: the EC50, the baselines, and what else is fitted."""
        baselines = len(self.subjects) if self.own_baselines else 0
        return 1 + baselines + isinstance(occmax, Shared) + (self.hill_slope == "free")

    def _problem(self, occmax: Rule) -> Problem:
        rules: Mapping[str, Rule] = {
            "baseline": Individual() if self.own_baselines else Fixed(1.0),
            "occmax": occmax,
            "log_ec50": Shared(),
            "hill_slope": Shared() if self.hill_slope == "free" else Fixed(1.0),
        }
        return Problem(available_binding, [subject.curve for subject in self.subjects], rules)

    def _start(self) -> dict[str, float]:
        """The median of what every scan says of the EC50 by itself, and baselines as they were measured."""
        logs = []
        for subject in self.subjects:
            for one in subject.with_drug:
                part = min(max(one.occupancy.value, NEAR_EMPTY), NEAR_FULL)
                logs.append(one.scan.log_molar - math.log10(part / (1.0 - part)))
        return {"log_ec50": float(np.median(logs)), "occmax": 0.98, "hill_slope": 1.0, "baseline": 1.0}


def compared(simple: Fit, richer: Fit) -> Comparison:
    """Occmax held against Occmax free by AICc, both without differences between subjects.

    What subjects differ by is then part of the scatter of both, so that a free Occmax is asked for rather too rarely.
    """
    f, p = f_test(simple, richer)
    delta = aicc(richer) - aicc(simple)
    over = richer.value("occmax") >= 1.0
    kept = FREE if delta < 0 and not over else FULL
    told = f"AICc {'favours' if delta < 0 else 'does not favour'} a free Occmax (difference {delta:.1f})"
    if delta < 0 and over:
        told += ", which would lie above 100 %"
    return Comparison(FULL, FREE, kept, f, p, delta, f"{kept} is kept: {told}.", richer)
