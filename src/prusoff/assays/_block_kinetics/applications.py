"""The applications of a drug to a cell: readings before it, while it is there, and after it is washed out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import InputError, Problems
from ...core.estimate import figures
from ...core.experiment import Experiment
from ...core.plate import Role, Well
from ...core.result import Points
from .._recorded_cells import facing
from .._signal import Signals, signals

FEWEST_READINGS = 4
RECOVERY = "recovery"
ONSET, OFFSET = "onset", "wash"


@dataclass(frozen=True)
class Application:
    """One application: its wells, set aside or not, and the currents (sign turned so that a block lowers them).

    `applied` and `washed` are the times in s that each well had the drug and the wash; wells before it have 0 and 0.
    """

    name: str
    compound: str
    molar: float
    wells: tuple[Well, ...]
    applied: Array
    washed: Array
    current: Array

    @property
    def label(self) -> str:
        """'10 µM', with the name of the application where it has one."""
        drug = figures(self.molar, unit="M")
        return f"{drug} ({self.name})" if self.name else drug

    @property
    def used(self) -> np.ndarray:
        """Which wells take part."""
        return np.array([well.used for well in self.wells], dtype=bool)

    @property
    def onset(self) -> np.ndarray:
        """Readings before the drug and while it is there, in use."""
        chosen: np.ndarray = self.used & (self.washed == 0.0)
        return chosen

    @property
    def offset(self) -> np.ndarray:
        """Readings after the start of the wash, in use."""
        chosen: np.ndarray = self.used & np.array([well.treatment.role is Role.WASH for well in self.wells])
        return chosen

    @property
    def onsets(self) -> int:
        """At how many different times with drug there is a reading in use."""
        return int(np.unique(self.applied[self.onset & (self.applied > 0.0)]).size)

    @property
    def offsets(self) -> int:
        """At how many different times of the wash there is a reading in use."""
        return int(np.unique(self.washed[self.offset]).size)

    @property
    def lasted_s(self) -> float:
        """How long the drug was there: until the last reading with it."""
        return float(self.applied[self.onset].max(initial=0.0))

    @property
    def curve(self) -> Curve:
        """All readings in use against the times with drug and with wash, and the drug."""
        x = np.array([self.applied, self.washed, np.full(self.applied.size, self.molar)])
        return Curve(x[:, self.used], self.current[self.used], label=self.label)

    def points(self, sign: float) -> tuple[Points, ...]:
        """The readings as they are drawn: onset and wash, each against its own time."""
        washing = np.array([well.treatment.role is Role.WASH for well in self.wells], dtype=bool)
        found = []
        for title, chosen, time in ((ONSET, ~washing, self.applied), (OFFSET, washing, self.washed)):
            own = [well for well, here in zip(self.wells, chosen, strict=True) if here]
            if own:
                names = tuple(f"{well.plate} {well.position}".strip() for well in own)
                used = tuple(well.used for well in own)
                label = f"{title}: {figures(self.molar, unit='M')}"
                found.append(Points(time[chosen], sign * self.current[chosen], names, used, label))
        return tuple(found)


@dataclass(frozen=True)
class Recovery:
    """Test currents after a conditioning pulse against the time between them, without drug or with it (`molar` > 0)."""

    compound: str
    molar: float
    wells: tuple[Well, ...]
    time: Array
    current: Array

    @property
    def label(self) -> str:
        """'no drug' or the concentration."""
        return figures(self.molar, unit="M") if self.molar > 0 else "no drug"

    @property
    def used(self) -> np.ndarray:
        """Which wells take part."""
        return np.array([well.used for well in self.wells], dtype=bool)

    def points(self, sign: float) -> Points:
        """The readings as they are drawn."""
        names = tuple(f"{well.plate} {well.position}".strip() for well in self.wells)
        used = tuple(well.used for well in self.wells)
        return Points(self.time, sign * self.current, names, used, f"{RECOVERY}: {self.label}")


@dataclass(frozen=True)
class Cell:
    """What was measured of one cell; `sign` is -1 where its currents are inward."""

    experiment: Experiment
    read: Signals
    sign: float
    applications: tuple[Application, ...]
    recoveries: tuple[Recovery, ...]

    @property
    def compounds(self) -> tuple[str, ...]:
        """The drugs, in the order of their names."""
        applied = {one.compound for one in self.applications}
        recovered = {one.compound for one in self.recoveries if one.compound}
        return tuple(sorted(applied | recovered))


Reading = tuple[Well, float]


def cell_of(experiment: Experiment) -> Cell:
    """The applications and recoveries of a cell; refuses readings without time or concentration, all at once."""
    read = signals(experiment)
    sign = facing(read)
    every = [(well, sign * float(value)) for well, value in zip(read.wells, read.values, strict=True)]
    every = [one for one in every if one[0].treatment.role in (Role.TOTAL, Role.COMPOUND, Role.WASH)]
    _require(experiment.name, [well for well, _ in every if well.used])
    recovering = [one for one in every if one[0].treatment.end_point.lower() == RECOVERY]
    return Cell(
        experiment,
        read,
        sign,
        _applications([one for one in every if one[0].treatment.end_point.lower() != RECOVERY]),
        _recoveries(recovering),
    )


def _require(cell: str, wells: Sequence[Well]) -> None:
    problems = Problems()
    drugged = [well for well in wells if well.treatment.role in (Role.COMPOUND, Role.WASH)]
    timeless = [well for well in drugged if not well.treatment.time_s >= 0]
    timeless += [well for well in wells if _recovers(well) and not well.treatment.time_s >= 0]
    if timeless:
        what = f"{len(timeless)} readings with drug, of its wash or of a recovery do not say when they were taken"
        fix = "Give the column 'time': from the start of the application, of the wash, or after the conditioning pulse"
        problems.add(what, f"{cell} > {timeless[0].plate} {timeless[0].position}", fix, "E-TIME")
    if any(not well.treatment.concentration_molar > 0 or not well.treatment.compound for well in drugged):
        what = "readings with drug, or of its wash, do not say which drug at which concentration"
        problems.add(what, cell, "Give compound and concentration in every row of an application", "E-LAYOUT")
    problems.raise_if_any(InputError)


def _recovers(well: Well) -> bool:
    return well.treatment.end_point.lower() == RECOVERY


def _applications(every: Sequence[Reading]) -> tuple[Application, ...]:
    """One for every drug and concentration on a 'plate', each with the readings before it there."""
    keys = {
        (well.plate, well.treatment.compound, well.treatment.concentration_molar)
        for well, _ in every
        if well.treatment.role is not Role.TOTAL
    }
    several = len({(compound, molar) for _, compound, molar in keys}) < len(keys)
    found = []
    for plate, compound, molar in sorted(keys):
        own = [one for one in every if one[0].plate == plate and _belongs(one[0], compound, molar)]
        found.append(_application(plate if several else "", (compound, molar), own))
    return tuple(sorted(found, key=lambda one: (one.compound, one.molar, one.name)))


def _belongs(well: Well, compound: str, molar: float) -> bool:
    what = well.treatment
    return what.role is Role.TOTAL or (what.compound, what.concentration_molar) == (compound, molar)


def _application(name: str, drug: tuple[str, float], own: Sequence[Reading]) -> Application:
    lasted = max(
        (well.treatment.time_s for well, _ in own if well.used and well.treatment.role is Role.COMPOUND),
        default=0.0,
    )
    placed = sorted(
        ((*_times(well, lasted), well.position, well, value) for well, value in own), key=lambda one: one[:3]
    )
    return Application(
        name,
        *drug,
        tuple(one[3] for one in placed),
        np.array([one[0] for one in placed]),
        np.array([one[1] for one in placed]),
        np.array([one[4] for one in placed]),
    )


def _times(well: Well, lasted: float) -> tuple[float, float]:
    """The times with drug and with wash; a reading before the drug has none of both, nor has one without a time."""
    what, time = well.treatment, _time(well)
    if what.role is Role.TOTAL:
        return 0.0, 0.0
    return (lasted, time) if what.role is Role.WASH else (time, 0.0)


def _time(well: Well) -> float:
    """When the reading was taken; 0 for one that does not say it."""
    return 0.0 if math.isnan(well.treatment.time_s) else well.treatment.time_s


def _recoveries(every: Sequence[Reading]) -> tuple[Recovery, ...]:
    groups: dict[tuple[str, float], list[Reading]] = {}
    for well, value in every:
        what = well.treatment
        key = (what.compound, what.concentration_molar) if what.role is Role.COMPOUND else ("", 0.0)
        groups.setdefault(key, []).append((well, value))
    found = []
    for (compound, molar), own in sorted(groups.items()):
        own.sort(key=lambda one: (_time(one[0]), one[0].plate, one[0].position))
        time = np.array([_time(well) for well, _ in own])
        found.append(
            Recovery(
                compound, molar, tuple(well for well, _ in own), time, np.array([value for _, value in own])
            )
        )
    return tuple(found)
