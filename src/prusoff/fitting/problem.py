"""States what is fitted: a law, one or several curves, and for every parameter whether it is shared, own or fixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..core.curves import Curve
from ..core.equation import Array, Equation
from ..core.errors import ModelError, Problems, UnknownName
from ..core.fit import Fit

Indices: TypeAlias = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Shared:
    """One value for all curves that have this rule; with a `group`, one for those of the same group."""

    group: str = ""


@dataclass(frozen=True)
class Individual:
    """Every curve has its own value."""


@dataclass(frozen=True)
class Fixed:
    """Not fitted: the value is known (on the scale of the fit, log10 for `log_...`)."""

    value: float


@dataclass(frozen=True)
class Between:
    """Fitted inside these limits, which replace those of the law; one value for all curves if `shared`."""

    low: float
    high: float
    shared: bool = False


Rule: TypeAlias = Shared | Individual | Fixed | Between


@dataclass(frozen=True)
class Prior:
    """What is known beforehand of a fitted parameter: mean and standard deviation on the scale of the fit."""

    mean: float
    sd: float


@dataclass(frozen=True)
class Problem:
    """A law, the curves, and a rule for every parameter.

    `sharing` gives a parameter one rule for all curves, or a sequence with one rule per curve: `{"bmax": (Individual(),
    Fixed(0.0))}` fixes Bmax in the second curve only. A parameter without a rule is individual. `priors` belong to
    fitted parameters by name and need weights that are absolute (known standard deviations).

    A fitted parameter is called by its own name where it is shared or where there is one curve, else 'name[label]', or
    'name[group]' where a group of curves shares it; a group is called as no curve is.

    Raises UnknownName for a parameter that the law does not have and ModelError for rules that cannot be followed.
    """

    equation: Equation
    curves: Sequence[Curve]
    sharing: Mapping[str, Rule | float | Sequence[Rule]] = field(default_factory=dict)
    priors: Mapping[str, Prior] = field(default_factory=dict)
    names: tuple[str, ...] = field(init=False)
    places: Indices = field(init=False, repr=False)
    constants: Array = field(init=False, repr=False)
    lower: Array = field(init=False, repr=False)
    upper: Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "curves", tuple(self.curves))
        object.__setattr__(self, "sharing", MappingProxyType(dict(self.sharing)))
        if not self.curves:
            raise ModelError("There is no curve to fit; give at least one.")
        for name in self.sharing:
            self.equation.index(name)
        self._lay_out(tuple(self._rules(name) for name in self.equation.names))
        for name in self.priors:
            if name not in self.names:
                raise UnknownName.among(name, self.names, "fitted parameter", "prior")

    @property
    def labels(self) -> tuple[str, ...]:
        """A distinct label for every curve: its own, or its number."""
        return labels(self.curves)

    @property
    def fixed(self) -> dict[str, float]:
        """The parameters that are not fitted, named like the fitted ones."""
        found: dict[str, float] = {}
        for j, name in enumerate(self.equation.names):
            held = np.flatnonzero(self.places[:, j] < 0)
            everywhere = held.size == len(self.curves) and np.unique(self.constants[:, j]).size == 1
            for c in held[:1] if everywhere else held:
                found[name if everywhere else f"{name}[{self.labels[c]}]"] = float(self.constants[c, j])
        return found

    def parameters(self, values: Array) -> Array:
        """All parameters of the law for every curve, (curve, parameter) + trailing shape of `values` (fitted, ...)."""
        table = np.empty(self.places.shape + values.shape[1:])
        table[...] = self.constants.reshape(self.places.shape + (1,) * (values.ndim - 1))
        free = self.places >= 0
        table[free] = values[self.places[free]]
        return table

    def owner(self, position: int) -> tuple[tuple[int, ...], int]:
        """The curves that a fitted parameter belongs to, and its position in the law."""
        curves, parameters = np.nonzero(self.places == position)
        return tuple(int(c) for c in curves), int(parameters[0])

    def _rules(self, name: str) -> tuple[Rule, ...]:
        rule = self.sharing.get(name, Individual())
        if isinstance(rule, int | float):
            rule = Fixed(float(rule))
        if isinstance(rule, Shared | Individual | Fixed | Between):
            return (rule,) * len(self.curves)
        rules = tuple(Fixed(float(one)) if isinstance(one, int | float) else one for one in rule)
        if len(rules) != len(self.curves):
            raise ModelError(
                f"'{name}' has {len(rules)} rules for {len(self.curves)} curves; give one per curve."
            )
        return rules

    def _lay_out(self, table: tuple[tuple[Rule, ...], ...]) -> None:
        shape = (len(self.curves), len(table))
        places, constants = np.full(shape, -1, dtype=np.intp), np.full(shape, np.nan)
        bounds = [self.equation.bounds(curve.x, curve.y) for curve in self.curves]
        names: list[str] = []
        lower: list[float] = []
        upper: list[float] = []
        found = Problems()
        for j, rules in enumerate(table):
            name = self.equation.names[j]
            for c, rule in enumerate(rules):
                if isinstance(rule, Fixed):
                    constants[c, j] = rule.value
                    continue
                low, high = (
                    (rule.low, rule.high) if isinstance(rule, Between) else (bounds[c][0][j], bounds[c][1][j])
                )
                if not low < high:
                    found.add(
                        f"the limits {low:g} to {high:g} leave no room", name, "Give low < high", "E-LIMITS"
                    )
                called = name if len(rules) == 1 else _called(name, rule, self.labels[c])
                if called not in names:
                    names.append(called)
                    lower.append(low)
                    upper.append(high)
                places[c, j] = k = names.index(called)
                lower[k], upper[k] = min(lower[k], low), max(upper[k], high)
        if not names:
            found.add(
                "every parameter is fixed", self.equation.name, "Leave at least one to be fitted", "E-MODEL"
            )
        found.raise_if_any(ModelError)
        for attribute, value in (
            ("names", tuple(names)),
            ("places", places),
            ("constants", constants),
            ("lower", np.array(lower, dtype=float)),
            ("upper", np.array(upper, dtype=float)),
        ):
            object.__setattr__(self, attribute, value)

    @classmethod
    def of(cls, fit: Fit) -> Problem:
        """The problem that a fit solved, as far as the fit remembers it (limits of the law, no priors)."""
        data = tuple(curve.data for curve in fit.curves)
        called = labels(data)

        def rule(name: str, j: int, c: int) -> Rule:
            if name in fit.names:
                return Shared()
            if f"{name}[{called[c]}]" in fit.names:
                return Individual()
            value = float(fit.curves[c].parameters[j])
            group = _group_of(fit, name, value)
            return Shared(group) if group else Fixed(value)

        sharing = {
            name: tuple(rule(name, j, c) for c in range(len(data)))
            for j, name in enumerate(fit.equation.names)
        }
        return cls(fit.equation, data, sharing)


def labels(curves: Sequence[Curve]) -> tuple[str, ...]:
    """A distinct label for every curve: its own where all are different and none is empty, else its number."""
    own = tuple(curve.label for curve in curves)
    return own if all(own) and len(set(own)) == len(own) else tuple(str(c + 1) for c in range(len(own)))


def _called(name: str, rule: Rule, label: str) -> str:
    """What a fitted parameter of one of several curves is called."""
    if isinstance(rule, Shared):
        return f"{name}[{rule.group}]" if rule.group else name
    return name if isinstance(rule, Between) and rule.shared else f"{name}[{label}]"


def _group_of(fit: Fit, name: str, value: float) -> str:
    """The group of curves whose parameter of this name has this very value, '' where there is none."""
    for called, found in zip(fit.names, fit.values, strict=True):
        if called.startswith(f"{name}[") and found == value:
            return called[len(name) + 1 : -1]
    return ""


def measured_range(equation: Equation, curves: Sequence[Curve]) -> tuple[float, float]:
    """Lowest and highest tested finite x on the scale of the location of the law; nan when there is none.

    There is none either where the location is no quantity of the x axis (a rate, against time). Control wells at -inf
    and +inf are no tested concentration; on a linear axis a log location takes log10 of x > 0.
    """
    return measured_range_of(equation, np.concatenate([np.atleast_2d(curve.x)[0] for curve in curves]))


def measured_range_of(equation: Equation, x: Array) -> tuple[float, float]:
    """The same for the x (point,) of the first axis."""
    found = tested(equation, x)
    return (float(found[0]), float(found[-1])) if found.size else (np.nan, np.nan)


def tested(equation: Equation, x: Array) -> Array:
    """The distinct finite x (point,) of the first axis on the scale of the location, rising; empty where none."""
    located = equation.parameters[equation.index(equation.location)] if equation.location else None
    if located is not None and located.unit != equation.axes[0].unit:
        return np.empty(0)
    x = x[np.isfinite(x)]
    if located is not None and located.log10 and not equation.axes[0].log10:
        x = np.log10(x[x > 0])
    return np.unique(x)
