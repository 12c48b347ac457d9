"""One compound on one day, fitted and converted, and the settings by which it was: what checks and means look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...core.experiment import Experiment
from .._ligand import Ligand
from .curve import CompoundFits
from .data import CompoundData
from .estimates import Constants
from .exact import Exact


@dataclass(frozen=True)
class Settings:
    """How competition curves are analysed.

    `hill_slope`: 'free' makes the Ki from the IC50 of a curve with free slope, 'one' fits log Ki directly with slope 1.
    `level`: confidence level of all intervals. `margin`: the fold shift either way within which a variant of a target
    is said to leave a compound unaffected. `enantiomers`: pairs of compounds that are enantiomers, each with the
    racemate where it was measured too, such as [["R-x", "S-x", "x"]].
    """

    hill_slope: Literal["free", "one"] = "free"
    level: float = 0.95
    margin: float = 3.0
    enantiomers: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Analysed:
    """One compound on one day, fitted and converted: what the checks and the mean over days look at.

    `exact` is the fit of the exact equilibrium where the sites use up a ligand, else None.
    """

    experiment: Experiment
    data: CompoundData
    fits: CompoundFits
    constants: Constants
    ligand: Ligand
    exact: Exact | None = None
