"""The laws of competition kinetics fitted to the wells of one compound with its controls, and how that went."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array, Equation
from ...core.experiment import Constant
from ...core.fit import Fit, Outcome
from ...core.plate import Role
from ...equations.order_of_addition import order_of_addition, order_of_addition_ki
from ...fitting.compare import extra_squares
from ...fitting.problem import Fixed, Rule, Shared
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit
from ...fitting.start import first_guess
from ...fitting.weights import GivenWeights, Weights
from .._signal import DEAD, one_reading
from .traces import DISSOCIATION, FEWEST_CONCENTRATIONS, Traces

SEEN = 1e-3  # P of the extra sum of squares above which the competitor is not told from none
SURELY_SEEN = 0.2  # standard error of log10 Ki below which nobody needs to ask
NO_COMPETITOR = {"log_ki": Fixed(6.0), "log_koff_competitor": Fixed(-6.0)}
KI_GRID, KOFF_GRID = np.linspace(-3.0, 2.0, 11), np.linspace(-1.5, 2.5, 9)  # decades
FEW_WELLS = (
    "{count} of its concentrations take part, which makes no competition kinetics; at least "
    f"{FEWEST_CONCENTRATIONS} are needed."
)
FEWEST_TIMES = 3
FEW_TIMES = (
    "Its wells have {count} of the different times after the start that it takes to follow binding: at least "
    f"{FEWEST_TIMES}, better eight."
)
SWAPPED = (
    "The nonspecific wells read as high as the total wells at the end, so there is no binding to compete for. Check "
    "whether they are swapped, and the order of the times."
)
SILENT = (
    "Binding of the label with the compound cannot be told from binding without it (P {p:.2g}): the concentrations are "
    "too low, or the compound does nothing."
)


@dataclass(frozen=True)
class Held:
    """Rate constants of the label that are not fitted: log10 of Kd (M) and koff (1/s), None where they are fitted."""

    log_kd: float | None
    log_koff: float | None

    @property
    def rules(self) -> dict[str, Rule]:
        """Their rules in the fit."""
        known = {"log_kd": self.log_kd, "log_koff": self.log_koff}
        return {name: Shared() if value is None else Fixed(value) for name, value in known.items()}


@dataclass(frozen=True)
class TraceFits:
    """What was fitted: `by_ki` with Ki and k4, `by_rates` with k3 and k4 (None where nothing could be fitted).
    `label_seen` are log_kd and log_koff of the label where the wells tell them, held or not.

    `silent_p` is the probability of such an effect of the competitor if it had none (0 where it is plain to see).
    """

    by_ki: Fit | None
    by_rates: Fit | None
    silent_p: float
    outcome: Outcome
    reason: str
    held: Held
    label_seen: Mapping[str, float] = field(default_factory=dict)


def held_constants(traces: Traces, kd: Constant | None, koff: float, stated: bool) -> Held:
    """Which constants of the label are held: both if asked, Kd where the wells without competitor do not tell it."""
    log_kd = None if kd is None else math.log10(kd.value)
    if stated:
        return Held(log_kd, math.log10(koff))
    return Held(None, None) if traces.label_alone else Held(log_kd, None)


def fit_traces(traces: Traces, held: Held, level: float) -> TraceFits:
    """Fit label and competitor together; the errors of both are then in those of Ki, k3 and k4."""
    obstacle = _obstacle(traces)
    if obstacle:
        return TraceFits(None, None, math.nan, Outcome.FAILED, obstacle, held)
    problem = _problem(order_of_addition_ki, traces, held)
    asked = Options(intervals_of=("log_ki", "log_koff_competitor"), starts=1, start=_start(problem, traces))
    by_ki = fit(problem, traces.weighting, level, asked)
    if by_ki.outcome is Outcome.FAILED:
        return TraceFits(by_ki, None, math.nan, by_ki.outcome, by_ki.reason, held)
    kept = GivenWeights.of(by_ki)
    p = 0.0 if by_ki.standard_error("log_ki") < SURELY_SEEN else _silent(traces, held, by_ki, kept)
    if not p < SEEN:
        return TraceFits(by_ki, None, p, Outcome.NO_RESPONSE, SILENT.format(p=p), held)
    by_rates = _by_rates(traces, held, by_ki, (kept, level))
    seen = _label_seen(traces, problem, held, by_ki)
    return TraceFits(by_ki, by_rates, p, by_ki.outcome, by_ki.reason, held, seen)


def _obstacle(traces: Traces) -> str:
    """Why these wells are not worth a fit, or nothing."""
    used, y = traces.used, traces.y
    if one_reading(y[used]):
        return DEAD
    if traces.concentrations.size < FEWEST_CONCENTRATIONS:
        return FEW_WELLS.format(count=traces.concentrations.size or "None")
    if traces.times.size < FEWEST_TIMES:
        return FEW_TIMES.format(count=traces.times.size or "none")
    total, nonspecific = plateau(traces, Role.TOTAL), plateau(traces, Role.NSB)
    if total.size and nonspecific.size and nonspecific.mean() >= total.mean():
        return SWAPPED
    return ""


def plateau(traces: Traces, role: Role) -> Array:
    """The signals of the used control wells of the association at the longest time, with the most label."""
    alike = [
        well.used and well.treatment.role is role and well.treatment.phase != DISSOCIATION
        for well in traces.wells
    ]
    own = np.array(alike, dtype=bool)
    if not own.any():
        return np.empty(0)
    own &= traces.ligand == traces.ligand[own].max()
    own &= traces.x[0] == traces.x[0][own].max()
    found: Array = traces.y[own]
    return found


def _problem(
    law: Equation, traces: Traces, held: Held, rules: Mapping[str, Rule] | None = None
) -> FitProblem:
    """All parameters are shared by the concentrations of label; [L] of each is known."""
    sharing: dict[str, Rule | tuple[Rule, ...]] = {name: Shared() for name in law.names}
    sharing |= {**held.rules, **(rules or {})}
    sharing["log_ligand"] = tuple(Fixed(math.log10(level)) for level in traces.levels)
    return FitProblem(law, traces.curves, sharing)


def _start(problem: FitProblem, traces: Traces) -> dict[str, float]:
    """Label from the wells without competitor, then the best Ki and k4 of a grid over the times and concentrations."""
    law = order_of_addition_ki
    guess = first_guess(problem)
    for name, value in _label_start(problem, traces).items():
        guess[problem.names.index(name)] = value
    at = [problem.names.index(name) for name in ("log_ki", "log_koff_competitor")]
    middle = np.log10(traces.concentrations).mean()
    slowest = -math.log10(traces.longest)
    grid = np.array(np.meshgrid(middle + KI_GRID, slowest + KOFF_GRID)).reshape(2, -1)
    candidates = np.repeat(guess[:, None], grid.shape[1], axis=1)
    candidates[at] = np.clip(grid, problem.lower[at, None], problem.upper[at, None])
    table = problem.parameters(candidates)
    sums = np.zeros(grid.shape[1])
    for c, curve in enumerate(problem.curves):
        found = law.function(curve.x, table[c][:, :, None])
        sums += ((curve.y - found) ** 2 / (np.abs(curve.y).max() + np.maximum(found, 0.0))).sum(axis=1)
    best = candidates[:, int(np.argmin(np.where(np.isfinite(sums), sums, np.inf)))]
    return dict(zip(problem.names, best.tolist(), strict=True))


def _label_start(problem: FitProblem, traces: Traces) -> dict[str, float]:
    """The law fitted roughly to the wells without competitor, in which Ki and k4 play no part."""
    found = _label_alone(problem, traces, {})
    return {} if found is None else dict(zip(found.names, found.values.tolist(), strict=True))


def _label_seen(traces: Traces, problem: FitProblem, held: Held, by_ki: Fit) -> dict[str, float]:
    """Kd and koff of the label as these wells tell them; of stated ones as the wells without competitor would."""
    if held.log_koff is None:
        return {name: by_ki.value(name) for name in ("log_kd", "log_koff") if name in by_ki.names}
    free: dict[str, Rule] = {"log_koff": Shared()}
    if traces.label_alone:
        free["log_kd"] = Shared()
    found = _label_alone(problem, traces, free)
    return {} if found is None else {name: found.value(name) for name in free}


def _label_alone(problem: FitProblem, traces: Traces, rules: Mapping[str, Rule]) -> Fit | None:
    kept = [np.isinf(curve.x[1]) for curve in problem.curves]
    curves = [
        Curve(curve.x[:, own], curve.y[own], label=curve.label)
        for curve, own in zip(problem.curves, kept, strict=True)
        if own.any()
    ]
    ligands = problem.sharing["log_ligand"]
    assert isinstance(ligands, tuple)
    known = tuple(one for one, own in zip(ligands, kept, strict=True) if own.any())
    sharing = {**problem.sharing, **NO_COMPETITOR, **rules, "log_ligand": known}
    if not curves:
        return None
    alone = FitProblem(problem.equation, curves, sharing)
    start = {"log_kd": math.log10(float(np.median(traces.ligand)))} if "log_kd" in alone.names else {}
    found = fit(alone, options=Options(intervals="", starts=1, start=start))
    return None if found.outcome is Outcome.FAILED else found


def _silent(traces: Traces, held: Held, full: Fit, weighting: Weights) -> float:
    """P of the extra sum of squares of the competitor: the same law in which it never binds, on the same weights."""
    problem = _problem(order_of_addition_ki, traces, held, NO_COMPETITOR)
    start = {name: full.value(name) for name in problem.names}
    simple = fit(problem, weighting, options=Options(intervals="", starts=1, start=start))
    if simple.outcome is Outcome.FAILED:
        return math.nan
    return extra_squares((simple.sum_of_squares, simple.df), (full.sum_of_squares, full.df))[1]


def _by_rates(traces: Traces, held: Held, by_ki: Fit, how: tuple[Weights, float]) -> Fit:
    """The same fit with k3 in place of Ki, for its interval; it starts where the other ended."""
    weighting, level = how
    problem = _problem(order_of_addition, traces, held)
    start = {name: by_ki.value(name) for name in problem.names if name != "log_kon_competitor"}
    start["log_kon_competitor"] = by_ki.value("log_koff_competitor") - by_ki.value("log_ki")
    options = Options(starts=1, start=start, intervals_of=("log_kon_competitor",))
    return fit(problem, weighting, level, options)
