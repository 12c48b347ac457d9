"""The rows of a tidy table as wells: one well a row, with everything that the row says about it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..core.errors import InputError, LayoutError, UnitError
from ..core.kinds import kinds_of
from ..core.plate import QUALITIES, Role, Treatment, Well
from ..core.reader import Table
from ..core.units import parse, quantity
from ..readers._sheet import number
from .columns import Columns, recognise, require, stated_units
from .compounds import concentration
from .treatments import STATED, amount, further, is_role, is_unused, molar, role_named, treatment
from .wells import NOTHING, OUTSIDE, UNUSED, Source, listed, reasons, signal_of, signal_unit, zero_time


def wells_of_table(table: Table, source: Source) -> list[Well]:
    """One well for each row of a tidy table; `Well.experiment` is what the experiment column says, else ''."""
    where = f"{source.file} > sheet '{table.name}'" if table.name else source.file
    before = len(source.problems.items)
    named = source.runfile.columns.model_dump(exclude_none=True)
    columns = recognise(table.columns, named, where, source.problems, source.asked)
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
    rows = _Rows(columns, source, mapped, stated_units(columns, source.runfile.units))
    found = [rows.well(row, place) for row, place in zip(table.rows, table.places, strict=True)]
    if rows.outside:
        source.notes.append(
            f"{where}: {len(rows.outside)} readings are not in the layout ({listed(rows.outside)})"
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
    units: Mapping[str, Mapping[str, str]]
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
        signal, reason = signal_of(number(text), text, unit, (columns.place(place, "signal"), problems))
        seconds = self._seconds(row, place)
        if what is None or len(problems.items) > before:
            return None
        quench = number(columns.cell(row, "quench"))
        error, quality = number(columns.cell(row, "signal_se")), self._quality(row, place)
        if quality is None:
            return None
        kept = {columns.headings[at]: row[at] for at in columns.others}
        kept |= {name: columns.cell(row, name) for name in ("replicate", "member") if name in columns}
        return Well(
            columns.cell(row, "experiment"),
            columns.cell(row, "plate"),
            position,
            what,
            signal,
            unit[0],
            seconds,
            math.nan if quench is None else quench,
            reasons(self._unused(row, what), columns.cell(row, "set_aside"), reason),
            place,
            kept,
            math.nan if error is None else error * unit[1],
            quality,
        )

    def _quality(self, row: tuple[str, ...], place: str) -> dict[str, float] | None:
        """What the row says of the recording; None where something is wrong with it, which is noted."""
        found, before = {}, len(self.source.problems.items)
        for name, kind in QUALITIES.items():
            try:
                value = amount(self.columns.cell(row, name), self.units[name], kind)
            except UnitError as error:
                self.source.problems.take(error, self.columns.place(place, name))
                continue
            if not math.isnan(value):
                found[name] = value
        return found if len(self.source.problems.items) == before else None

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
        found = self._mapped(position) if self.mapped else self._of_row(row, place)
        if found is None or found is NOTHING:
            return found
        try:
            more = further({name: self.columns.cell(row, name) for name in STATED}, self.units)
        except (LayoutError, UnitError) as error:
            self.source.problems.take(error, place)
            return None
        return replace(found, **more) if more else found  # type: ignore[arg-type]

    def _mapped(self, position: str) -> Treatment:
        layout = self.source.layout
        if layout is None or position not in layout.treatments:
            self.outside.append(position)
            return NOTHING
        return layout.treatments[position]

    def _of_row(self, row: tuple[str, ...], place: str) -> Treatment | None:
        role, compound = (self.columns.cell(row, name) for name in ("role", "compound"))
        if is_unused(role, compound):
            return NOTHING
        stated = {**self.units["conc"], "the unit column": self.columns.cell(row, "conc_unit")}
        amount = self._concentration(row, compound, stated, place)
        free = self._molar(row, "radioligand", self.units["radioligand"], place)
        if amount is None or free is None:
            return None
        try:
            return treatment(
                role,
                compound,
                amount,
                free,
                dosed="dose" in self.source.asked and bool(self.columns.cell(row, "dose")),
            )
        except LayoutError as error:
            self.source.problems.take(error, place)
            return None

    def _concentration(
        self, row: tuple[str, ...], compound: str, stated: Mapping[str, str], place: str
    ) -> float | None:
        try:
            return concentration(self.columns.cell(row, "conc"), stated, compound, self.source.runfile)
        except InputError as error:
            self.source.problems.take(error, self.columns.place(place, "conc"))
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
        return signal_unit(stated, self.source, self.columns.place(place, "signal"))

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
            zero_time(where, self.source.problems)
        return seconds.value
