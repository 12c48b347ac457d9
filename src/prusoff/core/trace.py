"""A stretch of a sweep as it is drawn: thinned, with the windows and the amplitudes that were read from it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .equation import Array


@dataclass(frozen=True)
class Read:
    """One reading of a sweep: its end point, the window it was read in (s), when (nan for a mean) and the value (A)."""

    end_point: str
    start_s: float
    end_s: float
    at_s: float
    value: float


@dataclass(frozen=True, eq=False)
class Trace:
    """The current of one sweep: times (s from its start) and currents (A, as recorded), with what was read from it.

    `applied` says what was on the cell ('control', 'atomoxetine 3 µM'), `potential` at which potential (V) where sweeps
    differ in it, else nan, and `called` what the current is called where that is stated ('availability'). Readings have
    their leak taken off.
    """

    sweep: int
    applied: str
    times: Array
    currents: Array
    reads: tuple[Read, ...] = ()
    potential: float = math.nan
    called: str = ""
