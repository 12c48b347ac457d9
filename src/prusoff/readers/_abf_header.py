"""What the header of an Axon file says, the same for its first and its second version."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..core.reader import RawFile
from ..core.recording import Tag
from ._stretch import damaged

BLOCK = 512
VARIABLE, FIXED, GAP_FREE, SCOPE, EPISODIC = 1, 2, 3, 4, 5
MODES = {
    VARIABLE: "events of variable length",
    FIXED: "events of fixed length",
    GAP_FREE: "gap-free",
    SCOPE: "oscilloscope",
    EPISODIC: "episodic",
}


@dataclass(frozen=True)
class AbfChannel:
    """One input: a count times `gain` plus `offset` is a number in its unit."""

    name: str
    unit: str
    gain: float
    offset: float


@dataclass(frozen=True)
class AbfEpoch:
    """One column of the waveform table: its kind, its level and duration (samples) and what each sweep adds to them,
    and the period and width (samples) of the pulses of a train.
    """

    kind: int
    level: float
    level_step: float
    duration: int
    duration_step: int
    period: int = 0
    width: int = 0


@dataclass(frozen=True)
class AbfOutput:
    """One output: its holding level, whether a waveform was sent, from where, and its epochs in order."""

    name: str
    unit: str
    holding: float
    enabled: bool
    source: int
    keeps_last_level: bool
    epochs: tuple[AbfEpoch, ...] = ()


@dataclass(frozen=True)
class AbfHeader:
    """The header of an Axon file.

    `data_start` is a byte, `data_count` the number of samples of all channels; `interval_us` is the time between two
    samples of one channel. `synch` holds start (in units of `synch_us`) and number of samples (all channels) of each
    sweep, `tag_us` is the unit of the times of tags. `resolution` is the count of the converter
    at full scale.
    """

    version: str
    mode: int
    is_float: bool
    data_start: int
    data_count: int
    episodes: int
    interval_us: float
    synch_us: float
    start_to_start_s: float
    synch: tuple[tuple[int, int], ...]
    resolution: int
    channels: tuple[AbfChannel, ...]
    outputs: tuple[AbfOutput, ...]
    tags: tuple[tuple[int, str], ...]
    varied_by_list: bool
    protocol: str
    started: dt.datetime | None
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def sampling_hz(self) -> float:
        """Samples a second of each channel."""
        return 1e6 / self.interval_us

    @property
    def unit_us(self) -> float:
        """The unit of the times of sweeps and tags, in µs: stated, or else the time between two conversions."""
        return self.synch_us if self.synch_us > 0 else self.interval_us / len(self.channels)

    def noted(self) -> tuple[Tag, ...]:
        """The tags with their times in s."""
        return tuple(Tag(time * self.unit_us / 1e6, text) for time, text in self.tags)


def check(file: RawFile, header: AbfHeader) -> AbfHeader:
    """The header, where all that sizes and scales depend on can be; raises BrokenFile for the first that cannot."""
    if header.mode not in MODES:
        raise damaged(file, f"the operation mode is {header.mode}; the modes are 1 to 5", "header")
    if not (math.isfinite(header.interval_us) and 1e-3 <= header.interval_us <= 1e9):
        raise damaged(file, f"the sampling interval is {header.interval_us:g} µs", "header")
    if header.synch_us and not 0 < header.synch_us < 1e9:
        raise damaged(file, f"the unit of the sweep times is {header.synch_us:g} µs", "header")
    for channel in header.channels:
        if not header.is_float and not (_usable(channel.gain) and channel.gain and _usable(channel.offset)):
            what = f"a count of channel '{channel.name}' is worth {channel.gain:g} {channel.unit}"
            raise damaged(file, f"{what}, with an offset of {channel.offset:g}", "header")
    if header.data_count % len(header.channels):
        what = f"{header.data_count:,} samples cannot be shared among {len(header.channels)} channels"
        raise damaged(file, what, "header")
    return header


def sample_bytes(file: RawFile, form: int) -> int:
    """How many bytes a sample has: 2 for a count (format 0), 4 for a number (format 1)."""
    if form not in (0, 1):
        raise damaged(file, f"the data format is {form}; it is 0 (counts) or 1 (numbers)", "header")
    return 4 if form else 2


def _usable(number: float) -> bool:
    return math.isfinite(number) and abs(number) < 1e30


def gain_of(full_scale: float, resolution: int, *divisors: float) -> float:
    """What a count is worth in the unit of the channel; nan where the header states no such number."""
    gain = full_scale / resolution if resolution else math.nan
    for divisor in divisors:
        gain = gain / divisor if divisor else math.nan
    return gain


def moment(date: int, milliseconds: int) -> dt.datetime | None:
    """When a recording began, from a date such as 20171116 (or 171116) and the milliseconds of the day."""
    year, month, day = date // 10_000, date // 100 % 100, date % 100
    if 0 < year < 100:
        year += 1900 if year >= 80 else 2000
    try:
        midnight = dt.datetime(year, month, day)
        return midnight + dt.timedelta(milliseconds=milliseconds) if milliseconds < 90_000_000 else midnight
    except (ValueError, OverflowError):
        return None


def protocol_of(path: str) -> str:
    """The name of a protocol file without folders and ending; '' where there was none."""
    name = path.replace("\\", "/").rpartition("/")[2]
    return name[:-4] if name.lower().endswith(".pro") else ""
