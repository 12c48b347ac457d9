"""A simulated ex vivo study: rats with vehicle and five doses, cortex and cerebellum cut, weighed and counted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...core.experiment import Conditions, Counting, Experiment, Radioligand
from ...core.plate import Role, Treatment, Well

TRUTH: Mapping[str, float] = {
    "ED50 of blocker": 1.2e-3,  # g/kg
    "vehicle_ratio": 2.0,
    "animal_sd": 0.12,
    "occmax": 1.0,
}
DOSES = (0.0, 0.1e-3, 0.4e-3, 1.2e-3, 4e-3, 15e-3)
VEHICLE, EACH = 6, 4
PIECES = (("frontal cortex", 0.045), ("frontal cortex", 0.045), ("cerebellum", 0.11))
FREE_DPM_PER_G = 24_000.0
EFFICIENCY, BACKGROUND_CPM, TIME_S = 0.45, 25.0, 600.0


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Six rats with vehicle and four at each of five doses; ratios differ between rats, counts are Poisson."""
    rng = np.random.default_rng(seed)
    doses = [dose for dose in DOSES for _ in range(EACH if dose else VEHICLE)]
    return tuple(_rat(f"rat {number:02d}", dose, truth, rng) for number, dose in enumerate(doses, start=1))


def _rat(name: str, dose: float, truth: Mapping[str, float], rng: np.random.Generator) -> Experiment:
    held = truth["occmax"] * dose / (dose + truth["ED50 of blocker"])
    ratio = truth["vehicle_ratio"] * (1.0 - held) + truth["animal_sd"] * float(rng.standard_normal())
    taken_up = FREE_DPM_PER_G * float(np.exp(0.2 * rng.standard_normal()))  # cancels in the ratio
    wells = []
    for place, (region, mass) in enumerate(PIECES, start=1):
        grams = mass * float(np.exp(0.1 * rng.standard_normal()))
        bound = 0.0 if region == "cerebellum" else ratio
        rate = taken_up * (1.0 + bound) * grams * EFFICIENCY + BACKGROUND_CPM
        what = Treatment(Role.COMPOUND, "blocker", dose_g_per_kg=dose) if dose else Treatment(Role.TOTAL)
        wells.append(
            Well(
                name,
                "",
                f"A{place:02d}",
                Treatment(
                    what.role, what.compound, region=region, tissue_g=grams, dose_g_per_kg=what.dose_g_per_kg
                ),
                float(rng.poisson(rate * TIME_S / 60.0)),
                "counts",
            )
        )
    return Experiment(
        name,
        tuple(wells),
        Radioligand("[3H]ligand", "3H"),
        conditions=Conditions("5-HT2A", "rat", "simulated brain, cut and counted"),
        counting=Counting(
            EFFICIENCY,
            0.0,
            time_s=TIME_S,
            background_cpm=BACKGROUND_CPM,
            background_time_s=TIME_S,
            pipetting_cv=0.0,
        ),
    )
