"""Units of recorded channels: what a number in pA or mV is multiplied by to stand in A or V."""

from __future__ import annotations

import math

from ..core.errors import UnitError
from ..core.kinds import KINDS
from ..core.recording import Channel
from ..core.units import factor


def electric(unit: str) -> tuple[str, float]:
    """'A' or 'V' and the factor to it; '' and nan where the unit is none of current or voltage."""
    for kind in ("current", "voltage"):
        try:
            return KINDS[kind].inside, factor(_spelled(unit), kind)
        except UnitError:
            continue
    return "", math.nan


def channel(name: str, unit: str) -> Channel:
    """A channel with the factor of its unit."""
    inside, size = electric(unit)
    return Channel(name, unit, size) if inside else Channel(name, unit)


def _spelled(unit: str) -> str:
    return {"amperes": "A", "ampere": "A", "volts": "V", "volt": "V"}.get(unit.lower(), unit)
