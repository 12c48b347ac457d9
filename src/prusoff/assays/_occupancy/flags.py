"""Which facts of occupancies the checks look at."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from scipy.special import chdtrc

from ...core.check import Flag
from ...core.experiment import Compound
from ...core.result import Pooled, Ratio
from ...fitting.weights import Weighting
from .._plate_checks import judge, outcome_facts
from .course import volume_facts
from .estimates import IN_VIVO
from .fits import OccupancyFit

SCAN_CODES = ("W-OCC-MAX", "W-OCC-NEG", "W-OCC-REGION", "W-OCC-N", "W-OCC-BASE", "W-OUT")
BESIDE_CODES = ("W-VIVO", "W-VOLUME")
CODES = (*SCAN_CODES, *BESIDE_CODES)


def flags(
    found: OccupancyFit, compound: Compound, target: str, told: Sequence[Pooled], ratio: Ratio | None
) -> Iterator[Flag]:
    """The checks of one drug at one target."""
    facts: dict[str, Any] = {
        **outcome_facts(found.outcome, found.reason, len(told)),
        **_scans(found),
        **_beside(compound, target, told, ratio),
        **volume_facts(compound.dosing),
    }
    yield from judge(CODES, facts, found.compound)


def _scans(found: OccupancyFit) -> dict[str, Any]:
    scans = [one for subject in found.subjects for one in subject.with_drug]
    if not scans:
        return {"subjects": 0}
    lowest = min(scans, key=lambda one: one.occupancy.value).occupancy
    unweighted = found.chosen is not None and found.chosen.fit.weighting == Weighting.NONE.value
    scatter = found.chosen.residual_sd if found.chosen is not None and unweighted else math.nan
    freedom = sum(one.freedom for one in scans)
    misfit = sum(one.misfit for one in scans)
    errors = [one.baseline_error for one in found.subjects if math.isfinite(one.baseline_error)]
    return {
        "highest": found.highest,
        "lowest": lowest.value,
        "lowest_se": lowest.se if math.isfinite(lowest.se) else scatter,
        "subjects": len(found.subjects),
        "regions_p": float(chdtrc(freedom, misfit)) if freedom > 0 else math.nan,
        "baseline_relative_se": max(errors, default=math.nan),
    }


def _beside(compound: Compound, target: str, told: Sequence[Pooled], ratio: Ratio | None) -> dict[str, Any]:
    in_vivo = next((one.estimate for one in told if one.estimate.name == IN_VIVO), None)
    if in_vivo is None or ratio is None or in_vivo.is_bound:
        return {}
    return {
        "vivo_over_vitro": ratio.estimate.value,
        "ratio_low": ratio.estimate.low,
        "ratio_high": ratio.estimate.high,
        "ki_in_vivo_molar": in_vivo.value,
        "ki_in_vitro_molar": compound.ki[target].value,
    }
