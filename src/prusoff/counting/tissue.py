"""Activity in pieces of tissue: efficiency from a standard of known activity, injected dose per gram, binding ratio."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..core.errors import InputError, Problem
from ..core.measured import Measured
from .decay import nuclide_named
from .rate import SECONDS_PER_MINUTE

WHOLE_BRAIN_G: Mapping[str, float] = {"mouse": 0.42, "rat": 1.8, "rhesus": 87.0, "human": 1400.0}
"""Mass of a whole adult brain. Source: Herculano-Houzel S, Front Hum Neurosci 2009;3:31."""


def activity_left(activity_bq: float, nuclide: str, elapsed_days: float) -> float:
    """The activity of a standard so many days after it was calibrated.

    >>> round(activity_left(9.25e6, "3H", 3794) / 9.25e6, 3)
    0.557
    """
    return activity_bq * math.exp2(-elapsed_days / nuclide_named(nuclide).half_life_days)


def standard_efficiency(rate_cpm: Measured, activity_bq: float) -> Measured:
    """The efficiency at which a standard of known activity was counted, its background subtracted; a fraction."""
    if not activity_bq > 0:
        raise InputError(
            Problem(
                f"a standard of {activity_bq:g} Bq gives no efficiency",
                fix="State its activity",
                code="E-EFFICIENCY",
            )
        )
    return rate_cpm / (activity_bq * SECONDS_PER_MINUTE)


def becquerels(rate_cpm: Measured, efficiency: Measured) -> Measured:
    """Activity in Bq of a sample from its net count rate (cpm)."""
    return rate_cpm / efficiency / SECONDS_PER_MINUTE


def injected_dose_per_gram(activity_bq: Measured, mass_g: float, injected_bq: float) -> Measured:
    """Percent of the injected dose per gram of tissue (%ID/g)."""
    if not (mass_g > 0 and injected_bq > 0):
        raise InputError(
            Problem(
                f"a sample of {mass_g:g} g after {injected_bq:g} Bq has no injected dose per gram",
                fix="State a positive mass and dose",
                code="E-TISSUE",
            )
        )
    return activity_bq * (100.0 / (mass_g * injected_bq))


def specific_binding_ratio(target: Measured, reference: Measured) -> Measured:
    """What a region holds beyond a region without sites, over the latter; both per gram, in one unit.

    The error of the reference counts in the difference and in the quotient, so it is carried once, through their ratio.
    """
    if not reference.value > 0:
        raise InputError(
            Problem(
                f"a reference region that holds {reference.value:g} gives no ratio",
                fix="Take a region without sites, such as cerebellum, with counts above background",
                code="E-TISSUE",
            )
        )
    ratio = target / reference
    return Measured(ratio.value - 1.0, ratio.se if math.isfinite(ratio.se) else math.nan)
