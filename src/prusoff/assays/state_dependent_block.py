"""State-dependent block: what resting and what inactivated channels bind, from block over holding potentials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.errors import InputError, Problem
from ..core.experiment import Experiment
from ..core.plate import Role
from ..core.result import AssayResult
from ..core.selectivity import SELECTIVITY
from ..equations.gating import availability
from ..equations.modulated_receptor import modulated_ic50, modulated_receptor_ratio
from ..figures.boltzmann import boltzmann
from ..figures.residuals import residuals
from ..figures.state_dependence import state_dependence
from ..figures.time_course import time_course
from ..figures.trace_overlay import trace_overlay
from ._gating.cells import Cell, means, subjects
from ._gating.data import READ, require_potentials, with_potential
from ._panel import by_site
from ._plates import require_compounds
from ._recorded_cells import QUALITY_COLUMNS, gated_cell
from ._state_dependent_block.bench import TRUTH, simulate
from ._state_dependent_block.checks import CODES, flags
from ._state_dependent_block.constants import KI, constants
from ._state_dependent_block.data import BlockedCell, blocked_cell, drugs, require_one_end_point
from ._state_dependent_block.fits import fit_drug
from ._state_dependent_block.methods import steps
from ._state_dependent_block.report import Drug, notes
from ._state_dependent_block.shift import shift_constants


@dataclass(frozen=True)
class Settings:
    """How a state-dependent block is analysed.

    `level`: confidence level of all intervals.
    """

    level: float = 0.95


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From currents of cells at several holding potentials, without and with a drug, to Kr, Ki and their ratio.

    Every experiment is one cell. Its availability is that of the currents whose end point is 'availability', else of
    all its currents without drug. Kr and Ki come from one fit over cells and holding potentials; where availability
    was measured with the drug, those of its shift stand beside them. From one holding potential only bounds follow.
    The channels of a panel are analysed one by one; n counts cells.
    """
    if not 0.5 <= settings.level < 1:
        raise InputError(
            Problem(f"a level of {settings.level:g} is no confidence level", "settings > level", "Write 0.95")
        )
    require_potentials(experiments)
    require_compounds(experiments)
    require_one_end_point(experiments)
    judged = tuple(with_potential(gated_cell(one, READ)) for one in experiments)
    found = by_site(judged, lambda those: _at_one_site(those, settings.level))
    kept = tuple(one for one in found.ratios if one.name != SELECTIVITY or one.estimate.name == f"{KI} ratio")
    return replace(found, ratios=kept)


def _at_one_site(experiments: tuple[Experiment, ...], level: float) -> AssayResult:
    cells = tuple(blocked_cell(one, level) for one in sorted(experiments, key=lambda one: one.name))
    gated = tuple(Cell(one.experiment, one.gates, level) for one in cells)
    found = tuple(_drug(cells, compound, level) for compound in drugs(cells))
    pooled = (*(one for drug in found for one in drug.pooled), *means(gated, subjects(gated)))
    return AssayResult(
        "state_dependent_block",
        "State-dependent block",
        experiments,
        (
            *(drug.series(cell) for drug in found for cell in drug.cells),
            *(one for cell in gated for one in cell.series()),
        ),
        pooled,
        tuple(flags(cells, gated, found, pooled)),
        (),
        steps(found, level),
        tuple(dict.fromkeys(notes(found))),
        ratios=tuple(drug.constants.ratio for drug in found if drug.constants.ratio is not None),
        counted="cell",
    )


def _drug(cells: Sequence[BlockedCell], compound: str, level: float) -> Drug:
    found = fit_drug(cells, compound, level)
    shifts = {cell.name: told for cell in cells if (told := shift_constants(cell, compound, level))}
    given = tuple(cell for cell in cells if cell.blocked(compound) or cell.name in shifts)
    return Drug(compound, given, found, constants(found, level), shifts, level)


state_dependent_block = Assay(
    name="state_dependent_block",
    title="State-dependent block: Kr, Ki and their ratio over holding potentials",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(modulated_receptor_ratio, modulated_ic50, availability),
    checks=tuple(checks[code] for code in CODES),
    figures=(state_dependence, boltzmann, residuals),
    occasional=(trace_overlay, time_course),
    reference="Hille B. J Gen Physiol 1977;69:497; Bean BP, Cohen CJ, Tsien RW. J Gen Physiol 1983;81:613",
    needs=Needs(
        (Role.TOTAL,), "", ("voltage", "time", "end_point", "signal_se", *QUALITY_COLUMNS), (Role.WASH,)
    ),
)
