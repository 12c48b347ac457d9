"""What rate constants of binding mean: the observed rate, how far equilibrium is away, and the Kd that they imply."""

from __future__ import annotations

import math

from ..core.errors import InputError, Problem
from ..core.measured import Measured

ENOUGH_HALF_LIVES = 5.0


def observed_rate(kon: float, koff: float, ligand: float) -> float:
    """The rate (1/s) at which a ligand approaches its equilibrium with the sites: kon [L] + koff.

    >>> round(60 * observed_rate(0.02e9 / 60, 0.016 / 60, 1e-9), 6)
    0.036
    """
    return kon * ligand + koff


def half_time(rate: float) -> float:
    """The time in which half of the way is gone at this rate."""
    return math.log(2.0) / rate


def time_to_reach(fraction: float, rate: float) -> float:
    """The time after which this fraction of equilibrium binding is reached. Raises InputError outside 0 to 1."""
    if not 0.0 < fraction < 1.0:
        what = f"a fraction of {fraction:g} is never reached or was never left"
        raise InputError(
            Problem(what, fix="Give a fraction between 0 and 1, such as 0.97", code="E-FRACTION")
        )
    return -math.log1p(-fraction) / rate


def fraction_reached(rate: float, time: float) -> float:
    """The fraction of equilibrium binding that is reached after so long."""
    return -math.expm1(-rate * time)


def kinetic_kd(kon: Measured, koff: Measured, covariance: float) -> Measured:
    """Kd = koff/kon of a line of observed rates, with its error by the delta method, the covariance included.

    Source: Motulsky HJ, Christopoulos A, Fitting Models to Biological Data, 2004.
    """
    kd = koff.value / kon.value
    relative = kon.relative**2 + koff.relative**2 - 2.0 * covariance / (kon.value * koff.value)
    return Measured(kd, abs(kd) * math.sqrt(max(relative, 0.0)))
