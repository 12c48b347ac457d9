"""From recordings of a cell to its wells: one for every sweep, pulse and end point, none dropped."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ..core.assay import Needs
from ..core.errors import InputError, Problem, Problems, PrusoffError, did_you_mean
from ..core.plate import FORMATS, Role, Treatment, Well
from ..core.reader import RawData
from ..core.recording import Recording
from ..core.trace import Trace
from ..electrophysiology.continuous import WINDOW, cut
from ..electrophysiology.gates import Limits, gate
from ..electrophysiology.measurement import Amplitude, measured
from ..electrophysiology.plan import Plan
from .applications import Application, applications, stretches
from .bench import inside
from .drafts import Draft
from .traces import first_of_each, traces_of
from .wells import NOTHING, reasons

if TYPE_CHECKING:
    from .run_recordings import AppliedPart, CellPart, GatesPart, MeasurePart
    from .run_tables import ExperimentPart
    from .runfile import RunFile


_CALLED = {Role.TOTAL: "control before the compound", Role.WASH: "control after the wash"}


@dataclass(frozen=True)
class Rig:
    """What is at hand while a recorded cell is read: run file, a way to open its further files, what the assay asks."""

    runfile: RunFile
    open: Callable[[str], RawData | None]
    needs: Needs
    problems: Problems


def draft_of_cell(part: ExperimentPart, raw: RawData, rig: Rig, where: str) -> Draft:
    """The wells of one cell from its recordings, measured, gated, each with what was applied."""
    name = part.name or PurePosixPath(part.file).stem
    draft = Draft(part, where, name, FORMATS[96], [], [], member=part.member or "")
    if not part.applied:
        fix = "Add [[experiment.applied]] tables: sweeps = '0-9' with role = 'control', then the compounds"
        rig.problems.add(
            "nothing says what was on the cell in which sweep", f"{where} > applied", fix, "E-MISSING"
        )
        return draft
    begun: dt.datetime | None = None
    for file in dict.fromkeys((part.file, *(entry.file for entry in part.applied if entry.file))):
        found = raw if file == part.file else rig.open(file)
        recording = None if found is None else _chosen(part, found, rig.problems, where)
        if recording is None:
            continue
        begun = begun or recording.started
        late = _later(recording, begun) if file != part.file else 0.0
        if math.isnan(late):
            draft.notes.append(f"{file} does not say when it was recorded: its sweeps have no times")
        wells, traces = _File(part, file, recording, late, rig, where).read()
        draft.wells.extend(wells)
        draft.traces = first_of_each((*draft.traces, *traces))
    _leave_whole(draft, rig.needs)
    return draft


def _leave_whole(draft: Draft, needs: Needs) -> None:
    """Set a cell aside whole of which no control can be used."""
    for role in needs.controls:
        asked = [well for well in draft.wells if well.treatment.role is role]
        if asked and not any(well.used for well in asked):
            draft.failed = asked[0].set_aside
            reason = f"no {_CALLED.get(role, role)} of the cell is in use"
            draft.notes.append(f"{draft.name} is set aside whole: {reason} ({draft.failed})")
            draft.wells = [replace(well, set_aside=well.set_aside or reason) for well in draft.wells]


def _chosen(part: ExperimentPart, raw: RawData, problems: Problems, where: str) -> Recording | None:
    """The recording of a file; the one that is named where it holds several."""
    names = [one.name for one in raw.recordings]
    found = names.index(part.recording) if part.recording in names else 0
    if (part.recording is None and len(names) == 1) or part.recording in names:
        if raw.recordings[found].sweeps:
            return raw.recordings[found]
        problems.add(f"{raw.file} holds no sweep", where, "Name a recording that has some", "E-EMPTY")
    elif not names:
        problems.add(f"{raw.file} holds no recording", where, "Name the file of the amplifier", "E-EMPTY")
    elif part.recording is None:
        fix = f"Say which: recording = '{names[0]}'"
        problems.add(f"{raw.file} holds {len(names)} recordings", where, fix, "E-NAME")
    else:
        fix = did_you_mean(part.recording, names)
        problems.add(f"{raw.file} has no recording '{part.recording}'", f"{where} > recording", fix, "E-NAME")
    return None


def _later(recording: Recording, begun: dt.datetime | None) -> float:
    """How many seconds after the first recording of the cell this one began; nan where one of them does not say."""
    if (
        begun is None
        or recording.started is None
        or (begun.tzinfo is None) != (recording.started.tzinfo is None)
    ):
        return math.nan
    return (recording.started - begun).total_seconds()


@dataclass(frozen=True)
class _File:
    """One recording of a cell: its file, how much later than the first it began, and what the run file says of it."""

    part: ExperimentPart
    file: str
    recording: Recording
    late_s: float
    rig: Rig
    where: str

    def read(self) -> tuple[list[Well], tuple[Trace, ...]]:
        """All wells of the recording, and the sweeps that are drawn."""
        try:
            whole = self._cut()
        except PrusoffError as error:
            self.rig.problems.take(error, f"{self.where} > applied")
            return [], ()
        applied = applications(
            whole, list(self._entries().values()), self.part.measure or "default", self.rig.problems
        )
        wells: list[Well] = []
        traces: tuple[Trace, ...] = ()
        for name in dict.fromkeys(one.measure for one in applied.values()):
            measure = self._measure(name)
            if measure is None:
                continue
            sweeps = tuple(one for one in whole.sweeps if applied[one.number].measure == name)
            recording = replace(whole, sweeps=sweeps)
            try:
                plan = plan_of(measure, recording, continuous=self._continuous)
                amplitudes = measured(recording, plan)
            except PrusoffError as error:
                self.rig.problems.take(error, f"{self.rig.runfile.file} > measure > {name}")
                continue
            made = [self._well(one, applied[one.sweep], measure) for one in amplitudes]
            wells.extend(gate(made, limits_of(measure.gates)))
            drawn = traces_of(recording, plan.channel, amplitudes, applied)
            traces += tuple(replace(one, called=measure.called or "") for one in drawn)
        return wells, traces

    def _entries(self) -> dict[int, tuple[str, AppliedPart]]:
        """What was applied in this file, by its number in the run file, with its place."""
        return {
            number: (f"{self.where} > applied {number}", entry)
            for number, entry in enumerate(self.part.applied, start=1)
            if (entry.file or self.part.file) == self.file
        }

    @property
    def _continuous(self) -> bool:
        """Whether the applications are stretches of time in a continuous recording."""
        return any(entry.start is not None for _, entry in self._entries().values())

    def _cut(self) -> Recording:
        """The recording, with a sweep for each application where it is continuous. Raises InputError."""
        if not self._continuous:
            return self.recording
        entries = {number: entry for number, (_, entry) in self._entries().items()}
        found = stretches(entries)
        if len(found) < len(entries):
            fix = "Give all of them start and end, or all of them sweeps"
            raise InputError(Problem("some applications are told by time, others by sweeps", fix=fix))
        measures = [self.rig.runfile.measure.get(one.measure or "default") for one in entries.values()]
        before = max((inside(one.baseline, Plan().baseline_s) for one in measures if one), default=0.0)
        return cut(self.recording, found, before)

    def _measure(self, name: str) -> MeasurePart | None:
        stated = self.rig.runfile.measure
        if name in stated:
            return stated[name]
        fix = did_you_mean(name, stated) if stated else "Add it: end_point, sign and epoch (or start and end)"
        self.rig.problems.add(f"there is no table [measure.{name}]", self.where, fix, "E-MISSING")
        return None

    def _well(self, one: Amplitude, applied: Application, measure: MeasurePart) -> Well:
        place = f"{'application' if self._continuous else 'sweep'} {one.sweep}"
        channels = list(self.recording.currents())
        source = f"{self.file} > {place}"
        if len(channels) > 1 and measure.channel:
            source += f" > {measure.channel}"
        if self.file != self.part.file:
            place = f"{PurePosixPath(self.file).stem} {place}"
        train = place if one.pulse else ""  # pulses of one train stand together
        told = (
            f"pulse {one.pulse}" if one.pulse else place,
            one.end_point if len(measure.end_point) > 1 else "",
        )
        return Well(
            "",
            train,
            ", ".join(filter(None, told)),
            self._treatment(one, applied, measure),
            one.current,
            "A",
            set_aside=reasons(one.set_aside, applied.set_aside),
            source=source,
            quality={**one.quality, **cell_quality(self.part.cell)},
        )

    def _treatment(self, one: Amplitude, applied: Application, measure: MeasurePart) -> Treatment:
        """What was applied, with time, potential, pulse and end point as far as they are asked for or stated."""
        asked, what = self.rig.needs.columns, applied.treatment
        if what is NOTHING:
            return what
        named = "end_point" in asked or len(measure.end_point) > 1
        return replace(
            what,
            time_s=self.late_s + one.time_s if "time" in asked else math.nan,
            voltage_v=one.potential if math.isnan(what.voltage_v) else what.voltage_v,
            pulse=float(one.pulse) if one.pulse else math.nan,
            end_point=measure.called or (one.end_point if named else ""),
        )


def plan_of(measure: MeasurePart, recording: Recording, *, continuous: bool = False) -> Plan:
    """The plan of a measurement as the run file states it, for this recording; of a `continuous` one that was cut
    each application is the window. Raises InputError.
    """
    usual = Plan()
    if continuous and (measure.epoch or measure.start is not None or measure.end is not None):
        fix = "Take epoch, start and end out of this table"
        raise InputError(
            Problem("the window is the time of each application already", fix=fix, code="E-SWEEP")
        )
    return Plan(
        measure.end_point,  # type: ignore[arg-type]
        measure.sign or usual.sign,
        _channel(measure, recording),
        (WINDOW,) if continuous else measure.epoch,
        inside(measure.start),
        inside(measure.end),
        inside(measure.blank, usual.blank_s),
        inside(measure.baseline, usual.baseline_s),
        measure.leak,
        measure.leak_epoch,
        measure.voltage or "",
        inside(measure.holding),
        measure.membrane_test or 0,
    )


def _channel(measure: MeasurePart, recording: Recording) -> int:
    names = [one.name for one in recording.channels]
    currents = list(recording.currents())
    if measure.channel is not None:
        if measure.channel not in names:
            fix = did_you_mean(measure.channel, names)
            what = f"{recording.name} has no channel '{measure.channel}'"
            raise InputError(Problem(what, fix=fix, code="E-NAME"))
        return names.index(measure.channel)
    if len(currents) == 1:
        return currents[0]
    listed = ", ".join(f"'{one.name}' ({one.unit})" for one in recording.channels)
    what = f"{recording.name} has {len(currents) or 'no'} channels with a current: {listed}"
    fix = f"Say which: channel = '{names[currents[0]] if currents else '...'}'"
    raise InputError(Problem(what, fix=fix, code="E-NAME"))


def limits_of(gates: GatesPart) -> Limits:
    """The limits of the gates: those of the run file, else those of the field."""
    usual = Limits()
    return Limits(
        inside(gates.voltage_error, usual.voltage_error_v),
        inside(gates.series_resistance, usual.series_resistance_ohm),
        inside(gates.series_change, usual.series_change),
        inside(gates.seal, usual.seal_ohm),
        inside(gates.leak, usual.leak_a),
        inside(gates.drift, usual.drift_a),
    )


def cell_quality(cell: CellPart) -> dict[str, float]:
    """What the amplifier said of the cell as a whole, by the names of a well's quality."""
    stated = {name: getattr(cell, name) for name in type(cell).model_fields}
    return {name: value.value for name, value in stated.items() if value is not None}
