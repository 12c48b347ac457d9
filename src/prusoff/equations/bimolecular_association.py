"""Association, then dissociation, in wells in which the ligand is used up: the bimolecular reaction in closed form.

Bound, added and Bmax are molar concentrations in the well. The free ligand is what is neither on the sites nor bound
elsewhere; nonspecific binding follows it at once. With kappa = kon/(1 + NS) and k = koff/kappa the bound B solves
dB/dt = kappa (Bmax - B)(L - B) - koff B from 0, an equation of Riccati with two constant roots. The chase is an excess
of unlabelled ligand: nothing binds again. Nonspecific wells are the same law with Bmax fixed at 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box
from ._logistic import LN10, rows
from ._rates import LOG_KOFF, LOG_KON, PHASES, kinetic_guess, kinetic_limits
from .ligand_depletion import BMAX_MOLAR, BOUND, NS_RATIO


@dataclass(frozen=True)
class _Reaction:
    """What is bound after association for so long: `bound` and its derivatives by Bmax and by ln of kappa and koff."""

    bound: Array
    by_bmax: Array
    by_kappa: Array
    by_koff: Array


def _react(bmax: Array, ligand: Array, kappa: Array, koff: Array, time: Array) -> _Reaction:
    """The root that is approached is the smaller one; no difference of nearly equal numbers is taken on the way.

    B = P G / (D + r G) with P = Bmax L, roots r and s, D = s - r and G = 1 - exp(-kappa D t).
    """
    k = koff / kappa
    apart = bmax - ligand + k
    gap = np.sqrt((bmax - ligand) ** 2 + k * (2.0 * (bmax + ligand) + k))
    total = bmax + ligand + k
    product = bmax * ligand
    root = 2.0 * product / (total + gap)
    passed = kappa * gap * time
    gone, left = -np.expm1(-passed), np.exp(-passed)
    whole = gap + root * gone
    bound = product * gone / whole
    speed = (product - bound * root) * left * kappa * time

    def change(by_product: Array | float, by_gap: Array, by_root: Array, by_speed: Array) -> Array:
        result: Array = (gone * by_product + speed * by_speed - bound * (by_gap + gone * by_root)) / whole
        return result

    by_k = k * total / gap, -k * root / gap
    return _Reaction(
        bound,
        change(ligand, apart / gap, (ligand - root) / gap, apart / gap),
        change(0.0, -by_k[0], -by_k[1], ((bmax - ligand) ** 2 + k * (bmax + ligand)) / gap),
        change(0.0, *by_k, by_k[0]),
    )


def _well(x: Array, p: Array) -> tuple[_Reaction, Array, Array]:
    """The reaction, what the chase leaves of it, and nonspecific over free binding at the time of the well."""
    before, after, ligand = x
    bmax, log_kon, log_koff, ns, drift = p
    koff = np.power(10.0, log_koff)
    found = _react(bmax, ligand, np.power(10.0, log_kon) / (1.0 + ns), koff, before)
    return found, np.exp(-koff * after), ns + drift * (before + after)


def _bound(x: Array, p: Array) -> Array:
    found, kept, elsewhere = _well(x, p)
    specific = found.bound * kept
    result: Array = specific + elsewhere * (x[2] - specific) / (1.0 + p[3])
    return result


def _bound_jacobian(x: Array, p: Array) -> Array:
    before, after, ligand = x
    found, kept, elsewhere = _well(x, p)
    ns = p[3]
    specific = found.bound * kept
    free = (ligand - specific) / (1.0 + ns)
    gain = (1.0 - elsewhere / (1.0 + ns)) * kept
    by_koff = gain * (found.by_koff - found.bound * np.power(10.0, p[2]) * after)
    by_ns = free * (1.0 - elsewhere / (1.0 + ns)) - gain * found.by_kappa / (1.0 + ns)
    return rows(
        gain * found.by_bmax,
        LN10 * gain * found.by_kappa,
        LN10 * by_koff,
        by_ns,
        free * (before + after),
    )


def _start(x: Array, y: Array) -> Array:
    associating = x[1] == 0.0
    some = associating if associating.any() else np.ones(associating.shape, dtype=bool)
    bmax, log_kon, log_koff, _ = kinetic_guess(x[0][some], x[2][some], y[some])
    inside: Array = np.clip(np.array([bmax, log_kon, log_koff, 0.01, 0.0]), *_limits(x, y))
    return inside


def _limits(x: Array, y: Array) -> tuple[Array, Array]:
    on, off = kinetic_limits(np.concatenate([x[0], x[1]]), x[2])
    return box(bimolecular_association.parameters, log_kon=on, log_koff=off)


bimolecular_association = Equation(
    name="bimolecular_association",
    title="Association, then dissociation, with ligand depletion",
    formula="kappa = 10**log_kon / (1 + ns)\n"
    "k = 10**log_koff / kappa\n"
    "total = bmax + added_ligand + k\n"
    "gap = sqrt(total**2 - 4 * bmax * added_ligand)\n"
    "root = (total - gap) / 2\n"
    "gone = 1 - exp(-kappa * gap * association_time)\n"
    "specific = bmax * added_ligand * gone / (gap + root * gone) * exp(-10**log_koff * dissociation_time)\n"
    "elsewhere = ns + drift * (association_time + dissociation_time)\n"
    "specific + elsewhere * (added_ligand - specific) / (1 + ns)",
    axes=(*PHASES, Axis("added_ligand", "M")),
    response=BOUND,
    parameters=(
        BMAX_MOLAR,
        LOG_KON,
        LOG_KOFF,
        NS_RATIO,
        Parameter("drift", "NS drift", "1/s", "what nonspecific over free label gains with time"),
    ),
    function=_bound,
    jacobian=_bound_jacobian,
    start=_start,
    limits=_limits,
    location="log_koff",
    reference="Frost AA, Pearson RG. Kinetics and Mechanism. Wiley 1961",
    cases=(
        Case(
            (math.log(2.0) / 3.5e-3, math.log(2.0) / 1.5e-3, 2e-9),
            {"bmax": 1e-9, "log_kon": 6.0, "log_koff": math.log10(1.5e-3), "ns": 0.0, "drift": 0.0},
            2e-9 / 15.0,
            "by hand: the roots are 0.5 and 4 nM; half-way at 3.5e-3 per s 1/(3.5 + 0.25) nM are bound, half is kept",
        ),
    ),
)
