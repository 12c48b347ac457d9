"""Channels under a blocker that do not exist: trains of pulses, onset and wash-out, block at any potential, recovery.

Everything is followed step by step, without the closed forms that the analysis uses. Rates in 1/(M s) and 1/s,
concentrations in mol/L, times in s, potentials in V, currents in A. Seeded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import expm

from ..core.equation import Array

FARADAY, GAS, ZERO_CELSIUS = 96485.33212, 8.31446261815324, 273.15


@dataclass(frozen=True)
class Blocker:
    """A drug with its rates on a site that is open to it."""

    kon: float
    koff: float


@dataclass(frozen=True)
class Train:
    """Pulses of so long, with so long between the end of one and the start of the next, and how many."""

    pulse_s: float
    interval_s: float
    number: int


@dataclass(frozen=True)
class Amplifier:
    """How a current is read: noise of the amplifier (A), and of a size that goes with the current."""

    noise_a: float = 3e-12
    relative_noise: float = 0.01

    def read(self, currents: Array, rng: np.random.Generator) -> Array:
        """The currents as they are measured."""
        size = np.hypot(self.noise_a, self.relative_noise * np.abs(currents))
        measured: Array = currents + size * rng.standard_normal(currents.shape)
        return measured


def sound_cell(rng: np.random.Generator) -> dict[str, float]:
    """What an amplifier says of a cell that passes the gates: resistances in ohm, leak in A, the compensated part."""
    return {
        "series_resistance": float(rng.uniform(4e6, 7e6)),
        "seal_resistance": float(rng.uniform(0.9e9, 2.5e9)),
        "leak": -float(rng.uniform(15e-12, 60e-12)),
        "compensation": 0.7,
    }


def left_in_train(blocker: Blocker, drug: float, train: Train, kept_open: float = 0.0) -> Array:
    """The part of the channels that is free at the start of every pulse, pulse by pulse.

    The drug reaches its site during pulses only; `kept_open` is the part of its rate that it has between them too.
    """
    phases = (
        _propagator(blocker.kon * drug, blocker.koff, train.pulse_s),
        _propagator(kept_open * blocker.kon * drug, blocker.koff, train.interval_s),
    )
    state, found = np.array([1.0, 0.0]), []
    for _ in range(train.number):
        found.append(state[0])
        for phase in phases:
            state = phase @ state
    return np.array(found)


def _propagator(on: float, off: float, seconds: float) -> Array:
    """What becomes of the free and the blocked part after so long: the exponential of their rates."""
    found: Array = expm(np.array([[-on, off], [on, -off]]) * seconds)
    return found


def inactivated_in_train(depth: float, per_pulse: float, number: int) -> Array:
    """What a train leaves of the current without drug: each pulse goes the part `per_pulse` of the way that is left."""
    left, found = 1.0, []
    for _ in range(number):
        found.append(left)
        left += per_pulse * ((1.0 - depth) - left)
    return np.array(found)


def blocked_over_time(blocker: Blocker, drug: float, times: Array, start: float = 0.0) -> Array:
    """The part of the channels that is blocked at these times after the solution was changed."""
    state = np.array([1.0 - start, start])
    return np.array(
        [(_propagator(blocker.kon * drug, blocker.koff, float(time)) @ state)[1] for time in times]
    )


def kd_at(kd_molar: float, z_delta: float, potential_v: float, temperature_c: float) -> float:
    """The dissociation constant at a potential, where it is `kd_molar` at 0 mV."""
    thermal = GAS * (temperature_c + ZERO_CELSIUS) / FARADAY
    return kd_molar * float(np.exp(z_delta * potential_v / thermal))
