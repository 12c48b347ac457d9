"""A simulated study of occupancy: monkeys scanned at baseline and at rising infusions, volumes read by region."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from ...core.experiment import Compound, Conditions, Constant, Dosing, Experiment, Radioligand
from ...core.plate import Role, Treatment, Well

REGIONS: Mapping[str, float] = {  # binding potential at baseline
    "locus coeruleus": 1.60,
    "thalamus": 1.10,
    "hypothalamus": 0.85,
    "midbrain": 0.60,
    "cingulate": 0.40,
    "caudate": 0.15,
}
VND = 9.0  # mL/cm3
MOLAR_MASS = 255.361
EC50: Mapping[str, float] = {"NET": 31e-6 / MOLAR_MASS, "SERT": 99e-6 / MOLAR_MASS}
PLASMA: Mapping[str, tuple[float, ...]] = {  # ng/mL
    "NET": (10.0, 30.0, 90.0, 270.0),
    "SERT": (30.0, 90.0, 270.0, 810.0),
}
TRUTH: Mapping[str, float] = {
    **{f"EC50 of atomoxetine at {target}": value for target, value in EC50.items()},
    "occmax": 1.0,
    "between_sd": 0.09,
    "noise": 0.03,
}
SUBJECTS = 4
REACHED = 0.15  # how far plasma lies from the one aimed at, SD of its logarithm
SEED_DOCUMENT = "compiled value, its SE that between assays"
ATOMOXETINE = Compound(
    "atomoxetine",
    MOLAR_MASS,
    291.819,
    "base",
    Constant(0.02, 0.0, "", "98 % bound, prescribing information"),
    Constant(0.7, 0.0, "", "rat: Kielbasa W et al., Drug Metab Dispos 2009;37:137"),
    {
        "NET": Constant(5e-9, 5e-9 * math.log(10.0) * 0.17, "M", SEED_DOCUMENT, 0.17),
        "SERT": Constant(77e-9, 77e-9 * math.log(10.0) * 0.17, "M", SEED_DOCUMENT, 0.17),
    },
    {"NMDA": Constant(3e-6, 3e-6 * math.log(10.0) * 0.17, "M", SEED_DOCUMENT, 0.17)},
    350e-6 / MOLAR_MASS,
    ("4-hydroxyatomoxetine",),
    Dosing(
        40e-3,
        "base",
        70.0,
        1.2 / 3600.0,
        0.35 / 3600.0,
        5.2 * 3600.0,
        "prescribing information; ka of a physiological model",
        "human, extensive metaboliser",
        volume_l_per_kg=0.85,
        bioavailability=0.63,
    ),
)


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Four monkeys for each transporter: volumes of distribution in six regions at baseline and at four infusions."""
    rng = np.random.default_rng(seed)
    return tuple(_monkey(number, target, truth, rng) for target in EC50 for number in range(1, SUBJECTS + 1))


def _monkey(number: int, target: str, truth: Mapping[str, float], rng: np.random.Generator) -> Experiment:
    name = f"monkey {number}, {target}"
    away = truth["between_sd"] * float(rng.standard_normal())
    ec50 = truth[f"EC50 of atomoxetine at {target}"] * 10.0**away
    volumes = {
        region: VND * (1.0 + potential * math.exp(0.1 * float(rng.standard_normal())))
        for region, potential in REGIONS.items()
    }
    wells = []
    for scan, aimed in enumerate((*PLASMA[target], 0.0), start=1):
        plasma = aimed * math.exp(REACHED * float(rng.standard_normal()))
        molar = plasma * 1e-6 / MOLAR_MASS
        held = truth["occmax"] * molar / (molar + ec50)
        what = Treatment(Role.COMPOUND, "atomoxetine", molar) if plasma else Treatment(Role.TOTAL)
        plate = f"scan {scan}" if aimed else "baseline"
        for place, (region, volume) in enumerate(volumes.items(), start=1):
            true = volume - held * (volume - VND)
            error = truth["noise"] * true
            wells.append(
                Well(
                    name,
                    plate,
                    f"A{place:02d}",
                    Treatment(what.role, what.compound, what.concentration_molar, region=region),
                    true + error * float(rng.standard_normal()),
                    "VT",
                    signal_se=error,
                )
            )
    return Experiment(
        name,
        tuple(wells),
        Radioligand("", ""),
        conditions=Conditions(target, "rhesus", "simulated positron emission tomography"),
        member=target,
        compounds=(ATOMOXETINE,),
    )
