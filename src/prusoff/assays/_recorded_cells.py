"""What assays of recorded cells share: cells gated and in order, which way currents point, and how cells are judged."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np

from ..checks.recording import OF_SWEEPS
from ..core.check import Flag
from ..core.equation import Array
from ..core.experiment import Experiment
from ..core.plate import QUALITIES, Role, Well
from ..electrophysiology.gates import gate, gate_facts
from ._plate_checks import judge
from ._signal import Signals, unread_set_aside

QUALITY_COLUMNS = tuple(QUALITIES)
SWEEP_CODES = tuple(check.name for check in OF_SWEEPS)


def gated_cell(cell: Experiment, roles: Collection[Role]) -> Experiment:
    """The cell with everything set aside that has no reading, did not pass its gates, or has another role."""
    read = unread_set_aside(cell)
    wells = tuple(_of_role(well, roles) for well in gate(read.wells))
    return replace(read, wells=wells)


def _of_role(well: Well, roles: Collection[Role]) -> Well:
    if not well.used or well.treatment.role in roles:
        return well
    return replace(well, set_aside=f"wells with the role '{well.treatment.role}' are not read here")


def facing(read: Signals) -> float:
    """-1 for a cell whose currents without drug are inward (negative), else 1: times this, a block lowers them."""
    controls = read.of_role(Role.TOTAL)
    typical: Array = controls if controls.size else read.of_role(Role.COMPOUND)
    return -1.0 if typical.size and float(np.median(typical)) < 0 else 1.0


def sweep_flags(cell: Experiment) -> Iterator[Flag]:
    """What the amplifier says of the cell: series resistance, leak, seal, drift, clipping."""
    yield from judge(SWEEP_CODES, gate_facts(cell.wells), cell.name)
