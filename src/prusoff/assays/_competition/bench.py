"""A simulated competition experiment: three plates on three days, for the contract tests and the example."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

import numpy as np

from ...core.experiment import Added, Conditions, Constant, Counting, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well, well_name
from ...simulation.bench import Bench, Pharmacology, count_aliquots, count_wells

COMPOUNDS = ("first", "second", "third")
TRUTH: Mapping[str, float] = {
    "kd_molar": 0.8e-9,
    "receptor_molar": 0.06e-9,
    "nonspecific": 0.004,
    "ligand_molar": 1.0e-9,
    **{f"Ki of {name}": ki for name, ki in zip(COMPOUNDS, (1.0e-8, 1.2e-9, 2.5e-7), strict=True)},
}
SPECIFIC_ACTIVITY = 82.0 * 2.22e15
DAYS = 3
KD_LOG10_SE = 0.04
START = dt.date(2026, 3, 9)


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Three days of one 96-well plate: each compound at ten half-log concentrations in triplicate, six controls."""
    rng = np.random.default_rng(seed)
    bench = Bench(SPECIFIC_ACTIVITY)
    kd = truth["kd_molar"] * 10.0 ** (KD_LOG10_SE * float(rng.standard_normal()))
    radioligand = Radioligand(
        "[3H]simulated",
        "3H",
        SPECIFIC_ACTIVITY,
        START,
        3,
        kd=Constant(kd, kd * math.log(10) * KD_LOG10_SE, "M", "simulated", KD_LOG10_SE),
    )
    return tuple(_day(number, truth, bench, radioligand, rng) for number in range(1, DAYS + 1))


def _day(
    number: int, truth: Mapping[str, float], bench: Bench, radioligand: Radioligand, rng: np.random.Generator
) -> Experiment:
    pharmacology = Pharmacology(
        truth["kd_molar"],
        truth["receptor_molar"] * float(rng.lognormal(0.0, 0.1)),
        truth["nonspecific"],
        {name: truth[f"Ki of {name}"] for name in COMPOUNDS},
    )
    ligand = truth["ligand_molar"] * float(rng.lognormal(0.0, 0.05))
    treatments = _plate(ligand)
    counts = count_wells(list(treatments.values()), pharmacology, bench, rng)
    wells = tuple(
        Well(f"day {number}", "plate 1", position, treatment, float(count), "counts", bench.count_time_s)
        for (position, treatment), count in zip(treatments.items(), counts, strict=True)
    )
    minutes = bench.count_time_s / 60.0
    aliquots = tuple(count / minutes for count in count_aliquots(ligand, 3, bench, rng))
    return Experiment(
        f"day {number}",
        wells,
        radioligand,
        Added(
            truth["ligand_molar"],
            math.nan,
            aliquots,
            bench.ligand_volume_l,
            bench.ligand_volume_l,
            bench.count_time_s,
        ),
        Conditions("NET", "human", "simulated membranes", 4.0, 10800.0, bench.volume_l, 30e-6),
        Counting(
            bench.efficiency, 0.0, (), bench.count_time_s, bench.background_cpm, 600.0, bench.pipetting_cv
        ),
        START + dt.timedelta(days=7 * (number - 1)),
    )


def _plate(ligand_molar: float) -> dict[str, Treatment]:
    """Rows A to H, columns 1 to 12: three columns a compound for ten doses (rows A to H, then the last columns)."""
    plan = [
        Treatment(Role.COMPOUND, compound, 10.0 ** (-10 + 0.5 * dose), ligand_molar)
        for compound in COMPOUNDS
        for dose in range(10)
        for _ in range(3)
    ]
    plan += [Treatment(Role.TOTAL, radioligand_molar=ligand_molar)] * 3
    plan += [Treatment(Role.NSB, radioligand_molar=ligand_molar)] * 3
    plate = FORMATS[96]
    places = (well_name(row, column) for row in range(plate.rows) for column in range(plate.columns))
    return dict(zip(places, plan, strict=True))
