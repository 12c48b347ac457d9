"""What simulated recordings have in common: the cell on the electrode, its solutions, and how a run file names them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median

from ..core.experiment import Experiment
from ..core.plate import Role, Treatment, Well
from ..core.recording import Recording
from ..core.units import to_unit
from ..simulation.voltage_clamp import Patch

_NOISE_A = 1e-12
_LEFT = {Role.TOTAL: "control", Role.WASH: "wash"}


def in_order(cell: Experiment) -> list[Well]:
    """The wells of a cell by their time."""
    return sorted(cell.wells, key=lambda well: well.treatment.time_s)


def begun_at(recording: Recording, wells: Sequence[Well]) -> Recording:
    """The recording with every sweep begun at the time of its well."""
    pairs = zip(recording.sweeps, wells, strict=True)
    sweeps = tuple(replace(sweep, start_s=well.treatment.time_s) for sweep, well in pairs)
    return replace(recording, sweeps=sweeps)


def patch_of(wells: Sequence[Well], held_v: float) -> Patch:
    """The cell on the electrode that has the quality of its sweeps, held at a potential (V)."""
    usual = Patch(noise_a=_NOISE_A)
    told = quality_of(wells)
    series = told.get("series_resistance", usual.series_ohm)
    membrane = told.get("seal_resistance", usual.membrane_ohm)
    reversal = held_v - told.get("leak", 0.0) * (series + membrane)
    return Patch(series, membrane, told.get("capacitance", usual.capacitance_f), reversal, _NOISE_A)


def quality_of(wells: Iterable[Well]) -> dict[str, float]:
    """The median of everything that is told of the quality of the sweeps."""
    told: dict[str, list[float]] = {}
    for well in wells:
        for name, value in well.quality.items():
            told.setdefault(name, []).append(value)
    return {name: median(values) for name, values in told.items()}


def sign_of(experiments: Sequence[Experiment]) -> str:
    """Which way the currents without drug flow."""
    every = [well for cell in experiments for well in cell.wells]
    controls = [well.signal for well in every if well.treatment.role is Role.TOTAL]
    return "inward" if median(controls or [-1.0]) < 0 else "outward"


def stretches_of(first: int, last: int) -> str:
    """Sweeps from one to another as a run file names them."""
    return f"{first}-{last}" if last > first else str(first)


def solution_of(what: Treatment) -> dict[str, str]:
    """What was on the cell, as a run file says it."""
    if what.role is not Role.COMPOUND:
        return {"role": _LEFT[what.role]}
    molar = to_unit(what.concentration_molar, "molar concentration", "uM")
    return {"compound": what.compound, "concentration": f"{molar:.9g} uM"}
