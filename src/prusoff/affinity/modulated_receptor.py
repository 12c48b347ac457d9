"""Constants of the modulated receptor from one cell: from the shift of its availability and from what a drug leaves."""

from __future__ import annotations

import math

from ..core.errors import InputError, Problem

RESTING = 0.95  # availability above which channels are called resting


def ki_from_shift(shift_v: float, slope_factor_v: float, drug_molar: float, left: float) -> float:
    """Ki (mol/L) at inactivated channels from the shift of the half potential of availability by a drug.

    `shift_v` is the half potential with drug less that without (V), `slope_factor_v` the slope factor, `left` the part
    of the current at full hyperpolarisation that the drug leaves: 1/(1 + [D]/Kr). Infinite where the shift is too small
    for any binding to inactivated channels. Bean BP, Cohen CJ, Tsien RW, J Gen Physiol 1983;81:613.

    >>> round(ki_from_shift(-5.645921186596e-3, 6.5e-3, 30e-6, 1.0 / (1.0 + 30.0 / 45.57)) * 1e6, 6)
    10.16
    """
    if not (slope_factor_v > 0 and drug_molar > 0 and left > 0):
        raise InputError(
            Problem(
                "a shift tells Ki only with a slope factor, a drug concentration and a current above zero",
                fix="Give the values that were measured",
                code="E-SHIFT",
            )
        )
    bound = math.exp(-shift_v / slope_factor_v) / left - 1.0
    return drug_molar / bound if bound > 0 else math.inf


def kr_from_left(drug_molar: float, left: float) -> float:
    """Kr (mol/L) from the part of the current that the drug leaves where all channels rest; infinite without block.

    >>> round(kr_from_left(30e-6, 1.0 - 0.39698292973402) * 1e6, 6)
    45.57
    """
    return drug_molar * left / (1.0 - left) if left < 1 else math.inf


def state_named(availability: float) -> str:
    """The state of the channels at a potential, by their availability there: resting only above 0.95.

    >>> state_named(0.987), state_named(0.42), state_named(0.03)
    ('resting', 'neither state', 'mostly inactivated')
    """
    if availability > RESTING:
        return "resting"
    return "mostly inactivated" if availability < 1.0 - RESTING else "neither state"
