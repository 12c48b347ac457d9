"""The header of the first version of Axon files: every field at its own offset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..core.reader import RawFile
from ._abf_header import (
    BLOCK,
    AbfChannel,
    AbfEpoch,
    AbfHeader,
    AbfOutput,
    check,
    gain_of,
    moment,
    protocol_of,
    sample_bytes,
)
from ._stretch import Stretch, damaged, readable

_INPUTS, _OUTPUTS = 16, 4
_SHORT, _LONG = 2048, 6144


def header_of(file: RawFile) -> AbfHeader:
    """The header of a file of version 1; raises BrokenFile where it is cut off or cannot be."""
    data_block = Stretch.of(file, "the header", 0, _SHORT).number(40, "i")
    head = Stretch.of(file, "the header", 0, max(_SHORT, min(data_block * BLOCK, len(file.data), _LONG)))
    count = head.number(120, "h")
    if not 1 <= count <= _INPUTS:
        raise damaged(file, f"the header states {count} channels; there can be 1 to {_INPUTS}", "byte 120")
    wide = sample_bytes(file, head.number(100, "h"))
    data_start = data_block * BLOCK + head.number(14, "h") * wide
    samples = head.number(10, "i")
    Stretch.of(file, "the data", data_start, samples * wide)
    header = AbfHeader(
        version=f"{head.number(4, 'f'):.2f}",
        mode=head.number(8, "h"),
        is_float=wide == 4,
        data_start=data_start,
        data_count=samples,
        episodes=head.number(16, "i"),
        interval_us=head.number(122, "f") * count,
        synch_us=head.number(130, "f"),
        start_to_start_s=head.number(178, "f"),
        synch=tuple(_rows(head, "the table of sweeps", (92, 96), 8, "ii")),
        resolution=head.number(252, "i"),
        channels=tuple(_channels(head, count)),
        outputs=tuple(_outputs(head)),
        tags=tuple(
            (time, readable(text)) for time, text in _rows(head, "the list of tags", (44, 48), 64, "i56s")
        ),
        varied_by_list=_is_long(head) and any(head.numbers(3360, "4h")),
        protocol=protocol_of(head.text(4898, 256)) if head.holds(4898, "256s") else "",
        started=moment(head.number(20, "i"), head.number(24, "i") * 1000 + head.number(366, "h")),
        said={"program": head.text(294, 16), "comment": _comment(head)},
    )
    return check(file, header)


def _is_long(head: Stretch) -> bool:
    """Whether the header has the fields that came with version 1.6: two waveform tables, telegraphs, lists."""
    return head.end >= 5120


def _rows(
    head: Stretch, name: str, where: tuple[int, int], width: int, form: str
) -> Iterator[tuple[Any, ...]]:
    block, count = head.number(where[0], "i"), head.number(where[1], "i")
    if block > 0 and count > 0:
        yield from Stretch.of(head.file, name, block * BLOCK, count * width).table(form, width)


def _channels(head: Stretch, count: int) -> Iterator[AbfChannel]:
    sequence = head.numbers(410, "16h")[:count]
    if len(set(sequence)) < count or not all(0 <= place < _INPUTS for place in sequence):
        sequence = tuple(range(count))  # some programs that save a file anew leave the sequence empty
    telegraphs = head.numbers(4512, "16h") if head.holds(4512, "16h") else (0,) * _INPUTS
    for position, place in enumerate(sequence):
        added = head.number(4576 + 4 * place, "f") if telegraphs[place] == 1 else 1.0
        divisors = (head.number(start + 4 * place, "f") for start in (730, 922, 1050))
        yield AbfChannel(
            head.text(442 + 10 * place, 10) or f"channel {position}",
            head.text(602 + 8 * place, 8),
            gain_of(head.number(244, "f"), head.number(252, "i"), added, *divisors),
            head.number(986 + 4 * place, "f") - head.number(1114 + 4 * place, "f"),
        )


def _outputs(head: Stretch) -> Iterator[AbfOutput]:
    for place in range(_OUTPUTS):
        name, unit = head.text(1306 + 10 * place, 10), head.text(1346 + 8 * place, 8)
        holding = head.number(1394 + 4 * place, "f")
        if place < 2 and _is_long(head):
            enabled, source, keeps = (head.number(start + 2 * place, "h") for start in (2296, 2300, 2304))
            yield AbfOutput(
                name, unit, holding, bool(enabled), source, bool(keeps), tuple(_epochs(head, place))
            )
        elif head.number(1440, "h") == place and not _is_long(head):
            source, keeps = head.number(1438, "h"), head.number(1442, "h")
            yield AbfOutput(name, unit, holding, source > 0, source, bool(keeps), tuple(_early_epochs(head)))
        else:
            yield AbfOutput(name, unit, holding, False, 0, False)


def _epochs(head: Stretch, place: int) -> Iterator[AbfEpoch]:
    first = 10 * place
    for at in range(first, first + 10):
        kind = head.number(2308 + 2 * at, "h")
        level, step = (head.number(start + 4 * at, "f") for start in (2348, 2428))
        duration, longer = (head.number(start + 4 * at, "i") for start in (2508, 2588))
        yield AbfEpoch(kind, level, step, duration, longer)


def _early_epochs(head: Stretch) -> Iterator[AbfEpoch]:
    """The one waveform table of files before version 1.6, with durations in two bytes."""
    for at in range(10):
        kind = head.number(1444 + 2 * at, "h")
        level, step = (head.number(start + 4 * at, "f") for start in (1464, 1504))
        duration, longer = (head.number(start + 2 * at, "h") for start in (1544, 1564))
        yield AbfEpoch(kind, level, step, duration, longer)


def _comment(head: Stretch) -> str:
    recent = head.text(5154, 128) if head.holds(5154, "128s") else ""
    return recent or head.text(310, 56)
