"""One experiment of binding kinetics: wells by phase and time, the label that is free, and what is bound elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import LayoutError, Problems
from ...core.estimate import figures
from ...core.experiment import Experiment
from ...core.plate import Role, Treatment, Well, row_and_column
from ...fitting.weights import Weights
from .._ligand import Ligand, molar_per_signal
from .._signal import Signals

ROLES = (Role.TOTAL, Role.NSB)
ASSOCIATION, DISSOCIATION = "association", "dissociation"
DILUTION = "dilution"
MOST_NAMED = 3

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Kinetics:
    """The wells of one experiment, in the order of their plates; all arrays are (well,).

    `before` is the time of association (s) and `after` that since the chase; the label (mol/L) as `planned`, as `added`
    by the count of its solution, and as `free`;
    `chase` what started the dissociation ('' during association, 'dilution', or the chaser with its concentration).
    `dilution` is how many times wells were diluted, nan where none was. `depletion` is the largest part of the label
    that is bound in wells treated alike, nan where the counts cannot be expressed in moles.
    """

    experiment: Experiment
    wells: tuple[Well, ...]
    signal: Array
    before: Array
    after: Array
    planned: Array
    added: Array
    free: Array
    chase: tuple[str, ...]
    unit: str
    weighting: Weights
    dilution: float
    molar_per_signal: float
    depletion: float

    @property
    def used(self) -> Mask:
        """Which wells take part."""
        return np.array([well.used for well in self.wells], dtype=bool)

    @property
    def chases(self) -> tuple[str, ...]:
        """The ways in which dissociation was started and followed in wells in use, excess of a chaser first."""
        found = {chase for chase, well in zip(self.chase, self.wells, strict=True) if chase and well.used}
        return tuple(sorted(found, key=lambda one: (one == DILUTION, one)))

    @property
    def concentrations(self) -> Array:
        """The label added to wells of the association that are in use, lowest first."""
        return np.unique(self.added[self.of(Role.TOTAL, "")])

    def of(self, role: Role, chase: str, added: float | None = None, used: bool = True) -> Mask:
        """Which wells have this role and this chase ('' during association), and this label where one is asked for."""
        chosen = [
            well.treatment.role is role and one == chase and (well.used or not used)
            for well, one in zip(self.wells, self.chase, strict=True)
        ]
        found = np.array(chosen, dtype=bool)
        return found if added is None else found & (self.added == added)

    def curve(self, wells: Mask, label: str, over: str = "free") -> Curve:
        """These wells against both times and the label: free, or `added` in mol/L with a molar signal."""
        if over == "added":
            x = np.array([self.before[wells], self.after[wells], self.added[wells]])
            return Curve(x, self.signal[wells] * self.molar_per_signal, label=label)
        x = np.array([self.before[wells], self.after[wells], self.free[wells]])
        return Curve(x, self.signal[wells], label=label)

    def left(self, chase: str) -> float:
        """The part of the free label that the chase leaves to bind again."""
        return 1.0 / self.dilution if chase == DILUTION else 0.0


def kinetics(experiment: Experiment, read: Signals, ligand: Ligand, dilution: float) -> Kinetics:
    """Gather the wells of an experiment that `require_times` let pass."""
    found = [
        (well, value)
        for well, value in zip(read.wells, read.values, strict=True)
        if well.treatment.role in ROLES
    ]
    found.sort(key=lambda one: (one[0].plate, row_and_column(one[0].position)))
    wells, signal = tuple(well for well, _ in found), np.array([value for _, value in found])
    chase = tuple(_chase(well.treatment) for well in wells)
    as_planned = experiment.added.planned_molar
    own = np.array([well.treatment.radioligand_molar for well in wells])
    planned = np.where(np.isnan(own), as_planned, own)
    time = np.array([well.treatment.time_s for well in wells])
    chased = np.array([one != "" for one in chase])
    per_signal = molar_per_signal(ligand, experiment, read.unit)
    part = Kinetics(
        experiment,
        wells,
        signal,
        np.where(chased, experiment.conditions.incubation_s, time),
        np.where(chased, time, 0.0),
        planned,
        planned * ligand.per_planned,
        planned * ligand.per_planned,
        chase,
        read.unit,
        read.weighting,
        dilution,
        per_signal,
        math.nan,
    )
    if math.isnan(per_signal):
        return part
    return _with_free(part)


def _chase(what: Treatment) -> str:
    if what.phase != DISSOCIATION:
        return ""
    amount = figures(what.second_molar, unit="M")
    return f"{amount} {what.second_compound}".strip() if what.second_compound else DILUTION


def _with_free(part: Kinetics) -> Kinetics:
    """The same with the label that is free on average: added less the mean bound of the wells with as much label.

    For wells after a chase that is the label during the incubation before it.
    """
    bound = part.signal * part.molar_per_signal
    free, most = part.added.copy(), 0.0
    for role in ROLES:
        for added in np.unique(part.added[part.added > 0]):
            own = part.of(role, "", float(added))
            rest = [part.of(role, chase, float(added)) for chase in ("", *part.chases)]
            if not own.any():
                own = np.logical_or.reduce(rest)
            if own.any():
                mean = max(float(bound[own].mean()), 0.0)
                same = (part.added == added) & np.array([w.treatment.role is role for w in part.wells])
                free[same] = max(float(added) - mean, 0.0)
                most = max(most, _most_bound(part, bound, own) / float(added))
    return replace(part, free=free, depletion=most)


def _most_bound(part: Kinetics, bound: Array, own: Mask) -> float:
    """The largest mean of wells that were stopped at the same time."""
    times = part.before[own] + part.after[own]
    return max(float(bound[own][times == time].mean()) for time in np.unique(times))


def require_times(experiments: Sequence[Experiment], dilution: float) -> None:
    """Refuse wells without time, phase or label, and chases of which too little is known: all in one refusal."""
    problems = Problems()
    for experiment in experiments:
        wells = [well for well in experiment.wells if well.used and well.treatment.role in ROLES]
        for lacks, what, fix, code in _WANTED:
            missing = [well for well in wells if lacks(well.treatment, experiment)]
            if missing:
                named = ", ".join(f"{well.plate} {well.position}".strip() for well in missing[:MOST_NAMED])
                problems.add(f"{len(missing)} wells {what}, the first: {named}", experiment.name, fix, code)
        chases = {_chase(well.treatment) for well in wells} - {""}
        if chases and not experiment.conditions.incubation_s > 0:
            problems.add(
                "dissociation was followed, and how long the label was bound before it is not stated",
                experiment.name,
                'Write conditions.incubation, such as "120 min"',
                "E-TIME",
            )
        if DILUTION in chases and not dilution > 1:
            problems.add(
                "wells in dissociation name no chaser, and no dilution is stated",
                experiment.name,
                "Name the chaser in 'second_compound', or write settings.dilution = 100 where it was 100-fold",
                "E-CHASE",
            )
    problems.raise_if_any(LayoutError)


_WANTED: tuple[tuple[Callable[[Treatment, Experiment], bool], str, str, str], ...] = (
    (
        lambda what, _: not math.isfinite(what.time_s),
        "have no time",
        "Give the time at which each well was stopped, counted from the start of its phase, in a column 'time'",
        "E-TIME",
    ),
    (
        lambda what, experiment: (
            math.isnan(what.radioligand_molar) and math.isnan(experiment.added.planned_molar)
        ),
        "have no radioligand concentration",
        'Give radioligand = "1 nM" for the experiment, or a column where wells differ',
        "E-CONCENTRATION",
    ),
    (
        lambda what, _: what.phase not in ("", ASSOCIATION, DISSOCIATION),
        "have a phase that is not known",
        "Write association or dissociation",
        "E-PHASE",
    ),
    (
        lambda what, _: what.second_compound != "" and what.phase != DISSOCIATION,
        "hold a second compound and are not in dissociation",
        "A second compound is the chaser of a dissociation; competitors over time are another assay",
        "E-PHASE",
    ),
)
