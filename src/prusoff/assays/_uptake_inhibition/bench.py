"""A simulated uptake inhibition: three plates on three days, for the contract tests and the example."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ...core.experiment import Added, Conditions, Constant, Counting, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well, well_name
from ...simulation.bench import Bench, count_aliquots
from ...simulation.carrier import Carrier, count_uptake

COMPOUNDS = ("first", "second")
TRUTH: Mapping[str, float] = {
    "vmax_mol_per_g_s": 18e-9 / 60.0,  # 18 pmol/mg/min
    "km_molar": 457e-9,
    "nonsaturable_l_per_g_s": 3e-5,
    "labelled_molar": 20e-9,
    "unlabelled_molar": 30e-9,
    "protein_g": 15e-6,
    "uptake_s": 300.0,
    "Ki of first": 5e-9,
    "Ki of second": 8e-8,
}
SPECIFIC_ACTIVITY = 50.0 * 2.22e15
DAYS, CONCENTRATIONS, REPLICATES, CONTROLS = 3, 10, 3, 6
KM_LOG10_SE = 0.04
START = dt.date(2026, 5, 4)


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Three days of one 96-well plate: two compounds at ten half-log concentrations in triplicate, total wells, wells
    with blocker and wells at 4 degrees; the protein of every well is known.
    """
    rng = np.random.default_rng(seed)
    km = truth["km_molar"] * 10.0 ** (KM_LOG10_SE * float(rng.standard_normal()))
    known = Constant(km, km * math.log(10) * KM_LOG10_SE, "M", "simulated", KM_LOG10_SE)
    label = Radioligand("[3H]simulated", "3H", SPECIFIC_ACTIVITY, START, 3, km=known)
    return tuple(_day(number, truth, label, rng) for number in range(1, DAYS + 1))


def _day(number: int, truth: Mapping[str, float], label: Radioligand, rng: np.random.Generator) -> Experiment:
    bench = Bench(SPECIFIC_ACTIVITY)
    carrier = Carrier(
        truth["vmax_mol_per_g_s"] * float(rng.lognormal(0.0, 0.1)),
        truth["km_molar"],
        truth["nonsaturable_l_per_g_s"],
        {name: truth[f"Ki of {name}"] for name in COMPOUNDS},
    )
    labelled = truth["labelled_molar"] * float(rng.lognormal(0.0, 0.05))
    whole = labelled + truth["unlabelled_molar"]
    wells = []
    for position, planned in _plate().items():
        protein = truth["protein_g"] * float(rng.lognormal(0.0, 0.06))
        held = replace(planned, radioligand_molar=labelled, substrate_molar=whole)
        (counts,) = count_uptake([held], carrier, bench, (protein, truth["uptake_s"]), rng)
        known = replace(planned, protein_g=protein)
        wells.append(
            Well(f"day {number}", "plate 1", position, known, float(counts), "counts", bench.count_time_s)
        )
    rates = tuple(60.0 * one / bench.count_time_s for one in count_aliquots(labelled, 3, bench, rng))
    volume = bench.ligand_volume_l
    return Experiment(
        f"day {number}",
        tuple(wells),
        label,
        Added(
            truth["labelled_molar"],
            math.nan,
            rates,
            volume,
            volume,
            bench.count_time_s,
            truth["labelled_molar"] + truth["unlabelled_molar"],
        ),
        Conditions("NET", "human", "simulated cells", 37.0, truth["uptake_s"], bench.volume_l),
        Counting(
            bench.efficiency, 0.0, (), bench.count_time_s, bench.background_cpm, 600.0, bench.pipetting_cv
        ),
        START + dt.timedelta(days=7 * (number - 1)),
    )


def _plate() -> dict[str, Treatment]:
    """Row by row: the compounds dose by dose, then total wells, wells with blocker, wells at 4 degrees."""
    plan = [
        Treatment(Role.COMPOUND, compound, 10.0 ** (-10 + 0.5 * dose))
        for compound in COMPOUNDS
        for dose in range(CONCENTRATIONS)
        for _ in range(REPLICATES)
    ]
    plan += [Treatment(role) for role in (Role.TOTAL, Role.NSB, Role.ICE) for _ in range(CONTROLS)]
    plate = FORMATS[96]
    places = (well_name(row, column) for row in range(plate.rows) for column in range(plate.columns))
    return dict(zip(places, plan, strict=False))
