"""Agonists in a functional assay: EC50 and maximum of each, and what it is worth beside a reference agonist."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..checks import catalog as checks
from ..checks.functional import ALPHA
from ..core.assay import Assay, Needs
from ..core.check import Flag
from ..core.errors import InputError, Problem, did_you_mean
from ..core.estimate import Estimate
from ..core.experiment import Experiment
from ..core.fit import Outcome
from ..core.plate import Role
from ..core.result import AssayResult, CurveBand, Pooled, Profile, Ratio, Series
from ..equations.agonist_response import agonist_response
from ..equations.operational_model import operational_activity, operational_model
from ..figures.agonist_curves import agonist_curves
from ..figures.plate_map import plate_map
from ..figures.profile import profile
from ..figures.residuals import residuals
from ..fitting.band import confidence_band
from ..fitting.intervals import profile_curve
from ..fitting.problem import Problem as FitProblem
from ._days import plain_mean
from ._functional.bench import TRUTH, simulate
from ._functional.checks import CODES, curve_flags, reference_flags
from ._functional.curve import AgonistFit, agonist_data, fit_agonist
from ._functional.estimates import RELATIVE, estimates
from ._functional.methods import steps
from ._functional.plates import experiment_flags
from ._functional.scatter import Scatter
from ._functional.together import ACTIVITY, POTENCY, Beside, beside_reference
from ._functional.wells import alone_only, in_plate_order, require_vehicle, unread_roles_aside
from ._panel import by_site
from ._plates import require_compounds
from ._signal import Signals, annotated, compounds, signals, unread_set_aside


@dataclass(frozen=True)
class Settings:
    """How agonist curves are analysed.

    `reference`: the agonist that the others are set against; without one there are no relative numbers.
    `hill_slope`: 'free' fits the slope of every curve, 'one' holds it at 1.
    `level`: confidence level of all intervals.
    """

    reference: str = ""
    hill_slope: Literal["free", "one"] = "free"
    level: float = 0.95


@dataclass(frozen=True)
class Day:
    """All agonists of one experiment, fitted, and those beside the reference."""

    experiment: Experiment
    read: Signals
    scatter: Scatter
    fits: Mapping[str, AgonistFit]
    beside: Mapping[str, Beside]

    def told(self, compound: str, settings: Settings) -> tuple[Estimate, ...]:
        """The estimates of one agonist."""
        return tuple(estimates(self.fits[compound], self.fits.get(settings.reference), settings.level))


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From the wells of one or several days to the EC50 and the maximum of every agonist.

    Every agonist is fitted on every day with the vehicle wells of its plates as points of its curve. Beside a reference
    agonist its relative maximum, fold potency and relative activity (tau/KA) are taken within each day. Means over days
    are geometric; n counts days. One bad curve never touches another.
    """
    if not 0.5 <= settings.level < 1:
        raise InputError(
            Problem(f"a level of {settings.level:g} is no confidence level", "settings > level", "Write 0.95")
        )
    experiments = tuple(alone_only(unread_roles_aside(unread_set_aside(one))) for one in experiments)
    require_compounds(experiments)
    require_vehicle(experiments)
    _require_reference(experiments, settings.reference)
    return by_site(experiments, lambda those: _at_one_site(those, settings))


def _require_reference(experiments: Sequence[Experiment], reference: str) -> None:
    known = list(dict.fromkeys(name for one in experiments for name in compounds(one)))
    if reference and reference not in known:
        raise InputError(
            Problem(
                f"no well holds the reference agonist '{reference}'",
                "settings > reference",
                did_you_mean(reference, known),
                "E-NAME",
            )
        )


def _at_one_site(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    read = {one.name: signals(in_plate_order(one)) for one in experiments}
    scatter = {name: Scatter.of(one) for name, one in read.items()}
    days = _days(experiments, read, scatter, settings)
    names = tuple(dict.fromkeys(name for day in days for name in day.fits))
    first = experiments[0].name
    return AssayResult(
        "functional_response",
        "Agonist responses",
        tuple(annotated(one, read[one.name]) for one in experiments),
        tuple(_series(day, name, settings) for name in names for day in days if name in day.fits),
        tuple(_pooled(days, names, settings)),
        tuple(_flags(days, settings)),
        (),
        steps(read[first], scatter[first], settings.hill_slope, settings.reference, settings.level),
        tuple(_notes(days, names, settings)),
        ratios=tuple(_ratios(days, names, settings)),
    )


def _days(
    experiments: tuple[Experiment, ...],
    read: Mapping[str, Signals],
    scatter: Mapping[str, Scatter],
    settings: Settings,
) -> tuple[Day, ...]:
    fits = {
        one.name: {
            name: fit_agonist(
                agonist_data(read[one.name], name, one),
                scatter[one.name],
                settings.hill_slope,
                settings.level,
            )
            for name in compounds(one)
        }
        for one in experiments
    }
    fullest = _fullest(list(fits.values()))
    return tuple(
        Day(
            one,
            read[one.name],
            scatter[one.name],
            fits[one.name],
            beside_reference(fits[one.name], settings.reference, fullest, settings.level),
        )
        for one in experiments
    )


def _fullest(fits: Sequence[Mapping[str, AgonistFit]]) -> str:
    """The agonist with the largest maximum over the days, by the mean of its log; '' where none has one."""
    spans: dict[str, list[float]] = {}
    for day in fits:
        for name, one in day.items():
            if one.full_curve:
                spans.setdefault(name, []).append(math.log(one.span))
    most = max((len(some) for some in spans.values()), default=0)
    whole = {name: sum(some) / len(some) for name, some in spans.items() if len(some) == most}
    return max(whole, key=lambda name: whole[name], default="")


def _series(day: Day, compound: str, settings: Settings) -> Series:
    one = day.fits[compound]
    drawn = one.outcome is not Outcome.FAILED
    return Series(
        compound,
        day.experiment.name,
        one.outcome,
        one.reason,
        (one.data.points,),
        day.told(compound, settings),
        one.fit if drawn else None,
        (_profile(one, settings.level),) if one.outcome.usable else (),
        (),
        (_band(one, settings.level),) if drawn else (),
        x_label=f"log10 {compound} (M)",
        y_label=f"response ({one.data.unit})",
    )


def _profile(one: AgonistFit, level: float) -> Profile:
    return profile_curve(FitProblem.of(one.fit), one.fit, "log_ec50", level, points=21)


def _band(one: AgonistFit, level: float) -> CurveBand:
    tested = one.data.concentrations
    found = confidence_band(one.fit, np.linspace(tested[0], tested[-1], 101), level=level)
    return CurveBand(found.x, found.fitted, found.low, found.high, one.data.experiment, level)


def _pooled(days: Sequence[Day], names: Sequence[str], settings: Settings) -> Iterator[Pooled]:
    """EC50 and relative maximum of every agonist over the days that gave them; none where no day shows a response."""
    for name in names:
        for quantity in ("EC50", RELATIVE):
            each = {
                day.experiment.name: found
                for day in days
                if name in day.fits
                for found in day.told(name, settings)
                if found.name == quantity
            }
            if each:
                yield plain_mean(name, each)


def _ratios(days: Sequence[Day], names: Sequence[str], settings: Settings) -> Iterator[Ratio]:
    """Fold potency and relative activity of every agonist beside the reference, paired within days."""
    for name in names:
        those = [(day.experiment.name, day.beside[name]) for day in days if name in day.beside]
        by_kind = {
            POTENCY: {}
            if _bent(those)
            else {at: one.potency for at, one in those if one.potency is not None},
            ACTIVITY: {at: one.activity for at, one in those if one.activity is not None},
        }
        for kind, each in by_kind.items():
            if each:
                yield _ratio(kind, name, settings.reference, each)


def _ratio(kind: str, subject: str, reference: str, each: Mapping[str, Estimate]) -> Ratio:
    meaning = {
        POTENCY: f"EC50 of {reference} over EC50 of {subject}: how many times more potent {subject} is.",
        ACTIVITY: f"tau/KA of {subject} over tau/KA of {reference}: affinity and efficacy together.",
    }
    pooled = plain_mean(subject, each)
    return Ratio(kind, subject, reference, pooled.estimate, f"{meaning[kind]} {pooled.sentence}")


def _bent(those: Sequence[tuple[str, Beside]]) -> bool:
    """Whether the curves are not parallel on most days."""
    return sum(one.parallel_p < ALPHA for _, one in those) > len(those) / 2.0


def _flags(days: Sequence[Day], settings: Settings) -> Iterator[Flag]:
    for day in days:
        for name, one in day.fits.items():
            yield from curve_flags(one, day.beside.get(name), len(day.told(name, settings)))
        yield from reference_flags(day.experiment.name, day.fits, settings.reference)
        yield from experiment_flags(day.experiment.name, day.read, day.scatter)


def _notes(days: Sequence[Day], names: Sequence[str], settings: Settings) -> Iterator[str]:
    said = [f"{day.experiment.name}: {note}" for day in days for note in day.read.notes]
    if not settings.reference:
        said.append(
            'No reference agonist is named, so nothing is relative: write reference = "..." under [settings].'
        )
    for name in names:
        those = [(day.experiment.name, day.beside[name]) for day in days if name in day.beside]
        if those and _bent(those):
            said.append(
                f"{name} has no fold potency: its curve is not parallel to that of {settings.reference}. The relative "
                "activity does not ask for parallel curves."
            )
    yield from dict.fromkeys(said)


functional_response = Assay(
    name="functional_response",
    title="Agonist responses: EC50, maximum and relative activity",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(reference="full"),
    equations=(agonist_response, operational_activity, operational_model),
    checks=tuple(checks[code] for code in CODES),
    figures=(agonist_curves, residuals, profile, plate_map),
    reference="Neubig RR et al. Pharmacol Rev 2003;55:597; Black JW, Leff P. Proc R Soc Lond B 1983;220:141",
    needs=Needs((Role.TOTAL,), "", ("second_compound", "second_conc"), (Role.BLANK, Role.BACKGROUND)),
)
