"""The patch-clamp series of an NWB file: what each holds, and how its numbers become a current or a potential."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.recording import Samples, ScaledCounts

UNITS = {
    "A": {1e-12: "pA", 1e-9: "nA", 1e-6: "uA", 1e-3: "mA", 1.0: "A"},
    "V": {1e-3: "mV", 1e-6: "uV", 1.0: "V"},
}
USUAL = {"A": ("pA", 1e-12), "V": ("mV", 1e-3)}
_INSIDE = {"amperes": "A", "ampere": "A", "a": "A", "volts": "V", "volt": "V", "v": "V"}
MOST_SAMPLES = 500_000_000


@dataclass(frozen=True)
class Series:
    """One series of one channel: its samples are still in the file, at `data` of its `group`; `inside` is 'A', 'V' or
    ''.
    """

    name: str
    kind: str
    group: Any
    data: Any
    inside: str
    conversion: float
    offset: float
    rate: float
    start_s: float
    length: int
    electrode: str
    description: str
    comments: str
    protocol: str
    number: int | None
    uneven: bool = False

    @property
    def unit(self) -> tuple[str, float]:
        """The unit in which the channel is given, and its factor to A or V."""
        for size, unit in UNITS[self.inside].items():
            if math.isclose(self.conversion, size, rel_tol=1e-6) and not self.offset and not self._is_counts:
                return unit, size
        return USUAL[self.inside]

    @property
    def _is_counts(self) -> bool:
        return bool(self.data.dtype == np.int16)

    def samples(self) -> Samples:
        """The samples of the one channel in its unit: counts as they are, else numbers as wide as the file has them."""
        size = self.unit[1]
        stored = self.data[()]
        gain, offset = self.conversion / size, self.offset / size
        if self._is_counts:
            return ScaledCounts(stored.reshape(1, -1), (gain,), (offset,))
        numbers = stored if stored.dtype in (np.float32, np.float64) else stored.astype(np.float64)
        if not math.isclose(gain, 1.0, rel_tol=1e-6) or offset:
            numbers = numbers * numbers.dtype.type(gain) + numbers.dtype.type(offset)
        found: Samples = numbers.reshape(1, -1)
        return found

    def values(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """All numbers in A or V."""
        return np.asarray(self.data[()], dtype=np.float64) * self.conversion + self.offset


def series_of(group: Any) -> Series | None:
    """What a group holds, where it is a patch-clamp series with data; None for any other."""
    data = group.get("data")
    electrode = group.get("electrode") if data is not None else None
    if electrode is None or len(getattr(data, "shape", ())) != 1 or data.dtype.kind not in "iuf":
        return None
    rate, start, uneven = _times(group)
    number = group.attrs.get("sweep_number")
    return Series(
        name=str(group.name).rpartition("/")[2],
        kind=text(group.attrs.get("neurodata_type", "")),
        group=group,
        data=data,
        inside=_INSIDE.get(text(data.attrs.get("unit", "")).lower(), ""),
        conversion=float(data.attrs.get("conversion", 1.0)),
        offset=float(data.attrs.get("offset", 0.0)),
        rate=rate,
        start_s=start,
        length=int(data.shape[0]),
        electrode=str(electrode.name).rpartition("/")[2],
        description=text(group.attrs.get("description", "")).replace("no description", ""),
        comments=text(group.attrs.get("comments", "")).replace("no comments", ""),
        protocol=text(group.attrs.get("stimulus_description", "")).replace("N/A", ""),
        number=None if number is None else int(number),
        uneven=uneven,
    )


def _times(group: Any) -> tuple[float, float, bool]:
    """Sampling rate, start, and whether the samples are not evenly apart."""
    start = group.get("starting_time")
    if start is not None:
        return float(start.attrs.get("rate", math.nan)), float(start[()]), False
    if "timestamps" not in group or group["timestamps"].shape[0] < 2:
        return math.nan, 0.0, False
    times = group["timestamps"][()].astype(np.float64)
    apart = float(times[-1] - times[0]) / (len(times) - 1)
    uneven = not apart > 0 or bool(np.abs(np.diff(times) - apart).max() > 0.01 * apart)
    return (1.0 / apart if apart > 0 else math.nan), float(times[0]), uneven


def text(value: Any) -> str:
    """A text of an HDF5 file, on one line."""
    if isinstance(value, np.ndarray):
        value = value.ravel()[0] if value.size else ""
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    return " ".join(str(value).split())


def text_at(file: Any, place: str) -> str:
    """The text that stands at a place of the file, '' where none does."""
    return text(file[place][()]) if place in file else ""


def groups(file: Any, place: str) -> Iterator[Any]:
    """The groups within a group, by name."""
    folder = file.get(place)
    if isinstance(folder, Mapping):
        for name in sorted(folder):
            item = folder.get(name)
            if isinstance(item, Mapping):
                yield item
