"""Laws of errors with wide tails: what a point far from the curve counts, and the scale that the residuals imply."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ..core.equation import Array
from ..core.errors import InputError
from .robust_statistics import (
    lorentzian_weights,
    robust_sd,
    student_log_likelihood,
    student_scale,
    student_weights,
)


@dataclass(frozen=True)
class Lorentzian:
    """Errors with the tails of a Lorentzian: the merit is the sum of ln(1 + (r/RSDR)^2). Motulsky & Brown 2006."""

    value = "Lorentzian"

    def scale(self, residuals: Array, fitted_parameters: int, near: float = math.nan) -> float:
        """The robust standard deviation of the residuals."""
        return float(robust_sd(residuals, fitted_parameters))

    def weights(self, ratio: Array) -> Array:
        """How much each point counts, residual over scale given."""
        return lorentzian_weights(ratio)

    def merit(self, residuals: Array, scale: float) -> float:
        """What is to be small among places of different scale: the negative log-likelihood but for a constant."""
        return residuals.size * math.log(scale) + float(np.log1p(np.square(residuals / scale)).sum())

    def influence(self, ratio: Array) -> tuple[Array, Array]:
        """The pull of each point on the curve, in units of the scale, and how it changes with the residual."""
        weights = lorentzian_weights(ratio)
        return weights * ratio, weights * (2.0 * weights - 1.0)


@dataclass(frozen=True)
class StudentT:
    """Student t errors with `df` degrees of freedom; their scale is estimated together with the curve."""

    df: float = 4.0

    def __post_init__(self) -> None:
        if not 0.0 < self.df < math.inf:
            raise InputError(
                f"{self.df:g} degrees of freedom make no t errors; give a number above zero, such as 4."
            )

    @property
    def value(self) -> str:
        """What reports print."""
        return f"Student t, {self.df:g} df"

    def scale(self, residuals: Array, fitted_parameters: int, near: float = math.nan) -> float:
        """The most likely scale."""
        return float(student_scale(residuals, self.df, near))

    def weights(self, ratio: Array) -> Array:
        """How much each point counts, residual over scale given."""
        return student_weights(ratio, self.df)

    def merit(self, residuals: Array, scale: float) -> float:
        """What is to be small: the negative log-likelihood at the most likely scale."""
        return -float(student_log_likelihood(residuals, scale, self.df))

    def influence(self, ratio: Array) -> tuple[Array, Array]:
        """The pull of each point on the curve, in units of the scale, and how it changes with the residual."""
        weights = student_weights(ratio, self.df)
        return weights * ratio, weights * (self.df - ratio * ratio) / (self.df + ratio * ratio)


Errors: TypeAlias = Lorentzian | StudentT
