"""Use-dependent block: how fast a drug enters channels that pulses open, and how fast it leaves, from trains."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.check import Flag
from ..core.estimate import Estimate
from ..core.experiment import Experiment
from ..core.fit import Outcome
from ..core.plate import Role
from ..core.result import AssayResult, CurveBand, Pooled, Series
from ..equations.guarded_receptor import guarded_receptor
from ..figures.pulse_train import PULSES, pulse_train
from ..figures.trace_overlay import trace_overlay
from ..fitting.band import confidence_band
from ._arithmetic_mean import arithmetic_mean
from ._days import plain_mean
from ._panel import by_site
from ._plate_checks import judge, outcome_facts
from ._plates import require_compounds
from ._recorded_cells import QUALITY_COLUMNS, SWEEP_CODES, gated_cell, sweep_flags
from ._signal import annotated
from ._use_dependent_block.bench import TRUTH, simulate
from ._use_dependent_block.estimates import KD, KOFF, KON, LOSS, RECOVERY, STEADY, TONIC, constants, facts
from ._use_dependent_block.fits import DrugFit, fit_drug
from ._use_dependent_block.methods import notes, steps
from ._use_dependent_block.trains import Cell, cell_of, require_duration, require_pulses, short_set_aside

CODES = ("W-UDB-CTRL", "W-UDB-SS", "W-UDB-ONE", "W-UDB-LOSS", "W-OUT")
ROLES = (Role.TOTAL, Role.COMPOUND)


@dataclass(frozen=True)
class Settings:
    """How trains of pulses are analysed.

    `pulse_s`: how long a pulse opens the channels to the drug, in s; it has to be stated.
    `period_s`: from the start of a pulse to that of the next, in s, where wells state no times.
    `level`: confidence level of all intervals.
    """

    pulse_s: float = math.nan
    period_s: float = math.nan
    level: float = 0.95


@dataclass(frozen=True)
class Analysed:
    """One cell with its drugs, fitted."""

    cell: Cell
    fits: tuple[DrugFit, ...]
    told: tuple[tuple[Estimate, ...], ...]


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From the peak currents of trains of pulses to kon, koff and KD of the drug at the site that pulses open.

    Every experiment is a cell, its wells are the pulses of its trains, without drug and with it. All trains of a drug
    in a cell are fitted together with those without drug at the same interval. Means over cells are geometric; n counts
    cells. The targets of a panel are analysed one by one.
    """
    require_duration(settings.pulse_s)
    cells = tuple(short_set_aside(gated_cell(one, ROLES)) for one in experiments)
    require_compounds(cells)
    return by_site(cells, lambda those: _at_one_site(those, settings))


def _at_one_site(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    cells = tuple(cell_of(one, settings.period_s) for one in experiments)
    require_pulses(cells, settings.pulse_s)
    analysed = tuple(_analyse(cell, settings) for cell in cells)
    return AssayResult(
        "use_dependent_block",
        "Use-dependent block",
        tuple(annotated(one.cell.experiment, one.cell.read) for one in analysed),
        tuple(series for one in analysed for series in _series(one, settings.level)),
        tuple(_pooled(analysed)),
        tuple(flag for one in analysed for flag in _flags(one)),
        (),
        tuple(steps(cells, settings.pulse_s, settings.level)),
        tuple(dict.fromkeys(note for one in analysed for note in notes(one.cell, one.fits))),
        counted="cell",
    )


def _analyse(cell: Cell, settings: Settings) -> Analysed:
    fits = tuple(fit_drug(cell, drug, settings.pulse_s, settings.level) for drug in cell.compounds)
    return Analysed(cell, fits, tuple(tuple(constants(one, settings.level)) for one in fits))


def _series(one: Analysed, level: float) -> Iterator[Series]:
    cell = one.cell
    for found, told in zip(one.fits, one.told, strict=True):
        drawn = found.outcome is not Outcome.FAILED
        yield Series(
            found.compound,
            cell.experiment.name,
            found.outcome,
            found.reason,
            tuple(train.points(cell.sign) for train in found.plan.trains),
            told,
            found.whole if drawn else None,
            bands=tuple(_bands(found, cell.sign, level)) if drawn else (),
            x_label=PULSES,
            y_label=f"peak current ({cell.read.unit})",
        )


def _bands(found: DrugFit, sign: float, level: float) -> Iterator[CurveBand]:
    for place, train in enumerate(found.plan.trains):
        pulses = np.arange(1.0, float(train.pulse[train.used].max()) + 0.5)
        _, rest, drug = found.whole.curves[place].data.x[:, 0]
        x = np.array([pulses - 1.0, np.full(pulses.size, rest), np.full(pulses.size, drug)])
        band = confidence_band(found.whole, x, place, level)
        ends = np.sort(np.array([sign * band.low, sign * band.high]), axis=0)
        yield CurveBand(pulses, sign * band.fitted, ends[0], ends[1], train.label, level)


def _pooled(analysed: Sequence[Analysed]) -> Iterator[Pooled]:
    """Rates, KD and the time constant of recovery as geometric means over cells; parts blocked as plain means."""
    for drug in dict.fromkeys(found.compound for one in analysed for found in one.fits):
        by_name: dict[str, dict[str, Estimate]] = {}
        for one in analysed:
            for found, told in zip(one.fits, one.told, strict=True):
                for estimate in told if found.compound == drug else ():
                    by_name.setdefault(estimate.name, {})[one.cell.experiment.name] = estimate
        for name in (KON, KOFF, KD, RECOVERY):
            if name in by_name:
                yield plain_mean(drug, by_name[name])
        for name, each in sorted(by_name.items()):
            if name.startswith((STEADY, TONIC, LOSS)):
                yield arithmetic_mean(drug, each)


def _flags(one: Analysed) -> Iterator[Flag]:
    name = one.cell.experiment.name
    for found, told in zip(one.fits, one.told, strict=True):
        known = {**facts(found), **outcome_facts(found.outcome, found.reason, len(told))}
        yield from judge(CODES, known, f"{found.compound}, {name}")
    yield from sweep_flags(one.cell.experiment)


use_dependent_block = Assay(
    name="use_dependent_block",
    title="Use-dependent block: kon, koff and KD at the activated channel",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(pulse_s=TRUTH["pulse_s"]),
    equations=(guarded_receptor,),
    checks=tuple(checks[code] for code in (*CODES, *SWEEP_CODES)),
    figures=(pulse_train,),
    occasional=(trace_overlay,),
    reference="Starmer CF, Grant AO. Mol Pharmacol 1985;28:348",
    needs=Needs((), "", ("pulse", "time", "voltage", "end_point", *QUALITY_COLUMNS), (Role.TOTAL,)),
)
