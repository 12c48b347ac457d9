"""The work that is timed: a run of one plate, a table of curves, single fits, and screens of thousands of curves."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from prusoff.core.curves import Curves
from prusoff.core.equation import Array, Equation
from prusoff.equations import catalog

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


@dataclass(frozen=True)
class Screen:
    """Many simulated curves of one law: the table, the truth (parameter, curve; nan where flat), the kind of each."""

    name: str
    law: Equation
    table: Curves
    truth: Array
    kinds: tuple[str, ...]

    @property
    def flat(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Where there is no response, (curve,)."""
        return np.isnan(self.truth[self.law.index(self.law.location)])

    def part(self, count: int) -> Screen:
        """The first curves."""
        count = min(count, len(self.table))
        return Screen(
            self.name, self.law, self.table.part(0, count), self.truth[:, :count], self.kinds[:count]
        )

    def points(self, curve: int) -> tuple[Array, Array]:
        """x and y of one curve."""
        here = slice(self.table.starts[curve], self.table.starts[curve + 1])
        return self.table.x[here], self.table.y[here]


def renamed(screen: Screen, name: str) -> Screen:
    """The same under another name."""
    return replace(screen, name=name)


FOUR = catalog["four_parameter_logistic"]
FEW_DOSES = np.linspace(-9.0, -5.5, 8)
HARD_DOSES = np.repeat(DOSES, 2)
KINDS = (
    *("full, 3 %", "full, 10 %", "partial", "flat", "steep"),
    *("left-truncated", "one outlier", "zero-dose wells", "hook", "raw counts"),
)
OTHER_TRUTHS: Mapping[str, tuple[float, ...]] = {
    "five_parameter_logistic": (0.0, 100.0, -7.5, 1.0, 0.5),
    "biphasic": (0.0, 100.0, 0.5, -8.5, 2.0, 1.0, 1.0),
    "two_site_competition": (0.0, 100.0, 0.5, -8.5, 2.0),
}


def triplicates(count: int, seed: int, outliers: float = 0.0) -> Screen:
    """W1: the curves of `curves`, thirty points each; W1b: with this part of the points 8 to 16 SD off."""
    random = np.random.default_rng(seed)
    x = np.repeat(DOSES, REPLICATES)
    truth = _inhibition(random, count, random.uniform(-9.5, -6.0, count))
    y = _four(x, truth) + 5.0 * random.standard_normal((count, x.size))
    thrown = random.random(y.shape) < outliers
    y += thrown * random.choice([-1.0, 1.0], y.shape) * random.uniform(40.0, 80.0, y.shape)
    name = "W1b" if outliers else "W1"
    return Screen(name, FOUR, _even(x, y), truth, (name,) * count)


def few_points(count: int, seed: int) -> Screen:
    """W2: eight single points, SD 8; a fifth of the curves flat, a fifth with the IC50 above the top dose."""
    random = np.random.default_rng(seed)
    truth = _inhibition(random, count, random.uniform(-8.5, -6.0, count))
    drawn = random.random(count)
    truth[2] = np.where(drawn < 0.4, random.uniform(-5.5, -4.5, count), truth[2])
    flat = drawn < 0.2
    y = np.where(flat[:, None], 100.0, _four(FEW_DOSES, truth)) + 8.0 * random.standard_normal((count, 8))
    truth[:, flat] = np.nan
    return Screen("W2", FOUR, _even(FEW_DOSES, y), truth, tuple(np.where(flat, "flat", "W2").tolist()))


def hard(count: int, seed: int) -> Screen:
    """Ten kinds of curve in turn that fits stumble over: ten half-log doses in duplicate, rows in random order."""
    random = np.random.default_rng(seed)
    made = [_HARD[k % len(KINDS)](random) for k in range(count)]
    starts = np.concatenate([[0], np.cumsum([y.size for _, y, _ in made])])
    x, y = (np.concatenate([one[k] for one in made]) for k in (0, 1))
    truth = np.array([one[2] for one in made]).T
    return Screen(
        "hard", FOUR, Curves(x, y, starts), truth, tuple(KINDS[k % len(KINDS)] for k in range(count))
    )


def other_law(name: str, count: int, seed: int) -> Screen:
    """Curves of another law at the doses of W1, SD 2, each moved along x."""
    law, random = catalog[name], np.random.default_rng(seed)
    truth = np.repeat(np.array(OTHER_TRUTHS[name])[:, None], count, axis=1)
    truth[law.index(law.location)] += random.uniform(-0.5, 0.5, count)
    x = np.repeat(DOSES, REPLICATES)
    y = law.function(x, truth[:, :, None]) + 2.0 * random.standard_normal((count, x.size))
    return Screen(name, law, _even(x, y), truth, (name,) * count)


def _inhibition(random: np.random.Generator, count: int, location: Array) -> Array:
    """Bottom 0, top 100, this log IC50 and slopes around 1: (parameter, curve)."""
    slopes = np.exp(random.normal(0.0, 0.25, count))
    return np.array([np.zeros(count), np.full(count, 100.0), location, slopes])


def _four(x: Array, truth: Array) -> Array:
    """Responses (curve, point)."""
    return FOUR.function(x, truth[:, :, None])


def _even(x: Array, y: Array) -> Curves:
    """A table of curves that share their x."""
    return Curves(np.tile(x, len(y)), y.ravel(), np.arange(len(y) + 1) * x.size)


Made = tuple[Array, Array, tuple[float, ...]]


def _simulated(
    random: np.random.Generator,
    sd: float = 3.0,
    location: tuple[float, float] = (-9.0, -6.5),
    slope: tuple[float, float] | None = None,
    spoil: Callable[[np.random.Generator, Array, Array], Array] | None = None,
    x: Array = HARD_DOSES,
    size: float = 1.0,
) -> Made:
    """One hard curve: its points in random order and its truth; `spoil` gives the responses from x and their means."""
    bottom, top = size * random.normal(0.0, 3.0), size * random.normal(100.0, 4.0)
    steepness = float(np.exp(random.normal(0.0, 0.22))) if slope is None else random.uniform(*slope)
    truth = (bottom, top, random.uniform(*location), steepness)
    mean = FOUR.function(x, np.array(truth))
    y = mean + sd * random.standard_normal(x.size) if spoil is None else spoil(random, x, mean)
    order = random.permutation(x.size)
    return x[order], y[order], truth


def _flat(random: np.random.Generator) -> Made:
    top, order = random.normal(100.0, 4.0), random.permutation(HARD_DOSES.size)
    y = top + 3.0 * random.standard_normal(HARD_DOSES.size)
    return HARD_DOSES[order], y, (top, top, np.nan, np.nan)


def _with_outlier(random: np.random.Generator, x: Array, mean: Array) -> Array:
    y = mean + 3.0 * random.standard_normal(x.size)
    y[random.integers(x.size)] += random.choice([-1.0, 1.0]) * random.uniform(30.0, 60.0)
    return y


def _with_hook(random: np.random.Generator, x: Array, mean: Array) -> Array:
    back = 8.0 * np.maximum(x - DOSES[-3], 0.0) * 2.0  # what the two highest doses give back
    return mean + back + 3.0 * random.standard_normal(x.size)


def _counted(random: np.random.Generator, x: Array, mean: Array) -> Array:
    """Counts with a pipetting error of 3 %."""
    level = (400.0 + np.maximum(mean, 0.0)) * (1.0 + 0.03 * random.standard_normal(x.size))
    return random.poisson(np.maximum(level, 0.0)).astype(float)


_HARD: tuple[Callable[[np.random.Generator], Made], ...] = (
    lambda random: _simulated(random),
    lambda random: _simulated(random, sd=10.0),
    lambda random: _simulated(random, location=(-5.7, -4.7)),
    _flat,
    lambda random: _simulated(random, slope=(4.0, 12.0)),
    lambda random: _simulated(random, location=(-10.5, -9.8)),
    lambda random: _simulated(random, spoil=_with_outlier),
    lambda random: _simulated(random, x=np.concatenate([np.full(4, -np.inf), HARD_DOSES])),
    lambda random: _simulated(random, spoil=_with_hook),
    lambda random: _simulated(random, spoil=_counted, size=40.0),
)
