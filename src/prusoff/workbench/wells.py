"""What was counted and what stood in the wells, brought together: every reading becomes one well, none is dropped."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..core.errors import Problem, Problems, UnitError
from ..core.kinds import kinds_of
from ..core.plate import Layout, PlateFormat, Role, Treatment, Well
from ..core.reader import PlateReading
from ..core.units import factor
from .treatments import agreed_unit

if TYPE_CHECKING:
    from .runfile import RunFile

NO_UNIT = ("", "signal")
OUTSIDE = "not in the layout"
UNUSED = "not in use (layout)"
NOTHING = Treatment(Role.BLANK)
_INSIDE = {"counts": "counts", "count rate": "cpm", "activity": "dpm", "current": "A"}


@dataclass(frozen=True)
class Source:
    """Where wells come from: run file, raw file, plate map and size; problems and notes gather here.

    `is_broken` says that there is a plate map which could not be read; its problems are noted elsewhere. `asked` are
    the columns that the assay wants beyond the usual ones.
    """

    runfile: RunFile
    file: str
    format: PlateFormat
    layout: Layout | None
    problems: Problems
    notes: list[str] = field(default_factory=list)
    is_broken: bool = False
    asked: tuple[str, ...] = ()


def wells_of_plate(reading: PlateReading, source: Source) -> list[Well]:
    """One well for each well of the plate map, and one, set aside, for each reading outside the map."""
    where, layout = f"{source.file} > plate '{reading.name}'", source.layout
    if source.is_broken:
        return []
    if layout is None:
        fix = "Add a plate map, such as [layout.default], to the run file"
        source.problems.add("there is no plate map for this plate", where, fix, "E-LAYOUT")
        return []
    if layout.format != reading.format:
        what = f"the plate has {reading.format.size} wells, its map {layout.format.size}"
        source.problems.add(what, where, "Correct 'format' of the layout, or name another layout", "E-LAYOUT")
        return []
    stated = "" if reading.unit in NO_UNIT else reading.unit
    unit = signal_unit({"the file": stated}, source, where)
    found = [
        _from_plate(reading, position, what, (unit, source)) for position, what in layout.treatments.items()
    ]
    read = {*reading.values, *reading.notes}
    if not read & set(layout.treatments):
        what = "no well of the plate map has a reading"
        source.problems.add(what, where, "Check the layout and the plate", "E-LAYOUT")
    outside = [
        position for position in reading.format.positions() if position in read - set(layout.treatments)
    ]
    if outside:
        source.notes.append(f"{where}: {len(outside)} readings are not in the layout ({listed(outside)})")
    unasked = replace(source, problems=Problems())  # nothing is wrong with a reading that nobody uses
    extra = [_from_plate(reading, position, NOTHING, (unit, unasked)) for position in outside]
    return [*found, *(replace(well, set_aside=reasons(OUTSIDE, well.set_aside)) for well in extra)]


def _from_plate(
    reading: PlateReading, position: str, what: Treatment, how: tuple[tuple[str, float], Source]
) -> Well:
    unit, source = how
    place = reading.places.get(position, f"{source.file} > plate '{reading.name}' > {position}")
    value = reading.values.get(position)
    signal, reason = signal_of(value, reading.notes.get(position, ""), unit, (place, source.problems))
    seconds = reading.count_time_s.get(position, math.nan)
    if seconds <= 0:
        zero_time(place, source.problems)
    counts = reading.counts.get(position)
    return Well(
        "",
        reading.name,
        position,
        what,
        signal,
        unit[0],
        seconds,
        set_aside=reason,
        source=place,
        extra={} if counts is None else {"counts": f"{counts:.15g}"},
    )


def signal_unit(stated: Mapping[str, str], source: Source, where: str) -> tuple[str, float]:
    """The inside unit of a signal and what a number is multiplied by to stand in it."""
    try:
        unit = agreed_unit({**stated, "the run file": source.runfile.units.signal or ""})
    except UnitError as error:
        source.problems.take(error, where)
        return "", 1.0
    if not unit:
        fix = 'Add signal = "cpm" (or counts, dpm) to [units] in the run file'
        problem = Problem("the signal has no unit", where.partition(" > ")[0], fix, "E-UNIT")
        if problem not in source.problems.items:
            source.problems.items.append(problem)
    kind = next((kind for kind in kinds_of(unit) if kind in _INSIDE), "")
    return (_INSIDE[kind], factor(unit, kind)) if kind else (unit, 1.0)


def signal_of(
    value: float | None, text: str, unit: tuple[str, float], at: tuple[str, Problems]
) -> tuple[float, str]:
    """The signal in its inside unit, and the reason for setting the well aside where there is no number."""
    if value is None:
        return math.nan, f"the counter gave '{text}', not a number" if text else "there is no reading"
    if not math.isfinite(value):
        return math.nan, f"the counter gave {value}, not a number"
    if value < 0 and unit[0] == "counts":
        where, problems = at
        fix = "Only a net rate may be negative: give counts as counted, or the unit cpm"
        problems.add(f"{value:g} counts: counts cannot be negative", where, fix, "E-NEGATIVE")
    return value * unit[1], ""


def reasons(*reasons: str) -> str:
    """All reasons that there are, one after the other."""
    return "; ".join(filter(None, reasons))


def zero_time(where: str, problems: Problems) -> None:
    """Note a counting time of zero."""
    problems.add("the counting time is zero", where, "Give the time for which the well was counted", "E-ZERO")


def listed(wells: list[str]) -> str:
    """The first six of these."""
    return ", ".join(wells[:6]) + (", ..." if len(wells) > 6 else "")
