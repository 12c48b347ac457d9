"""Any law with a log10 potency, written anew with the potency ratio to a reference as a parameter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..core.equation import Array, Equation, Parameter

RATIO = "log_potency_ratio"


def with_ratio(equation: Equation) -> Equation:
    """The law with one more parameter, by which the location of a compound lies below that of the reference."""
    place = equation.index(equation.location)

    def own(p: Array) -> Array:
        moved: Array = np.array(p[:-1], dtype=float)
        moved[place] = moved[place] - p[-1]
        return moved

    def function(x: Array, p: Array) -> Array:
        return equation.function(x, own(p))

    def jacobian(x: Array, p: Array) -> Array:
        slopes = equation.jacobian(x, own(p))
        return np.concatenate([slopes, -slopes[place : place + 1]])

    def start(x: Array, y: Array) -> Array:
        return np.append(equation.start(x, y), 0.0)

    def limits(x: Array, y: Array) -> tuple[Array, Array]:
        lower, upper = equation.bounds(x, y)
        widest = float(upper[place] - lower[place])
        return np.append(lower, -widest), np.append(upper, widest)

    ratio = Parameter(
        RATIO, "potency ratio", "", "potency of the compound over that of the reference", log10=True
    )
    return replace(
        equation,
        title=f"{equation.title}, potency ratio",
        formula="",
        parameters=(*equation.parameters, ratio),
        function=function,
        jacobian=jacobian,
        start=start,
        limits=limits,
        cases=(),
        location="",
    )
