"""What leaves after the chase: koff of every way to start it, and one phase against two."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...core.curves import Curve
from ...core.equation import Equation
from ...core.errors import ModelError
from ...core.fit import Fit, Outcome
from ...core.measured import Measured
from ...core.plate import Role
from ...core.result import Comparison
from ...equations.association_dissociation import association_dissociation
from ...equations.dissociation import one_phase_dissociation, two_phase_dissociation
from ...fitting.compare import compare_nested
from ...fitting.problem import Fixed, Individual, Rule, Shared
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit
from ...fitting.weights import GivenWeights, Weights
from .wells import DILUTION, Kinetics

TWO_PHASES, LEAST_PART = 0.01, 0.1
FEWEST_TIMES, FEWEST_FOR_TWO = 3, 6
_PLAIN = Options(intervals="wald", response_level=1.0, starts=1)
_LOOKING = Options(intervals="", response_level=1.0, starts=2)


@dataclass(frozen=True)
class Chase:
    """Dissociation after one chase: log10 of its own koff (1/s) with its error; of the first, one phase against two.

    `followed` is the part of the binding that had left when the last wells were stopped.
    """

    name: str
    log10_koff: Measured
    fit: Fit
    two: Fit | None
    comparison: Comparison | None
    followed: float

    @property
    def two_phases(self) -> bool:
        """Whether two phases are asked for, each with a tenth of the binding at least."""
        if self.comparison is None or not self.comparison.p < TWO_PHASES:
            return False
        return LEAST_PART < self.fast_part < 1.0 - LEAST_PART

    @property
    def fast_part(self) -> float:
        """The part of the binding that leaves in the fast phase; nan where two phases were not looked for."""
        if self.two is None:
            return math.nan
        law = self.two.equation
        fast, slow = (
            sum(float(curve.parameters[law.index(name)]) for curve in self.two.curves)
            for name in ("bound_fast", "bound_slow")
        )
        return fast / (fast + slow) if fast + slow > 0 else math.nan


def phase_rates(chase: Chase) -> tuple[Measured, Measured] | None:
    """log10 of the fast and the slow rate constant (1/s) of two phases; None where one phase is enough."""
    if chase.two is None or not chase.two_phases:
        return None
    two = chase.two
    fast, ratio = two.index("log_koff_fast"), two.index("log_ratio")
    variance = two.covariance[fast, fast] + two.covariance[ratio, ratio] - 2.0 * two.covariance[fast, ratio]
    return (
        Measured(float(two.values[fast]), float(two.se[fast])),
        Measured(float(two.values[fast] - two.values[ratio]), math.sqrt(max(float(variance), 0.0))),
    )


def chase_of(data: Kinetics, name: str, whole: Fit) -> Chase | None:
    """Dissociation after this chase with its own koff, the rest taken from the fit of all wells; None without a fit."""
    total = data.of(Role.TOTAL, name)
    if np.unique(data.after[total]).size < FEWEST_TIMES:
        return None
    own = _own_koff(data, name, whole)
    if own.outcome is Outcome.FAILED or {"bmax", "log_shift"} & set(own.at_bounds):
        return None
    koff = Measured(whole.value("log_koff") + own.value("log_shift"), own.standard_error("log_shift"))
    two, comparison = _phases(data, name, own) if name == data.chases[0] else (None, None)
    followed = -math.expm1(-(10.0**koff.value) * float(data.after[total].max()))
    return Chase(name, koff, own, two, comparison, followed)


def _own_koff(data: Kinetics, name: str, whole: Fit) -> Fit:
    """The law of all wells with koff and Bmax of this chase, and what it leaves of nonspecific binding."""
    total, nonspecific = (data.of(role, name) for role in (Role.TOTAL, Role.NSB))
    curves = [data.curve(total, str(Role.TOTAL))]
    if nonspecific.any():
        curves.append(data.curve(nonspecific, str(Role.NSB)))
    diluted = name == DILUTION
    kept: Rule = Shared() if diluted and nonspecific.any() else Fixed(data.left(name) if diluted else 1.0)
    sharing: dict[str, Rule | float | tuple[Rule, ...]] = {
        "bmax": (Shared(), Fixed(0.0))[: len(curves)],
        "log_shift": Shared(),
        "left": data.left(name),
        "kept": kept,
        **{each: whole.value(each) for each in ("log_kon", "log_koff", "ns", "drift")},
    }
    options = replace(_PLAIN, start={"bmax": whole.value("bmax"), "log_shift": 0.0})
    return fit(FitProblem(association_dissociation, curves, sharing), data.weighting, options=options)


def _phases(data: Kinetics, name: str, own: Fit) -> tuple[Fit | None, Comparison | None]:
    """Two phases and how they compare with one, each concentration on its own, nonspecific binding as fitted."""
    curves, floors = _floors(data, name, own)
    if np.unique(data.after[data.of(Role.TOTAL, name)]).size < FEWEST_FOR_TWO:
        return None, None
    one = _fit(one_phase_dissociation, curves, floors, data.weighting, _PLAIN)
    if one.outcome is Outcome.FAILED:
        return None, None
    two = _fit(two_phase_dissociation, curves, floors, GivenWeights.of(one), _LOOKING)
    try:
        return two, compare_nested(one, two, TWO_PHASES)
    except ModelError:
        return None, None


def _floors(data: Kinetics, name: str, own: Fit) -> tuple[list[Curve], tuple[list[Rule], list[Rule]]]:
    """The total wells at each concentration with the nonspecific binding at the chase and its drift.

    After a dilution the little that binds again is part of that floor.
    """
    curves, ns, drift = [], [], []
    bmax, log_kon, log_koff, log_shift, left, kept, at_start, gain = (
        own.value(each) for each in association_dissociation.names
    )
    for added in np.unique(data.added[data.of(Role.TOTAL, name)]):
        wells = data.of(Role.TOTAL, name, float(added))
        ligand, before = float(data.free[wells].mean()), float(data.before[wells].mean())
        again = 10.0**log_kon * ligand * left
        rest = bmax * again / (again + 10.0 ** (log_koff + log_shift))
        curves.append(Curve(data.after[wells], data.signal[wells], label=f"{added * 1e9:g} nM"))
        ns.append(Fixed(kept * ligand * (at_start + gain * before) + rest))
        drift.append(Fixed(kept * ligand * gain))
    return curves, (list(ns), list(drift))


def _fit(
    law: Equation,
    curves: Sequence[Curve],
    floors: tuple[list[Rule], list[Rule]],
    weighting: Weights,
    options: Options,
) -> Fit:
    """Rates shared by all concentrations, what was bound their own."""
    sharing: dict[str, Rule | Sequence[Rule]] = {
        name: Shared() if name.startswith("log_") else Individual() for name in law.names
    }
    return fit(
        FitProblem(law, curves, sharing | {"ns": floors[0], "drift": floors[1]}), weighting, options=options
    )
