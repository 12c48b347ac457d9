"""The agonist curves of one experiment at several concentrations of one antagonist, as one family."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import InputError, LayoutError, Problem, Problems
from ...core.estimate import figures
from ...core.experiment import Experiment
from ...core.plate import Role, Treatment, Well
from ...core.result import Points
from .._functional.wells import log_agonist, log_molar
from .._signal import Signals

Mask: TypeAlias = npt.NDArray[np.bool_]
SAME = 9  # decimals of a log10 concentration that make it the same one, whatever its unit was


@dataclass(frozen=True)
class Family:
    """The wells of one agonist with and without one antagonist; `x` (2, well) are log10 of [A] and [B].

    Wells without agonist, and those without antagonist, stand at -inf. `signal` keeps the wells that were set aside.
    """

    antagonist: str
    agonist: str
    subject: str
    experiment: str
    plates: tuple[str, ...]
    wells: tuple[Well, ...]
    x: Array
    signal: Array
    unit: str

    @property
    def used(self) -> Mask:
        """Which wells take part."""
        return np.array([well.used for well in self.wells], dtype=bool)

    @property
    def levels(self) -> Array:
        """The log10 antagonist concentrations whose wells take part, -inf first for the agonist alone."""
        found: Array = np.unique(self.x[1][self.used])
        return found

    @property
    def tested(self) -> Array:
        """The log10 antagonist concentrations above zero."""
        tested: Array = self.levels[np.isfinite(self.levels)]
        return tested

    def at(self, level: float, used: bool = True) -> Mask:
        """Which wells hold this much antagonist, and take part."""
        found: Mask = self.x[1] == level
        return found & self.used if used else found

    def label(self, level: float) -> str:
        """An antagonist concentration of this family in words, different for every one: 'none', '10 nM'."""
        if not math.isfinite(level):
            return "none"
        alike = [one for one in np.unique(self.x[1]) if spoken(one) == spoken(level)]
        return spoken(level) if len(alike) == 1 else f"{10.0**level:.9g} M"

    def curves(self) -> tuple[Curve, ...]:
        """One curve against the agonist for each antagonist concentration."""
        return tuple(
            Curve(self.x[0][self.at(level)], self.signal[self.at(level)], label=self.label(level))
            for level in self.levels
        )

    @property
    def whole(self) -> Curve:
        """All points that take part on both axes, one antagonist concentration after the other."""
        order = np.concatenate([np.flatnonzero(self.at(level)) for level in self.levels])
        return Curve(self.x[:, order], self.signal[order], label=self.subject)

    def concentrations(self, level: float) -> Array:
        """The log10 agonist concentrations above zero at this antagonist concentration."""
        x: Array = np.unique(self.x[0][self.at(level)])
        tested: Array = x[np.isfinite(x)]
        return tested

    @property
    def one_dose(self) -> float | None:
        """The log10 of the one agonist concentration beside which the antagonist is varied; None for whole curves."""
        doses = np.unique(self.x[0][self.used & np.isfinite(self.x[1]) & np.isfinite(self.x[0])])
        return float(doses[0]) if doses.size == 1 else None

    @property
    def points(self) -> tuple[Points, ...]:
        """All wells, by antagonist concentration, to be drawn."""
        every = np.unique(self.x[1])
        return tuple(self._points(level) for level in every)

    def _points(self, level: float) -> Points:
        own = np.flatnonzero(self.at(level, used=False))
        return Points(
            self.x[0][own],
            self.signal[own],
            tuple(f"{self.wells[i].plate} {self.wells[i].position}" for i in own),
            tuple(bool(self.wells[i].used) for i in own),
            self.label(level),
        )


def spoken(level: float) -> str:
    """An antagonist concentration in words: 'none', '10 nM'."""
    return figures(10.0**level, unit="M") if math.isfinite(level) else "none"


def combined_only(experiment: Experiment) -> Experiment:
    """The same experiment with wells set aside whose agonist was never combined with an antagonist."""
    agonists = {agonist for _, agonist in _pairs(experiment)}

    def judged(well: Well) -> Well:
        what = well.treatment
        alone = what.role is Role.COMPOUND and what.compound not in agonists
        if not (well.used and alone):
            return well
        return replace(well, set_aside=f"'{what.compound}' was not combined with an antagonist")

    return replace(experiment, wells=tuple(map(judged, experiment.wells)))


def _pairs(experiment: Experiment) -> tuple[tuple[str, str], ...]:
    """Antagonists with the agonists they stand beside, in the order in which they appear."""
    treated = (well.treatment for well in experiment.wells)
    return tuple(
        dict.fromkeys(
            (one.second_compound, one.compound)
            for one in treated
            if one.role is Role.COMPOUND and one.second_compound and one.second_molar != 0
        )
    )


def require_antagonists(experiments: tuple[Experiment, ...]) -> None:
    """Refuse a run in which no agonist stands beside a second compound, or that names one without a concentration."""
    problems = Problems()
    for experiment in experiments:
        for well in experiment.wells:
            what = well.treatment
            if well.used and what.second_compound and math.isnan(what.second_molar):
                problems.add(
                    f"'{what.second_compound}' has no concentration",
                    f"{experiment.name} > {well.plate} {well.position}",
                    "Fill the column 'second_conc', 0 in wells without antagonist",
                    "E-CONCENTRATION",
                )
    problems.raise_if_any(InputError)
    if not any(_pairs(one) for one in experiments):
        raise LayoutError(
            Problem(
                "no agonist stands beside an antagonist, so there is nothing to analyse",
                ", ".join(one.name for one in experiments),
                "Name the antagonist and its concentrations in the columns 'second_compound' and 'second_conc'; "
                "for agonists alone use the assay 'functional_response'",
                "E-COMPOUND",
            )
        )


def families(read: Signals, experiment: Experiment, together: bool) -> Iterator[Family]:
    """Every antagonist with every agonist of an experiment; `together` says that the run has one agonist only."""
    for antagonist, agonist in _pairs(experiment):
        subject = antagonist if together else f"{antagonist} against {agonist}"
        yield _family(read, experiment.name, (antagonist, agonist), subject)


def one_agonist(experiments: tuple[Experiment, ...]) -> bool:
    """Whether all antagonists of a run were tested against the same agonist."""
    return len({agonist for one in experiments for _, agonist in _pairs(one)}) == 1


def _family(read: Signals, experiment: str, pair: tuple[str, str], subject: str) -> Family:
    antagonist, agonist = pair

    def blocked(what: Treatment) -> bool:
        return what.second_compound == antagonist and what.second_molar > 0

    def belongs(well: Well) -> bool:
        what = well.treatment
        mine = what.role is Role.TOTAL or (what.role is Role.COMPOUND and what.compound == agonist)
        return mine and (not what.second_molar > 0 or what.second_compound == antagonist)

    plates = tuple(
        dict.fromkeys(well.plate for well in read.wells if belongs(well) and blocked(well.treatment))
    )
    alone = [
        well.plate
        for well in read.wells
        if well.used
        and well.treatment.role is Role.COMPOUND
        and belongs(well)
        and not blocked(well.treatment)
    ]
    if alone and not set(alone) & set(plates):  # the agonist alone stands on a plate of its own
        plates = tuple(dict.fromkeys((*plates, *alone)))
    wells, signal = read.pick(lambda well: well.plate in plates and belongs(well))
    x = np.array(
        [
            [log_agonist(well, experiment) for well in wells],
            [_log_antagonist(well, antagonist, experiment) for well in wells],
        ]
    )
    return Family(antagonist, agonist, subject, experiment, plates, wells, x, signal, read.unit)


def _log_antagonist(well: Well, antagonist: str, experiment: str) -> float:
    what = well.treatment
    if not what.second_compound or (math.isnan(what.second_molar) and not well.used):
        return -math.inf
    return round(log_molar(what.second_molar, antagonist, well, experiment), SAME)
