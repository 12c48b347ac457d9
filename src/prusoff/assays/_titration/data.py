"""The wells of one titration as curves: with partner, and without it or with it blocked where there are such wells."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import InputError, Problem
from ...core.experiment import Experiment
from ...core.plate import Role, Well
from ...core.result import Points
from .._signal import Signals

WITH, WITHOUT = "with partner", "without partner"
UNREAD = "a nonspecific well tells nothing without the concentration of what was added"
UNTOLD = "a nonspecific well does not say what was added"
FEWEST_NONSPECIFIC = 2


@dataclass(frozen=True)
class Titration:
    """What was added to a partner held constant: concentration (mol/L) and signal of every well, (well,).

    `partner_molar` is the concentration of the partner, nan where it is not stated.
    """

    added_name: str
    experiment: Experiment
    read: Signals
    wells: tuple[Well, ...]
    added: Array
    signal: Array
    partner_molar: float

    def of(self, label: str, used: bool = True) -> np.ndarray:
        """Which wells are with or without partner, and take part."""
        without = label == WITHOUT
        chosen = [
            (well.treatment.role is Role.NSB) == without and (well.used or not used) for well in self.wells
        ]
        return np.array(chosen, dtype=bool)

    def curve(self, label: str) -> Curve:
        """The points with or without partner that take part."""
        here = self.of(label)
        return Curve(self.added[here], self.signal[here], label=label)

    @property
    def has_nonspecific(self) -> bool:
        """Whether wells without partner tell what is added by itself gives: two concentrations do."""
        return np.unique(self.added[self.of(WITHOUT)]).size >= FEWEST_NONSPECIFIC

    @property
    def concentrations(self) -> Array:
        """The different concentrations above zero that were added to the partner and take part."""
        found: Array = np.unique(self.added[self.of(WITH)])
        return found[found > 0]

    @property
    def points(self) -> tuple[Points, ...]:
        """All wells, to be drawn against log10 of the concentration; -inf where nothing was added."""
        drawn = []
        with np.errstate(divide="ignore"):
            logs = np.log10(self.added)
        for label in (WITH, WITHOUT):
            here = self.of(label, used=False)
            wells = [well for well, chosen in zip(self.wells, here, strict=True) if chosen]
            if wells:
                names = tuple(f"{well.plate} {well.position}" for well in wells)
                used = tuple(well.used for well in wells)
                drawn.append(Points(logs[here], self.signal[here], names, used, label))
        return tuple(drawn)


def nonspecific_told(experiment: Experiment) -> Experiment:
    """The same experiment with nonspecific wells set aside that do not say what was added, or how much of it."""

    def told(well: Well) -> Well:
        what = well.treatment
        if what.role is not Role.NSB or not well.used:
            return well
        if not what.compound:
            return replace(well, set_aside=UNTOLD)
        return replace(well, set_aside=UNREAD) if math.isnan(what.concentration_molar) else well

    return replace(experiment, wells=tuple(map(told, experiment.wells)))


def gathered(experiment: Experiment, read: Signals, added: str) -> Titration:
    """Gather the wells to which this was added, and those of the same plates to which nothing was."""
    plates = {
        well.plate
        for well in read.wells
        if well.treatment.role is Role.COMPOUND and well.treatment.compound == added
    }

    def belongs(well: Well) -> bool:
        what = well.treatment
        if what.role is Role.TOTAL:
            return well.plate in plates and what.compound in ("", added)
        return what.role in (Role.COMPOUND, Role.NSB) and what.compound == added

    wells, signal = read.pick(belongs)
    molar = np.array([_added(well, experiment.name) for well in wells])
    return Titration(added, experiment, read, wells, molar, signal, experiment.conditions.receptor_molar)


def _added(well: Well, experiment: str) -> float:
    what = well.treatment
    if what.role is Role.TOTAL:
        return 0.0
    molar = what.concentration_molar
    if molar >= 0:
        return molar
    if not well.used:
        return 0.0
    raise InputError(
        Problem(
            f"'{what.compound}' has no concentration",
            f"{experiment} > {well.plate} {well.position}",
            "Give every well to which it was added its final concentration with a unit",
            "E-CONCENTRATION",
        )
    )
