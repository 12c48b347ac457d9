"""Occupancy ex vivo: tissue of animals, its binding ratio to a region without sites, and the dose of half occupancy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.errors import InputError, LayoutError, Problem
from ..core.experiment import Experiment
from ..core.plate import Role
from ..core.result import AssayResult
from ..equations.occupancy import available_binding, available_binding_by_dose
from ..figures.dose_occupancy import dose_occupancy
from ._exvivo.animals import read_only, require_reference, study_of, without_use
from ._exvivo.bench import TRUTH, simulate
from ._exvivo.fits import fit_doses
from ._exvivo.report import CODES, flags, pooled, series, steps, with_ratios
from ._panel import by_site
from ._plates import require_compounds
from ._signal import compounds, unread_set_aside


@dataclass(frozen=True)
class Settings:
    """How tissue is read.

    `reference_region`: the region without sites, such as cerebellum; it has to be named.
    `occmax`: 'choose' holds Occmax at 100 % unless AICc asks for a free one, '100' holds it, 'free' fits it.
    `level`: confidence level of all intervals.
    """

    reference_region: str = ""
    occmax: Literal["choose", "100", "free"] = "choose"
    level: float = 0.95


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From counts of weighed pieces of tissue to the occupancy of every dose and the dose of half occupancy.

    An experiment is one animal, its wells are the pieces of its brain. Animals with vehicle are the baseline of all;
    n counts animals. The axis is the dose (g/kg) where doses are stated, else the concentration in plasma.
    """
    if not 0.5 <= settings.level < 1:
        raise InputError(
            Problem(f"a level of {settings.level:g} is no confidence level", "settings > level", "Write 0.95")
        )
    reference = settings.reference_region
    experiments = tuple(read_only(unread_set_aside(one)) for one in experiments)
    require_compounds(experiments)
    require_reference(experiments, reference)
    experiments = tuple(without_use(one, reference) for one in experiments)
    if not any(well.used and well.treatment.role is Role.TOTAL for one in experiments for well in one.wells):
        raise LayoutError(
            Problem(
                "no animal had vehicle, so there is no baseline",
                ", ".join(one.name for one in experiments[:4]),
                "Mark the animals without drug with role = vehicle",
                "E-CONTROLS",
            )
        )
    return by_site(experiments, lambda those: _at_one_site(those, settings))


def _at_one_site(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    study = study_of(experiments, settings.reference_region)
    names = sorted({name for one in experiments for name in compounds(one)})
    fits = [
        fit_doses(study, name, region, settings.occmax, settings.level)
        for name in names
        for region in study.regions
    ]
    return AssayResult(
        "exvivo_occupancy",
        "Occupancy ex vivo",
        tuple(with_ratios(one, study) for one in experiments),
        tuple(series(one, study, settings.level) for one in fits),
        tuple(told for one in fits for told in pooled(one, study, settings.level)),
        tuple(flags(fits, study, experiments, settings.level)),
        (),
        tuple(steps(study, fits, settings.reference_region, settings.level)),
        tuple(dict.fromkeys(note for read in study.read.values() for note in read.notes)),
        counted="animal",
    )


exvivo_occupancy = Assay(
    name="exvivo_occupancy",
    title="Occupancy ex vivo: binding ratio of tissue, ED50",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(reference_region="cerebellum"),
    equations=(available_binding_by_dose, available_binding),
    checks=tuple(checks[code] for code in CODES),
    figures=(dose_occupancy,),
    reference="Innis RB et al. J Cereb Blood Flow Metab 2007;27:1533; Farde L et al. Arch Gen Psychiatry 1988;45:71",
    needs=Needs((), "radioligand", ("region", "dose", "tissue"), (Role.TOTAL, Role.BLANK, Role.BACKGROUND)),
)
