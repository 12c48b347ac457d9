"""Occupancy of receptors in the living brain: EC50 in plasma, unbound, and beside the constant of the bench."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.check import Flag
from ..core.errors import InputError, Problem, did_you_mean
from ..core.experiment import Compound, Experiment
from ..core.plate import Role
from ..core.result import AssayResult, Pooled, Ratio, Series, Step
from ..core.selectivity import SELECTIVITY
from ..equations.occupancy import (
    available_binding,
    lassen_plot,
    receptor_occupancy,
    shared_site_occupancy,
)
from ..figures.lassen_plot import lassen_plots
from ..figures.occupancy_course import occupancy_course
from ..figures.occupancy_curve import occupancy_curve
from ..figures.residuals import residuals
from ._occupancy.bench import TRUTH, simulate
from ._occupancy.course import Routes, courses, sentence
from ._occupancy.drawn import annotated, subject_series
from ._occupancy.estimates import IN_VIVO, population
from ._occupancy.exposed import against_the_bench, is_beyond, margins
from ._occupancy.fits import OccupancyFit, fit_occupancy
from ._occupancy.flags import CODES, flags
from ._occupancy.left import left_of
from ._occupancy.methods import steps
from ._occupancy.scans import Signal, read_only, signal_of, subjects_of, without_use
from ._panel import by_site
from ._plates import require_compounds
from ._signal import compounds, unread_set_aside


@dataclass(frozen=True)
class Settings:
    """How occupancies are analysed.

    `occmax`: 'choose' holds Occmax at 100 % unless AICc asks for a free one, '100' holds it, 'free' fits it.
    `hill_slope`: 'one' holds the slope at 1, 'free' fits one for all subjects.
    `reference_region`: region without sites whose volume turns VT into BPND; without one VT is read by Lassen plots.
    `level`: confidence level of all intervals.
    """

    occmax: Literal["choose", "100", "free"] = "choose"
    hill_slope: Literal["one", "free"] = "one"
    reference_region: str = ""
    level: float = 0.95


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From scans of one or several subjects, with and without drug, to the EC50 in plasma of every drug.

    An experiment is one subject at one target, its wells are the regions of its scans. Occupancies of all subjects are
    fitted at once with the EC50 differing between them at random; n counts subjects. With the fraction unbound and
    Kp,uu of the run file the EC50 becomes a Ki in vivo, set beside the Ki of the bench without adjusting either.
    """
    if not 0.5 <= settings.level < 1:
        raise InputError(
            Problem(f"a level of {settings.level:g} is no confidence level", "settings > level", "Write 0.95")
        )
    experiments = tuple(read_only(unread_set_aside(one)) for one in experiments)
    require_compounds(experiments)
    signal = signal_of(experiments)
    _require_reference(experiments, signal, settings.reference_region)
    experiments = tuple(without_use(one, signal, settings.reference_region) for one in experiments)
    found = by_site(experiments, lambda those: _at_one_site(those, signal, settings))
    known = dict.fromkeys(name for one in experiments for name in compounds(one))
    told = (one for name in known for one in margins(_known(experiments, name), settings.level))
    ratios = (one for one in found.ratios if one.name != SELECTIVITY or one.estimate.name == "EC50 ratio")
    notes = (*found.notes, *_unused_constants(experiments))
    return replace(found, ratios=(*ratios, *told), notes=notes)


def _unused_constants(experiments: Sequence[Experiment]) -> Iterator[str]:
    """A sentence for every bench constant of a target that no scan looked at."""
    sites = {one.conditions.site for one in experiments}
    for compound in experiments[0].compounds:
        for target in compound.ki:
            if target not in sites:
                yield f"A Ki of {compound.name} at {target} is stated, and no scan looked at {target}: it is not used."


def _require_reference(experiments: Sequence[Experiment], signal: Signal, reference: str) -> None:
    if not reference:
        return
    where = "settings > reference_region"
    if signal is not Signal.VOLUME:
        raise InputError(
            Problem(
                f"a reference region turns volumes (VT) into BPND, and the signal is {signal.value}",
                where,
                "Take it out",
            )
        )
    regions = {well.treatment.region for one in experiments for well in one.used}
    if reference not in regions:
        raise InputError(
            Problem(
                f"no scan holds the region '{reference}'", where, did_you_mean(reference, regions), "E-NAME"
            )
        )


def _known(experiments: Sequence[Experiment], name: str) -> Compound:
    return experiments[0].compound(name)


def _at_one_site(experiments: tuple[Experiment, ...], signal: Signal, settings: Settings) -> AssayResult:
    names = tuple(dict.fromkeys(name for one in experiments for name in compounds(one)))
    target = experiments[0].conditions.site
    every = [_Drug.of(_known(experiments, name), experiments, target, (signal, settings)) for name in names]
    return AssayResult(
        "receptor_occupancy",
        "Receptor occupancy",
        tuple(annotated(one, [left for drug in every for left in drug.fit.subjects]) for one in experiments),
        tuple(series for drug in every for series in drug.series(settings.level)),
        tuple(one for drug in every for one in drug.pooled),
        tuple(flag for drug in every for flag in drug.flags()),
        (),
        tuple(dict.fromkeys(step for drug in every for step in drug.steps(signal, settings))),
        tuple(note for drug in every for note in drug.notes(settings.level)),
        ratios=tuple(drug.ratio for drug in every if drug.ratio is not None),
        counted="subject",
    )


@dataclass(frozen=True)
class _Drug:
    """One drug at one target: its fit and what follows from it."""

    compound: Compound
    target: str
    fit: OccupancyFit
    pooled: tuple[Pooled, ...]
    ratio: Ratio | None

    @classmethod
    def of(
        cls, compound: Compound, experiments: Sequence[Experiment], target: str, how: tuple[Signal, Settings]
    ) -> _Drug:
        """Read the scans of a drug, fit them, and set the constants beside those of the bench."""
        signal, settings = how
        subjects = [
            left_of(one, signal, settings.reference_region, settings.level)
            for one in subjects_of(experiments, compound.name)
        ]
        found = fit_occupancy(compound.name, subjects, settings.occmax, settings.hill_slope, settings.level)
        pooled = tuple(population(found, compound, settings.level))
        in_vivo = next((one.estimate for one in pooled if one.estimate.name == IN_VIVO), None)
        ratio = None if in_vivo is None else against_the_bench(in_vivo, compound, target)
        return cls(compound, target, found, pooled, ratio)

    def series(self, level: float) -> Iterator[Series]:
        """The scans of every subject, and the course over the day where doses are stated."""
        for subject in self.fit.subjects:
            yield from subject_series(self.fit, subject, level)
        yield from self.course(level)

    def course(self, level: float) -> tuple[Series, ...]:
        """Plasma and occupancy over the day, where doses are stated and there is an EC50."""
        ec50 = next((one.estimate for one in self.pooled if one.estimate.name == "EC50"), None)
        if ec50 is None:
            return ()
        routes = Routes(self.fit.law, ec50, self.compound.ki.get(self.target))
        at = self.compound.name, self.fit.subjects[0].subject.name
        return tuple(courses(self.compound, at, routes, level))

    def flags(self) -> Iterator[Flag]:
        """The checks of this drug."""
        yield from flags(self.fit, self.compound, self.target, self.pooled, self.ratio)

    def steps(self, signal: Signal, settings: Settings) -> Iterator[Step]:
        """How it was done."""
        yield from steps(signal, settings.reference_region, self.fit, self.compound, settings.level)

    def notes(self, level: float) -> Iterator[str]:
        """What is not known, and what follows from that."""
        name = self.compound.name
        if self.compound.fraction_unbound is None:
            yield (
                f"The fraction of {name} that is unbound in plasma is not stated, so nothing is said of unbound "
                f"concentrations: write [compound.{name}] fraction_unbound."
            )
        elif self.compound.kp_uu is None:
            yield (
                f"Kp,uu of {name} is not stated: it is taken as 1, and its usual range of 0.3 to 1.7 widens the Ki in "
                "vivo."
            )
        if self.ratio is not None and is_beyond(self.ratio.estimate):
            yield f"{name} at {self.target}: {self.ratio.verdict}; see In vivo over in vitro."
        course = self.course(level)
        if course:
            yield sentence(self.target or name, course)


receptor_occupancy_assay = Assay(
    name="receptor_occupancy",
    title="Receptor occupancy: EC50 in plasma, Ki in vivo",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(available_binding, receptor_occupancy, lassen_plot, shared_site_occupancy),
    checks=tuple(checks[code] for code in CODES),
    figures=(occupancy_curve, lassen_plots, occupancy_course, residuals),
    reference="Farde L et al. Arch Gen Psychiatry 1988;45:71; Cunningham VJ et al. J Cereb Blood Flow Metab 2010;30:46",
    needs=Needs((), "", ("region", "signal_se"), (Role.TOTAL,)),
)
