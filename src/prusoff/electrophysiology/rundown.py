"""Run-down: what the control current would have been while the drug was there, and whether the wash brought it back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..core.equation import Array
from ..core.errors import InputError, Problem
from ..core.plate import Well
from .loss import part_lost

Shape = Literal["linear", "exponential"]
LEAST_RECOVERY = 0.8


@dataclass(frozen=True)
class Rundown:
    """The control current of a cell over time, from the controls before the drug and after its wash-out.

    `intercept` and `slope` are those of the straight line through the controls against time in s, or through the
    logarithms of their sizes where the shape is exponential; `before` is the mean of the controls before the drug and
    `after` that of those after the wash (nan where there are none, and then nothing is corrected).
    `reason` says why no correction is possible, '' where one is.
    """

    shape: Shape
    intercept: float
    slope: float
    before: float
    after: float
    reason: str = ""

    def control_at(self, times: npt.ArrayLike) -> Array:
        """The control current at these times (s), interpolated between the controls; `before` where nothing is
        corrected.
        """
        at = np.asarray(times, dtype=float)
        if self.reason:
            return np.full_like(at, self.before)
        line: Array = self.intercept + self.slope * at
        return math.copysign(1.0, self.before) * np.exp(line) if self.shape == "exponential" else line

    def recovery(self, times: npt.ArrayLike) -> Array:
        """The control after the wash as a fraction of the control interpolated at these times; nan without a wash."""
        found: Array = self.after / self.control_at(times)
        return found

    def accepted(self, times: npt.ArrayLike) -> Array:
        """Whether the wash brought the current back to at least 80 % of the interpolated control; times in s."""
        return np.asarray((not self.reason) & (self.recovery(times) >= LEAST_RECOVERY))

    @property
    def lost(self) -> float:
        """The part of the control current that was lost from before the drug until after its wash; nan without one."""
        return float(part_lost(self.before, self.after))


@dataclass(frozen=True)
class Inhibition:
    """Block of the current as fractions of the control: with the full correction, with none, and what to believe.

    Where the wash was accepted `value` is the corrected one and `low` and `high` are equal to it; where it was not the
    truth lies between no correction and the full one, and `value` is the middle of that range.
    """

    value: Array
    low: Array
    high: Array
    corrected: Array
    uncorrected: Array
    accepted: Array


def rundown_of(
    before: npt.ArrayLike,
    before_s: npt.ArrayLike,
    after: npt.ArrayLike = (),
    after_s: npt.ArrayLike = (),
    shape: Shape = "linear",
) -> Rundown:
    """The run-down of one cell from its controls (leak taken off) and their times in s, before the drug and after wash.

    A straight line through all controls by least squares, against time for a linear run-down and of the logarithm of
    their sizes for an exponential one; with one control on each side it goes through both. Raises InputError where
    there is no control before the drug.
    """
    pre, post = _flat(before), _flat(after)
    times = np.concatenate((_flat(before_s), _flat(after_s)))
    if pre.size == 0:
        fix = "Give at least one sweep before the drug the role 'control'"
        raise InputError(Problem("there is no control before the drug", fix=fix, code="E-MISSING"))
    first, last = float(np.mean(pre)), float(np.mean(post)) if post.size else math.nan
    controls = np.concatenate((pre, post))
    reason = _why_not(controls, times, post.size, shape)
    if reason:
        return Rundown(shape, math.nan, math.nan, first, last, reason)
    heights = np.log(np.abs(controls)) if shape == "exponential" else controls
    middle = float(np.mean(times))
    away = times - middle
    slope = float(np.dot(away, heights - np.mean(heights)) / np.dot(away, away))
    return Rundown(shape, float(np.mean(heights)) - slope * middle, slope, first, last)


def with_control(wells: Sequence[Well], rundown: Rundown) -> tuple[Well, ...]:
    """The sweeps of a cell, each with the control current at its time in `extra` (inside unit), as figures draw it and
    tables print it; unchanged where nothing is corrected or the time is not known.
    """
    if rundown.reason:
        return tuple(wells)
    return tuple(
        well
        if math.isnan(well.treatment.time_s)
        else replace(
            well, extra={**well.extra, "control": f"{float(rundown.control_at(well.treatment.time_s)):.9g}"}
        )
        for well in wells
    )


def _flat(values: npt.ArrayLike) -> Array:
    return np.atleast_1d(np.asarray(values, dtype=float)).ravel()


def _why_not(controls: Array, times: Array, after: int, shape: Shape) -> str:
    if not after:
        return "there is no control after the drug was washed out"
    if np.isnan(times).any():
        return "the times of the controls are not stated"
    if np.ptp(times) == 0:
        return "all controls stand at one time"
    if shape == "exponential" and (np.any(controls == 0) or np.ptp(np.sign(controls)) > 0):
        return "the controls change their sign, which no exponential does"
    return ""


def inhibition(currents: npt.ArrayLike, times: npt.ArrayLike, rundown: Rundown) -> Inhibition:
    """Block at these currents with drug (leak taken off): 1 - I(drug)/I(control), as fractions; times in s.

    The control is interpolated at the time of each current where the wash is accepted (at least 80 % of the
    interpolated value); else a range from no correction to the full one is given, and where there was no wash the
    uncorrected block.
    """
    drug = np.asarray(currents, dtype=float)
    corrected = part_lost(rundown.control_at(times), drug)
    uncorrected = part_lost(rundown.before, drug)
    accepted = rundown.accepted(times)
    least, most = np.minimum(corrected, uncorrected), np.maximum(corrected, uncorrected)
    return Inhibition(
        np.where(accepted, corrected, (least + most) / 2.0),
        np.where(accepted, corrected, least),
        np.where(accepted, corrected, most),
        corrected,
        uncorrected,
        accepted,
    )
