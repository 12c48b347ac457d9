"""How well the controls of a plate stand apart: Z', signal to background, signal window, CV."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError, Problem
from ..core.plate import PlateFormat


@dataclass(frozen=True)
class PlateQuality:
    """Numbers of a plate from its high (total) and low (nonspecific) controls.

    Sources: Zhang JH, Chung TDY, Oldenburg KR, J Biomol Screen 1999;4:67 (Z'); Assay Guidance Manual, HTS assay
    validation (signal window, CV).
    """

    high_mean: float
    high_sd: float
    low_mean: float
    low_sd: float

    @property
    def z_prime(self) -> float:
        """1 - 3 (sum of SDs)/(distance of the means): the free room between the controls; 1 is perfect."""
        return 1 - 3 * (self.high_sd + self.low_sd) / abs(self._distance) if self._distance else -math.inf

    @property
    def signal_to_background(self) -> float:
        """Mean of the high over mean of the low controls; nan where the low ones are not above zero."""
        return self.high_mean / self.low_mean if self.low_mean > 0 else math.nan

    @property
    def signal_window(self) -> float:
        """(Distance of the means - 3 (sum of SDs)) / SD of the high controls."""
        room = self._distance - 3 * (self.high_sd + self.low_sd)
        return room / self.high_sd if self.high_sd else math.copysign(math.inf, room)

    @property
    def cv_high(self) -> float:
        """SD over mean of the high controls, a fraction; nan where the mean is not above zero."""
        return _cv(self.high_mean, self.high_sd)

    @property
    def cv_low(self) -> float:
        """SD over mean of the low controls, a fraction; nan where the mean is not above zero."""
        return _cv(self.low_mean, self.low_sd)

    @property
    def separation(self) -> float:
        """Distance of the means in units of the pooled SD; negative when the low controls read higher."""
        pooled = math.sqrt((self.high_sd**2 + self.low_sd**2) / 2)
        if self._distance == 0:
            return 0.0
        return self._distance / pooled if pooled else math.copysign(math.inf, self._distance)

    @property
    def _distance(self) -> float:
        return self.high_mean - self.low_mean


def plate_quality(high: Sequence[float], low: Sequence[float]) -> PlateQuality:
    """The numbers of a plate from two or more wells of each control."""
    if min(len(high), len(low)) < 2:
        raise InputError(
            Problem(
                f"{len(high)} high and {len(low)} low controls do not tell the quality of a plate",
                fix="At least two wells of each are needed; eight or more make the numbers trustworthy",
                code="E-CONTROLS",
            )
        )
    return PlateQuality(
        float(np.mean(high)), float(np.std(high, ddof=1)), float(np.mean(low)), float(np.std(low, ddof=1))
    )


def rotation_separations(
    signals: Mapping[str, float], high: Iterable[str], low: Iterable[str], plate: PlateFormat
) -> tuple[float, float]:
    """How far the controls stand apart as laid out, and if the plate had been put into the counter turned by 180°.

    `signals` are by position; positions without a signal are passed over. nan where fewer than two wells are left.
    """

    def separation(positions: tuple[list[str], list[str]]) -> float:
        upper, lower = ([signals[name] for name in names if name in signals] for names in positions)
        return plate_quality(upper, lower).separation if min(len(upper), len(lower)) > 1 else math.nan

    laid_out = (list(high), list(low))
    turned = ([plate.rotate(name) for name in laid_out[0]], [plate.rotate(name) for name in laid_out[1]])
    return separation(laid_out), separation(turned)


def _cv(mean: float, sd: float) -> float:
    return sd / mean if mean > 0 else math.nan
