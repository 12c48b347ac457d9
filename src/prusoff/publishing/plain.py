"""Numbers and settings as JSON can hold them: no NaN, no infinity, nothing that is not plain."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

import numpy as np

from ..core.equation import Array
from .fit_schema import Coordinate, Number

_LARGEST_EXACT = 2**53 - 1


def plain(value: Any) -> Any:
    """Any setting as JSON can hold it: enumerations by value, dates as text, records as objects, no NaN.

    An integer too large for JSON is written as text. Anything else that is not known is written as its text.
    """
    if value is None or (isinstance(value, bool | str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, int):
        return value if abs(value) <= _LARGEST_EXACT else str(value)
    if isinstance(value, float):
        return number(value)
    return _plain_collection(value)


def _plain_collection(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes):
        return [
            plain(one) for one in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)
        ]
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def number(value: float) -> Number:
    """The number, or null where there is none."""
    return float(value) if math.isfinite(value) else None


def numbers(values: Array) -> list[Number]:
    """The numbers of an array, null where there is none."""
    return [number(value) for value in np.asarray(values, dtype=float).tolist()]


def coordinate(value: float) -> Coordinate:
    """A place on an axis; the control wells stand at '-inf' and 'inf'."""
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return number(value)


def named(values: Mapping[str, float]) -> dict[str, Number]:
    """Named numbers."""
    return {name: number(value) for name, value in values.items()}
