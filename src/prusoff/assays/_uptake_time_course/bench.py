"""A simulated uptake time course: one plate on each of three days, for the contract tests and the example."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ...core.experiment import Added, Conditions, Counting, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well, well_name
from ...simulation.bench import Bench, count_aliquots
from ...simulation.carrier import Carrier, count_uptake
from .course import usable_time

SUBSTRATE = "[3H]simulated"
TRUTH: Mapping[str, float] = {
    f"v0 of {SUBSTRATE}": 1e-9 / 60.0,  # 1 pmol/mg/min
    f"usable time of {SUBSTRATE}": usable_time(0.06 / 60.0),
    "km_molar": 457e-9,
    "nonsaturable_l_per_g_s": 1e-5,
    "labelled_molar": 50e-9,
    "unlabelled_molar": 50e-9,
    "protein_g": 30e-6,
    "uptake_s": 180.0,
}
SPECIFIC_ACTIVITY = 50.0 * 2.22e15
MINUTES = (1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 15.0, 20.0)
COLD_MINUTES = (3.0, 10.0, 20.0)
DAYS, REPLICATES = 3, 4
START = dt.date(2026, 4, 7)


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Three days of one plate: eight times with four wells each, as many with blocker, three times at 4 degrees."""
    rng = np.random.default_rng(seed)
    label = Radioligand(SUBSTRATE, "3H", SPECIFIC_ACTIVITY, START, 3)
    return tuple(_day(number, truth, label, rng) for number in range(1, DAYS + 1))


def _day(number: int, truth: Mapping[str, float], label: Radioligand, rng: np.random.Generator) -> Experiment:
    bench = Bench(SPECIFIC_ACTIVITY, 100e-6, 100e-6, 300e-6)
    planned = truth["labelled_molar"] + truth["unlabelled_molar"]
    vmax = truth[f"v0 of {SUBSTRATE}"] * (truth["km_molar"] + planned) / planned
    rate = usable_time(1.0) / truth[f"usable time of {SUBSTRATE}"]
    vmax, rate = vmax * float(rng.lognormal(0.0, 0.05)), rate * float(rng.lognormal(0.0, 0.03))
    labelled = truth["labelled_molar"] * float(rng.lognormal(0.0, 0.03))
    wells = []
    for position, treatment in _plate().items():
        held = replace(
            treatment, radioligand_molar=labelled, substrate_molar=labelled + truth["unlabelled_molar"]
        )
        seconds = treatment.time_s
        lasting = -math.expm1(-rate * seconds) / rate  # as long as it would last without levelling off
        carrier = Carrier(
            vmax, truth["km_molar"], truth["nonsaturable_l_per_g_s"] * seconds / lasting
        )  # what does not saturate does not level off
        (counts,) = count_uptake([held], carrier, bench, (truth["protein_g"], lasting), rng)
        wells.append(
            Well(f"day {number}", "plate 1", position, treatment, float(counts), "counts", bench.count_time_s)
        )
    rates = tuple(60.0 * one / bench.count_time_s for one in count_aliquots(labelled, 3, bench, rng))
    volume = bench.ligand_volume_l
    return Experiment(
        f"day {number}",
        tuple(wells),
        label,
        Added(truth["labelled_molar"], math.nan, rates, volume, volume, bench.count_time_s, planned),
        Conditions(
            "NET", "human", "simulated cells", 37.0, truth["uptake_s"], bench.volume_l, truth["protein_g"]
        ),
        Counting(
            bench.efficiency, 0.0, (), bench.count_time_s, bench.background_cpm, 600.0, bench.pipetting_cv
        ),
        START + dt.timedelta(days=7 * (number - 1)),
    )


def _plate() -> dict[str, Treatment]:
    """Row by row: total wells by time, wells with blocker by time, wells at 4 degrees by time."""
    plan = [
        Treatment(role, time_s=60.0 * minutes)
        for role, times in ((Role.TOTAL, MINUTES), (Role.NSB, MINUTES), (Role.ICE, COLD_MINUTES))
        for minutes in times
        for _ in range(REPLICATES)
    ]
    plate = FORMATS[96]
    places = (well_name(row, column) for row in range(plate.rows) for column in range(plate.columns))
    return dict(zip(places, plan, strict=False))
