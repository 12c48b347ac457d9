"""Where an axis begins and ends, and where its ticks stand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..core.equation import Array
from ..core.figure import Band, Heat, Line, Mark, Panel, Points, Rule, Scale
from ._text import text_width

_PAD = 0.045
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Ruled:
    """An axis ready to be drawn: limits, ticks and their texts."""

    low: float
    high: float
    ticks: tuple[float, ...]
    texts: tuple[str, ...]


def ruled(panel: Panel, axis: str, most: int) -> Ruled:
    """The 'x' or 'y' axis of a panel with at most about `most` ticks of its own choice."""
    scale: Scale = getattr(panel, axis)
    low, high = scale.limits or _padded(_extent(panel, axis, scale), scale.log10)
    if scale.ticks:
        inside = [(at, text) for at, text in scale.ticks if low <= at <= high]
    elif scale.log10:
        inside = _decades(low, high)
    else:
        inside = round_ticks(low, high, most)
    if scale.strip is not None:
        inside = [(at, text) for at, text in inside if at >= scale.strip[0]]
    return Ruled(low, high, tuple(at for at, _ in inside), tuple(text for _, text in inside))


def thinned(rule: Ruled, scale: Scale, width: float, size: float) -> Ruled:
    """The same axis without the texts that would touch others on `width` points; what stands beyond a break stays."""
    span = _place(rule.high, scale) - _place(rule.low, scale)
    middles = [width * (_place(at, scale) - _place(rule.low, scale)) / span for at in rule.ticks]
    halves = [text_width(text, size) / 2 for text in rule.texts]
    low, high = _true_part(rule, scale)
    inside = [low < at < high for at in rule.ticks]
    kept: list[int] = []
    for one in sorted(range(len(rule.ticks)), key=lambda index: inside[index]):
        gaps = (abs(middles[one] - middles[other]) - halves[one] - halves[other] for other in kept)
        if rule.texts[one] and min(gaps, default=math.inf) >= size / 3:
            kept.append(one)
    return replace(rule, texts=tuple(text if index in kept else "" for index, text in enumerate(rule.texts)))


def _true_part(rule: Ruled, scale: Scale) -> tuple[float, float]:
    """Between which values the axis is not interrupted: an axis has at most one break on either side."""
    middle = (_place(rule.low, scale) + _place(rule.high, scale)) / 2
    left = [at for at in scale.breaks if _place(at, scale) < middle]
    right = [at for at in scale.breaks if _place(at, scale) >= middle]
    return max(left, default=-math.inf), min(right, default=math.inf)


def _place(value: float, scale: Scale) -> float:
    return math.log10(value) if scale.log10 else value


def round_ticks(low: float, high: float, most: int = 5) -> list[tuple[float, str]]:
    """Round numbers from `low` to `high`, at most about `most` of them, as they are printed.

    >>> round_ticks(-3.0, 2107.0)
    [(0.0, '0'), (500.0, '500'), (1000.0, '1000'), (1500.0, '1500'), (2000.0, '2000')]
    """
    rough = (high - low) / max(most, 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(step * size for step in _STEPS if step * size >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9) + (round(step / size, 6) == 2.5))
    largest = max(abs(first), abs(last)) * step
    return [(index * step, _number(index * step, decimals, largest)) for index in range(first, last + 1)]


def _number(value: float, decimals: int, largest: float) -> str:
    if largest and (largest >= 1e6 or largest < 1e-3):
        return f"{value:.2g}".replace("-", "−")
    comma = "," if largest >= 1e4 else ""
    return f"{value:{comma}.{decimals}f}".replace("-", "−")


def _decades(low: float, high: float) -> list[tuple[float, str]]:
    powers = range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)
    return [(10.0**power, f"{10.0**power:g}") for power in powers]


def _extent(panel: Panel, axis: str, scale: Scale) -> tuple[float, float]:
    parts = [np.ravel(part) for mark in panel.marks for part in _reach(mark, axis)]
    values = np.concatenate([np.empty(0), *parts])
    values = values[np.isfinite(values) & ((values > 0) | (not scale.log10))]
    return (float(values.min()), float(values.max())) if values.size else (1.0, 10.0)


def _reach(mark: Mark, axis: str) -> Iterator[Array]:
    match mark:
        case Points() if axis == "y" and mark.error is not None:
            error = np.nan_to_num(mark.error)
            yield from (mark.y - error, mark.y + error)
        case Points() | Line():
            yield mark.x if axis == "x" else mark.y
        case Band():
            yield from (mark.x,) if axis == "x" else (mark.low, mark.high)
        case Rule():
            at = mark.x if axis == "x" else mark.y
            yield np.array([] if at is None else [at])
        case Heat():
            yield np.array([-0.5, mark.values.shape[1 if axis == "x" else 0] - 0.5])


def _padded(extent: tuple[float, float], log10: bool) -> tuple[float, float]:
    low, high = (math.log10(end) for end in extent) if log10 else extent
    pad = _PAD * (high - low) if high > low else (0.5 if log10 else abs(high) * 0.1 or 1.0)
    low, high = low - pad, high + pad
    return (10.0**low, 10.0**high) if log10 else (low, high)
