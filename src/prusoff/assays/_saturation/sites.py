"""Whether a saturation experiment shows sites at all: total wells have to read higher than nonspecific ones."""

from __future__ import annotations

import math

import numpy as np

from ...core.equation import Array
from ...fitting.weights import CountingVariance
from .._signal import DEAD, one_reading, standard_error
from .isotherm import ROLES, Isotherm

SURE, MOSTLY = 3.0, 0.75
SWAPPED = (
    "The nonspecific wells read higher than the total wells: they look swapped. Check the roles in the plate map or "
    "table, and whether the plate was counted turned round (rotated = true)."
)
NO_SITES = (
    "No specific binding is seen: the total wells read no higher than the nonspecific wells beyond their scatter, so "
    "there is neither Kd nor Bmax. Check the plate map, the membranes and the definer of nonspecific binding."
)


def no_sites(data: Isotherm) -> str:
    """Why no binding to sites is seen, or nothing.

    The differences at each concentration are added up, weighted by their variance; three standard errors are asked.
    """
    if one_reading(data.signal[[well.used for well in data.wells]]):
        return DEAD
    pairs = _pairs(data)
    if not pairs:
        return ""
    differences = np.array([float(total.mean() - nonspecific.mean()) for total, nonspecific in pairs])
    errors = _errors(data, pairs, differences)
    if not errors.any():
        return "" if differences.sum() > 0 else SWAPPED if differences.sum() < 0 else NO_SITES
    errors = np.maximum(errors, errors[errors > 0].min())
    z = float(np.sum(differences / errors**2) / math.sqrt(np.sum(errors**-2.0)))
    if z <= -SURE and np.mean(differences < 0) > MOSTLY:
        return SWAPPED
    return NO_SITES if z < SURE else ""


def signal_to_background(data: Isotherm) -> float:
    """Total over nonspecific binding at the highest concentration that has wells of both; nan where there is none."""
    pairs = _pairs(data)
    if not pairs or not pairs[-1][1].mean() > 0:
        return math.nan
    total, nonspecific = pairs[-1]
    return float(total.mean() / nonspecific.mean())


def _pairs(data: Isotherm) -> list[tuple[Array, Array]]:
    """Total and nonspecific signals at each concentration of the radioligand that has both, lowest first."""
    total, nonspecific = (data.of(role) for role in ROLES)
    at = [data.added == level for level in data.concentrations]
    return [
        (data.signal[total & here], data.signal[nonspecific & here])
        for here in at
        if (total & here).any() and (nonspecific & here).any()
    ]


def _errors(data: Isotherm, pairs: list[tuple[Array, Array]], differences: Array) -> Array:
    """Errors of the differences: from counting and replicates, from replicates alone, or from their own scatter."""
    if isinstance(data.weighting, CountingVariance):
        return np.array(
            [math.hypot(*(standard_error(one, data.weighting) for one in pair)) for pair in pairs]
        )
    wells = [one for pair in pairs for one in pair]
    freedom = sum(one.size - 1 for one in wells)
    squares = sum(float(((one - one.mean()) ** 2).sum()) for one in wells)
    if freedom and squares > 0:
        parts = np.array([sum(1 / one.size for one in pair) for pair in pairs])
        scatter: Array = np.sqrt(squares / freedom * parts)
        return scatter
    return np.full(len(pairs), float(differences.std(ddof=1)) if len(pairs) > 1 else 0.0)
