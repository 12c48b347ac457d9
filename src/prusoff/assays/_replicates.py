"""Wells that were treated alike: whether their scatter is that of counting, and whether one set stands out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import chdtrc, chdtri, fdtrc

from ..checks.replicates import ALPHA_ODD
from ..core.equation import Array
from ..core.errors import InputError
from ..core.estimate import figures
from ..core.plate import Role, Treatment, Well
from ..counting.rate import Dispersion, dispersion, pooled_dispersion
from ..fitting.weights import CountingVariance
from ._signal import Signals

MOST_NAMED = 3
MEDIAN_EFFICIENCY = 0.4  # a median of variances is worth so many of the degrees of freedom of their mean


@dataclass(frozen=True)
class Alike:
    """Two or more wells of one plate with the same treatment: their net signals and gross counts, (well,)."""

    wells: tuple[Well, ...]
    net: Array
    gross: Array

    @property
    def df(self) -> int:
        """Degrees of freedom of their scatter."""
        return len(self.wells) - 1

    @property
    def squares(self) -> float:
        """Sum of squares about their mean."""
        return float(((self.net - self.net.mean()) ** 2).sum())

    def __str__(self) -> str:
        positions = ", ".join(well.position for well in self.wells)
        return f"{_treated(self.wells[0].treatment)} ({f'{self.wells[0].plate} {positions}'.strip()})"


def alike(read: Signals) -> tuple[Alike, ...]:
    """The sets of used wells on one plate that were treated alike, in the order of the plate."""
    members: dict[tuple[str, ...], list[int]] = {}
    for index, well in enumerate(read.wells):
        if well.used:
            what = well.treatment
            key = (
                well.plate,
                what.role,
                what.compound,
                repr(what.concentration_molar),
                repr(what.radioligand_molar),
                repr(sorted(what.further.items())),
            )
            members.setdefault(key, []).append(index)
    gross = np.full(len(read.wells), math.nan) if read.gross is None else read.gross
    return tuple(
        Alike(tuple(read.wells[i] for i in own), read.values[own], gross[own])
        for own in members.values()
        if len(own) > 1
    )


def replicate_facts(read: Signals) -> dict[str, Any]:
    """What the checks of replicates look at; nothing where no well has a replicate."""
    sets = alike(read)
    if not sets:
        return {}
    facts: dict[str, Any] = {
        "replicate_groups": len(sets),
        "replicate_wells": sum(len(one.wells) for one in sets),
    }
    counted = list(_dispersions(sets))
    if counted:
        found = pooled_dispersion(counted)
        facts |= {"dispersion_ratio": found.ratio, "dispersion_p": found.p}
    return facts | _odd(sets, read)


def _dispersions(sets: Sequence[Alike]) -> Iterator[Dispersion]:
    for one in sets:
        times = {well.count_time_s for well in one.wells if not math.isnan(well.count_time_s)}
        if len(times) > 1:
            continue  # counted for different times, the counts themselves cannot be compared
        try:
            yield dispersion(one.gross.tolist())
        except InputError:
            continue  # no counts at all, or none that are known


def _odd(sets: Sequence[Alike], read: Signals) -> dict[str, Any]:
    """The largest scatter against that of counting and pipetting where known, and against that of the other sets.

    What the others show is taken from their median, so that a pipetting error stated too small makes no set odd, and
    several odd sets do not hide one another.
    """
    law = read.weighting if isinstance(read.weighting, CountingVariance) else None
    expected = np.ones(len(sets))
    if law is not None:
        one_count = 1.0 / read.counts_per_signal**2
        expected = np.maximum(law.variance(np.array([one.net.mean() for one in sets])), one_count)
    df = np.array([one.df for one in sets], dtype=float)
    q = np.array([one.squares for one in sets]) / expected
    scale, known = q / chdtri(df, 0.5), law is not None
    others = [float(np.median(np.delete(scale, i))) if len(sets) > 1 else math.nan for i in range(len(sets))]
    p = np.array([_p(q[i], df[i], others[i], float(df.sum() - df[i]), known) for i in range(len(sets))])
    p = np.minimum(p * len(sets), 1.0)
    if np.isnan(p).all():
        return {}
    order = [int(i) for i in np.argsort(p, kind="stable") if p[i] < ALPHA_ODD]
    named = "; ".join(str(sets[i]) for i in order[:MOST_NAMED])
    more = f" and {len(order) - MOST_NAMED} more" if len(order) > MOST_NAMED else ""
    facts = {"odd_p": float(np.nanmin(p)), "odd_wells": f"{named}{more}" or "none"}
    return facts | ({"excess": math.sqrt(float(np.median(scale)))} if known else {})


def _p(q: float, df: float, others: float, others_df: float, known: bool) -> float:
    """Probability of such a scatter; `known` says that q and others are in units of the variance that is expected."""
    if known and not others > 1.0:
        return float(chdtrc(df, q))
    if not others > 0:
        return math.nan
    return float(fdtrc(df, MEDIAN_EFFICIENCY * others_df, q / df / others))


def _treated(what: Treatment) -> str:
    if what.role is Role.COMPOUND:
        second = f" with {what.second_compound} {figures(what.second_molar, unit='M')}".rstrip()
        alone = f"{what.compound} {figures(what.concentration_molar, unit='M')}".strip()
        return f"{alone}{second if what.second_molar > 0 else ''}"
    label = figures(what.radioligand_molar, unit="M")
    return f"{what.role} with {label} radioligand" if label else f"{what.role}"
