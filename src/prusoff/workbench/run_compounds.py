"""The [compound] tables of a run file: what is known of a compound beforehand, every key with what it means."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictInt, model_validator

from ..core.errors import Problems
from .parts import Part, about
from .run_tables import ConstantPart
from .values import (
    AnyConcentration,
    BodyMass,
    Clearance,
    Duration,
    Efficiency,
    MassAboveZero,
    MolarMass,
    Names,
    RateConstant,
    Stated,
    VolumePerMass,
)

Form = Literal["base", "salt"]


class NumberPart(Part):
    """A pure number that was measured elsewhere, with its error and source."""

    value: float = Field(gt=0, description="The number, such as 0.02 for 2 % unbound.")
    se: float | None = about("Its standard error.", ge=0)
    log10_se: float | None = about("Standard error of its log10, where it is known on the log scale.", ge=0)
    source: Stated = Field(description="Where it comes from: experiment, paper, label.")


class CoursePart(Part):
    """Doses by mouth and the body that takes them, for the course of plasma and occupancy over the day."""

    dose: MassAboveZero = Field(description="One dose, such as '40 mg'.")
    form: Form = Field(description="What the dose is a mass of: 'base' or 'salt'; it is never guessed.")
    weight: BodyMass = Field(description="Body mass, such as '70 kg'.")
    clearance: Clearance = Field(description="Apparent clearance per body mass, CL/F, such as '0.35 L/h/kg'.")
    half_life: Duration = Field(description="Terminal half-life in plasma.")
    ka: RateConstant = Field(description="Rate constant of absorption.")
    every: Duration | None = about("Time between doses; needed for more than one.")
    doses: StrictInt = about("How many doses.", 1, ge=1)
    ke0: RateConstant | None = about(
        "Rate constant of an effect compartment, where brain lags behind plasma."
    )
    volume: VolumePerMass | None = about(
        "A volume of distribution stated elsewhere; it must fit clearance and half-life."
    )
    bioavailability: Efficiency | None = about("The part of a dose that reaches plasma, such as '63 %'.")
    who: str = about("Whose body this is, such as 'human, extensive metaboliser'.", "")
    source: Stated = Field(description="Where these numbers come from.")

    @model_validator(mode="after")
    def _complete(self) -> CoursePart:
        problems = Problems()
        if self.doses > 1 and self.every is None:
            problems.add(
                "several doses and no time between them", fix="Write every = '24 h'", code="E-MISSING"
            )
        if (self.volume is None) != (self.bioavailability is None):
            fix = "State both, or neither: V/F and V are compared through F"
            problems.add("volume and bioavailability go together", fix=fix, code="E-MISSING")
        problems.raise_if_any()
        return self


class CompoundPart(Part):
    """What is known of one compound beforehand."""

    molar_mass: MolarMass | None = about("Molar mass of the free base.")
    salt_molar_mass: MolarMass | None = about("Molar mass of the salt, with its counter-ion.")
    form: Form | None = about(
        "What concentrations by mass are of, 'base' or 'salt'; needed where there are such, never guessed."
    )
    fraction_unbound: NumberPart | None = about("The part in plasma that is not bound to protein.")
    kp_uu: NumberPart | None = about("Unbound concentration in brain over that in plasma.")
    ki: dict[str, ConstantPart] = about("Constants measured at the bench, by target.", {})
    ic50: dict[str, ConstantPart] = about("IC50 at other targets, for their safety margins.", {})
    exposure: AnyConcentration | None = about("Total concentration in plasma that margins refer to.")
    active_metabolites: Names = about("Metabolites that act at the same targets.", ())
    course: CoursePart | None = about("Doses and body, for the course over the day.")

    @model_validator(mode="after")
    def _consistent(self) -> CompoundPart:
        problems = Problems()
        if self.fraction_unbound is not None and self.fraction_unbound.value > 1:
            what = f"a fraction unbound of {self.fraction_unbound.value:g} is above 1"
            problems.add(what, "fraction_unbound", "Write 0.02 for 2 % unbound", "E-FRACTION")
        base, salt = self.molar_mass, self.salt_molar_mass
        if base is not None and salt is not None and salt.value <= base.value:
            fix = "Exchange them, or correct one"
            problems.add("the salt is no heavier than its base", "salt_molar_mass", fix, "E-MASS")
        for name in ("ki", "ic50"):
            for target, constant in getattr(self, name).items():
                if constant.from_ is not None:
                    fix = (
                        "Write value, se (or log10_se) and source; a run file is followed for Kd and Km only"
                    )
                    problems.add("this constant names a run file", f"{name} > {target}", fix, "E-MISSING")
        problems.raise_if_any()
        return self
