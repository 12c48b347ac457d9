"""A law as the batch sees it: which parameters are solved exactly, which are searched for, which are held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...core.equation import Array, Equation
from ...core.errors import ModelError, Problem
from ..problem import Between, Fixed, Rule
from .parts import Part, part_of

LOCATION_REACH = 1.0  # decades that a location may move in one step


@dataclass(frozen=True)
class BatchLaw:
    """A law with rules for its parameters, the same for every curve.

    `solved` are the positions of fitted parameters in which the law is linear and that have no limits: for every value
    of the others their best values are known exactly. `searched` are the other fitted ones; `limits` replace those of
    the law; `held` are known values. `part` is a searched parameter that is known once the others are, if there is one.
    """

    equation: Equation
    solved: tuple[int, ...]
    searched: tuple[int, ...]
    held: Mapping[int, float]
    limits: Mapping[int, tuple[float, float]]
    additive: bool
    part: Part | None = None

    @classmethod
    def of(cls, equation: Equation, sharing: Mapping[str, Rule | float], x: Array) -> BatchLaw:
        """Follow the rules, for curves measured at such x."""
        held: dict[int, float] = {}
        limits: dict[int, tuple[float, float]] = {}
        for name, rule in sharing.items():
            position = equation.index(name)
            if isinstance(rule, int | float):
                held[position] = float(rule)
            elif isinstance(rule, Fixed):
                held[position] = rule.value
            elif isinstance(rule, Between):
                limits[position] = (rule.low, rule.high)
        free = [k for k in range(len(equation.parameters)) if k not in held]
        if not free:
            what = "every parameter is fixed"
            raise ModelError(Problem(what, equation.name, "Leave at least one to be fitted", "E-MODEL"))
        solved = tuple(k for k in free if equation.parameters[k].linear and not _limited(equation, k, limits))
        searched = tuple(k for k in free if k not in solved)
        linear = all(k in solved for k, parameter in enumerate(equation.parameters) if parameter.linear)
        part = part_of(equation, solved, searched, x) if linear else None
        return cls(equation, solved, searched, held, limits, _additive(equation, x), part)

    @property
    def relaxed(self) -> BatchLaw:
        """The law with all parameters solved in which it is linear, and its part, as if they had no limits."""
        free, parts = sorted(self.free), () if self.part is None else (self.part.position,)
        linear = tuple(k for k in free if self.equation.parameters[k].linear or k in parts)
        return replace(self, solved=linear, searched=tuple(k for k in free if k not in linear))

    def with_last(self, position: int) -> BatchLaw:
        """The law with one of its fitted parameters searched for, as the last."""
        others = tuple(k for k in self.searched if k != position)
        return replace(
            self, solved=tuple(k for k in self.solved if k != position), searched=(*others, position)
        )

    @property
    def free(self) -> tuple[int, ...]:
        """The fitted parameters as the descent orders them: solved before searched."""
        return self.solved + self.searched

    @property
    def names(self) -> tuple[str, ...]:
        """The fitted parameters in the order of the law."""
        return tuple(self.equation.names[k] for k in sorted(self.free))

    @property
    def fixed(self) -> dict[str, float]:
        """The parameters that are held, by name."""
        return {self.equation.names[k]: value for k, value in self.held.items()}

    def bounds(self, x: Array) -> tuple[Array, Array]:
        """Limits (parameter,) of all parameters for curves measured at these x."""
        lower, upper = (side.copy() for side in self.equation.bounds(x, np.zeros(x.shape[-1])))
        for position, (low, high) in self.limits.items():
            lower[position], upper[position] = low, high
        return lower, upper

    def blank(self, curves: int) -> Array:
        """A table (parameter, curve) of the held values, zero elsewhere."""
        table = np.zeros((len(self.equation.parameters), curves))
        for position, value in self.held.items():
            table[position] = value
        return table

    def reaches(self, lower: Array, upper: Array) -> Array:
        """How far each searched parameter may move in one step, (searched, ...) like the limits."""
        found = np.empty((len(self.searched), *lower.shape[1:]))
        for row, position in enumerate(self.searched):
            if self.equation.parameters[position].log10:
                found[row] = LOCATION_REACH
            else:
                width = upper[position] - lower[position]
                found[row] = np.where(np.isfinite(width), 0.25 * width, np.inf)
        return found

    def response(self, x: Array, table: Array) -> tuple[Array, Array]:
        """The law (point, curve), and its derivative by the fitted parameters in the order of `free`."""
        slopes = self.equation.jacobian(x, table)
        if self.additive:
            linear = [k for k, parameter in enumerate(self.equation.parameters) if parameter.linear]
            response = table[linear[0]] * slopes[linear[0]]
            for k in linear[1:]:
                response += table[k] * slopes[k]
        else:
            response = self.equation.function(x, table)
        return response, slopes if self.free == tuple(range(len(slopes))) else slopes[list(self.free)]


def _additive(equation: Equation, x: Array) -> bool:
    """Whether the law is the sum of its linear parameters, each times its derivative: without them it is zero."""
    if not any(parameter.linear for parameter in equation.parameters):
        return False
    table = equation.start(x, np.linspace(1.0, 2.0, x.size))
    table[[parameter.linear for parameter in equation.parameters]] = 0.0
    return not np.any(equation.function(x, table))


def _limited(equation: Equation, position: int, limits: Mapping[int, tuple[float, float]]) -> bool:
    parameter = equation.parameters[position]
    low, high = limits.get(position, (parameter.lower, parameter.upper))
    return bool(np.isfinite(low) or np.isfinite(high))
