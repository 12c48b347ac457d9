"""Bench units to inside units and back; used at the border only.

Inside, every quantity has one unit: mol/L, L, mol, g, s, counts, counts per minute, disintegrations per minute,
dpm/mol, mol/g. Only the spellings listed here are read: a unit that merely looks right (1 m, 1 MM, 1 nm) is refused.
Counts are a dimension of their own: counts per minute never become disintegrations without a counting efficiency.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .errors import Problem, UnitError, UnknownName, did_you_mean

_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_QUANTITY = re.compile(rf"^\s*(?P<number>{_NUMBER})\s*(?P<unit>(?:1/)?[^\d\s].*?)?\s*$")


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

_PER_TIME = {
    spelling: f"1/{meaning}"
    for unit, meaning in _TIME.items()
    for spelling in (f"/{unit}", f"1/{unit}", f"{unit}-1", f"{unit}^-1", f"{unit}⁻¹")
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
    Kind("fraction", "", {"%": "0.01", "percent": "0.01"}, -10.0, 10.0, "42 %"),
    Kind("temperature", "degC", {"C": "1", "°C": "1", "degC": "1", "celsius": "1"}, -80.0, 120.0, "25 C"),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}


@dataclass(frozen=True)
class Quantity:
    """A number in the inside unit of its kind, with the text it came from."""

    value: float
    kind: str
    text: str

    @property
    def unit(self) -> str:
        """The inside unit."""
        return KINDS[self.kind].inside


# All that the spellings above are made of: the thousand units of pint's own file take 0.15 s to read.
_DEFINITIONS = (
    "tera- = 1e12",
    "giga- = 1e9",
    "mega- = 1e6",
    "kilo- = 1e3",
    "centi- = 1e-2",
    "milli- = 1e-3",
    "micro- = 1e-6",
    "nano- = 1e-9",
    "pico- = 1e-12",
    "femto- = 1e-15",
    "meter = [length]",
    "gram = [mass] = g",
    "second = [time] = s",
    "mole = [substance] = mol",
    "cnt = [counting]",
    "liter = 1e-3 * meter ** 3 = L",
    "molar = mole / liter",
    "minute = 60 * second",
    "hour = 60 * minute",
    "day = 24 * hour",
    "week = 7 * day",
    "year = 365.25 * day",
    "becquerel = 1 / second",
    "curie = 3.7e10 * becquerel",
    "cpm = cnt / minute",
    "dpm = 1 / minute",
    "dps = 1 / second",
)


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    registry = pint.UnitRegistry(None, cache_folder=None)
    for line in _DEFINITIONS:
        registry.define(line)
    return registry


_PINT_INSIDE = {"counts": "cnt", "cells": "dimensionless", "": "dimensionless", "degC": "dimensionless"}


@lru_cache(maxsize=512)
def factor(unit: str, kind: str) -> float:
    """What a number in this unit is multiplied by to stand in the inside unit of its kind.

    >>> factor("nM", "molar concentration")
    1e-09
    """
    known = kind_named(kind)
    if unit not in known.spellings:
        raise UnitError(
            Problem(
                f"'{unit}' is not a unit of {kind}", fix=did_you_mean(unit, known.spellings), code="E-UNIT"
            )
        )
    inside = _PINT_INSIDE.get(known.inside, known.inside.replace("mol", "mole"))
    registry = _registry()
    one = registry.Quantity(registry.parse_expression(known.spellings[unit]))
    return _decimal(one.to(inside).magnitude)


def _decimal(value: float) -> float:
    """The number through a decimal text, so that 10 uM and 1e4 nM are both 1e-05 and not 9.999999999999999e-06."""
    return float(f"{value:.15g}")


def kind_named(kind: str) -> Kind:
    """The kind of quantity of this name."""
    if kind not in KINDS:
        raise UnknownName.among(kind, KINDS, "kind of quantity")
    return KINDS[kind]


def parse(text: str, kind: str, where: str = "") -> Quantity:
    """Read a value with its unit, such as '1.0 nM'.

    Raises UnitError when the unit is missing, unknown or of another kind, when the number is text, a bound ('<50') or
    not finite, and when the value is implausible (5000 M).

    >>> parse("1.0 nM", "molar concentration").value
    1e-09
    """
    known = kind_named(kind)
    match = _QUANTITY.match(text.replace("\u2212", "-"))
    if match is None:
        raise UnitError(
            Problem(
                f"'{text}' is not a {kind}",
                where,
                f"Write a number and a unit, such as '{known.example}'",
                "E-NUMBER",
            )
        )
    if match["unit"] is None:
        raise UnitError(
            Problem(
                f"{kind} '{text}' has no unit",
                where,
                f"Write a unit behind it, such as '{known.example}'",
                "E-UNIT",
            )
        )
    return _checked(float(match["number"]), match["unit"], known, text, where)


def quantity(value: float, unit: str, kind: str, where: str = "") -> Quantity:
    """A number and the unit that stands elsewhere (a column heading, say) as one quantity, checked like `parse`."""
    return _checked(value, unit, kind_named(kind), f"{value:g} {unit}", where)


def _checked(value: float, unit: str, kind: Kind, text: str, where: str) -> Quantity:
    try:
        inside = _decimal(value * factor(unit, kind.name))
    except UnitError as error:
        raise UnitError(Problem(error.problems[0].what, where, error.problems[0].fix, "E-UNIT")) from None
    if not math.isfinite(inside):
        raise UnitError(
            Problem(f"'{text}' is not a finite number", where, "Give the value that was measured", "E-NUMBER")
        )
    if inside < 0 and kind.least == 0:
        raise UnitError(
            Problem(f"{kind.name} '{text}' is negative", where, "It cannot be below zero", "E-NEGATIVE")
        )
    if not kind.least <= inside <= kind.most:
        fix = f"The largest plausible value is {kind.most:g} {kind.inside}; check the unit"
        raise UnitError(Problem(f"{kind.name} '{text}' is implausible", where, fix, "E-IMPLAUSIBLE"))
    return Quantity(inside, kind.name, text)


def to_unit(value: float, kind: str, unit: str) -> float:
    """An inside value in another unit of its kind.

    >>> to_unit(1.5e-8, "molar concentration", "nM")
    15.0
    """
    return _decimal(value / factor(unit, kind))


def kinds_of(unit: str) -> tuple[str, ...]:
    """The kinds of quantity that have this unit."""
    return tuple(kind.name for kind in _KINDS if unit in kind.spellings)


# From which value on a unit is used. Affinities are told in nM from 0.1 nM on, as the field prints them.
_LADDERS: Mapping[str, tuple[tuple[float, float, str], ...]] = {
    "M": (
        (1.0, 1.0, "M"),
        (1e-3, 1e-3, "mM"),
        (1e-6, 1e-6, "µM"),
        (1e-10, 1e-9, "nM"),
        (1e-12, 1e-12, "pM"),
        (0.0, 1e-15, "fM"),
    ),
    "mol": (
        (1.0, 1.0, "mol"),
        (1e-3, 1e-3, "mmol"),
        (1e-6, 1e-6, "µmol"),
        (1e-9, 1e-9, "nmol"),
        (1e-12, 1e-12, "pmol"),
        (0.0, 1e-15, "fmol"),
    ),
    "mol/g": ((0.0, 1e-12, "fmol/mg"),),
}


def readable_unit(value: float, unit: str) -> tuple[float, str]:
    """The factor and the unit in which an inside value is best read: (1e-9, 'nM') for 5.8e-9 M.

    Units without a ladder of prefixes are returned as they are. Sites per mg stay in fmol/mg.
    """
    steps = _LADDERS.get(unit)
    if steps is None or not math.isfinite(value) or value <= 0:
        return 1.0, unit
    return next((size, name) for least, size, name in steps if value >= 0.99995 * least)
