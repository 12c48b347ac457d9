"""How far the block had come when it was read: one time constant per concentration from the sweeps of all cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import fdtrc

from ...core.equation import Array
from .cells import Application, BlockedCell

FEWEST_SWEEPS = 4
SURE = 0.01  # probability above which sweeps at one concentration show no onset
ALMOST, LONGEST = 0.95, 3.0  # time constants are sought up to so many times the longest application
LEAST_STEP = 5.0  # percent of block that a concentration must add for its onset to be judged
GRID = 25


@dataclass(frozen=True)
class Onset:
    """The onset of block at one concentration, over all cells: its time constant, and how far it had come.

    `reached` is the part of the way, from the block before this concentration to its steady one, that had been gone
    when the block was read; `time_to_90` (s from the first sweep) is when nine tenths are. A block that stood from its
    first sweep has a time constant of 0. `open` says that the block still grew in a straight line, so that its time
    constant and the time are only at least so long.
    """

    molar: float
    time_constant: float
    reached: float
    time_to_90: float
    open: bool = False


def onsets(cells: Sequence[BlockedCell]) -> tuple[Onset, ...]:
    """The onset at every concentration at which sweeps over time tell of it, in rising order."""
    molar = sorted({one.molar for cell in cells for one in cell.applications})
    found = (_onset(one, _followed(cells, one)) for one in molar)
    return tuple(one for one in found if one is not None)


def _followed(cells: Sequence[BlockedCell], molar: float) -> list[tuple[Application, float]]:
    """The applications of a concentration with enough sweeps, and the block before each."""
    found = []
    for cell in cells:
        before = 0.0
        for one in sorted(cell.applications, key=lambda each: float(each.times[0])):
            timed = not np.isnan(one.times).any() and np.unique(one.times).size >= FEWEST_SWEEPS
            if one.molar == molar and timed:
                found.append((one, before))
            before = one.block
    return found


def _onset(molar: float, followed: Sequence[tuple[Application, float]]) -> Onset | None:
    """One concentration; None where too few sweeps were recorded, or where it adds too little to the block."""
    if not followed or np.mean([one.block - before for one, before in followed]) < LEAST_STEP:
        return None
    traces = [(one.times - one.times[0], one.blocks) for one, _ in followed]
    step = min(float(np.diff(times).min()) for times, _ in traces)
    longest = LONGEST * max(float(times[-1]) for times, _ in traces)
    grid = np.geomspace(max(step, 1e-9) / 5.0, longest, GRID)
    sums = [_left(traces, tau) for tau in grid]
    least = int(np.argmin(sums))
    bounds = (math.log(grid[max(least - 1, 0)]), math.log(grid[min(least + 1, GRID - 1)]))
    best = minimize_scalar(
        lambda log: _left(traces, math.exp(log)), bounds=bounds, method="bounded", options={"xatol": 1e-6}
    )
    tau = math.exp(float(best.x))
    if not _shown(traces, float(best.fun)):
        return Onset(molar, 0.0, 1.0, 0.0)
    steady, amplitudes = _levels(traces, tau)
    way = float(np.sum(steady - np.array([before for _, before in followed])))
    to_go = -float(np.sum(amplitudes))
    if to_go <= 0 or way <= 0:  # the block does not grow: what changes is no onset
        return Onset(molar, 0.0, 1.0, 0.0)
    left = sum(
        -amplitude * float(np.exp(-times[one.read] / tau).mean())
        for (one, _), (times, _), amplitude in zip(followed, traces, amplitudes, strict=True)
    )
    time_to_90 = max(tau * math.log(to_go / (0.1 * way)), 0.0)
    return Onset(molar, tau, 1.0 - left / way, time_to_90, tau > ALMOST * longest)


def _left(traces: Sequence[tuple[Array, Array]], tau: float) -> float:
    """The sum of squares that a level and a decay of each cell leave at this time constant."""
    total = 0.0
    for times, blocks in traces:
        away, decay = blocks - blocks.mean(), np.exp(-times / tau)
        decay = decay - decay.mean()
        size = float(decay @ decay)
        total += float(away @ away) - (float(decay @ away) ** 2 / size if size > 0 else 0.0)
    return total


def _levels(traces: Sequence[tuple[Array, Array]], tau: float) -> tuple[Array, Array]:
    """The steady block of every cell and what was missing from it (negative) at its first sweep."""
    steady, amplitudes = [], []
    for times, blocks in traces:
        decay = np.exp(-times / tau)
        away = decay - decay.mean()
        size = float(away @ away)
        amplitude = float(away @ blocks) / size if size > 0 else 0.0
        amplitudes.append(amplitude)
        steady.append(float(blocks.mean()) - amplitude * float(decay.mean()))
    return np.array(steady), np.array(amplitudes)


def _shown(traces: Sequence[tuple[Array, Array]], left: float) -> bool:
    """Whether the sweeps show a change over time at all, beside one level for each cell."""
    whole = sum(float(((blocks - blocks.mean()) ** 2).sum()) for _, blocks in traces)
    points, cells = sum(times.size for times, _ in traces), len(traces)
    more, rest = cells + 1, points - 2 * cells - 1
    if rest < 1 or whole <= 0:
        return False
    if left <= 0:
        return True
    return float(fdtrc(more, rest, (whole - left) / more / (left / rest))) < SURE
