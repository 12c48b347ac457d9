"""What is asked of an uptake inhibition, one experiment ready to be fitted, and one compound of it fitted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from ...affinity.inhibition import Mechanism
from ...core.estimate import Estimate
from ...core.experiment import Experiment
from ...core.measured import Measured
from .._competition.curve import CompoundFits
from .._competition.data import CompoundData
from .._competition.estimates import Constants
from .._ligand import Ligand
from .._signal import Signals
from .._uptake import Per, Velocity


@dataclass(frozen=True)
class Settings:
    """How uptake in the presence of inhibitors is analysed.

    `mechanism`: how the inhibitors act, which decides what the Ki is: 'competitive' IC50/(1 + [S]/Km),
    'noncompetitive' IC50, 'uncompetitive' IC50/(1 + Km/[S]). 'mixed' is refused: one IC50 holds no two constants.
    `background`: the wells without uptake by the carrier that belong to the curves: 'blocker' (role nsb), 'ice'
    (role ice), or 'zero' where there are none and nothing is taken to be background. The other kind is compared.
    `per`: what velocities are told by: 'protein', 'cells' or 'well'; 'stated' takes the first that every well has.
    `hill_slope`: 'free' or 'one', the slope of the curve whose IC50 makes the Ki.
    `reference`: the compound against which fold potencies are given; none are without it.
    `usable_minutes`: how long the uptake is linear to 10 %, as a time course gives it.
    `level`: confidence level of all intervals.
    """

    mechanism: Mechanism = "competitive"
    background: Literal["blocker", "ice", "zero"] = "blocker"
    per: Literal["stated", "protein", "cells", "well"] = "stated"
    hill_slope: Literal["free", "one"] = "free"
    reference: str = ""
    usable_minutes: float = math.nan
    level: float = 0.95


@dataclass(frozen=True)
class Day:
    """One experiment: its wells as counted (`counted`), and brought to equal protein and tracer (`read`) to be fitted.

    In `read` the wells that stand for the background have the role nsb, whichever kind they are. `substrate` is the
    whole substrate (mol/L), `velocity` what a signal of `read` is as a velocity, `corrected` what the wells were
    brought to, in words.
    """

    experiment: Experiment
    counted: Signals
    read: Signals
    ligand: Ligand
    substrate: Measured
    per: Per
    velocity: Velocity
    corrected: tuple[str, ...]


@dataclass(frozen=True)
class Analysed:
    """One compound on one day, fitted and converted: what the checks and the mean over days look at."""

    day: Day
    data: CompoundData
    fits: CompoundFits
    constants: Constants

    @property
    def experiment(self) -> Experiment:
        """The experiment it was measured in."""
        return self.day.experiment

    def estimate(self, name: str) -> Estimate | None:
        """The estimate of this name, None where the curve gave none."""
        return next((one for one in self.constants.estimates if one.name == name), None)
