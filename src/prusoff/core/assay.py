"""What an assay is: settings, a run from wells to a result, and a simulated bench that it is asked to see through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .check import Check
from .equation import Equation
from .experiment import Experiment
from .figure import Figure
from .result import AssayResult


@dataclass(frozen=True)
class Assay:
    """One assay.

    `settings` is a frozen dataclass with a default for all that is not required; `run(experiments, settings)` analyses;
    `simulate(truth, seed)` makes experiments of a bench that does not exist, from `truth` (by name, inside units), so
    that the contract tests can ask for the truth back. `equations`, `checks` and `figures` are the ones it uses.
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
