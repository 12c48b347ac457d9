"""The parts of a HEKA bundle file, and the trees in it: records within records."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..core.reader import RawFile
from ._stretch import Stretch, damaged

_MARKS = {b"eerT": "<", b"Tree": ">"}
_MOST_RECORDS = 300_000
_ITEMS, _ITEM_BYTES, _FIRST_ITEM = 12, 16, 64


@dataclass(frozen=True)
class Record:
    """One record of a tree, and the records within it."""

    own: Stretch
    within: tuple[Record, ...] = ()


@dataclass
class _Walk:
    """Where the walk through a tree stands."""

    file: RawFile
    name: str
    order: str
    sizes: tuple[int, ...]
    at: int
    records: int = field(default=0)


def parts_of(file: RawFile) -> dict[str, tuple[int, int]]:
    """Where each part of the bundle ('.pul', '.pgf', '.dat', ...) begins and how long it is."""
    head = Stretch.of(file, "the header", 0, 256)
    order = "<" if head.number(52, "B") else ">"
    head = Stretch.of(file, "the header", 0, 256, order)
    found = {}
    for item in range(_ITEMS):
        start, size, ending = head.numbers(_FIRST_ITEM + item * _ITEM_BYTES, "ii8s")
        name = ending.split(b"\0")[0].decode("ascii", errors="replace")
        if size:
            found[name] = (start, size)
    return found


def tree_of(file: RawFile, name: str, parts: dict[str, tuple[int, int]], levels: int) -> Record:
    """The tree of a part, of as many levels as it must have; raises BrokenFile where it is cut off or another."""
    if name not in parts:
        raise damaged(file, f"the file has no part '{name}'", "header")
    whole = Stretch.of(file, f"the part '{name}'", *parts[name])
    order = _MARKS.get(bytes(whole.number(0, "4s")))
    if order is None:
        raise damaged(file, "the part does not begin with the mark of a tree", name)
    whole = Stretch.of(file, f"the part '{name}'", *parts[name], order)
    count = whole.number(4, "i")
    if count != levels:
        raise damaged(file, f"the tree has {count} levels, where there are {levels}", name)
    sizes = whole.numbers(8, f"{levels}i")
    if min(sizes) < 0:
        raise damaged(file, "a record has a size below zero", name)
    walk = _Walk(file, f"the part '{name}'", order, sizes, 8 + 4 * levels)
    return _record(walk, whole, 0)


def _record(walk: _Walk, whole: Stretch, level: int) -> Record:
    walk.records += 1
    if walk.records > _MOST_RECORDS or level >= len(walk.sizes):
        raise damaged(walk.file, "the tree has too many records", walk.name)
    start, size = whole.start + walk.at, walk.sizes[level]
    own = Stretch(walk.file, walk.name, start, min(start + size, whole.end), walk.order)
    walk.at += size
    count = whole.number(walk.at, "i")
    walk.at += 4
    if count < 0 or count * 4 > whole.end - whole.start:
        raise damaged(walk.file, f"a record has {count:,} records within it", walk.name)
    return Record(own, tuple(_record(walk, whole, level + 1) for _ in range(count)))
