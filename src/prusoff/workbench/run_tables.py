"""The tables of a run file: every key with its kind and what it means."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    model_validator,
)

from ..core.errors import InputError, Problem, Problems
from .values import (
    Cells,
    Celsius,
    CountRate,
    Date,
    Duration,
    Efficiency,
    FileName,
    Mass,
    MassAboveZero,
    Molar,
    MolarAboveZero,
    MolarUnit,
    Names,
    RateConstant,
    Share,
    SpecificActivity,
    Stated,
    Volume,
)

MOST_BYTES = 5_000_000


class Part(BaseModel):
    """A table of the run file: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=False
    )


def about(description: str, default: Any = None, **more: Any) -> Any:
    """A key with a default and the description that the documentation prints."""
    return Field(default=default, description=description, **more)


class RunPart(Part):
    """What this run is."""

    title: Stated = Field(description="What was measured, in a few words; it heads the report.")
    assay: Stated = Field(description="The assay that analyses it, by its name on the assays shelf.")
    simulated: StrictBool = about("True when the data come from a simulation; the report says so.", False)
    seed: StrictInt = about("Where the random numbers of the analysis start.", 1, ge=0)


class TargetPart(Part):
    """What the ligands bind to."""

    name: str = about("The target, such as NET.", "")
    species: str = about("The species the target comes from.", "")
    system: str = about("Membranes, cells or tissue.", "")


class KdPart(Part):
    """The dissociation constant of the radioligand: a value with its error and source, or a saturation run."""

    value: MolarAboveZero | None = about("Kd with its unit, such as '0.80 nM'.")
    se: Molar | None = about("Standard error of Kd, with its unit; this or log10_se goes with a value.")
    log10_se: float | None = about(
        "Standard error of log10 Kd, where Kd was estimated on the log scale.", ge=0
    )
    source: Stated | None = about("Where the value comes from: experiment, paper, database.")
    temperature: Celsius | None = about("Temperature at which this Kd holds.")
    species: str = about("Species for which this Kd holds.", "")
    system: str = about("System for which this Kd holds.", "")
    from_: FileName | None = about("Run file of the saturation experiment that gives Kd.", alias="from")

    @model_validator(mode="after")
    def _complete(self) -> KdPart:
        problems = Problems()
        if self.from_ is not None and self.value is not None:
            problems.add(
                "Kd has a value and a run file to take it from", fix="Keep one of 'value' and 'from'"
            )
        elif self.from_ is None and self.value is None:
            fix = 'Write value = "0.80 nM" with its se and source, or from = "saturation.toml"; it is never guessed'
            problems.add("Kd has no value", fix=fix, code="E-MISSING")
        elif self.value is not None:
            if self.se is None and self.log10_se is None:
                fix = 'Write se = "..." from the same source; without it the interval of a Ki would be too narrow'
                problems.add("Kd has no standard error", fix=fix, code="E-MISSING")
            if self.source is None:
                fix = 'Write source = "...": the experiment, paper or database it comes from'
                problems.add("Kd has no source", fix=fix, code="E-MISSING")
        problems.raise_if_any()
        return self


class RadioligandPart(Part):
    """The labelled ligand."""

    name: Stated = Field(description="The labelled ligand, such as '[3H]nisoxetine'.")
    nuclide: Stated = Field(description="The nuclide, such as 3H or 125I.")
    labelled_atoms: StrictInt = about("Labelled atoms in one molecule when fully labelled.", 1, ge=1)
    specific_activity: SpecificActivity | None = about("Specific activity on the calibration date.")
    calibration_date: Date | None = about("The date for which the specific activity is stated.")
    decay: Literal["dilution", "catastrophe", "general"] | None = about(
        "What is left after a decay: unlabelled ligand ('dilution'), nothing that binds ('catastrophe'), or a mixture."
    )
    koff: RateConstant | None = about("Dissociation rate constant at the temperature of the assay.")
    kd: KdPart | None = about("Dissociation constant of the radioligand; required for a Ki.")


class ConditionsPart(Part):
    """Where the binding took place and for how long."""

    temperature: Celsius | None = about("Temperature of the incubation.")
    incubation: Duration | None = about("Duration of the incubation.")
    volume: Volume | None = about("Total volume in a well.")
    protein: MassAboveZero | None = about("Protein in a well.")
    protein_se: Mass | None = about("Standard error of the protein in a well.")
    cells: Cells | None = about("Cells in a well.")
    receptor: Molar | None = about("Concentration of sites in a well, where it is known.")
    nsb: str = about("What defines nonspecific binding, such as '10 uM desipramine'.", "")
    buffer: str = about("The incubation buffer.", "")


class CountingPart(Part):
    """How the wells were counted."""

    efficiency: Efficiency | None = about("Counting efficiency; without it counts never become dpm.")
    efficiency_se: Share | None = about("Standard error of the efficiency, in the same percent.")
    time: Duration | None = about("Counting time of a well.")
    background: CountRate | None = about(
        "Background count rate; it is subtracted from every well of a plate without background or blank wells."
    )
    background_time: Duration | None = about("How long the background was counted.")
    pipetting_cv: Share | None = about("Coefficient of variation of a pipetting step.")
    quench_curve: tuple[tuple[float, float], ...] = about(
        "Quenched standards as [indicator, efficiency as a fraction].", ()
    )

    @model_validator(mode="after")
    def _fractions(self) -> CountingPart:
        for number, (_, efficiency) in enumerate(self.quench_curve, start=1):
            if not 0 < efficiency <= 1:
                what = f"the efficiency {efficiency:g} of standard {number} is not a fraction between 0 and 1"
                raise InputError(Problem(what, "quench_curve", "Write 0.42 for 42 %", "E-EFFICIENCY"))
        return self


class UnitsPart(Part):
    """Units of columns that state none; a unit in a heading, a column or a cell must agree with these."""

    concentration: MolarUnit | None = about("Unit of compound concentrations.")
    radioligand: MolarUnit | None = about("Unit of radioligand concentrations.")
    signal: Stated | None = about("Unit of the signal: counts, cpm, dpm, or another word for the raw signal.")


class ColumnsPart(Part):
    """Which column of a table is what, where the heading is not the usual one."""

    plate: Stated | None = about("Column that names the plate.")
    well: Stated | None = about("Column that names the well.")
    role: Stated | None = about(
        "Column that says total, nsb, compound, blank or background; '-' or nothing for a well not in use."
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
    role: Literal["total", "nsb", "compound", "blank", "background"] | None = about(
        "What the wells are for; not needed where a compound is named. 'blank' and 'background' wells hold no "
        "radioligand: their mean is the counter background of their plate, in place of [counting] background."
    )
    compound: Stated | None = about("The compound in the wells.")
    concentration: Molar | None = about("Its final concentration.")
    series: SeriesPart | None = about("A dilution series in place of one concentration.")
    radioligand: Molar | None = about("Final radioligand concentration where it differs between wells.")


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


class AliquotsPart(Part):
    """The working solution of the radioligand as it was counted."""

    rates: tuple[CountRate, ...] = Field(min_length=1, description="Count rates of the aliquots.")
    volume: Volume = Field(description="Volume of an aliquot.")
    ligand_volume: Volume = Field(description="Volume of the same solution that goes into each well.")
    time: Duration | None = about("Counting time of an aliquot.")


class SetAsidePart(Part):
    """Wells that take no part, and why."""

    wells: Names = Field(description="Wells such as 'B03', a block such as 'A01:A03', or a list of both.")
    reason: Stated = Field(description="Why; it is printed in every report.")
    plate: Stated | None = about("The plate, where the experiment has more than one.")


class ExperimentPart(Part):
    """One independent experiment: a day, with its file and what differed on that day."""

    name: Stated | None = about(
        "A short name; the file name, or the value in the experiment column, by default."
    )
    date: Date | None = about("The day of the assay; the radioligand has decayed until then.")
    file: FileName = Field(description="The raw data, beside the run file.")
    reader: Stated | None = about("Reader to use where the format is not recognised.")
    sheet: Stated | None = about("Sheet of the workbook that holds a tidy table.")
    plate: Names = about("Plates to take from the file; all by default.", ())
    layout: Stated | None = about("Name of the plate map; 'default' by default.")
    format: Literal[24, 96, 384, 1536] | None = about(
        "Number of wells of the plates of a tidy table; 96 by default."
    )
    rotated: StrictBool = about("True when the filter was counted turned by 180 degrees.", False)
    radioligand: MolarAboveZero | None = about("Final concentration of radioligand as planned.")
    radioligand_se: Molar | None = about("Standard error of that concentration.")
    aliquots: AliquotsPart | None = about(
        "Counted aliquots of the working solution; they go before the plan."
    )
    conditions: ConditionsPart = about("What differed from [conditions] on this day.", ConditionsPart())
    counting: CountingPart = about("What differed from [counting] on this day.", CountingPart())
    set_aside: tuple[SetAsidePart, ...] = about("Wells that take no part, each with its reason.", ())
