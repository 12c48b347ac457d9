"""A simulated site mapping: competition at a wild type and a mutant, and dissociation at the wild type."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ...core.experiment import Added, Conditions, Constant, Counting, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well
from ...simulation.bench import Bench, Pharmacology, count_aliquots, count_wells
from ...simulation.modulation import Modulation, count_modulated_wells

LIGAND, TARGET, VARIANT = "[3H]simulated", "SERT", "S438T"
COMPOUNDS = ("inhibitor", "modulator")
TRUTH: Mapping[str, float] = {
    "Ki of inhibitor at SERT": 5e-9,
    "Ki of inhibitor at SERT S438T": 45e-9,
    "Ki of modulator at SERT": 3e-6,
    "Ki of modulator at SERT S438T": 3e-6,
    "EC50 of modulator at SERT": 5e-6,
    "kd_molar at SERT": 2e-9,
    "kd_molar at SERT S438T": 4e-9,
    "receptor_molar": 0.06e-9,
    "nonspecific": 0.004,
    "ligand_molar": 2e-9,
    "koff": 6e-4,
    "residual": 0.1,
    "EC50 (inhibitor)": math.inf,
}
SPECIFIC_ACTIVITY = 82.0 * 2.22e15
KD_LOG10_SE = 0.04
DAYS = (dt.date(2026, 3, 2), dt.date(2026, 3, 4), dt.date(2026, 3, 9))
DOSES: Mapping[str, tuple[float, ...]] = {
    "inhibitor": tuple(10.0 ** (-10.5 + 0.5 * step) for step in range(10)),
    "modulator": tuple(10.0 ** (-8.0 + 0.5 * step) for step in range(10)),
}
MODULATOR_DOSES = (3e-7, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4)
MINUTES = (0.0, 5.0, 12.0, 25.0, 45.0, 75.0)


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Three days each: competition at the wild type and at the mutant, dissociation by dilution at the wild type."""
    rng = np.random.default_rng(seed)
    sites = tuple(
        (variant, _labelled(truth, f"{TARGET} {variant}".strip(), rng)) for variant in ("", VARIANT)
    )
    found = []
    for number, date in enumerate(DAYS, start=1):
        for variant, label in sites:
            found.append(_competition(number, date, variant, truth, label, rng))
        found.append(_dissociation(number, date, truth, sites[0][1], rng))
    return tuple(found)


def _labelled(truth: Mapping[str, float], site: str, rng: np.random.Generator) -> Radioligand:
    kd = truth[f"kd_molar at {site}"] * 10.0 ** (KD_LOG10_SE * float(rng.standard_normal()))
    constant = Constant(kd, kd * math.log(10) * KD_LOG10_SE, "M", f"saturation at {site}", KD_LOG10_SE)
    return Radioligand(LIGAND, "3H", SPECIFIC_ACTIVITY, DAYS[0], 3, koff_per_s=truth["koff"], kd=constant)


def _competition(
    number: int,
    date: dt.date,
    variant: str,
    truth: Mapping[str, float],
    label: Radioligand,
    rng: np.random.Generator,
) -> Experiment:
    bench, ligand = Bench(SPECIFIC_ACTIVITY), truth["ligand_molar"]
    site = f"{TARGET} {variant}".strip()
    pharmacology = Pharmacology(
        truth[f"kd_molar at {site}"],
        truth["receptor_molar"] * float(rng.lognormal(0.0, 0.1)),
        truth["nonspecific"],
        {name: truth[f"Ki of {name} at {site}"] for name in COMPOUNDS},
    )
    plan = [
        Treatment(Role.COMPOUND, name, dose, ligand)
        for name in COMPOUNDS
        for dose in DOSES[name]
        for _ in (1, 2)
    ]
    plan += [Treatment(role, radioligand_molar=ligand) for role in (Role.TOTAL, Role.NSB) for _ in range(6)]
    counts = count_wells(plan, pharmacology, bench, rng)
    made = _experiment(f"{site} day {number}", date, bench, label, (plan, counts), rng)
    return replace(made, conditions=replace(made.conditions, variant=variant))


def _dissociation(
    number: int,
    date: dt.date,
    truth: Mapping[str, float],
    label: Radioligand,
    rng: np.random.Generator,
) -> Experiment:
    bench = Bench(SPECIFIC_ACTIVITY, count_time_s=300.0)
    ec50 = {
        "modulator": truth["EC50 of modulator at SERT"] * float(rng.lognormal(0.0, 0.1)),
        "inhibitor": truth["EC50 (inhibitor)"],
    }
    day = Modulation(truth["koff"], truth["residual"], ec50, 0.05e-9, 0.004e-9)
    plan = []
    for minute in MINUTES:
        what = {"radioligand_molar": truth["ligand_molar"], "time_s": 60.0 * minute, "phase": "dissociation"}
        plan += [Treatment(Role.TOTAL, **what)] * 2  # type: ignore[arg-type]
        plan += [
            Treatment(Role.COMPOUND, name, dose, **what)  # type: ignore[arg-type]
            for name in COMPOUNDS
            for dose in MODULATOR_DOSES
        ]
        plan += [Treatment(Role.NSB, **what)] * 2  # type: ignore[arg-type]
    counts = count_modulated_wells(plan, day, bench, rng)
    return _experiment(f"dissociation day {number}", date, bench, label, (plan, counts), rng)


def _experiment(
    name: str,
    date: dt.date,
    bench: Bench,
    label: Radioligand,
    wells: tuple[list[Treatment], list[int]],
    rng: np.random.Generator,
) -> Experiment:
    minutes = bench.count_time_s / 60.0
    aliquots = tuple(count / minutes for count in count_aliquots(2e-9, 3, bench, rng))
    volume = bench.ligand_volume_l
    return Experiment(
        name,
        tuple(
            Well(name, "plate 1", place, what, float(count), "counts", bench.count_time_s)
            for place, what, count in zip(FORMATS[96].positions(), *wells, strict=False)
        ),
        label,
        Added(2e-9, math.nan, aliquots, volume, volume, bench.count_time_s),
        Conditions(TARGET, "human", "simulated membranes", 25.0, 14400.0, bench.volume_l, 30e-6),
        Counting(
            bench.efficiency, 0.0, (), bench.count_time_s, bench.background_cpm, 600.0, bench.pipetting_cv
        ),
        date,
    )
