"""Ki and Kr of one cell from its availability without and with the drug, beside the global fit and without it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from ...affinity.modulated_receptor import ki_from_shift, kr_from_left
from ...core.equation import Array
from ...core.estimate import Estimate, Relation
from ...fitting.intervals import quantile
from .._gating.fits import GateFit
from .data import BlockedCell

KI_SHIFT, KR_SHIFT = "Ki (from the shift)", "Kr (from the shift)"
NAMES = ("top", "v_half", "slope_factor")
STEP = 1e-4


def shift_constants(cell: BlockedCell, compound: str, level: float) -> tuple[Estimate, ...]:
    """Ki and Kr of this drug from the shift and the maximum in one cell; empty without such curves.

    Of several concentrations the one that moves the half potential furthest is taken.
    """
    control = cell.control
    drug = [one for one in cell.gates if one.data.compound == compound and one.fit is not None]
    if control is None or control.fit is None or not drug:
        return ()
    furthest = max(drug, key=lambda one: one.data.molar)
    return tuple(_constants(control, furthest, level))


def _constants(control: GateFit, drug: GateFit, level: float) -> Iterator[Estimate]:
    values, covariance, df = _both(control, drug)
    molar = drug.data.molar

    def log_ki(p: Array) -> float:
        left, shift = p[3] / p[0], p[4] - p[1]
        return math.log10(ki_from_shift(shift, (p[2] + p[5]) / 2.0, molar, left)) if left > 0 else math.inf

    def log_kr(p: Array) -> float:
        left = p[3] / p[0]
        return math.log10(kr_from_left(molar, left)) if left > 0 else -math.inf

    width = quantile(level, df)
    for name, log in ((KI_SHIFT, log_ki), (KR_SHIFT, log_kr)):
        found = _told(name, log, (values, covariance), (width, level))
        if found is not None:
            yield found


def _both(control: GateFit, drug: GateFit) -> tuple[Array, Array, int]:
    """Top, half potential and slope factor of both curves, their covariance, and the degrees of freedom."""
    values, covariance, df = np.empty(6), np.zeros((6, 6)), 0
    for number, one in enumerate((control, drug)):
        if one.fit is not None:
            at = slice(3 * number, 3 * number + 3)
            places = [one.fit.index(name) for name in NAMES]
            values[at] = one.fit.values[places]
            covariance[at, at] = one.fit.covariance[np.ix_(places, places)]
            df += one.fit.df
    return values, covariance, df


def _told(
    name: str, log: Callable[[Array], float], fitted: tuple[Array, Array], wide: tuple[float, float]
) -> Estimate | None:
    """A constant with its interval by the delta method on logs; a lower bound where no binding is seen."""
    (values, covariance), (width, level) = fitted, wide
    best, step = log(values), STEP * np.sqrt(np.diag(covariance))
    method = "paired in the cell, delta method on logs"
    if math.isfinite(best) and (step > 0).all():
        tried = [(log(values + move), log(values - move)) for move in np.diag(step)]
        slopes = np.array([(up - down) / 2.0 for up, down in tried]) / step
        if np.isfinite(slopes).all():
            error = math.sqrt(max(float(slopes @ covariance @ slopes), 0.0))
            limits = (10.0 ** (best - width * error), 10.0 ** (best + width * error))
            if width * error < 1.0:
                return Estimate(name, 10.0**best, "M", *limits, level, method=method, log10_se=error)
    return _at_least(name, log, (values, covariance), wide)


def _at_least(
    name: str, log: Callable[[Array], float], fitted: tuple[Array, Array], wide: tuple[float, float]
) -> Estimate | None:
    """The constant at the strongest effect that the errors allow, as a lower bound."""
    (values, covariance), (width, level) = fitted, wide
    moved = values.copy()
    errors = np.sqrt(np.diag(covariance))
    if name == KI_SHIFT:
        moved[4] -= width * math.hypot(errors[1], errors[4])
    else:
        moved[3] *= 1.0 - width * math.hypot(errors[3] / values[3], errors[0] / values[0])
    least = log(moved)
    if not math.isfinite(least):
        return None
    return Estimate(name, 10.0**least, "M", level=level, relation=Relation.ABOVE, method="no binding is seen")
