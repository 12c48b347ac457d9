"""A simulated gating experiment: sodium currents of six cells without a drug, with it, and after wash-out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ...core.equation import Array
from ...core.experiment import Conditions, Experiment, Radioligand
from ...core.plate import Role, Treatment, Well
from ...equations.gating import availability, current_voltage
from .data import ACTIVATION, AVAILABILITY

DRUG = "lidocaine"
MOLAR = 100e-6
TRUTH: Mapping[str, float] = {
    "k of control (activation)": 6.0e-3,
    "k of control (availability)": 6.5e-3,
    f"k of {DRUG} 100 µM (availability)": 6.5e-3,
    "v_half activation": -42e-3,
    "v_half availability": -83e-3,
    "reversal": 55e-3,
    "shift activation": 0.0,
    "shift availability": -11e-3,
    "left": 0.62,  # of the current at full hyperpolarisation with the drug
    "cells": 6.0,
    "between_cells": 3e-3,  # V, standard deviation of the half potentials
    "series_resistance": 3e6,
}
STEP = 5e-3
TESTED = {ACTIVATION: (-80e-3, 70e-3), AVAILABILITY: (-140e-3, -30e-3)}
NOISE, GAIN_CV = 15e-12, 0.01
CONDUCTANCE, CAPACITANCE, LARGER = (
    25e-9,
    12e-12,
    0.6,
)  # S and F of a usual cell; larger cells have more of both


@dataclass(frozen=True)
class _SimulatedCell:
    """One cell as it is: its size and its own potentials."""

    name: str
    conductance: float
    off: float
    leak: float
    capacitance: float
    seal: float
    truth: Mapping[str, float]

    def currents(self, kind: str, drug: bool, v: Array) -> Array:
        """The currents without noise."""
        truth = self.truth
        slope = truth["k of control (activation)" if kind == ACTIVATION else "k of control (availability)"]
        if drug and kind == AVAILABILITY:
            slope = truth[f"k of {DRUG} 100 µM (availability)"]
        half = truth[f"v_half {kind}"] + self.off + (truth[f"shift {kind}"] if drug else 0.0)
        size = self.conductance * (truth["left"] if drug else 1.0)
        if kind == ACTIVATION:
            return current_voltage.function(v, np.array([size, truth["reversal"], half, slope]))
        return availability.function(v, np.array([0.0, -60e-3 * size, half, slope]))


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Cells whose sizes and half potentials differ, with the noise of an amplifier and of the potential steps."""
    rng = np.random.default_rng(seed)
    return tuple(_cell(number, truth, rng) for number in range(1, int(truth["cells"]) + 1))


def _cell(number: int, truth: Mapping[str, float], rng: np.random.Generator) -> Experiment:
    conductance = CONDUCTANCE * float(rng.lognormal(0.0, 0.3))
    cell = _SimulatedCell(
        f"cell {number}",
        conductance,
        truth["between_cells"] * float(rng.standard_normal()),
        -20e-12 * float(rng.lognormal(0.0, 0.3)),
        CAPACITANCE * (conductance / CONDUCTANCE) ** LARGER,
        1.5e9 * float(rng.lognormal(0.0, 0.2)),
        truth,
    )
    wells = tuple(_wells(cell, rng))
    return Experiment(
        cell.name,
        wells,
        Radioligand("", ""),
        conditions=Conditions("Nav1.5", "human", "simulated cells", 22.0),
    )


def _wells(cell: _SimulatedCell, rng: np.random.Generator) -> Iterator[Well]:
    """Control, drug, wash-out; in each activation and availability."""
    sweep = 0
    for treatment in (Treatment(Role.TOTAL), Treatment(Role.COMPOUND, DRUG, MOLAR), Treatment(Role.WASH)):
        for kind, (low, high) in TESTED.items():
            v = np.arange(low, high + STEP / 2, STEP)
            true = cell.currents(kind, treatment.role is Role.COMPOUND, v)
            read = true * (1.0 + GAIN_CV * rng.standard_normal(v.size)) + NOISE * rng.standard_normal(v.size)
            for potential, current in zip(v, read, strict=True):
                sweep += 1
                what = Treatment(
                    treatment.role,
                    treatment.compound,
                    treatment.concentration_molar,
                    voltage_v=round(float(potential), 6),
                    end_point=kind,
                    time_s=5.0 * sweep,
                )
                yield Well(
                    cell.name, cell.name, f"sweep {sweep}", what, float(current), "A", quality=_quality(cell)
                )


def _quality(cell: _SimulatedCell) -> dict[str, float]:
    return {
        "series_resistance": cell.truth["series_resistance"],
        "compensation": 0.8,
        "leak": cell.leak,
        "seal_resistance": cell.seal,
        "capacitance": cell.capacitance,
    }
