"""Block kinetics: kon and koff of a channel blocker from onset and wash-out, KD against IC50 of the steady block."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
from ..core.result import AssayResult, CurveBand, Pooled, Ratio, Series
from ..equations.association import one_phase_association
from ..equations.block_onset import block_onset_offset
from ..equations.dissociation import two_phase_dissociation
from ..equations.observed_rate import induced_fit_rate, observed_rate_line
from ..figures.kinetic_trace import kinetic_trace
from ..figures.observed_rate import observed_rate
from ..figures.trace_overlay import trace_overlay
from ..fitting.band import confidence_band
from ._arithmetic_mean import arithmetic_mean
from ._binding_kinetics.rates import RateLine, line_estimates
from ._binding_kinetics.traces import rate_bands, rate_points
from ._block_kinetics.applications import OFFSET, ONSET, RECOVERY, Cell, cell_of
from ._block_kinetics.bench import EXCHANGE_S, TRUTH, simulate
from ._block_kinetics.estimates import DEPTH, IC50, KD, KOFF, KON, LATE, TAU_OFF, TAU_ON, constants, facts
from ._block_kinetics.fits import DrugFit, fit_drug
from ._block_kinetics.methods import steps
from ._block_kinetics.recovery import FAST, PART, SLOW, RecoveryFit, fit_recovery, recovery_estimates
from ._days import plain_mean
from ._panel import by_site
from ._plate_checks import judge, outcome_facts
from ._plates import require_compounds
from ._recorded_cells import QUALITY_COLUMNS, SWEEP_CODES, gated_cell, sweep_flags
from ._signal import annotated

CODES = ("W-BLK-LATE", "W-BLK-OFF", "W-BLK-FLOW", "W-BLK-KD", "W-BLK-LINE", "W-OUT")
ROLES = (Role.TOTAL, Role.COMPOUND, Role.WASH)
MARGIN, GRID = 3.0, 81
AGREEMENT = "kinetics and equilibrium"


@dataclass(frozen=True)
class Settings:
    """How onset and wash-out of a block are analysed.

    `exchange_s`: the time constant with which the solution around the cell is exchanged, in s; where it is stated,
    rates are judged against it.
    `level`: confidence level of all intervals.
    """

    exchange_s: float = math.nan
    level: float = 0.95


@dataclass(frozen=True)
class Analysed:
    """One drug in one cell, fitted."""

    cell: Cell
    compound: str
    found: DrugFit
    recovery: RecoveryFit | None
    told: tuple[Estimate, ...]

    @property
    def name(self) -> str:
        """The cell."""
        return self.cell.experiment.name


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From currents before, during and after a drug to kon, koff and KD, and the IC50 of the steady block beside it.

    Every experiment is a cell. Wells with the role 'compound' are readings with drug, timed from the start of its
    application, 'wash' those after it, timed from the start of the wash, 'control' those before. Readings whose end
    point is 'recovery' are test currents after a conditioning pulse. Means over cells are geometric; n counts cells.
    The targets of a panel are analysed one by one.
    """
    if not (math.isnan(settings.exchange_s) or settings.exchange_s > 0):
        what = f"an exchange of the solution in {settings.exchange_s:g} s is none"
        raise InputError(Problem(what, "settings > exchange_s", "Give its time constant in s", "E-SETTING"))
    cells = tuple(gated_cell(one, ROLES) for one in experiments)
    require_compounds(cells)
    return by_site(cells, lambda those: _at_one_site(those, settings))


def _at_one_site(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    cells = tuple(cell_of(one) for one in experiments)
    analysed = tuple(_analyse(cell, drug, settings.level) for cell in cells for drug in cell.compounds)
    recovered = any(one.recovery is not None for one in analysed)
    return AssayResult(
        "block_kinetics",
        "Block kinetics",
        tuple(annotated(cell.experiment, cell.read) for cell in cells),
        tuple(series for one in analysed for series in _series(one, settings.level)),
        tuple(_pooled(analysed)),
        (
            *(flag for one in analysed for flag in _flags(one, settings)),
            *(flag for cell in cells for flag in sweep_flags(cell.experiment)),
        ),
        (),
        tuple(steps(cells, settings.level, recovered)),
        tuple(dict.fromkeys(f"{cell.experiment.name}: {note}" for cell in cells for note in cell.read.notes)),
        ratios=tuple(_ratios(analysed, settings.level)),
        counted="cell",
    )


def _analyse(cell: Cell, compound: str, level: float) -> Analysed:
    found, recovery = fit_drug(cell, compound, level), fit_recovery(cell, compound, level)
    told = (*constants(found, level), *recovery_estimates(recovery, level))
    return Analysed(cell, compound, found, recovery, told)


def _series(one: Analysed, level: float) -> Iterator[Series]:
    found, sign = one.found, one.cell.sign
    drawn = found.whole if found.outcome is not Outcome.FAILED else None
    own = [item for item in one.cell.recoveries if item.compound in ("", one.compound)]
    points = [item for application in found.applications for item in application.points(sign)]
    yield Series(
        one.compound,
        one.name,
        found.outcome,
        found.reason,
        (*points, *(item.points(sign) for item in own)),
        one.told,
        drawn,
        bands=(*(_bands(found, sign, level) if drawn else ()), *_recovered(one.recovery, sign, level)),
        x_label="time (s)",
        y_label=f"current ({one.cell.read.unit})",
    )
    if found.line is not None:
        yield _rates(one, found.line, level)


def _rates(one: Analysed, line: RateLine, level: float) -> Series:
    """The observed rates against the drug, with what their line gives."""
    koff = next((item for item in one.told if item.name == KOFF), None)
    return Series(
        one.compound,
        one.name,
        Outcome.OK,
        "",
        (rate_points(line),),
        tuple(line_estimates(line, koff, level)),
        line.fit,
        comparisons=() if line.comparison is None else (line.comparison,),
        bands=rate_bands(line, level),
        x_label=f"{one.compound} (M)",
        y_label="observed rate (1/s)",
    )


def _bands(found: DrugFit, sign: float, level: float) -> Iterator[CurveBand]:
    """The fitted courses of every application, onset and wash each against its own time."""
    for place, item in enumerate(found.applications):
        last = float(item.washed[item.offset].max()) if item.offset.any() else 0.0
        for title, until in ((ONSET, item.lasted_s), (OFFSET, last)):
            if not until > 0 or found.whole is None:
                continue
            time, drug = np.linspace(0.0, until, GRID), np.full(GRID, item.molar)
            still = np.full(GRID, item.lasted_s)
            x = np.array([time, np.zeros(GRID), drug] if title == ONSET else [still, time, drug])
            band = confidence_band(found.whole, x, place, level)
            label = next(one.label for one in item.points(sign) if one.label.startswith(title))
            yield _turned(CurveBand(time, band.fitted, band.low, band.high, label, level), sign)


def _recovered(found: RecoveryFit | None, sign: float, level: float) -> Iterator[CurveBand]:
    if found is None or not found.told:
        return
    for place, item in enumerate(found.curves):
        used = item.time[item.used & (item.time > 0)]
        time = np.geomspace(float(used.min()), float(used.max()), GRID)
        band = confidence_band(found.whole, time, place, level)
        yield _turned(
            CurveBand(time, band.fitted, band.low, band.high, f"{RECOVERY}: {item.label}", level), -sign
        )


def _turned(band: CurveBand, sign: float) -> CurveBand:
    """The same with the sign that was measured."""
    low, high = np.sort(np.array([sign * band.low, sign * band.high]), axis=0)
    return CurveBand(band.x, sign * band.fitted, low, high, band.label, band.level)


def _pooled(analysed: Sequence[Analysed]) -> Iterator[Pooled]:
    """Rates, KD, IC50 and times as geometric means over cells, parts of the current as plain means."""
    for drug in dict.fromkeys(one.compound for one in analysed):
        by_name: dict[str, dict[str, Estimate]] = {}
        for one in analysed:
            for estimate in one.told if one.compound == drug else ():
                by_name.setdefault(estimate.name, {})[one.name] = estimate
        for name, each in by_name.items():
            if name in (KON, KOFF, KD, IC50, TAU_OFF, FAST, SLOW) or name.startswith((TAU_ON, LATE)):
                yield plain_mean(drug, each)
            elif name.startswith((DEPTH, PART)):
                yield arithmetic_mean(drug, each)


def _ratios(analysed: Sequence[Analysed], level: float) -> Iterator[Ratio]:
    """KD of the rates over the IC50 of the steady block, paired within cells."""
    for drug in dict.fromkeys(one.compound for one in analysed):
        named = [{item.name: item for item in one.told} for one in analysed if one.compound == drug]
        pairs = [(each[KD], each[IC50]) for each in named if KD in each and IC50 in each]
        if pairs:
            ratio = paired_quotient([a for a, _ in pairs], [b for _, b in pairs], "ratio", level)
            agrees = 1.0 / MARGIN <= ratio.value <= MARGIN
            said = "they tell one story" if agrees else "the block is no single step at its steady state"
            sentence = f"KD of the rates over the IC50 of the steady block, paired within cells: {said}."
            verdict = "agrees" if agrees else "disagrees"
            yield Ratio(AGREEMENT, f"{drug}, KD", f"{drug}, IC50", ratio, sentence, verdict, MARGIN)


def _flags(one: Analysed, settings: Settings) -> Iterator[Flag]:
    told = {estimate.name: estimate for estimate in one.told}
    known = facts(one.found, told, settings.exchange_s)
    known |= outcome_facts(one.found.outcome, one.found.reason, len(told))
    yield from judge(CODES, known, f"{one.compound}, {one.name}")


block_kinetics = Assay(
    name="block_kinetics",
    title="Block kinetics: kon, koff and KD of a channel blocker",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(exchange_s=EXCHANGE_S),
    equations=(
        block_onset_offset,
        one_phase_association,
        observed_rate_line,
        induced_fit_rate,
        two_phase_dissociation,
    ),
    checks=tuple(checks[code] for code in (*CODES, *SWEEP_CODES)),
    figures=(kinetic_trace, observed_rate),
    occasional=(trace_overlay,),
    reference="Hille B. Ion Channels of Excitable Membranes, 3rd ed. Sinauer, 2001",
    needs=Needs((), "", ("time", "voltage", "end_point", *QUALITY_COLUMNS), (Role.TOTAL, Role.WASH)),
)
