"""Plasma after doses by mouth, by vein and as an infusion, in one compartment, and behind it where the drug acts.

Every curve is a chain of first-order steps (gut, plasma, effect compartment). What has come through a chain is the
divided difference of the exponential at its rates, which is the corner of the exponential of a bidiagonal matrix
(Opitz G, Z angew Math Mech 1964;44:T52); it holds where two rates are equal, so no case is treated apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ..core.equation import Array
from ..core.errors import InputError, Problem

LN2 = math.log(2.0)
TERMS = 14  # of a series at matrices below a quarter: the next one is below the last digit
Course: TypeAlias = Callable[[Array], Array]


@dataclass(frozen=True)
class OneCompartment:
    """A body as one well-stirred volume (L) with elimination and, by mouth, absorption (per second).

    After a dose by mouth the volume and the clearance are apparent ones, V/F and CL/F. Concentrations are in the unit
    of the dose per litre: mol/L after mol, g/L after g. Source: Gibaldi M, Perrier D. Pharmacokinetics, 2nd ed. 1982.
    """

    volume_l: float
    elimination_per_s: float
    absorption_per_s: float = math.nan

    @classmethod
    def of_clearance(
        cls, clearance_l_per_s: float, half_life_s: float, absorption_per_s: float = math.nan
    ) -> OneCompartment:
        """The compartment with this clearance and half-life; its volume follows: V = CL t1/2 / ln 2."""
        volume = volume_of(clearance_l_per_s, half_life_s)
        return cls(volume, LN2 / half_life_s, absorption_per_s)

    @property
    def clearance_l_per_s(self) -> float:
        """Clearance: volume times elimination rate."""
        return self.volume_l * self.elimination_per_s

    @property
    def time_of_peak_s(self) -> float:
        """When a single dose by mouth stands highest: ln(ka/ke)/(ka - ke), 1/ke where both are equal."""
        faster = (self.absorption_per_s - self.elimination_per_s) / self.elimination_per_s
        return (math.log1p(faster) / faster if faster else 1.0) / self.elimination_per_s

    def accumulation(self, interval_s: float) -> float:
        """How many times more a day of endless doses holds than the first: 1/(1 - e^(-ke tau))."""
        return -1.0 / math.expm1(-self.elimination_per_s * interval_s)

    def bolus(self, dose: float, effect_per_s: float = math.inf) -> Course:
        """Concentration at times (s) after a dose into a vein; nothing before it."""
        return self._after(dose / self.volume_l, (self.elimination_per_s,), effect_per_s)

    def oral(self, dose: float, effect_per_s: float = math.inf) -> Course:
        """Concentration at times (s) after a dose by mouth, absorbed by first order."""
        if not self.absorption_per_s > 0:
            raise InputError(
                Problem(
                    "a dose by mouth needs a rate of absorption",
                    "absorption",
                    "State ka, such as '1.2 /h'",
                    "E-MISSING",
                )
            )
        rates = self.absorption_per_s, self.elimination_per_s
        return self._after(self.absorption_per_s * dose / self.volume_l, rates, effect_per_s)

    def infusion(self, rate_per_s: float, duration_s: float, effect_per_s: float = math.inf) -> Course:
        """Concentration at times (s) after the start of an infusion of so much a second, stopped after a while."""
        rates = 0.0, self.elimination_per_s
        begun = self._after(rate_per_s / self.volume_l, rates, effect_per_s)
        return lambda time_s: begun(time_s) - begun(np.asarray(time_s) - duration_s)

    def _after(self, scale: float, rates: Sequence[float], effect_per_s: float) -> Course:
        """A course in plasma, or with an effect compartment (ke0) in that; without one both are the same."""
        if math.isfinite(effect_per_s):
            return lambda time_s: scale * effect_per_s * _through(time_s, (*rates, effect_per_s))
        return lambda time_s: scale * _through(time_s, rates)


def volume_of(clearance_l_per_s: float, half_life_s: float) -> float:
    """The volume of distribution (L) that a clearance and a half-life imply: V = CL t1/2 / ln 2.

    >>> round(volume_of(0.35, 5.2), 2), round(volume_of(0.3, 21.6), 1)
    (2.63, 9.3)
    """
    if not (clearance_l_per_s > 0 and half_life_s > 0):
        raise InputError(
            Problem(
                f"a clearance of {clearance_l_per_s:g} and a half-life of {half_life_s:g} give no volume",
                fix="State both above zero",
                code="E-ZERO",
            )
        )
    return clearance_l_per_s * half_life_s / LN2


def repeated(one: Course, interval_s: float, doses: int) -> Course:
    """The course of several equal doses, one an interval: the sum of the courses of each (superposition)."""
    if doses < 1 or (doses > 1 and not interval_s > 0):
        raise InputError(
            Problem(
                f"{doses} doses every {interval_s:g} s are no schedule",
                fix="Give at least one dose, and the time between doses",
                code="E-DOSES",
            )
        )

    def together(time_s: Array) -> Array:
        since = np.asarray(time_s, dtype=float)[..., None] - interval_s * np.arange(doses)
        total: Array = one(since).sum(axis=-1)
        return total

    return together if doses > 1 else one


def _through(time_s: Array, rates: Sequence[float]) -> Array:
    """What has come through a chain of first-order steps of these rates: its last member per unit put into the first.

    (time,) of any shape; zero before the start.
    """
    times = np.maximum(np.asarray(time_s, dtype=float), 0.0)
    slowest = min(rates)  # taken out of the matrix, so that its exponential keeps its digits at late times
    steps = np.eye(len(rates), k=1) * (max(rates) or 1.0)  # so that no entry dwarfs the others
    chain = np.diag(slowest - np.asarray(rates)) + steps
    corner = _exponential(times[..., None, None] * chain)[..., 0, -1] / (max(rates) or 1.0) ** (
        len(rates) - 1
    )
    passed: Array = np.where(np.asarray(time_s) < 0, 0.0, corner * np.exp(-slowest * times))
    return passed


def _exponential(matrices: Array) -> Array:
    """The exponential of small matrices, (..., n, n), by a Taylor series of each halved often enough, then squared.

    Source: Moler C, Van Loan C, SIAM Rev 2003;45:3, method 3.
    """
    largest = float(np.abs(matrices).sum(axis=-1).max(initial=0.0))
    halvings = max(0, math.ceil(math.log2(largest)) + 2) if largest > 0 else 0
    small = matrices / 2.0**halvings
    term = np.broadcast_to(np.eye(matrices.shape[-1]), matrices.shape)
    total: Array = term.copy()
    for order in range(1, TERMS):
        term = np.einsum("...ij,...jk->...ik", term, small) / order
        total += term
    for _ in range(halvings):
        total = np.einsum("...ij,...jk->...ik", total, total)
    return total
