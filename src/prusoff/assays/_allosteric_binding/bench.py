"""A simulated binding experiment with two modulators: one raises the affinity of the label, one lowers it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence

import numpy as np

from ...core.experiment import Added, Conditions, Constant, Counting, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well
from ...simulation.bench import Bench, Pharmacology, count_aliquots, count_wells

LIGAND = "[3H]simulated"
MODULATORS = ("enhancer", "reducer")
TRUTH: Mapping[str, float] = {
    "KB of enhancer": 2e-6,
    "alpha of enhancer": 5.0,
    "KB of reducer": 1e-6,
    "alpha of reducer": 0.15,
    "kd_molar": 2e-9,
    "receptor_molar": 0.09e-9,
    "nonspecific": 0.003,
    "ligand_molar": 1e-9,
}
SPECIFIC_ACTIVITY = 82.0 * 2.22e15
DOSES = tuple(10.0 ** (-8.0 + 0.4 * step) for step in range(12))
KD_LOG10_SE = 0.03
DAYS = 3
START = dt.date(2026, 3, 9)


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Three days of one plate: both modulators at twelve concentrations in triplicate, twelve controls of each kind."""
    return at_concentrations(truth, seed, (truth["ligand_molar"],))


def at_concentrations(truth: Mapping[str, float], seed: int, hot: Sequence[float]) -> tuple[Experiment, ...]:
    """The same with one plate for each concentration of the label."""
    rng = np.random.default_rng(seed)
    kd = truth["kd_molar"] * 10.0 ** (KD_LOG10_SE * float(rng.standard_normal()))
    label = Radioligand(
        LIGAND,
        "3H",
        SPECIFIC_ACTIVITY,
        START,
        3,
        koff_per_s=2e-3,
        kd=Constant(kd, kd * math.log(10) * KD_LOG10_SE, "M", "simulated", KD_LOG10_SE),
    )
    return tuple(_day(number, truth, label, hot, rng) for number in range(1, DAYS + 1))


def _day(
    number: int,
    truth: Mapping[str, float],
    label: Radioligand,
    hot: Sequence[float],
    rng: np.random.Generator,
) -> Experiment:
    bench, name = Bench(SPECIFIC_ACTIVITY, count_time_s=300.0), f"day {number}"
    pharmacology = Pharmacology(
        truth["kd_molar"],
        truth["receptor_molar"] * float(rng.lognormal(0.0, 0.1)),
        truth["nonspecific"],
        {one: truth[f"KB of {one}"] for one in MODULATORS},
        {one: truth[f"alpha of {one}"] for one in MODULATORS},
    )
    strength = float(rng.lognormal(0.0, 0.05))  # how the working solution of that day turned out
    wells: list[Well] = []
    for plate, molar in enumerate(hot, start=1):
        counts = count_wells(_plan(molar * strength), pharmacology, bench, rng)
        placed = zip(FORMATS[96].positions(), _plan(molar), counts, strict=True)
        wells += [
            Well(name, f"plate {plate}", position, treatment, float(count), "counts", bench.count_time_s)
            for position, treatment, count in placed
        ]
    minutes = bench.count_time_s / 60.0
    aliquots = tuple(count / minutes for count in count_aliquots(hot[0] * strength, 3, bench, rng))
    return Experiment(
        name,
        tuple(wells),
        label,
        Added(hot[0], math.nan, aliquots, bench.ligand_volume_l, bench.ligand_volume_l, bench.count_time_s),
        Conditions("SERT", "human", "simulated membranes", 25.0, 7200.0, bench.volume_l, 30e-6),
        Counting(
            bench.efficiency, 0.0, (), bench.count_time_s, bench.background_cpm, 600.0, bench.pipetting_cv
        ),
        START + dt.timedelta(days=7 * (number - 1)),
    )


def _plan(hot_molar: float) -> list[Treatment]:
    plan = [
        Treatment(Role.COMPOUND, one, dose, hot_molar)
        for one in MODULATORS
        for dose in DOSES
        for _ in range(3)
    ]
    for role in (Role.TOTAL, Role.NSB):
        plan += [Treatment(role, radioligand_molar=hot_molar)] * 12
    return plan
