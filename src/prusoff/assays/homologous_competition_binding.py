"""Homologous competition: Kd and Bmax of a ligand from its displacement by its own unlabelled form."""

from __future__ import annotations

from dataclasses import dataclass

from ..checks import catalog as checks
from ..core.assay import Assay
from ..core.errors import InputError, Problem
from ..core.experiment import Experiment
from ..core.fit import Outcome
from ..core.result import AssayResult, Series
from ..equations.concentration_response import four_parameter_logistic
from ..equations.homologous_competition import homologous_competition, homologous_depletion
from ..figures.displacement_curves import displacement_curves
from ..figures.plate_map import plate_map
from ..figures.profile import profile
from ..figures.residuals import residuals
from ..fitting.intervals import profile_curve
from ..fitting.problem import Problem as FitProblem
from ._homologous.bench import TRUTH, simulate
from ._homologous.data import Homologous, homologous, require_one_ligand
from ._homologous.estimates import constants
from ._homologous.fits import bands, fit_homologous
from ._homologous.report import CODES, Analysed, flags, notes, pooled, steps
from ._panel import by_site
from ._plates import require_compounds, require_controls
from ._signal import annotated, unread_set_aside


@dataclass(frozen=True)
class Settings:
    """How homologous competition is analysed.

    `level`: confidence level of all intervals.
    """

    level: float = 0.95


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From the wells of one or several days to Kd and Bmax.

    The curves of all radioligand concentrations of a day are fitted together. Where binding is known in moles, what is
    bound is missing from the solution in every well, which is right at any depletion; the formula without depletion
    stands beside it. With one radioligand concentration that is not far below Kd a check warns: Kd is then the small
    difference of IC50 and [L]. The targets of a panel are analysed one by one.
    """
    if not 0.5 <= settings.level < 1:
        raise InputError(
            Problem(f"a level of {settings.level:g} is no confidence level", "settings > level", "Write 0.95")
        )
    experiments = tuple(map(unread_set_aside, experiments))
    require_compounds(experiments)
    require_controls(experiments)
    require_one_ligand(experiments)
    return by_site(experiments, lambda those: _at_one_site(those, settings.level))


def _at_one_site(experiments: tuple[Experiment, ...], level: float) -> AssayResult:
    analysed = tuple(_analyse(homologous(experiment, level), level) for experiment in experiments)
    return AssayResult(
        "homologous_competition_binding",
        "Homologous competition",
        tuple(annotated(one.day.experiment, one.day.read) for one in analysed),
        tuple(_series(one, level) for one in analysed),
        tuple(pooled(analysed)),
        tuple(flag for one in analysed for flag in flags(one, _spread(one))),
        (),
        tuple(steps(analysed, level)),
        tuple(dict.fromkeys(f"{one.name}: {note}" for one in analysed for note in notes(one))),
    )


def _analyse(day: Homologous, level: float) -> Analysed:
    fits = fit_homologous(day, level)
    return Analysed(day, fits, tuple(constants(day, fits)))


def _spread(one: Analysed) -> float:
    """The highest over the lowest radioligand among the curves that took part; 1 for a single one."""
    added = [curve.ligand.total.value for curve in one.fits.curves]
    return max(added) / min(added) if added else 1.0


def _series(one: Analysed, level: float) -> Series:
    best, experiment = one.fits.best, one.day.experiment
    usable = one.fits.outcome.usable and best is not None
    cold = next((curve.data.compound for curve in one.day.curves), "unlabelled ligand")
    return Series(
        experiment.radioligand.name,
        experiment.name,
        one.fits.outcome,
        one.fits.reason,
        tuple(curve.points for curve in one.day.curves),
        one.estimates,
        None if one.fits.outcome is Outcome.FAILED else best,
        (profile_curve(FitProblem.of(best), best, "log_kd", level),) if usable and best is not None else (),
        (),
        bands(one.day, one.fits, level),
        {},
        f"log10 {cold} (M)",
        f"{experiment.radioligand.name} bound ({one.day.read.unit})",
    )


homologous_competition_binding = Assay(
    name="homologous_competition_binding",
    title="Homologous competition: Kd and Bmax",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(homologous_depletion, homologous_competition, four_parameter_logistic),
    checks=tuple(checks[code] for code in CODES),
    figures=(displacement_curves, residuals, profile, plate_map),
    reference="DeBlasi A, O'Reilly K, Motulsky HJ. Trends Pharmacol Sci 1989;10:227-229",
)
