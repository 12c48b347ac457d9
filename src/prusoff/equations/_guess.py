"""First guesses and hard bounds that are read off the data, shared by the laws of this shelf."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.equation import Array, Parameter

DECADES_BEYOND = 3.0  # a potency is sought this far outside the tested range


@dataclass(frozen=True)
class Shape:
    """A response curve at a glance: its plateaus and where it has covered a given part of the way between them."""

    x: Array
    means: Array
    before: float
    after: float

    def crossing(self, part: float) -> float:
        """The finite x whose mean lies nearest to this part of the way from the plateau before to the one after."""
        finite = np.isfinite(self.x)
        if not finite.any():
            return 0.0
        level = self.before + part * (self.after - self.before)
        return float(self.x[finite][np.argmin(np.abs(self.means[finite] - level))])


def means_by_x(x: Array, y: Array) -> tuple[Array, Array]:
    """The distinct x in rising order and the mean response at each."""
    distinct, group = np.unique(x, return_inverse=True)
    means: Array = np.bincount(group, weights=y) / np.bincount(group)
    return distinct, means


def shape_of(x: Array, y: Array) -> Shape:
    """Plateaus are the extreme means; which one comes first is decided by the trend over the rank of x."""
    distinct, means = means_by_x(x, y)
    rank = np.arange(distinct.size) - (distinct.size - 1) / 2.0
    low, high = float(means.min()), float(means.max())
    rises = float(rank @ (means - means.mean())) > 0.0
    return Shape(distinct, means, *((low, high) if rises else (high, low)))


def log_range(log_x: Array, beyond: float = DECADES_BEYOND) -> tuple[float, float]:
    """The range of the finite log concentrations, widened by some decades on both sides."""
    finite = log_x[np.isfinite(log_x)]
    if finite.size == 0:
        return -15.0, 0.0  # femtomolar to molar: nothing was tested that could narrow it
    return float(finite.min()) - beyond, float(finite.max()) + beyond


def saturation_guess(x: Array, y: Array) -> tuple[float, float, float, float]:
    """First guesses of Bmax, log Kd, NS and background from total binding.

    Nonspecific binding cannot be steeper than the last stretch of the curve: half of that slope is taken for it, what
    remains is specific, and Kd is where half of it is reached.
    """
    distinct, means = means_by_x(x, y)
    background = float(means[0]) if distinct[0] == 0.0 else 0.0
    span = float(distinct[-1] - distinct[0])
    middle = distinct.size // 2
    rise = distinct[-1] - distinct[middle]
    slope = max(float((means[-1] - means[middle]) / rise), 0.0) / 2.0 if rise > 0.0 else 0.0
    specific = means - background - slope * distinct
    most = float(specific.max())
    half = distinct[np.argmin(np.abs(specific - most / 2.0))]
    log_kd = float(np.log10(half)) if half > 0.0 else float(np.log10(span / 2.0 if span > 0.0 else 1e-9))
    return max(1.1 * most, 0.0), log_kd, slope, background


def box(parameters: tuple[Parameter, ...], **ranges: tuple[float, float]) -> tuple[Array, Array]:
    """The bounds of all parameters (lower, upper), those named here replaced by what the data say."""
    pairs = [ranges.get(one.name, (one.lower, one.upper)) for one in parameters]
    lower, upper = np.array(pairs, dtype=float).T
    return lower, upper
