"""The header of the second version of Axon files: a list of sections, and texts that are named by their number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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

_SECTIONS = {
    "protocol": 76,
    "input channels": 92,
    "output channels": 108,
    "waveform table": 156,
    "user list": 172,
    "texts": 220,
    "data": 236,
    "tags": 252,
    "sweep table": 316,
}
_LEAST = {
    "protocol": 208,
    "input channels": 82,
    "output channels": 132,
    "waveform table": 30,
    "tags": 60,
    "sweep table": 8,
}
_MOST_ROWS = {
    "protocol": 1,
    "input channels": 128,
    "output channels": 128,
    "waveform table": 10_000,
    "user list": 10_000,
    "texts": 1_000,
    "tags": 100_000,
    "sweep table": 1_000_000,
}
_MOST_TEXT = 10_000_000


@dataclass(frozen=True)
class _Section:
    """One section: where it begins, how wide a row is, how many rows it has."""

    file: RawFile
    name: str
    start: int
    width: int
    count: int

    def rows(self) -> Iterator[Stretch]:
        """The rows of the section."""
        for row in range(self.count):
            yield Stretch(self.file, f"the {self.name}", self.start + row * self.width, self._end(row))

    def _end(self, row: int) -> int:
        return self.start + (row + 1) * self.width

    @property
    def whole(self) -> Stretch:
        """All bytes of the section."""
        return Stretch(self.file, f"the {self.name}", self.start, self._end(self.count - 1))


def header_of(file: RawFile) -> AbfHeader:
    """The header of a file of version 2; raises BrokenFile where it is cut off or cannot be."""
    head = Stretch.of(file, "the header", 0, BLOCK)
    found = {name: _section(head, name, offset) for name, offset in _SECTIONS.items()}
    inputs, data = found["input channels"], found["data"]
    if not found["protocol"].count or not inputs.count:
        raise damaged(file, "the header states no protocol or no channels", "list of sections")
    wide = sample_bytes(file, head.number(30, "H"))
    if data.count and data.width != wide:
        what = f"a sample has {data.width} bytes in the list of sections and {wide} by the data format"
        raise damaged(file, what, "list of sections")
    protocol = next(found["protocol"].rows())
    texts = _texts(found["texts"])
    scale = (protocol.number(110, "f"), protocol.number(118, "i"))
    parts = reversed(head.numbers(4, "4B"))
    header = AbfHeader(
        version=".".join(str(part) for part in parts),
        mode=protocol.number(0, "h"),
        is_float=wide == 4,
        data_start=data.start,
        data_count=data.count,
        episodes=head.number(12, "I"),
        interval_us=protocol.number(2, "f"),
        synch_us=protocol.number(14, "f"),
        start_to_start_s=protocol.number(62, "f"),
        synch=tuple(row.numbers(0, "ii") for row in found["sweep table"].rows()),
        resolution=scale[1],
        channels=tuple(_channel(row, texts, scale, place) for place, row in enumerate(inputs.rows())),
        outputs=tuple(_outputs(found["output channels"], found["waveform table"], texts)),
        tags=tuple((row.number(0, "i"), row.text(4, 56)) for row in found["tags"].rows()),
        varied_by_list=any(row.holds(2, "h") and row.number(2, "h") for row in found["user list"].rows()),
        protocol=protocol_of(_named(texts, head.number(72, "I"))),
        started=moment(head.number(16, "I"), head.number(20, "I")),
        said={**_said(head, protocol, found["output channels"], texts), **_told(next(inputs.rows()))},
    )
    return check(file, header)


def _section(head: Stretch, name: str, offset: int) -> _Section:
    block, width, count = head.numbers(offset, "IIq")
    if count == 0 or block == 0:
        return _Section(head.file, name, 0, 0, 0)
    least = _LEAST.get(name, 1)
    if not 0 < count <= _MOST_ROWS.get(name, count) or width < least:
        what = f"the {name} has {count:,} rows of {width:,} bytes"
        raise damaged(head.file, what, f"list of sections, byte {offset}")
    whole = Stretch.of(head.file, f"the {name}", block * BLOCK, width * count)
    return _Section(head.file, name, whole.start, width, count)


def _texts(section: _Section) -> tuple[str, ...]:
    """All texts by their number; text 0 is none."""
    if not section.count:
        return ("",)
    whole = section.whole
    size = whole.end - whole.start
    if not 44 <= size <= _MOST_TEXT or whole.number(0, "4s") != b"SSCH":
        what = f"the texts have {size:,} bytes and do not begin with their mark SSCH"
        raise damaged(section.file, what, "texts")
    packed = section.file.data[whole.start + 44 : whole.end].split(b"\0")
    return ("", *(readable(text) for text in packed[: whole.number(8, "I")]))


def _named(texts: tuple[str, ...], number: int) -> str:
    return texts[number] if 0 <= number < len(texts) else ""


def _channel(row: Stretch, texts: tuple[str, ...], scale: tuple[float, int], place: int) -> AbfChannel:
    added = row.number(6, "f") if row.number(2, "h") == 1 else 1.0
    divisors = (row.number(offset, "f") for offset in (28, 40, 48))
    return AbfChannel(
        _named(texts, row.number(74, "i")) or f"channel {place}",
        _named(texts, row.number(78, "i")),
        gain_of(*scale, added, *divisors),
        row.number(44, "f") - row.number(52, "f"),
    )


def _outputs(outputs: _Section, waveforms: _Section, texts: tuple[str, ...]) -> Iterator[AbfOutput]:
    epochs = sorted((row.numbers(0, "hhhffiiii") for row in waveforms.rows()), key=lambda epoch: epoch[:2])
    for row in outputs.rows():
        place = row.number(0, "h")
        enabled, source, keeps = row.numbers(40, "hhh")
        yield AbfOutput(
            _named(texts, row.number(24, "i")),
            _named(texts, row.number(28, "i")),
            row.number(12, "f"),
            bool(enabled),
            source,
            bool(keeps),
            tuple(AbfEpoch(*epoch[2:]) for epoch in epochs if epoch[1] == place),
        )


def _said(head: Stretch, protocol: Stretch, outputs: _Section, texts: tuple[str, ...]) -> dict[str, str]:
    said = {
        "program": _named(texts, head.number(60, "I")),
        "comment": _named(texts, protocol.number(132, "i")),
    }
    pulses = [row.number(104, "h") for row in outputs.rows() if row.number(92, "h")]
    if pulses:
        said["leak subtraction"] = f"P/{max(pulses)} while recording"
    if protocol.number(182, "h"):
        said["alternating waveforms"] = "two waveforms took turns from sweep to sweep"
    return said


def _told(row: Stretch) -> dict[str, str]:
    """What the amplifier told of the first channel while it recorded."""
    if row.number(2, "h") != 1:
        return {}
    names = {"low-pass filter": (10, "Hz"), "capacitance": (14, "pF"), "access resistance": (20, "MOhm")}
    values = {name: (row.number(offset, "f"), unit) for name, (offset, unit) in names.items()}
    return {name: f"{value:.6g} {unit}" for name, (value, unit) in values.items() if 0 < value < 1e9}
