"""Uptake against time: is it linear, for how long, and what is its initial velocity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.check import Flag
from ..core.errors import InputError, Problem
from ..core.estimate import figures
from ..core.experiment import Experiment
from ..core.fit import Outcome
from ..core.plate import Role
from ..core.result import AssayResult, Pooled, Series, Step
from ..equations.uptake_time_course import levelling_uptake, linear_uptake
from ..figures.kinetic_trace import kinetic_trace
from ..figures.linear_phase import linear_phase
from ..figures.plate_map import plate_map
from ..figures.profile import profile
from ..figures.residuals import residuals
from ..fitting.intervals import profile_curve
from ..fitting.problem import Problem as FitProblem
from ._days import plain_mean
from ._methods import counting_steps, fitting_step
from ._panel import by_site
from ._plate_checks import COUNTING_CODES, counting_flags, judge, outcome_facts
from ._signal import annotated, unread_set_aside
from ._uptake import per_of, require_background
from ._uptake_time_course.analysis import USABLE, V0, Analysed, Settings, analyse, facts, latest
from ._uptake_time_course.bench import TRUTH, simulate
from ._uptake_time_course.course import bands, points, v0_name

CODES = ("W-LIN", "W-SUBDEP", "W-BG", "W-CELLS", "W-OUT")
NOT_READ = "a time course reads wells without inhibitor"
SEGEL = "segel_1975"


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From wells stopped at several times to the initial velocity and to the time until which the uptake is linear.

    Wells with uptake and their background are fitted together on every day, once in proportion to time and once
    levelling off; the extra sum of squares decides. v0 over days is a geometric mean in which n counts days. The
    incubation of the conditions is the time that the assay is to last: it is judged against the usable time. Wells
    with an inhibitor take no part. The targets of a panel are analysed one by one.
    """
    if not 0.5 <= settings.level < 1:
        what = f"a level of {settings.level:g} is no confidence level"
        raise InputError(Problem(what, "settings > level", "Write 0.95"))
    experiments = tuple(_inhibited_set_aside(unread_set_aside(one)) for one in experiments)
    require_background(experiments, settings.background)
    return by_site(experiments, lambda those: _at_one_site(those, settings))


def _inhibited_set_aside(experiment: Experiment) -> Experiment:
    wells = tuple(
        replace(well, set_aside=NOT_READ) if well.used and well.treatment.role is Role.COMPOUND else well
        for well in experiment.wells
    )
    return replace(experiment, wells=wells)


def _at_one_site(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    per = per_of(experiments, settings.per)
    analysed = tuple(analyse(one, settings, per) for one in experiments)
    return AssayResult(
        "uptake_time_course",
        "Uptake time course",
        tuple(annotated(one.experiment, one.counted) for one in analysed),
        tuple(_series(one, settings) for one in analysed),
        tuple(_pooled(analysed)),
        tuple(flag for one in analysed for flag in _flags(one)),
        (),
        tuple(_steps(analysed, settings)),
        tuple(dict.fromkeys(note for one in analysed for note in _notes(one, settings))),
    )


def _series(one: Analysed, settings: Settings) -> Series:
    usable, kept = one.outcome.usable, one.phase.kept
    parameter = v0_name(kept) if one.phase.is_linear else "log_rate"
    name = one.experiment.radioligand.name
    brought = f" at equal {' and '.join(one.corrected)}" if one.corrected else ""
    failed = one.outcome is Outcome.FAILED
    return Series(
        name,
        one.experiment.name,
        one.outcome,
        one.reason,
        points(one.data),
        one.estimates,
        None if failed else kept,
        (profile_curve(FitProblem.of(kept), kept, parameter, settings.level),) if usable else (),
        (one.phase.comparison,) if usable and one.phase.comparison is not None else (),
        () if failed else bands(kept, one.phase.longest_s, settings.level),
        {},
        "time (s)",
        f"uptake{brought} ({one.data.unit})",
    )


def _pooled(analysed: Sequence[Analysed]) -> Iterator[Pooled]:
    """v0 and the usable time over the days; v0 with the error of efficiency and protein, which all days share."""
    subject = analysed[0].experiment.radioligand.name
    shared = {V0: max(one.velocity.log10_se for one in analysed), USABLE: 0.0}
    for name, error in shared.items():
        each = {one.experiment.name: found for one in analysed if (found := one.estimate(name)) is not None}
        if each:
            yield plain_mean(subject, each, error)


def _flags(one: Analysed) -> Iterator[Flag]:
    found = {**facts(one), **outcome_facts(one.outcome, one.reason, len(one.estimates))}
    yield from judge(CODES, found, f"{one.experiment.radioligand.name}, {one.experiment.name}")
    yield from counting_flags(one.experiment, one.read, one.ligand, latest(one))


def _steps(analysed: Sequence[Analysed], settings: Settings) -> Iterator[Step]:
    first = analysed[0]
    yield from counting_steps(first.read)
    if first.corrected:
        brought = " and the median ".join(first.corrected)
        yield Step(
            f"Every well was brought to the median {brought} of its experiment before anything was compared."
        )
    how = {
        "blocker": "Wells without inhibitor and wells with blocker were fitted together, with one leak and one signal "
        "at time 0",
        "ice": "Wells without inhibitor and wells at 4 °C were fitted together, with one leak and one signal at time 0",
        "zero": "Wells without inhibitor were fitted through the origin, with no background",
    }[settings.background]
    yield Step(
        f"{how}: in proportion to time, and levelling off. The extra sum of squares decided between the two.",
        "Y = background + leak t + v0 t;  Y = background + leak t + v0 (1 − exp(−k t)) / k",
        (SEGEL, "motulsky_christopoulos_2004"),
    )
    yield fitting_step(first.read, settings.level)
    yield Step(
        "The usable time is that in which the mean velocity lost 10 % to levelling off; it is never given beyond the "
        "last time measured.",
        "(1 − exp(−k t)) / (k t) = 0.9, t = 0.2146 / k",
    )
    if first.velocity.known:
        per = {"protein": "the protein", "cells": "the number of cells", "well": "nothing else"}[first.per]
        yield Step(
            f"v0 is told by the specific activity of the substrate in the wells, diluted by what is unlabelled, and "
            f"{per}."
        )
    yield Step(
        "n counts independent experiments; replicate wells do not increase it. Means are geometric.",
        citations=("neubig_2003",),
    )


def _notes(one: Analysed, settings: Settings) -> Iterator[str]:
    name = one.experiment.name
    yield from (f"{name}: {note}" for note in (*one.counted.notes, *one.ligand.notes))
    if one.velocity.missing:
        lacking = "; ".join(one.velocity.missing)
        yield f"{name}: v0 stays in {one.data.unit} per second. Not stated: {lacking}."
    if not one.experiment.conditions.incubation_s > 0:
        yield "State conditions.incubation, the time that the assay is to last: it is then judged against the course."
    usable = one.estimate(USABLE)
    if usable is not None and usable.is_bound:
        yield f"{name}: the uptake is linear to 10 % until {figures(usable.value, unit='s')} at least."
    if settings.background == "zero":
        yield "There is no background: all of the signal is taken as uptake by the carrier."


uptake_time_course = Assay(
    name="uptake_time_course",
    title="Uptake time course: linear phase and initial velocity",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(linear_uptake, levelling_uptake),
    checks=tuple(checks[code] for code in (*CODES, *COUNTING_CODES)),
    figures=(kinetic_trace, linear_phase, residuals, profile, plate_map),
    reference="Segel IH. Enzyme Kinetics. Wiley 1975",
    needs=Needs((Role.TOTAL,), "substrate", ("time", "protein", "cells"), (Role.NSB, Role.ICE)),
)
