"""A measured number that never travels without its standard error."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """A value and its standard error, in one unit; `nan` as the error means that it is not known.

    Sums, differences, products and quotients carry the error to first order and take the two errors as independent:
    an error that two numbers share (one specific activity in both) has to be entered once, at the end.

    >>> Measured(12.0, 0.5) - Measured(2.0, 1.2)
    Measured(value=10.0, se=1.3)
    >>> Measured(10.0, 1.0) / 4
    Measured(value=2.5, se=0.25)
    """

    value: float
    se: float = 0.0

    @property
    def relative(self) -> float:
        """The standard error as a fraction of the value; infinite for a value of zero that has an error."""
        if self.se == 0:
            return 0.0
        return self.se / abs(self.value) if self.value else math.inf

    @property
    def log10_se(self) -> float:
        """The standard error of log10(value), to first order."""
        return self.relative / math.log(10)

    def __add__(self, other: Measured) -> Measured:
        return Measured(self.value + other.value, math.hypot(self.se, other.se))

    def __sub__(self, other: Measured) -> Measured:
        return Measured(self.value - other.value, math.hypot(self.se, other.se))

    def __mul__(self, other: Measured | float) -> Measured:
        factor = _measured(other)
        return Measured(self.value * factor.value, math.hypot(self.se * factor.value, self.value * factor.se))

    def __truediv__(self, other: Measured | float) -> Measured:
        divisor = _measured(other)
        value = self.value / divisor.value
        return Measured(value, math.hypot(self.se, value * divisor.se) / abs(divisor.value))


def _measured(number: Measured | float) -> Measured:
    return number if isinstance(number, Measured) else Measured(number)
