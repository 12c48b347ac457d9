"""A grid of substrate and inhibitor: by which mechanism uptake is inhibited, and the constants of that mechanism."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.check import Flag
from ..core.experiment import Experiment
from ..core.fit import Outcome
from ..core.plate import Role
from ..core.result import AssayResult, Pooled, Series, Step
from ..counting.rate import SECONDS_PER_MINUTE
from ..figures.dixon import dixon
from ..figures.inhibition_surface import inhibition_surface
from ..figures.lineweaver_burk import lineweaver_burk
from ..figures.plate_map import plate_map
from ..figures.residuals import residuals
from ..figures.velocity import velocity
from ._days import plain_mean
from ._ligand import ligand_of
from ._methods import counting_steps, fitting_step
from ._panel import by_site
from ._plate_checks import COUNTING_CODES, counting_flags, judge, outcome_facts
from ._plates import require_compounds
from ._signal import annotated, compounds, signals, unread_set_aside
from ._uptake import Per, background_facts, density_facts, known_per
from ._uptake_kinetics.wells import at_highest, carrier_wells, require_wells, used_fraction
from ._uptake_mechanism.bench import TRUTH, simulate
from ._uptake_mechanism.estimates import bands, points, strongest_inhibition, table
from ._uptake_mechanism.grid import CONSTANTS, Day, Grid, Inhibitor, inhibitor_over
from ._uptake_mechanism.mechanisms import MECHANISMS, comparisons

CODES = (
    "W-MECH",
    "W-GRID-I",
    "W-GRID-S",
    "W-GRID-KI",
    "W-MM-TOP",
    "W-MM-LOW",
    "W-OUT",
)
DAY_CODES = ("W-LIN", "W-SUBDEP", "W-BG", "W-CELLS")


@dataclass(frozen=True)
class Settings:
    """How a grid of substrate and inhibitor is analysed.

    `per`: what velocities are told by: 'protein', 'cells' or 'well'; 'stated' takes the first that every well has.
    `usable_minutes`: how long the uptake is linear to 10 %, as a time course gives it.
    `level`: confidence level of all intervals.
    """

    per: Literal["stated", "protein", "cells", "well"] = "stated"
    usable_minutes: float = math.nan
    level: float = 0.95


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From the wells of one or several days to the mechanism of every inhibitor and its Ki.

    All wells of a compound, without inhibitor and without carrier too, are fitted together as counted over substrate
    and inhibitor, by competitive, noncompetitive, uncompetitive and mixed inhibition. One mechanism is chosen for all
    days together; its constants are those of each day, and their geometric means. A constant that the grid does not
    hold is a bound. The targets of a panel are analysed one by one.
    """
    experiments = tuple(map(unread_set_aside, experiments))
    require_compounds(experiments)
    require_wells(experiments, compounds=True)
    return by_site(experiments, lambda those: _at_one_site(those, settings))


def _at_one_site(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    per = known_per(experiments) if settings.per == "stated" else settings.per
    level = settings.level
    days = tuple(Day(one, signals(one), ligand_of(one)) for one in experiments)
    names = dict.fromkeys(name for one in experiments for name in compounds(one))
    found = tuple(inhibitor_over(name, days, per, level) for name in names)
    return AssayResult(
        "uptake_mechanism",
        "Mechanism of uptake inhibition",
        tuple(annotated(one.experiment, one.read) for one in days),
        tuple(_series(grid, one, level) for one in found for grid in one.grids),
        tuple(pooled for one in found for pooled in _pooled(one)),
        (
            *(flag for one in found for grid in one.grids for flag in _flags(grid, one)),
            *(flag for day in days for flag in _day_flags(day, per, settings)),
        ),
        (),
        tuple(_steps(found, level)),
        tuple(dict.fromkeys(_notes(days, found))),
    )


def _series(grid: Grid, inhibitor: Inhibitor, level: float) -> Series:
    failed = grid.outcome is Outcome.FAILED or not np.isfinite(grid.kept.values).all()
    known = grid.data.velocity.known
    size = grid.data.velocity.per_signal if known else 1.0
    unit = grid.data.velocity.unit if known else f"{grid.data.unit} of undiluted label"
    return Series(
        inhibitor.compound,
        grid.day.experiment.name,
        grid.outcome,
        grid.reason,
        points(grid.data, grid.kept, size),
        grid.estimates,
        None if failed else grid.kept,
        (),
        () if failed else comparisons(grid.fits),
        () if failed else bands(grid.data, grid.kept, size, level),
        {},
        "substrate (M)",
        f"uptake ({unit})",
    )


def _pooled(inhibitor: Inhibitor) -> Iterator[Pooled]:
    """The constants of the inhibitor over the days; the mechanism stands in the sentence."""
    if inhibitor.decision is None:
        return
    for name in CONSTANTS:
        each = {
            grid.day.experiment.name: estimate
            for grid in inhibitor.grids
            for estimate in grid.estimates
            if estimate.name == name
        }
        if each:
            found = plain_mean(inhibitor.compound, each)
            yield replace(found, sentence=f"{found.sentence} {inhibitor.decision.short}")


def _flags(grid: Grid, inhibitor: Inhibitor) -> Iterator[Flag]:
    data, decision = grid.data, inhibitor.decision
    inhibited = data.used & (data.inhibitor > 0)
    facts: dict[str, Any] = {
        "inhibitor_concentrations": int(np.unique(data.inhibitor[inhibited]).size),
        "substrate_concentrations": int(np.unique(data.substrate[inhibited]).size),
        **outcome_facts(grid.outcome, grid.reason, len(grid.estimates)),
    }
    if decision is not None and grid.estimates:
        facts |= {
            "mechanism": decision.preferred.title,
            "mechanism_weight": decision.standing(decision.preferred).weight,
            "rivals": " and ".join(f"{one.name} inhibition" for one in decision.rivals) or "none",
            "most_inhibition": strongest_inhibition(data, grid.kept),
            "highest_molar": float(data.concentrations.max()),
            "lowest_molar": float(data.concentrations.min()),
            "km_molar": 10.0 ** grid.kept.value("log_km"),
        }
    yield from judge(CODES, facts, f"{inhibitor.compound}, {grid.day.experiment.name}")


def _day_flags(day: Day, per: Per, settings: Settings) -> Iterator[Flag]:
    """What the uptake without inhibitor and the counter say about one day."""
    data = carrier_wells(day.experiment, day.read, day.ligand, per)
    facts = {
        "used_fraction": used_fraction(data, day.ligand),
        "uptake_s": day.experiment.conditions.incubation_s,
        "usable_s": settings.usable_minutes * SECONDS_PER_MINUTE,
        **background_facts(day.read),
        **density_facts(day.experiment.wells, per),
    }
    yield from judge(DAY_CODES, facts, day.experiment.name)
    yield from counting_flags(day.experiment, day.read, day.ligand, at_highest(data))


def _steps(found: Sequence[Inhibitor], level: float) -> Iterator[Step]:
    day = found[0].grids[0].day
    without = "blocker" if found[0].grids[0].data.background is Role.NSB else "4 °C"
    yield from counting_steps(day.read)
    yield Step(
        f"The wells of a compound, those without it and those with their carrier stopped ({without}) were fitted "
        "together as counted, over substrate and inhibitor; the labelled share of the substrate stands in the law. "
        "Nothing was subtracted first.",
        "signal = share (Vmax S / (Km (1 + I/Kic) + S (1 + I/Kiu)) + P S) + background",
        ("segel_1975",),
    )
    yield Step(
        "Competitive (no Kiu), uncompetitive (no Kic), noncompetitive (Kic = Kiu) and mixed inhibition were fitted on "
        "the same weights. One mechanism was chosen for all experiments together, each with its own constants: the "
        "lowest AICc among the first three, and mixed inhibition where the extra-sum-of-squares F test asks for it "
        "(P < 0.05). Those whose AICc lies less than 6 above (odds below 20 to 1) are named as not told apart, and "
        "mixed inhibition where a second constant of ten times the first is not excluded. Ki is Kic, the constant at "
        "the carrier without substrate.",
        citations=("burnham_anderson_2002",),
    )
    yield fitting_step(day.read, level)
    yield Step(
        "A constant whose profile has no end on one side, or an inhibitor that stays below half inhibition in the "
        "whole grid, gives a bound and no value."
    )
    yield Step(
        "Dixon and Lineweaver-Burk plots are drawn with the lines of the nonlinear fit; nothing was fitted to them."
    )


def _notes(days: Sequence[Day], found: Sequence[Inhibitor]) -> Iterator[str]:
    for day in days:
        for note in (*day.ligand.notes, *day.read.notes):
            yield f"{day.experiment.name}: {note}"
    for one in found:
        if one.decision is None:
            continue
        yield f"{one.compound}: {one.decision.sentence}"
        fits = [grid.fits for grid in one.grids if len(grid.fits) == len(MECHANISMS) and grid.estimates]
        highest = max(float(grid.data.inhibitor.max()) for grid in one.grids)
        for line in table(one.decision, fits, highest):
            yield f"{one.compound}: {line}"


uptake_mechanism = Assay(
    name="uptake_mechanism",
    title="Mechanism of uptake inhibition: Ki over substrate and inhibitor",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=tuple(one.law for one in MECHANISMS),
    checks=tuple(checks[code] for code in (*CODES, *DAY_CODES, *COUNTING_CODES)),
    figures=(velocity, inhibition_surface, dixon, lineweaver_burk, residuals, plate_map),
    reference="Segel IH. Enzyme Kinetics. Wiley 1975",
    needs=Needs(
        controls=(Role.TOTAL,),
        label="substrate",
        columns=("substrate", "protein", "cells"),
        also=(Role.NSB, Role.ICE),
    ),
)
