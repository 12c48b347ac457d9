"""Two exponentials and the memory between them: time courses of two linked first-order steps, without cancellation.

A chain of first-order steps answers with divided differences of the exponential at its rates. Written as differences
of exponentials they lose all digits where the rates nearly agree and at short times; here every one is a sum of
positive terms (a series) where the rates times the time lie within one of each other, and a recurrence elsewhere
(McCurdy A, Ng KC, Parlett BN, Math Comp 1984;43:501).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array

TERMS = 18  # of a series in numbers up to 1, the first of which is 1/(n - 1)!


@dataclass(frozen=True)
class Differences:
    """Impulse responses of chains of first-order steps with the rates S (slow), F (fast) and 0, each (..., point).

    The name says the rates of the chain: `sff` is that of one slow and two fast steps, its Laplace transform
    1/((s + S)(s + F)^2); a leading `o` stands for the rate 0, an integration over time.
    """

    f: Array
    of: Array
    sf: Array
    osf: Array
    ff: Array
    off: Array
    sff: Array
    ssff: Array
    osff: Array
    ossff: Array


def fraction_gone(x: Array) -> Array:
    """(1 - e^-x)/x for x >= 0, 1 at zero."""
    positive = np.where(x > 0.0, x, 1.0)
    return np.where(x > 0.0, -np.expm1(-positive) / positive, 1.0)


def early(x: Array) -> Array:
    """(1 - e^-x - x e^-x)/x^2 for x >= 0: 1/2 at zero."""
    series, power = np.zeros_like(x), np.ones_like(x)
    small = np.minimum(x, 1.0)
    for k in range(TERMS):
        series = series + power / math.factorial(k + 2)
        power = power * small
    large = np.maximum(x, 1.0)
    return np.where(x < 1.0, np.exp(-x) * series, (fraction_gone(large) - np.exp(-large)) / large)


def differences(slow: Array, fast: Array, gap: Array, time: Array) -> Differences:
    """The responses at times >= 0 for rates fast >= slow >= 0, `gap` their difference (given apart, for its digits)."""
    p, q, r = slow * time, gap * time, fast * time
    e_p, e_r = np.exp(-p), np.exp(-r)
    near, all_near = q < 1.0, r < 1.0
    far_q, far_r = np.maximum(q, 1.0), np.maximum(r, 1.0)
    series = _series(np.minimum(q, 1.0), np.minimum(r, 1.0))
    of, sf = fraction_gone(r), e_p * fraction_gone(q)

    def by_gap(which: str, slower: Array, faster: Array) -> Array:
        return np.where(near, e_r * series[which], (slower - faster) / far_q)

    def from_zero(which: str, slower: Array, faster: Array) -> Array:
        return np.where(all_near, e_r * series[which], (slower - faster) / far_r)

    sff, ssf = by_gap("sff", sf, e_r), by_gap("ssf", e_p, sf)
    ssff = by_gap("ssff", ssf, sff)
    osf = from_zero("osf", fraction_gone(p), sf)
    ossf = from_zero("ossf", early(p), ssf)
    osff, ossff = from_zero("osff", osf, sff), from_zero("ossff", ossf, ssff)
    squared, cubed = time * time, time * time * time
    return Differences(
        e_r,
        time * of,
        time * sf,
        squared * osf,
        time * e_r,
        squared * early(r),
        squared * sff,
        cubed * ssff,
        cubed * osff,
        cubed * time * ossff,
    )


def _series(q: Array, r: Array) -> dict[str, Array]:
    """Divided differences of e^x at 0 (F), q (S) and r (0), all within one: sums of homogeneous polynomials."""
    shape = np.broadcast(q, r).shape
    names = {"sff": 3, "ssf": 3, "ssff": 4, "osf": 3, "ossf": 4, "osff": 4, "ossff": 5}
    found = {name: np.zeros(shape) for name in names}
    one, two = np.ones(shape), np.ones(shape)  # of degree k: in q; in q twice
    both, thrice = np.ones(shape), np.ones(shape)  # in q and r; in q twice and r
    for k in range(TERMS):
        terms = {
            "sff": one,
            "ssf": two,
            "ssff": two,
            "osf": both,
            "ossf": thrice,
            "osff": both,
            "ossff": thrice,
        }
        for name, nodes in names.items():
            found[name] = found[name] + terms[name] / math.factorial(k + nodes - 1)
        one = one * q
        two, both = q * two + one, r * both + one
        thrice = r * thrice + two
    return found
