"""Simulated grids of substrate and inhibitor on three days, for the contract tests and the example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ...core.experiment import Experiment
from ...core.plate import FORMATS, Role, Treatment, Well, well_name
from ...simulation.carrier import Carrier, count_uptake
from .._uptake_kinetics.bench import BENCH, DURATION_S, LABELLED_MOLAR, PROTEIN_G, experiment_of

BLOCKER, TRAPPER = "blocker", "trapper"
TRUTH: Mapping[str, float] = {
    f"Ki of {BLOCKER}": 1.0e-8,
    f"Ki of {TRAPPER}": 4.0e-8,
    "Km": 4.57e-7,
    "Vmax": 18e-9 / 60.0,  # mol/(g s): 18 pmol/mg/min
    "nonsaturable": 1e-6 / 60e-3,  # L/(g s): 1 uL/mg/min
}
SUBSTRATES = tuple(1e-9 * nanomolar for nanomolar in (50, 150, 400, 1000, 2500, 5000))
INHIBITORS: Mapping[str, tuple[float, ...]] = {
    BLOCKER: (1e-8, 4e-8, 1.6e-7),
    TRAPPER: (1.5e-8, 5e-8, 1.5e-7),
}
DAYS = 3
COUNT_TIME_S = 600.0
STOCK_SD = 0.06  # of the ln of the concentration at which the stock of an inhibitor is made on a day


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Three days, each a full plate: six concentrations of substrate, none and three concentrations of two inhibitors.

    The blocker is competitive, the trapper noncompetitive.
    """
    blocker, trapper = truth[f"Ki of {BLOCKER}"], truth[f"Ki of {TRAPPER}"]
    carrier = Carrier(
        truth["Vmax"],
        truth["Km"],
        truth["nonsaturable"],
        {BLOCKER: blocker, TRAPPER: trapper},
        {TRAPPER: trapper},
    )
    return grids(carrier, seed)


def grids(
    carrier: Carrier,
    seed: int,
    days: int = DAYS,
    substrates: tuple[float, ...] = SUBSTRATES,
    inhibitors: Mapping[str, tuple[float, ...]] = INHIBITORS,
) -> tuple[Experiment, ...]:
    """Days of this carrier: duplicates without inhibitor, with each inhibitor, and without carrier."""
    rng = np.random.default_rng(seed)
    return tuple(_day(number, carrier, rng, plate(substrates, inhibitors)) for number in range(1, days + 1))


def plate(substrates: tuple[float, ...], inhibitors: Mapping[str, tuple[float, ...]]) -> list[Treatment]:
    """The wells of one plate, in pairs."""
    plan = [
        Treatment(Role.COMPOUND, compound, inhibitor, LABELLED_MOLAR, substrate)
        for compound, several in inhibitors.items()
        for inhibitor in several
        for substrate in substrates
    ]
    plan += [
        Treatment(role, radioligand_molar=LABELLED_MOLAR, substrate_molar=substrate)
        for role in (Role.TOTAL, Role.NSB)
        for substrate in substrates
    ]
    return [one for one in plan for _ in range(2)]


def _day(number: int, carrier: Carrier, rng: np.random.Generator, treatments: list[Treatment]) -> Experiment:
    made = {
        name: float(rng.lognormal(0.0, STOCK_SD)) for name in sorted({*carrier.kic_molar, *carrier.kiu_molar})
    }
    today = replace(
        carrier,
        kic_molar={name: value / made[name] for name, value in carrier.kic_molar.items()},
        kiu_molar={name: value / made[name] for name, value in carrier.kiu_molar.items()},
        vmax_mol_per_g_s=carrier.vmax_mol_per_g_s * float(rng.lognormal(0.0, 0.08)),
        km_molar=carrier.km_molar * float(rng.lognormal(0.0, 0.05)),
    )
    bench = replace(BENCH, count_time_s=COUNT_TIME_S)
    counts = count_uptake(treatments, today, bench, (PROTEIN_G, DURATION_S), rng)
    form = FORMATS[96]
    places = (well_name(row, column) for row in range(form.rows) for column in range(form.columns))
    wells = tuple(
        Well(f"day {number}", "plate 1", place, treatment, float(count), "counts", COUNT_TIME_S)
        for place, treatment, count in zip(places, treatments, counts, strict=False)
    )
    return experiment_of(number, wells, rng)
