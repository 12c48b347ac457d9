"""How many times more potent one compound is than another, by one fit to both curves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from ..core.curves import Curve
from ..core.equation import Array, Equation
from ..core.errors import ModelError, UnknownName
from ..core.estimate import Estimate, Relation
from ..core.fit import Fit, FittedCurve, Interval, Outcome, Test
from .account import flat_level
from .compare import f_test
from .intervals import antilog
from .problem import Fixed, Individual, Problem, Rule, Shared, labels
from .ratio_law import RATIO, with_ratio
from .response import is_flat
from .search import Options
from .solve import fit
from .turning import turns
from .verdict import Bound, bounds_at
from .weights import GivenWeights, Weighting, Weights

ALPHA = 0.05


@dataclass(frozen=True)
class Comparing:
    """What the curves have in common, and how strict to be.

    `shared` names the parameters that all curves share (none given: all but the location, as parallel curves do),
    `known` holds those that are not fitted. A constant ratio of curves that are not parallel (P < `alpha`) is refused,
    or given with a note if `insist`.
    """

    shared: Sequence[str] | None = None
    known: Mapping[str, float] = field(default_factory=dict)
    alpha: float = ALPHA
    insist: bool = False


DEFAULTS = Comparing()


@dataclass(frozen=True)
class PotencyRatio:
    """Potency of one compound relative to the reference: above 1, the compound acts at lower concentrations.

    `estimate` is the ratio IC50(reference) / IC50(compound), a bound where a potency is one, None where it is refused;
    `sentence` says why, or what the ratio means.
    """

    reference: str
    compound: str
    estimate: Estimate | None
    sentence: str


@dataclass(frozen=True)
class PotencyRatios:
    """The ratios against one reference, the test of parallelism, and the fits that they come from.

    `joint` fits the location of the reference and the log ratios, 'log_potency_ratio[compound]', with shared
    parameters; `separate` gives every curve its own. `parallelism` is None where nothing was shared to be tested.
    """

    ratios: tuple[PotencyRatio, ...]
    parallel: bool
    parallelism: Test | None
    joint: Fit
    separate: Fit


def potency_ratios(
    equation: Equation,
    curves: Sequence[Curve],
    reference: str = "",
    weighting: Weights = Weighting.NONE,
    level: float = 0.95,
    comparing: Comparing = DEFAULTS,
) -> PotencyRatios:
    """Fit several curves at once with the log potency ratio as a parameter, and give its profile interval.

    The `reference` is a label of a curve (the first curve if not named). Parallelism is tested by the extra sum of
    squares of own against shared parameters, on the weights of the separate fit. A potency outside the tested range
    (as the joint fit sees it) gives the ratio as a bound, from the limit of the other potency. Finney 1978.

    Raises ModelError for fewer than two curves, a law without a log10 location, or curves that cannot be fitted at
    all; UnknownName for a reference or shared parameter that is none.
    """
    base, shared = _understood(equation, curves, reference, comparing)
    known = {name: Fixed(value) for name, value in comparing.known.items()}
    separate = fit(
        Problem(equation, curves, known), weighting, level, Options(intervals="", response_level=1.0)
    )
    _require_values(separate)
    weights = GivenWeights.of(separate)
    rules: dict[str, Rule] = {**{name: Shared() for name in shared}, **known}
    pair = _Pair(equation, rules, base, level, weights)
    joint = pair.fitted(separate.curves, [curve.parameters for curve in separate.curves])
    _require_values(joint)
    if joint.sum_of_squares < separate.sum_of_squares:
        separate = _restarted(separate, pair.own(joint), weights, level)
    test = _parallelism(joint, separate, comparing.alpha) if shared else None
    parallel = test is None or test.p >= comparing.alpha
    note = _meaning(equation, rules, test, parallel)
    allowed = parallel or comparing.insist
    ratios = tuple(pair.ratio(joint, c, note, allowed) for c in range(len(curves)) if c != base)
    return PotencyRatios(ratios, parallel, test, joint, separate)


def _understood(
    equation: Equation, curves: Sequence[Curve], reference: str, comparing: Comparing
) -> tuple[int, tuple[str, ...]]:
    """Which curve is the reference, and which parameters are shared."""
    if len(curves) < 2:
        raise ModelError("A potency ratio needs the curves of two compounds at the least.")
    if not equation.location or not equation.parameters[equation.index(equation.location)].log10:
        raise ModelError(f"'{equation.name}' has no log10 potency of which a ratio could be taken.")
    called = labels(curves)
    if reference and reference not in called:
        raise UnknownName.among(reference, called, "curve", "potency ratio")
    others = tuple(name for name in equation.names if name not in (equation.location, *comparing.known))
    for name in comparing.shared or ():
        if name not in others:
            raise UnknownName.among(name, others, "parameter to share", "potency ratio")
    shared = others if comparing.shared is None else tuple(comparing.shared)
    return (called.index(reference) if reference else 0), shared


def _require_values(found: Fit) -> None:
    if found.outcome is Outcome.FAILED:
        raise ModelError(f"The curves cannot be fitted together: {found.reason}")


def _restarted(separate: Fit, own: Sequence[Array], weights: GivenWeights, level: float) -> Fit:
    """The separate fit from the joint one's curves: it contains them, so it can only be better."""
    problem = Problem.of(separate)
    start = {}
    for k, name in enumerate(problem.names):
        curves, j = problem.owner(k)
        start[name] = float(own[curves[0]][j])
    return fit(problem, weights, level, Options(intervals="", start=start, response_level=1.0))


def _parallelism(joint: Fit, separate: Fit, alpha: float) -> Test:
    f, p = f_test(joint, separate)
    df = (float(joint.df - separate.df), float(separate.df))
    told = f"F({df[0]:.0f}, {df[1]:.0f}) = {f:.3g}, P = {p:.2g}" if p >= 1e-4 else f"F = {f:.3g}, P < 0.0001"
    sentence = (
        f"The curves are not parallel: own parameters fit better ({told})."
        if p < alpha
        else f"The data do not contradict parallel curves ({told})."
    )
    return Test("parallelism", f, p, sentence, df)


def _meaning(equation: Equation, rules: Mapping[str, Rule], test: Test | None, parallel: bool) -> str:
    """What holds of all ratios of one comparison."""
    symbol = equation.parameters[equation.index(equation.location)].symbol
    own = [name for name in equation.names if name != equation.location and name not in rules]
    told = test.sentence if test is not None else "Nothing is shared, so parallelism was not tested."
    if own:
        told += (
            f" {', '.join(own)} {'is' if len(own) == 1 else 'are'} not shared: this is the ratio of the {symbol}, "
            "not of concentrations of equal effect."
        )
    elif not parallel:
        told += f" This is the ratio at the {symbol} of a common shape; it changes with the level of effect."
    return told


@dataclass(frozen=True)
class _Pair:
    """A reference and its compounds under one law: what is shared or known, and the weights of the points."""

    equation: Equation
    rules: Mapping[str, Rule]
    base: int
    level: float
    weights: GivenWeights

    @property
    def place(self) -> int:
        """Position of the location in the law."""
        return self.equation.index(self.equation.location)

    def fitted(self, curves: Sequence[FittedCurve], near: Sequence[Array]) -> Fit:
        """The joint fit with the log ratios, searched from these parameters (curve, parameter) of the plain law."""
        table, count = np.array(near), len(curves)
        own: tuple[Rule, ...] = tuple(Fixed(0.0) if c == self.base else Individual() for c in range(count))
        rules = {**self.rules, self.equation.location: Shared(), RATIO: own}
        problem = Problem(with_ratio(self.equation), [curve.data for curve in curves], rules)
        start = {}
        for k, name in enumerate(problem.names):
            owners, j = problem.owner(k)
            if j == self.place:
                start[name] = float(table[self.base, j])
            elif j == table.shape[1]:
                start[name] = float(table[self.base, self.place] - table[owners[0], self.place])
            else:
                start[name] = float(np.median(table[list(owners), j]))
        return fit(problem, self.weights, self.level, Options(start=start))

    def own(self, joint: Fit) -> list[Array]:
        """The parameters of the plain law for every curve of a joint fit."""
        found = []
        for curve in joint.curves:
            own = np.array(curve.parameters[:-1], dtype=float)
            own[self.place] -= curve.parameters[-1]
            found.append(own)
        return found

    def ratio(self, joint: Fit, curve: int, note: str, allowed: bool) -> PotencyRatio:
        """The ratio of one compound: a value with its interval, a bound, or none with the reason."""
        called = labels([one.data for one in joint.curves])
        told = partial(PotencyRatio, called[self.base], called[curve])
        silent = self._silent(joint, curve)
        if silent:
            return told(None, f"No ratio is given: {silent}.")
        if not allowed:
            return told(None, f"No constant ratio is given. {note}")
        bounds = {c: self._bound(joint, c) for c in (self.base, curve)}
        if any(bounds.values()):
            estimate, why = self._bounded(joint, curve, bounds)
            return told(estimate, f"{why} {note}")
        name = f"{RATIO}[{called[curve]}]"
        interval = joint.intervals.get(name) or Interval(math.nan, math.nan, self.level, "no")
        estimate = Estimate(
            "potency ratio",
            antilog(joint.value(name)),
            "",
            antilog(interval.low),
            antilog(interval.high),
            self.level,
            method=f"joint fit, {interval.method} interval of the log ratio",
            log10_se=joint.standard_error(name),
        )
        return told(estimate, note)

    def _silent(self, joint: Fit, curve: int) -> str:
        """Why a curve without a response tells no potency, unless it shares its plateaus with one that has one."""
        flat = {c: _is_flat(joint.curves[c].data, turns(self.equation)) for c in (self.base, curve)}
        plateaus = [one.name for one in self.equation.parameters if one.unit == "signal"]
        called = labels([one.data for one in joint.curves])
        if all(flat.values()) or (any(flat.values()) and not all(name in self.rules for name in plateaus)):
            return "no response is seen in " + " and ".join(called[c] for c, silent in flat.items() if silent)
        return ""

    def _bound(self, joint: Fit, curve: int) -> Bound | None:
        """What can be said of the potency of one curve where the joint fit puts it outside what was tested."""
        problem = Problem(self.equation, (joint.curves[curve].data,))
        return next(iter(bounds_at(problem, self.own(joint)[curve]).values()), None)

    def _bounded(
        self, joint: Fit, curve: int, bounds: Mapping[int, Bound | None]
    ) -> tuple[Estimate | None, str]:
        """The ratio as a bound: the limits of the two potencies set against each other."""
        low, high = self._range(joint, self.base, bounds[self.base])
        least, most = self._range(joint, curve, bounds[curve])
        called = labels([one.data for one in joint.curves])
        why = " ".join(f"{called[c]}: {one.sentence}" for c, one in bounds.items() if one is not None)
        below, above = high - least, low - most
        if math.isfinite(below) == math.isfinite(above):
            return None, f"{why} Nothing can be said of their ratio."
        relation, limit = (Relation.BELOW, below) if math.isfinite(below) else (Relation.ABOVE, above)
        method = (
            "bound from both bounds"
            if all(bounds.values())
            else f"bound from the {self.level:.0%} limit of the other potency"
        )
        return Estimate(
            "potency ratio", antilog(limit), "", level=self.level, relation=relation, method=method
        ), why

    def _range(self, joint: Fit, curve: int, bound: Bound | None) -> tuple[float, float]:
        """Between which log concentrations a potency lies: what a bound leaves, or its interval in the joint fit."""
        if bound is not None:
            above = bound.relation is Relation.ABOVE
            return (bound.value, math.inf) if above else (-math.inf, bound.value)
        if curve != self.base:  # its own potency is a parameter where it is the reference itself
            joint = replace(self, base=curve).fitted(joint.curves, self.own(joint))
        interval = joint.intervals.get(self.equation.location)
        return (interval.low, interval.high) if interval is not None else (-math.inf, math.inf)


def _is_flat(curve: Curve, turning: bool) -> bool:
    return is_flat(curve, flat_level(len(curve)), turning)
