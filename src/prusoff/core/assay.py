"""What an assay is: settings, a run from wells to a result, and a simulated bench that it is asked to see through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .check import Check
from .equation import Equation
from .experiment import Experiment
from .figure import Figure
from .plate import Role
from .result import AssayResult


@dataclass(frozen=True)
class Needs:
    """What a run must hold for an assay.

    `controls`: roles that every plate with compounds has in use; `also`: further ones that are read where they are.
    `label`: 'radioligand', 'substrate' (a labelled one, with a Km in place of a Kd) or '' where nothing is labelled.
    `columns`: what wells say beyond compound and concentration ('time', 'phase', 'substrate', 'second_compound',
    'second_conc', 'protein', 'cells', 'voltage', 'pulse', 'end_point', 'region', 'signal_se' and those of
    `core.plate.QUALITIES`); a column of this meaning is kept but not used by assays that do not ask for it,
    and refused in a plate map.
    """

    controls: tuple[Role, ...] = (Role.TOTAL, Role.NSB)
    label: str = "radioligand"
    columns: tuple[str, ...] = ()
    also: tuple[Role, ...] = ()


@dataclass(frozen=True)
class Assay:
    """One assay.

    `settings` is a frozen dataclass with a default for all that is not required; `run(experiments, settings)` analyses;
    `simulate(truth, seed)` makes experiments of a bench that does not exist, from `truth` (by name, inside units), so
    that the contract tests can ask for the truth back. `equations`, `checks` and `figures` are the ones it uses;
    `needs` is what a run file must hold. `occasional` are figures that show something of some runs only, such as a
    panel of targets; `report` is the name of the report that is written.
    """

    name: str
    title: str
    settings: type
    run: Callable[[tuple[Experiment, ...], Any], AssayResult]
    simulate: Callable[[Mapping[str, float], int], tuple[Experiment, ...]]
    truth: Mapping[str, float]
    example_settings: Any
    equations: tuple[Equation, ...]
    checks: tuple[Check, ...]
    figures: tuple[Figure, ...]
    reference: str
    needs: Needs = Needs()
    occasional: tuple[Figure, ...] = ()
    report: str = "assay_run"
