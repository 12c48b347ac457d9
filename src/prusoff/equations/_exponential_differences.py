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
_FACTORIALS = np.array([math.factorial(k) for k in range(TERMS + 5)], dtype=float)


@dataclass(frozen=True)
class Responses:
    """Impulse responses of chains of first-order steps with the rates S (slow), F (fast) and 0, each (..., point).

    The name says the rates of the chain: `sf` is that of a slow and a fast step, its Laplace transform
    1/((s + S)(s + F)); a leading `o` stands for the rate 0, an integration over time.
    """

    f: Array
    sf: Array
    osf: Array


@dataclass(frozen=True)
class Differences:
    """Those of the longer chains, which the derivatives are made of."""

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
    large = np.maximum(x, 1.0)
    found = (fraction_gone(large) - np.exp(-large)) / large
    if (x < 1.0).any():
        small = np.minimum(x, 1.0)
        return np.where(x < 1.0, np.exp(-small) * _summed(_powers(small), 3), found)
    return found


def responses(slow: Array, fast: Array, gap: Array, time: Array) -> Responses:
    """At times >= 0, for rates fast >= slow >= 0; `gap` is their difference (given apart, for its digits)."""
    q, r = gap * time, fast * time
    sf = np.exp(-slow * time) * fraction_gone(q)
    osf = (fraction_gone(slow * time) - sf) / np.maximum(r, 1.0)
    if (r < 1.0).any():
        in_both = _mixed(_powers(np.minimum(q, 1.0)), np.minimum(r, 1.0))
        osf = np.where(r < 1.0, np.exp(-r) * _summed(in_both, 3), osf)
    return Responses(np.exp(-r), time * sf, time * time * osf)


def differences(slow: Array, fast: Array, gap: Array, time: Array) -> Differences:
    """The longer chains at the same times and rates."""
    p, q, r = slow * time, gap * time, fast * time
    e_p, e_r = np.exp(-p), np.exp(-r)
    near, all_near = q < 1.0, r < 1.0
    far_q, far_r = np.maximum(q, 1.0), np.maximum(r, 1.0)
    near_q, near_r = np.minimum(q, 1.0), np.minimum(r, 1.0)
    one = _powers(near_q)
    two, both = _mixed(one, near_q), _mixed(one, near_r)
    thrice = _mixed(two, near_r)

    def by_gap(terms: Array, nodes: int, slower: Array, faster: Array) -> Array:
        return np.where(near, e_r * _summed(terms, nodes), (slower - faster) / far_q)

    def from_zero(terms: Array, nodes: int, slower: Array, faster: Array) -> Array:
        return np.where(all_near, e_r * _summed(terms, nodes), (slower - faster) / far_r)

    sf = e_p * fraction_gone(q)
    sff, ssf = by_gap(one, 3, sf, e_r), by_gap(two, 3, e_p, sf)
    ssff = by_gap(two, 4, ssf, sff)
    osf = from_zero(both, 3, fraction_gone(p), sf)
    ossf = from_zero(thrice, 4, early(p), ssf)
    osff, ossff = from_zero(both, 4, osf, sff), from_zero(thrice, 5, ossf, ssff)
    squared = time * time
    cubed = squared * time
    return Differences(
        time * e_r, squared * early(r), squared * sff, cubed * ssff, cubed * osff, cubed * time * ossff
    )


def _powers(x: Array) -> Array:
    """x^k for k = 0 ... TERMS - 1, (k, ..., point)."""
    found = np.empty((TERMS, *x.shape))
    found[0] = 1.0
    for k in range(1, TERMS):
        np.multiply(found[k - 1], x, out=found[k])
    return found


def _mixed(polynomials: Array, x: Array) -> Array:
    """The complete homogeneous polynomials with one more number, from those without it."""
    found = np.empty(np.broadcast(polynomials, x).shape)
    found[0] = 1.0
    for k in range(1, TERMS):
        np.multiply(found[k - 1], x, out=found[k])
        found[k] += polynomials[k]
    return found


def _summed(polynomials: Array, nodes: int) -> Array:
    """The divided difference of e^x at so many nodes: each polynomial over the factorial of its place, summed."""
    weights = 1.0 / _FACTORIALS[nodes - 1 : nodes - 1 + TERMS]
    found: Array = np.tensordot(weights, polynomials, axes=1)
    return found
