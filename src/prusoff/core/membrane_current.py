"""A membrane current beside the size of its cell and beside what drives it: density and conductance."""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import median

import numpy as np
import numpy.typing as npt

from .equation import Array
from .plate import Well


def capacitance_of(wells: Iterable[Well]) -> float:
    """The capacitance of a cell in F, the median over its sweeps; nan where none of them tells one above zero.

    It goes with the membrane of the cell and so stands for its size.
    """
    told = [size for well in wells if (size := well.quality.get("capacitance", math.nan)) > 0]
    return median(told) if told else math.nan


def current_density(current: npt.ArrayLike, capacitance: float) -> Array:
    """Current (A) over capacitance (F) in A/F, which is pA/pF.

    >>> round(float(current_density(-1.2e-9, 12e-12)), 6)
    -100.0
    """
    found: Array = np.asarray(current, dtype=float) / capacitance
    return found


def chord_conductance(current: npt.ArrayLike, potential: npt.ArrayLike, reversal: float) -> Array:
    """Conductance in S of currents (A) at potentials (V): I/(V - Erev); nan at the reversal potential itself."""
    force = np.asarray(potential, dtype=float) - reversal
    return np.divide(current, force, out=np.full_like(force, math.nan), where=force != 0)
