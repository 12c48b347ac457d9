"""Inhibition of uptake as it is counted: the four mechanisms with labelled and unlabelled substrate and background."""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Case, Equation
from ._sources import SEGEL
from .enzyme_inhibition import (
    INHIBITOR,
    competitive_inhibition,
    mixed_inhibition,
    noncompetitive_inhibition,
    uncompetitive_inhibition,
)
from .labelled_uptake import (
    ADDED,
    COUNTED,
    LABEL_SHARE,
    UNDILUTED_VMAX,
    counted,
    counted_formula,
    counted_slopes,
    undiluted,
    with_added,
)
from .uptake_kinetics import SUBSTRATE

AXES = (SUBSTRATE, INHIBITOR, LABEL_SHARE)
AT = (50e-9, 20e-9, 0.1)
WORKED = {"vmax": 18.0, "log_km": math.log10(457e-9), "nonsaturable": 2e7, "background": 0.5}
SOURCE = "a tenth of what the same mechanism gives without dilution and of 1 that does not saturate, and 0.5"


def _competitive(x: Array, p: Array) -> Array:
    return counted(competitive_inhibition.function(x[:2], p[:-2]), x, p)


def _competitive_jacobian(x: Array, p: Array) -> Array:
    return counted_slopes(competitive_inhibition.jacobian(x[:2], p[:-2]), x)


def _uncompetitive(x: Array, p: Array) -> Array:
    return counted(uncompetitive_inhibition.function(x[:2], p[:-2]), x, p)


def _uncompetitive_jacobian(x: Array, p: Array) -> Array:
    return counted_slopes(uncompetitive_inhibition.jacobian(x[:2], p[:-2]), x)


def _noncompetitive(x: Array, p: Array) -> Array:
    return counted(noncompetitive_inhibition.function(x[:2], p[:-2]), x, p)


def _noncompetitive_jacobian(x: Array, p: Array) -> Array:
    return counted_slopes(noncompetitive_inhibition.jacobian(x[:2], p[:-2]), x)


def _mixed(x: Array, p: Array) -> Array:
    return counted(mixed_inhibition.function(x[:2], p[:-2]), x, p)


def _mixed_jacobian(x: Array, p: Array) -> Array:
    return counted_slopes(mixed_inhibition.jacobian(x[:2], p[:-2]), x)


def _start(x: Array, y: Array) -> Array:
    return np.array([*competitive_inhibition.start(x[:2], undiluted(x, y)), 0.0, 0.0])


def _mixed_start(x: Array, y: Array) -> Array:
    return np.array([*mixed_inhibition.start(x[:2], undiluted(x, y)), 0.0, 0.0])


def _limits(x: Array, y: Array) -> tuple[Array, Array]:
    return with_added(competitive_inhibition.bounds(x[:2], y))


def _mixed_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return with_added(mixed_inhibition.bounds(x[:2], y))


labelled_competitive = Equation(
    name="labelled_competitive",
    title="Competitive inhibition of uptake",
    formula=counted_formula(competitive_inhibition),
    axes=AXES,
    response=COUNTED,
    parameters=(UNDILUTED_VMAX, *competitive_inhibition.parameters[1:], *ADDED),
    function=_competitive,
    jacobian=_competitive_jacobian,
    start=_start,
    limits=_limits,
    reference=SEGEL,
    cases=(
        Case(
            AT,
            {**WORKED, "log_kic": math.log10(5e-9)},
            0.1 * (competitive_inhibition.cases[0].y + 1.0) + 0.5,
            SOURCE,
        ),
    ),
)

labelled_uncompetitive = Equation(
    name="labelled_uncompetitive",
    title="Uncompetitive inhibition of uptake",
    formula=counted_formula(uncompetitive_inhibition),
    axes=AXES,
    response=COUNTED,
    parameters=(UNDILUTED_VMAX, *uncompetitive_inhibition.parameters[1:], *ADDED),
    function=_uncompetitive,
    jacobian=_uncompetitive_jacobian,
    start=_start,
    limits=_limits,
    reference=SEGEL,
    cases=(
        Case(
            AT,
            {**WORKED, "log_kiu": math.log10(40e-9)},
            0.1 * (uncompetitive_inhibition.cases[0].y + 1.0) + 0.5,
            SOURCE,
        ),
    ),
)

labelled_noncompetitive = Equation(
    name="labelled_noncompetitive",
    title="Noncompetitive inhibition of uptake",
    formula=counted_formula(noncompetitive_inhibition),
    axes=AXES,
    response=COUNTED,
    parameters=(UNDILUTED_VMAX, *noncompetitive_inhibition.parameters[1:], *ADDED),
    function=_noncompetitive,
    jacobian=_noncompetitive_jacobian,
    start=_start,
    limits=_limits,
    reference=SEGEL,
    cases=(
        Case(
            AT,
            {**WORKED, "log_ki": math.log10(5e-9)},
            0.1 * (noncompetitive_inhibition.cases[0].y + 1.0) + 0.5,
            SOURCE,
        ),
    ),
)

labelled_mixed = Equation(
    name="labelled_mixed",
    title="Mixed inhibition of uptake",
    formula=counted_formula(mixed_inhibition),
    axes=AXES,
    response=COUNTED,
    parameters=(UNDILUTED_VMAX, *mixed_inhibition.parameters[1:], *ADDED),
    function=_mixed,
    jacobian=_mixed_jacobian,
    start=_mixed_start,
    limits=_mixed_limits,
    reference=SEGEL,
    cases=(
        Case(
            AT,
            {**WORKED, "log_kic": math.log10(5e-9), "log_kiu": math.log10(40e-9)},
            0.1 * (mixed_inhibition.cases[0].y + 1.0) + 0.5,
            SOURCE,
        ),
    ),
)
