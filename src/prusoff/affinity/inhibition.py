"""IC50 and inhibition constants of a reaction or a transport, by mechanism and substrate concentration.

`ic50_mixed` gives the concentration that halves the velocity at a substrate concentration S, `ki_by_mechanism` leads
back.
All concentrations in one unit. Sources: Segel IH, Enzyme Kinetics, Wiley 1975; Cheng Y-C, Prusoff WH, Biochem Pharmacol
1973;22:3099; Copeland RA, Evaluation of Enzyme Inhibitors in Drug Discovery, 2nd ed., Wiley 2013.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal, TypeAlias, TypeVar

import numpy as np

from ..core.equation import Array
from ..core.errors import InputError, Problem, Problems
from ..core.estimate import Estimate
from ..core.experiment import Constant
from ..core.measured import Measured
from .propagation import Conversion, ki_estimate, with_kd_error

Amount = TypeVar("Amount", float, Array)
Mechanism: TypeAlias = Literal["competitive", "noncompetitive", "uncompetitive", "mixed"]

FORMULAS: dict[Mechanism, str] = {
    "competitive": "Ki = IC50 / (1 + [S] / Km)",
    "noncompetitive": "Ki = IC50",
    "uncompetitive": "Ki = IC50 / (1 + Km / [S])",
}
"""How one constant follows from one IC50; a mixed inhibitor has two constants, which one IC50 cannot tell."""


def ic50_mixed(kic: Amount, kiu: Amount, substrate: Amount, km: Amount) -> Amount:
    """IC50 = (Km + S) / (Km/Kic + S/Kiu) of a mixed inhibitor.

    `kic` is the constant of the free transporter, `kiu` that of the transporter with substrate; an infinite one is that
    of an inhibitor that does not bind there (competitive, uncompetitive), equal ones are pure noncompetitive.

    >>> round(ic50_mixed(5.0, math.inf, 50.0, 457.0), 6)
    5.547046
    """
    problems = Problems()
    for name, value in {"Kic": kic, "Kiu": kiu, "S": substrate, "Km": km}.items():
        if not np.all(np.asarray(value) > 0):
            problems.add(f"{name} is {value}", "inhibition", "It must be positive", "E-CONVERSION")
    if np.any(np.isinf(np.asarray(kic)) & np.isinf(np.asarray(kiu))):
        problems.add("both constants are infinite", "inhibition", "Give at least one", "E-CONVERSION")
    problems.raise_if_any()
    return (km + substrate) / (km / kic + substrate / kiu)


def ki_by_mechanism(
    ic50: Estimate, substrate: Measured, km: Measured | Constant, mechanism: Mechanism = "competitive"
) -> Conversion:
    """The inhibition constant from an IC50 with its interval, substrate and Km with their errors.

    Competitive: Ki = IC50/(1 + S/Km), that of the free transporter. Uncompetitive: Ki = IC50/(1 + Km/S), that of the
    transporter with substrate. Noncompetitive: Ki = IC50, whatever S and Km are. A bound stays a bound, an open side
    open. Raises InputError for a mixed inhibitor: its IC50 at one substrate concentration holds two constants.
    """
    refuse_mixed(mechanism)
    if mechanism == "noncompetitive":
        ki = replace(ic50, name="Ki", method=f"Ki = IC50 (noncompetitive); {ic50.method}")
        return Conversion(ki, ki.negative_log10("pKi"), {"IC50": 1.0} if ic50.log10_se > 0 else {}, ki)
    if mechanism == "competitive":
        return _spoken(ki_estimate(ic50, substrate, km), mechanism, ("[S]", "Km"))
    ratio_of = (_measured(km), substrate)
    found = ki_estimate(ic50, *ratio_of)
    exact = ki_estimate(ic50, Measured(km.value), substrate).ki  # Km stands where [L] does
    return _spoken(replace(found, ki_without_kd_error=exact), mechanism, ("Km", "[S]"))


def with_km_error(
    ki: Estimate, substrate: Measured, km: Measured | Constant, mechanism: Mechanism = "competitive"
) -> Estimate:
    """A Ki averaged over days, each with Km taken as exact, with the error of Km, which all days share, added once.

    The error of `substrate` is the part that all days share.
    """
    refuse_mixed(mechanism)
    if mechanism == "noncompetitive":
        return ki
    if mechanism == "competitive":
        widened = with_kd_error(ki, substrate, km)
    else:
        widened = with_kd_error(ki, _measured(km), substrate)
    return replace(widened, method=widened.method.replace("the error of Kd", "the error of Km"))


def refuse_mixed(mechanism: str) -> None:
    """Raise InputError for a mechanism that one IC50 gives no constant of, or that is none."""
    if mechanism in FORMULAS:
        return
    what = f"'{mechanism}' is no mechanism of inhibition"
    fix = f"Name one of: {', '.join(FORMULAS)}"
    if mechanism == "mixed":
        what = "a mixed inhibitor has two constants, Kic and Kiu, and one IC50 cannot tell them apart"
        fix = "Measure it at several substrate concentrations (uptake mechanism), or name the nearest simple one"
    raise InputError(Problem(what, "mechanism", fix, "E-MECHANISM"))


def _measured(km: Measured | Constant) -> Measured:
    if isinstance(km, Measured):
        return km
    error = km.value * math.log(10.0) * km.log10_se
    return Measured(km.value, km.se if math.isnan(error) else error)


def _spoken(found: Conversion, mechanism: str, names: tuple[str, str]) -> Conversion:
    """The same conversion in the words of transport: which part [S] and Km have in the error."""
    words = {"[L]": names[0], "Kd": names[1]}

    def told(one: Estimate) -> Estimate:
        text = one.method.replace("Cheng-Prusoff, errors of [L] and Kd", f"{mechanism}, errors of [S] and Km")
        return replace(one, method=text)

    return Conversion(
        told(found.ki),
        told(found.pki),
        {words.get(name, name): share for name, share in found.shares.items()},
        told(found.ki_without_kd_error),
    )
