"""What is said of a fit, in the words that one curve and many get alike."""

from __future__ import annotations

from enum import IntEnum

from ..core.equation import Axis, Equation
from ..core.estimate import Relation
from ..core.units import readable_unit
from .intervals import antilog

UNLIKELY = 0.05  # probability below which a response is likely, though it may not be sure enough
LEAST, MOST = 1e-100, 1e100  # responses whose squares and cubes can be computed
UNENDED = "The search did not come to an end; the values are the best that were met."
UNSETTLED = "The weights and the curve did not come to agree."
NO_FREEDOM = "There are as many parameters as points: no errors can be given."
NO_ERROR = "A standard error could not be computed."
NOT_HALF_WAY = "the curve is not yet half way at the highest one tested"
PAST_HALF_WAY = "the curve is past half way at the lowest one tested"
MAYBE_ABOVE = "the data do not exclude that it lies beyond the highest one tested"
MAYBE_BELOW = "the data do not exclude that it lies below the lowest one tested"
NONE_HIGHER, NONE_LOWER = "no higher bound is certain", "no lower bound is certain"


class Missing(IntEnum):
    """Where points are missing that would tell a parameter."""

    NOWHERE = 0
    BELOW = 1
    ABOVE = 2
    NEAR = 3


def too_few(axis: Axis, defined: tuple[int, int, int], zeros: tuple[int, int]) -> str:
    """That the points lie at too few places, and whether that is because many stand at zero.

    `defined` are the places, the parameters, and the places they need; `zeros` the points at zero, and all points.
    """
    places, parameters, needed = defined
    at_zero = 0 if axis.log10 else zeros[0]
    where = f"; {at_zero} of {zeros[1]} points stand at zero" if at_zero > 1 else ""
    found = f"{places} different values" if places > 1 else f"{places} value"
    found += f" of {axis.name.replace('_', ' ')}"
    return f"{found} cannot define {parameters} parameters: {needed} or more are needed{where}."


def out_of_proportion(largest: float) -> str:
    """That squares of the responses cannot be computed."""
    return f"A largest response of {largest:.1e} is out of all proportion; give it in another unit."


def no_ends(axis: Axis) -> str:
    """That only a log axis may have infinite values: a well without compound, or with all it can take."""
    return f"An infinite {axis.name} cannot be fitted: only a log axis has ends."


def not_seen(equation: Equation, p: float, allowed: float, points: int) -> str:
    """That there is no response, or none that is certain."""
    if p > UNLIKELY:
        return f"No response is seen: P = {p:.2g} that chance alone looks so (limit {allowed:g})."
    symbol = equation.parameters[equation.index(equation.location)].symbol
    return (
        f"A response is not certain (P = {p:.2g}; below {allowed:g} is asked of {points} points "
        f"so that flat curves get no {symbol}): more concentrations or replicates are needed."
    )


def not_identified(condition: float) -> str:
    """That the parameters cannot be told apart."""
    return f"The data do not identify all parameters (condition number {condition:.1e})."


def span_gone(gone: float, less: bool) -> str:
    """How much of the span between the controls is gone: less than half at the highest x, or more at the lowest."""
    share = f"{round(100 * gone)} %".replace("-", "−")
    where = "at the highest one tested, less than half" if less else "already at the lowest one tested"
    return f"{share} of the control span is gone {where}"


def bound(equation: Equation, name: str, relation: Relation, limit: float, why: str) -> str:
    """That only a bound of a location is known; `name` is its fitted name, with the label of its curve if any."""
    side = "above" if relation is Relation.ABOVE else "below"
    parameter = equation.parameters[equation.index(equation.location)]
    return f"{called(parameter.symbol, name)} lies {side} {x_text(equation, limit)}: {why}."


def at_limit(equation: Equation, name: str, value: float) -> str:
    """That a parameter stands at its limit, in the unit of its quantity, a potency as a concentration."""
    parameter = equation.parameters[equation.index(name.split("[")[0])]
    amount = antilog(value) if parameter.log10 else value
    size, unit = readable_unit(amount, parameter.unit)
    limit = f"{amount / size:.3g}{'' if unit.startswith('signal') or not unit else ' ' + unit}"
    return f"{meaning(equation, name)} stands at its limit, {limit}."


def not_defined(equation: Equation, name: str, missing: Missing, x: float) -> str:
    """That the data do not define a parameter, and where points are missing that would."""
    where = {
        Missing.NOWHERE: "the points that there are do not tell it",
        Missing.BELOW: "no points below ",
        Missing.ABOVE: "no points above ",
        Missing.NEAR: "no points near ",
    }[missing]
    place = "" if missing is Missing.NOWHERE else x_text(equation, x)
    return f"{meaning(equation, name)} is not defined: {where}{place}."


def meaning(equation: Equation, name: str) -> str:
    """Symbol and meaning of a parameter: 'Top (response without compound)'."""
    parameter = equation.parameters[equation.index(name.split("[")[0])]
    what = parameter.meaning.split(";")[0].rstrip(".")
    return f"{called(parameter.symbol, name)}{f' ({what})' if what else ''}"


def called(text: str, name: str) -> str:
    """The text with the label of its curve: 'IC50 [imipramine]'."""
    return f"{text} [{name.split('[', 1)[1]}" if "[" in name else text


def x_text(equation: Equation, x: float) -> str:
    """A tested x in its best unit."""
    amount = antilog(x) if logged(equation) else x
    size, unit = readable_unit(abs(amount), equation.axes[0].unit)
    return f"{amount / size:.3g}{' ' + unit if unit else ''}"


def logged(equation: Equation) -> bool:
    """Whether a tested x is told as its log10."""
    located = equation.parameters[equation.index(equation.location)] if equation.location else None
    return equation.axes[0].log10 or (located is not None and located.log10)
