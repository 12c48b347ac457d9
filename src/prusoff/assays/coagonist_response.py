"""Currents over a grid of agonist and co-agonist, peak and plateau apart: EC50 and slope of both, and Emax."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..affinity.pooling import p_value
from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.check import Flag
from ..core.estimate import Estimate
from ..core.experiment import Experiment
from ..core.plate import Role
from ..core.result import AssayResult, Pooled, Series
from ..equations.agonist_block import coagonist_response as law
from ..figures.coagonist_curves import coagonist_curves
from ..figures.trace_overlay import trace_overlay
from ._coagonist.bench import TRUTH, simulate
from ._coagonist.currents import ROLES, GridCurrents, currents_of
from ._coagonist.estimates import Analysed, analysed, bands, constants, facts, shared_constants
from ._coagonist.methods import JOHNSON, steps
from ._days import plain_mean
from ._panel import by_site
from ._plate_checks import judge, outcome_facts
from ._plates import require_compounds
from ._recorded_cells import QUALITY_COLUMNS, SWEEP_CODES, gated_cell, sweep_flags
from ._signal import annotated

CODES = ("W-COAG-HALF", "W-COAG-LEVELS", "W-COAG-AMBIENT", "W-COAG-RUNDOWN", "W-OUT")
Told = tuple[Analysed, tuple[Estimate, ...]]


@dataclass(frozen=True)
class Settings:
    """How a grid of agonist and co-agonist is analysed.

    `level`: confidence level of all intervals.
    """

    level: float = 0.95


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From currents at many agonist and co-agonist concentrations to the EC50 of both, their slopes and Emax.

    Every experiment is a cell; the compound of a well is the agonist, its second compound the co-agonist (0 where none
    was added), and wells with the role 'control' hold no agonist. Peak and plateau are different end points and never
    mixed. Means over cells are geometric and n counts cells; where no cell has three concentrations of both, one fit
    is made to all. The targets of a panel are analysed one by one.
    """
    cells = tuple(gated_cell(one, ROLES) for one in experiments)
    require_compounds(cells)
    return by_site(cells, lambda those: _at_one_site(those, settings.level))


def _at_one_site(experiments: tuple[Experiment, ...], level: float) -> AssayResult:
    read = {one.name: currents_of(one) for one in experiments}
    every = [data for name in sorted(read) for data in read[name][1]]
    told: list[Told] = []
    pooled: list[Pooled] = []
    together = False
    for subject in dict.fromkeys(one.subject for one in every):
        cells, shared = analysed([one for one in every if one.subject == subject], level)
        mine = [(one, tuple(constants(one, level))) for one in cells]
        together = together or shared is not None
        told += mine
        pooled += [*(_of_all(cells, level) if shared is not None else ()), *_means(mine)]
    return AssayResult(
        "coagonist_response",
        "Agonist and co-agonist",
        tuple(annotated(one, read[one.name][0]) for one in experiments),
        tuple(_series(one, estimates, level) for one, estimates in told),
        tuple(pooled),
        (
            *(flag for one in told for flag in _flags(*one)),
            *(flag for one in experiments for flag in sweep_flags(one)),
        ),
        (),
        tuple(steps(read[experiments[0].name][0], together, level)),
        tuple(
            dict.fromkeys(f"{name}: {note}" for name, (signals, _) in read.items() for note in signals.notes)
        ),
        counted="cell",
    )


def _series(one: Analysed, told: tuple[Estimate, ...], level: float) -> Series:
    data: GridCurrents = one.data
    return Series(
        data.subject,
        one.name,
        one.outcome,
        one.reason,
        tuple(data.points(float(molar)) for molar in sorted(set(data.coagonist.tolist()))),
        told,
        one.found if one.outcome.usable else None,
        bands=tuple(bands(one, level)),
        x_label=f"log10 {data.names[0]} (M)",
        y_label="current (part of the largest)",
    )


def _of_all(cells: Sequence[Analysed], level: float) -> Iterator[Pooled]:
    """What all cells share, from the one fit to them."""
    names = tuple(one.name for one in cells)
    sentence = (
        f"One fit to {len(cells)} cells that share it; its interval holds the scatter within cells only."
    )
    for estimate in shared_constants(cells[0], level):
        yield Pooled(
            cells[0].data.subject, estimate, p_value(estimate), names, (estimate,) * len(names), sentence
        )


def _means(told: Sequence[Told]) -> Iterator[Pooled]:
    """Every constant over cells."""
    by_name: dict[str, dict[str, Estimate]] = {}
    for one, estimates in told:
        for estimate in estimates:
            by_name.setdefault(estimate.name, {})[one.name] = estimate
    for each in by_name.values():
        yield plain_mean(told[0][0].data.subject, each)


def _flags(one: Analysed, told: tuple[Estimate, ...]) -> Iterator[Flag]:
    known: Mapping[str, object] = {**facts(one), **outcome_facts(one.outcome, one.reason, len(told))}
    yield from judge(CODES, known, f"{one.data.subject}, {one.name}")


coagonist_response = Assay(
    name="coagonist_response",
    title="Agonist and co-agonist: EC50 of both",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(law,),
    checks=tuple(checks[code] for code in (*CODES, *SWEEP_CODES)),
    figures=(coagonist_curves,),
    occasional=(trace_overlay,),
    reference=JOHNSON,
    needs=Needs(
        (),
        "",
        ("time", "voltage", "end_point", "second_compound", "second_conc", *QUALITY_COLUMNS),
        (Role.TOTAL,),
    ),
)
