"""Kinds of quantity: the unit each has inside, and the spellings that are read; no other is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .errors import UnknownName


@dataclass(frozen=True)
class Kind:
    """A kind of quantity: its inside unit, the spellings that are read, and the range that is plausible at a bench."""

    name: str
    inside: str
    spellings: Mapping[str, str]
    least: float = -math.inf
    most: float = math.inf
    example: str = ""


def _prefixed(unit: str, prefixes: Iterable[str], pint_unit: str = "") -> dict[str, str]:
    names = {
        "": "",
        "k": "kilo",
        "M": "mega",
        "G": "giga",
        "T": "tera",
        "c": "centi",
        "m": "milli",
        "u": "micro",
        "n": "nano",
        "p": "pico",
        "f": "femto",
    }
    spelled: dict[str, str] = {}
    for prefix in prefixes:
        meaning = f"{names[prefix]}{pint_unit or unit}"
        spelled[prefix + unit] = meaning
        if prefix == "u":
            spelled["µ" + unit] = meaning  # micro sign
            spelled["μ" + unit] = meaning  # Greek mu
    return spelled


def _ratios(tops: Mapping[str, str], bottoms: Mapping[str, str]) -> dict[str, str]:
    return {f"{top}/{bottom}": f"({tops[top]})/({bottoms[bottom]})" for top in tops for bottom in bottoms}


_MOLAR = ("", "m", "u", "n", "p", "f")
_MOLE = _prefixed("mol", _MOLAR, "mole")
_LITRE = _prefixed("L", ("", "m", "u", "n"), "liter") | _prefixed("l", ("m", "u", "n"), "liter")
_GRAM = _prefixed("g", ("k", "", "m", "u", "n", "p"), "gram")
_ACTIVITY = (
    {"dpm": "dpm", "dps": "dps"}
    | _prefixed("Bq", ("", "k", "M", "G", "T"), "becquerel")
    | _prefixed("Ci", ("", "m", "u", "n"), "curie")
)
_TIME = {
    "s": "second",
    "ms": "millisecond",
    "sec": "second",
    "min": "minute",
    "h": "hour",
    "hr": "hour",
    "hours": "hour",
    "d": "day",
    "day": "day",
    "days": "day",
    "minutes": "minute",
    "seconds": "second",
    "weeks": "week",
    "y": "year",
    "years": "year",
}

_RESISTANCE = {
    spelling: meaning
    for ohm in ("Ohm", "ohm", "Ω", "Ω")
    for spelling, meaning in _prefixed(ohm, ("", "k", "M", "G"), "ohm").items()
}

_PER_TIME = {
    spelling: f"1/{meaning}"
    for unit, meaning in _TIME.items()
    for spelling in (f"/{unit}", f"1/{unit}", f"{unit}-1", f"{unit}^-1", f"{unit}⁻¹")
}

_CLEARANCE = {
    f"{volume}/{time}/kg": f"{_LITRE[volume]}/{_TIME[time]}/kilogram"
    for volume in ("L", "mL", "ml")
    for time in ("s", "min", "h")
}

_KINDS = (
    Kind(
        "molar concentration",
        "mol/L",
        _prefixed("M", _MOLAR, "molar") | _ratios(_MOLE, {"L": "liter", "l": "liter"}),
        0.0,
        10.0,
        "10 nM",
    ),
    Kind("mass concentration", "g/L", _ratios(_GRAM, _LITRE), 0.0, 2000.0, "10 ng/mL"),
    Kind("volume", "L", _LITRE, 0.0, 10.0, "200 uL"),
    Kind("amount", "mol", _MOLE, 0.0, 100.0, "50 fmol"),
    Kind("mass", "g", _GRAM, 0.0, 1e4, "30 ug"),
    Kind(
        "molar mass",
        "g/mol",
        {"g/mol": "gram/mole", "Da": "gram/mole", "kDa": "1000*gram/mole"},
        1.0,
        1e7,
        "255.36 g/mol",
    ),
    Kind("time", "s", _TIME, 0.0, 3.2e9, "120 min"),
    Kind("rate constant", "1/s", _PER_TIME, 0.0, 1e9, "0.016 /min"),
    Kind("counts", "counts", {"counts": "cnt", "count": "cnt", "cnt": "cnt"}, 0.0, 1e12, "24900 counts"),
    Kind(
        "count rate",
        "cpm",
        {
            "cpm": "cnt/minute",
            "CPM": "cnt/minute",
            "ccpm": "cnt/minute",
            "CCPM": "cnt/minute",
            "cps": "cnt/second",
            "kcpm": "1000*cnt/minute",
        },
        -math.inf,
        1e10,
        "2481 cpm",
    ),
    Kind("activity", "dpm", _ACTIVITY | {"DPM": "dpm"}, -math.inf, 1e16, "36250 dpm"),
    Kind("specific activity", "dpm/mol", _ratios(_ACTIVITY, _MOLE), 0.0, math.inf, "82.0 Ci/mmol"),
    Kind("site density", "mol/g", _ratios(_MOLE, _GRAM), 0.0, 1.0, "850 fmol/mg"),
    Kind("cell count", "cells", {"cells": "1", "cells/well": "1"}, 0.0, 1e12, "50000 cells"),
    Kind("current", "A", _prefixed("A", ("", "m", "u", "n", "p"), "ampere"), -1.0, 1.0, "-850 pA"),
    Kind("voltage", "V", _prefixed("V", ("", "m", "u"), "volt"), -10.0, 10.0, "-80 mV"),
    Kind("resistance", "ohm", _RESISTANCE, 0.0, 1e13, "8 MOhm"),
    Kind("capacitance", "F", _prefixed("F", ("", "u", "n", "p"), "farad"), 0.0, 1e-3, "15 pF"),
    Kind("fraction", "", {"%": "0.01", "percent": "0.01"}, -10.0, 10.0, "42 %"),
    Kind("body mass", "kg", {"kg": "kilogram", "g": "gram"}, 0.0, 1e5, "70 kg"),
    Kind("dose", "g/kg", _ratios(_GRAM, {"kg": "kilogram"}), 0.0, 1e3, "1 mg/kg"),
    Kind("clearance", "L/s/kg", _CLEARANCE, 0.0, 1.0, "0.35 L/h/kg"),
    Kind("volume per body mass", "L/kg", _ratios(_LITRE, {"kg": "kilogram"}), 0.0, 1e4, "0.85 L/kg"),
    Kind("temperature", "degC", {"C": "1", "°C": "1", "degC": "1", "celsius": "1"}, -80.0, 120.0, "25 C"),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}


def kind_named(kind: str) -> Kind:
    """The kind of quantity of this name."""
    if kind not in KINDS:
        raise UnknownName.among(kind, KINDS, "kind of quantity")
    return KINDS[kind]


def kinds_of(unit: str) -> tuple[str, ...]:
    """The kinds of quantity that have this unit."""
    return tuple(kind.name for kind in _KINDS if unit in kind.spellings)
