"""How right a fit is: its sum of squares beside the lowest that is known, false potencies, and coverage."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import least_squares, leastsq

from prusoff.core.equation import Array

from .work import DOSES, Screen

SAME = 1e-6  # relative difference of two sums of squares that are the same minimum
FINE, SLOPES = 81, 29  # nodes of the grid of the reference search
BASINS = 6  # places of the grid that are polished
BEHIND = 1.5  # a place whose sum of squares exceeds the best one by more than this factor is not
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Answer:
    """What a program says of the curves of a screen: parameters (parameter, curve), nan where it failed.

    `low` and `high` are the limits of the 95 % interval of the location (nan where it gives none); `given` says for
    which curves it gives the location as a value.
    """

    parameters: Array
    low: Array
    high: Array
    given: Flags


@dataclass(frozen=True)
class Score:
    """What came of the answers: shares of responders (least, covered) and numbers of curves."""

    curves: int
    least: float
    failed: int
    flat: int
    flat_given: int
    covered: float
    intervals: int


def score(screen: Screen, answer: Answer, best: Array) -> Score:
    """Judge an answer; `best` is the lowest sum of squares that is known, (curve,)."""
    responds, place = ~screen.flat, screen.law.index(screen.law.location)
    found = sums(screen, answer.parameters)
    truth = screen.truth[place]
    judged = responds & ~np.isnan(answer.low) & ~np.isnan(answer.high)
    holds = (answer.low <= truth) & (truth <= answer.high)
    tested = (answer.parameters[place] >= DOSES[0]) & (answer.parameters[place] <= DOSES[-1])
    return Score(
        curves=len(screen.table),
        least=float(np.mean(found[responds] <= best[responds] * (1.0 + SAME))),
        failed=int((~np.isfinite(answer.parameters).all(axis=0) & responds).sum()),
        flat=int(screen.flat.sum()),
        flat_given=int((screen.flat & answer.given & tested).sum()),
        covered=float(np.mean(holds[judged])) if judged.any() else np.nan,
        intervals=int(judged.sum()),
    )


def sums(screen: Screen, parameters: Array) -> Array:
    """The sum of squares of every curve at these parameters of a four-parameter logistic; infinite without them.

    The response is the plateaus times their slopes (what is gone, what is left): no digit is lost where a plateau that
    the doses do not reach is a number of ten digits.
    """
    found = np.full(len(screen.table), np.inf)
    with np.errstate(all="ignore"):
        for c in range(found.size):
            x, y = screen.points(c)
            gone, left, *_ = screen.law.jacobian(x, parameters[:, c])
            off = y - parameters[0, c] * gone - parameters[1, c] * left
            found[c] = off @ off
    found[np.isnan(found)] = np.inf
    return found


def lowest(screen: Screen, answers: tuple[Answer, ...]) -> Array:
    """The lowest sum of squares that is known inside the limits: of a dense search and of all answers, (curve,)."""
    best = np.array([reference(screen, *screen.points(c)) for c in range(len(screen.table))])
    for answer in answers:
        found = sums(screen, answer.parameters)
        best = np.minimum(best, np.where(_inside(screen, answer.parameters), found, np.inf))
    return best


def _inside(screen: Screen, parameters: Array) -> Flags:
    inside = np.zeros(len(screen.table), dtype=bool)
    for c in range(inside.size):
        lower, upper = screen.law.bounds(*screen.points(c))
        inside[c] = bool(((parameters[:, c] >= lower) & (parameters[:, c] <= upper)).all())
    return inside


def reference(screen: Screen, x: Array, y: Array) -> float:
    """The least sum of squares of a four-parameter logistic by a dense grid, its best basins polished by scipy.

    Bottom and top are solved at every node of log IC50 and Hill slope; this is another way than that of the engine.
    """
    lower, upper = screen.law.bounds(x, y)
    places, slopes = np.linspace(lower[2], upper[2], FINE), np.geomspace(lower[3], upper[3], SLOPES)
    with np.errstate(over="ignore"):
        left = 1.0 / (1.0 + 10.0 ** ((x - places[:, None, None]) * slopes[:, None]))
    centred, off = left - left.mean(axis=-1, keepdims=True), y - y.mean()
    size = np.einsum("psn,psn->ps", centred, centred)
    gain = np.where(size > 1e-12, (centred @ off) ** 2 / np.maximum(size, 1e-12), 0.0)
    best, left_over = np.inf, off @ off - gain
    for p, s in _peaks(gain):
        if left_over[p, s] > BEHIND * left_over.min() + 1e-9 * (off @ off):
            continue
        span = (centred[p, s] @ off) / max(size[p, s], 1e-12)
        bottom = y.mean() - span * left[p, s].mean()
        best = min(best, _polished(screen, (x, y), np.array([bottom, bottom + span, places[p], slopes[s]])))
    return best


def _peaks(gain: Array) -> list[tuple[int, int]]:
    """The highest nodes that no neighbour exceeds."""
    padded = np.pad(gain, 1, constant_values=-np.inf)
    steps = [(i, j) for i in (0, 1, 2) for j in (0, 1, 2) if (i, j) != (1, 1)]
    around = np.max([padded[i : i + len(gain), j : j + gain.shape[1]] for i, j in steps], axis=0)
    peaks = np.argwhere(gain >= around)
    order = np.argsort(-gain[tuple(peaks.T)], kind="stable")
    return [(int(p), int(s)) for p, s in peaks[order][:BASINS]]


def _polished(screen: Screen, points: tuple[Array, Array], start: Array) -> float:
    """The sum of squares at the end of a descent without limits, or with them where that leaves them."""
    (x, y), law = points, screen.law
    lower, upper = law.bounds(x, y)
    off, slope = (lambda p: law.function(x, p) - y), (lambda p: law.jacobian(x, p).T)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # a descent that runs away from a plateau says so at length
        free = leastsq(off, start, Dfun=slope, xtol=1e-14, ftol=1e-14, gtol=0.0, maxfev=500)[0]
        if np.isfinite(free).all() and ((free >= lower) & (free <= upper)).all():
            return float(off(free) @ off(free))
        inside = np.clip(start, np.nextafter(lower, np.inf), np.nextafter(upper, -np.inf))
        exact = {"xtol": 1e-14, "ftol": 1e-14, "gtol": 1e-14}
        found = least_squares(off, inside, slope, (lower, upper), x_scale="jac", max_nfev=300, **exact)
    return 2.0 * float(found.cost)
