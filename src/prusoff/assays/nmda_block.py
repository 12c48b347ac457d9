"""Block of a current against its agonist, peak and plateau apart: competitive, uncompetitive or noncompetitive; KB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.check import Flag
from ..core.estimate import Estimate
from ..core.experiment import Experiment
from ..core.plate import Role
from ..core.result import AssayResult, Pooled, Series
from ..equations.agonist_block import competitive_block, noncompetitive_block, uncompetitive_block
from ..figures.block_families import block_families
from ..figures.ic50_by_agonist import ic50_by_agonist
from ..figures.time_course import time_course
from ..figures.trace_overlay import trace_overlay
from ._days import plain_mean
from ._nmda_block.bench import AGONIST, TRUTH, simulate
from ._nmda_block.currents import ROLES, BlockedCurrents, currents_of
from ._nmda_block.estimates import (
    EC50,
    IC50,
    KB,
    LOCAL,
    Analysed,
    analysed,
    bands,
    constants,
    facts,
    ic50_lines,
    ic50_points,
)
from ._nmda_block.mechanisms import Decision, decide, fit_cell
from ._nmda_block.methods import steps
from ._panel import by_site
from ._plate_checks import judge, outcome_facts
from ._plates import require_compounds
from ._recorded_cells import QUALITY_COLUMNS, SWEEP_CODES, gated_cell, sweep_flags
from ._signal import Signals, annotated

CODES = ("W-AGO-MECH", "W-AGO-SPAN", "W-RUNDOWN", "W-WASH", "W-OUT")


@dataclass(frozen=True)
class Settings:
    """How block against an agonist is analysed.

    `agonist`: the agonist that all currents were evoked by; where it is stated, wells with another one are refused.
    `level`: confidence level of all intervals.
    """

    agonist: str = ""
    level: float = 0.95


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From currents at several agonist and blocker concentrations to how the blocker goes with the agonist, and its KB.

    Every experiment is a cell. The second compound of every well is the agonist; wells with the role 'control' hold no
    blocker, 'wash' those after it was washed out. Peak and plateau are different end points and never mixed. The
    mechanism is chosen over all cells by AICc; KB over cells is a geometric mean in which n counts cells. The targets
    of a panel are analysed one by one.
    """
    cells = tuple(gated_cell(one, ROLES) for one in experiments)
    require_compounds(cells)
    return by_site(cells, lambda those: _at_one_site(those, settings))


def _at_one_site(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    read = {one.name: currents_of(one, settings.agonist) for one in experiments}
    every = [data for _, some in read.values() for data in some]
    decisions, found = _decided(every, settings.level)
    told = [(one, tuple(constants(one, settings.level))) for one in found]
    first: Signals = read[experiments[0].name][0]
    return AssayResult(
        "nmda_block",
        "Block against the agonist",
        tuple(annotated(one, read[one.name][0]) for one in experiments),
        tuple(series for one, estimates in told for series in _series(one, estimates, settings.level)),
        tuple(_pooled(told)),
        (
            *(flag for one, estimates in told for flag in _flags(one, estimates)),
            *(flag for one in experiments for flag in sweep_flags(one)),
        ),
        (),
        tuple(steps(first, decisions, settings.level)),
        tuple(
            dict.fromkeys(f"{name}: {note}" for name, (signals, _) in read.items() for note in signals.notes)
        ),
        counted="cell",
    )


def _decided(
    every: Sequence[BlockedCurrents], level: float
) -> tuple[Mapping[str, Decision | None], list[Analysed]]:
    """The mechanism of every blocker and end point over its cells, and the cells under it."""
    decisions: dict[str, Decision | None] = {}
    found: list[Analysed] = []
    for subject in sorted({one.subject for one in every}):
        mine = [one for one in every if one.subject == subject]
        fits = [fit_cell(one) for one in mine]
        decisions[subject] = decide(fits)
        found += [
            analysed(one, each, decisions[subject], level) for one, each in zip(mine, fits, strict=True)
        ]
    return decisions, found


def _series(one: Analysed, told: tuple[Estimate, ...], level: float) -> Iterator[Series]:
    data = one.data
    yield Series(
        data.subject,
        one.name,
        one.outcome,
        one.reason,
        tuple(data.points(float(agonist)) for agonist in data.levels),
        told,
        one.chosen if one.outcome.usable else None,
        bands=tuple(bands(one, level)),
        x_label=f"log10 {data.compound} (M)",
        y_label="current left (part of control)",
    )
    points = ic50_points(one)
    if points.x.size > 1 and one.outcome.usable:
        yield Series(
            data.subject,
            one.name,
            one.outcome,
            one.reason,
            (points,),
            (),
            None,
            bands=tuple(ic50_lines(one, level)),
            x_label="agonist (M)",
            y_label="IC50 (M)",
        )


def _pooled(told: Sequence[tuple[Analysed, tuple[Estimate, ...]]]) -> Iterator[Pooled]:
    """KB, EC50 of the agonist and the IC50 at every agonist concentration over cells."""
    for subject in dict.fromkeys(one.data.subject for one, _ in told):
        by_name: dict[str, dict[str, Estimate]] = {}
        for one, estimates in told:
            for estimate in estimates if one.data.subject == subject else ():
                by_name.setdefault(estimate.name, {})[one.name] = estimate
        for name, each in by_name.items():
            if name in (KB, EC50) or name.startswith((IC50, LOCAL)):
                yield plain_mean(subject, each)


def _flags(one: Analysed, told: tuple[Estimate, ...]) -> Iterator[Flag]:
    known = {**facts(one), **outcome_facts(one.outcome, one.reason, len(told))}
    yield from judge(CODES, known, f"{one.data.subject}, {one.name}")


nmda_block = Assay(
    name="nmda_block",
    title="Block against the agonist: mechanism and KB",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(agonist=AGONIST),
    equations=(competitive_block, uncompetitive_block, noncompetitive_block),
    checks=tuple(checks[code] for code in (*CODES, *SWEEP_CODES)),
    figures=(ic50_by_agonist, block_families),
    occasional=(trace_overlay, time_course),
    reference="Ludolph AG et al. Br J Pharmacol 2010;160:283",
    needs=Needs(
        (),
        "",
        ("time", "voltage", "end_point", "second_compound", "second_conc", *QUALITY_COLUMNS),
        (Role.TOTAL, Role.WASH),
    ),
)
