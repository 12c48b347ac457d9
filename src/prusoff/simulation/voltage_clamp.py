"""A voltage clamp that does not exist: sweeps of a cell with leak, capacitive currents, gated currents and noise.

Amperes, volts, ohm, farad and seconds; the recording is in pA, 32-bit, as an amplifier would have it. Seeded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array
from ..core.recording import Channel, Epoch, Recording, Sweep, Tag

PICO = 1e-12


@dataclass(frozen=True)
class Patch:
    """A cell on the electrode: series and membrane resistance, capacitance, reversal of the leak, noise of a sample,
    and how much of the capacitive current the amplifier takes off.
    """

    series_ohm: float = 8e6
    membrane_ohm: float = 1.2e9
    capacitance_f: float = 12e-12
    leak_reversal_v: float = 0.0
    noise_a: float = 4e-12
    cancelled: float = 0.0

    @property
    def tau_s(self) -> float:
        """The time constant with which the capacitance is charged."""
        both = self.series_ohm * self.membrane_ohm / (self.series_ohm + self.membrane_ohm)
        return both * self.capacitance_f


@dataclass(frozen=True)
class Gated:
    """The shape of a gated current: it rises and falls with these time constants to a part of its peak that stays."""

    rise_s: float = 0.25e-3
    fall_s: float = 1.5e-3
    stays: float = 0.0

    def shape(self, times: Array) -> Array:
        """The current at these times after the step, with a peak of 1."""
        fine = np.linspace(0.0, 10.0 * max(self.rise_s, min(self.fall_s, 1.0)), 20001)
        found: Array = self._raw(times) / self._raw(fine).max()
        return found

    def _raw(self, times: Array) -> Array:
        rises = (1.0 - np.exp(-times / self.rise_s)) ** 3
        found: Array = rises * (self.stays + (1.0 - self.stays) * np.exp(-times / self.fall_s))
        return found


def steps(*parts: tuple[float, float]) -> tuple[Epoch, ...]:
    """A command from (duration in s, level in V) of its parts, one after the other."""
    found, at = [], 0.0
    for duration, level in parts:
        found.append(Epoch(at, at + duration, level, level))
        at += duration
    return tuple(found)


def sweep_current(
    command: Sequence[Epoch], peaks: Mapping[int, float], patch: Patch, gated: Gated, sampling_hz: float
) -> Array:
    """The current of one sweep in A without noise; `peaks` (A) by the number of the part of the command, from 1."""
    times = np.arange(round(command[-1].end_s * sampling_hz)) / sampling_hz
    total = patch.series_ohm + patch.membrane_ohm
    current = np.zeros_like(times)
    level = command[0].level
    for number, part in enumerate(command, start=1):
        since = times - part.start_s
        during, after = (since >= -1e-12) & (times < part.end_s - 1e-12), since >= -1e-12
        current[during] += (part.level - patch.leak_reversal_v) / total
        jump = (part.level - level) * (1.0 / patch.series_ohm - 1.0 / total) * (1.0 - patch.cancelled)
        current[after] += jump * np.exp(-since[after] / patch.tau_s)
        if number in peaks:
            current[during] += peaks[number] * gated.shape(since[during])
        level = part.level
    return current


@dataclass(frozen=True)
class Rig:
    """A cell, the shape of its current, how fast it is sampled and how often a sweep begins."""

    patch: Patch = Patch()
    gated: Gated = Gated()
    sampling_hz: float = 50e3
    interval_s: float = 10.0


def recorded(
    name: str,
    commands: Sequence[tuple[Epoch, ...]],
    peaks: Sequence[Mapping[int, float]],
    rig: Rig = Rig(),
    *,
    seed: int,
    tags: tuple[Tag, ...] = (),
) -> Recording:
    """A recording of one cell: of each sweep the command, and the peaks of gated currents (A) by part of the command.

    The holding level is that of the first part of the first command.
    """
    rng = np.random.default_rng(seed)
    sweeps = []
    for number, (command, of_sweep) in enumerate(zip(commands, peaks, strict=True)):
        current = sweep_current(command, of_sweep, rig.patch, rig.gated, rig.sampling_hz)
        noisy = current + rng.normal(0.0, rig.patch.noise_a, current.size)
        samples = (noisy / PICO).astype(np.float32)[None, :]
        sweeps.append(Sweep(number, number * rig.interval_s, samples, command))
    holding = commands[0][0].level if commands else math.nan
    channels = (Channel("current", "pA", PICO),)
    return Recording(name, channels, rig.sampling_hz, tuple(sweeps), tags, "V", holding, "simulated")
