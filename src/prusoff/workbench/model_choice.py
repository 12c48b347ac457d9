"""Choose between several laws for one curve."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..core.equation import Array, Equation
from ..core.errors import ModelError, Problem, UnknownName
from ..core.fit import Fit
from .curve_fitting import fit, law_named

if TYPE_CHECKING:
    from ..fitting.choice import Choice

USUAL = (
    "three_parameter_logistic",
    "four_parameter_logistic",
    "five_parameter_logistic",
    "weibull_type_1",
    "weibull_type_2",
    "log_normal",
)
"""The laws between which is chosen when none are named: sigmoid curves of the log concentration."""


def choose(  # noqa: PLR0913 - the one function for people who have arrays: all that can be asked, by name
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    laws: Sequence[str | Equation] = USUAL,
    *,
    sd: npt.ArrayLike | None = None,
    fixed: Mapping[str, float] | None = None,
    weighting: str = "none",
    response_level: float | None = None,
) -> Choice:
    """Fit several laws to one curve and say which one to keep, by AICc and, where one contains another, by F.

    x is log10 mol/L for a concentration if any of the laws takes it so; a law of the concentration itself gets 10^x.
    `fixed` holds a parameter in every law that has it. The other options are those of `fit`. Weights that follow from
    the fitted curve are taken from the law that fits best with its own, and all laws are fitted again with these: laws
    can only be compared on the same weights. A curve that comes back to its baseline needs `response_level=1`: the test
    for a response looks for one rise or one fall. Print the answer to read the ranking. Raises for unknown names, for
    laws of different quantities, and for fewer than two laws.

    >>> import numpy as np
    >>> x = np.linspace(-10, -5, 11)
    >>> y = 100 / (1 + 10 ** (x + 7.5)) + np.array([1, -1] * 5 + [0.5])
    >>> chosen = choose(x, y, ("three_parameter_logistic", "four_parameter_logistic", "log_normal"))
    >>> chosen.preferred.equation.name
    'three_parameter_logistic'
    """
    from ..fitting.choice import choose as choose_fit
    from ..fitting.weights import WEIGHTINGS

    named = different([law_named(law) for law in laws])
    given = np.asarray(x, dtype=float)
    logged = any(law.axes[0].log10 for law in named)
    held = held_in(named, fixed or {})

    def fitted(law: Equation) -> Fit:
        own = {name: value for name, value in held.items() if name in law.names}
        at = _on_axis(given, law, logged)
        return fit(law, at, y, sd=sd, fixed=own, weighting=weighting, response_level=response_level)

    fits = [fitted(law) for law in named]
    if WEIGHTINGS[weighting].iterated:
        fits = _same_weights(fits, response_level)
    return choose_fit(fits)


def different(laws: Sequence[Equation]) -> list[Equation]:
    """The laws, each once, after they were found to be laws of the same quantity."""
    found = list({law.name: law for law in laws}.values())
    if len(found) < 2:
        raise _refused("there is nothing to choose between", "Name at least two laws")
    kinds = {tuple((axis.name.removeprefix("log_"), axis.unit) for axis in law.axes) for law in found}
    if len(kinds) > 1 or len(found[0].axes) != 1:
        raise _refused(
            f"{', '.join(repr(law.name) for law in found)} are not all laws of one and the same quantity",
            "Choose between laws of the same x",
        )
    return found


def _refused(what: str, fix: str) -> ModelError:
    return ModelError(Problem(what, "choice of a law", fix, "E-CHOICE"))


def held_in(laws: Sequence[Equation], fixed: Mapping[str, float]) -> Mapping[str, float]:
    """What is held, after every name was found in one of the laws."""
    every = sorted({name for law in laws for name in law.names})
    for name in fixed:
        if name not in every:
            raise UnknownName.among(name, every, "parameter of the laws to choose between")
    return fixed


def _on_axis(x: Array, law: Equation, logged: bool) -> Array:
    """The x that this law takes: the concentration itself where logarithms were given and it takes none."""
    if not logged or law.axes[0].log10:
        return x
    with np.errstate(over="ignore"):
        amount: Array = np.power(10.0, x)
    return amount


def _same_weights(fits: Sequence[Fit], response_level: float | None) -> list[Fit]:
    """The laws fitted again with the weights of the one that is likeliest with its own; those that failed stay."""
    from ..fitting.search import Options
    from ..fitting.solve import fit_curve
    from ..fitting.weights import GivenWeights

    usable = [one for one in fits if one.outcome.usable]
    if not usable:
        return list(fits)
    best = min(usable, key=lambda one: (_misfit(one), one.equation.name))
    weights, options = GivenWeights.of(best), Options(response_level=response_level)
    return [
        fit_curve(one.equation, one.curve.data, weights, sharing=dict(one.fixed), options=options)
        if one.outcome.usable
        else one
        for one in fits
    ]


def _misfit(fit: Fit) -> float:
    """Minus twice the log likelihood of a fit with its own weights, up to a constant."""
    if fit.sum_of_squares <= 0:
        return -math.inf
    weights = np.concatenate([curve.weights for curve in fit.curves])
    return fit.points * math.log(fit.sum_of_squares) - float(np.log(weights).sum())
