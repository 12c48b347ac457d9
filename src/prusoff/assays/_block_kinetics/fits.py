"""The rates of one drug in one cell: all its applications in one fit, and the observed rate of every onset."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...core.curves import Curve
from ...core.fit import Fit, Outcome
from ...electrophysiology.loss import part_lost
from ...equations.association import one_phase_association
from ...equations.block_onset import block_onset_offset
from ...fitting.compare import extra_squares
from ...fitting.problem import Individual, Rule, Shared
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit, fit_curve
from .._binding_kinetics.rates import ObservedRate, RateLine, rate_line
from .applications import FEWEST_READINGS, Application, Cell

RATES = ("log_kon", "log_koff")
PLAIN = Options(intervals="", response_level=1.0, starts=1)
Rules = Mapping[str, Rule | Sequence[Rule]]


@dataclass(frozen=True)
class DrugFit:
    """One drug in one cell: its applications in the order of the fit, and the fit with one kon and one koff.

    `own_p` is the probability of an own kon for every application against one for all, `own_fold` how far these are
    apart (nan where there is one application). `line` are the observed rates of the onsets on a line, None for fewer
    than three of them.
    """

    compound: str
    applications: tuple[Application, ...]
    whole: Fit | None
    outcome: Outcome
    reason: str
    own_p: float = math.nan
    own_fold: float = math.nan
    line: RateLine | None = None

    def parameter(self, place: int, name: str) -> float:
        """A parameter of the law for one application."""
        if self.whole is None:
            return math.nan
        return float(self.whole.curves[place].parameters[self.whole.equation.index(name)])

    def rate(self, place: int) -> float:
        """The observed rate of the onset of one application (1/s)."""
        on, off = (10.0 ** self.parameter(place, name) for name in RATES)
        return float(on * self.applications[place].molar + off)


def fit_drug(cell: Cell, compound: str, level: float) -> DrugFit:
    """Fit all applications of this drug together; nothing where the readings cannot tell rates."""
    mine = tuple(one for one in cell.applications if one.compound == compound)
    whole_ones = tuple(one for one in mine if _readable(one))
    reason = _unfit(whole_ones, mine)
    if reason:
        return DrugFit(compound, mine, None, Outcome.FAILED, reason)
    problem = _problem(whole_ones)
    options = Options(intervals_of=RATES, response_level=1.0, starts=1, start=_start(whole_ones, problem))
    whole = fit(problem, level=level, options=options)
    found = DrugFit(compound, whole_ones, whole, whole.outcome, whole.reason)
    if whole.outcome is Outcome.FAILED:
        return found
    outcome, reason = _judged(found, whole)
    own = _own(found, whole) if outcome.usable else (math.nan, math.nan)
    return replace(
        found, outcome=outcome, reason=reason, own_p=own[0], own_fold=own[1], line=_line(whole_ones, level)
    )


def _readable(one: Application) -> bool:
    return max(one.onsets, one.offsets) >= FEWEST_READINGS


def _unfit(readable: Sequence[Application], mine: Sequence[Application]) -> str:
    """Why rates cannot be told, or nothing."""
    if not readable:
        most = max((max(one.onsets, one.offsets) for one in mine), default=0)
        return f"Onset or wash was read at {most} times at most; at least {FEWEST_READINGS} are needed."
    if not any(one.onsets >= FEWEST_READINGS for one in readable):
        return "No onset of block was followed, so kon cannot be told: only the wash is there."
    washed = any(one.offsets >= FEWEST_READINGS for one in readable)
    if not washed and len({one.molar for one in readable}) < 2:
        return (
            "One concentration and no wash: only the observed rate is known, kon and koff cannot be told apart. Follow "
            "the wash too, or apply several concentrations."
        )
    return ""


def _problem(applications: Sequence[Application], own: bool = False) -> FitProblem:
    """Own control, depth and run-down of every application, one koff, and one kon or an own one for each."""
    rundown: list[Rule | float] = [Individual() if _drifts(one) else 0.0 for one in applications]
    kon: Rule = Individual() if own else Shared()
    rules = {
        "control": Individual(),
        "depth": Individual(),
        "rundown": rundown,
        "log_kon": kon,
        "log_koff": Shared(),
    }
    return FitProblem(block_onset_offset, [one.curve for one in applications], rules)  # type: ignore[arg-type]


def _drifts(one: Application) -> bool:
    """Whether the readings can tell run-down from block: both an onset and a wash were followed."""
    return min(one.onsets, one.offsets) >= FEWEST_READINGS


def _start(applications: Sequence[Application], problem: FitProblem) -> dict[str, float]:
    """Control and depth off the first and the last reading of the onset, rates off the half-times."""
    start: dict[str, float] = {}
    rates: list[tuple[float, float]] = []
    offs: list[float] = []
    for label, one in zip(problem.labels, applications, strict=True):
        onset, offset = one.onset, one.offset
        high = float(one.current[one.used].max())
        low = float(one.current[onset][-1]) if onset.any() else float(one.current[one.used].min())
        start |= {
            f"control[{label}]": high,
            f"depth[{label}]": float(part_lost(high, low)) if high > 0 else 0.0,
            f"rundown[{label}]": 0.0,
        }
        if one.onsets >= FEWEST_READINGS:
            rates.append((one.molar, math.log(2.0) / _half(one.applied[onset], one.current[onset])))
        if one.offsets >= FEWEST_READINGS:
            offs.append(math.log(2.0) / _half(one.washed[offset], one.current[offset]))
    slowest = min(rate for _, rate in rates)
    off = float(np.median(offs)) if offs else slowest / 2.0
    on = float(np.median([max(rate - off, 0.2 * rate) / molar for molar, rate in rates]))
    start |= {"log_kon": math.log10(on), "log_koff": math.log10(off)}
    plain = {name.partition("[")[0]: value for name, value in start.items()}
    return {name: start.get(name, plain.get(name.partition("[")[0], 0.0)) for name in problem.names}


def _half(time: np.ndarray, current: np.ndarray) -> float:
    """The time at which half of the change has happened; half of the last one where it is at once."""
    middle = (float(current[0]) + float(current[-1])) / 2.0
    half = float(time[np.argmin(np.abs(current - middle))])
    return half if half > 0 else max(float(time.max()), 1e-9) / 4.0


def _judged(found: DrugFit, whole: Fit) -> tuple[Outcome, str]:
    if not _blocks(found, whole):
        return Outcome.NO_RESPONSE, "No block is seen: the current with drug is not smaller than without it."
    if any(not whole.standard_error(name) < 1.0 or name in whole.at_bounds for name in RATES):
        return (
            Outcome.FAILED,
            "The readings show block but do not tell its rates: onset and wash-out are faster or slower than what was "
            "followed, or the onset is no faster than the wash-out.",
        )
    return whole.outcome, whole.reason


def _blocks(found: DrugFit, whole: Fit) -> bool:
    """Whether some application takes current away beyond three of its standard errors."""
    names = [name for name in whole.names if name.partition("[")[0] == "depth"]
    return any(whole.value(name) > 3.0 * whole.standard_error(name) for name in names)


def _own(found: DrugFit, whole: Fit) -> tuple[float, float]:
    """The test of an own kon for every application against one for all, and how far these are apart."""
    if len({one.molar for one in found.applications}) < 2:
        return math.nan, math.nan
    problem = _problem(found.applications, own=True)
    known = dict(zip(whole.names, whole.values, strict=True))
    start = {name: float(known.get(name, known.get(name.partition("[")[0], 0.0))) for name in problem.names}
    own = fit(problem, options=replace(PLAIN, start=start))
    if own.outcome is Outcome.FAILED or own.df < 1:
        return math.nan, math.nan
    p = extra_squares((whole.sum_of_squares, whole.df), (own.sum_of_squares, own.df))[1]
    logs = [
        float(value) for name, value in zip(own.names, own.values, strict=True) if name.startswith("log_kon")
    ]
    return p, 10.0 ** (max(logs) - min(logs))


def _line(applications: Sequence[Application], level: float) -> RateLine | None:
    """The observed rate of every onset, each fitted by itself, and their line against the drug."""
    rates = [_observed(one) for one in applications if one.onsets >= FEWEST_READINGS]
    known = tuple(one for one in rates if one is not None)
    return rate_line(known, level) if len({one.ligand for one in known}) > 2 else None


def _observed(one: Application) -> ObservedRate | None:
    """One onset as an association: what is blocked rises from minus the control."""
    curve = Curve(one.applied[one.onset], -one.current[one.onset], label=one.label)
    options = Options(intervals="wald", response_level=1.0, starts=2)
    found = fit_curve(one_phase_association, curve, sharing={"drift": 0.0}, options=options)
    seen = found.outcome is not Outcome.FAILED and found.standard_error("log_kobs") < 0.5
    return ObservedRate(one.molar, one.molar, found) if seen and not found.at_bounds else None
