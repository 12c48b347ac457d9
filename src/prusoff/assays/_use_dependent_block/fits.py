"""The rates of one drug in one cell: all its trains, and the trains without drug at the same periods, in one fit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...core.fit import Fit, Outcome
from ...electrophysiology.loss import part_lost
from ...equations.guarded_receptor import guarded_receptor
from ...fitting.compare import extra_squares
from ...fitting.problem import Fixed, Individual, Rule, Shared
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit
from .trains import Cell, Train

RATES = ("log_kon", "log_koff")
GATHERS, BLOCKS = 0.05, 0.01  # P below which a loss without drug has a rate of its own, and block is seen
PER_PULSE = -0.7  # log10 of the rate per pulse of a loss without drug that is too small to have its own
PLAIN = Options(intervals="", response_level=1.0, starts=1)
Rules = Mapping[str, Rule | Sequence[Rule]]


@dataclass(frozen=True)
class Plan:
    """What is fitted together: the trains, and how long a pulse lasts.

    At every period of `controlled` there is a train without drug, whose loss all trains of the period share; at those
    of `gathering` it is large enough to have a rate of its own.
    """

    trains: tuple[Train, ...]
    controlled: tuple[float, ...]
    gathering: tuple[float, ...]
    pulse_s: float

    @property
    def drugged(self) -> tuple[tuple[int, Train], ...]:
        """The trains with drug and their place in the fit."""
        return tuple((place, one) for place, one in enumerate(self.trains) if not one.is_control)

    def problem(self, drug: bool = True, own: bool = False) -> FitProblem:
        """All trains with one pair of rates; as if there was no drug, or with own rates for every train with drug."""
        labels = [f"{one.label} ({place})" for place, one in enumerate(self.trains)]
        pairs = zip(self.trains, labels, strict=True)
        curves = [one.curve(self.pulse_s, label, drug) for one, label in pairs]
        rate: list[Rule] = [self._rate(one, place, drug, own) for place, one in enumerate(self.trains)]
        rules: Rules = {
            "amplitude": Individual(),
            "depth": self._of_period(self.controlled, 0.0),
            "log_rate": self._of_period(self.gathering, PER_PULSE),
            "log_kon": rate,
            "log_koff": rate,
            "duration": Fixed(self.pulse_s),
        }
        return FitProblem(guarded_receptor, curves, rules)

    def _of_period(self, periods: tuple[float, ...], otherwise: float) -> list[Rule]:
        """A value that all trains of a period share; at other periods this one."""
        return [
            Shared(f"{1.0 / one.period_s:.4g} Hz") if one.period_s in periods else Fixed(otherwise)
            for one in self.trains
        ]

    def _rate(self, train: Train, place: int, drug: bool, own: bool) -> Rule:
        if train.is_control or not drug:
            return Fixed(0.0)
        return Shared(f"train {place}") if own else Shared()


@dataclass(frozen=True)
class DrugFit:
    """One drug in one cell: the trains of the fit in its order, the fit, and what it was compared with.

    `own_p` is the probability of own rates for every train against one pair for all, `own_miss` how
    far the currents of both are apart, as a part of the first one
    (both nan where there is one train);
    `block_p` that of block against none. `unmatched` counts the trains with drug that have none without it.
    """

    compound: str
    plan: Plan
    whole: Fit
    outcome: Outcome
    reason: str
    own_p: float
    own_miss: float
    block_p: float
    unmatched: int

    def parameter(self, place: int, name: str) -> float:
        """A parameter of the law for one train."""
        return float(self.whole.curves[place].parameters[self.whole.equation.index(name)])


def fit_drug(cell: Cell, compound: str, pulse_s: float, level: float) -> DrugFit:
    """Fit all trains with this drug and those without it at the same periods."""
    drugged = cell.with_drug(compound)
    periods = tuple(dict.fromkeys(one.period_s for one in drugged))
    controls = {period: cell.controls(period) for period in periods}
    trains = tuple(
        one
        for period in periods
        for one in (*controls[period], *(train for train in drugged if train.period_s == period))
    )
    controlled = tuple(period for period in periods if controls[period])
    gathering = tuple(period for period in controlled if _gathers(controls[period], pulse_s))
    plan = Plan(trains, controlled, gathering, pulse_s)
    without = fit(plan.problem(drug=False), options=replace(PLAIN, start=_first(plan)))
    options = Options(intervals_of=RATES, response_level=1.0, starts=1, start=_start(plan, without))
    whole = fit(plan.problem(), level=level, options=options)
    unmatched = sum(not controls[one.period_s] for one in drugged)
    found = DrugFit(
        compound, plan, whole, whole.outcome, whole.reason, math.nan, math.nan, math.nan, unmatched
    )
    if Outcome.FAILED in (whole.outcome, without.outcome):
        return replace(found, outcome=Outcome.FAILED)
    found = replace(found, block_p=_p(without, whole))
    outcome, reason = _judged(found)
    own_p, own_miss = _own(plan, whole) if outcome.usable else (math.nan, math.nan)
    return replace(found, outcome=outcome, reason=reason, own_p=own_p, own_miss=own_miss)


def _p(simple: Fit, richer: Fit) -> float:
    return extra_squares((simple.sum_of_squares, simple.df), (richer.sum_of_squares, richer.df))[1]


def _judged(found: DrugFit) -> tuple[Outcome, str]:
    whole = found.whole
    if not found.block_p < BLOCKS:
        told = "the trains with drug fall no more than those without it"
        return (
            Outcome.NO_RESPONSE,
            f"No use-dependent block is seen: {told} (P = {found.block_p:.2g}).",
        )
    if any(not whole.standard_error(name) < 1.0 or name in whole.at_bounds for name in RATES):
        return (
            Outcome.FAILED,
            "The trains show block but do not tell kon from koff: add trains at another frequency or concentration, or "
            "more pulses.",
        )
    return whole.outcome, whole.reason


def _gathers(controls: Sequence[Train], pulse_s: float) -> bool:
    """Whether currents fall or grow in trains without drug more than by chance."""
    periods = (controls[0].period_s,)
    plan = Plan(tuple(controls), periods, periods, pulse_s)
    found = fit(plan.problem(), options=replace(PLAIN, start=_first(plan)))
    flat = [one.current[one.used] for one in controls]
    squares = sum(float(((some - some.mean()) ** 2).sum()) for some in flat)
    df = sum(some.size - 1 for some in flat)
    if found.outcome is Outcome.FAILED or found.df < 1 or not df > found.df:
        return False
    return extra_squares((squares, df), (found.sum_of_squares, found.df))[1] < GATHERS


def _first(plan: Plan) -> dict[str, float]:
    """Where a fit without block begins: the first currents, and what the trains without drug have lost at their end."""
    start: dict[str, float] = {}
    for place, one in enumerate(plan.trains):
        start[f"amplitude[{one.label} ({place})]"] = _ends(one)[0]
    for period in plan.controlled:
        some = [one for one in plan.trains if one.period_s == period and one.is_control]
        ends = [one for one in map(_ends, some) if one[0] > 0]
        lost = float(np.mean([float(part_lost(*one)) for one in ends] or [0.0]))
        group = f"{1.0 / period:.4g} Hz"
        start |= {f"depth[{group}]": lost, f"log_rate[{group}]": PER_PULSE}
    return _as_named(plan.problem(drug=False), start)


def _ends(train: Train) -> tuple[float, float]:
    """The first current, and the mean of the last quarter."""
    current = train.current[train.used]
    return max(float(current[0]), 0.0), float(current[-max(current.size // 4, 1) :].mean())


def _as_named(problem: FitProblem, start: Mapping[str, float]) -> dict[str, float]:
    """The same by the names of the problem: where there is one curve, names have no labels."""
    plain = {name.partition("[")[0]: value for name, value in start.items()}
    return {name: start.get(name, plain.get(name, 0.0)) for name in problem.names}


def _start(plan: Plan, without: Fit) -> dict[str, float]:
    """Rates off the train that loses most: how far it falls, and in how many pulses half of that is gone."""
    start = _first(plan)
    left = {one.period_s: _ends(one)[1] / max(_ends(one)[0], 1e-300) for one in plan.trains if one.is_control}
    falls = [(_fall(one, left.get(one.period_s, 1.0)), one) for _, one in plan.drugged]
    (fall, pulses), train = max(falls, key=lambda one: one[0][0])
    per_pulse = math.log(2.0) / max(pulses, 0.5)
    on, off = fall * per_pulse, (1.0 - fall) * per_pulse
    return {
        **start,
        "log_kon": math.log10(on / (train.molar * plan.pulse_s)),
        "log_koff": math.log10(off / train.period_s),
    }


def _fall(train: Train, control: float) -> tuple[float, float]:
    """The part of the current that a train loses beyond one without drug, and the pulses to half of it."""
    first, last = _ends(train)
    fall = float(part_lost(first * control, last)) if first * control > 0 else 0.0
    current, pulse = train.current[train.used], train.pulse[train.used]
    half = float(pulse[np.argmin(np.abs(current - (first + last) / 2.0))] - 1.0)
    return min(max(fall, 0.05), 0.95), half


def _own(plan: Plan, whole: Fit) -> tuple[float, float]:
    """The test of own rates for every train against one pair for all, and how far apart their currents are."""
    if len(plan.drugged) < 2:
        return math.nan, math.nan
    problem = plan.problem(own=True)
    known = {**whole.fixed, **dict(zip(whole.names, whole.values, strict=True))}
    start = {name: known.get(name, known.get(name.partition("[")[0], 0.0)) for name in problem.names}
    own = fit(problem, options=replace(PLAIN, start=start))
    if own.outcome is Outcome.FAILED or own.df < 1:
        return math.nan, math.nan
    return _p(whole, own), max(_apart(whole, own, place) for place, _ in plan.drugged)


def _apart(one: Fit, other: Fit, place: int) -> float:
    """The root mean square difference of the fitted currents of a train, as a part of its first current."""
    here, there = one.curves[place].fitted, other.curves[place].fitted
    return float(np.sqrt(np.mean((here - there) ** 2)) / max(np.abs(here).max(), 1e-300))
