"""From a run file and the raw data it names to experiments in inside units."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ..core.assay import Needs
from ..core.errors import Problems, PrusoffError, did_you_mean
from ..core.experiment import Compound, Experiment
from ..core.plate import FORMATS, Layout, Well
from ..core.reader import PlateReading, RawData, Table
from .bench import added, conditions, counting, label_of, radioligand
from .compounds import check_compounds, compounds_of
from .drafts import (
    Draft,
    check_asked,
    check_controls,
    check_gates,
    check_independence,
    check_names,
    check_signals,
    mark_set_aside,
    unify_compounds,
)
from .labels import check_labels, check_lot
from .layouts import layouts_of
from .recorded_wells import Rig, draft_of_cell
from .well_rows import wells_of_table
from .wells import NOTHING, Source, wells_of_plate
from .wording import raise_all

if TYPE_CHECKING:
    from .run_tables import ExperimentPart
    from .runfile import RunFile

BINDING = Needs()
Reading = Callable[[Path, str | None], RawData]


@dataclass
class _Desk:
    """All that is at hand while a run is read: each raw file and each of its tables is taken apart once."""

    runfile: RunFile
    folder: Path
    read: Reading
    problems: Problems
    layouts: dict[str, Layout]
    needs: Needs
    files: dict[tuple[str, str | None], RawData | None] = field(default_factory=dict)
    rows: dict[tuple[object, ...], tuple[list[Well], list[str]]] = field(default_factory=dict)

    def raw(self, part: ExperimentPart, where: str) -> RawData | None:
        """The contents of the file of an experiment, or None where it cannot be read, which is noted."""
        key = (part.file, part.reader)
        if key not in self.files:
            try:
                self.files[key] = self.read(self.folder / part.file, part.reader)
            except PrusoffError as error:
                self.problems.take(error, f"{where} > file")
                self.files[key] = None
        return self.files[key]

    def rig(self, part: ExperimentPart, where: str) -> Rig:
        """What a recorded cell is read with. The samples of its recordings are let go: they may fill the memory."""
        self.files.pop((part.file, part.reader), None)

        def further(file: str) -> RawData | None:
            found = self.raw(part.model_copy(update={"file": file}), where)
            self.files.pop((file, part.reader), None)
            return found

        return Rig(self.runfile, further, self.needs, self.problems)

    def layout(self, part: ExperimentPart) -> Layout | None:
        """The plate map of an experiment as the counter saw it."""
        found = self.layouts.get(part.layout or "default")
        return found.rotated() if found is not None and part.rotated else found

    def source(self, part: ExperimentPart) -> Source:
        """What the wells of an experiment are made from."""
        layout = self.layout(part)
        plate = FORMATS[part.format] if part.format else layout.format if layout else FORMATS[96]
        broken = layout is None and (part.layout or "default") in self.runfile.layout
        asked = (*self.needs.columns, *(("member",) if self.runfile.panel else ()))
        return Source(self.runfile, part.file, plate, layout, self.problems, is_broken=broken, asked=asked)

    def table(self, part: ExperimentPart, table: Table) -> tuple[list[Well], list[str]]:
        """The wells and the notes of a tidy table."""
        key = (part.file, part.reader, table.name, part.layout, part.rotated, part.format)
        if key not in self.rows:
            source = self.source(part)
            self.rows[key] = (wells_of_table(table, source), source.notes)
        return self.rows[key]


def experiments_of(
    runfile: RunFile, folder: Path, read: Reading, needs: Needs = BINDING
) -> tuple[Experiment, ...]:
    """The experiments of a run, every reading a well with its treatment.

    `folder` holds the files that the run file names; `read(path, reader)` takes one apart; `needs` says what the assay
    asks for. Everything that is wrong
    with data and layouts is raised at once: as UnitError or LayoutError where all of it is of that kind, else as
    InputError. A well that cannot be used is kept and says why in `set_aside`; what else was met is in `notes`.
    """
    problems = Problems()
    desk = _Desk(runfile, folder, read, problems, layouts_of(runfile, folder, problems), needs)
    drafts: list[Draft] = []
    for number, part in enumerate(runfile.experiment, start=1):
        where = f"{runfile.file} > experiment {number}"
        raw = desk.raw(part, where)
        if raw is not None:
            before = len(problems.items)
            found = _drafts(part, raw, desk, where)
            for draft in found:
                draft.sha256 = raw.sha256
                draft.sound = bool(draft.wells) and len(problems.items) == before
                draft.notes = [*raw.notes, *draft.notes]
            drafts.extend(found)
    check_labels(runfile, {draft.member for draft in drafts} or {""}, needs, problems)
    for draft in drafts:
        check_lot(runfile, draft, needs, problems)
    check_names(drafts, problems)
    wells = [well for draft in drafts for well in draft.wells]
    check_compounds(runfile, (well.treatment.compound for well in wells), problems)
    check_independence(drafts, problems)
    for draft in drafts:
        mark_set_aside(draft, problems)
        check_asked(draft, needs, runfile.run.assay, problems)
        check_signals(draft, runfile, problems)
        if draft.sound:
            check_controls(draft, needs, problems)
    check_gates(drafts, runfile.file, problems)
    raise_all(problems)
    _note_left(drafts, desk)
    unify_compounds(drafts, needs)
    known = compounds_of(runfile)
    return tuple(_experiment(draft, runfile, known) for draft in drafts)


def _drafts(part: ExperimentPart, raw: RawData, desk: _Desk, where: str) -> list[Draft]:
    if raw.recordings:
        return [draft_of_cell(part, raw, desk.rig(part, where), where)]
    plates = _plates(part, raw, desk)
    if plates:
        return [_from_plates(part, plates, desk, where)]
    tables = [table for table in raw.tables if part.sheet in (None, table.name)]
    if len(tables) == 1:
        return _from_table(part, tables[0], desk, where)
    if len(tables) > 1:
        fix = f"Say which: sheet = '{tables[0].name}'"
        desk.problems.add(f"{part.file} holds {len(tables)} tables", where, fix, "E-SHEET")
    elif part.sheet is not None:
        fix = did_you_mean(part.sheet, (table.name for table in raw.tables))
        desk.problems.add(f"there is no table in a sheet '{part.sheet}'", f"{where} > sheet", fix, "E-NAME")
    else:
        desk.problems.add(
            f"{part.file} holds neither a plate nor a table", where, "Export it again", "E-EMPTY"
        )
    return []


def _plates(part: ExperimentPart, raw: RawData, desk: _Desk) -> list[PlateReading]:
    """The plates of a file that hold readings; the sheet with the plate map is none of them."""
    layout = desk.runfile.layout.get(part.layout or "default")
    sheet = f"> sheet '{layout.sheet}' >" if layout and layout.file == part.file and layout.sheet else ""
    return [
        plate
        for plate in raw.plates
        if plate.values and not (sheet and any(sheet in place for place in plate.places.values()))
    ]


def _from_plates(part: ExperimentPart, plates: list[PlateReading], desk: _Desk, where: str) -> Draft:
    chosen = [plate for plate in plates if not part.plate or plate.name in part.plate]
    _check_selection(part, (plate.name for plate in plates), desk.problems, where)
    source = desk.source(part)
    wells = [well for plate in chosen for well in wells_of_plate(plate, source)]
    layouts = tuple((plate.name, source.layout) for plate in chosen if source.layout is not None)
    name = part.name or PurePosixPath(part.file).stem
    return Draft(part, where, name, source.format, wells, source.notes, layouts, member=part.member or "")


def _from_table(part: ExperimentPart, table: Table, desk: _Desk, where: str) -> list[Draft]:
    """The experiments in a tidy table: the rows of this name, or one for each value of the experiment column."""
    wells, notes = desk.table(part, table)
    _check_selection(part, (well.plate for well in wells), desk.problems, where)
    chosen = [well for well in wells if not part.plate or well.plate in part.plate]
    values = list(dict.fromkeys(well.experiment for well in chosen))
    stem = PurePosixPath(part.file).stem
    if part.name in values or (part.name and len(values) > 1):
        if part.name not in values:
            fix = did_you_mean(part.name, values)
            what = f"{part.file} has no rows of the experiment '{part.name}'"
            desk.problems.add(what, f"{where} > name", fix, "E-NAME")
        groups = {part.name: [well for well in chosen if well.experiment == part.name]}
    elif part.name:
        groups = {part.name: chosen}
    else:
        groups = {value or stem: [well for well in chosen if well.experiment == value] for value in values}
    source = desk.source(part)
    drafts = []
    for name, members in groups.items():
        names = dict.fromkeys(well.plate for well in members)
        layouts = tuple(
            (plate, source.layout) for plate in names if source.layout and _on(source.layout, members)
        )
        drafts.extend(
            _by_member(Draft(part, where, name, source.format, members, list(notes), layouts), desk)
        )
    return drafts


def _by_member(draft: Draft, desk: _Desk) -> list[Draft]:
    """One draft for each member of the panel that the rows name; the whole one where the experiment names it."""
    told = list(dict.fromkeys(well.extra.get("member", "") for well in draft.wells))
    if draft.part.member or told in ([""], []):
        return [replace(draft, member=draft.part.member or "")]
    for name in told:
        if name not in desk.runfile.panel:
            fix = did_you_mean(name, desk.runfile.panel)
            desk.problems.add(f"the panel has no '{name}'", f"{draft.where} > file", fix, "E-NAME")
    return [
        replace(
            draft,
            name=f"{draft.name}, {name}",
            wells=[well for well in draft.wells if well.extra.get("member", "") == name],
            member=name,
        )
        for name in told
    ]


def _on(layout: Layout, wells: list[Well]) -> bool:
    """Whether these wells have their treatments from this plate map, not from the table itself."""
    return all(layout.treatments.get(well.position, NOTHING) is well.treatment for well in wells)


def _check_selection(part: ExperimentPart, known: Iterable[str], problems: Problems, where: str) -> None:
    names = list(dict.fromkeys(known))
    for plate in part.plate:
        if plate not in names:
            fix = did_you_mean(plate, names)
            problems.add(f"{part.file} has no plate '{plate}'", f"{where} > plate", fix, "E-NAME")


def _note_left(drafts: list[Draft], desk: _Desk) -> None:
    """Say which experiments of a table nobody asked for."""
    for key, (wells, _) in desk.rows.items():
        mine = [draft for draft in drafts if draft.part.file == key[0]]
        asked = {well.source for draft in mine for well in draft.wells}
        left = [well for well in wells if well.source not in asked]
        if left and mine:
            names = dict.fromkeys(well.experiment or well.plate for well in left)
            listed = ", ".join(f"'{name}'" for name in names)
            mine[0].notes.append(
                f"{key[0]}: {len(left)} rows ({listed}) belong to no experiment of the run file"
            )


def _experiment(draft: Draft, runfile: RunFile, known: tuple[Compound, ...]) -> Experiment:
    part = draft.part
    return Experiment(
        draft.name,
        tuple(replace(well, experiment=draft.name) for well in draft.wells),
        radioligand(label_of(runfile, draft.member), part.lot),
        added(part),
        conditions(runfile, part, draft.member),
        counting(runfile.counting, part.counting),
        part.date,
        draft.layouts,
        part.rotated,
        tuple(draft.notes),
        draft.member,
        known,
        draft.traces,
    )
