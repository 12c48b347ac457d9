"""A simulated day of competition kinetics: two competitors and the label alone over time, on one plate."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from ...core.experiment import Added, Conditions, Counting, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well, well_name
from ...simulation.bench import Bench, count_aliquots
from ...simulation.competition_kinetics import CompetingRates, count_competing_wells

SLOW, FAST = "slow", "fast"
RATES: Mapping[str, tuple[float, float]] = {  # kon in 1/(M s), koff in 1/s
    SLOW: (2.0e5, 1.0e-4),
    FAST: (1.0e6, 1.5e-3),
}
TRUTH: Mapping[str, float] = {
    "kon_label": 5.0e5,
    "koff_label": 5.0e-4,
    "receptor_molar": 0.03e-9,
    "nonspecific": 0.0015,
    "ligand_molar": 2.0e-9,
    **{f"kon of {name}": kon for name, (kon, _) in RATES.items()},
    **{f"koff of {name}": koff for name, (_, koff) in RATES.items()},
    **{f"Ki of {name}": koff / kon for name, (kon, koff) in RATES.items()},
}
SPECIFIC_ACTIVITY = 82.0 * 2.22e15
DAYS = 3
KOFF_LOG10_SE = 0.03  # of the koff that is stated, from another bench
START = dt.date(2026, 4, 6)
MINUTES = (2.0, 5.0, 10.0, 20.0, 40.0, 70.0, 110.0, 180.0)
CHASED_MINUTES = (2.0, 10.0, 20.0, 40.0, 70.0, 110.0)
INCUBATION_S = 3 * 3600.0
IN_KI = (0.5, 2.0, 8.0)


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Three days of one 96-well plate: eight times of two competitors at three concentrations, and their controls."""
    rng = np.random.default_rng(seed)
    koff = truth["koff_label"] * 10.0 ** (KOFF_LOG10_SE * float(rng.standard_normal()))
    radioligand = Radioligand("[3H]simulated", "3H", SPECIFIC_ACTIVITY, START, 3, koff_per_s=koff)
    return tuple(_day(number, truth, radioligand, rng) for number in range(1, DAYS + 1))


def _day(
    number: int, truth: Mapping[str, float], radioligand: Radioligand, rng: np.random.Generator
) -> Experiment:
    bench = Bench(SPECIFIC_ACTIVITY, count_time_s=300.0)
    ligand = truth["ligand_molar"] * float(rng.lognormal(0.0, 0.05))
    rates = CompetingRates(
        truth["kon_label"],
        truth["koff_label"],
        truth["receptor_molar"] * float(rng.lognormal(0.0, 0.1)),
        truth["nonspecific"],
        {name: (truth[f"kon of {name}"], truth[f"koff of {name}"]) for name in RATES},
        0.0,
        INCUBATION_S,
    )
    plan = list(_plan(truth["ligand_molar"]))
    given = [replace(one, radioligand_molar=ligand) for one in plan]
    counts = count_competing_wells(given, rates, bench, rng)
    plate = FORMATS[96]
    places = (well_name(row, column) for row in range(plate.rows) for column in range(plate.columns))
    wells = tuple(
        Well(f"day {number}", "plate 1", position, what, float(count), "counts", bench.count_time_s)
        for position, what, count in zip(places, plan, counts, strict=True)
    )
    minutes = bench.count_time_s / 60.0
    aliquots = tuple(count / minutes for count in count_aliquots(ligand, 3, bench, rng))
    volume = bench.ligand_volume_l
    return Experiment(
        f"day {number}",
        wells,
        radioligand,
        Added(truth["ligand_molar"], math.nan, aliquots, volume, volume, bench.count_time_s),
        Conditions("NET", "human", "simulated membranes", 25.0, INCUBATION_S, bench.volume_l, 30e-6),
        Counting(
            bench.efficiency, 0.0, (), bench.count_time_s, bench.background_cpm, 600.0, bench.pipetting_cv
        ),
        START + dt.timedelta(days=7 * (number - 1)),
    )


def _plan(ligand: float) -> Iterator[Treatment]:
    """Row by row: label alone and chased, nonspecific wells, then each competitor at its three concentrations."""
    for minutes in MINUTES:
        for _ in range(2):
            yield Treatment(Role.TOTAL, radioligand_molar=ligand, time_s=60 * minutes, phase="association")
    for minutes in CHASED_MINUTES:
        for _ in range(4):
            yield Treatment(Role.TOTAL, radioligand_molar=ligand, time_s=60 * minutes, phase="dissociation")
    for minutes in MINUTES:
        yield Treatment(Role.NSB, radioligand_molar=ligand, time_s=60 * minutes, phase="association")
    for name, (kon, koff) in RATES.items():
        for multiple in IN_KI:
            for minutes in MINUTES:
                molar = multiple * koff / kon
                yield Treatment(Role.COMPOUND, name, molar, ligand, time_s=60 * minutes, phase="association")
