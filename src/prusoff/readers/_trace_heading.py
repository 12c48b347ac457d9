"""Headings of a table of traces: which column is the time, which a sweep or a channel, and in which unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.errors import UnitError
from ..core.units import factor
from ._electric import electric

_UNIT = re.compile(r"^(?P<name>.*?)[\s_]*[\(\[]\s*(?P<unit>[^\)\]]*?)\s*[\)\]]\s*$")
_TIME = re.compile(r"^(time|t|zeit|temps|tiempo|tempo)$", re.IGNORECASE)
_SWEEP = re.compile(r"(?<![a-z])(?:sweep|trace|episode|segment)[\s_#]*(?P<number>\d+)", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(sweep|trace|episode|segment|channel|current|voltage|potential|command|stimulus|adc|im|vm|vcmd|i|v)\b",
    re.IGNORECASE,
)
_COMMAND = re.compile(r"\b(command|stimulus|vcmd|cmd)\b", re.IGNORECASE)


@dataclass(frozen=True)
class TraceColumn:
    """One column of samples: its heading, its unit ('' where none is stated), its sweep (None without a number) and
    channel, and whether it is the command.
    """

    heading: str
    unit: str
    sweep: int | None
    channel: str
    is_command: bool


@dataclass(frozen=True)
class TraceHeading:
    """All columns: the unit of the time ('' where none is stated) and the columns of samples in their order."""

    time_unit: str
    columns: tuple[TraceColumn, ...]


def heading_of(cells: Sequence[str]) -> TraceHeading | None:
    """The columns of a table of traces; None where the first is no time or another is neither current nor potential."""
    name, unit = _split(cells[0] if cells else "")
    if len(cells) < 2 or not _TIME.match(name) or not all(cell.strip() for cell in cells):
        return None
    columns = tuple(_column(cell) for cell in cells[1:])
    if not all(column.unit or _NAMED.search(column.heading.replace("_", " ")) for column in columns):
        return None
    return TraceHeading(unit if time_size(unit) else "", columns)


def time_size(unit: str) -> float:
    """What a time in this unit is multiplied by to stand in s; 0 where it is no unit of time."""
    small = {"ms": 1e-3, "msec": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6}
    if unit in small:
        return small[unit]
    try:
        return factor(unit, "time") if unit else 0.0
    except UnitError:
        return 0.0


def _split(heading: str) -> tuple[str, str]:
    found = _UNIT.match(heading.strip())
    if found:
        return found["name"].strip(), found["unit"]
    name, _, last = heading.strip().rpartition("_")
    if name and (time_size(last) or electric(last)[0]):
        return name, last
    return heading.strip(), ""


def _column(heading: str) -> TraceColumn:
    name, unit = _split(heading)
    sweep = _SWEEP.search(name)
    channel = (
        " ".join((name[: sweep.start()] + " " + name[sweep.end() :]).strip("_ ").split()) if sweep else name
    )
    return TraceColumn(
        heading.strip(),
        unit if electric(unit)[0] else "",
        int(sweep["number"]) if sweep else None,
        channel,
        bool(_COMMAND.search(name.replace("_", " "))),
    )
