"""A recording of one cell: sweeps of one or several channels, what was commanded, and what was noted meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from .equation import Array

Samples = npt.NDArray[np.float32] | npt.NDArray[np.float64]


@dataclass(frozen=True)
class Channel:
    """One recorded signal: its name, and its unit as the file has it ('pA', 'mV').

    `to_inside` is what a number is multiplied by to stand in A or V; nan where the unit is none of current or voltage.
    """

    name: str
    unit: str
    to_inside: float = float("nan")


@dataclass(frozen=True)
class Epoch:
    """A part of a command that is one step or ramp: from `start_s` to `end_s` of the sweep, from one level to another
    (inside unit of the command, V or A).
    """

    start_s: float
    end_s: float
    level: float
    end_level: float

    @property
    def is_step(self) -> bool:
        """Whether the level stays the same."""
        return self.level == self.end_level


@dataclass(frozen=True)
class Sweep:
    """One sweep: when it began (s from the start of the recording) and the samples (channel, sample) in the unit of
    each channel.

    `command` are the steps and ramps that the amplifier was told to make, none where the file does not say. A sweep
    that cannot be measured (cut off, without numbers, clipped) says why in `set_aside`.
    """

    number: int
    start_s: float
    samples: Samples
    command: tuple[Epoch, ...] = ()
    set_aside: str = ""

    @property
    def used(self) -> bool:
        """Whether the sweep takes part."""
        return not self.set_aside


@dataclass(frozen=True)
class Tag:
    """What the experimenter noted during the recording, and when (s from its start): a drug, a wash."""

    time_s: float
    text: str


@dataclass(frozen=True)
class Recording:
    """All sweeps of one file, as recorded.

    `sampling_hz` is samples a second of every channel, `command_unit` 'V' for a voltage clamp, 'A' for a current clamp,
    '' where the file does not say; `holding` the level between sweeps in that unit (nan where it is not stated).
    `header` holds what the file says besides, by its own words.
    """

    name: str
    channels: tuple[Channel, ...]
    sampling_hz: float
    sweeps: tuple[Sweep, ...]
    tags: tuple[Tag, ...] = ()
    command_unit: str = ""
    holding: float = float("nan")
    protocol: str = ""
    started: dt.datetime | None = None
    header: Mapping[str, str] = field(default_factory=dict)

    @property
    def used(self) -> tuple[Sweep, ...]:
        """The sweeps that take part."""
        return tuple(sweep for sweep in self.sweeps if sweep.used)

    def times(self, sweep: Sweep) -> Array:
        """Times of the samples from the start of the sweep, in s."""
        return np.arange(sweep.samples.shape[-1]) / self.sampling_hz

    def inside(self, sweep: Sweep, channel: int = 0) -> Array:
        """One channel of a sweep in A or V."""
        found: Array = np.asarray(sweep.samples[channel], dtype=np.float64) * self.channels[channel].to_inside
        return found

    def currents(self) -> Iterator[int]:
        """The positions of the channels that hold a current."""
        for position, channel in enumerate(self.channels):
            if channel.unit.endswith("A"):
                yield position
