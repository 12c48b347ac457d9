"""Dots with their intervals in rows, one row a compound: what selectivities and fold shifts are drawn with."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.estimate import Estimate, Relation
from ..core.figure import Band, Line, Mark, Points, Scale

ROW = 0.2  # inches for a row
MOST_ROWS = 30


@dataclass(frozen=True)
class Dot:
    """One estimate in a row, with its label in the legend and its colour."""

    row: int
    estimate: Estimate
    label: str
    colour: int
    shift: float = 0.0


def dots(those: Sequence[Dot], limits: tuple[float, float]) -> Iterator[Mark]:
    """Intervals as lines, values as filled points, bounds as hollow points with a line to the end of the axis."""
    for one in those:
        low, high = _reach(one.estimate, limits)
        y = -one.row - one.shift
        if low < high:
            yield Line(np.array([low, high]), np.array([y, y]), one.label, one.colour)
    for label in dict.fromkeys(one.label for one in those):
        for bound in (False, True):
            mine = [one for one in those if one.label == label and one.estimate.is_bound is bound]
            if mine:
                x = np.clip(np.array([one.estimate.value for one in mine]), *limits)
                at = np.array([-one.row - one.shift for one in mine])
                told = "only a bound: the value lies on the side of the line" if bound else label
                yield Points(x, at, told, mine[0].colour, filled=not bound)


def rows(names: Sequence[str]) -> Scale:
    """The axis with the names of the rows, the first on top."""
    ticks = tuple((-float(place), name) for place, name in enumerate(names))
    return Scale("compound", limits=(0.4 - len(names), 0.6), ticks=ticks)


def stripes(number: int, limits: tuple[float, float]) -> Iterator[Mark]:
    """Every second row shaded, so that the eye stays in its row."""
    for row in range(1, number, 2):
        ends = np.array(limits)
        yield Band(ends, np.full(2, -row - 0.5), np.full(2, -row + 0.5), colour=7)


def height(number: int) -> float:
    """How high a panel of so many rows is, in inches."""
    return max(1.3, 0.75 + ROW * number)


def span(estimates: Sequence[Estimate]) -> tuple[float, float]:
    """The ends of a logarithmic axis that holds these values and their intervals, where these end within reach.

    An interval that reaches three decades beyond all values is cut there.
    """
    values = [one.value for one in estimates if one.value > 0]
    inner, outer = min(values) / 1e3, max(values) * 1e3
    ends = [end for one in estimates for end in (one.low, one.high) if inner < end < outer]
    low, high = math.log10(min(*values, *ends, math.inf)), math.log10(max(*values, *ends, 0.0))
    pad = max(0.06 * (high - low), 0.15)
    return 10.0 ** (low - pad), 10.0 ** (high + pad)


def _reach(one: Estimate, limits: tuple[float, float]) -> tuple[float, float]:
    if one.relation is Relation.ABOVE:
        return one.value, limits[1]
    if one.relation is Relation.BELOW:
        return limits[0], one.value
    if not one.has_interval:
        return one.value, one.value
    low, high = np.clip([one.low, one.high], *limits)
    return float(low), float(high)
