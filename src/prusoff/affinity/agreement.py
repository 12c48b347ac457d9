"""When do two potencies differ? What repeated runs of one assay say about its noise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array
from ..core.errors import InputError, Problem

MOST_MSR = 3.0


@dataclass(frozen=True)
class Agreement:
    """Two runs of the same compounds.

    `mean_ratio` is run 1 over run 2; `ratio_limits` are where the true mean ratio lies, `agreement_limits` where the
    ratio of one compound is expected. `passes`: MSR below 3 and both limits of agreement within 0.33 to 3.
    """

    n: int
    mean_ratio: float
    log10_sd: float

    @property
    def msr(self) -> float:
        """Minimum significant ratio: potencies closer than this do not differ."""
        return float(10 ** (2 * self.log10_sd))

    @property
    def ratio_limits(self) -> tuple[float, float]:
        """Limits of the mean ratio; 1 should lie within."""
        fold = 10 ** (2 * self.log10_sd / math.sqrt(self.n))
        return self.mean_ratio / fold, self.mean_ratio * fold

    @property
    def agreement_limits(self) -> tuple[float, float]:
        """Limits of agreement of a single ratio."""
        return self.mean_ratio / self.msr, self.mean_ratio * self.msr

    @property
    def passes(self) -> bool:
        """Whether the assay is reproducible enough to compare potencies three-fold apart."""
        low, high = self.agreement_limits
        return self.msr < MOST_MSR and low > 0.33 and high < MOST_MSR


def minimum_significant_ratio(potencies: Sequence[float] | Array) -> float:
    """MSR = 10^(2 sqrt(2) s) of one control compound over independent runs; s is the SD of its log10 potency.

    Source: Eastwood BJ et al., J Biomol Screen 2006;11:253.
    """
    logs = _logs(potencies, 2)
    return float(10 ** (2 * math.sqrt(2) * logs.std(ddof=1)))


def replicate_experiment(run1: Sequence[float] | Array, run2: Sequence[float] | Array) -> Agreement:
    """Compare two independent runs of the same compounds, in the same order and unit.

    Source: Eastwood BJ et al., J Biomol Screen 2006;11:253; Assay Guidance Manual, minimum significant ratio.
    """
    first, second = _logs(run1, 3), _logs(run2, 3)
    if first.size != second.size:
        raise InputError(
            Problem(
                f"run 1 has {first.size} potencies, run 2 has {second.size}",
                fix="Give the same compounds in the same order",
                code="E-SHAPE",
            )
        )
    difference = first - second
    return Agreement(int(first.size), float(10 ** difference.mean()), float(difference.std(ddof=1)))


def _logs(potencies: Sequence[float] | Array, fewest: int) -> Array:
    values = np.asarray(potencies, dtype=np.float64)
    if values.size < fewest or not (np.isfinite(values) & (values > 0)).all():
        raise InputError(
            Problem(
                f"{values.size} potencies cannot be compared",
                fix=f"Give at least {fewest} positive values that were measured, no bounds",
                code="E-POTENCY",
            )
        )
    return np.log10(values)
