"""What the vehicle wells and the largest responses of an experiment say about it, and whether replicates agree."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ...core.check import Flag
from ...core.plate import Role
from ...counting.plate_quality import plate_quality
from ...fitting.weights import CountingVariance, VarianceFunction
from .._plate_checks import judge
from .._replicates import Alike, alike, replicate_facts
from .._signal import Signals
from .scatter import Scatter

CODES = ("W-Z", "W-REP")


def experiment_flags(name: str, read: Signals, scatter: Scatter) -> Iterator[Flag]:
    """Z' between vehicle wells and the wells with the largest response, and replicates that disagree.

    What replicates scatter is set against the law that they show together, which grows with the signal.
    """
    facts: dict[str, Any] = {**_replicates(read, scatter), "z_prime": _z_prime(read)}
    return judge(CODES, facts, name)


def _replicates(read: Signals, scatter: Scatter) -> dict[str, Any]:
    if not isinstance(scatter.law, VarianceFunction):
        return replicate_facts(read)
    law = CountingVariance(scatter.law.a, 0.0, scatter.law.b)
    facts = replicate_facts(replace(read, weighting=law, counts_per_signal=math.inf))
    return {fact: value for fact, value in facts.items() if fact != "excess"}  # over the law: 1 by making


def _z_prime(read: Signals) -> float | None:
    """Z' between vehicle wells and the set of equally treated wells that lies farthest from them."""
    vehicle = read.of_role(Role.TOTAL)
    sets = [one for one in alike(read) if one.wells[0].treatment.role is Role.COMPOUND]
    if vehicle.size < 2 or not sets:
        return None
    far = max(sets, key=lambda one: _apart(one, vehicle))
    return plate_quality(far.net.tolist(), vehicle.tolist()).z_prime


def _apart(one: Alike, vehicle: np.ndarray) -> float:
    return abs(float(one.net.mean()) - float(vehicle.mean()))
