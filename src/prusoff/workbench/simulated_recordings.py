"""The simulated cells of an assay as an amplifier would have recorded them, and how a run file measures them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any

from ..core.errors import InputError, Problem
from ..core.experiment import Experiment
from ..core.recording import Recording
from ..core.units import to_unit
from ..simulation.voltage_clamp import Gated, Rig, recorded, steps
from . import simulated_families as families
from . import simulated_trains as trains
from .simulated_cells import begun_at, in_order, patch_of, quality_of, sign_of, solution_of, stretches_of

TEST, SMALL = 4, 2  # parts of the command: the test step, and the small one of membrane test and P/N
_STEP_V, _SMALL_V, _HZ = 0.1, -0.02, 20e3


@dataclass(frozen=True)
class Protocol:
    """How the cells of a bench are recorded and read back.

    `recording` makes the recording of a cell from its name and a seed, `applied` its tables [[experiment.applied]];
    `measure` are the tables [measure.NAME], and `told` what of its quality no sweep tells.
    """

    recording: Callable[[Experiment, str, int], Recording]
    measure: dict[str, Any]
    applied: Callable[[Experiment], list[dict[str, Any]]]
    told: tuple[str, ...] = ("compensation",)

    def cell(self, cell: Experiment) -> dict[str, str]:
        """The table of what no sweep tells of a cell: compensation, and resistances where nothing tests them."""
        found = quality_of(cell.wells)
        units = {
            "series_resistance": ("resistance", "MOhm"),
            "seal_resistance": ("resistance", "MOhm"),
            "capacitance": ("capacitance", "pF"),
            "compensation": ("fraction", "%"),
        }
        return {
            name: f"{to_unit(found[name], *kind):.9g} {kind[1]}"
            for name, kind in units.items()
            if name in self.told and name in found
        }


def protocol_of(assay: str, experiments: Sequence[Experiment], pulse_s: float) -> Protocol:
    """The protocol of a bench: trains of pulses (each `pulse_s` long), families of steps, or one step in every sweep.

    Raises InputError where the cells of a bench are none of these.
    """
    currents = all(well.unit == "A" for cell in experiments for well in cell.wells)
    if currents and pulse_s > 0 and all(map(trains.is_train, experiments)):
        record = partial(trains.recording_of, pulse_s=pulse_s)
        tables = trains.measure_tables(experiments, sign_of(experiments))
        told = ("series_resistance", "seal_resistance", "capacitance", "compensation")
        return Protocol(record, tables, trains.applied_tables, told)
    if currents and all(map(families.is_family, experiments)):
        return Protocol(families.recording_of, families.measure_tables(experiments), families.applied_tables)
    if currents and all(map(_is_one_step, experiments)):
        return Protocol(_recording, {"default": _measure(sign_of(experiments))}, _applied)
    what = f"the bench of '{assay}' makes no peaks of sweeps, families of steps or trains of pulses"
    raise InputError(Problem(what, "--recordings", "Leave it out: tables are written", "E-INPUT"))


def _is_one_step(cell: Experiment) -> bool:
    """Whether the wells of a cell are peaks of sweeps at one potential, one after the other."""
    told = [well.treatment for well in cell.wells]
    single = all(math.isnan(one.pulse) and one.end_point in ("", "peak") for one in told)
    steady = len({one.voltage_v for one in told}) == 1 and not math.isnan(told[0].voltage_v)
    return single and steady and len({one.time_s for one in told}) == len(told)


def _recording(cell: Experiment, name: str, seed: int) -> Recording:
    """One cell as recorded: rest, a small step, rest, the test step in every sweep, its peak the amplitude."""
    wells = in_order(cell)
    held = wells[0].treatment.voltage_v
    command = steps(
        (0.01, held), (0.02, held + _SMALL_V), (0.02, held), (0.02, held + _STEP_V), (0.005, held)
    )
    peaks = [{TEST: well.signal} for well in wells]
    rig = Rig(patch_of(wells, held), Gated(), _HZ)
    return begun_at(recorded(name, [command] * len(wells), peaks, rig, seed=seed), wells)


def _measure(sign: str) -> dict[str, Any]:
    """The table [measure.default] that reads the amplitudes back."""
    return {
        "end_point": "peak",
        "sign": sign,
        "epoch": TEST,
        "leak": "P/N",
        "leak_epoch": SMALL,
        "membrane_test": SMALL,
        "voltage": "holding",
    }


def _applied(cell: Experiment) -> list[dict[str, Any]]:
    """The tables [[experiment.applied]] of a cell: sweeps one after the other under the same solution."""
    found, first = [], 0
    for what, members in groupby(
        in_order(cell), key=lambda well: replace(well.treatment, time_s=0.0, end_point="")
    ):
        last = first + len(list(members)) - 1
        found.append({"sweeps": stretches_of(first, last), **solution_of(what)})
        first = last + 1
    return found
