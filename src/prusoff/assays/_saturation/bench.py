"""A simulated saturation experiment, for the contract tests and the example."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

import numpy as np

from ...core.experiment import Added, Conditions, Counting, Experiment, Radioligand
from ...core.plate import Role, Treatment, Well, well_name
from ...simulation.bench import Bench, Pharmacology, count_aliquots, count_wells

LIGAND = "[3H]simulated"
TRUTH: Mapping[str, float] = {
    f"Kd of {LIGAND}": 0.8e-9,
    f"Bmax of {LIGAND}": 0.4e-9,  # mol/g: 400 fmol/mg
    "nonspecific": 0.004,
}
PROTEIN_G = 30e-6
SPECIFIC_ACTIVITY = 82.0 * 2.22e15
CONCENTRATIONS = tuple(1e-9 * 12.8 / 2.0**step for step in range(9, -1, -1))
DATE = dt.date(2026, 3, 2)


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """One plate: ten radioligand concentrations, three total and three nonspecific wells each."""
    rng = np.random.default_rng(seed)
    bench = Bench(SPECIFIC_ACTIVITY)
    receptor = truth[f"Bmax of {LIGAND}"] * PROTEIN_G / bench.volume_l
    pharmacology = Pharmacology(truth[f"Kd of {LIGAND}"], receptor, truth["nonspecific"])
    treatments = _plate()
    counts = count_wells(list(treatments.values()), pharmacology, bench, rng)
    wells = tuple(
        Well("saturation", "plate 1", position, treatment, float(count), "counts", bench.count_time_s)
        for (position, treatment), count in zip(treatments.items(), counts, strict=True)
    )
    minutes = bench.count_time_s / 60.0
    aliquots = tuple(count / minutes for count in count_aliquots(CONCENTRATIONS[-1], 3, bench, rng))
    return (
        Experiment(
            "saturation",
            wells,
            Radioligand(LIGAND, "3H", SPECIFIC_ACTIVITY, DATE, 3),
            Added(
                CONCENTRATIONS[-1],
                math.nan,
                aliquots,
                bench.ligand_volume_l,
                bench.ligand_volume_l,
                bench.count_time_s,
            ),
            Conditions("NET", "human", "simulated membranes", 4.0, 10800.0, bench.volume_l, PROTEIN_G),
            Counting(
                bench.efficiency, 0.0, (), bench.count_time_s, bench.background_cpm, 600.0, bench.pipetting_cv
            ),
            DATE,
        ),
    )


def _plate() -> dict[str, Treatment]:
    """Columns 1 to 10 hold the concentrations, rows A to C total wells, rows D to F nonspecific ones."""
    return {
        well_name(row, column): Treatment(
            Role.TOTAL if row < 3 else Role.NSB, radioligand_molar=concentration
        )
        for column, concentration in enumerate(CONCENTRATIONS)
        for row in range(6)
    }
