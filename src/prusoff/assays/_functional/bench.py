"""A simulated agonist experiment: three agonists on a plate, on three days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np

from ...core.experiment import Conditions, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well
from ...simulation.response import Agonist, Cells, Responses, count_responses

AGONISTS: Mapping[str, Agonist] = {
    "full": Agonist(5.0e-9, 0.98),
    "partial": Agonist(3.0e-8, 0.45),
    "weak": Agonist(4.0e-7, 0.97),
}
LOWEST: Mapping[str, float] = {"full": -10.0, "partial": -9.5, "weak": -8.5}
TRUTH: Mapping[str, float] = {
    **{f"EC50 of {name}": one.ec50_molar for name, one in AGONISTS.items()},
    "relative Emax of partial": 0.45 / 0.98,
    "relative Emax of weak": 0.97 / 0.98,
    **{f"emax {name}": one.emax for name, one in AGONISTS.items()},
}
STEPS = 9
DAYS = 3
DAY_SD = 0.04  # of log10 of the sensitivity of the cells
START = dt.date(2026, 5, 11)


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Three days of one 96-well plate: every agonist at nine half-log concentrations in triplicate."""
    agonists = {name: Agonist(truth[f"EC50 of {name}"], truth[f"emax {name}"]) for name in AGONISTS}
    return experiments(agonists, seed)


def experiments(
    agonists: Mapping[str, Agonist],
    seed: int,
    lowest: Mapping[str, float] = LOWEST,
    days: int = DAYS,
    cells: Cells | None = None,
) -> tuple[Experiment, ...]:
    """The same for any agonists; `lowest` is the log10 (mol/L) of the lowest concentration of each."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(1, days + 1):
        truth = Responses(agonists, sensitivity=10.0 ** (DAY_SD * float(rng.standard_normal())))
        treatments = _plate({name: lowest[name] for name in agonists})
        counts = count_responses(treatments, truth, cells or Cells(), rng)
        found.append(_experiment(number, treatments, counts))
    return tuple(found)


def _experiment(number: int, treatments: Sequence[Treatment], counts: Sequence[int]) -> Experiment:
    name = f"day {number}"
    wells = tuple(
        Well(name, "plate 1", place, what, float(count), "RLU")
        for place, what, count in zip(FORMATS[96].positions(), treatments, counts, strict=False)
    )
    return Experiment(
        name,
        wells,
        Radioligand("", ""),
        conditions=Conditions("beta2", "human", "simulated cells", 37.0, 1800.0),
        date=START + dt.timedelta(days=7 * (number - 1)),
    )


def _plate(lowest: Mapping[str, float]) -> list[Treatment]:
    """The curves one after another, then vehicle wells, then wells without cells."""
    curves = [
        Treatment(Role.COMPOUND, name, 10.0 ** (low + 0.5 * step))
        for name, low in lowest.items()
        for step in range(STEPS)
        for _ in range(3)
    ]
    return [*curves, *[Treatment(Role.TOTAL)] * 10, *[Treatment(Role.BLANK)] * 4]
