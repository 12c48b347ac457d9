"""Antagonism in a functional assay: from agonist curves beside an antagonist to its KB, and whether it competes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.errors import InputError, Problem
from ..core.experiment import Experiment
from ..core.plate import Role
from ..core.result import AssayResult, Pooled, Series
from ..equations.agonist_response import agonist_response
from ..equations.gaddum_schild import allosteric_ec50_shift, gaddum_schild
from ..equations.operational_allosterism import operational_allosterism
from ..figures.antagonist_curves import antagonist_curves
from ..figures.plate_map import plate_map
from ..figures.profile import profile
from ..figures.residuals import residuals
from ..figures.schild_plot import schild_plot
from ._days import plain_mean
from ._functional.scatter import Scatter
from ._functional.wells import in_plate_order, require_vehicle, unread_roles_aside
from ._panel import by_site
from ._schild.bench import TRUTH, simulate
from ._schild.checks import CODES, flags
from ._schild.decision import Antagonism, Day, Decision, decide
from ._schild.drawn import curve_series, schild_series
from ._schild.family import combined_only, families, one_agonist, require_antagonists
from ._schild.fits import fit_family
from ._schild.methods import steps
from ._signal import Signals, annotated, signals, unread_set_aside


@dataclass(frozen=True)
class Settings:
    """How agonist curves beside an antagonist are analysed.

    `level`: confidence level of all intervals.
    """

    level: float = 0.95


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From the wells of one or several days to KB of every antagonist.

    All curves of one experiment are fitted at once by Gaddum and Schild, vehicle wells included. Over the experiments
    the Schild slope decides: where it is 1 within its error, KB is that of the fit with slope 1. An antagonist that
    lowers the agonist's maximum has no KB by competition; the laws for that are compared. KB over days is a geometric
    mean in which n counts days.
    """
    if not 0.5 <= settings.level < 1:
        raise InputError(
            Problem(f"a level of {settings.level:g} is no confidence level", "settings > level", "Write 0.95")
        )
    require_antagonists(experiments)
    experiments = tuple(combined_only(unread_roles_aside(unread_set_aside(one))) for one in experiments)
    require_vehicle(experiments)
    return by_site(experiments, lambda those: _at_one_site(those, settings.level))


def _at_one_site(experiments: tuple[Experiment, ...], level: float) -> AssayResult:
    read = {one.name: signals(in_plate_order(one)) for one in experiments}
    scatter = {name: Scatter.of(one) for name, one in read.items()}
    decisions = tuple(_decisions(experiments, read, scatter, level))
    first = experiments[0].name
    return AssayResult(
        "schild",
        "Antagonism: KB by Gaddum and Schild",
        tuple(annotated(one, read[one.name]) for one in experiments),
        tuple(_series(decisions, level)),
        tuple(_pooled(decisions)),
        flags(decisions, experiments, {name: (one, scatter[name]) for name, one in read.items()}),
        (),
        steps(decisions, read[first], scatter[first], level),
        tuple(_notes(decisions, read)),
    )


def _decisions(
    experiments: tuple[Experiment, ...],
    read: Mapping[str, Signals],
    scatter: Mapping[str, Scatter],
    level: float,
) -> Iterator[Decision]:
    """What every antagonist is over its days, in the order in which they appear."""
    together = one_agonist(experiments)
    days: dict[str, list[Day]] = {}
    for experiment in experiments:
        name = experiment.name
        for family in families(read[name], experiment, together):
            fits = fit_family(family, scatter[name], level)
            days.setdefault(family.subject, []).append(Day(experiment, family, fits))
    for subject, its_days in days.items():
        yield decide(subject, its_days, level)


def _series(decisions: tuple[Decision, ...], level: float) -> Iterator[Series]:
    for decision in decisions:
        for day in decision.days:
            yield curve_series(decision, day, level)
        for day in decision.days:
            line = schild_series(decision, day, level)
            if line is not None and decision.kind is not Antagonism.INSURMOUNTABLE:
                yield line


def _pooled(decisions: tuple[Decision, ...]) -> Iterator[Pooled]:
    """The constant of every antagonist over its days, and the Schild slope."""
    for decision in decisions:
        each = {
            day.experiment.name: found
            for day in decision.days
            if (found := decision.constant(day)) is not None
        }
        if each:
            yield plain_mean(decision.subject, each)
        if decision.slope is not None:
            yield decision.slope


def _notes(decisions: tuple[Decision, ...], read: Mapping[str, Signals]) -> Iterator[str]:
    said = [f"{name}: {note}" for name, one in read.items() for note in one.notes]
    for decision in decisions:
        if any(day.fits.one is not None for day in decision.days):
            said.append(f"{decision.subject}: {decision.kind.value}")
        if decision.compared is not None:
            said.append(f"{decision.subject}: {decision.compared.sentence}")
    yield from dict.fromkeys(said)


schild = Assay(
    name="schild",
    title="Antagonism: agonist curves beside an antagonist, KB by Gaddum and Schild",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(gaddum_schild, agonist_response, allosteric_ec50_shift, operational_allosterism),
    checks=tuple(checks[code] for code in CODES),
    figures=(antagonist_curves, schild_plot, residuals, profile, plate_map),
    reference="Arunlakshana O, Schild HO. Br J Pharmacol 1959;14:48; Lew MJ, Angus JA. TiPS 1995;16:328",
    needs=Needs((Role.TOTAL,), "", ("second_compound", "second_conc"), (Role.BLANK, Role.BACKGROUND)),
)
