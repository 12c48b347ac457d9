"""Constants of competition kinetics over days: geometric means, and the errors that all days share added once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from ...core.estimate import Estimate
from ...core.result import Pooled
from .._days import plain_mean
from .day import Analysed
from .estimates import KI, KOFF, KON, RESIDENCE, residence_time


def pooled(analysed: tuple[Analysed, ...]) -> Iterator[Pooled]:
    """Ki, kon, koff and residence time of every competitor over the days that gave them."""
    for compound in dict.fromkeys(one.traces.compound for one in analysed):
        mine = [one for one in analysed if one.traces.compound == compound]
        for name in (KI, KON, KOFF):
            days = [one for one in mine if name in one.found.bare]
            if not days:
                continue
            yield _mean(compound, name, days)
            if name == KOFF:
                yield _mean(compound, RESIDENCE, days)


def _mean(compound: str, name: str, days: Sequence[Analysed]) -> Pooled:
    """One quantity over days; a single day keeps all of its errors, several share those of the constants held."""
    of = KOFF if name == RESIDENCE else name
    if len(days) == 1:
        each = {one.experiment.name: _named(one.found.estimates, name) for one in days}
        return plain_mean(compound, each)
    found = {one.experiment.name: one.found.bare[of] for one in days}
    if name == RESIDENCE:
        found = {day: residence_time(one) for day, one in found.items()}
    gain = {
        constant: float(np.mean([one.found.gains[of].get(constant, 0.0) for one in days]))
        for constant in days[0].found.shared
    }
    shared = math.sqrt(sum((gain[what] * error) ** 2 for what, error in days[0].found.shared.items()))
    return plain_mean(compound, found, shared)


def _named(estimates: Sequence[Estimate], name: str) -> Estimate:
    return next(one for one in estimates if one.name == name)
