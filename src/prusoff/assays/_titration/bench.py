"""A simulated titration: a fluorescent partner at 2 nM, two ligands added to it, three days of one plate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from ...core.experiment import Conditions, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well
from ...simulation.equilibrium import competitive_binding

LIGANDS = ("first", "second")
TRUTH: Mapping[str, float] = {
    **{f"Kd of {name}": kd for name, kd in zip(LIGANDS, (1.5e-9, 40e-9), strict=True)},
    "partner_molar": 2e-9,
    "free": 2000.0,
    "span": 18000.0,
    "by_itself": 1.5e9,  # signal per mol/L of what is added
    "buffer": 300.0,
    "pipetting_cv": 0.02,
}
UNIT = "RFU"
DAYS = 3
START = dt.date(2026, 5, 4)


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Each day both ligands at eleven half-log concentrations in triplicate, and what the controls need."""
    rng = np.random.default_rng(seed)
    return tuple(simulated_day(number, truth, rng) for number in range(1, DAYS + 1))


def simulated_day(number: int, truth: Mapping[str, float], rng: np.random.Generator) -> Experiment:
    """One plate: the lamp of a day gives its own brightness, photons are counted."""
    name, lamp = f"day {number}", float(rng.lognormal(0.0, 0.05))
    wells = tuple(
        Well(name, "plate 1", position, what, float(rng.poisson(lamp * _photons(what, truth, rng))), UNIT)
        for position, what in zip(FORMATS[96].positions(), _plan(), strict=False)
    )
    partner = truth["partner_molar"]
    return Experiment(
        name,
        wells,
        Radioligand("", ""),
        conditions=Conditions(
            "NET", "human", "simulated protein", 25.0, 3600.0, 50e-6, receptor_molar=partner
        ),
        date=START + dt.timedelta(days=7 * (number - 1)),
    )


def _photons(what: Treatment, truth: Mapping[str, float], rng: np.random.Generator) -> float:
    """How bright a well is on the average: partner and ligand are pipetted, and bind."""
    pipetted, added = (max(0.0, 1.0 + truth["pipetting_cv"] * float(rng.standard_normal())) for _ in range(2))
    if what.role is Role.BLANK:
        return truth["buffer"]
    ligand = added * (what.concentration_molar if what.concentration_molar > 0 else 0.0)
    alone = truth["buffer"] + truth["by_itself"] * ligand
    if what.role is Role.NSB:
        return alone
    kd, partner = truth.get(f"Kd of {what.compound}", 1.0), truth["partner_molar"] * pipetted
    bound = competitive_binding(partner, ligand, kd).bound
    return alone + (truth["free"] * partner + truth["span"] * bound) / truth["partner_molar"]


def _plan() -> list[Treatment]:
    plan = [
        Treatment(Role.COMPOUND, name, 10.0 ** (-10.5 + 0.5 * dose))
        for name in LIGANDS
        for dose in range(11)
        for _ in range(3)
    ]
    plan += [
        Treatment(Role.NSB, name, molar)
        for name in LIGANDS
        for molar in (1e-9, 1e-7, 1e-6, 10.0**-5.5)
        for _ in range(2)
    ]
    return plan + [Treatment(Role.TOTAL)] * 6 + [Treatment(Role.BLANK)] * 6
