"""Simulated NMDA currents over a grid of NMDA and glycine: glycine is needed more for the plateau than for the peak."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from ...core.experiment import Conditions, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well
from ...simulation.blocked_channels import Amplifier, sound_cell

AGONIST, COAGONIST = "NMDA", "glycine"
PLATEAU, PEAK = (f"{AGONIST} with {COAGONIST} ({end_point})" for end_point in ("plateau", "peak"))
TRUTH: Mapping[str, float] = {
    f"EC50 (agonist) of {PLATEAU}": 30e-6,
    f"EC50 (co-agonist) of {PLATEAU}": 0.7e-6,
    f"EC50 (agonist) of {PEAK}": 45e-6,
    f"EC50 (co-agonist) of {PEAK}": 0.35e-6,
    f"slope (agonist) of {PLATEAU}": 1.4,
    f"slope (co-agonist) of {PLATEAU}": 1.2,
    "rundown_per_s": 8e-5,
    "ambient_coagonist": 0.0,
}
CELLS = 5
AGONISTS = (3e-6, 10e-6, 30e-6, 100e-6, 300e-6)
COAGONISTS = (0.03e-6, 0.1e-6, 0.3e-6, 1e-6, 10e-6)
CURRENT_A = {"peak": 0.9e-9, "plateau": 0.5e-9}
APART_S = 30.0
EVERY = 5  # applications after which the control is read again


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Five cells: five NMDA and five glycine concentrations in random order, the strongest again after every five.

    'ambient_coagonist' (mol/L) is glycine in the solution that nobody added; 'rundown_per_s' the part of the current
    that is lost each second.
    """
    rng = np.random.default_rng(seed)
    return tuple(_cell(number, truth, rng) for number in range(1, CELLS + 1))


def _cell(number: int, truth: Mapping[str, float], rng: np.random.Generator) -> Experiment:
    cell = f"cell {number}"
    own = {name: float(rng.lognormal(0.0, sd)) for name, sd in (("ea", 0.1), ("eg", 0.12), ("size", 0.3))}
    made = {molar: molar * float(rng.lognormal(0.0, 0.02)) for molar in (*AGONISTS, *COAGONISTS)} | {0.0: 0.0}
    plan, currents = [], []
    for turn, (agonist, coagonist) in enumerate(_applications(rng)):
        left = 1.0 - truth["rundown_per_s"] * APART_S * turn
        for end_point in ("peak", "plateau"):
            plan.append(
                Treatment(
                    Role.COMPOUND,
                    AGONIST,
                    agonist,
                    second_compound=COAGONIST,
                    second_molar=coagonist,
                    time_s=APART_S * turn,
                    voltage_v=-0.08,
                    end_point=end_point,
                )
            )
            held = made[coagonist] + truth["ambient_coagonist"]
            currents.append(-left * own["size"] * _current(truth, own, (made[agonist], held), end_point))
    quality = sound_cell(rng)
    read = Amplifier().read(np.array(currents), rng)
    wells = tuple(
        Well(cell, "", position, what, float(value), "A", quality=quality)
        for what, position, value in zip(plan, FORMATS[96].positions(), read, strict=False)
    )
    conditions = Conditions("NMDA receptor", "rat", "simulated neuron", 22.0)
    return Experiment(cell, wells, Radioligand("", ""), conditions=conditions)


def _applications(rng: np.random.Generator) -> Iterator[tuple[float, float]]:
    """Agonist and co-agonist of every application: the whole grid, agonist alone, and the control between them."""
    control = (AGONISTS[-1], COAGONISTS[-1])
    grid = [(agonist, coagonist) for agonist in AGONISTS for coagonist in COAGONISTS]
    grid = [one for one in grid if one != control] + [(AGONISTS[-1], 0.0)] * 2
    for place, number in enumerate(rng.permutation(len(grid))):
        if place % EVERY == 0:
            yield control
        yield grid[int(number)]
    yield control


def _current(
    truth: Mapping[str, float], own: Mapping[str, float], held: tuple[float, float], end_point: str
) -> float:
    """The size of the current: the channel opens where both sites are taken."""
    subject = PEAK if end_point == "peak" else PLATEAU
    parts = []
    for name, factor, molar in (("agonist", own["ea"], held[0]), ("co-agonist", own["eg"], held[1])):
        slope = truth[f"slope ({name}) of {PLATEAU}"]
        half = truth[f"EC50 ({name}) of {subject}"] * factor
        parts.append((molar / half) ** slope / (1.0 + (molar / half) ** slope))
    return CURRENT_A[end_point] * float(math.prod(parts))
