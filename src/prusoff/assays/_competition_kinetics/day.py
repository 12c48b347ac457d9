"""The settings of competition kinetics, and one compound on one day: what checks, methods and means look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ...core.estimate import Estimate
from ...core.experiment import Experiment
from .._ligand import Ligand
from .fits import TraceFits
from .traces import Traces


@dataclass(frozen=True)
class Settings:
    """How competition kinetics are analysed.

    `label`: 'fitted' takes the rate constants of the label from the wells without competitor, as far as these tell
    them (with label at one concentration and no dissociation they need Kd); 'stated' holds koff and Kd as stated.
    `koff_se_percent`: standard error of the stated koff, in percent of it; used where it is held.
    `competitor_ahead_min`: how long the competitor was with the sites before the label came, in minutes.
    `level`: confidence level of all intervals.
    """

    label: Literal["fitted", "stated"] = "fitted"
    koff_se_percent: float = 0.0
    competitor_ahead_min: float = 0.0
    level: float = 0.95


@dataclass(frozen=True)
class Found:
    """The estimates of one compound on one day.

    `bare` are Ki, kon and koff with the error of the wells alone; `gains` says for each by how much its log10 moves
    with the log10 of each constant that was held ('[L]', 'Kd', 'koff'), `shared` the errors of those that days share.
    `moved` is by how many decades each was moved for depletion; empty where it was not.
    """

    estimates: tuple[Estimate, ...]
    bare: Mapping[str, Estimate]
    gains: Mapping[str, Mapping[str, float]]
    shared: Mapping[str, float]
    shares: Mapping[str, float]
    moved: Mapping[str, float]


@dataclass(frozen=True)
class Analysed:
    """One compound on one day, fitted: what the checks and the means over days look at."""

    experiment: Experiment
    traces: Traces
    fits: TraceFits
    found: Found
    ligand: Ligand
    receptor_molar: float
