"""Which facts of a state-dependent block its checks look at."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ...core.check import Flag
from ...core.estimate import Estimate
from ...core.experiment import Experiment
from ...core.plate import Role
from ...core.result import Pooled
from ...electrophysiology.loss import part_lost
from ...equations.modulated_receptor import modulated_ic50
from .._gating.cells import Cell
from .._gating.checks import CHANNEL_CODES, CURVE_CODES, channel_flags, curve_facts
from .._gating.data import CONTROL
from .._plate_checks import judge, outcome_facts
from .._recorded_cells import SWEEP_CODES, sweep_flags
from .data import BlockedCell
from .fits import GlobalFit
from .report import Drug
from .shift import KI_SHIFT

DRUG_CODES = ("W-POTENTIALS", "W-RESTING", "W-INACTIVATED", "W-STATELAW", "W-BLOCKSLOPE", "W-TWOWAYS")
CELL_CODES = ("W-RUNDOWN",)
CODES = (*DRUG_CODES, *CURVE_CODES, *CHANNEL_CODES, *SWEEP_CODES, *CELL_CODES)


def flags(
    cells: Sequence[BlockedCell], gated: Sequence[Cell], drugs: Sequence[Drug], pooled: Sequence[Pooled]
) -> Iterator[Flag]:
    """What every cell, its availability, the channel and every drug say."""
    for cell in cells:
        yield from sweep_flags(cell.experiment)
        yield from judge(CELL_CODES, {"rundown_lost": _lost(cell.experiment)}, cell.name)
        for one in cell.gates:
            if one.data.compound == CONTROL:
                yield from judge(CURVE_CODES, curve_facts(one), f"{one.data.subject}, {cell.name}")
    yield from channel_flags(gated, pooled)
    for drug in drugs:
        yield from judge(DRUG_CODES, _drug_facts(drug, pooled), drug.compound)
        for cell in drug.cells:
            ended = outcome_facts(*drug.ended(cell.name), len(drug.told(cell.name)))
            yield from judge(("W-OUT",), ended, f"{drug.compound}, {cell.name}")


def _lost(experiment: Experiment) -> float:
    """The part of the current that was lost between controls and wash, at the potentials that have both."""
    by_role: dict[Role, dict[float, list[float]]] = {Role.TOTAL: {}, Role.WASH: {}}
    for well in experiment.used:
        what = well.treatment
        if what.role in by_role and not math.isnan(what.voltage_v):
            by_role[what.role].setdefault(round(what.voltage_v, 6), []).append(well.signal)
    both = sorted(set(by_role[Role.TOTAL]) & set(by_role[Role.WASH]))
    before, after = (
        sum(float(np.mean(sorted(by_role[role][volts]))) for volts in both)
        for role in (Role.TOTAL, Role.WASH)
    )
    return float(part_lost(before, after)) if both and before else math.nan


def _drug_facts(drug: Drug, pooled: Sequence[Pooled]) -> dict[str, Any]:
    found = drug.found
    if found is None or not found.at:
        return {}
    facts: dict[str, Any] = {
        "potentials": float(len(found.at)),
        **_outermost(found),
        "block_slope": found.hill,
        "block_slope_se": found.hill_se,
    }
    shifted = next((one.estimate for one in pooled if _is(one, drug, KI_SHIFT)), None)
    return facts | _off_law(drug) | _ways(drug.constants.ki, shifted)


def _outermost(found: GlobalFit) -> dict[str, float]:
    """The availability at both ends of several potentials."""
    if len(found.at) < 2:
        return {}
    return {"highest_h": found.at[0].availability.value, "lowest_h": found.at[-1].availability.value}


def _is(one: Pooled, drug: Drug, name: str) -> bool:
    return one.subject == drug.compound and one.estimate.name == name


def _off_law(drug: Drug) -> dict[str, float]:
    """By how much the IC50 of one potential lies off the law, at the potential where it is surest to."""
    found, (kr, ki) = drug.found, (drug.constants.kr, drug.constants.ki)
    if found is None or found.mixed is None or kr is None or ki is None or kr.is_bound or ki.is_bound:
        return {}
    slope = found.mixed.fit.value("slope_factor")
    half = float(
        np.mean(
            sorted(
                cell.control.fit.value("v_half") for cell in found.cells if cell.control and cell.control.fit
            )
        )
    )
    p = np.array([half, slope, math.log10(kr.value), math.log10(ki.value)])
    off = []
    for at in found.at:
        if at.ic50.is_bound or not at.ic50.log10_se > 0:
            continue
        by_law = float(modulated_ic50.function(np.array([at.volts]), p)[0])
        away = abs(math.log10(at.ic50.value) - by_law)
        off.append((away / at.ic50.log10_se, 10.0**away))
    if not off:
        return {}
    sure, fold = max(off, key=lambda one: (one[1] > 1.5 and one[0] > 3.0, one[1]))
    return {"fold_off_law": fold, "errors_off_law": sure}


def _ways(held: Estimate | None, shifted: Estimate | None) -> dict[str, Any]:
    if held is None or shifted is None or held.is_bound or shifted.is_bound:
        return {}
    fold = max(held.value / shifted.value, shifted.value / held.value)
    return {"fold_between_ways": fold, "ways_apart": held.low > shifted.high or shifted.low > held.high}
