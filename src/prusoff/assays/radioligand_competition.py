"""Competition with a radioligand: from wells to Ki, with the errors of IC50, [L] and Kd carried."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from ..checks import catalog as checks
from ..core.assay import Assay
from ..core.errors import InputError, Problem
from ..core.experiment import Experiment
from ..core.fit import Fit, Outcome
from ..core.plate import Role
from ..core.result import AssayResult, CurveBand, Pooled, Profile, Series
from ..equations.competition_binding import one_site_competition_ki, two_site_competition
from ..equations.concentration_response import four_parameter_logistic, three_parameter_logistic
from ..equations.tight_binding_competition import tight_binding_competition
from ..figures.fold_shift import fold_shift
from ..figures.normalised_curve import normalised_curve
from ..figures.plate_map import plate_map
from ..figures.profile import profile
from ..figures.residuals import residuals
from ..figures.response_curve import response_curve
from ..figures.selectivity import selectivity
from ..fitting.band import confidence_band
from ..fitting.intervals import profile_curve
from ..fitting.problem import Problem as FitProblem
from ._competition.bench import TRUTH, simulate
from ._competition.checks import CODES, flags
from ._competition.curve import fit_compound
from ._competition.data import compound_data
from ._competition.day import Analysed, Settings
from ._competition.depletion import depletion_of_stated_sites, exact_mean, exact_where_needed
from ._competition.depletion import notes as notes_of_depletion
from ._competition.enantiomers import enantiomer_ratios, require_enantiomers
from ._competition.estimates import constants
from ._competition.methods import steps
from ._days import Day, over_days, plain_mean
from ._ligand import bound, ligand_of, shared_part
from ._panel import by_site
from ._plates import plate_summaries, require_compounds, require_controls
from ._signal import Signals, annotated, compounds, mean_of, signals, unread_set_aside


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From the wells of one or several days to the Ki of every compound.

    Every compound is fitted on every day with the control wells of its plates as points of its curve; the relative IC50
    becomes a Ki by Cheng and Prusoff with the free radioligand of that day, and where the sites use up radioligand or
    competitor the exact equilibrium is fitted instead; the Ki over days is a geometric mean in
    which n counts days. One bad curve never touches another. Wells without label (role background or blank) give the
    counter background of their plate, in place of a stated one. The targets of a panel are analysed one by one and
    then set against each other; so are compounds that are stated to be enantiomers.
    """
    if not 0.5 <= settings.level < 1:
        raise InputError(
            Problem(f"a level of {settings.level:g} is no confidence level", "settings > level", "Write 0.95")
        )
    experiments = tuple(map(unread_set_aside, experiments))
    require_compounds(experiments)
    require_controls(experiments)
    require_enantiomers(experiments, settings.enantiomers)
    return by_site(experiments, lambda those: at_one_site(those, settings), settings.margin)


def at_one_site(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """The result of the experiments at one site."""
    read = {experiment.name: signals(experiment) for experiment in experiments}
    each = tuple(
        one for experiment in experiments for one in _compounds(experiment, read[experiment.name], settings)
    )
    analysed = exact_where_needed(each, settings.level)
    plates = tuple(
        summary
        for experiment in experiments
        for summary in plate_summaries(experiment, read[experiment.name])
    )
    return AssayResult(
        "radioligand_competition",
        "Radioligand competition",
        tuple(annotated(experiment, read[experiment.name]) for experiment in experiments),
        tuple(_series(one, settings) for one in analysed),
        tuple(_pooled(analysed)),
        flags(analysed, plates, read),
        plates,
        steps(analysed, read, settings),
        _notes(analysed, read),
        ratios=tuple(enantiomer_ratios(analysed, settings.enantiomers, settings.level)),
    )


def _compounds(experiment: Experiment, read: Signals, settings: Settings) -> Iterator[Analysed]:
    ligand = ligand_of(experiment)
    if read.unit == "dpm":
        total, nonspecific = (mean_of(read.of_role(role)) for role in (Role.TOTAL, Role.NSB))
        ligand = bound(ligand, experiment, total, nonspecific)
    ligand = depletion_of_stated_sites(ligand, experiment)
    kd = experiment.radioligand.kd
    known = (
        None
        if kd is None or not ligand.free.value > 0
        else (math.log10(ligand.free.value), math.log10(kd.value))
    )
    for compound in compounds(experiment):
        data = compound_data(read, compound, experiment)
        asked = ("log_ki",) if settings.hill_slope == "free" else ()
        fits = fit_compound(data, known, settings.level, asked)
        found = constants(data, fits, ligand, kd, settings.hill_slope)
        yield Analysed(experiment, data, fits, found, ligand)


def _series(one: Analysed, settings: Settings) -> Series:
    fit = one.fits.free if settings.hill_slope == "free" else one.fits.one
    if one.exact is not None:
        fit = one.exact.fit
    usable = one.fits.outcome.usable
    return Series(
        one.data.compound,
        one.experiment.name,
        one.fits.outcome,
        one.fits.reason,
        (one.data.points,),
        one.constants.estimates,
        None if one.fits.outcome is Outcome.FAILED else fit,
        (_profile(fit, settings.level),) if usable else (),
        one.fits.comparisons if usable else (),
        () if one.fits.outcome is Outcome.FAILED else (_band(one, fit, settings.level),),
        one.constants.shares,
        f"log10 {one.data.compound} (M)",
        f"{one.experiment.radioligand.name} bound ({one.data.unit})",
    )


def _profile(fit: Fit, level: float) -> Profile:
    return profile_curve(FitProblem.of(fit), fit, fit.equation.location, level)


def _band(one: Analysed, fit: Fit, level: float) -> CurveBand:
    """The curve with its band in the unit of the wells; the exact law has its response in mol/L."""
    tested = one.data.concentrations
    found = confidence_band(fit, np.linspace(tested[0], tested[-1], 121), level=level)
    unit = 1.0 if one.exact is None else one.exact.molar_per_signal
    heights = (found.fitted / unit, found.low / unit, found.high / unit)
    return CurveBand(found.x, *heights, one.data.experiment, level)


def _pooled(analysed: tuple[Analysed, ...]) -> Iterator[Pooled]:
    """Ki where Kd is known, else the relative IC50, of every compound over the days that gave one.

    Where the sites use up a ligand, the Ki is the exact one.
    A compound that does nothing on any day has no mean; a day without response beside others enters as its bound.
    """
    for compound in dict.fromkeys(one.data.compound for one in analysed):
        mine = [one for one in analysed if one.data.compound == compound]
        if all(one.fits.outcome is Outcome.NO_RESPONSE for one in mine):
            continue
        if any(one.exact is not None for one in mine):
            yield exact_mean(compound, [one for one in mine if one.constants.conversion is not None])
            continue
        converted = [one for one in mine if one.constants.conversion is not None]
        kd = converted[0].experiment.radioligand.kd if converted else None
        if kd is not None:
            days = [
                Day(one.experiment.name, one.constants.conversion, shared_part(one.ligand, one.experiment))
                for one in converted
                if one.constants.conversion
            ]
            yield over_days(compound, days, kd)
            continue
        each = {one.experiment.name: one.constants.estimates[0] for one in mine if one.constants.estimates}
        if each:
            yield plain_mean(compound, each)


def _notes(analysed: tuple[Analysed, ...], read: Mapping[str, Signals]) -> tuple[str, ...]:
    notes = [f"{name}: {note}" for name, one in read.items() for note in one.notes]
    idle = [name for name in read if name not in {one.experiment.name for one in analysed}]
    notes += [f"{name}: no well holds a compound." for name in idle]
    notes += [f"{one.experiment.name}: {note}" for one in analysed for note in one.ligand.notes]
    if any(one.experiment.radioligand.kd is not None and not one.ligand.free.value > 0 for one in analysed):
        notes.append(
            'The radioligand concentration is not given, so no Ki is computed: write radioligand = "1.0 nM".'
        )
    if any(one.experiment.radioligand.kd is None for one in analysed):
        notes.append("No Kd of the radioligand is given, so no Ki is computed; it is never guessed.")
    notes += notes_of_depletion(analysed)
    return tuple(dict.fromkeys(notes))


radioligand_competition = Assay(
    name="radioligand_competition",
    title="Radioligand competition: IC50 and Ki",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(
        four_parameter_logistic,
        three_parameter_logistic,
        one_site_competition_ki,
        two_site_competition,
        tight_binding_competition,
    ),
    checks=tuple(checks[code] for code in CODES),
    figures=(response_curve, normalised_curve, residuals, profile, plate_map),
    occasional=(selectivity, fold_shift),
    reference="Cheng Y-C, Prusoff WH. Biochem Pharmacol 1973;22:3099; Assay Guidance Manual, receptor binding assays",
)
