"""How far wells of a functional assay scatter, as their replicates show it: a constant part and one of the signal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from ...core.equation import Array
from ...core.fit import Fit, Outcome
from ...fitting.solve import Options
from ...fitting.weights import CountingVariance, GivenWeights, VarianceFunction, Weighting, Weights
from .._replicates import alike
from .._signal import Signals

FEWEST_SETS = 4
ROUNDS = 30
LEAST_VARIANCE = 1e-4  # of the largest: a well near zero must not take the whole weight
ROUGH = Options(intervals="", starts=3, response_level=1.0)


@dataclass(frozen=True)
class Scatter:
    """How the error of a signal follows from it: the law of counting, that of the replicates, or none (equal)."""

    law: CountingVariance | VarianceFunction | None

    @classmethod
    def of(cls, read: Signals) -> Scatter:
        """The law of the counter where the wells were counted, else SD^2 = a + b Y^2 from the wells treated alike."""
        if isinstance(read.weighting, CountingVariance):
            return cls(read.weighting)
        sets = alike(read)
        if len(sets) < FEWEST_SETS:
            return cls(None)
        means = np.array([float(one.net.mean()) for one in sets])
        df = np.array([float(one.df) for one in sets])
        return cls(_two_parts(means, np.array([one.squares for one in sets]) / df, df))

    @property
    def sentence(self) -> str:
        """How the wells were weighted, in words."""
        if self.law is None:
            return "equally"
        if isinstance(self.law, CountingVariance):
            return "by the inverse of the variance that counting and pipetting imply at the fitted signal"
        return (
            "by the inverse of the variance at the fitted signal, SD² = a + b·Y² as the wells of each experiment that "
            "were treated alike show it"
        )

    def weights(self, rough: Fit) -> Weights:
        """The weights at a first fit with equal weights, to be kept for all laws that are compared."""
        if self.law is None or rough.outcome is Outcome.FAILED:
            return Weighting.NONE
        return GivenWeights(tuple(self._at(curve.fitted, self.law) for curve in rough.curves), self._name)

    @staticmethod
    def _at(fitted: Array, law: CountingVariance | VarianceFunction) -> Array:
        variance = law.variance(fitted)
        least = LEAST_VARIANCE * float(variance.max())
        return 1.0 / np.maximum(variance, least) if least > 0 else np.ones(fitted.size)

    @property
    def _name(self) -> str:
        return self.law.value if isinstance(self.law, CountingVariance) else "1/(a + b Y^2), from replicates"


def _two_parts(means: Array, variances: Array, df: Array) -> VarianceFunction | None:
    """A and b of SD^2 = a + b Y^2, neither below zero, by the gamma likelihood of the variances of replicates.

    The likelihood is that of least squares with each variance weighted by df/expected^2, repeated until it stands.
    None where all replicates are equal.
    """
    unit = float(np.abs(means).max())
    if not (unit > 0 and variances.max() > 0):
        return None
    design = np.stack([np.ones(means.size), (means / unit) ** 2], axis=1)
    seen = variances / unit**2
    expected = np.full(means.size, float(np.average(seen, weights=df)))
    parts = np.zeros(2)
    for _ in range(ROUNDS):
        root = np.sqrt(df) / expected
        parts, _ = nnls(design * root[:, None], seen * root)
        expected = np.maximum(design @ parts, LEAST_VARIANCE * float((design @ parts).max()))
    least = LEAST_VARIANCE * float((design @ parts).max())
    return VarianceFunction(max(float(parts[0]), least) * unit**2, float(parts[1]), 2.0)
