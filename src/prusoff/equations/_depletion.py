"""Radioligand that is used up by the sites and by nonspecific uptake: what stays free (Swillens 1995).

With L the total label, a = 1/Kd' the affinity that the competitor leaves (Kd' = Kd (1 + [I]/Ki)) and NS the ratio of
nonspecific to free, the free label F solves

    (1 + NS) a F^2 + b F - L = 0,   b = 1 + NS + (Bmax - L) a.

Written with the affinity instead of Kd' the equation stays finite where the competitor takes every site (a = 0).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.equation import Array
from ._logistic import LN10


@dataclass(frozen=True)
class Depleted:
    """A well at equilibrium: label total and free, and the derivative of the mass balance by the free label."""

    total: Array
    free: Array
    bmax: Array
    affinity: Array
    ns: Array
    slope: Array

    @property
    def specific(self) -> Array:
        """Label bound to the sites."""
        result: Array = self.bmax * self.affinity * self.free / (1.0 + self.affinity * self.free)
        return result

    @property
    def bound(self) -> Array:
        """Label bound in all."""
        result: Array = self.specific + self.ns * self.free
        return result

    def derivatives(self) -> tuple[Array, Array, Array, Array]:
        """Of the label bound in all: by Bmax, log10 of the affinity, NS and the total label.

        Bound and free add up to the total, so the first three are those of the free label with the other sign.
        """
        taken = self.affinity * self.free
        by_bound = self.bmax * self.affinity / (1.0 + taken) / (1.0 + taken) + self.ns
        left = (1.0 + taken) / self.slope
        return taken / self.slope, LN10 * self.specific / self.slope, self.free * left, by_bound * left


def deplete(total: Array, bmax: Array, affinity: Array, ns: Array) -> Depleted:
    """Free label of wells with this total label, sites (same unit), affinity (1/unit) and ratio nonspecific/free.

    Of the two ways to write the root of the quadratic the one is taken that subtracts nothing.
    """
    b = 1.0 + ns + (bmax - total) * affinity
    quadratic = (1.0 + ns) * affinity
    slope = np.hypot(b, 2.0 * np.sqrt(quadratic * total))
    wide = np.abs(b) + slope
    free = np.where(b >= 0.0, 2.0 * total, wide) / np.where(b >= 0.0, wide, 2.0 * quadratic)
    return Depleted(total, free, bmax, affinity, ns, slope)
