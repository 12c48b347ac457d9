"""A plate and what was put in its wells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from .errors import LayoutError, Problem

WELL_NAME = re.compile(r"^\s*([A-Za-z]{1,2})\s*0*([1-9][0-9]{0,2})\s*$")  # of any plate: A01, H12, AF48


class Role(StrEnum):
    """What a well is for."""

    TOTAL = "total"
    NSB = "nsb"
    COMPOUND = "compound"
    ICE = "ice"
    BLANK = "blank"
    BACKGROUND = "background"
    WASH = "wash"


@dataclass(frozen=True)
class PlateFormat:
    """How many rows and columns a plate has."""

    rows: int
    columns: int

    @property
    def size(self) -> int:
        """Number of wells."""
        return self.rows * self.columns

    def position(self, text: str) -> str:
        """The one way to write a well: 'a6', 'A6' and 'A06' are all 'A06'.

        >>> FORMATS[96].position("a6")
        'A06'
        """
        match = WELL_NAME.match(text)
        if match is None:
            raise LayoutError(
                Problem(f"'{text}' is not a well", fix="Write wells as A01 to H12", code="E-WELL")
            )
        row, column = row_index(match[1]), int(match[2]) - 1
        if row >= self.rows or column >= self.columns:
            last = well_name(self.rows - 1, self.columns - 1)
            raise LayoutError(
                Problem(
                    f"well '{text.strip()}' is outside a {self.size}-well plate",
                    fix=f"Its wells are A01 to {last}",
                    code="E-WELL",
                )
            )
        return well_name(row, column)

    def positions(self) -> Iterator[str]:
        """All wells, row by row."""
        for row in range(self.rows):
            for column in range(self.columns):
                yield well_name(row, column)

    def rotate(self, position: str) -> str:
        """Where a well lies after the plate is turned by 180 degrees."""
        row, column = row_and_column(position)
        return well_name(self.rows - 1 - row, self.columns - 1 - column)


FORMATS: Mapping[int, PlateFormat] = {
    24: PlateFormat(4, 6),
    96: PlateFormat(8, 12),
    384: PlateFormat(16, 24),
    1536: PlateFormat(32, 48),
}


def row_index(letters: str) -> int:
    """Row number from 0 of a row label: A is 0, H is 7, AA is 26."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def row_label(index: int) -> str:
    """Row label of a row number from 0: 0 is A, 26 is AA."""
    return chr(ord("A") + index) if index < 26 else row_label(index // 26 - 1) + row_label(index % 26)


def well_name(row: int, column: int) -> str:
    """The name of the well in this row and column, both from 0: (0, 5) is A06."""
    return f"{row_label(row)}{column + 1:02d}"


def row_and_column(position: str) -> tuple[int, int]:
    """Row and column, both from 0, of a well name."""
    match = WELL_NAME.match(position)
    if match is None:
        raise LayoutError(
            Problem(f"'{position}' is not a well", fix="Write wells as A01 to H12", code="E-WELL")
        )
    return row_index(match[1]), int(match[2]) - 1


FURTHER = (
    "substrate_molar",
    "time_s",
    "phase",
    "second_compound",
    "second_molar",
    "protein_g",
    "cells",
    "voltage_v",
    "pulse",
    "end_point",
    "region",
    "dose_g_per_kg",
    "tissue_g",
)


@dataclass(frozen=True)
class Treatment:
    """What was put in one well. Concentrations are final, in mol/L; `nan` means none was stated.

    `radioligand_molar` is the labelled ligand, or the labelled part of a substrate whose labelled and unlabelled parts
    together are `substrate_molar`. `time_s` is the time at which the well was stopped, counted from the start of its
    `phase` ('association' or 'dissociation'). A second compound, such as an antagonist or a modulator, is held at
    `second_molar` while the first varies. `protein_g` and `cells` are what this well holds where wells differ.
    Of a recorded cell `voltage_v` is the potential at which it was held, or to which it was stepped, `pulse` the number
    of a pulse in its train (from 1) and `end_point` where its current was read ('peak', 'plateau'). `region` is the
    part of a brain that was looked at, `tissue_g` the mass of a piece of it, `dose_g_per_kg` what an animal was given.
    """

    role: Role
    compound: str = ""
    concentration_molar: float = float("nan")
    radioligand_molar: float = float("nan")
    substrate_molar: float = float("nan")
    time_s: float = float("nan")
    phase: str = ""
    second_compound: str = ""
    second_molar: float = float("nan")
    protein_g: float = float("nan")
    cells: float = float("nan")
    voltage_v: float = float("nan")
    pulse: float = float("nan")
    end_point: str = ""
    region: str = ""
    dose_g_per_kg: float = float("nan")
    tissue_g: float = float("nan")

    @property
    def further(self) -> dict[str, float | str]:
        """What is stated beyond role, compound, concentration and radioligand, by the name of its field."""
        values = {name: getattr(self, name) for name in FURTHER}
        return {name: value for name, value in values.items() if value == value and value != ""}


# what is told of the quality of a recording: its kind of quantity
QUALITIES: Mapping[str, str] = {
    "series_resistance": "resistance",
    "seal_resistance": "resistance",
    "leak": "current",
    "capacitance": "capacitance",
    "compensation": "fraction",
}


@dataclass(frozen=True)
class Layout:
    """The plate map: what was put in each well."""

    format: PlateFormat
    treatments: Mapping[str, Treatment]

    def rotated(self) -> Layout:
        """The map as the counter saw it when the filter was counted upside down."""
        return replace(
            self, treatments={self.format.rotate(well): what for well, what in self.treatments.items()}
        )


@dataclass(frozen=True)
class Well:
    """One well with what was put in it and what was counted.

    `signal` is as counted, in the `unit` given ('cpm', 'counts', 'dpm' or another word for the raw signal);
    `count_time_s` is the counting time. `signal_se` is the standard error of the signal where the source states one,
    `quality` what an amplifier said of the recording (see `QUALITIES`). A well that is not used keeps its value and
    says why in `set_aside`.
    """

    experiment: str
    plate: str
    position: str
    treatment: Treatment
    signal: float
    unit: str = "cpm"
    count_time_s: float = float("nan")
    quench: float = float("nan")
    set_aside: str = ""
    source: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    signal_se: float = float("nan")
    quality: Mapping[str, float] = field(default_factory=dict)

    @property
    def used(self) -> bool:
        """Whether the well takes part in the analysis."""
        return not self.set_aside
