"""Woodhull's law for one drug in one cell: all potentials and concentrations in one fit, and each potential alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...core.estimate import figures
from ...core.fit import Fit, Outcome
from ...core.result import Comparison
from ...equations.pore_block import woodhull_block
from ...fitting.compare import compare_nested, extra_squares
from ...fitting.problem import Fixed, Individual, Rule, Shared
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit
from ...fitting.weights import GivenWeights
from .potentials import AtPotential, DrugInCell

BLOCKS, BENDS = 0.01, 0.01
FEWEST_FOR_BEND = 4
BEYOND = 0.5  # decades outside the concentrations tested in which KD is still told
ASKED = ("log_kd", "z_delta")
PLAIN = Options(intervals="", response_level=1.0, starts=1)
WEIGHTED = "1/(control current at the potential)"
Rules = Mapping[str, Rule | Sequence[Rule]]


@dataclass(frozen=True)
class DrugFit:
    """One drug in one cell: the potentials of the fit, the fit of Woodhull's law, and that of every potential alone.

    `bent` is the same law with a bend in ln KD against the potential, `comparison` the two set against each other (both
    None for fewer than four potentials); `bound` is the end of the tested range, log10 M, where no more is known, and
    `above` whether KD lies above it.
    """

    data: DrugInCell
    potentials: tuple[AtPotential, ...]
    whole: Fit | None
    each: Fit | None
    outcome: Outcome
    reason: str
    bent: Fit | None = None
    bend_p: float = math.nan
    comparison: Comparison | None = None
    bound: float = math.nan
    above: bool = False


def fit_drug(data: DrugInCell, slope: str, level: float) -> DrugFit:
    """Fit all potentials together and each by itself; nothing where there are no controls or no block."""
    some = tuple(one for one in data.potentials if one.has_control and one.concentrations.size)
    if not some:
        reason = "At no potential is there a current without drug and one with it."
        return DrugFit(data, data.potentials, None, None, Outcome.FAILED, reason)
    hill: Rule = Shared() if slope == "free" and _concentrations(some) > 2 else Fixed(1.0)
    alone = _fitted(data, some, {"log_kd": Individual(), "z_delta": Fixed(0.0), "hill_slope": hill}, level)
    found = DrugFit(data, some, None, alone, alone.outcome, alone.reason)
    if alone.outcome is Outcome.FAILED:
        return found
    outcome, reason, bound, above = _judged(some, alone)
    found = replace(found, outcome=outcome, reason=reason, bound=bound, above=above)
    if not outcome.usable:
        return found
    if len(some) < 2:
        reason = (
            f"One potential ({some[0].label}): KD is known there, and neither the electrical distance nor KD at 0 "
            "mV can be told. Measure the block at other potentials too."
        )
        return replace(found, outcome=Outcome.FAILED, reason=reason)
    whole = _fitted(data, some, {"log_kd": Shared(), "z_delta": Shared(), "hill_slope": hill}, level, alone)
    found = replace(found, whole=whole, outcome=whole.outcome, reason=whole.reason)
    return _with_bend(found, hill, level) if whole.outcome.usable and len(some) >= FEWEST_FOR_BEND else found


def _concentrations(some: Sequence[AtPotential]) -> int:
    return int(np.unique(np.concatenate([one.concentrations for one in some])).size)


def _weights(some: Sequence[AtPotential]) -> GivenWeights:
    """The variance of the noise of channels grows in proportion to the current that flows through them."""
    sizes = np.array([abs(one.control) for one in some])
    shares = float(sizes.mean()) / sizes
    return GivenWeights(
        tuple(np.full(int(one.used.sum()), share) for one, share in zip(some, shares, strict=True)), WEIGHTED
    )


def _fitted(
    data: DrugInCell, some: Sequence[AtPotential], rules: Rules, level: float, alone: Fit | None = None
) -> Fit:
    """One fit of all potentials; the start is read off the currents, or off the potentials one by one."""
    curves = [one.curve(data.thermal_v) for one in some]
    problem = FitProblem(woodhull_block, curves, {"amplitude": Individual(), "bend": Fixed(0.0), **rules})
    start = _start(some, problem) if alone is None else _line(data, some, problem, alone)
    options = Options(intervals_of=ASKED, response_level=1.0, starts=1, start=start)
    return fit(
        problem, _weights(some), level, options if alone is not None else replace(options, intervals="wald")
    )


def _start(some: Sequence[AtPotential], problem: FitProblem) -> dict[str, float]:
    """The control of every potential, and KD off its highest concentration with slope 1."""
    start: dict[str, float] = {}
    for label, one in zip(problem.labels, some, strict=True):
        highest = one.current[one.used & (one.log_drug == one.concentrations[-1])]
        left = min(max(float(highest.mean()) / one.control, 0.02), 0.98)
        start |= {
            f"amplitude[{label}]": max(one.control, 0.0),
            f"log_kd[{label}]": float(one.concentrations[-1]) + math.log10(left / (1.0 - left)),
        }
    start["hill_slope"] = 1.0
    return _as_named(problem, start)


def _as_named(problem: FitProblem, start: Mapping[str, float]) -> dict[str, float]:
    plain = {name.partition("[")[0]: value for name, value in start.items()}
    return {name: start.get(name, plain.get(name.partition("[")[0], 0.0)) for name in problem.names}


def _line(data: DrugInCell, some: Sequence[AtPotential], problem: FitProblem, alone: Fit) -> dict[str, float]:
    """KD at 0 mV and the charge off the straight line through ln KD of the potentials."""
    volts = np.array([one.potential_v / data.thermal_v for one in some])
    logs = np.array([log_kd_of(alone, place) for place in range(len(some))])
    charge, log_kd = np.polyfit(volts, logs * math.log(10.0), 1)
    known = dict(zip(alone.names, alone.values, strict=True))
    start = {**known, "log_kd": float(log_kd) / math.log(10.0), "z_delta": float(charge)}
    return _as_named(problem, start)


def log_kd_of(alone: Fit, place: int) -> float:
    """log10 of KD at one potential, from its own fit."""
    return float(alone.curves[place].parameters[woodhull_block.index("log_kd")])


def _judged(some: Sequence[AtPotential], alone: Fit) -> tuple[Outcome, str, float, bool]:
    """Whether block is seen and half block is reached anywhere; else a bound."""
    weights = [curve.weights[0] for curve in alone.curves]
    flat = sum(
        float(weight * ((one.current[one.used] - one.current[one.used].mean()) ** 2).sum())
        for weight, one in zip(weights, some, strict=True)
    )
    df = sum(int(one.used.sum()) - 1 for one in some)
    p = (
        extra_squares((flat, df), (alone.sum_of_squares, alone.df))[1]
        if alone.df > 0 and df > alone.df
        else 0.0
    )
    logs = np.array([log_kd_of(alone, place) for place in range(len(some))])
    falls = any(one.current[one.used & np.isfinite(one.log_drug)].min() < one.control for one in some)
    if not p < BLOCKS or not falls:
        said = (
            f"No block is seen at any potential up to {_molar(max(one.concentrations[-1] for one in some))}."
        )
        return Outcome.NO_RESPONSE, said, math.nan, False
    highest, lowest = (np.array([one.concentrations[end] for one in some]) for end in (-1, 0))
    if (logs > highest + BEYOND).all():
        return Outcome.CENSORED, _told("Less than a quarter is", highest.max()), float(highest.max()), True
    if (logs < lowest - BEYOND).all():
        return (
            Outcome.CENSORED,
            _told("More than three quarters are", lowest.min()),
            float(lowest.min()),
            False,
        )
    return Outcome.OK, "", math.nan, False


def _told(part: str, log_drug: float) -> str:
    return f"{part} blocked at every potential, even at {_molar(log_drug)}: KD has only a bound."


def _molar(log10: float) -> str:
    return figures(10.0 ** float(log10), unit="M")


def _with_bend(found: DrugFit, hill: Rule, level: float) -> DrugFit:
    """The same with the test of a bend in ln KD against the potential."""
    whole = found.whole
    if whole is None:
        return found
    rules: Rules = {"log_kd": Shared(), "z_delta": Shared(), "hill_slope": hill, "bend": Shared()}
    curves = [curve.data for curve in whole.curves]
    problem = FitProblem(woodhull_block, curves, {"amplitude": Individual(), **rules})
    start = {**dict(zip(whole.names, whole.values, strict=True)), "bend": 0.0}
    bent = fit(problem, GivenWeights.of(whole), level, replace(PLAIN, start=start))
    if bent.outcome is Outcome.FAILED or bent.df < 1:
        return found
    p = extra_squares((whole.sum_of_squares, whole.df), (bent.sum_of_squares, bent.df))[1]
    comparison = compare_nested(whole, bent, BENDS) if p < BENDS else None
    return replace(found, bent=bent, bend_p=p, comparison=comparison)
