"""Which facts of a block run its checks look at."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...checks.recording import OF_CONTROLS
from ...core.check import Flag
from ...core.experiment import Experiment
from .._plate_checks import judge, outcome_facts
from .._recorded_cells import SWEEP_CODES, sweep_flags
from .cells import FULL
from .fits import BlockFit

DRUG_CODES = ("W-OUT", "W-SPAN", "W-BLK-SLOPE", "W-BLK-SD", "W-BLK-CELLS", "W-BLK-ONE", "W-BLK-LATE")
CONTROL_CODES = tuple(check.name for check in OF_CONTROLS)
CODES = (*DRUG_CODES, *SWEEP_CODES, *CONTROL_CODES)


def drug_flags(one: BlockFit) -> Iterator[Flag]:
    """What the readings of all cells say of one drug, and the controls of each cell."""
    means = [
        sum(each.value for each in one.block_at(molar).values()) / len(one.block_at(molar)) / FULL
        for molar in one.concentrations.tolist()
    ]
    slope = next((each for each in one.others if each.name == "nH"), None)
    late = min(one.onsets, key=lambda each: each.reached, default=None)
    ic50 = one.ic50
    facts = {
        **outcome_facts(one.ending.outcome, one.ending.reason, int(ic50 is not None)),
        "least_inhibition": min(means),
        "most_inhibition": max(means),
        "hill_slope": math.nan if slope is None else slope.value,
        "hill_low": math.nan if slope is None else slope.low,
        "hill_high": math.nan if slope is None else slope.high,
        "between_sd": one.mixed.between_sd,
        "cells": float(len(one.cells)),
        "concentrations_in_a_cell": float(max(len(cell.applications) for cell in one.cells)),
        "concentrations": float(one.concentrations.size),
        "onset_reached": math.nan if late is None else late.reached,
        "time_to_90_s": math.nan if late is None else late.time_to_90,
    }
    yield from judge(DRUG_CODES, facts, one.subject)
    for cell in one.cells:
        controls = {"rundown_lost": cell.lost, "wash_recovery": cell.recovery}
        if cell.rundown is not None:
            yield from judge(CONTROL_CODES, controls, f"{one.subject}, {cell.name}")


def cell_flags(cell: Experiment) -> Iterator[Flag]:
    """What the amplifier says of one cell; nothing of one whose source gives block without a recording."""
    if any(well.quality for well in cell.wells):
        yield from sweep_flags(cell)
