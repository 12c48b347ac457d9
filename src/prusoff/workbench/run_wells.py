"""The tables of a run file about wells: units, columns and plate maps."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictInt, model_validator

from ..core.errors import InputError, Problem
from .parts import Part, about
from .values import (
    Cells,
    ConcentrationUnit,
    DoseUnit,
    FileName,
    MassAboveZero,
    MassUnit,
    Molar,
    MolarAboveZero,
    MolarUnit,
    Names,
    Stated,
    Time,
    TimeUnit,
    Voltage,
    VoltageUnit,
)


class UnitsPart(Part):
    """Units of columns that state none; a unit in a heading, a column or a cell must agree with these."""

    concentration: ConcentrationUnit | None = about(
        "Unit of compound concentrations; of one by mass the compound needs its molar mass, see [compound]."
    )
    radioligand: MolarUnit | None = about("Unit of radioligand concentrations.")
    substrate: MolarUnit | None = about("Unit of substrate concentrations.")
    time: TimeUnit | None = about("Unit of times.")
    protein: MassUnit | None = about("Unit of the protein in a well.")
    voltage: VoltageUnit | None = about("Unit of potentials.")
    dose: DoseUnit | None = about("Unit of doses, such as mg/kg.")
    tissue: MassUnit | None = about("Unit of the mass of pieces of tissue.")
    signal: Stated | None = about("Unit of the signal: counts, cpm, dpm, or another word for the raw signal.")


class ColumnsPart(Part):
    """Which column of a table is what, where the heading is not the usual one."""

    plate: Stated | None = about("Column that names the plate.")
    well: Stated | None = about("Column that names the well.")
    role: Stated | None = about(
        "Column that says total, nsb, compound, ice, wash, blank or background; '-' or nothing for a well not in "
        "use."
    )
    compound: Stated | None = about("Column that names the compound.")
    conc: Stated | None = about("Column of compound concentrations.")
    conc_unit: Stated | None = about("Column with the unit of each concentration.")
    signal: Stated | None = about("Column of what was counted.")
    signal_unit: Stated | None = about("Column with the unit of each signal.")
    replicate: Stated | None = about("Column that numbers the replicates.")
    count_time: Stated | None = about("Column of counting times.")
    quench: Stated | None = about("Column of the quench indicator.")
    radioligand: Stated | None = about("Column of radioligand concentrations.")
    experiment: Stated | None = about("Column that tells independent experiments apart.")
    member: Stated | None = about("Column that names the member of the panel.")
    time: Stated | None = about("Column of the times at which wells were stopped.")
    phase: Stated | None = about("Column that says association or dissociation.")
    substrate: Stated | None = about("Column of substrate concentrations, labelled and unlabelled together.")
    second_compound: Stated | None = about("Column that names a second compound, such as an antagonist.")
    second_conc: Stated | None = about("Column of concentrations of the second compound.")
    protein: Stated | None = about("Column of the protein in a well.")
    cells: Stated | None = about("Column of the cells in a well.")
    voltage: Stated | None = about(
        "Column of the potentials at which a cell was held, or to which it was stepped."
    )
    pulse: Stated | None = about("Column that numbers the pulses of a train, from 1.")
    end_point: Stated | None = about("Column that says where a current was read: peak, plateau.")
    region: Stated | None = about("Column that names the region of the brain.")
    dose: Stated | None = about("Column of the doses that animals were given.")
    tissue: Stated | None = about("Column of the mass of each piece of tissue.")
    signal_se: Stated | None = about("Column of the standard error of each signal, in its unit.")
    series_resistance: Stated | None = about("Column of the series resistance of a recording.")
    seal_resistance: Stated | None = about("Column of the seal or membrane resistance of a recording.")
    leak: Stated | None = about("Column of the leak current at the holding potential.")
    capacitance: Stated | None = about("Column of the capacitance of the cell.")
    compensation: Stated | None = about("Column of the part of the series resistance that is compensated.")
    set_aside: Stated | None = about(
        "Column with the reason why a well is set aside; empty for wells in use."
    )


class SeriesPart(Part):
    """A dilution series over a block of wells: one concentration for each row or column of the block."""

    top: MolarAboveZero = Field(
        description="The highest concentration; it stands in the first row or column."
    )
    steps: StrictInt = Field(ge=1, description="How many concentrations.")
    factor: float = Field(gt=1, description="What each concentration is divided by to give the next.")
    along: Literal["rows", "columns"] = about(
        "'rows': the next row has the next concentration; 'columns': the next column.", "rows"
    )


class WellsPart(Part):
    """One entry of a layout: these wells hold this."""

    wells: Names = Field(description="Wells such as 'A01', a block such as 'A01:C04', or a list of both.")
    role: Literal["total", "nsb", "compound", "ice", "wash", "blank", "background"] | None = about(
        "What the wells are for; not needed where a compound is named. 'ice' is an uptake at 4 C, 'wash' a "
        "control after the compound is washed out. 'blank' and "
        "'background' wells hold no radioligand: their mean is the counter background of their plate, in place of "
        "[counting] background."
    )
    compound: Stated | None = about("The compound in the wells.")
    concentration: Molar | None = about("Its final concentration.")
    series: SeriesPart | None = about("A dilution series in place of one concentration.")
    radioligand: Molar | None = about("Final radioligand concentration where it differs between wells.")
    substrate: Molar | None = about("Final substrate concentration where it differs between wells.")
    time: Time | None = about("When the wells were stopped.")
    phase: Literal["association", "dissociation"] | None = about("What the time is counted from.")
    second_compound: Stated | None = about("A second compound in the wells, such as an antagonist.")
    second_concentration: Molar | None = about("Its final concentration.")
    protein: MassAboveZero | None = about("Protein in these wells.")
    cells: Cells | None = about("Cells in these wells.")
    voltage: Voltage | None = about("Potential at which these cells are held.")
    end_point: Stated | None = about("Where the current is read: peak, plateau.")


class LayoutPart(Part):
    """A plate map, given as one of: a file, a grid of text, a list of wells."""

    format: Literal[24, 96, 384, 1536] = about("Number of wells of the plate.", 96)
    file: FileName | None = about("CSV or XLSX file with the map as grids or as a list.")
    sheet: Stated | None = about("Sheet of the workbook that holds the map.")
    grid: Stated | None = about(
        "The map as text: cells such as total, nsb, 'imipramine 10 nM', - for not used."
    )
    wells: tuple[WellsPart, ...] = about("The map as a list of wells and what they hold.", ())

    @model_validator(mode="after")
    def _one_form(self) -> LayoutPart:
        given = [name for name in ("file", "grid", "wells") if getattr(self, name)]
        if len(given) != 1:
            what = f"the layout has {' and '.join(given)}" if given else "the layout is empty"
            raise InputError(Problem(what, fix="Give exactly one of file, grid and wells", code="E-LAYOUT"))
        return self
