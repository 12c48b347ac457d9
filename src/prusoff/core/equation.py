"""What a law that can be fitted is: names, limits, a function, its derivative, a start and worked cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a law.

    A parameter with `log10=True` is fitted as the log10 of a positive quantity, named `log_...`; `symbol` and `unit`
    are those of the quantity itself (IC50, M). `unit` 'signal' means the unit of the response.
    """

    name: str
    symbol: str
    unit: str
    meaning: str
    lower: float = -np.inf
    upper: float = np.inf
    log10: bool = False
    linear: bool = False


@dataclass(frozen=True)
class Axis:
    """What x or y is, and its unit; `log10=True` when the law takes the log10 of the quantity."""

    name: str
    unit: str
    log10: bool = False


@dataclass(frozen=True)
class Case:
    """One worked number of a law: at this x and these parameters the response is y, as `source` says."""

    x: tuple[float, ...]
    parameters: Mapping[str, float]
    y: float
    source: str
    rtol: float = 1e-9


@dataclass(frozen=True)
class Equation:
    """A law y = f(x; parameters).

    `function(x, p)` and `jacobian(x, p)` are pure and elementwise. With one axis x has shape (..., point); with several
    axes they are stacked first: (axis, ..., point). p has the parameters first, in the order of `parameters`, each
    broadcastable against a point: (parameter,) or (parameter, ..., 1). The function returns (..., point), the jacobian
    (parameter, ..., point). Infinite log concentrations are legal on an axis with `log10=True`: -inf is a well without
    compound, +inf a well in which it blocks everything.

    `formula` is the law as text that a machine can evaluate: the names of the axes and of the parameters, numbers,
    + - * / **, brackets, and exp, log (natural), log10, sqrt, erfc, cos, acos (of more than 1: that of 1). Lines
    `name = expression` may come before the last one, which is the response. The contract tests hold the function and
    the jacobian against it in 50 digits.

    `start(x, y)` gives a first guess (parameter,), `limits(x, y)` the hard bounds (lower, upper) that depend on the
    data; without it the bounds of the parameters hold. `location` names the parameter that is a potency or an affinity
    (the one that may be censored).
    """

    name: str
    title: str
    formula: str
    axes: tuple[Axis, ...]
    response: Axis
    parameters: tuple[Parameter, ...]
    function: Callable[[Array, Array], Array]
    jacobian: Callable[[Array, Array], Array]
    start: Callable[[Array, Array], Array]
    reference: str
    cases: tuple[Case, ...]
    limits: Callable[[Array, Array], tuple[Array, Array]] | None = None
    location: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Parameter names in order."""
        return tuple(parameter.name for parameter in self.parameters)

    def index(self, name: str) -> int:
        """Position of a parameter."""
        from .errors import UnknownName

        try:
            return self.names.index(name)
        except ValueError:
            raise UnknownName.among(name, self.names, f"parameter of {self.name}") from None

    def bounds(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Hard bounds (lower, upper), each (parameter,), for these data."""
        if self.limits is not None:
            return self.limits(x, y)
        lower = np.array([parameter.lower for parameter in self.parameters], dtype=float)
        upper = np.array([parameter.upper for parameter in self.parameters], dtype=float)
        return lower, upper
