"""Binding kinetics of a radioligand: kon, koff and Kd from association and dissociation over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..affinity.ratios import paired_quotient
from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.check import Flag
from ..core.errors import InputError, Problem
from ..core.estimate import Estimate
from ..core.experiment import Experiment
from ..core.fit import Outcome
from ..core.plate import Role
from ..core.result import AssayResult, Pooled, Ratio, Series
from ..equations.association import one_phase_association
from ..equations.association_dissociation import association_dissociation
from ..equations.bimolecular_association import bimolecular_association
from ..equations.dissociation import one_phase_dissociation, two_phase_dissociation
from ..equations.observed_rate import induced_fit_rate, observed_rate_line
from ..figures.kinetic_trace import kinetic_trace
from ..figures.observed_rate import observed_rate
from ..figures.plate_map import plate_map
from ._binding_kinetics.bench import DILUTION, TRUTH, simulate
from ._binding_kinetics.day import Day, day_of
from ._binding_kinetics.estimates import (
    HALF_LIFE,
    RESIDENCE,
    chase_ratio,
    own_koff_name,
)
from ._binding_kinetics.facts import chase_facts, line_facts, rate_facts
from ._binding_kinetics.methods import notes, steps
from ._binding_kinetics.traces import bands, points, rate_bands, rate_points
from ._binding_kinetics.wells import require_times
from ._days import plain_mean
from ._ligand import efficiency_error
from ._panel import by_site
from ._plate_checks import COUNTING_CODES, counting_flags, judge, outcome_facts
from ._plates import require_controls
from ._signal import annotated, unread_set_aside

CODES = (
    "W-KIN",
    "W-KIN-PLAT",
    "W-KIN-OFF",
    "W-KIN-TWO",
    "W-KIN-LINE",
    "W-KIN-ZERO",
    "W-KIN-CHASE",
    "W-KIN-EQ",
    "W-DEP",
    "W-SPEC",
    "W-OUT",
)
CHASES = "dissociation by dilution"


@dataclass(frozen=True)
class Settings:
    """How time courses of binding are analysed.

    `level`: confidence level of all intervals. `target_fraction`: the part of equilibrium for which the time is told.
    `dilution`: how many times wells of a dissociation that name no chaser were diluted; 0 where none was.
    """

    level: float = 0.95
    target_fraction: float = 0.97
    dilution: float = 0.0


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From wells stopped over time, on one or several days, to kon, koff and Kd.

    All wells of a day are fitted together: association at every concentration of the label, the dissociation that
    follows it, and the nonspecific wells of both, which may drift; nothing is subtracted first. Observed rates against
    the label are set beside it. Where more than a tenth of the label is bound, the label that is used up is part of
    the fit. The targets of a panel are analysed one by one.
    """
    _require(settings)
    experiments = tuple(map(unread_set_aside, experiments))
    require_controls(experiments)
    require_times(experiments, settings.dilution)
    return by_site(experiments, lambda those: _at_one_site(those, settings))


def _require(settings: Settings) -> None:
    if not 0.0 < settings.target_fraction < 1.0:
        raise InputError(
            Problem(
                f"the target fraction {settings.target_fraction:g} is not between 0 and 1",
                "settings > target_fraction",
                "Write 0.97 for 97 % of equilibrium",
                "E-SETTING",
            )
        )


def _at_one_site(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    level = settings.level
    days = tuple(
        day_of(experiment, level, settings.target_fraction, settings.dilution) for experiment in experiments
    )
    return AssayResult(
        "binding_kinetics",
        "Binding kinetics",
        tuple(annotated(day.data.experiment, day.read) for day in days),
        tuple(series for day in days for series in _series(day, level)),
        tuple(_pooled(days)),
        tuple(flag for day in days for flag in _flags(day, level)),
        (),
        tuple(steps(days, level)),
        tuple(dict.fromkeys(f"{day.data.experiment.name}: {note}" for day in days for note in notes(day))),
        ratios=tuple(_ratios(days, level)),
    )


def _series(day: Day, level: float) -> Iterator[Series]:
    experiment, whole = day.data.experiment, day.whole
    label = experiment.radioligand.name
    drawn = whole is not None and day.outcome.usable
    compared = tuple(one.comparison for one in day.chases if one.comparison is not None)
    yield Series(
        label,
        experiment.name,
        day.outcome,
        day.reason,
        points(day.data),
        (*day.estimates, *day.line_estimates),
        whole.best if whole is not None and drawn else None,
        comparisons=compared,
        bands=bands(day.data, whole, day.chases, level) if whole is not None and drawn else (),
        x_label="time (s)",
        y_label=f"{label} bound ({day.data.unit})",
    )
    if day.line is not None:
        yield Series(
            label,
            experiment.name,
            Outcome.OK,
            "",
            (rate_points(day.line),),
            (),
            day.line.fit,
            comparisons=() if day.line.comparison is None else (day.line.comparison,),
            bands=rate_bands(day.line, level),
            x_label="free radioligand (M)",
            y_label="observed rate (1/s)",
        )


def _pooled(days: tuple[Day, ...]) -> Iterator[Pooled]:
    """The constants over the days; the efficiency, which all days share, is in those that hang on the label."""
    experiment, ligand = days[0].data.experiment, days[0].ligand
    of_label = efficiency_error(experiment) if ligand.counted else 0.0
    for name, error in (
        ("kon", of_label),
        ("koff", 0.0),
        ("Kd", of_label),
        (HALF_LIFE, 0.0),
        (RESIDENCE, 0.0),
    ):
        each = _each(days, name)
        if each:
            yield plain_mean(experiment.radioligand.name, each, error)


def _each(days: tuple[Day, ...], name: str) -> dict[str, Estimate]:
    """The estimate of this name of every day that has it."""
    return {day.data.experiment.name: one for day in days for one in day.estimates if one.name == name}


def _ratios(days: tuple[Day, ...], level: float) -> Iterator[Ratio]:
    """The koff after dilution over that after the first chaser, from the days that have both."""
    pairs = [(day, day.chases[0], day.chases[-1]) for day in days if chase_ratio(day.chases) is not None]
    names = dict.fromkeys(first.name for _, first, _ in pairs)
    label = days[0].data.experiment.radioligand.name
    for name in names:
        own = [(day, first, diluted) for day, first, diluted in pairs if first.name == name]
        over, under = (
            [_each((day,), own_koff_name(chase))[day.data.experiment.name] for day, chase in some]
            for some in ([(d, c) for d, _, c in own], [(d, c) for d, c, _ in own])
        )
        ratio = paired_quotient(over, under, "ratio", level)
        yield Ratio(CHASES, f"{label}, diluted", f"{label}, {name}", ratio, _told(ratio, name))


def _told(ratio: Estimate, chaser: str) -> str:
    first = f"The koff after dilution over that after {chaser}"
    if not ratio.has_interval or ratio.low <= 1.0 <= ratio.high:
        return f"{first}: not different from 1, as it is for one kind of sites without cooperativity or rebinding."
    if ratio.value < 1.0:
        return f"{first}: below 1, so label binds again after the dilution, or the chaser speeds dissociation up."
    return f"{first}: above 1, so the chaser slows dissociation down, as an allosteric ligand does."


def _flags(day: Day, level: float) -> Iterator[Flag]:
    data, experiment = day.data, day.data.experiment
    kd = experiment.radioligand.kd
    facts: dict[str, Any] = {
        "kd_molar": None if kd is None else kd.value,
        "incubation_s": experiment.conditions.incubation_s,
        "bound_fraction": data.depletion,
        **outcome_facts(day.outcome, day.reason, len(day.estimates)),
        **rate_facts(day),
        **chase_facts(day),
        **line_facts(day, level),
    }
    yield from judge(CODES, facts, f"{experiment.radioligand.name}, {experiment.name}")
    total = data.of(Role.TOTAL, "") if data.concentrations.size else data.of(Role.TOTAL, data.chases[0])
    late = total & (data.before == data.before[total].max()) & (data.added == data.added[total].max())
    yield from counting_flags(experiment, day.read, day.ligand, np.asarray(data.signal[late]))


binding_kinetics = Assay(
    name="binding_kinetics",
    title="Binding kinetics of a radioligand: kon, koff and Kd",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(dilution=DILUTION),
    equations=(
        association_dissociation,
        bimolecular_association,
        one_phase_association,
        one_phase_dissociation,
        two_phase_dissociation,
        observed_rate_line,
        induced_fit_rate,
    ),
    checks=tuple(checks[code] for code in (*CODES, *COUNTING_CODES)),
    figures=(kinetic_trace, observed_rate, plate_map),
    reference="Motulsky H, Christopoulos A. Fitting Models to Biological Data. Oxford University Press 2004",
    needs=Needs(columns=("time", "phase", "second_compound", "second_conc")),
)
