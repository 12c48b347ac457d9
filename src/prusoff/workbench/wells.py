"""What was counted and what stood in the wells, brought together: every reading becomes one well, none is dropped."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..core.errors import LayoutError, Problem, Problems, UnitError
from ..core.kinds import kinds_of
from ..core.plate import Layout, PlateFormat, Role, Treatment, Well
from ..core.reader import PlateReading, Table
from ..core.units import factor, parse, quantity
from ..readers._sheet import number
from .columns import Columns, recognise, require
from .treatments import agreed_unit, is_role, is_unused, molar, role_named, treatment

if TYPE_CHECKING:
    from .runfile import RunFile

NO_UNIT = ("", "signal")
OUTSIDE = "not in the layout"
UNUSED = "not in use (layout)"
NOTHING = Treatment(Role.BLANK)
_INSIDE = {"counts": "counts", "count rate": "cpm", "activity": "dpm"}


@dataclass(frozen=True)
class Source:
    """Where wells come from: run file, raw file, plate map and size; problems and notes gather here.

    `is_broken` says that there is a plate map which could not be read; its problems are noted elsewhere.
    """

    runfile: RunFile
    file: str
    format: PlateFormat
    layout: Layout | None
    problems: Problems
    notes: list[str] = field(default_factory=list)
    is_broken: bool = False


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
    unit = _signal_unit({"the file": stated}, source, where)
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
        source.notes.append(f"{where}: {len(outside)} readings are not in the layout ({_listed(outside)})")
    unasked = replace(source, problems=Problems())  # nothing is wrong with a reading that nobody uses
    extra = [_from_plate(reading, position, NOTHING, (unit, unasked)) for position in outside]
    return [*found, *(replace(well, set_aside=_reasons(OUTSIDE, well.set_aside)) for well in extra)]


def _from_plate(
    reading: PlateReading, position: str, what: Treatment, how: tuple[tuple[str, float], Source]
) -> Well:
    unit, source = how
    place = reading.places.get(position, f"{source.file} > plate '{reading.name}' > {position}")
    value = reading.values.get(position)
    signal, reason = _signal(value, reading.notes.get(position, ""), unit, (place, source.problems))
    seconds = reading.count_time_s.get(position, math.nan)
    if seconds <= 0:
        _zero_time(place, source.problems)
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


def wells_of_table(table: Table, source: Source) -> list[Well]:
    """One well for each row of a tidy table; `Well.experiment` is what the experiment column says, else ''."""
    where = f"{source.file} > sheet '{table.name}'" if table.name else source.file
    before = len(source.problems.items)
    named = source.runfile.columns.model_dump(exclude_none=True)
    columns = recognise(table.columns, named, where, source.problems)
    mapped = "role" not in columns and "compound" not in columns and source.layout is not None
    needed = ["well", "signal"] if mapped else ["signal", *_compound_column(table, columns)]
    if source.is_broken and not mapped and "role" not in columns and "compound" not in columns:
        return []
    if not require(columns, needed, where, source.problems) or len(source.problems.items) > before:
        return []
    if not mapped and not _has_units(table, columns, source, where):
        return []
    remark = columns.remark()
    if remark:
        source.notes.append(f"{where}: {remark}")
    rows = _Rows(columns, source, mapped)
    found = [rows.well(row, place) for row, place in zip(table.rows, table.places, strict=True)]
    if rows.outside:
        source.notes.append(
            f"{where}: {len(rows.outside)} readings are not in the layout ({_listed(rows.outside)})"
        )
    return [well for well in found if well is not None]


def _compound_column(table: Table, columns: Columns) -> list[str]:
    """The compound column is needed unless the role column says that no well holds a compound (saturation)."""
    controls_only = "role" in columns and all(
        is_role(role) and role_named(role) is not Role.COMPOUND
        for role in (columns.cell(row, "role") for row in table.rows)
    )
    return [] if controls_only else ["compound"]


def _has_units(table: Table, columns: Columns, source: Source, where: str) -> bool:
    """Whether the concentrations have a unit anywhere; said once for the column, not for every row."""
    said = source.runfile.units.concentration or columns.unit("conc") or "conc_unit" in columns
    cells = [columns.cell(row, "conc") for row in table.rows]
    amounts = [cell for cell in cells if number(cell)]
    if (
        said
        or not amounts
        or any(cell and number(cell) is None and kinds_of(cell.split()[-1]) for cell in cells)
    ):
        return True
    heading = columns.headings[columns.at["conc"]]
    fix = f"Write the heading as '{heading} (nM)', or add concentration = \"nM\" to [units] in the run file"
    source.problems.add("the concentrations have no unit", columns.place(where, "conc"), fix, "E-UNIT")
    return False


@dataclass
class _Rows:
    """The rows of one table on their way to wells."""

    columns: Columns
    source: Source
    mapped: bool
    seen: dict[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)

    def well(self, row: tuple[str, ...], place: str) -> Well | None:
        """The well of one row, or None where something is wrong with it, which is noted."""
        problems, columns = self.source.problems, self.columns
        before = len(problems.items)
        position = self._position(row, place)
        what = self._treatment(row, position, place)
        unit = self._unit(row, place)
        text = columns.cell(row, "signal")
        signal, reason = _signal(number(text), text, unit, (columns.place(place, "signal"), problems))
        seconds = self._seconds(row, place)
        if what is None or len(problems.items) > before:
            return None
        quench = number(columns.cell(row, "quench"))
        kept = {columns.headings[at]: row[at] for at in columns.others}
        return Well(
            columns.cell(row, "experiment"),
            columns.cell(row, "plate"),
            position,
            what,
            signal,
            unit[0],
            seconds,
            math.nan if quench is None else quench,
            _reasons(self._unused(row, what), columns.cell(row, "set_aside"), reason),
            place,
            kept | ({"replicate": columns.cell(row, "replicate")} if "replicate" in columns else {}),
        )

    def _unused(self, row: tuple[str, ...], what: Treatment) -> str:
        """Why a row takes no part although it has a reading: the plate map, or its own role, does not use it."""
        if what is not NOTHING:
            return ""
        return OUTSIDE if self.mapped else UNUSED

    def _position(self, row: tuple[str, ...], place: str) -> str:
        if "well" not in self.columns:
            return place.rpartition(" > ")[2]
        text, where = self.columns.cell(row, "well"), self.columns.place(place, "well")
        try:
            position = self.source.format.position(text)
        except LayoutError as error:
            self.source.problems.take(error, where)
            return text
        key = (self.columns.cell(row, "experiment"), self.columns.cell(row, "plate"), position)
        if key in self.seen:
            other, there = self.seen[key]
            what = f"well {position} stands twice: '{text}' here and '{other}' at {there}"
            self.source.problems.add(what, where, "Correct one, or name the plate of each", "E-WELL")
        self.seen[key] = (text, place)
        return position

    def _treatment(self, row: tuple[str, ...], position: str, place: str) -> Treatment | None:
        if self.mapped and self.source.layout is not None:
            if position not in self.source.layout.treatments:
                self.outside.append(position)
            return self.source.layout.treatments.get(position, NOTHING)
        role, compound = (self.columns.cell(row, name) for name in ("role", "compound"))
        if is_unused(role, compound):
            return NOTHING
        said = self.source.runfile.units
        conc = {
            "the heading": self.columns.unit("conc"),
            "the unit column": self.columns.cell(row, "conc_unit"),
            "the run file": said.concentration or "",
        }
        label = {"the heading": self.columns.unit("radioligand"), "the run file": said.radioligand or ""}
        amount, free = self._molar(row, "conc", conc, place), self._molar(row, "radioligand", label, place)
        if amount is None or free is None:
            return None
        try:
            return treatment(role, compound, amount, free)
        except LayoutError as error:
            self.source.problems.take(error, place)
            return None

    def _molar(self, row: tuple[str, ...], name: str, stated: Mapping[str, str], place: str) -> float | None:
        try:
            return molar(self.columns.cell(row, name), stated)
        except UnitError as error:
            self.source.problems.take(error, self.columns.place(place, name))
            return None

    def _unit(self, row: tuple[str, ...], place: str) -> tuple[str, float]:
        stated = {
            "the heading": self.columns.unit("signal"),
            "the unit column": self.columns.cell(row, "signal_unit"),
        }
        return _signal_unit(stated, self.source, self.columns.place(place, "signal"))

    def _seconds(self, row: tuple[str, ...], place: str) -> float:
        text, where = self.columns.cell(row, "count_time"), self.columns.place(place, "count_time")
        if not text:
            return math.nan
        try:
            value = number(text)
            unit = self.columns.unit("count_time")
            seconds = parse(text, "time") if value is None or not unit else quantity(value, unit, "time")
        except UnitError as error:
            self.source.problems.take(error, where)
            return math.nan
        if seconds.value == 0:
            _zero_time(where, self.source.problems)
        return seconds.value


def _signal_unit(stated: Mapping[str, str], source: Source, where: str) -> tuple[str, float]:
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


def _signal(
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


def _reasons(*reasons: str) -> str:
    return "; ".join(filter(None, reasons))


def _zero_time(where: str, problems: Problems) -> None:
    problems.add("the counting time is zero", where, "Give the time for which the well was counted", "E-ZERO")


def _listed(wells: list[str]) -> str:
    return ", ".join(wells[:6]) + (", ..." if len(wells) > 6 else "")
