"""The simulated cells of an assay as an amplifier would have recorded them, and how a run file measures them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from statistics import median
from typing import Any

from ..core.errors import InputError, Problem
from ..core.experiment import Experiment
from ..core.plate import Role, Treatment, Well
from ..core.recording import Recording
from ..core.units import to_unit
from ..simulation.voltage_clamp import Gated, Patch, Rig, recorded, steps

TEST, SMALL = 4, 2  # parts of the command: the test step, and the small one of membrane test and P/N
_STEP_V, _SMALL_V, _NOISE_A, _HZ = 0.1, -0.02, 1e-12, 20e3
_LEFT = {Role.TOTAL: "control", Role.WASH: "wash"}


def require_recordable(assay: str, experiments: Sequence[Experiment]) -> None:
    """Raise InputError where the cells of a bench are not peaks of sweeps at one potential, one after the other."""
    for cell in experiments:
        told = [well.treatment for well in cell.wells]
        single = all(math.isnan(one.pulse) and one.end_point in ("", "peak") for one in told)
        steady = len({one.voltage_v for one in told}) == 1 and not math.isnan(told[0].voltage_v)
        timed = len({one.time_s for one in told}) == len(told)
        if not (single and steady and timed and {well.unit for well in cell.wells} == {"A"}):
            what = f"the bench of '{assay}' makes no peaks of sweeps at one potential"
            raise InputError(Problem(what, "--recordings", "Leave it out: tables are written", "E-INPUT"))


def recording_of(cell: Experiment, name: str, seed: int) -> Recording:
    """One cell as recorded: rest, a small step, rest, the test step in every sweep, its peak the amplitude."""
    wells = _in_order(cell)
    held = wells[0].treatment.voltage_v
    command = steps(
        (0.01, held), (0.02, held + _SMALL_V), (0.02, held), (0.02, held + _STEP_V), (0.005, held)
    )
    peaks = [{TEST: well.signal} for well in wells]
    rig = Rig(_patch(wells, held), Gated(), _HZ)
    found = recorded(name, [command] * len(wells), peaks, rig, seed=seed)
    begun = tuple(
        replace(sweep, start_s=well.treatment.time_s) for sweep, well in zip(found.sweeps, wells, strict=True)
    )
    return replace(found, sweeps=begun)


def _in_order(cell: Experiment) -> list[Well]:
    return sorted(cell.wells, key=lambda well: well.treatment.time_s)


def _patch(wells: Sequence[Well], held: float) -> Patch:
    """The cell on the electrode that has the quality of its sweeps."""
    usual = Patch(noise_a=_NOISE_A)
    told = {
        name: median([well.quality[name] for well in wells if name in well.quality])
        for name in {name for well in wells for name in well.quality}
    }
    series = told.get("series_resistance", usual.series_ohm)
    membrane = told.get("seal_resistance", usual.membrane_ohm)
    reversal = held - told.get("leak", 0.0) * (series + membrane)
    return Patch(series, membrane, told.get("capacitance", usual.capacitance_f), reversal, _NOISE_A)


def measure_table(experiments: Sequence[Experiment]) -> dict[str, Any]:
    """The table [measure.default] that reads the amplitudes back."""
    controls = [
        well.signal for cell in experiments for well in cell.wells if well.treatment.role is Role.TOTAL
    ]
    return {
        "end_point": "peak",
        "sign": "inward" if median(controls or [-1.0]) < 0 else "outward",
        "epoch": TEST,
        "leak": "P/N",
        "leak_epoch": SMALL,
        "membrane_test": SMALL,
        "voltage": "holding",
    }


def cell_table(cell: Experiment) -> dict[str, str]:
    """What no sweep tells of the cell: how much of the series resistance is compensated."""
    told = [well.quality["compensation"] for well in cell.wells if "compensation" in well.quality]
    return {"compensation": f"{to_unit(median(told), 'fraction', '%'):.9g} %"} if told else {}


def applied_tables(cell: Experiment) -> list[dict[str, str]]:
    """The tables [[experiment.applied]] of a cell: sweeps one after the other under the same solution."""
    return list(_applied(_in_order(cell)))


def _applied(wells: Sequence[Well]) -> Iterator[dict[str, str]]:
    first = 0
    for what, members in groupby(wells, key=lambda well: replace(well.treatment, time_s=0.0, end_point="")):
        last = first + len(list(members)) - 1
        yield {"sweeps": f"{first}-{last}" if last > first else str(first), **_solution(what)}
        first = last + 1


def _solution(what: Treatment) -> dict[str, str]:
    if what.role is not Role.COMPOUND:
        return {"role": _LEFT[what.role]}
    molar = to_unit(what.concentration_molar, "molar concentration", "uM")
    return {"compound": what.compound, "concentration": f"{molar:.9g} uM"}
