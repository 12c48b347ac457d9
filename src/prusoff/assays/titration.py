"""Titration of a partner with a ligand, read by fluorescence, FRET or anisotropy: Kd with and without depletion."""

from __future__ import annotations

from dataclasses import dataclass

from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.errors import InputError, Problem
from ..core.experiment import Experiment
from ..core.fit import Outcome
from ..core.plate import Role
from ..core.result import AssayResult, Series
from ..equations.titration import hyperbolic_titration, quadratic_titration
from ..figures.plate_map import plate_map
from ..figures.profile import profile
from ..figures.residuals import residuals
from ..figures.titration_curves import titration_curves
from ..fitting.intervals import profile_curve
from ..fitting.problem import Problem as FitProblem
from ._panel import by_site
from ._plates import require_compounds
from ._signal import Signals, annotated, compounds, signals, unread_set_aside
from ._titration.bench import TRUTH, simulate
from ._titration.data import gathered, nonspecific_told
from ._titration.fits import bands, fit_titration, named
from ._titration.report import CODES, Analysed, constants, flags, notes, pooled, steps


@dataclass(frozen=True)
class Settings:
    """How titrations are analysed.

    `level`: confidence level of all intervals.
    """

    level: float = 0.95


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From the raw signal of wells to the Kd of every ligand that was added to a partner held constant.

    The concentration of the partner is `receptor` of the conditions; with it the quadratic law, which counts what the
    partner takes up, is fitted and pooled, and the hyperbola stands beside it. Wells of the partner alone have the
    role total, wells without partner (or with it blocked) the role nsb with the concentration added, empty wells the
    role blank. The targets of a panel are analysed one by one.
    """
    if not 0.5 <= settings.level < 1:
        raise InputError(
            Problem(f"a level of {settings.level:g} is no confidence level", "settings > level", "Write 0.95")
        )
    experiments = tuple(nonspecific_told(unread_set_aside(one)) for one in experiments)
    require_compounds(experiments)
    return by_site(experiments, lambda those: _at_one_site(those, settings.level))


def _at_one_site(experiments: tuple[Experiment, ...], level: float) -> AssayResult:
    read = {experiment.name: signals(experiment) for experiment in experiments}
    analysed = tuple(
        _analyse(experiment, read[experiment.name], ligand, level)
        for experiment in experiments
        for ligand in compounds(experiment)
    )
    return AssayResult(
        "titration",
        "Titration",
        tuple(annotated(experiment, read[experiment.name]) for experiment in experiments),
        tuple(_series(one, level) for one in analysed),
        tuple(pooled(analysed)),
        tuple(flags(analysed)),
        (),
        tuple(steps(analysed, level)),
        tuple(dict.fromkeys(notes(analysed, experiments))),
    )


def _analyse(experiment: Experiment, read: Signals, ligand: str, level: float) -> Analysed:
    data = gathered(experiment, read, ligand)
    fits = fit_titration(data, level)
    return Analysed(data, fits, tuple(constants(data, fits)))


def _series(one: Analysed, level: float) -> Series:
    best, usable = one.fits.best, one.fits.outcome.usable
    failed = one.fits.outcome is Outcome.FAILED
    return Series(
        one.data.added_name,
        one.day,
        one.fits.outcome,
        one.fits.reason,
        one.data.points,
        one.estimates,
        None if failed else best,
        (profile_curve(FitProblem.of(best), best, named(best, "log_kd"), level),) if usable else (),
        (),
        () if failed else bands(one.data, one.fits, level),
        {},
        f"log10 {one.data.added_name} (M)",
        f"signal ({one.data.read.unit})",
    )


titration = Assay(
    name="titration",
    title="Titration: Kd of direct binding",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(quadratic_titration, hyperbolic_titration),
    checks=tuple(checks[code] for code in CODES),
    figures=(titration_curves, residuals, profile, plate_map),
    reference="Jarmoskaite I, AlSadhan I, Vaidyanathan PP, Herschlag D. eLife 2020;9:e57264",
    needs=Needs(controls=(), label="", also=(Role.TOTAL, Role.NSB, Role.BLANK, Role.BACKGROUND)),
)
