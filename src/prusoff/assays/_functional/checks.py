"""Which facts of an agonist run its checks look at."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ...core.check import Flag
from .._plate_checks import judge, outcome_facts
from .curve import AgonistFit
from .plates import CODES as EXPERIMENT_CODES
from .together import Beside, low_and_high_end

CURVE_CODES = ("W-ENDS", "W-HOOK", "W-POT", "W-OUT")
DAY_CODES = ("W-REF",)
CODES = (*CURVE_CODES, *DAY_CODES, *EXPERIMENT_CODES)


def curve_flags(one: AgonistFit, beside: Beside | None, estimates: int) -> Iterator[Flag]:
    """The checks of one agonist on one day."""
    facts: dict[str, Any] = outcome_facts(one.outcome, one.reason, estimates)
    if one.outcome.usable and one.data.concentrations.size:
        low, high = low_and_high_end(one)
        facts |= {"low_end": float(low), "high_end": float(high), **_fall(one)}
    if beside is not None:
        facts["parallel_p"] = beside.parallel_p
    return judge(CURVE_CODES, facts, f"{one.data.compound}, {one.data.experiment}")


def _fall(one: AgonistFit) -> dict[str, float]:
    """The fall from the largest mean response to that at the highest concentration, as a part of the span."""
    levels = one.data.concentrations
    means = np.array([one.data.mean_at(float(x)) for x in levels])
    direction = math.copysign(1.0, one.span)
    best = int(np.argmax(direction * means[:, 0]))
    fall = direction * (means[best, 0] - means[-1, 0])
    error = math.hypot(means[best, 1], means[-1, 1])
    return {"fall": float(fall / abs(one.span)), "fall_se": error / abs(one.span)}


def reference_flags(day: str, fits: Mapping[str, AgonistFit], reference: str) -> Iterator[Flag]:
    """Whether the reference agonist worked on one day."""
    facts: dict[str, Any] = {}
    if reference:
        one = fits.get(reference)
        facts = {
            "reference_outcome": "untested" if one is None else one.outcome.code,
            "reference_reason": "it was not tested" if one is None else one.reason,
        }
    return judge(DAY_CODES, facts, day)
