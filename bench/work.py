"""The work that is timed: a run of one plate, a table of curves, and the curves of the fits."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from prusoff.core.equation import Array

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "net_imipramine"
FROM_SATURATION = 'kd = { from = "saturation.toml" }'
STATED = 'kd = { value = "0.8 nM", se = "0.08 nM", source = "stated for the measurement of speed" }'
DOSES = np.linspace(-10.0, -5.5, 10)  # half-log steps
REPLICATES = 3


def one_plate(folder: Path) -> Path:
    """A run file of one 96-well plate beside its data: day 1 of the example, with the Kd as a value."""
    text = (EXAMPLE / "competition.toml").read_text(encoding="utf-8")
    head, day, *_ = text.split("[[experiment]]")
    if FROM_SATURATION not in head:
        raise ValueError("the example states its Kd in another way now; adapt the benchmark")
    for name in ("day1.csv", "layout.csv"):
        shutil.copy(EXAMPLE / name, folder / name)
    path = folder / "plate.toml"
    path.write_text(f"{head.replace(FROM_SATURATION, STATED)}[[experiment]]{day}", encoding="utf-8")
    return path


@dataclass(frozen=True)
class Simulated:
    """One inhibition curve with its truth: bottom, top, log IC50 and Hill slope."""

    x: Array
    y: Array
    truth: tuple[float, float, float, float]


def curves(count: int, seed: int) -> Iterator[Simulated]:
    """Ten half-log concentrations in triplicate, top 100, bottom 0, SD 5, log IC50 from -9.5 to -6, slopes around 1."""
    random = np.random.default_rng(seed)
    x = np.repeat(DOSES, REPLICATES)
    for _ in range(count):
        truth = (0.0, 100.0, float(random.uniform(-9.5, -6.0)), float(np.exp(random.normal(0.0, 0.25))))
        y = truth[1] / (1.0 + 10.0 ** ((x - truth[2]) * truth[3])) + random.normal(0.0, 5.0, x.size)
        yield Simulated(x, y, truth)


def table(folder: Path, count: int) -> Path:
    """Many curves as one tidy CSV file."""
    lines = ["curve,concentration (M),signal"]
    for number, one in enumerate(curves(count, seed=2)):
        lines += [f"{number},{10.0**x:.6g},{y:.6g}" for x, y in zip(one.x, one.y, strict=True)]
    path = folder / "curves.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
