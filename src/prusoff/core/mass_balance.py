"""How many sites stay free when a radioligand and a competitor share them and both are used up: one root for all."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .equation import Array

Pair: TypeAlias = tuple[npt.ArrayLike, npt.ArrayLike]

_MOST_STEPS = 200
_SETTLED = 1e-9  # Newton's steps double the digits: after a relative step below this, all of them are right


def free_sites(total: npt.ArrayLike, ligands: Pair, constants: Pair) -> Array:
    """The free sites R that solve R + R L1/(K1 + R) + R L2/(K2 + R) = total, all in one unit, finite, zero or more.

    The start is the cosine form of the cubic, written for 1/R: the usual form for R loses every digit where a ligand
    far outnumbers the sites, its reciprocal loses some only where the sites far outnumber the ligands. Newton's steps
    on the mass balance, which rises and bends downwards, then climb to the root from below; the bracket [total - L1 -
    L2, total] holds them. As accurate as the totals: to the last digits at any ratio, and to 1e-10 where sites and a
    ligand of a million times its K titrate each other.
    Sources: Wang Z-X, FEBS Lett 1995;360:111; Sigurskjold BW, Anal Biochem 2000;277:260.

    >>> bool(abs(free_sites(0.4, (1.0, 25.0), (0.8096, 5.0)) - 0.05634524946322) < 1e-12)
    True
    """
    sites, first, second, k1, k2 = (np.asarray(one, dtype=float) for one in (total, *ligands, *constants))
    least = np.maximum(sites - first - second, 0.0)
    free = np.clip(_by_cosine(sites, (first, second), (k1, k2), least), least, sites)
    for _ in range(_MOST_STEPS):
        excess = free - sites + free * (first / (k1 + free) + second / (k2 + free))
        slope = 1.0 + first / (k1 + free) / (1.0 + free / k1) + second / (k2 + free) / (1.0 + free / k2)
        following: Array = np.clip(free - excess / slope, least, sites)
        settled = bool((np.abs(following - free) <= _SETTLED * following).all())
        free = following
        if settled:
            break
    return free


def _by_cosine(
    sites: Array, ligands: tuple[Array, Array], constants: tuple[Array, Array], least: Array
) -> Array:
    """The root in closed form, `least` where that has no number; the argument of the arc cosine is clamped."""
    (first, second), (k1, k2) = ligands, constants
    with np.errstate(all="ignore"):
        c = 1.0 / (k1 * k2 * sites)
        a = (k1 + k2 + first + second - sites) * c
        b = (k2 * (first - sites) + k1 * (second - sites) + k1 * k2) * c
        root = np.sqrt(b * b + 3.0 * a)
        angle = np.arccos(np.clip((2.0 * b**3 + 9.0 * a * b + 27.0 * c) / (2.0 * root**3), -1.0, 1.0))
        free: Array = 3.0 / (b + 2.0 * root * np.cos(angle / 3.0))
    return np.where(np.isfinite(free) & (free > 0.0), free, least)
