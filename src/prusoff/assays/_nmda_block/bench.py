"""Simulated NMDA currents under atomoxetine: its plateau is blocked in the open channel, its peak is left."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from ...core.experiment import Conditions, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well
from ...simulation.blocked_channels import Amplifier, sound_cell

DRUG, AGONIST = "atomoxetine", "NMDA"
TRUTH: Mapping[str, float] = {
    f"KB of {DRUG} (plateau)": 2.3e-6,
    "kb_of_the_peak": 1e-3,
    "ec50_agonist": 30e-6,
    "rundown_per_s": 2e-4,
    "competes": 0.0,
    "lowest_agonist": 10e-6,
    "highest_agonist": 300e-6,
}
CELLS = 5
BLOCKER = (1e-6, 3e-6, 10e-6, 25e-6)
AGONISTS = (10e-6, 30e-6, 100e-6, 300e-6)
CURRENT_A, PLATEAU = 0.9e-9, 0.55
APART_S = 30.0


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Five cells: four agonist concentrations, alone and with four of the blocker, controls again after its wash-out.

    'competes' 1 makes the blocker of the plateau compete with the agonist in place of entering the open channel;
    'rundown_per_s' is the part of the current that is lost each second.
    """
    rng = np.random.default_rng(seed)
    return tuple(_cell(number, truth, rng) for number in range(1, CELLS + 1))


def _cell(number: int, truth: Mapping[str, float], rng: np.random.Generator) -> Experiment:
    cell = f"cell {number}"
    kb = {
        "plateau": truth[f"KB of {DRUG} (plateau)"] * float(rng.lognormal(0.0, 0.12)),
        "peak": truth["kb_of_the_peak"],
    }
    ea = truth["ec50_agonist"] * float(rng.lognormal(0.0, 0.08))
    emax = CURRENT_A * float(rng.lognormal(0.0, 0.3))
    applied = {molar: molar * float(rng.lognormal(0.0, 0.02)) for molar in BLOCKER} | {0.0: 0.0}
    plan, currents = [], []
    for turn, (role, agonist, blocker) in enumerate(_applications(truth)):
        for end_point in ("peak", "plateau"):
            drug = (DRUG, blocker) if role is Role.COMPOUND else ("", math.nan)
            plan.append(
                Treatment(
                    role,
                    *drug,
                    second_compound=AGONIST,
                    second_molar=agonist,
                    time_s=APART_S * turn,
                    voltage_v=-0.08,
                    end_point=end_point,
                )
            )
            size = (
                emax
                * (PLATEAU if end_point == "plateau" else 1.0)
                * (1.0 - truth["rundown_per_s"] * APART_S * turn)
            )
            currents.append(-size * _open(truth, (agonist, ea), applied[blocker] / kb[end_point], end_point))
    quality = sound_cell(rng)
    read = Amplifier().read(np.array(currents), rng)
    wells = tuple(
        Well(cell, "", position, what, float(value), "A", quality=quality)
        for what, position, value in zip(plan, FORMATS[96].positions(), read, strict=False)
    )
    conditions = Conditions("NMDA receptor", "rat", "simulated neuron", 22.0, buffer="10 uM glycine")
    return Experiment(cell, wells, Radioligand("", ""), conditions=conditions)


def _applications(truth: Mapping[str, float]) -> Iterator[tuple[Role, float, float]]:
    """Role, agonist and blocker of every application: controls, every blocker, and the highest agonist once more."""
    agonists = [one for one in AGONISTS if truth["lowest_agonist"] <= one <= truth["highest_agonist"]]
    for agonist in (agonists[-1], *agonists):
        yield Role.TOTAL, agonist, 0.0
    for blocker in BLOCKER:
        for agonist in agonists:
            yield Role.COMPOUND, agonist, blocker
    for _ in range(2):
        yield Role.WASH, agonists[-1], 0.0


def _open(truth: Mapping[str, float], agonist: tuple[float, float], blocked: float, end_point: str) -> float:
    """The part of the largest current, by the states of the receptor: free, open, blocked free and blocked open."""
    loaded = agonist[0] / agonist[1]
    free_held = blocked if end_point == "peak" or truth["competes"] else 0.0
    open_held = loaded * blocked if end_point == "peak" or not truth["competes"] else 0.0
    return loaded / (1.0 + loaded + free_held + open_held)
