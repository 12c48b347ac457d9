"""What the amplifier was told to do in each sweep, from the waveform table of an Axon file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ..core.recording import Epoch
from ._abf_header import VARIABLE, AbfEpoch, AbfHeader, AbfOutput
from ._electric import electric

_OFF, _STEP, _RAMP, _PULSES, _TRIANGLES, _BIPHASIC = 0, 1, 2, 3, 4, 7
_FROM_TABLE = 1
_MOST_PULSES = 10_000
_HELD_FIRST = 64  # the first 64th of a sweep is held before the first epoch begins


@dataclass(frozen=True)
class Command:
    """The commands of all sweeps in V or A ('' where the unit is another), and why they are not known."""

    unit: str
    holding: float
    sweeps: tuple[tuple[Epoch, ...], ...]
    unknown: str = ""


def command_of(header: AbfHeader, lengths: list[int]) -> Command:
    """The command of every sweep, whose numbers of samples are `lengths`.

    Of several outputs it is the first that sent a waveform in V or A, else the first one in V or A.
    """
    output = _chosen(header)
    if output is None:
        return Command("", math.nan, ((),) * len(lengths), "no output in volts or amperes")
    unit, size = electric(output.unit)
    holding = output.holding * size
    unknown = _why_unknown(header, output)
    if unknown or not math.isfinite(holding):
        return Command(unit, holding if math.isfinite(holding) else math.nan, ((),) * len(lengths), unknown)
    if not output.enabled or output.source == 0 or header.mode == VARIABLE:
        held = tuple((Epoch(0.0, length / header.sampling_hz, holding, holding),) for length in lengths)
        return Command(unit, holding, held)
    return Command(unit, holding, tuple(_sweeps(header, output, lengths, size)))


def _chosen(header: AbfHeader) -> AbfOutput | None:
    electrical = [output for output in header.outputs if electric(output.unit)[0]]
    sending = [output for output in electrical if output.enabled and output.source]
    return next(iter(sending or electrical), None)


def _why_unknown(header: AbfHeader, output: AbfOutput) -> str:
    if not output.enabled or output.source == 0:
        return ""
    if output.source != _FROM_TABLE:
        return "the waveform came from another file"
    if header.varied_by_list:
        return "a list changed the waveform from sweep to sweep"
    if "alternating waveforms" in header.said:
        return header.said["alternating waveforms"]
    for epoch in output.epochs:
        if epoch.kind not in (_OFF, _STEP, _RAMP, _PULSES, _TRIANGLES, _BIPHASIC):
            return (
                f"the waveform has an epoch of kind {epoch.kind}, which is no step, ramp, pulse or triangle"
            )
        if not (math.isfinite(epoch.level) and math.isfinite(epoch.level_step)):
            return "the waveform table has a level that is no number"
    return ""


def _sweeps(
    header: AbfHeader, output: AbfOutput, lengths: list[int], size: float
) -> Iterator[tuple[Epoch, ...]]:
    before = output.holding
    table = [epoch for epoch in output.epochs if epoch.kind != _OFF]
    for number, length in enumerate(lengths):
        drawn = [(0, length // _HELD_FIRST, before, before)]
        level = before
        for epoch in table:
            start = drawn[-1][1]
            end = start + max(0, epoch.duration + epoch.duration_step * number)
            target = epoch.level + epoch.level_step * number
            drawn += [*_drawn(epoch, start, end, (level, target))] or [(start, start, target, target)]
            level = target
        before = level if output.keeps_last_level and table else output.holding
        drawn.append((drawn[-1][1], length, before, before))
        yield tuple(
            Epoch(first / header.sampling_hz, min(last, length) / header.sampling_hz, low * size, high * size)
            for first, last, low, high in drawn
            if first < min(last, length)
        )


def _drawn(
    epoch: AbfEpoch, start: int, end: int, levels: tuple[float, float]
) -> Iterator[tuple[int, int, float, float]]:
    """The steps and ramps of one epoch: first sample, end, level there and level at the end."""
    before, target = levels
    if epoch.kind == _STEP:
        yield start, end, target, target
    elif epoch.kind == _RAMP:
        yield start, end, before, target
    else:
        period = epoch.period
        count = min((end - start) // period, _MOST_PULSES) if period > 0 else 0
        for first in range(start, start + count * period, period or 1):
            yield from _pulse(epoch, first, before, target)
        yield start + count * period, end, before, before


def _pulse(
    epoch: AbfEpoch, first: int, before: float, target: float
) -> Iterator[tuple[int, int, float, float]]:
    width = min(max(epoch.width, 0), epoch.period)
    turn, last = first + width, first + epoch.period
    if epoch.kind == _TRIANGLES:
        yield first, turn, before, target
        yield turn, last, target, before
        return
    if epoch.kind == _BIPHASIC:
        middle = first + width // 2
        yield first, middle, target, target
        yield middle, turn, 2 * before - target, 2 * before - target
    else:
        yield first, turn, target, target
    yield turn, last, before, before
