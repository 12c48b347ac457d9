"""A simulated dissociation-rate experiment: two enantiomers slow the label that leaves a transporter."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

import numpy as np

from ...core.experiment import Added, Conditions, Constant, Counting, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well
from ...simulation.bench import Bench, count_aliquots
from ...simulation.modulation import Modulation, count_modulated_wells

LIGAND, TARGET = "[3H]simulated", "SERT"
MODULATORS = ("S-modulator", "R-modulator")
TRUTH: Mapping[str, float] = {
    "EC50 of S-modulator": 3.6e-6,
    "EC50 of R-modulator": 19.4e-6,
    "koff": 6e-4,
    "residual": 0.05,
    "bound_molar": 0.05e-9,
    "nonspecific_molar": 0.004e-9,
    "kd_molar": 2e-9,
    "minutes": 1.0,
}
SPECIFIC_ACTIVITY = 82.0 * 2.22e15
MINUTES = (0.0, 5.0, 10.0, 20.0, 35.0, 50.0, 70.0, 100.0)
CONCENTRATIONS = (3e-7, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4)
DAYS = (dt.date(2026, 3, 2), dt.date(2026, 3, 4), dt.date(2026, 3, 9))


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Three days of two plates, a modulator each: eight times in rows; columns are controls, seven doses, nonspecific.

    Dissociation is started by dilution. 'minutes' stretches all times.
    """
    rng = np.random.default_rng(seed)
    return tuple(_day(number, date, truth, rng) for number, date in enumerate(DAYS, start=1))


def _day(number: int, date: dt.date, truth: Mapping[str, float], rng: np.random.Generator) -> Experiment:
    bench = Bench(SPECIFIC_ACTIVITY, count_time_s=300.0)
    name, wells = f"day {number}", []
    for modulator in MODULATORS:
        day = Modulation(
            truth["koff"] * float(rng.lognormal(0.0, 0.05)),
            truth["residual"],
            {modulator: truth[f"EC50 of {modulator}"] * float(rng.lognormal(0.0, 0.1))},
            truth["bound_molar"] * float(rng.lognormal(0.0, 0.08)),
            truth["nonspecific_molar"],
        )
        plan = _plate(modulator, truth["minutes"])
        counts = count_modulated_wells(list(plan.values()), day, bench, rng)
        wells += [
            Well(name, f"{modulator}", position, treatment, float(count), "counts", bench.count_time_s)
            for (position, treatment), count in zip(plan.items(), counts, strict=True)
        ]
    minutes = bench.count_time_s / 60.0
    aliquots = tuple(count / minutes for count in count_aliquots(1e-9, 3, bench, rng))
    kd = truth["kd_molar"]
    return Experiment(
        name,
        tuple(wells),
        Radioligand(LIGAND, "3H", SPECIFIC_ACTIVITY, DAYS[0], 3, kd=Constant(kd, 0.1 * kd, "M", "simulated")),
        Added(1e-9, math.nan, aliquots, bench.ligand_volume_l, bench.ligand_volume_l, bench.count_time_s),
        Conditions(TARGET, "human", "simulated membranes", 25.0, 7200.0, bench.volume_l, 30e-6),
        Counting(
            bench.efficiency, 0.0, (), bench.count_time_s, bench.background_cpm, 600.0, bench.pipetting_cv
        ),
        date,
    )


def _plate(modulator: str, stretch: float) -> dict[str, Treatment]:
    plan = []
    for minute in MINUTES:
        time = 60.0 * minute * stretch
        row = [Treatment(Role.TOTAL, radioligand_molar=1e-9, time_s=time, phase="dissociation")] * 3
        row += [
            Treatment(Role.COMPOUND, modulator, dose, 1e-9, time_s=time, phase="dissociation")
            for dose in CONCENTRATIONS
        ]
        row += [Treatment(Role.NSB, radioligand_molar=1e-9, time_s=time, phase="dissociation")] * 2
        plan += row
    return dict(zip(FORMATS[96].positions(), plan, strict=True))
