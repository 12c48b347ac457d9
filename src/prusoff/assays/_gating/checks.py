"""Which facts of a gating run its checks look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...checks.gating import published
from ...core.check import Flag
from ...core.result import Pooled
from .._plate_checks import judge, outcome_facts
from .._recorded_cells import SWEEP_CODES, sweep_flags
from .cells import Cell
from .data import CONTROL
from .fits import SLOPE, V_HALF, GateFit

CURVE_CODES = ("W-OUT", "W-SLOPEFACTOR", "W-VRANGE", "W-VSTEP")
DRIFT_CODES = ("W-VDRIFT",)
CHANNEL_CODES = ("W-MIDPOINT",)
CODES = (*CURVE_CODES, *DRIFT_CODES, *CHANNEL_CODES, *SWEEP_CODES)


def flags(cells: Sequence[Cell], pooled: Sequence[Pooled]) -> tuple[Flag, ...]:
    """What every curve, every cell, and the channel over all cells say."""
    return tuple(_flags(cells, pooled))


def _flags(cells: Sequence[Cell], pooled: Sequence[Pooled]) -> Iterator[Flag]:
    for cell in cells:
        yield from sweep_flags(cell.experiment)
        for one in cell.fits:
            yield from judge(CURVE_CODES, curve_facts(one), f"{one.data.subject}, {cell.name}")
            if one.data.compound == CONTROL:
                wash = cell.wash(one)
                shift = None if wash is None else cell.shift(wash)
                told = {"wash_shift_v": None if shift is None else shift.value}
                yield from judge(DRIFT_CODES, told, f"{one.data.subject}, {cell.name}")
    yield from channel_flags(cells, pooled)


def curve_facts(one: GateFit) -> dict[str, Any]:
    """What the checks ask of one curve: how it ended, its slope factor, and whether its range tells both levels."""
    slope = one.named(SLOPE)
    low, high = one.reached
    return {
        **outcome_facts(one.outcome, one.reason, len(one.estimates)),
        "slope_v": None if slope is None else slope.value,
        "least_part": low,
        "most_part": high,
        "steep_points": one.steep,
    }


def channel_flags(cells: Sequence[Cell], pooled: Sequence[Pooled]) -> Iterator[Flag]:
    """The half potential of every control, over the cells, against what is published."""
    means = {(one.subject, one.estimate.name): one.estimate for one in pooled}
    controls = {
        one.data.subject: one.data.kind for cell in cells for one in cell.fits if one.data.compound == CONTROL
    }
    target = cells[0].experiment.conditions.target
    for subject, kind in sorted(controls.items()):
        half = means.get((subject, V_HALF))
        told = {"half_v": None if half is None or half.is_bound else half.value, **published(target, kind)}
        yield from judge(CHANNEL_CODES, told, subject)
