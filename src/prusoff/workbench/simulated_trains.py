"""Simulated trains of pulses as an amplifier would have recorded them: every train a sweep."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..core.experiment import Experiment
from ..core.plate import Well
from ..core.recording import Recording
from ..simulation.voltage_clamp import Gated, Rig, recorded, steps
from .simulated_cells import patch_of, solution_of

_HELD_V, _TEST_V, _HZ = -0.1, -0.02, 10e3
_BEFORE_S, _BETWEEN_S = 0.02, 60.0  # rest before the first pulse of a train, and from one train to the next


def is_train(cell: Experiment) -> bool:
    """Whether the wells of a cell are pulses of trains, each with the time of its pulse."""
    told = [well.treatment for well in cell.wells]
    return all(not math.isnan(one.pulse + one.time_s) for one in told) and len(_trains(cell)[0]) > 1


def _trains(cell: Experiment) -> list[list[Well]]:
    """The wells of every train by the number of the pulse, trains as they stand."""
    found: dict[str, list[Well]] = {}
    for well in cell.wells:
        found.setdefault(well.plate, []).append(well)
    return [sorted(wells, key=lambda one: one.treatment.pulse) for wells in found.values()]


def recording_of(cell: Experiment, name: str, seed: int, pulse_s: float) -> Recording:
    """One cell as recorded: a rest, then pulses of `pulse_s` with the rest of the period behind each; the peak of a
    pulse is its amplitude. The amplifier takes the capacitive current off.
    """
    commands, peaks = [], []
    for wells in _trains(cell):
        period = wells[1].treatment.time_s - wells[0].treatment.time_s
        pulse = ((pulse_s, _TEST_V), (period - pulse_s, _HELD_V))
        commands.append(steps((_BEFORE_S, _HELD_V), *(pulse * len(wells))))
        peaks.append({2 * at: well.signal for at, well in enumerate(wells, start=1)})
    patch = replace(patch_of(cell.wells, _HELD_V), cancelled=1.0)
    return recorded(name, commands, peaks, Rig(patch, Gated(), _HZ, _BETWEEN_S), seed=seed)


def measure_tables(experiments: Sequence[Experiment], sign: str) -> dict[str, Any]:
    """The table [measure.default] that reads the peak of every pulse back."""
    most = max(len(wells) for cell in experiments for wells in _trains(cell))
    table = {
        "end_point": "peak",
        "sign": sign,
        "epoch": [2 * at for at in range(1, most + 1)],
        "leak": "holding",
        "voltage": "holding",
    }
    return {"default": table}


def applied_tables(cell: Experiment) -> list[dict[str, Any]]:
    """The tables [[experiment.applied]] of a cell: what was on it during each train."""
    return [
        {"sweeps": str(number), **solution_of(wells[0].treatment)}
        for number, wells in enumerate(_trains(cell))
    ]
