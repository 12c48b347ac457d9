"""How many of the curves called responses are none: false discovery rates over a plate or a screen."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..core.equation import Array
from ..core.errors import ModelError
from .problem import Indices

Words: TypeAlias = npt.NDArray[np.uint64]


def benjamini_hochberg(p: npt.ArrayLike) -> Array:
    """The false discovery rate at which each curve would just be called a response, from P of its test: (curve,).

    Calling all curves with q <= 0.05 makes at most 5 % of the calls false on average, for independent or positively
    dependent tests (Benjamini Y, Hochberg Y, J R Stat Soc B 1995;57:289). A curve without P (nan) keeps nan and does
    not count. Raises ModelError where a P is no probability.

    >>> benjamini_hochberg([0.01, 0.5, 0.02, 0.9]).round(3).tolist()
    [0.04, 0.667, 0.04, 0.9]
    """
    given = np.asarray(p, dtype=float)
    known = np.flatnonzero(np.isfinite(given))
    if ((given[known] < 0.0) | (given[known] > 1.0)).any():
        raise ModelError(
            "A false discovery rate needs probabilities from 0 to 1: check what was handed over."
        )
    order = known[np.argsort(given[known], kind="stable")]
    found = np.full(given.shape, np.nan)
    rates = given[order] * known.size / np.arange(1.0, known.size + 1.0)
    found[order] = _least_from_here_on(rates)
    return found


def decoy_rates(scores: npt.ArrayLike, decoys: npt.ArrayLike) -> Array:
    """The false discovery rate at which each curve would just be called, counted on curves that are none: (curve,).

    `scores` (curve,) are larger the surer a response is, `decoys` (decoy,) those of curves without one of the same
    designs; there may be several for each curve. Of the calls at a score as many are taken to be false as decoys reach
    it, and one more, so that the rate holds and is not just the likeliest (Elias JE, Gygi SP, Nat Methods 2007;4:207;
    Levitsky LI et al., J Proteome Res 2017;16:689). A score or decoy that is nan does not count. Raises ModelError
    without a decoy.
    """
    given, null = np.asarray(scores, dtype=float), np.asarray(decoys, dtype=float)
    null = np.sort(null[~np.isnan(null)])
    if not null.size:
        raise ModelError("A false discovery rate by decoys needs at least one decoy with a score.")
    known = np.flatnonzero(~np.isnan(given))
    order = known[np.argsort(-given[known], kind="stable")]
    ordered = given[order]
    as_good = null.size - np.searchsorted(null, ordered, side="left")
    called = np.searchsorted(-ordered, -ordered, side="right")  # equal scores are called together
    false = (as_good + 1.0) * known.size / null.size
    found = np.full(given.shape, np.nan)
    found[order] = np.minimum(_least_from_here_on(false / called), 1.0)
    return found


def decoys(y: Array, groups: Indices, turn: int = 0) -> Array:
    """The same curves with their responses in another order, so that no response is left: (point, curve).

    `y` (point, curve) stand at the same x, `groups` (point,) are the ranks of x. The order is drawn from the ranks of
    the responses of the curve itself: it is the same for a curve whatever its unit, its neighbours or the order of its
    replicates; `turn` gives further decoys of the same curves.
    """
    sorted_by_x = np.argsort(groups, kind="stable")
    held = np.sort(y[sorted_by_x], axis=0)
    within = np.empty_like(y)
    ordered = groups[sorted_by_x]
    for group in np.unique(ordered):
        here = ordered == group
        within[here] = np.sort(y[sorted_by_x][here], axis=0)
    ranks = np.empty(y.shape, dtype=np.uint64)
    places = np.argsort(within, axis=0, kind="stable")
    np.put_along_axis(ranks, places, np.arange(len(y), dtype=np.uint64)[:, None], axis=0)
    state = np.full(y.shape[1], turn, dtype=np.uint64)
    for row in ranks:
        state = _mixed(state ^ row)
    keys = np.stack([_mixed(state + _mixed(np.uint64(point + 1))) for point in range(len(y))])
    found = np.empty_like(y)
    found[sorted_by_x] = np.take_along_axis(held, np.argsort(keys, axis=0, kind="stable"), axis=0)
    return found


def _least_from_here_on(rates: Array) -> Array:
    """The least rate at this place or a later one: who calls more curves may do so at a lower rate."""
    found: Array = np.minimum.accumulate(rates[::-1])[::-1]
    return found


def _mixed(words: Words | np.uint64) -> Words:
    """Each word stirred to a random number of its own (the finaliser of SplitMix64, Steele GL et al., OOPSLA 2014)."""
    found = np.atleast_1d(np.asarray(words, dtype=np.uint64)) + np.uint64(0x9E3779B97F4A7C15)
    found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Words = found ^ (found >> np.uint64(31))
    return mixed
