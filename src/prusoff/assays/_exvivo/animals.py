"""Pieces of tissue as animals: label per gram of each region, and its ratio to a region without sites."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ...core.errors import InputError, Problem, Problems
from ...core.experiment import Experiment
from ...core.measured import Measured
from ...core.plate import Role, Well
from ...counting.tissue import specific_binding_ratio
from .._signal import Signals, signals

_READ = (Role.TOTAL, Role.COMPOUND, Role.BLANK, Role.BACKGROUND)


@dataclass(frozen=True)
class Animal:
    """One animal: what it was given, and the binding ratio of each region, with the places of its pieces.

    `amount` is a dose (g/kg) or a concentration in plasma (mol/L), 0 with vehicle, nan where none is stated.
    """

    name: str
    compound: str
    amount: float
    ratios: Mapping[str, Measured]
    places: Mapping[str, str]

    @property
    def has_vehicle(self) -> bool:
        """Whether no drug was given."""
        return self.amount == 0


@dataclass(frozen=True)
class Study:
    """All animals of a study and how they were counted. `by_dose` says that amounts are doses, not concentrations."""

    animals: tuple[Animal, ...]
    read: Mapping[str, Signals]
    by_dose: bool
    regions: tuple[str, ...]

    def vehicle(self, region: str) -> tuple[Animal, ...]:
        """The animals with vehicle in which this region was read."""
        return tuple(one for one in self.animals if one.has_vehicle and region in one.ratios)

    def given(self, compound: str, region: str) -> tuple[Animal, ...]:
        """The animals with this compound in which this region was read, by rising amount."""
        found = [
            one
            for one in self.animals
            if one.compound == compound and region in one.ratios and not one.has_vehicle
        ]
        return tuple(sorted(found, key=lambda one: (one.amount, one.name)))


def read_only(experiment: Experiment) -> Experiment:
    """The same experiment with pieces set aside that have no mass, and wells whose role has no meaning here."""

    def judged(well: Well) -> Well:
        what = well.treatment
        if not well.used:
            return well
        if what.role not in _READ:
            return replace(well, set_aside=f"the role '{what.role}' has no meaning for tissue")
        if what.role in (Role.TOTAL, Role.COMPOUND) and not what.tissue_g > 0:
            return replace(well, set_aside="the mass of the piece is not stated")
        return well

    return replace(experiment, wells=tuple(map(judged, experiment.wells)))


def without_use(experiment: Experiment, reference: str) -> Experiment:
    """The same experiment with its pieces set aside where the reference region of the animal was not read."""
    used = [well for well in experiment.wells if well.used]
    if any(well.treatment.region == reference for well in used):
        return experiment
    reason = f"the reference region '{reference}' of this animal was not read"
    return replace(
        experiment,
        wells=tuple(replace(well, set_aside=reason) if well.used else well for well in experiment.wells),
    )


def require_reference(experiments: Sequence[Experiment], reference: str) -> None:
    """Refuse a study without a reference region: which region holds no sites is not guessed."""
    regions = {well.treatment.region for one in experiments for well in one.used if well.treatment.region}
    if reference not in regions:
        raise InputError(
            Problem(
                f"no piece of tissue is of the reference region '{reference}'"
                if reference
                else "no reference region is named",
                "settings > reference_region",
                f"Name a region without sites, one of {', '.join(sorted(regions)) or 'those in a column region'}",
                "E-REGION",
            )
        )


def study_of(experiments: Sequence[Experiment], reference: str) -> Study:
    """The animals of a study; raises InputError where one was given two things, or its reference holds nothing."""
    used = [well for one in experiments for well in one.used if well.treatment.role is Role.COMPOUND]
    by_dose = any(math.isfinite(well.treatment.dose_g_per_kg) for well in used)
    problems = Problems()
    read = {one.name: signals(one) for one in experiments}
    found = [
        _animal(one, read[one.name], (reference, by_dose), problems)
        for one in sorted(experiments, key=lambda e: e.name)
    ]
    problems.raise_if_any()
    animals = tuple(one for one in found if one is not None)
    targets = tuple(sorted({region for one in animals for region in one.ratios}))
    return Study(animals, read, by_dose, targets)


def _animal(
    experiment: Experiment, read: Signals, how: tuple[str, bool], problems: Problems
) -> Animal | None:
    reference, by_dose = how
    pieces = [
        (well, value, error)
        for well, value, error in zip(read.wells, read.values, _errors(read), strict=True)
        if well.used and well.treatment.role in (Role.TOTAL, Role.COMPOUND)
    ]
    if not pieces:
        return None
    compounds = sorted(
        {well.treatment.compound for well, *_ in pieces if well.treatment.role is Role.COMPOUND}
    )
    amounts = {_amount(well, by_dose) for well, *_ in pieces}
    if len(amounts) > 1 or len(compounds) > 1:
        problems.add(
            "the pieces of this animal say different things of what it was given",
            experiment.name,
            "One animal has one treatment: correct the rows",
            "E-DOSE",
        )
        return None
    per_gram = _per_gram(pieces)
    try:
        ratios = {
            region: specific_binding_ratio(found, per_gram[reference])
            for region, found in per_gram.items()
            if region != reference
        }
    except InputError as error:
        problems.take(error, experiment.name)
        return None
    places = {
        region: ", ".join(
            f"{well.plate} {well.position}".strip() for well, *_ in pieces if well.treatment.region == region
        )
        for region in ratios
    }
    (amount,) = amounts
    return Animal(experiment.name, compounds[0] if compounds else "", amount, ratios, places)


def _errors(read: Signals) -> Sequence[float]:
    return [math.nan] * len(read.wells) if read.errors is None else [float(one) for one in read.errors]


def _amount(well: Well, by_dose: bool) -> float:
    what = well.treatment
    if what.role is Role.TOTAL:
        return 0.0
    found = what.dose_g_per_kg if by_dose else what.concentration_molar
    return -1.0 if math.isnan(found) else found  # nan is not equal to itself


def _per_gram(pieces: Sequence[tuple[Well, float, float]]) -> dict[str, Measured]:
    """The label per gram of every region, over all its pieces together."""
    found: dict[str, Measured] = {}
    for region in dict.fromkeys(well.treatment.region for well, *_ in pieces):
        own = [(well, value, error) for well, value, error in pieces if well.treatment.region == region]
        mass = sum(well.treatment.tissue_g for well, *_ in own)
        error = math.sqrt(sum(one**2 for *_, one in own))
        found[region] = Measured(float(sum(value for _, value, _ in own)), error) / mass
    return found
