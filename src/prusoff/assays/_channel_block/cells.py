"""The currents of cells as block: controls before and after, the drug at each concentration, run-down taken off."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from ...core.estimate import figures
from ...core.experiment import Experiment
from ...core.plate import Role, Treatment, Well
from ...electrophysiology.rundown import Rundown, Shape, inhibition, rundown_of, with_control

ROLES = (Role.TOTAL, Role.COMPOUND, Role.WASH)
PERCENT, FULL = "%", 100.0


@dataclass(frozen=True)
class Reading:
    """How currents are read: the last so many sweeps of each solution, the shape of the run-down, the leak taken off.

    `signal` is what the numbers are: a 'current', or percent of 'block', or percent 'left' of the control.
    """

    signal: str = "current"
    last_sweeps: int = 3
    rundown: Shape = "linear"
    subtract_leak: bool = False


@dataclass(frozen=True)
class Application:
    """One concentration in one cell: block in percent, sweep by sweep (`blocks` at `times`, s) and at its end.

    `uncorrected` and `corrected` are the block at its end without and with the full correction for run-down; `block` is
    the corrected one where the wash was `accepted`, else the middle of both. `read` says which sweeps made it.
    """

    molar: float
    wells: tuple[Well, ...]
    times: Array
    blocks: Array
    read: slice
    block: float
    uncorrected: float
    corrected: float
    accepted: bool

    @property
    def log_molar(self) -> float:
        """The log10 of the concentration in mol/L."""
        return math.log10(self.molar)

    @property
    def place(self) -> str:
        """Where the sweeps that were read stand."""
        wells = self.wells[self.read]
        first, last = (f"{well.plate} {well.position}".strip() for well in (wells[0], wells[-1]))
        return first if first == last else f"{first} to {last}"


@dataclass(frozen=True)
class BlockedCell:
    """One drug in one cell, read at one end point: its concentrations in rising order, and its controls over time.

    `rundown` is None where the source gives block instead of currents.
    """

    name: str
    subject: str
    applications: tuple[Application, ...]
    rundown: Rundown | None

    @property
    def recovery(self) -> float:
        """The control after the wash over that interpolated at the drug, the least of all; nan where there is none."""
        if self.rundown is None:
            return math.nan
        found = [float(self.rundown.recovery(one.times[one.read]).min()) for one in self.applications]
        return min(found, default=math.nan)

    @property
    def lost(self) -> float:
        """The part of the control current that was lost until after the wash; nan where it is not known."""
        return math.nan if self.rundown is None else self.rundown.lost


def subject_of(what: Treatment, several: bool) -> str:
    """The drug with its end point, and the potential where there are several: 'lidocaine (peak, −80 mV)'."""
    held = "" if math.isnan(what.voltage_v) else figures(round(what.voltage_v, 6), unit="V")
    if what.voltage_v == 0:
        held = "0 mV"
    told = ", ".join(filter(None, (what.end_point, held if several else "")))
    return f"{what.compound} ({told})" if told else what.compound


def blocked_cells(cell: Experiment, reading: Reading, several: bool) -> tuple[list[BlockedCell], Experiment]:
    """Every drug of a cell, and the cell with wells set aside that have no control or no concentration.

    `several` says that the cells of this run are held at several potentials, each a subject of its own.
    """
    ordered = sorted((well for well in cell.wells if well.used), key=_order)
    groups: dict[str, list[Well]] = {}
    for well in ordered:
        if well.treatment.role is Role.COMPOUND:
            groups.setdefault(subject_of(well.treatment, several), []).append(well)
    found: list[BlockedCell] = []
    aside: dict[int, str] = {}
    beside: dict[int, Well] = {}
    for subject, drug in groups.items():
        controls = [well for well in ordered if _beside(well.treatment, drug[0].treatment)]
        one, reason = _blocked((cell.name, subject), drug, controls, reading)
        if one is not None:
            found.append(one)
            if one.rundown is not None and not reading.subtract_leak:
                course = [*controls, *drug]
                beside |= dict(zip(map(id, course), with_control(course, one.rundown), strict=True))
        aside |= {id(well): reason for well in drug if reason}
    told = ((beside.get(id(well), well), aside.get(id(well), "")) for well in cell.wells)
    wells = tuple(replace(well, set_aside=reason) if reason else well for well, reason in told)
    return found, replace(cell, wells=wells)


def _order(well: Well) -> tuple[float, str, int, str]:
    """By time, those without one last; then by place, shorter names first, so that sweep 9 comes before sweep 10."""
    time = well.treatment.time_s
    return math.inf if math.isnan(time) else time, well.plate, len(well.position), well.position


def _beside(what: Treatment, drug: Treatment) -> bool:
    """Whether a sweep is one of the controls of a drug, or of another drug: same end point, same potential."""
    same = math.isnan(what.voltage_v) or math.isnan(drug.voltage_v) or what.voltage_v == drug.voltage_v
    return what.end_point in ("", drug.end_point) and same


def _blocked(
    named: tuple[str, str], drug: Sequence[Well], beside: Sequence[Well], reading: Reading
) -> tuple[BlockedCell | None, str]:
    """One drug of a cell, or why it cannot be read."""
    name, subject = named
    if reading.signal != "current":
        values = np.array([well.signal for well in drug])
        blocks = values if reading.signal == "block" else FULL - values
        given = _Blocks(blocks, blocks, blocks, np.ones(len(drug), dtype=bool))
        return BlockedCell(name, subject, tuple(_applications(drug, given, reading.last_sweeps)), None), ""
    before, after = _controls(drug, beside)
    if not before:
        return None, "this cell has no control before the drug"
    after = after[-reading.last_sweeps :]
    controls, washed = (np.array([_current(well, reading) for well in some]) for some in (before, after))
    if not float(np.mean(controls)):
        return None, "the control current of this cell is zero"
    rundown = rundown_of(controls, _times(before), washed, _times(after), reading.rundown)
    found = inhibition([_current(well, reading) for well in drug], _times(drug), rundown)
    read = _Blocks(
        FULL * found.value,
        FULL * found.uncorrected,
        FULL * found.corrected,
        np.asarray(found.accepted, dtype=bool),
    )
    return BlockedCell(name, subject, tuple(_applications(drug, read, reading.last_sweeps)), rundown), ""


def _current(well: Well, reading: Reading) -> float:
    return well.signal - (well.quality.get("leak", 0.0) if reading.subtract_leak else 0.0)


def _times(wells: Sequence[Well]) -> Array:
    return np.array([well.treatment.time_s for well in wells])


def _controls(drug: Sequence[Well], beside: Sequence[Well]) -> tuple[list[Well], list[Well]]:
    """The controls before a drug and after its wash-out; what stands beyond another drug is left out.

    Without times those before are the controls and those after the wash-outs.
    """
    compound = drug[0].treatment.compound
    free = [well for well in beside if well.treatment.role is not Role.COMPOUND]
    if np.isnan(_times((*drug, *free))).any():
        return (
            [well for well in free if well.treatment.role is Role.TOTAL],
            [well for well in free if well.treatment.role is Role.WASH],
        )
    first, last = drug[0].treatment.time_s, drug[-1].treatment.time_s
    others = [
        well.treatment.time_s
        for well in beside
        if well.treatment.role is Role.COMPOUND and well.treatment.compound != compound
    ]
    since = max((time for time in others if time < first), default=-math.inf)
    until = min((time for time in others if time > last), default=math.inf)
    before = [well for well in free if since < well.treatment.time_s < first]
    after = [well for well in free if last < well.treatment.time_s < until]
    controls = [well for well in before if well.treatment.role is Role.TOTAL]
    return controls or before, [well for well in after if well.treatment.role is Role.WASH] or after


@dataclass(frozen=True)
class _Blocks:
    """Block in percent of every sweep with the drug: as believed, without and with the full correction."""

    values: Array
    uncorrected: Array
    corrected: Array
    accepted: npt.NDArray[np.bool_]


def _applications(drug: Sequence[Well], blocks: _Blocks, last: int) -> Iterator[Application]:
    """The concentrations of a drug in rising order; the last sweeps of each are its reading, all where untimed."""
    molar = np.array([well.treatment.concentration_molar for well in drug])
    for one in np.unique(molar):
        here = np.flatnonzero(molar == one)
        wells = tuple(drug[int(k)] for k in here)
        times = _times(wells)
        read = slice(None) if np.isnan(times).any() else slice(max(0, here.size - last), None)
        own = here[read]
        yield Application(
            float(one),
            wells,
            times,
            blocks.values[here],
            read,
            float(blocks.values[own].mean()),
            float(blocks.uncorrected[own].mean()),
            float(blocks.corrected[own].mean()),
            bool(np.all(blocks.accepted[own])),
        )
