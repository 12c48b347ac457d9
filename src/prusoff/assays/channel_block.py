"""Block of a current by a drug: IC50 and Hill slope from amplitudes of cells, cells differing at random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.errors import InputError, Problem
from ..core.experiment import Experiment
from ..core.panel import site_of, subject_at
from ..core.plate import QUALITIES, Role
from ..core.result import AssayResult
from ..equations.channel_block import channel_block as law
from ..figures.block_curve import block_curve
from ..figures.residuals import residuals
from ..figures.selectivity import selectivity
from ..figures.time_course import time_course
from ..figures.trace_overlay import trace_overlay
from ._channel_block.bench import TRUTH, simulate
from ._channel_block.cells import BlockedCell, Reading, blocked_cells
from ._channel_block.checks import CODES, cell_flags, drug_flags
from ._channel_block.drawn import series_of
from ._channel_block.fits import fit_block
from ._channel_block.methods import notes, steps
from ._channel_block.pooled import extrapolated, pooled
from ._channel_block.wells import held_apart, readable, require_unit, rows_as_cells, unread_aside
from ._panel import by_site


@dataclass(frozen=True)
class Settings:
    """How block is analysed.

    `signal`: what the numbers are: a 'current' (the run needs controls), or percent of 'block', or percent 'left' of
    the control.
    `hill_slope`: 'free' fits one slope that all cells share, 'one' holds it at 1.
    `imax`: 'full' holds the largest block at 100 %, 'fitted' fits it.
    `rundown`: the shape that the loss of current over time is taken to have.
    `last_sweeps`: how many sweeps at the end of each solution are read.
    `subtract_leak`: take the column 'leak' off each current; a recording is measured with its leak taken off already.
    `level`: confidence level of all intervals.
    """

    signal: Literal["current", "block", "left"] = "current"
    hill_slope: Literal["free", "one"] = "free"
    imax: Literal["full", "fitted"] = "full"
    rundown: Literal["linear", "exponential"] = "linear"
    last_sweeps: int = 3
    subtract_leak: bool = False
    level: float = 0.95


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From the amplitudes of cells before, with and after a drug to its IC50 and Hill slope; n counts cells.

    Every experiment is one cell. Currents are told as block of the control that is interpolated at their time; block at
    the end of each application is fitted over all cells at once, the IC50 differing at random from cell to cell. Peak
    and plateau, and potentials where there are several, are subjects of their own. A range that does not hold half of
    the block gives a bound.
    """
    _require(settings)
    require_unit(experiments, settings.signal)
    cells, told = rows_as_cells(experiments, settings.signal)
    judged = tuple(readable(one, settings.signal) for one in sorted(cells, key=lambda one: one.name))
    several = len({site_of(one) for one in judged}) > 1
    result = by_site(judged, lambda those: _at_one_site(those, settings, several))
    return replace(result, notes=(*((told,) if told else ()), *result.notes))


def _require(settings: Settings) -> None:
    if not 0.5 <= settings.level < 1:
        raise InputError(
            Problem(f"a level of {settings.level:g} is no confidence level", "settings > level", "Write 0.95")
        )
    if settings.last_sweeps < 1:
        raise InputError(
            Problem("no sweep is read", "settings > last_sweeps", "Write a whole number from 1, such as 3")
        )


def _at_one_site(experiments: tuple[Experiment, ...], settings: Settings, among: bool) -> AssayResult:
    """The drugs at one target, `among` several."""
    place = subject_at("", site_of(experiments[0])) if among else ""
    reading = Reading(settings.signal, settings.last_sweeps, settings.rundown, settings.subtract_leak)
    several = held_apart(experiments)
    read: list[BlockedCell] = []
    cells: list[Experiment] = []
    for one in experiments:
        found, kept = blocked_cells(one, reading, several)
        read += found
        cells.append(unread_aside(kept, bool(found)))
    _require_drugs(read, cells)
    fits = tuple(
        fit_block(
            [one for one in read if one.subject == subject],
            settings.hill_slope,
            settings.imax,
            settings.level,
        )
        for subject in dict.fromkeys(one.subject for one in read)
    )
    return AssayResult(
        "channel_block",
        "Block of a current",
        tuple(cells),
        tuple(series_of(one, cell) for one in fits for cell in one.cells),
        tuple(part for one in fits for part in pooled(one)),
        (
            *(flag for one in fits for flag in drug_flags(one)),
            *(flag for cell in cells for flag in cell_flags(cell)),
        ),
        (),
        steps(fits, reading, (settings.hill_slope, settings.imax), settings.level),
        (*notes(fits, place), *(said for one in fits for said in extrapolated(one, place))),
        counted="cell",
    )


def _require_drugs(read: Sequence[BlockedCell], cells: Sequence[Experiment]) -> None:
    if read:
        return
    reasons = [
        well.set_aside
        for cell in cells
        for well in cell.wells
        if well.treatment.role is Role.COMPOUND and well.set_aside
    ]
    raise InputError(
        Problem(
            f"no cell can be read with a drug{f', such as: {reasons[0]}' if reasons else ''}",
            ", ".join(cell.name for cell in cells[:3]) + (", ..." if len(cells) > 3 else ""),
            "Name drug and concentration of each sweep, and give the sweeps before it the role 'control'",
            "E-COMPOUND",
        )
    )


channel_block = Assay(
    name="channel_block",
    title="Block of a current: IC50 and Hill slope over cells",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(law,),
    checks=tuple(checks[code] for code in CODES),
    figures=(block_curve, residuals),
    reference="Hill AV. J Physiol 1910;40:iv-vii; Lindstrom MJ, Bates DM. Biometrics 1990;46:673",
    needs=Needs((), "", ("time", "voltage", "end_point", *QUALITIES), (Role.TOTAL, Role.WASH)),
    occasional=(trace_overlay, time_course, selectivity),
)
