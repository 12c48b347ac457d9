"""Allosteric modulation of binding at equilibrium: KB and cooperativity of a modulator at a second site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..checks import catalog as checks
from ..core.assay import Assay
from ..core.errors import InputError, Problem
from ..core.experiment import Constant, Experiment
from ..core.fit import Fit, Outcome
from ..core.result import AssayResult, CurveBand, Pooled, Series
from ..equations.allosteric import allosteric_ternary_complex
from ..figures.modulation_curve import modulation_curve
from ..figures.plate_map import plate_map
from ..figures.profile import profile
from ..figures.residuals import residuals
from ..figures.response_curve import response_curve
from ..fitting.band import confidence_band
from ..fitting.intervals import profile_curve
from ..fitting.problem import Problem as FitProblem
from ._allosteric_binding.bench import TRUTH, simulate
from ._allosteric_binding.data import modulated
from ._allosteric_binding.estimates import constants, listed, over_days
from ._allosteric_binding.fits import fit_modulator, limit_of, shown
from ._allosteric_binding.report import (
    CODES,
    Analysed,
    Day,
    comparisons,
    flags,
    notes,
    reason,
    steps,
    summaries,
)
from ._ligand import ligand_of
from ._panel import by_site
from ._plates import require_compounds, require_controls
from ._signal import annotated, compounds, signals, unread_set_aside

_GRID = 81


@dataclass(frozen=True)
class Settings:
    """How modulators of binding are analysed.

    `level`: confidence level of all intervals.
    """

    level: float = 0.95


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From the wells of one or several days to KB and alpha of every modulator.

    All radioligand concentrations of a modulator on a day are fitted together, controls included, with the Kd of the
    label as stated. A modulator that lowers binding is set against a competitor by all its days together; where the two
    cannot be told apart alpha is a bound. The targets of a panel are analysed one by one.
    """
    if not 0.5 <= settings.level < 1:
        raise InputError(
            Problem(f"a level of {settings.level:g} is no confidence level", "settings > level", "Write 0.95")
        )
    experiments = tuple(map(unread_set_aside, experiments))
    require_compounds(experiments)
    require_controls(experiments)
    for experiment in experiments:
        _kd(experiment)
    return by_site(experiments, lambda those: at_one_site(those, settings.level))


def at_one_site(experiments: tuple[Experiment, ...], level: float) -> AssayResult:
    """The result of the experiments at one site."""
    days = _days(experiments, level)
    return AssayResult(
        "allosteric_binding",
        "Allosteric modulation of binding",
        tuple(annotated(day.experiment, day.read) for day in days),
        tuple(_series(one, day.read.unit, level) for day in days for one in day.modulators),
        tuple(_pooled(days)),
        tuple(flag for day in days for flag in flags(day)),
        tuple(summary for day in days for summary in summaries(day)),
        tuple(steps(days, level)),
        tuple(dict.fromkeys(f"{day.experiment.name}: {note}" for day in days for note in notes(day))),
    )


def _kd(experiment: Experiment) -> Constant:
    kd = experiment.radioligand.kd
    if kd is None or not kd.value > 0:
        raise InputError(
            Problem(
                "the Kd of the radioligand is not given, and without it there is no KB and no alpha",
                experiment.name,
                'Write kd = { value = "1.2 nM", se = "0.1 nM", source = "..." } in [radioligand]',
                "E-KD",
            )
        )
    return kd


def _days(experiments: tuple[Experiment, ...], level: float) -> tuple[Day, ...]:
    read = {one.name: signals(one) for one in experiments}
    ligands = {one.name: ligand_of(one) for one in experiments}
    fitted = [
        (data, fit_modulator(data, level))
        for one in experiments
        for name in compounds(one)
        for data in [modulated(one, read[one.name], ligands[one.name], name, _kd(one))]
    ]
    limits = {
        name: limit_of([fits for data, fits in fitted if data.modulator == name])
        for name in dict.fromkeys(data.modulator for data, _ in fitted)
    }
    analysed = [
        Analysed(data, fits, limit, constants(data, fits, limit))
        for data, fits in fitted
        for limit in [limits[data.modulator]]
    ]
    return tuple(
        Day(
            one,
            read[one.name],
            ligands[one.name],
            tuple(each for each in analysed if each.data.experiment is one),
        )
        for one in experiments
    )


def _drawn(one: Analysed) -> Fit | None:
    """The fit that the constants come from; that of no effect where there is none."""
    if one.fits.outcome is Outcome.FAILED:
        return None
    if one.fits.outcome is Outcome.NO_RESPONSE:
        return one.fits.flat
    return one.fits.free if one.limit.told else one.fits.competition or one.fits.free


def _outcome(one: Analysed, told: str) -> Outcome:
    if one.fits.has_effect and not one.limit.told:
        bound = any(each.estimate.name == "KB" and each.estimate.is_bound for each in one.found)
        return Outcome.CENSORED if bound else Outcome.FLAGGED
    return Outcome.FLAGGED if one.fits.outcome is Outcome.OK and told else one.fits.outcome


def _series(one: Analysed, unit: str, level: float) -> Series:
    drawn, experiment, told = _drawn(one), one.data.experiment, reason(one)
    outcome = _outcome(one, told)
    name = "log_alpha" if one.limit.told else "log_kb"
    asked = drawn is not None and outcome.usable and name in drawn.names
    return Series(
        one.data.modulator,
        experiment.name,
        outcome,
        told,
        tuple(curve.points for curve in one.data.curves),
        listed(one.found),
        None if drawn is None else shown(drawn),
        (profile_curve(FitProblem.of(drawn), drawn, name, level),) if asked and drawn is not None else (),
        comparisons(one),
        () if drawn is None else tuple(_bands(one, drawn, level)),
        {},
        f"log10 {one.data.modulator} (M)",
        f"{experiment.radioligand.name} bound ({unit})",
    )


def _bands(one: Analysed, drawn: Fit, level: float) -> Iterator[CurveBand]:
    for number, curve in enumerate(one.data.curves):
        tested = curve.data.concentrations
        x = np.linspace(tested[0], tested[-1], _GRID)
        band = confidence_band(drawn, np.stack([x, curve.free_at(x)]), number, level)
        yield CurveBand(x, band.fitted, band.low, band.high, curve.label, level)


def _pooled(days: tuple[Day, ...]) -> Iterator[Pooled]:
    every = [one for day in days for one in day.modulators]
    for modulator in dict.fromkeys(one.data.modulator for one in every):
        mine = [one for one in every if one.data.modulator == modulator]
        yield from over_days(modulator, [(one.data, one.found) for one in mine], mine[0].limit)


allosteric_binding = Assay(
    name="allosteric_binding",
    title="Allosteric modulation of binding: KB and cooperativity",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(allosteric_ternary_complex,),
    checks=tuple(checks[code] for code in CODES),
    figures=(response_curve, modulation_curve, residuals, profile, plate_map),
    reference="Ehlert FJ. Mol Pharmacol 1988;33:187-194; Christopoulos A, Kenakin T. Pharmacol Rev 2002;54:323-374",
)
