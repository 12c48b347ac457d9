"""Axes that the figures share: concentrations as decades with their units, controls beyond a break, readable units."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array
from ..core.figure import Scale
from ..core.units import readable_unit

_MOST_LABELS = 4
_MOLAR = ((1.0, "M"), (1e-3, "mM"), (1e-6, "µM"), (1e-9, "nM"), (1e-12, "pM"), (1e-15, "fM"))
_MANTISSAS: tuple[tuple[float, ...], ...] = (
    (1.0, 3.0),
    (1.0, 2.0, 5.0),
    (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0),
)
_STEPS = (1.0, 2.0, 2.5, 5.0)
_UNIT = re.compile(r"(?:\((?P<inside>[^()]+)\)|, (?P<behind>[^,()]+))\s*$")
_LEAST_GAP, _GAP_PER_DECADE = 0.9, 0.28


def molar_text(value: float) -> str:
    """A concentration in mol/L as it is read on an axis, where a new prefix comes every three decades.

    >>> molar_text(1e-9), molar_text(2.5e-7)
    ('1 nM', '250 nM')
    """
    size, unit = next(step for step in _MOLAR if value >= 0.99995 * step[0] or step is _MOLAR[-1])
    return f"{value / size:.4g} {unit}"


def concentration_ticks(low: float, high: float) -> tuple[tuple[float, str], ...]:
    """Ticks of a logarithmic axis from `low` to `high` mol/L: every decade where there are some, else between them.

    >>> [text for _, text in concentration_ticks(1e-11, 1e-6)]
    ['10 pM', '', '1 nM', '', '100 nM', '']
    >>> [text for _, text in concentration_ticks(1.8e-8, 4.4e-8)]
    ['20 nM', '30 nM', '40 nM']
    """
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    if last - first >= 2:
        powers = range(first, last + 1)
        step = math.ceil(len(powers) / _MOST_LABELS)
        named = max((powers[start::step] for start in range(step)), key=lambda some: (len(some), -9 in some))
        return tuple((10.0**power, molar_text(10.0**power) if power in named else "") for power in powers)
    for mantissas in _MANTISSAS:
        found = _between(low, high, mantissas)
        if len(found) >= 3:
            break
    else:
        found = _even(low, high)
    return tuple((value, molar_text(value)) for value in found[:: math.ceil(len(found) / _MOST_LABELS)])


def _between(low: float, high: float, mantissas: Sequence[float]) -> list[float]:
    powers = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    values = [float(f"{mantissa}e{power}") for power in powers for mantissa in mantissas]
    return [value for value in values if low <= value <= high]


def _even(low: float, high: float) -> list[float]:
    rough = (high - low) / 3
    size = 10.0 ** math.floor(math.log10(rough))
    step = max(step * size for step in _STEPS if step * size <= rough * (1 + 1e-9))
    return [index * step for index in range(math.ceil(low / step), math.floor(high / step) + 1)]


@dataclass(frozen=True)
class DoseAxis:
    """A logarithmic concentration axis with the controls beyond a break: 'total' on the left, 'NSB' on the right."""

    low: float
    high: float
    has_total: bool
    has_nsb: bool

    @classmethod
    def over(cls, logs: Iterable[Array]) -> DoseAxis | None:
        """The axis for these log10 concentrations; None where no well has a finite one."""
        every = np.concatenate([np.empty(0), *(np.ravel(log) for log in logs)])
        finite = every[np.isfinite(every)]
        if not finite.size:
            return None
        return cls(
            float(finite.min()),
            float(finite.max()),
            bool(np.isneginf(every).any()),
            bool(np.isposinf(every).any()),
        )

    @property
    def tested(self) -> tuple[float, float]:
        """The ends of the part of the axis, in log10, on which distances are true."""
        return self.low - 0.38 * self.gap, self.high + 0.38 * self.gap

    @property
    def gap(self) -> float:
        """How far, in log10, the controls stand from the data: far enough for their names beside the first decade."""
        return max(_LEAST_GAP, _GAP_PER_DECADE * (self.high - self.low))

    @property
    def stroke(self) -> float:
        """Half the length, in log10, of a stroke through control wells."""
        return 0.14 * self.gap

    @property
    def total(self) -> float:
        """The log10 position of wells without compound."""
        return self.low - self.gap

    @property
    def nsb(self) -> float:
        """The log10 position of wells in which binding is blocked."""
        return self.high + self.gap

    def place(self, logs: Array, day: int = 0, days: int = 1) -> Array:
        """Concentrations in mol/L as drawn; controls of different days stand beside one another."""
        shift = (day - (days - 1) / 2) * self.gap * min(0.18, 0.6 / days)
        logs = np.where(
            np.isneginf(logs), self.total + shift, np.where(np.isposinf(logs), self.nsb + shift, logs)
        )
        placed: Array = 10.0**logs
        return placed

    def scale(self, label: str) -> Scale:
        """The axis itself."""
        ticks = concentration_ticks(10.0 ** (self.low - 0.02), 10.0 ** (self.high + 0.02))
        breaks: tuple[float, ...] = ()
        low, high = self.tested
        if self.has_total:
            ticks, low = ((10.0**self.total, "total"), *ticks), self.total - 0.45 * self.gap
            breaks = (10.0 ** (self.low - self.gap / 2),)
        if self.has_nsb:
            ticks, high = (*ticks, (10.0**self.nsb, "NSB")), self.nsb + 0.45 * self.gap
            breaks = (*breaks, 10.0 ** (self.high + self.gap / 2))
        return Scale(label, log10=True, limits=(10.0**low, 10.0**high), ticks=ticks, breaks=breaks)


def readable(label: str, largest: float) -> tuple[float, str]:
    """What to divide by, and the label to print, so that an axis in mol/L, mol or mol/g has readable numbers.

    >>> readable("free [3H]nisoxetine (M)", 2e-8)
    (1e-09, 'free [3H]nisoxetine (nM)')
    """
    plain = unit_of(label)
    if not (math.isfinite(largest) and largest > 0):
        return 1.0, label
    size, unit = readable_unit(largest, plain)
    return size, label[: label.rindex(plain)] + unit + label[label.rindex(plain) + len(plain) :]


def unit_of(label: str) -> str:
    """The unit that stands in brackets or behind a comma at the end of a label, '' where there is none.

    >>> unit_of("specific binding (fmol/mg)"), unit_of("bound, cpm")
    ('fmol/mg', 'cpm')
    """
    found = _UNIT.search(label)
    return (found["inside"] or found["behind"]) if found else ""
