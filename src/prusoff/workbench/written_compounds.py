"""What is known of a compound beforehand as the [compound] table of a run file that says it."""

from __future__ import annotations

import math
from typing import Any

from ..core.experiment import Compound, Constant, Dosing
from ..core.units import to_unit

Table = dict[str, Any]


def compound_table(one: Compound) -> Table:
    """The table of one compound, without what is not stated."""
    return stated(
        {
            "molar_mass": written(one.molar_mass, "molar mass", "g/mol"),
            "salt_molar_mass": written(one.salt_molar_mass, "molar mass", "g/mol"),
            "form": one.form,
            "exposure": written(one.exposure_molar, "molar concentration", "nM"),
            "active_metabolites": list(one.active_metabolites),
            "fraction_unbound": _number(one.fraction_unbound),
            "kp_uu": _number(one.kp_uu),
            "ki": {target: constant_table(known) for target, known in one.ki.items()},
            "ic50": {target: constant_table(known) for target, known in one.ic50.items()},
            "course": None if one.dosing is None else _course(one.dosing),
        }
    )


def constant_table(constant: Constant | None) -> Table | None:
    """A constant in mol/L with its error and where it holds; None where there is none."""
    if constant is None:
        return None
    logged = math.isfinite(constant.log10_se)
    return stated(
        {
            "value": written(constant.value, "molar concentration", "nM"),
            "se": "" if logged else written(constant.se, "molar concentration", "nM"),
            "log10_se": constant.log10_se if logged else None,
            "source": constant.source,
            "temperature": written(constant.temperature_c, "temperature", "C"),
            "species": constant.species,
            "system": constant.system,
        }
    )


def stated(part: Table) -> Table:
    """What is stated: not '', None, an empty list or table."""
    return {name: value for name, value in part.items() if value not in ("", None, [], {})}


def written(value: float, kind: str, unit: str) -> str:
    """'1 nM' for 1e-9 M, '' for a value that is not stated."""
    return f"{to_unit(value, kind, unit):.12g} {unit}" if math.isfinite(value) else ""


def _number(one: Constant | None) -> Table | None:
    if one is None:
        return None
    logged = math.isfinite(one.log10_se)
    return stated(
        {
            "value": one.value,
            "se": one.se if one.se > 0 and not logged else None,
            "log10_se": one.log10_se if logged else None,
            "source": one.source,
        }
    )


def _course(one: Dosing) -> Table:
    return stated(
        {
            "dose": written(one.dose_g, "mass", "mg"),
            "form": one.form,
            "weight": written(one.weight_kg, "body mass", "kg"),
            "clearance": written(one.clearance, "clearance", "L/h/kg"),
            "half_life": written(one.half_life_s, "time", "h"),
            "ka": written(one.absorption_per_s, "rate constant", "/h"),
            "every": written(one.interval_s, "time", "h") if one.doses > 1 else "",
            "doses": one.doses,
            "ke0": written(one.effect_per_s, "rate constant", "/h"),
            "volume": written(one.volume_l_per_kg, "volume per body mass", "L/kg"),
            "bioavailability": written(one.bioavailability, "fraction", "%"),
            "who": one.who,
            "source": one.source,
        }
    )
