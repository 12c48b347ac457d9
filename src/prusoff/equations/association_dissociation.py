"""Association and dissociation of a ligand at any of its concentrations, with one kon, koff and Bmax for all of them.

A well that was stopped during association has the dissociation time 0; one that was stopped after the chase began has
the association time that went before it. `left` is the part of the free ligand that the chase leaves to bind again: 0
after an excess of unlabelled ligand, one over the dilution after a dilution; `kept` is the part of nonspecific binding
that is left then. `log_shift` is the koff of the chase over that of the association, 0 where there is one koff; without
a chase `log_shift` and `left` are 0 and `kept` is 1. Nonspecific wells are the same law with Bmax fixed at 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array, Case, Equation, Parameter
from ._guess import box
from ._logistic import LN10, rows
from ._rates import LOG_KOFF, LOG_KON, NS_DRIFT, PHASES, Rates, approach, kinetic_guess, kinetic_limits
from ._sources import FITTING_MODELS
from .concentration_response import SIGNAL
from .saturation_binding import BMAX, FREE_LIGAND, NS


@dataclass(frozen=True)
class _Chase:
    """What a chase leaves of the sites taken before it, with the derivatives of the fraction taken."""

    taken: Array
    by_on: Array
    by_off: Array
    by_shift: Array
    by_left: Array


def _chased(x: Array, p: Array) -> _Chase:
    before, after, ligand = x
    log_kon, log_koff, log_shift, left = p[1:5]
    on = np.power(10.0, log_kon) * ligand
    first = Rates.of(on, np.power(10.0, log_koff))
    second = Rates.of(left * on, first.off * np.power(10.0, log_shift))
    start, by_on, by_off = approach(first, before)
    passed = second.both * after
    kept, gone = np.exp(-passed), -np.expm1(-passed)
    falling = after * kept * (second.taken - start)
    turned = gone * second.turning
    by_second_off = falling * second.off - turned
    return _Chase(
        second.taken * gone + start * kept,
        kept * by_on + turned + falling * second.on,
        kept * by_off + by_second_off,
        by_second_off,
        gone * (on / second.both) * (second.off / second.both) + falling * on,
    )


def _phases(x: Array, p: Array) -> Array:
    before, after, ligand = x
    kept, ns, drift = p[5:]
    result: Array = p[0] * _chased(x, p).taken + kept * ligand * (ns + drift * (before + after))
    return result


def _phases_jacobian(x: Array, p: Array) -> Array:
    before, after, ligand = x
    chased, bmax = _chased(x, p), p[0]
    kept, ns, drift = p[5:]
    return rows(
        chased.taken,
        LN10 * bmax * chased.by_on,
        LN10 * bmax * chased.by_off,
        LN10 * bmax * chased.by_shift,
        bmax * chased.by_left,
        ligand * (ns + drift * (before + after)),
        kept * ligand,
        kept * ligand * (before + after),
    )


def _phases_start(x: Array, y: Array) -> Array:
    associating = x[1] == 0.0
    some = associating if associating.any() else np.ones(associating.shape, dtype=bool)
    bmax, log_kon, log_koff, ns = kinetic_guess(x[0][some], x[2][some], y[some])
    limits = _phases_limits(x, y)
    inside: Array = np.clip(np.array([bmax, log_kon, log_koff, 0.0, 0.0, 1.0, ns, 0.0]), *limits)
    return inside


def _phases_limits(x: Array, y: Array) -> tuple[Array, Array]:
    on, off = kinetic_limits(np.concatenate([x[0], x[1]]), x[2])
    return box(association_dissociation.parameters, log_kon=on, log_koff=off)


association_dissociation = Equation(
    name="association_dissociation",
    title="Association, then dissociation",
    formula="on = 10**log_kon * free_ligand\n"
    "off = 10**log_koff\n"
    "start = on / (on + off) * (1 - exp(-(on + off) * association_time))\n"
    "off_after = off * 10**log_shift\n"
    "end = left * on / (left * on + off_after)\n"
    "taken = end + (start - end) * exp(-(left * on + off_after) * dissociation_time)\n"
    "bmax * taken + kept * free_ligand * (ns + drift * (association_time + dissociation_time))",
    axes=(*PHASES, FREE_LIGAND),
    response=SIGNAL,
    parameters=(
        BMAX,
        LOG_KON,
        LOG_KOFF,
        Parameter(
            "log_shift",
            "koff chase / koff",
            "",
            "koff of the chase over that of the association",
            lower=-3.0,
            upper=3.0,
            log10=True,
        ),
        Parameter(
            "left", "[L] left", "", "part of the free ligand that the chase leaves", lower=0.0, upper=1.0
        ),
        Parameter("kept", "NS left", "", "part of nonspecific binding that the chase leaves", lower=0.0),
        NS,
        NS_DRIFT,
    ),
    function=_phases,
    jacobian=_phases_jacobian,
    start=_phases_start,
    limits=_phases_limits,
    location="log_koff",
    reference=FITTING_MODELS,
    cases=(
        Case(
            (math.log(4.0) / 4e-3, math.log(2.0) / 1e-3, 3e-9),
            {
                "bmax": 1000.0,
                "log_kon": 6.0,
                "log_koff": -3.0,
                "log_shift": 0.0,
                "left": 0.0,
                "kept": 1.0,
                "ns": 1e10,
                "drift": 0.0,
            },
            311.25,
            "9/16 of 1000 taken (see the association), half of it left after a half-life of 1e-3 per s, and 30",
        ),
    ),
)
