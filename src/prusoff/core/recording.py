"""A recording of one cell: sweeps of one or several channels, what was commanded, and what was noted meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .equation import Array

Stored = npt.NDArray[np.float32] | npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ScaledCounts:
    """Samples as the converter counted them (channel, sample), turned into the channel's unit only where asked for.

    A large recording thus lies in memory once, as whole numbers. `samples[channel]`, `samples[channel, first:end]` and
    `numpy.asarray(samples)` give float64: count times `gain` plus `offset` of the channel (in its unit).
    """

    counts: npt.NDArray[np.int16]
    gain: tuple[float, ...]
    offset: tuple[float, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Numbers of channels and of samples."""
        return self.counts.shape

    def __len__(self) -> int:
        return len(self.counts)

    def __getitem__(self, key: Any) -> Array:
        channel = key[0] if isinstance(key, tuple) else key
        gain, offset = np.asarray(self.gain)[channel], np.asarray(self.offset)[channel]
        found = np.asarray(self.counts[key], dtype=np.float64)
        if np.ndim(gain) and found.ndim > 1:
            gain, offset = gain[:, None], offset[:, None]
        scaled: Array = found * gain + offset
        return scaled

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return self[:].astype(dtype or np.float64, copy=False)


Samples = Stored | ScaledCounts
_WHOLE = slice(None)


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


@dataclass(frozen=True, eq=False)
class Sweep:
    """One sweep: when it began (s from the start of the recording) and the samples (channel, sample) in the unit of
    each channel. `Recording.inside` gives them in A or V.

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

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sweep):
            return NotImplemented
        mine = (self.number, self.start_s, self.command, self.set_aside)
        return mine == (other.number, other.start_s, other.command, other.set_aside) and np.array_equal(
            np.asarray(self.samples), np.asarray(other.samples), equal_nan=True
        )

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Tag:
    """What the experimenter noted during the recording, and when (s from its start): a drug, a wash."""

    time_s: float
    text: str


@dataclass(frozen=True)
class Recording:
    """All sweeps of one file, as recorded.

    `sampling_hz` is samples a second of every channel, `command_unit` 'V' for a voltage clamp, 'A' for a current clamp,
    '' where the file does not say; the steps of a sweep and `holding`, the level between sweeps (nan where it is not
    stated), are in that unit.
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

    def inside(self, sweep: Sweep, channel: int = 0, part: slice = _WHOLE) -> Array:
        """One channel of a sweep, or a `part` of its samples, in A or V."""
        found: Array = np.asarray(sweep.samples[channel, part], dtype=np.float64)
        return found * self.channels[channel].to_inside

    def part(self, sweep: Sweep, start_s: float, end_s: float) -> slice:
        """The samples that lie from `start_s` to before `end_s` of a sweep."""
        last = sweep.samples.shape[-1]
        first, end = (min(max(round(at * self.sampling_hz), 0), last) for at in (start_s, end_s))
        return slice(first, max(first, end))

    def currents(self) -> Iterator[int]:
        """The positions of the channels that hold a current."""
        for position, channel in enumerate(self.channels):
            if channel.unit.endswith("A"):
                yield position
