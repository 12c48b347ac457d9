"""The tables of a run file: every key with its kind and what it means."""

from __future__ import annotations

from typing import Literal

from pydantic import (
    Field,
    StrictBool,
    StrictInt,
    model_validator,
)

from ..core.errors import InputError, Problem, Problems
from .parts import Part, about
from .run_recordings import AppliedPart, CellPart
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
    Names,
    RateConstant,
    Share,
    SpecificActivity,
    Stated,
    Volume,
)


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
    variant: str = about("The mutant or variant, such as S438T; nothing for the wild type.", "")


class ConstantPart(Part):
    """The Kd of the radioligand or the Km of the substrate: a value with its error and source, or the run that
    measured it.
    """

    value: MolarAboveZero | None = about("The constant with its unit, such as '0.80 nM'.")
    se: Molar | None = about("Its standard error, with its unit; this or log10_se goes with a value.")
    log10_se: float | None = about(
        "Standard error of its log10, where it was estimated on the log scale.", ge=0
    )
    source: Stated | None = about("Where the value comes from: experiment, paper, database.")
    temperature: Celsius | None = about("Temperature at which it holds.")
    species: str = about("Species for which it holds.", "")
    system: str = about("System for which it holds.", "")
    from_: FileName | None = about(
        "Run file that gives it: a saturation for a Kd, uptake kinetics for a Km.",
        alias="from",
    )

    @model_validator(mode="after")
    def _complete(self) -> ConstantPart:
        problems = Problems()
        if self.from_ is not None and self.value is not None:
            problems.add(
                "the constant has a value and a run file to take it from",
                fix="Keep one of 'value' and 'from'",
            )
        elif self.from_ is None and self.value is None:
            fix = 'Write value = "0.80 nM" with its se and source, or from = "saturation.toml"; it is never guessed'
            problems.add("the constant has no value", fix=fix, code="E-MISSING")
        elif self.value is not None:
            if self.se is None and self.log10_se is None:
                fix = 'Write se = "..." from the same source; without it the interval of a Ki would be too narrow'
                problems.add("the constant has no standard error", fix=fix, code="E-MISSING")
            if self.source is None:
                fix = 'Write source = "...": the experiment, paper or database it comes from'
                problems.add("the constant has no source", fix=fix, code="E-MISSING")
        problems.raise_if_any()
        return self


class LabelPart(Part):
    """The labelled ligand or substrate, as far as it is stated."""

    name: Stated | None = about("The labelled ligand, such as '[3H]nisoxetine'.")
    nuclide: Stated | None = about("The nuclide, such as 3H or 125I.")
    labelled_atoms: StrictInt = about("Labelled atoms in one molecule when fully labelled.", 1, ge=1)
    specific_activity: SpecificActivity | None = about("Specific activity on the calibration date.")
    calibration_date: Date | None = about("The date for which the specific activity is stated.")
    decay: Literal["dilution", "catastrophe", "general"] | None = about(
        "What is left after a decay: unlabelled ligand ('dilution'), nothing that binds ('catastrophe'), or a mixture."
    )
    koff: RateConstant | None = about("Dissociation rate constant at the temperature of the assay.")
    kd: ConstantPart | None = about("Dissociation constant of the radioligand; required for a Ki.")
    km: ConstantPart | None = about(
        "Michaelis constant of a labelled substrate; required for a Ki from uptake."
    )


class RadioligandPart(LabelPart):
    """The labelled ligand."""

    name: Stated = Field(description="The labelled ligand, such as '[3H]nisoxetine'.")
    nuclide: Stated = Field(description="The nuclide, such as 3H or 125I.")


class LotPart(Part):
    """Another lot of the label, in place of the specific activity and the date that are stated for all."""

    specific_activity: SpecificActivity | None = about("Its specific activity on its calibration date.")
    calibration_date: Date | None = about("The date for which that is stated.")


class SubstratePart(RadioligandPart):
    """The labelled substrate of an uptake."""


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


class PanelPart(Part):
    """A member of a panel: a target, or a variant of one, with its own label where it has one."""

    target: TargetPart = about("What differs from [target].", TargetPart())
    radioligand: LabelPart = about("What differs from [radioligand] or [substrate].", LabelPart())
    conditions: ConditionsPart = about("What differs from [conditions].", ConditionsPart())


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
    member: Stated | None = about("The member of the [panel] that was looked at.")
    radioligand: MolarAboveZero | None = about(
        "Final concentration of radioligand, or of labelled substrate, as planned."
    )
    radioligand_se: Molar | None = about("Standard error of that concentration.")
    lot: LotPart = about("The lot of the label that was used, where it is not that of all.", LotPart())
    substrate: MolarAboveZero | None = about(
        "Final concentration of the whole substrate, labelled and unlabelled; as the labelled one by default."
    )
    aliquots: AliquotsPart | None = about(
        "Counted aliquots of the working solution; they go before the plan."
    )
    conditions: ConditionsPart = about("What differed from [conditions] on this day.", ConditionsPart())
    counting: CountingPart = about("What differed from [counting] on this day.", CountingPart())
    set_aside: tuple[SetAsidePart, ...] = about("Wells that take no part, each with its reason.", ())
    recording: Stated | None = about("The recording, where the file holds several.")
    measure: Stated | None = about("Name of the [measure] table of a recorded cell; 'default' by default.")
    cell: CellPart = about("What the amplifier said of a recorded cell.", CellPart())
    applied: tuple[AppliedPart, ...] = about("What was on a recorded cell, and in which sweeps.", ())
