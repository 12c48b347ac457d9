"""Experiments on their way: wells set aside, names and readings checked, compounds given one spelling."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..core.assay import Needs
from ..core.errors import LayoutError, Problems
from ..core.plate import Layout, PlateFormat, Role, Well
from ..core.trace import Trace
from .bench import counting
from .layouts import expand
from .treatments import STATED
from .wells import OUTSIDE

if TYPE_CHECKING:
    from .run_tables import ExperimentPart
    from .runfile import RunFile


_CONTROLS = {Role.TOTAL: "total binding", Role.NSB: "nonspecific binding", Role.ICE: "uptake on ice"}


@dataclass
class Draft:
    """The wells of one experiment before it is complete; `sound` when nothing was wrong with its readings.

    `failed` says why no sweep of a recorded cell is in use, '' where one is.
    """

    part: ExperimentPart
    where: str
    name: str
    format: PlateFormat
    wells: list[Well]
    notes: list[str]
    layouts: tuple[tuple[str, Layout], ...] = ()
    sha256: str = ""
    sound: bool = True
    member: str = ""
    traces: tuple[Trace, ...] = ()
    failed: str = ""


def check_names(drafts: list[Draft], problems: Problems) -> None:
    """Note two experiments of one name."""
    first: dict[str, str] = {}
    for draft in drafts:
        if first.setdefault(draft.name, draft.where) != draft.where:
            fix = "Give every independent experiment its own name"
            problems.add(f"two experiments are called '{draft.name}'", draft.where, fix, "E-NAME")


def check_independence(drafts: list[Draft], problems: Problems) -> None:
    """Note experiments that share readings: the same wells counted twice would look like two days."""
    first: dict[tuple[str, str], Draft] = {}
    for draft in drafts:
        others: dict[str, int] = {}
        for well in draft.wells:
            if well.set_aside.startswith(OUTSIDE):
                continue  # another experiment may have it in its own plate map
            key = (draft.sha256, well.source.partition(" > ")[2])
            other = first.setdefault(key, draft)
            if other is not draft:
                others[other.name] = others.get(other.name, 0) + 1
        for name, count in others.items():
            what = f"{count} readings are those of experiment '{name}' again"
            fix = "An experiment is an independent day with its own readings: remove it, or name its own file or plate"
            problems.add(what, f"{draft.where} > file", fix, "E-TWICE")


def check_signals(draft: Draft, runfile: RunFile, problems: Problems) -> None:
    """Note mixed units of the signal, and counts of which nobody says how long they took."""
    units = sorted({well.unit for well in draft.wells})
    if len(units) > 1:
        fix = "Give all wells of an experiment in one unit"
        problems.add(f"the units of the signal are mixed: {' and '.join(units)}", draft.where, fix, "E-UNIT")
    timed = counting(runfile.counting, draft.part.counting).time_s > 0
    if not timed and any(_untimed(well) for well in draft.wells):
        fix = 'Write time = "2 min" (or whatever it was) under [counting]'
        problems.add(
            "the signal is in counts but the counting time is missing", draft.where, fix, "E-MISSING"
        )


def check_asked(draft: Draft, needs: Needs, assay: str, problems: Problems) -> None:
    """Note what wells hold that the assay does not read: left out in silence it would mix what is not alike."""
    read = {STATED[name][0] for name in needs.columns if name in STATED}
    called = {into: name for name, (into, _) in STATED.items()}
    used = [well.treatment for well in draft.wells if well.used]
    for unread in dict.fromkeys(into for one in used for into in one.further if into not in read):
        what = f"wells state '{called[unread]}', which '{assay}' does not read"
        problems.add(
            what, draft.where, "Take it out of the layout, or name an assay that reads it", "E-LAYOUT"
        )
    for role in (Role.ICE, Role.WASH):
        if role not in (*needs.controls, *needs.also) and any(one.role is role for one in used):
            what = f"wells have the role '{role}', which '{assay}' does not read"
            fix = "Give them another role, or '-' for wells that are not in use"
            problems.add(what, draft.where, fix, "E-ROLE")


def _untimed(well: Well) -> bool:
    return well.unit == "counts" and not well.count_time_s > 0 and not well.set_aside.startswith(OUTSIDE)


def check_controls(draft: Draft, needs: Needs, problems: Problems) -> None:
    """Note every plate with compounds (else the experiment) that lacks one of the needed controls in use.

    A recorded cell of which no sweep passes its gates is left aside whole, not refused.
    """
    if draft.failed:
        return
    spoken = _CONTROLS if needs.label else {**_CONTROLS, Role.TOTAL: "vehicle (without compound)"}
    roles: dict[str, set[Role]] = {}
    for well in draft.wells:
        if well.used or well.treatment.role is Role.COMPOUND:
            roles.setdefault(well.plate, set()).add(well.treatment.role)
    tested = {plate: found for plate, found in roles.items() if Role.COMPOUND in found}
    for plate, found in (tested or {"": set().union(*roles.values())}).items():
        here = f"{draft.where} > plate '{plate}'" if plate else draft.where
        for role in needs.controls:
            if role not in found:
                fix = f"Give wells the role '{role}' in the layout, or keep one that is set aside"
                what = f"no well with {spoken.get(role, role)} is in use"
                problems.add(what, here, fix, "E-LAYOUT")


def check_gates(drafts: list[Draft], file: str, problems: Problems) -> None:
    """Note a run of which no cell has a control that passes its gates and can be read."""
    if drafts and all(draft.failed for draft in drafts):
        what = f"no cell has a control that can be used; {drafts[0].name}: {drafts[0].failed}"
        fix = "Look at the recordings; windows and limits are set in [measure.default] and its gates"
        problems.add(what, file, fix, "E-GATES")


def mark_set_aside(draft: Draft, problems: Problems) -> None:
    """Mark the wells that the run file sets aside; a well that is not there is a problem."""
    plates = list(dict.fromkeys(well.plate for well in draft.wells))
    at = {(well.plate, well.position): index for index, well in enumerate(draft.wells)}
    for number, entry in enumerate(draft.part.set_aside, start=1):
        where = f"{draft.where} > set_aside {number}"
        if entry.plate is None and len(plates) > 1:
            fix = f"Say which: plate = '{plates[0]}'"
            problems.add(f"the experiment has {len(plates)} plates", where, fix, "E-LAYOUT")
            continue
        plate = entry.plate if entry.plate is not None else next(iter(plates), "")
        try:
            wells = expand(entry.wells, draft.format)
        except LayoutError as error:
            problems.take(error, where)
            continue
        for position in wells:
            index = at.get((plate, position))
            if index is None:
                what = f"there is no well {position} in this experiment"
                problems.add(what, where, "Name wells that hold something", "E-LAYOUT")
                continue
            reasons = filter(None, (draft.wells[index].set_aside, entry.reason))
            draft.wells[index] = replace(draft.wells[index], set_aside="; ".join(reasons))


def same_name(name: str) -> str:
    """What two spellings of one compound have in common: composed letters, single spaces, no invisible characters.

    >>> same_name("imi\u200bpramine  HCl") == same_name("imipramine HCl")
    True
    """
    seen = "".join(
        letter for letter in unicodedata.normalize("NFC", name) if unicodedata.category(letter) != "Cf"
    )
    return " ".join(seen.split())


def unify_compounds(drafts: list[Draft], needs: Needs) -> None:
    """Give every compound one spelling where two differ only in Unicode composition, spaces or invisible characters."""
    wells = [well.treatment for draft in drafts for well in draft.wells]
    names = dict.fromkeys(name for what in wells for name in (what.compound, what.second_compound))
    spelling: dict[str, str] = {}
    for name in sorted(names, key=lambda one: one != same_name(one)):  # a plain spelling goes before others
        spelling.setdefault(same_name(name), name)
    alike: dict[str, str] = {}
    for draft in drafts:
        notes: list[str] = []
        for index, well in enumerate(draft.wells):
            what = well.treatment
            first, second = (spelling[same_name(name)] for name in (what.compound, what.second_compound))
            for kept, name in ((first, what.compound), (second, what.second_compound)):
                notes += _remarks(kept, name, alike)
            if (first, second) != (what.compound, what.second_compound):
                unified = replace(what, compound=first, second_compound=second)
                draft.wells[index] = replace(well, treatment=unified)
        vehicle = sum(_is_vehicle(well) for well in draft.wells)
        if vehicle:
            counted = "total binding" if needs.label else "vehicle"
            notes.append(f"wells with a compound at concentration zero, counted as {counted}: {vehicle}")
        draft.notes.extend(dict.fromkeys(notes))


def _remarks(kept: str, name: str, alike: dict[str, str]) -> list[str]:
    """What to say of the spelling of a name; `alike` remembers the first name that looks like each."""
    notes = []
    if kept != name:
        notes.append(
            f"'{kept}' is written with two sets of Unicode characters, invisible ones or spaces among them, "
            "and taken as one compound"
        )
    twin = alike.setdefault("".join(kept.casefold().split()), kept)
    if twin != kept:
        how = "differ in capitals only" if twin.casefold() == kept.casefold() else "look alike (a space)"
        notes.append(f"'{kept}' and '{twin}' {how} and are analysed as two compounds")
    return notes


def _is_vehicle(well: Well) -> bool:
    what = well.treatment
    return what.role is Role.TOTAL and bool(what.compound) and what.concentration_molar == 0
