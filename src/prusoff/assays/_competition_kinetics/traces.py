"""One compound in one experiment: its wells and the controls of its plates over time, as points of one law."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import InputError, Problems
from ...core.estimate import figures
from ...core.experiment import Experiment
from ...core.plate import Role, Treatment, Well
from ...core.result import Points
from ...fitting.weights import Weights
from .._ligand import Ligand
from .._signal import Signals

FEWEST_CONCENTRATIONS, ADVISED_CONCENTRATIONS = 2, 3
DISSOCIATION = "dissociation"


@dataclass(frozen=True)
class Traces:
    """The wells of one compound and of the controls on its plates, (well,).

    `x` is (3, well): time in s, log10 of the competitor (-inf none; +inf no site is left free: nonspecific wells, and
    label that is chased), and by how many s the competitor came before the label. `ligand` is the free label in mol/L.
    """

    compound: str
    experiment: str
    wells: tuple[Well, ...]
    x: Array
    y: Array
    ligand: Array
    weighting: Weights
    unit: str

    @property
    def used(self) -> np.ndarray:
        """Which wells take part."""
        return np.array([well.used for well in self.wells], dtype=bool)

    @property
    def levels(self) -> Array:
        """The concentrations of free label, lowest first."""
        return np.unique(self.ligand[self.used])

    @property
    def curves(self) -> tuple[Curve, ...]:
        """One curve for each concentration of the label; the wells that take part."""
        at = [self.used & (self.ligand == level) for level in self.levels]
        return tuple(Curve(self.x[:, own], self.y[own], label=str(c)) for c, own in enumerate(at, start=1))

    @property
    def concentrations(self) -> Array:
        """The different concentrations of the competitor that take part, mol/L."""
        own = [
            well.treatment.concentration_molar
            for well in self.wells
            if well.used and well.treatment.role is Role.COMPOUND and well.treatment.concentration_molar > 0
        ]
        return np.unique(np.array(own, dtype=float))

    @property
    def times(self) -> Array:
        """The different times after the start at which used wells with competitor were stopped, s."""
        own = self.x[0][self.used & np.isfinite(self.x[1])]
        return np.unique(own[own > 0.0])

    @property
    def longest(self) -> float:
        """The longest time at which a well with competitor was stopped, s."""
        own = self.used & np.isfinite(self.x[1])
        return float(self.x[0][own].max()) if own.any() else math.nan

    @property
    def label_alone(self) -> bool:
        """Whether wells without competitor tell both rates of the label: a second concentration, or a dissociation."""
        alone = [one for one in self.wells if one.used and one.treatment.role is Role.TOTAL]
        chased = any(one.treatment.phase == DISSOCIATION for one in alone)
        kinds = {one.treatment.radioligand_molar for one in alone}
        return chased or len(kinds) > 1

    def points(self) -> Iterator[tuple[Points, int, Array]]:
        """The wells as they are drawn, one set for each phase, treatment and label, with curve and x of each set."""
        several = self.levels.size > 1
        names = [_name(well.treatment, level if several else math.nan) for well, level in self._each()]
        places = [(*_rank(well.treatment), level) for well, level in self._each()]
        for name in dict.fromkeys(name for _, name in sorted(zip(places, names, strict=True))):
            own = np.array([one == name for one in names]) & np.isfinite(self.x[0])
            level = float(self.ligand[own][0]) if own.any() else math.nan
            if level not in self.levels:
                continue
            chosen = [well for well, mine in zip(self.wells, own, strict=True) if mine]
            positions = tuple(f"{well.plate} {well.position}" for well in chosen)
            used = tuple(well.used for well in chosen)
            drawn = Points(self.x[0][own], self.y[own], positions, used, name)
            yield drawn, int(np.flatnonzero(self.levels == level)[0]), self.x[:, own]

    def _each(self) -> Iterator[tuple[Well, float]]:
        return zip(self.wells, self.ligand.tolist(), strict=True)


def _rank(what: Treatment) -> tuple[bool, float]:
    """Association before dissociation; without competitor first, then by concentration, nonspecific last."""
    molar = what.concentration_molar if what.concentration_molar > 0 else 0.0
    return what.phase == DISSOCIATION, math.inf if what.role is Role.NSB else molar


def _name(what: Treatment, ligand: float) -> str:
    """'association: 3 nM', 'association: nonspecific', with the label where it was used at several concentrations."""
    phase = DISSOCIATION if what.phase == DISSOCIATION else "association"
    if what.role is Role.NSB:
        name = "nonspecific"
    elif what.role is Role.TOTAL or not what.concentration_molar > 0:
        name = "no competitor"
    else:
        name = figures(what.concentration_molar, unit="M")
    label = f" with {figures(ligand, unit='M')} label" if math.isfinite(ligand) else ""
    return f"{phase}: {name}{label}"


def traces_of(
    signals: Signals, compound: str, experiment: Experiment, ligand: Ligand, ahead_s: float
) -> Traces:
    """Gather the wells of a compound and the controls on the same plates; all must say when they were stopped."""
    own = signals.pick(lambda well: _holds(well, compound))[0]
    plates = {well.plate for well in own}
    wells, y = signals.pick(
        lambda well: (
            _holds(well, compound) or (well.plate in plates and well.treatment.role in (Role.TOTAL, Role.NSB))
        )
    )
    x = np.array([_place(well.treatment, experiment, ahead_s) for well in wells], dtype=float)
    order = np.lexsort((y, *x.T, [well.plate for well in wells]))
    molar = np.array([well.treatment.radioligand_molar for well in wells])
    total = ligand.total.value
    free = ligand.free.value / total if total > 0 else 1.0
    molar = np.where(np.isnan(molar), total, molar * ligand.per_planned) * free
    return Traces(
        compound,
        experiment.name,
        tuple(wells[i] for i in order),
        x[order].T,
        y[order],
        molar[order],
        signals.weighting,
        signals.unit,
    )


def _holds(well: Well, compound: str) -> bool:
    return well.treatment.role is Role.COMPOUND and well.treatment.compound == compound


def _place(what: Treatment, experiment: Experiment, ahead_s: float) -> tuple[float, float, float]:
    if what.role is Role.NSB:
        return what.time_s, math.inf, 0.0
    chased = what.phase == DISSOCIATION
    before = -experiment.conditions.incubation_s if chased else 0.0
    if what.role is Role.TOTAL or what.concentration_molar == 0:
        return what.time_s, math.inf if chased else -math.inf, before
    log = math.log10(what.concentration_molar) if what.concentration_molar > 0 else math.nan
    return what.time_s, log, before if chased else ahead_s


def require_times(experiments: tuple[Experiment, ...]) -> None:
    """Refuse wells without a time or a concentration, a chase without an incubation, and too few concentrations."""
    problems = Problems()
    for one in experiments:
        labelled = [
            well
            for well in one.wells
            if well.used and well.treatment.role in (Role.TOTAL, Role.NSB, Role.COMPOUND)
        ]
        for well in labelled:
            _require(well, one, problems)
            if len(problems.items) > _MOST_TOLD:
                break
        chased = any(well.treatment.phase == DISSOCIATION for well in labelled)
        if chased and not one.conditions.incubation_s > 0:
            problems.add(
                "wells were chased, and it is not stated how long the label had been there",
                one.name,
                'Write incubation = "60 min" in [conditions]: the time of the label with the sites before the chase',
                "E-TIME",
            )
        _require_concentrations(one, problems)
    problems.raise_if_any(InputError)


_MOST_TOLD = 4


def _require(well: Well, one: Experiment, problems: Problems) -> None:
    where, what = f"{one.name} > {well.plate} {well.position}", well.treatment
    if not what.time_s >= 0:
        problems.add(
            "the well does not say when it was stopped",
            where,
            "Give every well of a kinetic assay its time, such as '30 min', in a column 'time' or in the layout",
            "E-TIME",
        )
    if what.second_compound and (what.role is Role.COMPOUND or what.phase != DISSOCIATION):
        problems.add(
            f"the well holds '{what.second_compound}' as a second compound, which is read here only as the chase of "
            "label that dissociates",
            where,
            "Name the competitor as the compound; leave the second compound to wells of the phase 'dissociation'",
            "E-SECOND",
        )
    if what.role is Role.COMPOUND and not what.concentration_molar >= 0:
        problems.add(
            f"'{what.compound}' has no concentration",
            where,
            "Give every compound well its final concentration with a unit",
            "E-CONCENTRATION",
        )


def _require_concentrations(one: Experiment, problems: Problems) -> None:
    tested: dict[str, set[float]] = {}
    for well in one.wells:
        if well.treatment.role is Role.COMPOUND and well.treatment.concentration_molar > 0:
            tested.setdefault(well.treatment.compound, set()).add(well.treatment.concentration_molar)
    for compound, levels in tested.items():
        if len(levels) < FEWEST_CONCENTRATIONS:
            problems.add(
                f"'{compound}' was tested at one concentration: one trace shows how fast the competitor takes the "
                "sites and how many it takes in the end, but another pair of rate constants fits nearly as well",
                one.name,
                f"Test at least {FEWEST_CONCENTRATIONS}, better {ADVISED_CONCENTRATIONS}, from 0.3 to 10 times the Ki",
                "E-CONCENTRATION",
            )
