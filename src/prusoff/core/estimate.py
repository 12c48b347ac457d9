"""A number with its interval, its unit, the way it was got, and whether it is a value or only a bound."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from .units import readable_unit


class Relation(StrEnum):
    """Whether the number is the value, or the value lies below, above or near it."""

    EQUAL = "="
    BELOW = "<"
    ABOVE = ">"
    ABOUT = "~"

    @property
    def flipped(self) -> Relation:
        """The relation after a decreasing transform: the pKi of a Ki '>' is '<'."""
        return {Relation.BELOW: Relation.ABOVE, Relation.ABOVE: Relation.BELOW}.get(self, self)


@dataclass(frozen=True)
class Estimate:
    """One result.

    `value`, `low` and `high` are in the inside `unit` ('M', 'mol/g', '' for a pure number or a p-value).
    An interval side that has no end is `-inf`, `0` or `inf`; `nan` on both sides means that no interval was computed.
    `log10_se` is the standard error of log10(value) where the quantity was estimated on the log scale, else `nan`;
    `se` the standard error of the value itself, else `nan`.
    """

    name: str
    value: float
    unit: str
    low: float = math.nan
    high: float = math.nan
    level: float = 0.95
    relation: Relation = Relation.EQUAL
    method: str = ""
    se: float = math.nan
    log10_se: float = math.nan

    @property
    def is_bound(self) -> bool:
        """Whether only a bound is known."""
        return self.relation in (Relation.BELOW, Relation.ABOVE)

    @property
    def has_interval(self) -> bool:
        """Whether an interval was computed."""
        return not (math.isnan(self.low) and math.isnan(self.high))

    def negative_log10(self, name: str) -> Estimate:
        """The p-value of a concentration: Ki to pKi. The relation turns round, the limits change places.

        >>> Estimate("Ki", 1e-6, "M", relation=Relation.ABOVE).negative_log10("pKi").relation.value
        '<'
        """
        return Estimate(
            name,
            _p(self.value),
            "",
            _p(self.high),
            _p(self.low),
            self.level,
            self.relation.flipped,
            self.method,
            se=self.log10_se,
        )

    def transformed(
        self, function: Callable[[float], float], name: str, unit: str, method: str = ""
    ) -> Estimate:
        """Value and limits through an increasing function; a bound stays a bound in the same direction."""
        return replace(
            self,
            name=name,
            unit=unit,
            value=function(self.value),
            low=_through(function, self.low),
            high=_through(function, self.high),
            method=method or self.method,
            se=math.nan,
            log10_se=math.nan,
        )

    def times(self, factor: float, name: str, unit: str) -> Estimate:
        """The estimate multiplied by a positive exact number."""
        return replace(
            self,
            name=name,
            unit=unit,
            value=self.value * factor,
            low=self.low * factor,
            high=self.high * factor,
            se=self.se * factor,
        )

    def __str__(self) -> str:
        return f"{self.name} {self.amount}"

    @property
    def amount(self) -> str:
        """Value, unit and interval without the name: '5.8 nM (4.5–7.7)', '> 5.8 µM'."""
        size, unit = readable_unit(abs(self.value), self.unit)
        sign = "" if self.relation is Relation.EQUAL else f"{self.relation} "
        if not math.isfinite(self.value):
            return "not determined"
        digits = _digits(self.value / size, self.low / size, self.high / size)
        if self.name.startswith("p") and not self.unit:
            digits = min(digits, 2)  # a pKi is told in two decimals, as the field does
        text = f"{sign}{_fixed(self.value / size, digits)}{' ' + unit if unit else ''}"
        return f"{text}{self._interval(size, digits)}" if not self.is_bound else text

    @property
    def interval_text(self) -> str:
        """The interval alone, with its unit: '4.5–7.7 nM', '> 4.5 nM', or nothing."""
        text, unit = self.amount.partition(" (")[2].rstrip(")"), readable_unit(abs(self.value), self.unit)[1]
        return f"{text} {unit}".strip() if text else ""

    def _interval(self, size: float, digits: int) -> str:
        if not self.has_interval:
            return ""
        no_low = math.isnan(self.low) or math.isinf(self.low) or (self.low == 0 and self.value > 0)
        no_high = math.isnan(self.high) or math.isinf(self.high)
        if no_low and no_high:
            return " (no limits)"
        if no_high:
            return f" (> {_fixed(self.low / size, digits)})"
        if no_low:
            return f" (< {_fixed(self.high / size, digits)})"
        to = " to " if self.low < 0 else "–"  # a dash before a minus is read as another minus
        return f" ({_fixed(self.low / size, digits)}{to}{_fixed(self.high / size, digits)})"

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; an open or absent limit is null."""
        numbers = {key: _finite(getattr(self, key)) for key in ("value", "low", "high", "se", "log10_se")}
        return {
            "name": self.name,
            **numbers,
            "unit": self.unit,
            "level": self.level,
            "relation": self.relation.value,
            "method": self.method,
            "text": str(self),
        }


def _p(value: float) -> float:
    if math.isnan(value):
        return math.nan
    if value <= 0:
        return math.inf
    return -math.inf if math.isinf(value) else -math.log10(value)


def _through(function: Callable[[float], float], limit: float) -> float:
    return limit if not math.isfinite(limit) or limit == 0 else function(limit)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _digits(value: float, low: float, high: float) -> int:
    """Decimals so that the interval shows two figures of its half width, and the value two to four figures."""
    magnitude = math.floor(math.log10(abs(value))) if value else 0
    width = (high - low) / 2 if math.isfinite(high - low) else abs(value) * 0.1
    decimals = 1 - math.floor(math.log10(width)) if width > 0 else 2 - magnitude
    return max(0, min(max(decimals, 1 - magnitude), 3 - magnitude))


def figures(value: float, count: int = 3, unit: str = "") -> str:
    """A number in so many significant figures, with its unit in a readable size: '27.5 %', '1.2 nM', '4180 cpm'.

    >>> figures(4180.3), figures(1.2e-9, 2, "M"), figures(float("nan"))
    ('4180', '1.2 nM', '')
    """
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size, name = readable_unit(abs(value), unit)
    scaled = value / size
    text = f"{scaled:.{count}g}" if not 1e3 <= abs(scaled) < 1e7 else f"{scaled:.0f}"
    return f"{text} {name}".rstrip().replace("-", "−")


def _fixed(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace("-", "−")
