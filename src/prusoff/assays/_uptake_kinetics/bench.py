"""A simulated uptake over concentrations of substrate on three days, for the contract tests and the example."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

import numpy as np

from ...core.experiment import Added, Conditions, Counting, Experiment, Radioligand
from ...core.plate import Role, Treatment, Well, well_name
from ...simulation.bench import Bench, count_aliquots
from ...simulation.carrier import Carrier, count_uptake

SUBSTRATE = "[3H]simulated"
TRUTH: Mapping[str, float] = {
    f"Km of {SUBSTRATE}": 4.57e-7,
    f"Vmax of {SUBSTRATE}": 18e-9 / 60.0,  # mol/(g s): 18 pmol/mg/min
    "nonsaturable": 1e-6 / 60e-3,  # L/(g s): 1 uL/mg/min
}
SPECIFIC_ACTIVITY = 40.0 * 2.22e15
LABELLED_MOLAR = 2e-8
CONCENTRATIONS = tuple(1e-9 * nanomolar for nanomolar in (30, 75, 150, 300, 600, 1200, 2500, 5000))
PROTEIN_G, DURATION_S = 30e-6, 180.0
DAYS = 3
START = dt.date(2026, 3, 2)
BENCH = Bench(SPECIFIC_ACTIVITY, pipetting_cv=0.015, background_cpm=20.0, count_time_s=300.0)


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Three days: eight concentrations of substrate around 20 nM of label, three total and three nonspecific wells."""
    rng = np.random.default_rng(seed)
    return tuple(_day(number, truth, rng) for number in range(1, DAYS + 1))


def _day(number: int, truth: Mapping[str, float], rng: np.random.Generator) -> Experiment:
    carrier = Carrier(
        truth[f"Vmax of {SUBSTRATE}"] * float(rng.lognormal(0.0, 0.08)),
        truth[f"Km of {SUBSTRATE}"] * float(rng.lognormal(0.0, 0.05)),
        truth["nonsaturable"] * float(rng.lognormal(0.0, 0.1)),
    )
    places = [well_name(row, column) for column in range(len(CONCENTRATIONS)) for row in range(6)]
    treatments = [
        Treatment(
            Role.TOTAL if row < 3 else Role.NSB,
            radioligand_molar=LABELLED_MOLAR,
            substrate_molar=concentration,
        )
        for concentration in CONCENTRATIONS
        for row in range(6)
    ]
    counts = count_uptake(treatments, carrier, BENCH, (PROTEIN_G, DURATION_S), rng)
    wells = tuple(
        Well(f"day {number}", "plate 1", place, treatment, float(count), "counts", BENCH.count_time_s)
        for place, treatment, count in zip(places, treatments, counts, strict=True)
    )
    return experiment_of(number, wells, rng)


def experiment_of(number: int, wells: tuple[Well, ...], rng: np.random.Generator) -> Experiment:
    """The experiment of these wells, with aliquots of its label counted."""
    minutes = BENCH.count_time_s / 60.0
    aliquots = tuple(count / minutes for count in count_aliquots(LABELLED_MOLAR, 3, BENCH, rng))
    volume = BENCH.ligand_volume_l
    return Experiment(
        f"day {number}",
        wells,
        Radioligand(SUBSTRATE, "3H", SPECIFIC_ACTIVITY, START, 3),
        Added(LABELLED_MOLAR, math.nan, aliquots, volume, volume, BENCH.count_time_s),
        Conditions("NET", "human", "simulated cells", 25.0, DURATION_S, BENCH.volume_l, PROTEIN_G, cells=1e5),
        Counting(
            BENCH.efficiency,
            0.0,
            (),
            BENCH.count_time_s,
            BENCH.background_cpm,
            600.0,
            BENCH.pipetting_cv,
        ),
        START + dt.timedelta(days=7 * (number - 1)),
    )
