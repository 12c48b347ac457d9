"""What was on a cell in each sweep of its recordings: by numbers of sweeps, or from one tag to another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..core.errors import LayoutError, Problems, did_you_mean
from ..core.estimate import figures
from ..core.plate import Treatment
from ..core.recording import Recording
from .bench import inside
from .treatments import treatment
from .wells import NOTHING

if TYPE_CHECKING:
    from .run_recordings import AppliedPart

UNSAID = "no [[experiment.applied]] names this sweep"


@dataclass(frozen=True)
class Application:
    """What one sweep stood under: the treatment, its name for people, the [measure] table, why it is set aside."""

    treatment: Treatment
    label: str
    measure: str
    set_aside: str = ""


def applications(
    recording: Recording, entries: Sequence[tuple[str, AppliedPart]], measure: str, problems: Problems
) -> dict[int, Application]:
    """What was applied in each sweep of a recording, by its number.

    `entries` are those of this file with their places in the run file, `measure` the table that is used where an entry
    names none. Sweeps that nobody names are set aside. Everything that is wrong is noted in `problems`.
    """
    members: dict[int, list[int]] = {sweep.number: [] for sweep in recording.sweeps}
    spans = _spans(recording, entries, problems)
    for at, (place, entry) in enumerate(entries):
        mine = _numbers(recording, entry, spans[at])
        if not mine and not _everything(entry) and not math.isnan(sum(spans[at])):
            last = recording.sweeps[-1].number if recording.sweeps else 0
            what = f"no sweep of {recording.name} lies there; its sweeps are 0 to {last}"
            problems.add(what, place, "Correct the numbers or the tags", "E-SWEEP")
        for number in mine:
            members[number].append(at)
    rest = [at for at, (_, entry) in enumerate(entries) if _everything(entry)]
    for named in members.values():
        named.extend([] if named else rest)
    _check_twice(members, entries, problems)
    found = [_application(place, entry, measure, problems) for place, entry in entries]
    return _settled(recording, members, entries, found)


def stretches(entries: Mapping[int, AppliedPart]) -> dict[int, tuple[float, float]]:
    """Start and end of the applications of a continuous recording in s, by number; empty where they are sweeps."""
    return {
        number: (entry.start.value, entry.end.value)
        for number, entry in entries.items()
        if entry.start is not None and entry.end is not None
    }


def _everything(entry: AppliedPart) -> bool:
    return all(one is None for one in (entry.sweeps, entry.since, entry.until, entry.start))


def _spans(
    recording: Recording, entries: Sequence[tuple[str, AppliedPart]], problems: Problems
) -> list[tuple[float, float]]:
    """From when to when (s) each entry that is named by tags lasts; nan where a tag is not there."""
    starts = [
        _tag(recording, entry.since, place, problems) if entry.since else 0.0 for place, entry in entries
    ]
    begun = sorted(start for start, (_, entry) in zip(starts, entries, strict=True) if entry.since)
    return [
        (
            start,
            _tag(recording, entry.until, place, problems)
            if entry.until
            else next((one for one in begun if one > start), math.inf),
        )
        for start, (place, entry) in zip(starts, entries, strict=True)
    ]


def _tag(recording: Recording, text: str, place: str, problems: Problems) -> float:
    found = [tag for tag in recording.tags if text.casefold() in tag.text.casefold()]
    exact = [tag for tag in found if tag.text.strip().casefold() == text.strip().casefold()]
    chosen = exact or found
    if len(chosen) == 1:
        return chosen[0].time_s
    if chosen:
        listed = ", ".join(f"'{tag.text}' ({tag.time_s:.4g} s)" for tag in chosen)
        problems.add(
            f"{len(chosen)} tags hold '{text}': {listed}", place, "Name the sweeps in their place", "E-TAG"
        )
    else:
        fix = did_you_mean(text, (tag.text for tag in recording.tags))
        problems.add(f"{recording.name} has no tag '{text}'", place, fix, "E-TAG")
    return math.nan


def _numbers(recording: Recording, entry: AppliedPart, span: tuple[float, float]) -> list[int]:
    """The sweeps of an entry; one that begins before a tag belongs to what was on the cell before it."""
    if entry.sweeps is not None:
        return [sweep.number for sweep in recording.sweeps if sweep.number in entry.sweeps]
    if entry.start is not None:
        return [sweep.number for sweep in recording.sweeps if sweep.start_s == entry.start.value]
    if _everything(entry):
        return []
    return [sweep.number for sweep in recording.sweeps if span[0] <= sweep.start_s < span[1]]


def _check_twice(
    members: dict[int, list[int]], entries: Sequence[tuple[str, AppliedPart]], problems: Problems
) -> None:
    told: set[tuple[int, ...]] = set()
    for number, named in members.items():
        if len(named) > 1 and tuple(named) not in told:
            told.add(tuple(named))
            what = f"sweep {number} is named here and at {entries[named[0]][0].rpartition(' > ')[2]}"
            problems.add(what, entries[named[1]][0], "Name every sweep once", "E-SWEEP")


def _application(place: str, entry: AppliedPart, measure: str, problems: Problems) -> Application:
    name = entry.measure or measure
    molar = inside(entry.concentration)
    try:
        what = treatment(
            "" if entry.compound and not entry.role else entry.role or "", entry.compound or "", molar
        )
    except LayoutError as error:
        if not (entry.set_aside and not entry.role and not entry.compound):
            problems.take(error, place)
        what = NOTHING
    if entry.second_compound:
        second = inside(entry.second_concentration)
        what = replace(what, second_compound=entry.second_compound, second_molar=second)
    if entry.voltage is not None:
        what = replace(what, voltage_v=entry.voltage.value)
    label = " ".join(
        filter(None, (entry.compound or entry.role or "", figures(molar, unit="M") if molar else ""))
    )
    return Application(what, label, name, entry.set_aside or "")


def _settled(
    recording: Recording,
    members: dict[int, list[int]],
    entries: Sequence[tuple[str, AppliedPart]],
    found: Sequence[Application],
) -> dict[int, Application]:
    """The application of every sweep; those before the cell has settled are set aside."""
    begun = {sweep.number: sweep.start_s for sweep in recording.sweeps}
    each: dict[int, Application] = {}
    for at, one in enumerate(found):
        mine = sorted(number for number, named in members.items() if named[:1] == [at])
        entry = entries[at][1]
        late = set(mine[-entry.last :] if entry.last else mine)
        for number in mine:
            reason = one.set_aside
            if entry.settle is not None and begun[number] - begun[mine[0]] < entry.settle.value:
                reason = (
                    reason or f"within {figures(entry.settle.value, unit='s')} of the start of {one.label}"
                )
            elif number not in late:
                reason = reason or f"before the last {entry.last} sweeps of {one.label}"
            each[number] = replace(one, set_aside=reason)
    for number, named in members.items():
        if not named:
            each[number] = Application(NOTHING, "", found[0].measure, UNSAID)
    return each
