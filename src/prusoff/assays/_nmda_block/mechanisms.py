"""Three ways to block fitted to the currents of every cell, and which of them the cells ask for together by AICc."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...core.equation import Equation
from ...core.fit import Fit, Outcome
from ...equations.agonist_block import competitive_block, noncompetitive_block, uncompetitive_block
from ...fitting.compare import aicc_of, extra_squares
from ...fitting.problem import Fixed
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit
from .currents import BlockedCurrents

LAWS: Mapping[str, Equation] = {
    "competitive": competitive_block,
    "uncompetitive": uncompetitive_block,
    "noncompetitive": noncompetitive_block,
}
SURE = 6.0  # of AICc: odds of 20 to 1 are asked for before another mechanism is ruled out
BLOCKS = 0.01
NOTHING = 6.0  # decades above the tested blocker at which it does nothing
BEYOND = 0.5  # decades above the tested blocker in which KB is still told


@dataclass(frozen=True)
class Decision:
    """The mechanism that has the lowest AICc over the cells, those less than 6 above it, and all differences."""

    preferred: str
    rivals: tuple[str, ...]
    deltas: Mapping[str, float]

    @property
    def margin(self) -> float:
        """How far the next mechanism lies above the preferred one."""
        return min(value for name, value in self.deltas.items() if name != self.preferred)

    @property
    def sentence(self) -> str:
        """What was chosen, and what cannot be told from it."""
        others = ", ".join(
            f"{name} {value:.1f}" for name, value in self.deltas.items() if name != self.preferred
        )
        chosen = (
            f"{self.preferred.capitalize()} block has the lowest AICc over the cells (above it: {others})."
        )
        if not self.rivals:
            return chosen
        return f"{chosen} The cells cannot tell it from {' or '.join(self.rivals)} block."


def fit_cell(data: BlockedCurrents) -> dict[str, Fit]:
    """All three laws fitted to one cell; empty where there are too few agonist concentrations to tell EA."""
    if data.levels.size < 2 or not data.highest > 0:
        return {}
    options = Options(intervals="", response_level=1.0, starts=2)
    return {name: fit(FitProblem(law, (data.curve,)), options=options) for name, law in LAWS.items()}


def with_intervals(data: BlockedCurrents, fits: Mapping[str, Fit], name: str, level: float) -> dict[str, Fit]:
    """The same fits, that of the chosen law with profile-likelihood intervals of its constants."""
    chosen = fits.get(name)
    if chosen is None or chosen.outcome is Outcome.FAILED:
        return dict(fits)
    start = dict(zip(chosen.names, chosen.values.tolist(), strict=True))
    options = Options(intervals_of=("log_kb", "log_ea"), response_level=1.0, starts=1, start=start)
    return {**fits, name: fit(FitProblem(chosen.equation, (data.curve,)), level=level, options=options)}


def decide(cells: Sequence[Mapping[str, Fit]]) -> Decision | None:
    """The mechanism that the cells ask for together; the sums of squares are added up. None where none was fitted."""
    whole = [cell for cell in cells if cell and all(np.isfinite(one.sum_of_squares) for one in cell.values())]
    if not whole:
        return None
    found = {}
    for name in LAWS:
        fits = [cell[name] for cell in whole]
        scaled = sum(one.sum_of_squares / _size(one) for one in fits)
        found[name] = aicc_of(sum(one.points for one in fits), sum(len(one.names) for one in fits), scaled)
    least = min(found.values())
    deltas = {name: value - least for name, value in sorted(found.items(), key=lambda one: (one[1], one[0]))}
    preferred = next(iter(deltas))
    rivals = tuple(name for name, value in deltas.items() if name != preferred and value < SURE)
    return Decision(preferred, rivals, deltas)


def _size(one: Fit) -> float:
    """The squared size of the currents of a cell, so that large cells do not decide alone."""
    return float(np.mean(one.curve.data.y**2)) or 1.0


def judged(data: BlockedCurrents, fits: Mapping[str, Fit], name: str) -> tuple[Outcome, str]:
    """How the chosen law ended in one cell."""
    if not fits:
        return (
            Outcome.FAILED,
            "One agonist concentration: how the block goes with the agonist cannot be told.",
        )
    chosen = fits[name]
    if chosen.outcome is Outcome.FAILED:
        return chosen.outcome, chosen.reason
    p = block_p(data, chosen)
    if not p < BLOCKS:
        return Outcome.NO_RESPONSE, f"No block is seen up to the highest concentration (P = {p:.2g})."
    if chosen.value("log_kb") > math.log10(data.highest) + BEYOND or "log_kb" in chosen.at_bounds:
        return Outcome.CENSORED, "Too little is blocked at the highest concentration: KB has only a bound."
    if not chosen.standard_error("log_kb") < 0.5:
        return Outcome.FAILED, "The currents do not tell KB: read more agonist and blocker concentrations."
    return (chosen.outcome if chosen.outcome.usable else Outcome.OK), chosen.reason


def block_p(data: BlockedCurrents, chosen: Fit) -> float:
    """The probability of so much block by chance: against a blocker that does nothing at any concentration."""
    nothing = math.log10(data.highest) + NOTHING
    problem = FitProblem(chosen.equation, (data.curve,), {"log_kb": Fixed(nothing)})
    start = {name: chosen.value(name) for name in ("emax", "log_ea")}
    simple = fit(problem, options=Options(intervals="", response_level=1.0, starts=1, start=start))
    if simple.outcome is Outcome.FAILED or chosen.df < 1:
        return math.nan
    return extra_squares((simple.sum_of_squares, simple.df), (chosen.sum_of_squares, chosen.df))[1]
