"""What was done at the bench on one day: ligand, conditions, counter, wells. All in inside units."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from .plate import Layout, Well
from .trace import Trace


@dataclass(frozen=True)
class Constant:
    """A constant that was not measured in this experiment, with its standard error and where it comes from.

    `log10_se` is the standard error of its log10 where the constant was estimated on the log scale, `df` the degrees of
    freedom behind it (infinite where they are not known). Temperature, species and system say under which conditions it
    holds; empty or nan means not stated.
    """

    value: float
    se: float
    unit: str
    source: str
    log10_se: float = math.nan
    temperature_c: float = math.nan
    species: str = ""
    system: str = ""
    df: float = math.inf


@dataclass(frozen=True)
class Radioligand:
    """The labelled ligand or substrate. Specific activity in dpm/mol on the calibration date; `labelled_atoms` per
    molecule.

    `kd` is its dissociation constant at this target, `km` the Michaelis constant of a substrate; without them there is
    no Ki. An assay without a label has one whose name is empty.
    """

    name: str
    nuclide: str
    specific_activity_dpm_per_mol: float = math.nan
    calibration_date: dt.date | None = None
    labelled_atoms: int = 1
    decay_mode: str = ""
    koff_per_s: float = math.nan
    kd: Constant | None = None
    km: Constant | None = None


@dataclass(frozen=True)
class Added:
    """How much radioligand went into a well: planned (mol/L), and as counted in aliquots of the working solution.

    `aliquot_rates_cpm` are the count rates of aliquots of `aliquot_volume_l`; `ligand_volume_l` of that solution goes
    into each well. `substrate_molar` is the whole substrate of an uptake, labelled and unlabelled.
    """

    planned_molar: float = math.nan
    planned_se_molar: float = math.nan
    aliquot_rates_cpm: tuple[float, ...] = ()
    aliquot_volume_l: float = math.nan
    ligand_volume_l: float = math.nan
    aliquot_count_time_s: float = math.nan
    substrate_molar: float = math.nan


@dataclass(frozen=True)
class Conditions:
    """Where the binding or the uptake took place and for how long; `variant` is '' for the wild type."""

    target: str = ""
    species: str = ""
    system: str = ""
    temperature_c: float = math.nan
    incubation_s: float = math.nan
    volume_l: float = math.nan
    protein_g: float = math.nan
    protein_se_g: float = math.nan
    cells: float = math.nan
    nsb_definer: str = ""
    buffer: str = ""
    receptor_molar: float = math.nan
    variant: str = ""

    @property
    def site(self) -> str:
        """Target and variant in one word: 'SERT', 'SERT S438T'."""
        return " ".join(filter(None, (self.target, self.variant)))


@dataclass(frozen=True)
class QuenchStandard:
    """One quenched standard: the quench indicator the counter printed and the efficiency found for it."""

    indicator: float
    efficiency: float


@dataclass(frozen=True)
class Counting:
    """How the wells were counted. Efficiency as a fraction, background in counts per minute; nan means not stated."""

    efficiency: float = math.nan
    efficiency_se: float = 0.0
    quench_curve: tuple[QuenchStandard, ...] = ()
    time_s: float = math.nan
    background_cpm: float = math.nan
    background_time_s: float = math.nan
    pipetting_cv: float = math.nan


@dataclass(frozen=True)
class Dosing:
    """How a body is dosed and what it does with the drug, for a course of its plasma over the day.

    `dose_g` is the mass of the `form` ('base' or 'salt') that is swallowed, `clearance` (L/s/kg) the apparent one,
    CL/F, `volume_l_per_kg` a volume of distribution that is stated beside it, with the `bioavailability` that leads
    from one to the other; nan where none is. `effect_per_s` is ke0 of an effect compartment. `doses` are given one an
    `interval_s`. `who` says whose body this is.
    """

    dose_g: float
    form: str
    weight_kg: float
    absorption_per_s: float
    clearance: float
    half_life_s: float
    source: str
    who: str = ""
    interval_s: float = 86400.0
    doses: int = 1
    effect_per_s: float = math.nan
    volume_l_per_kg: float = math.nan
    bioavailability: float = math.nan


@dataclass(frozen=True)
class Compound:
    """What is known of a compound beyond its name, and was not measured in this experiment.

    Molar masses in g/mol, of the free base and of the salt; `form` ('base' or 'salt') is what mass concentrations are
    of. `fraction_unbound` is that in plasma, `kp_uu` the unbound concentration in brain over that in plasma; `ki` are
    constants measured at the bench by target, `ic50` those of other targets, to be set beside `exposure_molar`, a total
    concentration in plasma. `active_metabolites` act at the same targets. nan, None and '' mean not stated.
    """

    name: str
    molar_mass: float = math.nan
    salt_molar_mass: float = math.nan
    form: str = ""
    fraction_unbound: Constant | None = None
    kp_uu: Constant | None = None
    ki: Mapping[str, Constant] = field(default_factory=dict)
    ic50: Mapping[str, Constant] = field(default_factory=dict)
    exposure_molar: float = math.nan
    active_metabolites: tuple[str, ...] = ()
    dosing: Dosing | None = None


@dataclass(frozen=True)
class Experiment:
    """One independent experiment (a day): n counts these, not wells.

    `layouts` are the plate maps as applied, by plate; `notes` are sentences about what was met while reading;
    `member` names the member of a panel (a target, or a variant of one) that was looked at, `compounds` what is known
    of the compounds beforehand. Of a recorded cell `traces` are some of its sweeps, to be drawn.
    """

    name: str
    wells: tuple[Well, ...]
    radioligand: Radioligand
    added: Added = field(default_factory=Added)
    conditions: Conditions = field(default_factory=Conditions)
    counting: Counting = field(default_factory=Counting)
    date: dt.date | None = None
    layouts: tuple[tuple[str, Layout], ...] = ()
    rotated: bool = False
    notes: tuple[str, ...] = ()
    member: str = ""
    compounds: tuple[Compound, ...] = ()
    traces: tuple[Trace, ...] = ()

    @property
    def used(self) -> tuple[Well, ...]:
        """The wells that take part."""
        return tuple(well for well in self.wells if well.used)

    @property
    def plates(self) -> tuple[str, ...]:
        """Plate names in the order in which they appear."""
        return tuple(dict.fromkeys(well.plate for well in self.wells))

    def compound(self, name: str) -> Compound:
        """What is known of a compound beforehand; a bare name where nothing is."""
        return next((one for one in self.compounds if one.name == name), Compound(name))
