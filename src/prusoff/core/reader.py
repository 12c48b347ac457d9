"""What a file reader is, and what it hands over: wells, tables, recorded sweeps, nothing interpreted yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from .plate import PlateFormat
from .recording import Recording


class Maturity(StrEnum):
    """How far a reader can be trusted."""

    DRAFT = "draft"
    CANDIDATE = "candidate"
    RECOMMENDED = "recommended"


@dataclass(frozen=True)
class PlateReading:
    """What a counter saw on one plate.

    `values` holds the number of every well that has one; `notes` holds the text found where a number was expected
    ('OVRFLW', 'NaN', a flag of the counter), by well. `count_time_s` and `counts` are per well where the file has them.
    `places` says where in the file a well stands.
    """

    name: str
    format: PlateFormat
    values: Mapping[str, float]
    unit: str
    notes: Mapping[str, str] = field(default_factory=dict)
    count_time_s: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[str, float] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A table as text: column names, and rows of cells with the place where each row stands in the file."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    places: tuple[str, ...]


@dataclass(frozen=True)
class RawData:
    """Everything found in one file, with the hash of its bytes. `header` holds what the instrument says of itself."""

    reader: str
    file: str
    sha256: str
    plates: tuple[PlateReading, ...] = ()
    tables: tuple[Table, ...] = ()
    header: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    recordings: tuple[Recording, ...] = ()


@dataclass(frozen=True)
class RawFile:
    """A file before it is understood: its name and all its bytes (size limits were checked when it was loaded)."""

    path: Path
    data: bytes
    sha256: str

    @property
    def name(self) -> str:
        """File name without folders."""
        return self.path.name

    @property
    def extension(self) -> str:
        """Extension in lower case with its dot: '.csv'."""
        return self.path.suffix.lower()


@dataclass(frozen=True)
class Reader:
    """One file format.

    `sniff` looks at the file and says whether it is this format, quickly and without raising; `read` takes it apart
    and raises BrokenFile with the place when it cannot. At most one reader may claim a file.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    sniff: Callable[[RawFile], bool]
    read: Callable[[RawFile], RawData]
    described_in: str
    maturity: Maturity = Maturity.CANDIDATE
