"""The fits of a table as people read them: estimates with their intervals, and what must be known of each curve."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..core.equation import Parameter
from ..core.units import factor, readable_unit
from .fit_columns import curves_in_words, rows_in_words, unit_of
from .fit_table import FitTable, FittedRow
from .screen.discovery import RATE

SHOWN = 100  # curves that a person reads through
CALLED = 0.05  # false discovery rate at which responses are counted
PLACES = 2  # rows set aside that are named for a curve; the others are counted
PER_SECOND = "1/s"  # of the rates of a law; people read them in the unit of their times
NONE = "–"


@dataclass(frozen=True)
class PrintedCurve:
    """One curve: its keys, how it ended, every estimate with and without its interval, its points, its notes."""

    keys: tuple[str, ...]
    outcome: str
    estimates: tuple[str, ...]
    values: tuple[str, ...]
    points: str
    notes: tuple[str, ...]
    false_discovery: str = ""

    @property
    def name(self) -> str:
        """What tells the curve apart."""
        return " ".join(self.keys) or "the curve"


@dataclass(frozen=True)
class PrintedFits:
    """A title, the headings, the first curves, how many others there are; `first` is the estimate to look at first."""

    title: str
    by: tuple[str, ...]
    parameters: tuple[str, ...]
    first: int
    curves: tuple[PrintedCurve, ...]
    others: int


def printed_fits(table: FitTable, most: int = SHOWN, told: Sequence[str] = ()) -> PrintedFits:
    """The fits of a table for people; of a long one the first curves, and how many others there are.

    `told` is what is to be said of each curve beside that.
    """
    law = table.law
    ended = f" ({table.tally})" if len(table) else ""
    rates = table.fitted.more.get(RATE)
    if rates is not None:
        ended += f"; {int((rates <= CALLED).sum())} respond at a false discovery rate of {CALLED:.0%}"
    return PrintedFits(
        f"{table.request.equation}: {curves_in_words(len(table))}{ended}",
        table.by,
        tuple(_heading(table, parameter) for parameter in law.parameters),
        law.index(law.location) if law.location else 0,
        tuple(_curves(table, most, told)),
        max(len(table) - most, 0),
    )


def _curves(table: FitTable, most: int, told: Sequence[str]) -> Iterator[PrintedCurve]:
    rates = table.fitted.more.get(RATE)
    for c, (row, aside) in enumerate(zip(table.rows[:most], table.set_aside(), strict=False)):
        both = [_estimate(table, row, parameter) for parameter in table.law.parameters]
        yield PrintedCurve(
            row.keys,
            row.outcome.code,
            tuple(value + interval for value, interval in both),
            tuple(value for value, _ in both),
            str(row.used) + (f" ({row.set_aside} aside)" if row.set_aside else ""),
            tuple(one for one in (*told[c : c + 1], row.reason, _why_aside(row, aside)) if one),
            "" if rates is None else _number(float(rates[c])).replace("nan", NONE),
        )


def _why_aside(row: FittedRow, aside: tuple[str, ...]) -> str:
    """Which rows were set aside: the first by their places, the others by their number."""
    if not aside:
        return ""
    more = f"; and {len(aside) - PLACES} more" if len(aside) > PLACES else ""
    return f"{rows_in_words(len(aside))} set aside: {'; '.join(aside[:PLACES])}{more}."


def _heading(table: FitTable, parameter: Parameter) -> str:
    """The symbol and the unit; a molar quantity has its unit in the cell."""
    rate = parameter.unit == PER_SECOND
    unit = _rate_unit(table.axes.x_unit) if rate else unit_of(parameter, table.axes.y_unit)
    unit = unit.replace("signal", table.axes.y)
    return f"{parameter.symbol} ({unit})" if unit and parameter.unit != "M" else parameter.symbol


def _estimate(table: FitTable, row: FittedRow, parameter: Parameter) -> tuple[str, str]:
    """Value and interval of a parameter, or the bound where only that is known of the location."""
    if row.relation and parameter.name == table.law.location:
        size, unit, (bound,) = _scaled(table, parameter, [row.bound])
        return f"{row.relation} {_number(bound / size)}{unit}", ""
    if not row.outcome.usable:
        return NONE, ""
    value, _, *limits = row.parameters[parameter.name]
    size, unit, (value, *limits) = _scaled(table, parameter, [value, *limits])
    text = f"{_number(value / size)}{unit}"
    if parameter.name in table.fitted.fits.fixed:
        return text, " (held)"
    return text, _interval([limit / size for limit in limits], above_zero=value > 0)


def _scaled(table: FitTable, parameter: Parameter, numbers: list[float]) -> tuple[float, str, list[float]]:
    """Numbers in inside units, and the size and the name of the unit in which they are read."""
    if parameter.log10:
        numbers = [_antilog(number) for number in numbers]
    if parameter.unit == "M":
        size, unit = readable_unit(numbers[0], "M")
        return size, f" {unit}", numbers
    rate = parameter.unit == PER_SECOND
    return (factor(_rate_unit(table.axes.x_unit), "rate constant") if rate else 1.0), "", numbers


def _interval(limits: list[float], above_zero: bool) -> str:
    """The interval in brackets; an open side is left out."""
    low, high = limits
    if math.isnan(low) and math.isnan(high):
        return ""
    no_low = not math.isfinite(low) or (low == 0 and above_zero)
    if no_low and not math.isfinite(high):
        return " (no limits)"
    if no_low:
        return f" (< {_number(high)})"
    if not math.isfinite(high):
        return f" (> {_number(low)})"
    between = " to " if low < 0 or high < 0 else "–"
    return f" ({_number(low)}{between}{_number(high)})"


def _number(value: float) -> str:
    """Three figures, and all that stand before the point."""
    return f"{value:.0f}" if 1e3 <= abs(value) < 1e7 else f"{value:.3g}"


def _antilog(number: float) -> float:
    return math.inf if number > 308 else 10.0**number


def _rate_unit(time: str) -> str:
    """The unit of a rate constant for times in this unit."""
    return f"1/{time or 's'}"
