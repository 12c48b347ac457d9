"""Two enantiomers and their racemate: eudismic ratio, the Ki a racemate must have, and what impurity can feign."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from ..core.errors import InputError, Problem
from ..core.estimate import Estimate, Relation

MOST_LOG10_APART = 0.3


class RacemateVerdict(StrEnum):
    """How the Ki that was measured for a racemate agrees with its enantiomers."""

    AGREES = "agrees"
    CONFLICT = "conflict"
    IMPOSSIBLE = "impossible"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True)
class Eudismic:
    """The eudismic ratio of two enantiomers and which of them is the eutomer (the one that binds more tightly)."""

    ratio: float
    eutomer_first: bool

    @property
    def index(self) -> float:
        """log10 of the eudismic ratio."""
        return math.log10(self.ratio)


def eudismic(first: float, second: float) -> Eudismic:
    """The Ki of the weaker enantiomer over that of the stronger one, 1 or more."""
    _require(first, second)
    return Eudismic(max(first, second) / min(first, second), first <= second)


def racemate_ki(first: float, second: float) -> float:
    """The Ki of a racemate of two enantiomers that compete for one site: 1/Ki = 0.5/Ki,1 + 0.5/Ki,2; any one unit.

    >>> round(racemate_ki(3.0, 1986.0), 3)
    5.991
    """
    _require(first, second)
    return 2.0 / (1.0 / first + 1.0 / second)


def predicted_racemate(first: Estimate, second: Estimate) -> Estimate:
    """The Ki that a racemate must have, with the intervals of both enantiomers side by side on the log scale (MOVER).

    Each enantiomer weighs as much as it contributes to the binding, so the eutomer decides. Of a distomer that is only
    known to be weaker than a bound ('>'), the Ki lies between that with the bound and twice that of the eutomer.
    """
    above = [one.relation is Relation.ABOVE for one in (first, second)]
    if all(above) or any(one.relation is Relation.BELOW for one in (first, second)):
        return Estimate("Ki", math.nan, first.unit, relation=Relation.ABOUT, method="not determined: bounds")
    value = racemate_ki(first.value, second.value)
    if any(above):
        other = second if above[0] else first
        low, high = value * _down(other), 2.0 * other.value * _up(other)
        method = "1/Ki = 0.5/Ki,R + 0.5/Ki,S; the distomer is a bound"
        return Estimate("Ki", math.sqrt(value * 2.0 * other.value), first.unit, low, high, first.level,
                        Relation.ABOUT, method)  # fmt: skip
    weights = [value / (2.0 * one.value) for one in (first, second)]
    down, up = (
        math.hypot(
            *(weight * math.log(side(one)) for weight, one in zip(weights, (first, second), strict=True))
        )
        for side in (_down, _up)
    )
    found = Estimate("Ki", value, first.unit, level=first.level, method="1/Ki = 0.5/Ki,R + 0.5/Ki,S, MOVER")
    if not (first.has_interval and second.has_interval):
        return found
    return replace(found, low=value * math.exp(-down), high=value * math.exp(up))


def racemate_verdict(
    reported: Estimate, first: Estimate, second: Estimate, most: float = MOST_LOG10_APART
) -> RacemateVerdict:
    """Whether a racemate agrees with its enantiomers: within a factor of two (0.3 in log10) of the predicted Ki.

    A racemate more potent than both enantiomers, beyond the intervals, is impossible for competitors of one site.
    """
    if reported.is_bound or not reported.value > 0:
        return RacemateVerdict.UNKNOWN
    stronger = min((first, second), key=lambda one: one.value)
    highest = reported.high if reported.high > 0 else reported.value  # nan: no interval, the value stands
    lowest = stronger.low if stronger.low > 0 else stronger.value
    if not stronger.is_bound and highest < lowest:
        return RacemateVerdict.IMPOSSIBLE
    predicted = predicted_racemate(first, second)
    if not predicted.value > 0:
        return RacemateVerdict.UNKNOWN
    apart = math.log10(reported.value / predicted.value)
    return RacemateVerdict.CONFLICT if abs(apart) > most else RacemateVerdict.AGREES


def most_eutomer_in(distomer: float, eutomer: float) -> float:
    """The fraction of eutomer in a sample of the distomer that would by itself give the Ki measured for the sample.

    Unless the sample is purer than this, its Ki is only a lower bound of that of the distomer.

    >>> round(100 * most_eutomer_in(1986.0, 3.0), 2)
    0.15
    """
    _require(distomer, eutomer)
    return eutomer / distomer


def eutomer_fraction(sample: float, eutomer: float, distomer: float) -> float:
    """The fraction x of eutomer in a sample of the distomer: 1/Ki,sample = x/Ki,eutomer + (1 - x)/Ki,distomer."""
    _require(sample, eutomer, distomer)
    if not eutomer < distomer or not eutomer <= sample <= distomer:
        raise InputError(
            Problem(
                f"a Ki of {sample:g} does not lie between those of eutomer ({eutomer:g}) and distomer ({distomer:g})",
                fix="Give all three in one unit",
                code="E-ENANTIOMER",
            )
        )
    return (1.0 / sample - 1.0 / distomer) / (1.0 / eutomer - 1.0 / distomer)


def enantiomeric_excess(fraction: float) -> float:
    """Enantiomeric excess in percent of a sample with this fraction of the other enantiomer."""
    return 100.0 * (1.0 - 2.0 * fraction)


def _down(one: Estimate) -> float:
    return one.low / one.value if one.low > 0 else 1.0


def _up(one: Estimate) -> float:
    return one.high / one.value if math.isfinite(one.high) else 1.0


def _require(*constants: float) -> None:
    if not all(math.isfinite(one) and one > 0 for one in constants):
        told = ", ".join(f"{one:g}" for one in constants)
        raise InputError(
            Problem(
                f"{told} are not all dissociation constants", fix="Give positive values", code="E-ENANTIOMER"
            )
        )
