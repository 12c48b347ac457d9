"""What the amplifier was told to do in each sweep, from the stimulus of a HEKA file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ..core.recording import Epoch
from ._heka_tree import Record

_CONSTANT, _RAMP = 0, 1
_NOT_STORED, _STORED, _FIRST, _LAST = 0, 1, 2, 3
_RISING, _FALLING, _ALTERNATING, _LOGARITHMIC = 0, 1, 4, range(5, 10)
_FROM_VALUE, _FROM_HOLDING = 0, 1
_MODES = {
    1: ("V", "V", 1.0),
    2: ("A", "A", 1e-9),
}  # clamp: unit in the file, inside unit, factor; A are told in nA


@dataclass(frozen=True)
class Stimulus:
    """The command of one series: its unit ('V', 'A' or ''), the holding level, and why it is not known."""

    unit: str
    holding: float
    segments: tuple[Record, ...]
    size: float
    relative: bool
    sweeps: int
    unknown: str = ""

    def command(self, sweep: int, length_s: float) -> tuple[Epoch, ...]:
        """The steps and ramps of one sweep (from 0) that was recorded for `length_s`."""
        if self.unknown:
            return ()
        found: list[Epoch] = []
        level, at = self.holding, 0.0
        for segment in self.segments:
            duration, target = self._duration(segment, sweep), self._level(segment, sweep)
            kind, storage = segment.own.number(4, "B"), segment.own.number(5, "B")
            start = level if kind == _RAMP else target
            level = target if duration > 0 else level
            if storage == _STORED and duration > 0 and at < length_s:
                found.append(Epoch(at, min(at + duration, length_s), start, target))
                at += duration
        return tuple(found)

    def _level(self, segment: Record, sweep: int) -> float:
        value, source, _, step = segment.own.numbers(8, "didd")
        if source == _FROM_HOLDING:
            return self.holding
        mode = segment.own.number(6, "B")
        added = float(value) + float(step) * _place(mode, sweep, self.sweeps)
        return added * self.size + (self.holding if self.relative else 0.0)

    def _duration(self, segment: Record, sweep: int) -> float:
        value, _, _, step = segment.own.numbers(36, "didd")
        storage = segment.own.number(5, "B")
        if (storage == _FIRST and sweep > 0) or (storage == _LAST and sweep + 1 < self.sweeps):
            return 0.0
        mode = segment.own.number(7, "B")
        return max(0.0, float(value) + float(step) * _place(mode, sweep, self.sweeps))


def _place(mode: int, sweep: int, sweeps: int) -> int:
    """The place of a sweep in the order of the increments."""
    if mode == _FALLING:
        return sweeps - 1 - sweep
    if mode == _ALTERNATING:
        return sweep // 2 if sweep % 2 == 0 else sweeps - 1 - sweep // 2
    return sweep


def stimulus_of(tree: Record, number: int) -> Stimulus:
    """The stimulus of this number (from 0), by its first channel of the voltage or the current clamp."""
    none = Stimulus("", math.nan, (), 1.0, False, 0, "the file has no stimulus of this number")
    if not 0 <= number < len(tree.within):
        return none
    record = tree.within[number]
    sweeps = int(record.own.number(144, "i"))
    for channel in record.within:
        unit, inside, size = _MODES.get(channel.own.number(25, "B"), ("", "", 1.0))
        if not unit or channel.own.text(40, 8) != unit:
            continue
        flags = channel.own.number(76, "H")
        holding = float(channel.own.number(48, "d")) * size
        unknown = "; ".join(dict.fromkeys(_why_unknown(channel, flags, holding)))
        return Stimulus(inside, holding, channel.within, size, bool(flags & 2), sweeps, unknown)
    return (
        none if not record.within else Stimulus("", math.nan, (), 1.0, False, sweeps, "no channel of a clamp")
    )


def _why_unknown(channel: Record, flags: int, holding: float) -> Iterator[str]:
    if not flags & 1:
        yield "the levels were scaled in another way"
    if flags & 4:
        yield "the waveform came from another file"
    if not math.isfinite(holding):
        yield "the holding level is no number"
    for segment in channel.within:
        own = segment.own
        if own.number(4, "B") not in (_CONSTANT, _RAMP):
            yield "a segment is neither constant nor a ramp"
        if own.number(16, "i") not in (_FROM_VALUE, _FROM_HOLDING) or own.number(44, "i") != _FROM_VALUE:
            yield "a segment is told by a parameter of the series"
        for mode, factor, step in ((6, 20, 28), (7, 48, 56)):
            if not _is_plain(own.number(mode, "B"), own.number(factor, "d"), own.number(step, "d")):
                yield "a segment changes from sweep to sweep in another way than by equal steps"
        if not all(math.isfinite(own.number(offset, "d")) for offset in (8, 28, 36, 56)):
            yield "a segment has a level or a duration that is no number"


def _is_plain(mode: int, factor: float, step: float) -> bool:
    """Whether a segment stays as it is, or changes by equal steps in an order that is known."""
    if mode in _LOGARITHMIC:
        return factor == 1 and step == 0
    return step == 0 or mode in (_RISING, _FALLING, _ALTERNATING)
