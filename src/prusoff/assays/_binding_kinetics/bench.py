"""A simulated experiment of binding kinetics, for the contract tests and the examples."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

import numpy as np

from ...core.experiment import Added, Conditions, Constant, Counting, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well
from ...simulation.bench import Bench, count_aliquots
from ...simulation.kinetics import BindingRates, count_kinetic_wells

LIGAND = "[3H]simulated"
CHASER, CHASER_MOLAR = "unlabelled", 10e-6
MINUTE = 60.0
TRUTH: Mapping[str, float] = {
    f"kon of {LIGAND}": 0.02e9 / MINUTE,
    f"koff of {LIGAND}": 0.016 / MINUTE,
    "sites": 0.25e-9,  # mol/g: 250 fmol/mg
    "nonspecific": 0.0015,
    "drift": 2e-5,  # nonspecific binding gains 7 % an hour
    "stated Kd": 0.8e-9,
    "fast part": 0.0,
    "fast fold": 1.0,
    "dilution fold": 1.0,
    "association times": 1.0,  # those of the design times this
    "dissociation times": 1.0,
    "protein": 20e-6,
    "incubation": 240 * MINUTE,
}
SPECIFIC_ACTIVITY = 82.0 * 2.22e15
CONCENTRATIONS = (0.3e-9, 0.8e-9, 2e-9, 6e-9)
BEFORE_CHASE = 2e-9
ASSOCIATION_MIN = (2.0, 5.0, 10.0, 20.0, 40.0, 60.0, 90.0, 150.0, 240.0)
DISSOCIATION_MIN = (2.0, 5.0, 10.0, 20.0, 40.0, 60.0, 90.0, 130.0, 180.0)
REPLICATES = (Role.TOTAL, Role.TOTAL, Role.NSB)
DILUTION = 100.0
DAYS = (dt.date(2026, 3, 2), dt.date(2026, 3, 4), dt.date(2026, 3, 9))


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Three days: association at four concentrations, dissociation after unlabelled ligand and after a dilution."""
    rng = np.random.default_rng(seed)
    return tuple(_day(number, date, truth, rng) for number, date in enumerate(DAYS, start=1))


def _day(number: int, date: dt.date, truth: Mapping[str, float], rng: np.random.Generator) -> Experiment:
    bench = Bench(SPECIFIC_ACTIVITY, count_time_s=300.0)
    rates = BindingRates(
        truth[f"kon of {LIGAND}"],
        truth[f"koff of {LIGAND}"],
        truth["sites"] * truth["protein"] / bench.volume_l,
        truth["nonspecific"],
        truth["drift"],
        truth["fast part"],
        truth["fast fold"],
        truth["dilution fold"],
    )
    treatments = _treatments(truth["association times"], truth["dissociation times"])
    counts = count_kinetic_wells(treatments, rates, bench, (truth["incubation"], DILUTION), rng)
    minutes = bench.count_time_s / MINUTE
    aliquots = tuple(count / minutes for count in count_aliquots(CONCENTRATIONS[-1], 3, bench, rng))
    kd = Constant(truth["stated Kd"], 0.05 * truth["stated Kd"], "M", "simulated saturation")
    return Experiment(
        f"day {number}",
        tuple(_wells(f"day {number}", treatments, counts, bench)),
        Radioligand(LIGAND, "3H", SPECIFIC_ACTIVITY, DAYS[0], 3, kd=kd),
        Added(
            CONCENTRATIONS[-1],
            math.nan,
            aliquots,
            bench.ligand_volume_l,
            bench.ligand_volume_l,
            bench.count_time_s,
        ),
        Conditions(
            "NET", "human", "simulated membranes", 25.0, truth["incubation"], bench.volume_l, truth["protein"]
        ),
        Counting(
            bench.efficiency, 0.0, (), bench.count_time_s, bench.background_cpm, 600.0, bench.pipetting_cv
        ),
        date,
    )


def _treatments(association: float, dissociation: float) -> list[Treatment]:
    """All wells of a day; the factors shorten or lengthen the times of the two phases."""
    found = [
        Treatment(role, radioligand_molar=molar, time_s=minutes * MINUTE * association, phase="association")
        for molar in CONCENTRATIONS
        for minutes in ASSOCIATION_MIN
        for role in REPLICATES
    ]
    for chaser, amount in ((CHASER, CHASER_MOLAR), ("", math.nan)):
        found += [
            Treatment(
                role,
                radioligand_molar=BEFORE_CHASE,
                time_s=minutes * MINUTE * dissociation,
                phase="dissociation",
                second_compound=chaser,
                second_molar=amount,
            )
            for minutes in DISSOCIATION_MIN
            for role in REPLICATES
        ]
    return found


def _wells(day: str, treatments: list[Treatment], counts: list[int], bench: Bench) -> list[Well]:
    """The wells of a day, plate after plate, row by row."""
    places = [(plate, place) for plate in (1, 2) for place in FORMATS[96].positions()]
    return [
        Well(day, f"plate {plate}", place, treatment, float(count), "counts", bench.count_time_s)
        for (plate, place), treatment, count in zip(places, treatments, counts, strict=False)
    ]
