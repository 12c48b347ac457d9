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


def _weights(nodes: int) -> Array:
    """1/(k + nodes - 1)! for k = 0 ... TERMS - 1: the part of a polynomial of degree k in a difference of e^x."""
    return np.array([1.0 / math.factorial(k + nodes - 1) for k in range(TERMS)])


def _pairs(nodes: int, twice: bool) -> Array:
    """The same for x^i y^j, (i, j), where y may be a node twice: such a power then stands j + 1 times."""
    weights, places = np.append(_weights(nodes), np.zeros(TERMS)), np.arange(TERMS)
    found: Array = weights[places[:, None] + places]
    return found * (places + 1.0) if twice else found


_TWICE = np.arange(1.0, TERMS + 1.0)
_EARLY = _weights(3)
_BY_GAP = np.stack([_weights(3), _TWICE * _weights(3), _TWICE * _weights(4)])  # sff, ssf, ssff
_OSF = _pairs(3, False)
_FROM_ZERO = np.stack([_OSF, _pairs(4, True), _pairs(4, False), _pairs(5, True)])  # osf, ossf, osff, ossff


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
        return np.where(x < 1.0, np.exp(-small) * (_powers(small) @ _EARLY), found)
    return found


def responses(slow: Array, fast: Array, gap: Array, time: Array) -> Responses:
    """At times >= 0, for rates fast >= slow >= 0; `gap` is their difference (given apart, for its digits)."""
    q, r = gap * time, fast * time
    sf = np.exp(-slow * time) * fraction_gone(q)
    osf = (fraction_gone(slow * time) - sf) / np.maximum(r, 1.0)
    if (r < 1.0).any():
        in_both = _powers(np.minimum(r, 1.0)) * (_powers(np.minimum(q, 1.0)) @ _OSF.T)
        osf = np.where(r < 1.0, np.exp(-r) * in_both.sum(axis=-1), osf)
    return Responses(np.exp(-r), time * sf, time * time * osf)


def differences(slow: Array, fast: Array, gap: Array, time: Array) -> Differences:
    """The longer chains at the same times and rates."""
    p, q, r = slow * time, gap * time, fast * time
    e_p, e_r = np.exp(-p), np.exp(-r)
    near, all_near = q < 1.0, r < 1.0
    far_q, far_r = np.maximum(q, 1.0), np.maximum(r, 1.0)
    in_q, in_r = _powers(np.minimum(q, 1.0)), _powers(np.minimum(r, 1.0))
    by_gap = e_r * np.moveaxis(in_q @ _BY_GAP.T, -1, 0)
    mixed = (in_q @ _FROM_ZERO.reshape(-1, TERMS).T).reshape(*in_q.shape[:-1], -1, TERMS)
    from_zero = e_r * np.moveaxis((mixed * in_r[..., None, :]).sum(axis=-1), -1, 0)

    sf = e_p * fraction_gone(q)
    sff = np.where(near, by_gap[0], (sf - e_r) / far_q)
    ssf = np.where(near, by_gap[1], (e_p - sf) / far_q)
    ssff = np.where(near, by_gap[2], (ssf - sff) / far_q)
    osf = np.where(all_near, from_zero[0], (fraction_gone(p) - sf) / far_r)
    ossf = np.where(all_near, from_zero[1], (early(p) - ssf) / far_r)
    osff = np.where(all_near, from_zero[2], (osf - sff) / far_r)
    ossff = np.where(all_near, from_zero[3], (ossf - ssff) / far_r)
    squared = time * time
    cubed = squared * time
    return Differences(
        time * e_r, squared * early(r), squared * sff, cubed * ssff, cubed * osff, cubed * time * ossff
    )


def _powers(x: Array) -> Array:
    """x^k for k = 0 ... TERMS - 1, (..., point, k)."""
    found = np.empty((*x.shape, TERMS))
    found[..., 0], found[..., 1:] = 1.0, x[..., None]
    return np.multiply.accumulate(found, axis=-1, out=found)
