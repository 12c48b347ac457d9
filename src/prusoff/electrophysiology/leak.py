"""Leak: the ohmic current through seal and membrane, and what pulses too small to open a channel say of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..core.equation import Array
from ..core.errors import InputError, Problem


@dataclass(frozen=True)
class OhmicLeak:
    """A leak that grows in proportion to the potential: conductance in S and the current in A at 0 V, of each sweep."""

    conductance: Array
    at_zero: Array

    def at(self, potential: npt.ArrayLike) -> Array:
        """The leak current in A at a potential in V."""
        found: Array = self.at_zero + self.conductance * np.asarray(potential, dtype=float)
        return found


def ohmic_leak(potentials: npt.ArrayLike, currents: npt.ArrayLike) -> OhmicLeak:
    """The leak from currents (A) at two or more potentials (V) at which no channel opens: a straight line by least
    squares, through both points where there are two.

    Potentials and currents are (..., point), one line for each sweep. Raises InputError where there are not two
    different potentials.

    >>> leak = ohmic_leak([-0.120, -0.100], [-60e-12, -50e-12])
    >>> round(float(leak.conductance) * 1e9, 6), round(float(leak.at(-0.020)) * 1e12, 6)
    (0.5, -10.0)
    """
    volts, amperes = np.asarray(potentials, dtype=float), np.asarray(currents, dtype=float)
    away = volts - volts.mean(axis=-1, keepdims=True)
    spread = np.sum(away * away, axis=-1)
    if not np.all(spread > 0):
        fix = "Name a part of the command at another potential below the threshold of the channels"
        what = "the leak needs currents at two potentials, and all are the same"
        raise InputError(Problem(what, fix=fix))
    slope = np.asarray(np.sum(away * amperes, axis=-1) / spread)
    return OhmicLeak(slope, np.asarray(amperes.mean(axis=-1) - slope * volts.mean(axis=-1)))


def p_over_n(pulse: npt.ArrayLike, small_pulses: npt.ArrayLike, step: float, small_step: float) -> Array:
    """A pulse with leak and capacitive current taken off by smaller pulses of the same shape (P/N).

    `pulse` (sample) and `small_pulses` (pulse, sample) in A, each counted from its own level before the step; `step`
    and `small_step` in V, negative where they go down. The mean of the small pulses is scaled by step / small_step.
    Armstrong CM, Bezanilla F, J Gen Physiol 1974;63:533.
    """
    if small_step == 0:
        fix = "Name the parts of the command that are small steps"
        raise InputError(Problem("the small pulses of P/N are no steps", fix=fix))
    mean = np.mean(np.atleast_2d(np.asarray(small_pulses, dtype=float)), axis=0)
    found: Array = np.asarray(pulse, dtype=float) - (step / small_step) * mean
    return found
