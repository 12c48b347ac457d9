"""Voltage-dependent block: where in the field of the membrane a charged drug binds, and its KD at 0 mV (Woodhull)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.check import Flag
from ..core.errors import InputError, Problem
from ..core.estimate import Estimate
from ..core.experiment import Experiment
from ..core.plate import Role
from ..core.result import AssayResult, CurveBand, Pooled, Series
from ..equations.pore_block import woodhull_block
from ..figures.block_families import block_families
from ..figures.kd_potential import kd_potential
from ..figures.trace_overlay import trace_overlay
from ..fitting.band import confidence_band
from ._arithmetic_mean import arithmetic_mean
from ._days import plain_mean
from ._panel import by_site
from ._plate_checks import judge, outcome_facts
from ._plates import require_compounds
from ._recorded_cells import QUALITY_COLUMNS, SWEEP_CODES, gated_cell, sweep_flags
from ._signal import Signals, annotated
from ._voltage_dependent_block.bench import TRUTH, simulate
from ._voltage_dependent_block.estimates import (
    CHARGE,
    DISTANCE,
    KD_ZERO,
    LOCAL,
    constants,
    facts,
    lines,
    points,
)
from ._voltage_dependent_block.fits import DrugFit, fit_drug
from ._voltage_dependent_block.methods import steps
from ._voltage_dependent_block.potentials import DrugInCell, drugs_of, require_temperature

CODES = ("W-PORE-N", "W-PORE-SPAN", "W-PORE-BEND", "W-PORE-ZERO", "W-OUT")
ROLES = (Role.TOTAL, Role.COMPOUND, Role.WASH)
GRID = 61


@dataclass(frozen=True)
class Settings:
    """How block at several potentials is analysed.

    `valence`: the charge of the drug at its site, such as 1 for a protonated amine; the electrical distance needs it.
    `hill_slope`: 'one' holds the slope at 1, 'free' fits one for all potentials of a cell.
    `level`: confidence level of all intervals.
    """

    valence: float = 1.0
    hill_slope: Literal["one", "free"] = "one"
    level: float = 0.95


@dataclass(frozen=True)
class Analysed:
    """One drug in one cell, fitted."""

    data: DrugInCell
    found: DrugFit
    told: tuple[Estimate, ...]

    @property
    def name(self) -> str:
        """The cell."""
        return self.data.experiment.name


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From currents at several potentials, without and with a drug, to its KD at 0 mV and its electrical distance.

    Every experiment is a cell at a stated temperature. Wells with the role 'control' or 'wash' are currents without
    drug at their potential. All potentials and concentrations of a drug in a cell are fitted together. KD is a
    geometric mean over cells, the electrical distance an arithmetic one; n counts cells. The targets of a panel are
    analysed one by one.
    """
    if not abs(settings.valence) > 0:
        what = "a drug without charge feels no field, so it has no electrical distance"
        fix = "Give the charge of the drug at its site, such as valence = 1"
        raise InputError(Problem(what, "settings > valence", fix, "E-SETTING"))
    cells = tuple(gated_cell(one, ROLES) for one in experiments)
    require_compounds(cells)
    require_temperature(cells)
    return by_site(cells, lambda those: _at_one_site(those, settings))


def _at_one_site(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    read = {one.name: drugs_of(one) for one in experiments}
    analysed = tuple(_analyse(data, settings) for _, drugs in read.values() for data in drugs)
    first: Signals = read[experiments[0].name][0]
    chosen = (settings.valence, settings.hill_slope, settings.level)
    return AssayResult(
        "voltage_dependent_block",
        "Voltage-dependent block",
        tuple(annotated(one, read[one.name][0]) for one in experiments),
        tuple(series for one in analysed for series in _series(one, settings.level)),
        tuple(_pooled(analysed)),
        (
            *(flag for one in analysed for flag in _flags(one)),
            *(flag for one in experiments for flag in sweep_flags(one)),
        ),
        (),
        tuple(steps(first, analysed[0].data, chosen)) if analysed else (),
        tuple(
            dict.fromkeys(f"{name}: {note}" for name, (signals, _) in read.items() for note in signals.notes)
        ),
        counted="cell",
    )


def _analyse(data: DrugInCell, settings: Settings) -> Analysed:
    found = fit_drug(data, settings.hill_slope, settings.level)
    return Analysed(data, found, tuple(constants(found, settings.valence, settings.level)))


def _series(one: Analysed, level: float) -> Iterator[Series]:
    found = one.found
    drawn = found.whole if found.outcome.usable else None
    yield Series(
        one.data.compound,
        one.name,
        found.outcome,
        found.reason,
        tuple(at.points for at in one.data.potentials),
        one.told,
        drawn,
        comparisons=() if found.comparison is None else (found.comparison,),
        bands=tuple(_bands(found, level)),
        x_label=f"log10 {one.data.compound} (M)",
        y_label="current left (part of control)",
    )
    by_potential = points(found)
    if by_potential.x.size:
        yield Series(
            one.data.compound,
            one.name,
            found.outcome,
            found.reason,
            (by_potential,),
            (),
            None,
            bands=tuple(lines(found, level)),
            x_label="potential (V)",
            y_label="KD (M)",
        )


def _bands(found: DrugFit, level: float) -> Iterator[CurveBand]:
    """The fitted block at every potential, from the lowest to the highest concentration, as a part of the control."""
    if found.whole is None or not found.outcome.usable:
        return
    for place, at in enumerate(found.potentials):
        logs = np.linspace(at.concentrations[0], at.concentrations[-1], GRID)
        x = np.array([logs, np.full(GRID, at.potential_v / found.data.thermal_v)])
        band = confidence_band(found.whole, x, place, level)
        fitted, low, high = (part / at.control for part in (band.fitted, band.low, band.high))
        yield CurveBand(logs, fitted, low, high, at.label, level)


def _pooled(analysed: Sequence[Analysed]) -> Iterator[Pooled]:
    """KD at 0 mV and at every potential as geometric means over cells, the distance and the charge as plain ones."""
    for drug in dict.fromkeys(one.data.compound for one in analysed):
        by_name: dict[str, dict[str, Estimate]] = {}
        for one in analysed:
            for estimate in one.told if one.data.compound == drug else ():
                by_name.setdefault(estimate.name, {})[one.name] = estimate
        for name, each in by_name.items():
            if name in (DISTANCE, CHARGE):
                yield arithmetic_mean(drug, each)
            elif name == KD_ZERO or name.startswith(LOCAL):
                yield plain_mean(drug, each)


def _flags(one: Analysed) -> Iterator[Flag]:
    known = {**facts(one.found), **outcome_facts(one.found.outcome, one.found.reason, len(one.told))}
    yield from judge(CODES, known, f"{one.data.compound}, {one.name}")


voltage_dependent_block = Assay(
    name="voltage_dependent_block",
    title="Voltage-dependent block: KD at 0 mV and electrical distance",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(woodhull_block,),
    checks=tuple(checks[code] for code in (*CODES, *SWEEP_CODES)),
    figures=(kd_potential, block_families),
    occasional=(trace_overlay,),
    reference="Woodhull AM. J Gen Physiol 1973;61:687",
    needs=Needs((), "", ("voltage", "end_point", *QUALITY_COLUMNS), (Role.TOTAL, Role.WASH)),
)
