"""Inhibition of the uptake of a labelled substrate: from wells to IC50 and Ki by mechanism, and fold potencies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ..affinity.inhibition import FORMULAS, refuse_mixed, with_km_error
from ..affinity.pooling import p_value, pool
from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.errors import InputError, Problem
from ..core.experiment import Experiment
from ..core.fit import Outcome
from ..core.measured import Measured
from ..core.plate import Role
from ..core.result import AssayResult, CurveBand, Pooled, Series
from ..equations.competition_binding import two_site_competition
from ..equations.concentration_response import four_parameter_logistic, three_parameter_logistic
from ..figures.normalised_curve import normalised_curve
from ..figures.plate_map import plate_map
from ..figures.profile import profile
from ..figures.residuals import residuals
from ..figures.response_curve import response_curve
from ..fitting.band import confidence_band
from ..fitting.intervals import profile_curve
from ..fitting.problem import Problem as FitProblem
from ._competition.curve import fit_compound
from ._days import plain_mean
from ._ligand import efficiency_error
from ._panel import by_site
from ._plates import plate_summaries, require_compounds
from ._signal import annotated, compounds, unread_set_aside
from ._uptake import per_of, require_background
from ._uptake_inhibition.bench import TRUTH, simulate
from ._uptake_inhibition.checks import CODES, flags
from ._uptake_inhibition.day import Analysed, Day, Settings
from ._uptake_inhibition.estimates import found_in, has_km
from ._uptake_inhibition.methods import steps
from ._uptake_inhibition.potency import fold_potencies
from ._uptake_inhibition.wells import curve_of, day_of, require_one_substrate, told_beside


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From the wells of one or several days to the IC50 and the Ki of every inhibitor of an uptake.

    Every compound is fitted on every day with the wells without inhibitor (of its own vehicle, where a vehicle is named
    as second compound) and the background wells as points of its curve; wells that state their own protein, cells or
    labelled substrate are brought to the median of these first. The relative IC50 becomes a Ki by the mechanism that is
    stated, with the errors of the substrate concentration and of its Km; over days the Ki is a geometric mean in which
    n counts days. The targets of a panel are analysed one by one.
    """
    _require_sense(settings)
    experiments = tuple(map(unread_set_aside, experiments))
    require_compounds(experiments)
    require_background(experiments, settings.background)
    require_one_substrate(experiments)
    return by_site(experiments, lambda those: _at_one_site(those, settings))


def _require_sense(settings: Settings) -> None:
    if not 0.5 <= settings.level < 1:
        what = f"a level of {settings.level:g} is no confidence level"
        raise InputError(Problem(what, "settings > level", "Write 0.95"))
    try:
        refuse_mixed(settings.mechanism)
    except InputError as error:
        raise InputError([replace(one, where="settings > mechanism") for one in error.problems]) from None


def _at_one_site(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    per = per_of(experiments, settings.per)
    days = tuple(day_of(experiment, settings, per) for experiment in experiments)
    analysed = tuple(one for day in days for one in _compounds(day, settings))
    plates = tuple(summary for day in days for summary in plate_summaries(day.experiment, day.read))
    ratios, without = fold_potencies(analysed, settings)
    return AssayResult(
        "uptake_inhibition",
        "Uptake inhibition",
        tuple(_annotated(day, analysed) for day in days),
        tuple(_series(one, settings) for one in analysed),
        tuple(_pooled(analysed, settings)),
        flags(analysed, days, plates, settings),
        plates,
        steps(analysed, days, settings),
        tuple(dict.fromkeys((*_notes(analysed, days, settings), *without))),
        ratios=ratios,
    )


def _compounds(day: Day, settings: Settings) -> Iterator[Analysed]:
    for compound in compounds(day.experiment):
        data = curve_of(day, compound, settings)
        fits = fit_compound(data, None, settings.level)
        yield Analysed(day, data, fits, found_in(data, fits, day, settings))


def _annotated(day: Day, analysed: Sequence[Analysed]) -> Experiment:
    """The experiment with net signal, density and uptake in percent of control beside every well that has them."""
    told = told_beside(day, [one.data for one in analysed if one.day is day])
    found = annotated(day.experiment, day.counted)
    wells = (
        replace(well, extra={**well.extra, **told.get((well.plate, well.position), {})})
        for well in found.wells
    )
    return replace(found, wells=tuple(wells))


def _series(one: Analysed, settings: Settings) -> Series:
    fit = one.fits.free if settings.hill_slope == "free" else one.fits.one
    usable, failed = one.fits.outcome.usable, one.fits.outcome is Outcome.FAILED
    profiles = (profile_curve(FitProblem.of(fit), fit, "log_ic50", settings.level),) if usable else ()
    brought = f" at equal {' and '.join(one.day.corrected)}" if one.day.corrected else ""
    return Series(
        one.data.compound,
        one.experiment.name,
        one.fits.outcome,
        one.fits.reason,
        (one.data.points,),
        one.constants.estimates,
        None if failed else fit,
        profiles,
        one.fits.comparisons if usable else (),
        () if failed else (_band(one, settings),),
        one.constants.shares,
        f"log10 {one.data.compound} (M)",
        f"uptake{brought} ({one.data.unit})",
    )


def _band(one: Analysed, settings: Settings) -> CurveBand:
    fit = one.fits.free if settings.hill_slope == "free" else one.fits.one
    tested = one.data.concentrations
    found = confidence_band(fit, np.linspace(tested[0], tested[-1], 121), level=settings.level)
    return CurveBand(found.x, found.fitted, found.low, found.high, one.experiment.name, settings.level)


def _pooled(analysed: Sequence[Analysed], settings: Settings) -> Iterator[Pooled]:
    """Ki where there is one, else the IC50, of every compound over the days that gave one.

    A compound that does nothing on any day has no mean; a day without response beside others enters as its bound.
    """
    for compound in dict.fromkeys(one.data.compound for one in analysed):
        mine = [one for one in analysed if one.data.compound == compound]
        if all(one.fits.outcome is Outcome.NO_RESPONSE for one in mine):
            continue
        for pooled in _over_days(compound, mine, settings):
            yield replace(pooled, sentence=f"{pooled.sentence}{_mechanism(pooled, settings)}")


def _mechanism(pooled: Pooled, settings: Settings) -> str:
    """By which mechanism a Ki follows from the IC50, to stand beside the number."""
    if pooled.estimate.name != "Ki":
        return ""
    return f" {settings.mechanism.capitalize()} inhibition: {FORMULAS[settings.mechanism]}."


def _over_days(compound: str, mine: Sequence[Analysed], settings: Settings) -> Iterator[Pooled]:
    """The daily Ki with Km taken as exact, then the error of Km once, because every day used the same."""
    ki = {one.experiment.name: one for one in mine if one.constants.conversion is not None}
    if not ki:
        each = {one.experiment.name: one.constants.estimates[0] for one in mine if one.constants.estimates}
        if each:
            yield plain_mean(compound, each)
        return
    found = [one.constants.conversion for one in ki.values() if one.constants.conversion is not None]
    if len(found) == 1 or settings.mechanism == "noncompetitive":
        yield plain_mean(compound, {name: one.ki for name, one in zip(ki, found, strict=True)})
        return
    pooled = pool(compound, tuple(ki), [one.ki_without_kd_error for one in found], settings.level)
    km, substrate = next(iter(ki.values())).experiment.radioligand.km, _shared_substrate(tuple(ki.values()))
    if km is None or not pooled.estimate.has_interval:
        yield pooled
        return
    widened = with_km_error(pooled.estimate, substrate, km, settings.mechanism)
    narrow = pooled.estimate.interval_text
    sentence = f"{pooled.sentence} Without the error of Km the interval would be {narrow}."
    yield replace(pooled, estimate=widened, p_estimate=p_value(widened), sentence=sentence)


def _shared_substrate(days: Sequence[Analysed]) -> Measured:
    """The mean substrate of the days with the part of its error that they share: the efficiency, where counted."""
    value = sum(one.day.substrate.value for one in days) / len(days)
    log10_se = max(efficiency_error(one.experiment) if one.day.ligand.counted else 0.0 for one in days)
    return Measured(value, value * np.log(10.0) * log10_se)


def _notes(analysed: Sequence[Analysed], days: Sequence[Day], settings: Settings) -> Iterator[str]:
    for day in days:
        yield from (f"{day.experiment.name}: {note}" for note in (*day.counted.notes, *day.ligand.notes))
        if not any(one.day is day for one in analysed):
            yield f"{day.experiment.name}: no well holds a compound."
        if day.velocity.missing:
            lacking = "; ".join(day.velocity.missing)
            yield f"{day.experiment.name}: no velocity is told. Not stated: {lacking}."
    needs_km = settings.mechanism != "noncompetitive"
    if needs_km and any(one.experiment.radioligand.km is None for one in days):
        yield (
            "No Km of the substrate is given, so the IC50 is not turned into a Ki: it hangs on [S] and Km. It is never "
            "guessed; state substrate.km, or name a noncompetitive mechanism if that is known."
        )
    elif needs_km and not all(has_km(one.experiment.radioligand.km, one) for one in days):
        yield 'The substrate concentration is not given, so no Ki is computed: write substrate = "50 nM".'
    if settings.background == "zero":
        yield "There is no background: all of the signal is taken as uptake, and full inhibition as none left."
    roles = {well.treatment.role for day in days for well in day.experiment.used}
    if {Role.NSB, Role.ICE} <= roles:
        kept, other = ("blocker", "4 °C") if settings.background == "blocker" else ("4 °C", "blocker")
        yield f"The background of the curves is that with {kept}; that with {other} was compared with it."


uptake_inhibition = Assay(
    name="uptake_inhibition",
    title="Uptake inhibition: IC50, Ki by mechanism and fold potency",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(reference="first", usable_minutes=7.0),
    equations=(four_parameter_logistic, three_parameter_logistic, two_site_competition),
    checks=tuple(checks[code] for code in CODES),
    figures=(response_curve, normalised_curve, residuals, profile, plate_map),
    reference="Segel IH. Enzyme Kinetics. Wiley 1975; Cheng Y-C, Prusoff WH. Biochem Pharmacol 1973;22:3099",
    needs=Needs(
        (Role.TOTAL,),
        "substrate",
        ("second_compound", "protein", "cells"),
        (Role.NSB, Role.ICE),
    ),
)
