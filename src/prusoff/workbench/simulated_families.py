"""Simulated families of steps as an amplifier would have recorded them: activation by the test step, availability by
the prepulse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from ..core.experiment import Experiment
from ..core.plate import Well
from ..core.recording import Epoch, Recording
from ..simulation.voltage_clamp import Gated, Rig, recorded, steps
from .simulated_cells import begun_at, in_order, patch_of, solution_of, stretches_of

TEST, SMALL = 5, 2  # parts of the command: the test step after the prepulse, and the small one
KINDS = {"activation": "test", "availability": "prepulse"}  # which level the potential of a current is
_HELD_V = -0.1225  # no potential of a family, so that the command of every sweep has as many steps
_SMALL_V, _BEFORE_V, _TEST_V, _HZ = -0.01, -0.13, -0.01, 50e3
_SHORT_S, _STEP_S = 6e-3, 8e-3


def is_family(cell: Experiment) -> bool:
    """Whether the wells of a cell are activation or availability at stated potentials, a sweep each."""
    return all(
        well.treatment.end_point in KINDS and well.treatment.voltage_v == well.treatment.voltage_v
        for well in cell.wells
    )


def recording_of(cell: Experiment, name: str, seed: int) -> Recording:
    """One cell as recorded: rest, a small step, rest, prepulse, test step; its peak is the amplitude."""
    wells = in_order(cell)
    rig = Rig(patch_of(wells, _HELD_V), Gated(0.2e-3, 1.2e-3), _HZ)
    peaks = [{TEST: well.signal} for well in wells]
    return begun_at(recorded(name, [_command(well) for well in wells], peaks, rig, seed=seed), wells)


def _command(well: Well) -> tuple[Epoch, ...]:
    what = well.treatment
    before, test = (
        (_BEFORE_V, what.voltage_v) if what.end_point == "activation" else (what.voltage_v, _TEST_V)
    )
    return steps(
        (_SHORT_S, _HELD_V),
        (_STEP_S, _HELD_V + _SMALL_V),
        (_SHORT_S, _HELD_V),
        (_STEP_S, before),
        (_STEP_S, test),
    )


def measure_tables(experiments: Sequence[Experiment]) -> dict[str, Any]:
    """The tables [measure.activation] and [measure.availability] that read the amplitudes back."""
    kinds = dict.fromkeys(well.treatment.end_point for cell in experiments for well in cell.wells)
    return {
        kind: {
            "end_point": "peak",
            "called": kind,
            "sign": "either",
            "epoch": TEST,
            "leak": "P/N",
            "leak_epoch": SMALL,
            "membrane_test": SMALL,
            "voltage": KINDS[kind],
        }
        for kind in kinds
    }


def applied_tables(cell: Experiment) -> list[dict[str, Any]]:
    """The tables [[experiment.applied]] of a cell: families one after the other, each with what was on the cell."""
    found, first = [], 0
    for what, members in groupby(
        in_order(cell), key=lambda well: replace(well.treatment, time_s=0.0, voltage_v=0.0)
    ):
        last = first + len(list(members)) - 1
        found.append({"sweeps": stretches_of(first, last), "measure": what.end_point, **solution_of(what)})
        first = last + 1
    return found
