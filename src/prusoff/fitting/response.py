"""Is there a curve at all: the best step, sigmoid or hump along x against a constant, with an exact null."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

from ..core.curves import Curve
from ..core.equation import Array
from ..core.errors import ModelError
from ..core.fit import Test
from .problem import Indices

Largest = Callable[[Array, Array], Array]
WIDTH = 0.87  # of the smooth pattern, in steps of the dilution: a Hill slope of 1 at half-log steps
HUMPS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)  # their widths in steps of the dilution
MOST_GROUPS = 200  # of x that are told apart: patterns that differ by less are hardly different
FEWEST_FREE = 4  # degrees of freedom about the mean
SAME = 1e-9  # 1 - |cosine| below which two patterns are one
EQUAL = 1e-12  # scatter, as a part of the largest response, below which all responses are equal
WORK = 250_000  # cosines per design that are simulated: a few thousandths of a second
FEWEST_DRAWS, MOST_DRAWS = 2, 2048
MOST_CENTRES = 400  # beyond so many patterns, every second cell stands for its neighbour too
SEED = 1939
LEVELS = 1024  # steps in which the simulated reach of the patterns is kept
NODES, STEPS = 2048, 186.0  # of the table of log P, which goes down to 1e-52; its last slope is kept beyond
CHUNK = 1024  # curves at a time, so that the products stay in the cache
TINY = 1e-300


@dataclass(frozen=True)
class ResponseNull:
    """How often chance alone gives so good a pattern, for one design: made once, asked of any number of curves.

    `shares` (group,) are the roots of the part of all weight that each group of equal x has, in the order of x;
    `weight` is all of it and `free` the number of points less one. `patterns` (pattern, group) are unit vectors without
    a mean, those of laws that turn among them if `turning`.
    """

    shares: Array
    weight: float
    free: int
    patterns: Array
    turning: bool = False

    @classmethod
    def of(cls, counts: npt.ArrayLike, free: int, turning: bool = False) -> ResponseNull:
        """The null of a design: the total weight (points, if all weigh the same) of each group of equal x, and n - 1.

        Where the law turns (`turning`) humps are asked for beside steps and sigmoids. The same design is made once.
        Raises ModelError where there is nothing to test: fewer than two groups or four degrees of freedom, more groups
        than `response_groups` makes, or a group that weighs nothing.
        """
        weight = np.asarray(counts, dtype=float)
        if (
            not testable(weight.size, free)
            or weight.size > min(free + 1, MOST_GROUPS)
            or not (weight > 0).all()
        ):
            raise ModelError(
                f"{weight.size} groups of x with {free} degrees of freedom cannot be tested for a response: give 2 to "
                f"{MOST_GROUPS} groups of positive weight and at least {FEWEST_FREE} degrees of freedom."
            )
        whole = float(weight.sum())
        shares, patterns = _design(np.round(weight / whole, 14).tobytes(), turning)
        return cls(shares, whole, free, patterns, turning)

    def probability(self, means: Array, pure: Array, largest: Largest | None = None) -> tuple[Array, Array]:
        """The largest share of the variation that one pattern explains, and its P where there is no response: (curve,).

        `means` (group, curve) are the weighted means of the groups, `pure` (curve,) the weighted sums of squares within
        them, with the weights whose totals the null was made of; `largest` does what `largest_square` does. A curve
        that does not vary has share 0 and P 1, one with a number missing nan. No curve changes another's numbers.
        """
        share, p = np.empty(pure.size), np.empty(pure.size)
        for start in range(0, pure.size, CHUNK):
            part = slice(start, start + CHUNK)
            share[part] = self.share(means[:, part], pure[part], largest)
            p[part] = self.tail(share[part])
        return share, p

    def share(self, means: Array, pure: Array, largest: Largest | None = None) -> Array:
        """The largest share of the variation that one pattern explains: (curve,); see `probability`."""
        coordinates = self.shares[:, None] * (means - _summed(self.shares[:, None] ** 2 * means))
        explained = (largest or largest_square)(self.patterns, coordinates)
        variation = _summed(coordinates**2) + pure / self.weight
        still = variation <= (EQUAL * np.abs(means).max(axis=0)) ** 2
        found: Array = np.minimum(explained / np.where(still, 1.0, variation), 1.0)
        found[still] = 0.0
        return found

    def tail(self, share: Array) -> Array:
        """The probability that one pattern explains at least this share where there is no response: (curve,)."""
        table = _table(self.shares.tobytes(), self.free, self.turning)
        known = np.isfinite(share)
        rest = np.maximum(1.0 - np.where(known, share, 0.0), TINY)
        place = np.sqrt(-np.log(rest) * (self.free - 1) / 2.0) * STEPS
        below = np.minimum(place.astype(np.intp), table.size - 2)
        low = table[below]
        found: Array = np.exp(low + (place - below) * (table[below + 1] - low))
        found[~known] = np.nan
        return found

    def at_most(self, share: Array) -> Array:
        """What P of these shares cannot be above, (curve,): that of all patterns if they had nothing in common."""
        found: Array = len(self.patterns) * betainc((self.free - 1) / 2.0, 0.5, 1.0 - share)
        return found

    def exceeds(self, share: float, level: float) -> bool:
        """Whether P of this share is above a level; made for designs asked once: the null is simulated if in doubt.

        P lies between that of one pattern and that of all patterns if they had nothing in common.
        """
        most = float(self.at_most(np.array([share]))[0])
        if most <= level or most > level * len(self.patterns):
            return most > level
        return float(self.tail(np.array([share]))[0]) > level


def largest_square(patterns: Array, coordinates: Array) -> Array:
    """The largest square of the products of patterns (pattern, group) and coordinates (group, curve), (curve,)."""
    projected = patterns[:, :1] * coordinates[0]
    product = np.empty_like(projected)
    for group in range(1, len(coordinates)):
        np.multiply(patterns[:, group, None], coordinates[group], out=product)
        projected += product
    np.multiply(projected, projected, out=projected)
    found: Array = projected.max(axis=0)
    return found


def testable(groups: int, free: int) -> bool:
    """Whether so many different x with so many points less one can be tested for a response."""
    return groups >= 2 and free >= FEWEST_FREE


def response_groups(x: Array) -> Indices:
    """The group of every point by the rank of its (first) x; neighbours are taken together beyond 200 different x."""
    ranks = np.unique(np.atleast_2d(x)[0], return_inverse=True)[1].reshape(-1)
    count = int(ranks.max()) + 1
    found: Indices = ranks if count <= MOST_GROUPS else ranks * MOST_GROUPS // count
    return found


def response_test(curve: Curve, turning: bool = False) -> Test | None:
    """Is there a response at all: the best step or sigmoid, or hump if `turning`, along x against a constant.

    The statistic is the largest share of the variation about the mean that one such pattern explains. Its probability
    where there is no response is that of the same design, by simulation of the cells of the patterns on the sphere
    (`ResponseNull`); it does not depend on units, order or direction, and of the law that is fitted only on whether it
    turns. Beyond 200 different x neighbours are taken together. None with fewer than five points or two different x.
    """
    asked = _asked(curve, turning)
    if asked is None:
        return None
    null, share = asked
    p = float(null.tail(np.array([share]))[0])
    if share == 0.0:
        return Test("response", 0.0, p, "All responses are equal.", (float(null.free),))
    sentence = (
        f"The response changes with x (P {_p(p)})." if p < 0.05 else f"No response is seen (P {_p(p)})."
    )
    return Test("response", share, p, sentence, (float(null.free),))


def is_flat(curve: Curve, level: float, turning: bool = False) -> bool:
    """Whether P of the test for a response is above this level; False where there is nothing to test."""
    asked = _asked(curve, turning)
    return asked is not None and asked[0].exceeds(asked[1], level)


def _asked(curve: Curve, turning: bool) -> tuple[ResponseNull, float] | None:
    """The null of a curve and the share that its best pattern explains; 0 where all responses are equal."""
    groups, free = response_groups(curve.x), len(curve) - 1
    if not testable(int(groups.max()) + 1, free):
        return None
    weights = np.ones(len(curve)) if curve.sd is None else (curve.sd.min() / curve.sd) ** 2
    y = curve.y / max(float(np.abs(curve.y).max()), TINY)
    y = y - y.mean()  # means of groups that hardly differ must not lose the difference
    counts = np.bincount(groups, weights)
    null = ResponseNull.of(counts, free, turning)
    height = float(np.abs(y).max())
    if height <= EQUAL:
        return null, 0.0
    y = y / height
    means = np.bincount(groups, weights * y) / counts
    pure = float(np.bincount(groups, weights * (y - means[groups]) ** 2).sum())
    return null, float(null.share(means[:, None], np.array([pure]))[0])


def _summed(terms: Array) -> Array:
    """The sum over groups, one after another: the same bits for a curve whatever stands beside it."""
    found: Array = terms[0].copy()
    for term in terms[1:]:
        found += term
    return found


@lru_cache(maxsize=256)
def _design(parts: bytes, turning: bool) -> tuple[Array, Array]:
    """Shares and patterns by the parts of all weight that the groups have."""
    shares = np.sqrt(np.frombuffer(parts))
    return shares, _patterns(shares, turning)


def _patterns(shares: Array, turning: bool) -> Array:
    """Steps between neighbours and sigmoids at every half rank as unit vectors without a mean: (pattern, group).

    For laws that turn there are humps too: up at every place and down again after some ranks, sharp and smooth. The
    opposite of a pattern, down and up again, needs none of its own.
    """
    ranks = np.arange(float(shares.size))
    centres = np.arange(0.0, ranks[-1] + 0.25, 0.5)[:, None]
    steps = (ranks[None, :] > ranks[:-1, None]).astype(float)
    smooth = 1.0 / (1.0 + np.exp(-(ranks[None, :] - centres) / WIDTH))
    shapes = [steps, smooth, *_humps(ranks)] if turning else [steps, smooth]
    weighted = np.concatenate(shapes) * shares
    weighted = weighted - np.outer(weighted @ shares, shares)
    unit = weighted / np.sqrt(np.einsum("ij,ij->i", weighted, weighted))[:, None]
    again = np.triu(1.0 - np.abs(unit @ unit.T) < SAME, 1).any(axis=0)
    return np.ascontiguousarray(unit[~again])


def _humps(ranks: Array) -> list[Array]:
    """Sharp and smooth humps (pattern, group) over the ranks: at every place, 1, 2, 3, 4, 6, 8 ... ranks wide."""
    found = []
    for width in (width for width in HUMPS if width < ranks.size - 1):
        up = np.arange(0.5, ranks[-1] - width)[:, None]
        found.append(((ranks > up) & (ranks < up + width)).astype(float))
        if width > 1:  # a narrow smooth hump has the shape of one of two ranks
            rise, fall = (1.0 / (1.0 + np.exp(-(ranks - at) / WIDTH)) for at in (up, up + width))
            found.append(rise - fall)
    return found


def _reaches(patterns: Array, shares: Array, free: int) -> Array:
    """How far the cells of the patterns reach, in random directions: 1 - (squared cosine at the border), sorted.

    The cell of a pattern holds the directions that resemble it more than any other. Seen from the pattern it is a star:
    along a great circle one stays in it up to the nearest border, where another pattern (or its opposite) is as close.
    """
    count, groups = patterns.shape
    draws = int(np.clip(WORK // count**2, FEWEST_DRAWS, MOST_DRAWS))
    rng, cosines = np.random.default_rng(SEED), patterns @ patterns.T
    beside = free + 1 - groups  # directions in which no pattern lies: differences within groups
    centres = range(0, count, 1 + count // MOST_CENTRES)
    found = np.empty((len(centres), 2, draws))
    for row, k in enumerate(centres):
        normal = rng.standard_normal((draws, groups))
        along = normal @ patterns.T
        squares = np.einsum("ij,ij->i", normal, normal) - (normal @ shares) ** 2 - along[:, k] ** 2
        if beside:
            squares += rng.chisquare(beside, draws)
        with np.errstate(divide="ignore"):
            near, far = 1.0 / (1.0 - cosines[k]), 1.0 / (1.0 + cosines[k])
        near[k] = far[k] = 0.0
        tangent = along - along[:, k, None] * cosines[k]
        same, opposite = tangent * near, tangent * far
        found[row, 0] = (
            np.maximum(same.max(axis=1), -opposite.min(axis=1)) ** 2
        )  # one way along the great circle
        found[row, 1] = np.maximum(opposite.max(axis=1), -same.min(axis=1)) ** 2  # and the other
        found[row] /= np.maximum(squares, TINY)
    every = np.sort(1.0 / (1.0 + found), axis=None)
    return every[((np.arange(LEVELS) + 0.5) / LEVELS * every.size).astype(np.intp)]


@lru_cache(maxsize=256)
def _table(shares: bytes, free: int, turning: bool) -> Array:
    """Log P where the root of -(free - 1)/2 log(1 - share) is 0, 1/STEPS, 2/STEPS ...

    P is the sum of the caps of all patterns, each cut off at the borders of its cell. Cells do not overlap, so that
    their parts add up to the exact probability; far out no cell is cut off and the sum is that of the single patterns.
    All cells together are the whole sphere: the reaches are weighted so that they are (regression on that sum).
    """
    roots = np.frombuffer(shares)
    patterns = _patterns(roots, turning)
    reaches, order = _reaches(patterns, roots, free), (free - 1) / 2.0
    cells = betainc(order, 0.5, reaches)
    apart = cells - cells.mean()
    lean = (1.0 / len(patterns) - cells.mean()) / max(float(np.mean(apart**2)), TINY)
    weights = np.maximum(1.0 + lean * apart, 0.0) * (len(patterns) / LEVELS)
    rest = np.exp(-((np.arange(NODES) / STEPS) ** 2) / order)
    inside = np.searchsorted(reaches, rest)
    filled = np.concatenate([[0.0], np.cumsum(weights * cells)])[inside]
    beyond = np.concatenate([np.cumsum(weights[::-1])[::-1], [0.0]])[inside]
    table: Array = np.minimum(np.log(filled + beyond * betainc(order, 0.5, rest)), 0.0)
    table[0] = 0.0
    return table


def _p(p: float) -> str:
    return "< 0.0001" if p < 1e-4 else f"= {p:.2g}"
