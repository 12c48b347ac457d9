"""A simulated antagonist experiment: five agonist curves on a plate, on three days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np

from ...core.experiment import Conditions, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well
from ...simulation.response import Agonist, Antagonist, Cells, Responses, count_responses

AGONIST, ANTAGONIST = "agonist", "blocker"
TRUTH: Mapping[str, float] = {
    f"KB of {ANTAGONIST}": 4.0e-9,
    f"Schild slope of {ANTAGONIST}": 1.0,
    "ec50_molar": 3.0e-9,
    "emax": 0.98,
}
LEVELS = (0.0, 3e-9, 1e-8, 3e-8, 1e-7)
DOSES = tuple(10.0 ** (-10.0 + 0.5 * step) for step in range(9))
DAYS = 3
DAY_SD = 0.04  # of log10 of the sensitivity of the cells
START = dt.date(2026, 4, 13)


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Three days of one plate: nine agonist concentrations in duplicate beside each antagonist concentration."""
    antagonist = Antagonist(truth[f"KB of {ANTAGONIST}"])
    return experiments(Agonist(truth["ec50_molar"], truth["emax"]), antagonist, seed)


def experiments(
    agonist: Agonist,
    antagonist: Antagonist,
    seed: int,
    levels: Sequence[float] = LEVELS,
    days: int = DAYS,
    cells: Cells | None = None,
) -> tuple[Experiment, ...]:
    """The same for any agonist and antagonist, with these antagonist concentrations (mol/L)."""
    rng = np.random.default_rng(seed)
    return tuple(
        _day(day, (agonist, antagonist), levels, cells or Cells(), rng) for day in range(1, days + 1)
    )


def _day(
    number: int,
    pair: tuple[Agonist, Antagonist],
    levels: Sequence[float],
    cells: Cells,
    rng: np.random.Generator,
) -> Experiment:
    sensitivity = 10.0 ** (DAY_SD * float(rng.standard_normal()))
    truth = Responses({AGONIST: pair[0]}, {ANTAGONIST: pair[1]}, sensitivity)
    name = f"day {number}"
    treatments = _plate(levels)
    counts = count_responses(treatments, truth, cells, rng)
    wells = tuple(
        Well(name, "plate 1", place, what, float(count), "RLU")
        for place, what, count in zip(FORMATS[96].positions(), treatments, counts, strict=False)
    )
    return Experiment(
        name,
        wells,
        Radioligand("", ""),
        conditions=Conditions("M3", "human", "simulated cells", 37.0, 1800.0),
        date=START + dt.timedelta(days=7 * (number - 1)),
    )


def _plate(levels: Sequence[float]) -> list[Treatment]:
    """The curves one after another, then vehicle wells, then two wells without cells."""
    curves = [
        Treatment(
            Role.COMPOUND,
            AGONIST,
            dose,
            second_compound=ANTAGONIST if level else "",
            second_molar=level if level else float("nan"),
        )
        for level in levels
        for dose in DOSES
        for _ in range(2)
    ]
    return [*curves, *[Treatment(Role.TOTAL)] * 4, *[Treatment(Role.BLANK)] * 2]
