"""A stretch of a binary file: numbers and texts at offsets, never beyond its end."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from ..core.errors import BrokenFile, Problem
from ..core.reader import RawFile

COPY_AGAIN = "Copy the file from the recording computer again"


def damaged(file: RawFile, what: str, where: str = "", fix: str = COPY_AGAIN) -> BrokenFile:
    """The error for a recording whose header says what cannot be."""
    place = f"{file.name} > {where}" if where else file.name
    return BrokenFile(Problem(what, place, fix, "E-BROKEN"))


def cut_off(file: RawFile, part: str, end: int) -> BrokenFile:
    """The error for a recording that is shorter than its header says, with both sizes."""
    what = f"{part} should end at byte {end:,}, but the file has {len(file.data):,} bytes: it is cut off or damaged"
    return BrokenFile(Problem(what, file.name, COPY_AGAIN, "E-TRUNCATED"))


@dataclass(frozen=True)
class Stretch:
    """Bytes from `start` to `end` of a file; `name` is what it is called in messages, `order` that of its bytes: '<'
    with the least first, '>' with the most.
    """

    file: RawFile
    name: str
    start: int
    end: int
    order: str = "<"

    @classmethod
    def of(cls, file: RawFile, name: str, start: int, size: int, order: str = "<") -> Stretch:
        """A stretch of this size; raises BrokenFile where the file has not that many bytes."""
        if start < 0 or size < 0:
            raise damaged(
                file, f"{name} begins at byte {start:,} and has {size:,} bytes, which cannot be", "header"
            )
        if start + size > len(file.data):
            raise cut_off(file, name, start + size)
        return cls(file, name, start, start + size, order)

    def holds(self, offset: int, form: str) -> bool:
        """Whether numbers of this form at this offset lie inside."""
        return offset >= 0 and self.start + offset + struct.calcsize(self.order + form) <= self.end

    def numbers(self, offset: int, form: str) -> tuple[Any, ...]:
        """Numbers at an offset, in the form of the module struct."""
        if not self.holds(offset, form):
            end = self.start + offset + struct.calcsize(self.order + form)
            raise damaged(self.file, f"{self.name} ends at byte {self.end:,}, where byte {end:,} is needed")
        return struct.unpack_from(self.order + form, self.file.data, self.start + offset)

    def number(self, offset: int, form: str) -> Any:
        """One number at an offset."""
        return self.numbers(offset, form)[0]

    def text(self, offset: int, size: int) -> str:
        """Text of at most `size` bytes at an offset, without what pads it."""
        return readable(self.numbers(offset, f"{size}s")[0])

    def table(self, form: str, width: int) -> list[tuple[Any, ...]]:
        """The rows of a table whose rows are `width` bytes wide."""
        rows = (self.end - self.start) // width if width else 0
        return [self.numbers(row * width, form) for row in range(rows)]


def readable(data: bytes) -> str:
    """Text as recording programs write it: up to the first NUL, UTF-8 or else Windows-1252, on one line."""
    data = data.split(b"\0")[0]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
