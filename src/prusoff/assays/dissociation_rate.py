"""Dissociation rate: what a modulator at a second site does to the rate at which a label leaves, and its EC50."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.check import Flag
from ..core.estimate import Estimate
from ..core.experiment import Experiment
from ..core.fit import Outcome
from ..core.plate import Role
from ..core.result import AssayResult, Pooled, Series
from ..equations.allosteric import allosteric_dissociation, allosteric_dissociation_rate
from ..figures.kinetic_trace import kinetic_trace
from ..figures.modulated_rate import RELATIVE, modulated_rate
from ..figures.plate_map import plate_map
from ._days import plain_mean
from ._dissociation_rate.bench import TRUTH, simulate
from ._dissociation_rate.drawn import course_bands, rate_band, rate_points
from ._dissociation_rate.estimates import EC50, constants, relative_rate
from ._dissociation_rate.fits import CourseFits, fit_courses
from ._dissociation_rate.methods import steps
from ._dissociation_rate.wells import Courses, courses, require_times, without_association
from ._ligand import Ligand, ligand_of
from ._panel import by_site
from ._plate_checks import COUNTING_CODES, counting_flags, judge, outcome_facts
from ._plates import require_compounds, require_controls
from ._signal import Signals, annotated, signals, unread_set_aside

CODES = ("W-ALLO-CHASE", "W-ALLO-RANGE", "W-KIN-OFF", "W-SPEC", "W-OUT")


@dataclass(frozen=True)
class Settings:
    """How dissociation in the presence of a modulator is analysed.

    `level`: confidence level of all intervals.
    """

    level: float = 0.95


@dataclass(frozen=True)
class Analysed:
    """One modulator on one day, fitted."""

    data: Courses
    fits: CourseFits
    estimates: tuple[Estimate, ...]
    rate: Estimate | None


@dataclass(frozen=True)
class Day:
    """One experiment as read, with its modulators."""

    experiment: Experiment
    read: Signals
    ligand: Ligand
    modulators: tuple[Analysed, ...]


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From wells stopped after the chase to the EC50 of every modulator on the rate of dissociation.

    Total wells hold no modulator, compound wells hold one; both name their time. A well whose second compound is empty
    was diluted at the chase, else that compound was added in excess. All wells of a modulator on a day are fitted
    together, nonspecific wells included. EC50 over days is a geometric mean in which n counts days. The targets of a
    panel are analysed one by one.
    """
    experiments = tuple(without_association(unread_set_aside(one)) for one in experiments)
    require_compounds(experiments)
    require_controls(experiments)
    require_times(experiments)
    return by_site(experiments, lambda those: at_one_site(those, settings))


def at_one_site(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """The result of the experiments at one site."""
    days = tuple(_day(experiment, settings.level) for experiment in experiments)
    chases = sorted({chase for day in days for one in day.modulators for chase in one.data.chases})
    return AssayResult(
        "dissociation_rate",
        "Dissociation rate with modulators",
        tuple(annotated(day.experiment, day.read) for day in days),
        tuple(series for day in days for one in day.modulators for series in _series(one, settings.level)),
        tuple(_pooled(days)),
        tuple(flag for day in days for flag in _flags(day)),
        (),
        tuple(steps(days[0].read, settings.level, tuple(chases))),
        tuple(
            dict.fromkeys(
                f"{day.experiment.name}: {note}"
                for day in days
                for note in (*day.read.notes, *day.ligand.notes)
            )
        ),
    )


def _day(experiment: Experiment, level: float) -> Day:
    read = signals(experiment)
    return Day(
        experiment,
        read,
        ligand_of(experiment),
        tuple(_analyse(data, level) for data in courses(experiment, read)),
    )


def _analyse(data: Courses, level: float) -> Analysed:
    fits = fit_courses(data, level)
    return Analysed(data, fits, tuple(constants(data, fits)), relative_rate(data, fits, level))


def _series(one: Analysed, level: float) -> Iterator[Series]:
    data, fits, experiment = one.data, one.fits, one.data.experiment
    drawn = fits.whole if fits.outcome is not Outcome.FAILED else None
    yield Series(
        data.modulator,
        experiment.name,
        fits.outcome,
        fits.reason,
        data.points(),
        one.estimates,
        drawn,
        bands=() if drawn is None else tuple(course_bands(data, drawn, level)),
        x_label="time (s)",
        y_label=f"{experiment.radioligand.name} bound ({data.unit})",
    )
    if drawn is not None and fits.log_rates:
        yield Series(
            data.modulator,
            experiment.name,
            fits.outcome,
            fits.reason,
            (rate_points(fits),),
            () if one.rate is None else (one.rate,),
            bands=(rate_band(data, drawn, level),),
            x_label=f"log10 {data.modulator} (M)",
            y_label=RELATIVE,
        )


def _pooled(days: tuple[Day, ...]) -> Iterator[Pooled]:
    """EC50 of every modulator, and its rate at the highest concentration, over the days."""
    everything = [one for day in days for one in day.modulators]
    for modulator in dict.fromkeys(one.data.modulator for one in everything):
        mine = [one for one in everything if one.data.modulator == modulator]
        each = {
            one.data.experiment.name: estimate
            for one in mine
            for estimate in one.estimates
            if estimate.name == EC50
        }
        if each:
            yield plain_mean(modulator, each)
        rates = {one.data.experiment.name: one.rate for one in mine if one.rate is not None}
        if rates and len({rate.name for rate in rates.values()}) == 1:
            yield plain_mean(modulator, rates)


def _flags(day: Day) -> Iterator[Flag]:
    for one in day.modulators:
        yield from judge(CODES, _facts(one), f"{one.data.modulator}, {day.experiment.name}")
    times = [
        well.treatment.time_s for well in day.read.wells if well.used and well.treatment.role is Role.TOTAL
    ]
    first = min(times, default=math.nan)
    alike = day.read.pick(
        lambda well: well.used and well.treatment.role is Role.TOTAL and well.treatment.time_s == first
    )[1]
    yield from counting_flags(day.experiment, day.read, day.ligand, np.asarray(alike))


def _facts(one: Analysed) -> dict[str, Any]:
    data, fits, whole = one.data, one.fits, one.fits.whole
    facts: dict[str, Any] = {
        "chase": next((chase for chase in data.chases if chase != "dilution"), "dilution"),
        "label": data.experiment.radioligand.name,
        "modulator": data.modulator,
        **outcome_facts(fits.outcome, fits.reason, len(one.estimates)),
    }
    if whole is None or fits.outcome is Outcome.FAILED:
        return facts
    followed = float(data.time[data.bound & np.isneginf(data.log_modulator)].max())
    span = next(whole.value(name) for name in whole.names if name.startswith("span"))
    total = span + whole.value("plateau")
    facts |= {
        "dissociated": -math.expm1(-(10.0 ** whole.value("log_koff")) * followed),
        "specific_fraction": span / total if total > 0 else None,
    }
    if fits.outcome.usable:
        low, *_, high = data.concentrations
        ec50 = next(estimate.value for estimate in one.estimates if estimate.name == EC50)
        facts |= {"ec50_molar": ec50, "lowest_molar": 10.0**low, "highest_molar": 10.0**high}
    return facts


dissociation_rate = Assay(
    name="dissociation_rate",
    title="Dissociation rate with modulators: allosteric EC50",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(allosteric_dissociation, allosteric_dissociation_rate),
    checks=tuple(checks[code] for code in (*CODES, *COUNTING_CODES)),
    figures=(kinetic_trace, modulated_rate, plate_map),
    reference="Lazareno S, Birdsall NJM. Mol Pharmacol 1995;48:362; Chen F et al., J Neurochem 2005;92:21",
    needs=Needs(columns=("time", "phase", "second_compound", "second_conc")),
)
