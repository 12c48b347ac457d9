"""A simulated homologous competition: three days of one plate with two concentrations of the radioligand."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence

import numpy as np

from ...core.experiment import Added, Conditions, Counting, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well
from ...simulation.bench import Bench, Pharmacology, count_aliquots, count_wells

LIGAND, COLD = "[3H]simulated", "simulated"
TRUTH: Mapping[str, float] = {
    f"Kd of {LIGAND}": 0.8e-9,
    f"Bmax of {LIGAND}": 0.6e-9,  # mol/g: 600 fmol/mg
    "nonspecific": 0.004,
}
PROTEIN_G = 30e-6
SPECIFIC_ACTIVITY = 82.0 * 2.22e15
HOT = (0.3e-9, 2.0e-9)
DAYS = 3
START = dt.date(2026, 4, 6)


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Each day both concentrations of hot ligand with twelve of cold, in triplicate, and six controls each."""
    rng = np.random.default_rng(seed)
    return tuple(_day(number, truth, HOT, rng) for number in range(1, DAYS + 1))


def _day(
    number: int, truth: Mapping[str, float], hot: Sequence[float], rng: np.random.Generator
) -> Experiment:
    bench, name = Bench(SPECIFIC_ACTIVITY), f"day {number}"
    kd = truth[f"Kd of {LIGAND}"]
    density = truth[f"Bmax of {LIGAND}"] * float(rng.lognormal(0.0, 0.05))
    pharmacology = Pharmacology(kd, density * PROTEIN_G / bench.volume_l, truth["nonspecific"], {COLD: kd})
    strength = float(rng.lognormal(0.0, 0.05))  # how the working solution of that day turned out
    planned = [one for molar in hot for one in _plan(molar)]
    pipetted = [one for molar in hot for one in _plan(molar * strength)]
    counts = count_wells(pipetted, pharmacology, bench, rng)
    wells = tuple(
        Well(name, "plate 1", position, treatment, float(count), "counts", bench.count_time_s)
        for position, treatment, count in zip(FORMATS[96].positions(), planned, counts, strict=False)
    )
    minutes = bench.count_time_s / 60.0
    aliquots = tuple(count / minutes for count in count_aliquots(hot[-1] * strength, 3, bench, rng))
    date = START + dt.timedelta(days=7 * (number - 1))
    return Experiment(
        name,
        wells,
        Radioligand(LIGAND, "3H", SPECIFIC_ACTIVITY, START, 3, koff_per_s=2e-3),
        Added(hot[-1], math.nan, aliquots, bench.ligand_volume_l, bench.ligand_volume_l, bench.count_time_s),
        Conditions("NET", "human", "simulated membranes", 25.0, 7200.0, bench.volume_l, PROTEIN_G),
        Counting(
            bench.efficiency, 0.0, (), bench.count_time_s, bench.background_cpm, 600.0, bench.pipetting_cv
        ),
        date,
    )


def _plan(hot_molar: float) -> list[Treatment]:
    """Twelve concentrations of cold ligand from 30 pM to 9.5 uM in triplicate, three controls of each kind."""
    plan = [
        Treatment(Role.COMPOUND, COLD, 10.0 ** (-10.5 + 0.5 * dose), hot_molar)
        for dose in range(12)
        for _ in range(3)
    ]
    for role in (Role.TOTAL, Role.NSB):
        plan += [Treatment(role, radioligand_molar=hot_molar)] * 3
    return plan
