"""What ex vivo occupancy tells: series, means over animals, checks, methods."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ...affinity.pooling import p_value
from ...core.check import Flag
from ...core.estimate import figures
from ...core.experiment import Experiment
from ...core.plate import Role
from ...core.result import CurveBand, Points, Pooled, Series, Step
from ...counting.tissue import WHOLE_BRAIN_G
from .._methods import counting_steps
from .._plate_checks import judge, outcome_facts
from .._signal import annotated
from .animals import Animal, Study
from .fits import DoseFit, half_dose, occupancy_curve, own_half

DOSE_CODES = ("W-OCC-MAX", "W-OCC-NEG", "W-OCC-VEH", "W-OUT")
STUDY_CODES = ("W-TISSUE", "W-LC")
CODES = (*DOSE_CODES, *STUDY_CODES)
LAW, GROUPS = "fitted law", "mean of each dose"


def subject_of(found: DoseFit, study: Study) -> str:
    """The compound, with the region where several were read."""
    return found.compound if len(study.regions) == 1 else f"{found.compound} in {found.region}"


def pooled(found: DoseFit, study: Study, level: float) -> Iterator[Pooled]:
    """The half dose over the treated animals, or the occupancy of every group where there is none."""
    subject = subject_of(found, study)
    half = half_dose(found)
    names = tuple(one.name for one in found.animals)
    vehicle = f"{len(found.vehicle)} animals with vehicle"
    if half is not None:
        each = tuple(own_half(found, one, level) for one in found.animals)
        told = f"One fit through {len(names)} animals and {vehicle}; every animal counts once."
        yield Pooled(subject, half, p_value(half), names, each, told)
        return
    for group in found.groups:
        at = f", {_amount(found, group.amount)}" if group.amount > 0 else ""
        estimate = replace(group.occupancy, name=f"occupancy{at}")
        own = tuple(replace(estimate, value=100.0 * found.occupancy_of(one), low=math.nan, high=math.nan, se=math.nan)
                    for one in group.animals)  # fmt: skip
        told = f"Mean binding ratio of {len(group.animals)} animals against {vehicle}."
        yield Pooled(subject, estimate, None, tuple(one.name for one in group.animals), own, told)


def _amount(found: DoseFit, amount: float) -> str:
    return figures(amount, unit="g/kg" if found.by_dose else "M")


def series(found: DoseFit, study: Study, level: float) -> Series:
    """The animals of one compound in one region; occupancy in percent against the log of the amount."""
    subject = subject_of(found, study)
    told = [one for one in found.animals if one.amount > 0]
    first = found.animals[0].name if found.animals else found.vehicle[0].name
    half = half_dose(found)
    groups = tuple(
        replace(one.occupancy, name=f"occupancy, {_amount(found, one.amount)}")
        for one in found.groups
        if one.amount > 0
    )
    return Series(
        subject,
        first,
        found.outcome,
        found.reason,
        tuple(_points(found, told)),
        (*((half,) if half is not None else ()), *groups),
        found.fit,
        (),
        (found.comparison,) if found.comparison is not None else (),
        tuple(_bands(found, told, level)),
        x_label=f"log10 {'dose of ' if found.by_dose else ''}{found.compound} ({found.unit})",
        y_label="occupancy (%)",
    )


def _points(found: DoseFit, told: Sequence[Animal]) -> Iterator[Points]:
    x = np.array([math.log10(one.amount) for one in told])
    y = np.array([100.0 * found.occupancy_of(one) for one in told])
    yield Points(x, y, tuple(one.name for one in told), (True,) * len(told), "animals")


def _bands(found: DoseFit, told: Sequence[Animal], level: float) -> Iterator[CurveBand]:
    if found.fit is None or not np.isfinite(found.fit.values).all() or not told:
        return
    logs = [math.log10(one.amount) for one in told]
    grid = np.linspace(min(logs) - 0.2, max(logs) + 0.2, 101)
    nothing = np.full(grid.size, np.nan)
    yield CurveBand(grid, occupancy_curve(found, grid), nothing, nothing, LAW, level)


def with_ratios(experiment: Experiment, study: Study) -> Experiment:
    """The experiment with net signal beside every piece, and the binding ratio beside those of a region with sites."""
    read = annotated(experiment, study.read[experiment.name])
    animal = next((one for one in study.animals if one.name == experiment.name), None)
    if animal is None:
        return read
    wells = []
    for well in read.wells:
        ratio = animal.ratios.get(well.treatment.region) if well.used else None
        told = {} if ratio is None else {"binding ratio of the region": f"{ratio.value:.4g}"}
        wells.append(replace(well, extra={**well.extra, **told}))
    return replace(read, wells=tuple(wells))


def flags(
    fits: Sequence[DoseFit], study: Study, experiments: Sequence[Experiment], level: float
) -> Iterator[Flag]:
    """The checks of every compound and region, and those of the pieces of tissue."""
    for found in fits:
        groups = [one.occupancy for one in found.groups]
        facts = outcome_facts(found.outcome, found.reason, len(list(pooled(found, study, level))))
        if groups:
            lowest = min(groups, key=lambda one: one.value)
            several = len({one.amount for one in found.groups}) > 1
            facts |= {
                "highest": max(one.value for one in groups) / 100.0 if several else math.nan,
                "lowest": lowest.value / 100.0,
                "lowest_se": lowest.se / 100.0,
                "of": "a dose group",
                "vehicle_animals": len(found.vehicle),
                "vehicle_cv": found.vehicle_cv,
            }
        yield from judge(DOSE_CODES, facts, subject_of(found, study))
    yield from _tissue(study, experiments)


def _tissue(study: Study, experiments: Sequence[Experiment]) -> Iterator[Flag]:
    pieces = [
        (well.treatment.tissue_g, one)
        for one in experiments
        for well in one.used
        if well.treatment.tissue_g > 0
    ]
    mass, heaviest = max(pieces, key=lambda one: (one[0], one[1].name))
    species = heaviest.conditions.species
    facts = {
        "mass_g": mass,
        "organ_g": WHOLE_BRAIN_G.get(species, math.nan),
        "organ": f"{species} brain" if species else "",
    }
    yield from judge(STUDY_CODES[:1], facts, heaviest.name)
    below = total = 0
    for read in study.read.values():
        if math.isfinite(read.decision_limit):
            values = read.pick(lambda well: well.used and well.treatment.role in (Role.TOTAL, Role.COMPOUND))[
                1
            ]
            below, total = below + int((values < read.decision_limit).sum()), total + values.size
    counted = {"wells_below_decision": below, "wells": total} if total else {}
    yield from judge(STUDY_CODES[1:], counted, heaviest.name)


def steps(study: Study, fits: Sequence[DoseFit], reference: str, level: float) -> Iterator[Step]:
    """How it was done."""
    yield from counting_steps(next(iter(study.read.values())))
    yield Step(
        f"Label per gram of every region was set against that of {reference}, which holds no sites; pieces of one "
        f"region "
        "of an animal were taken together. What the animal took up cancels.",
        "SBR = (region − reference) / reference",
        ("innis_2007",),
    )
    yield Step(
        "Occupancy of a dose is what is gone of the mean ratio of the animals with vehicle; animals count, "
        "pieces do not.",
        "Occ = 1 − SBR(dose) / SBR(vehicle)",
        ("farde_1988",),
    )
    if any(one.fit is not None for one in fits):
        yield Step(
            "The ratios of all animals were fitted against the dose by least squares, those with vehicle as points "
            f"without drug, so that their error is part of the {level:.0%} profile interval. Occmax was held at 100 % "
            "unless AICc favoured a free one below 100 %.",
            "SBR = SBR(vehicle) (1 − Occmax D / (ED50 + D))",
            ("bates_watts_1988", "venzon_moolgavkar_1988", "burnham_anderson_2002"),
        )
    yield Step(
        "The mass of the heaviest piece was held against that of a whole brain of the species.",
        citations=("herculano_houzel_2009",),
    )
