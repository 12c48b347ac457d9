"""Gating of a channel: half potentials and slope factors of activation and availability, and their shift by a drug."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.errors import InputError, Problem
from ..core.estimate import figures
from ..core.experiment import Experiment
from ..core.plate import Role
from ..core.result import AssayResult
from ..equations.gating import activation, availability, current_voltage
from ..figures.boltzmann import boltzmann
from ..figures.current_voltage import current_voltage as currents_drawn
from ..figures.residuals import residuals
from ..figures.trace_overlay import trace_overlay
from ._gating.bench import TRUTH, simulate
from ._gating.cells import Cell, means, subjects
from ._gating.checks import CODES, flags
from ._gating.data import CONTROL, READ, WASH, curves, require_potentials, with_potential
from ._gating.fits import REVERSAL, GateFit, fit_gating
from ._gating.methods import steps
from ._panel import by_site
from ._recorded_cells import QUALITY_COLUMNS, gated_cell

APART = 3e-3  # V, beyond which two reversal potentials are told apart


@dataclass(frozen=True)
class Settings:
    """How gating is analysed.

    `curve`: of what the currents are where the column 'end point' does not say it: 'activation' (potential of the
    test step) or 'availability' (potential before it).
    `reversal_mv`: the reversal potential in mV where it is known; fitted to currents of activation otherwise.
    `level`: confidence level of all intervals.
    """

    curve: Literal["activation", "availability"] = "activation"
    reversal_mv: float = math.nan
    level: float = 0.95


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From currents or conductances of cells against the potential to V1/2 and k, and the shift by a drug.

    Every experiment is one cell. Each of its curves is fitted by itself: control, every drug at every concentration,
    wash-out. A shift is taken within the cell. Potentials and shifts are means over cells; n counts cells.
    """
    if not 0.5 <= settings.level < 1:
        raise InputError(
            Problem(f"a level of {settings.level:g} is no confidence level", "settings > level", "Write 0.95")
        )
    require_potentials(experiments)
    judged = tuple(with_potential(gated_cell(one, READ)) for one in experiments)
    return by_site(judged, lambda those: _at_one_site(those, settings))


def _at_one_site(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    reversal = settings.reversal_mv * 1e-3
    cells = tuple(
        Cell(
            one,
            tuple(fit_gating(curve, reversal, settings.level) for curve in curves(one, settings.curve)),
            settings.level,
        )
        for one in sorted(experiments, key=lambda one: one.name)
    )
    named = subjects(cells)
    pooled = tuple(means(cells, named))
    drawn = {(one.subject, one.experiment): one for cell in cells for one in cell.series()}
    return AssayResult(
        "gating",
        "Gating of a channel",
        experiments,
        tuple(
            drawn[subject, one.name]
            for subject in named
            for one in experiments
            if (subject, one.name) in drawn
        ),
        pooled,
        flags(cells, pooled),
        (),
        steps(cells, reversal, settings.level),
        tuple(_notes(cells, reversal)),
        counted="cell",
    )


def _notes(cells: Sequence[Cell], reversal: float) -> Iterator[str]:
    """What was met: drugs without a control in the same cell, reversal potentials that were not reached, and those that
    are not where the current turns round.
    """
    for cell in cells:
        for one in cell.fits:
            if one.data.compound not in (CONTROL, WASH) and cell.control(one) is None:
                yield f"{one.data.subject}, {cell.name}: there is no control in this cell, so there is no shift."
            if one.fit is not None and "v_reversal" in one.fit.names and one.named(REVERSAL) is None:
                yield (
                    f"{one.data.subject}, {cell.name}: the current does not reverse at the potentials tested, so the "
                    "reversal potential would be extrapolated. Write reversal_mv under [settings] where it is known."
                )
            yield from _apart(cell, one, reversal)


def _apart(cell: Cell, one: GateFit, stated: float) -> Iterator[str]:
    """Where the current itself turns round elsewhere than by the fit, or than what was stated."""
    read, fitted = one.read_reversal(cell.level), one.named(REVERSAL)
    if read is None or (fitted is None and not math.isfinite(stated)):
        return
    law = fitted.value if fitted else stated
    if abs(law - read.value) > APART and not read.low <= law <= read.high:
        why = "the open channel is not ohmic" if fitted else "leak was left in, or the solutions are others"
        yield (
            f"{one.data.subject}, {cell.name}: the current turns round at {read.amount}, not at "
            f"{figures(law, unit='V')} as {'the fit has it' if fitted else 'stated'}: {why}."
        )


gating = Assay(
    name="gating",
    title="Gating of a channel: V1/2 and k of activation and availability, shift by a drug",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(activation, availability, current_voltage),
    checks=tuple(checks[code] for code in CODES),
    figures=(boltzmann, currents_drawn, residuals),
    occasional=(trace_overlay,),
    reference="Hodgkin AL, Huxley AF. J Physiol 1952;116:497",
    needs=Needs(
        (Role.TOTAL,), "", ("voltage", "time", "end_point", "signal_se", *QUALITY_COLUMNS), (Role.WASH,)
    ),
)
