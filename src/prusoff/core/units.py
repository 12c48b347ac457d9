"""Bench units to inside units and back; used at the border only.

Inside, every quantity has one unit: mol/L, L, mol, g, s, counts, counts per minute, disintegrations per minute,
dpm/mol, mol/g. Only the spellings listed here are read: a unit that merely looks right (1 m, 1 MM, 1 nm) is refused.
Counts are a dimension of their own: counts per minute never become disintegrations without a counting efficiency.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from .errors import Problem, UnitError, did_you_mean
from .kinds import KINDS, Kind, kind_named

_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_QUANTITY = re.compile(rf"^\s*(?P<number>{_NUMBER})\s*(?P<unit>(?:1/)?[^\d\s].*?)?\s*$")

_COMMA = re.compile(r"^\s*[+-]?\d+,\d")


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


# What the meanings in `kinds` are made of, in mol, L, g, s and counts; why not pint: docs/decisions/0008-units.md.
_PREFIXES: Mapping[str, float] = {
    "": 1.0,
    "tera": 1e12,
    "giga": 1e9,
    "mega": 1e6,
    "kilo": 1e3,
    "centi": 1e-2,
    "milli": 1e-3,
    "micro": 1e-6,
    "nano": 1e-9,
    "pico": 1e-12,
    "femto": 1e-15,
}
_BASES: Mapping[str, float] = {
    "gram": 1.0,
    "second": 1.0,
    "mole": 1.0,
    "liter": 1.0,
    "molar": 1.0,
    "cnt": 1.0,
    "minute": 60.0,
    "hour": 3600.0,
    "day": 86400.0,
    "week": 604800.0,
    "year": 31557600.0,
    "ampere": 1.0,
    "volt": 1.0,
    "ohm": 1.0,
    "farad": 1.0,
    "becquerel": 1.0,
    "curie": 3.7e10,
    "cpm": 1.0 / 60.0,
    "dpm": 1.0 / 60.0,
    "dps": 1.0,
}
_SIZES = {prefix + base: size * of for prefix, size in _PREFIXES.items() for base, of in _BASES.items()}


def _size(node: ast.expr) -> float:
    """The size of a meaning: names and numbers, multiplied and divided."""
    match node:
        case ast.Name(name):
            return _SIZES[name]
        case ast.Constant(int() | float() as number):
            return float(number)
        case ast.BinOp(left, ast.Mult(), right):
            return _size(left) * _size(right)
        case ast.BinOp(left, ast.Div(), right):
            return _size(left) / _size(right)
    raise ValueError(f"'{ast.unparse(node)}' is no product of units")


def _size_of(meaning: str) -> float:
    return _size(ast.parse(meaning, mode="eval").body)


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
    inside = known.spellings.get(known.inside, "1")  # a plain number has no unit
    return _decimal(_size_of(known.spellings[unit]) / _size_of(inside))


def _decimal(value: float) -> float:
    """The number through a decimal text, so that 10 uM and 1e4 nM are both 1e-05 and not 9.999999999999999e-06."""
    return float(f"{value:.15g}")


def parse(text: str, kind: str, where: str = "") -> Quantity:
    """Read a value with its unit, such as '1.0 nM'.

    Raises UnitError when the unit is missing, unknown or of another kind, when the number is text, a bound ('<50') or
    not finite, and when the value is implausible (5000 M).

    >>> parse("1.0 nM", "molar concentration").value
    1e-09
    """
    known = kind_named(kind)
    match = _QUANTITY.match(text.replace("\u2212", "-"))
    if match is None or _COMMA.match(text):
        fix = f"Write a number and a unit, such as '{known.example}'"
        if _COMMA.match(text):
            fix = f"Write a decimal point, not a comma, and no mark between thousands, such as '{known.example}'"
        raise UnitError(Problem(f"'{text}' is not a {kind}", where, fix, "E-NUMBER"))
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
    "g/L": ((1.0, 1.0, "g/L"), (1e-3, 1e-3, "µg/mL"), (0.0, 1e-6, "ng/mL")),
    "g/kg": ((1e-4, 1e-3, "mg/kg"), (0.0, 1e-6, "µg/kg")),
    "mol/g/s": (
        (1e-6 / 60, 1e-6 / 60, "nmol/mg/min"),
        (1e-10 / 60, 1e-9 / 60, "pmol/mg/min"),
        (0.0, 1e-12 / 60, "fmol/mg/min"),
    ),
    "mol/cell/s": (
        (1e-18 / 60, 1e-17 / 60, "pmol/10⁵ cells/min"),
        (0.0, 1e-20 / 60, "fmol/10⁵ cells/min"),
    ),
    "mol/s": ((1e-12 / 60, 1e-12 / 60, "pmol/min"), (0.0, 1e-15 / 60, "fmol/min")),
    "s": ((21600.0, 3600.0, "h"), (60.0, 60.0, "min"), (1.0, 1.0, "s"), (0.0, 1e-3, "ms")),
    "1/s": ((1.0, 1.0, "s⁻¹"), (0.0, 1.0 / 60.0, "min⁻¹")),
    "1/M/s": ((1e6, 1e9 / 60.0, "nM⁻¹ min⁻¹"), (0.0, 1e6 / 60.0, "µM⁻¹ min⁻¹")),
    "V": ((0.0, 1e-3, "mV"),),
    "A": ((1e-8, 1e-9, "nA"), (0.0, 1e-12, "pA")),
    "ohm": ((1e9, 1e9, "GΩ"), (0.0, 1e6, "MΩ")),
    "F": ((0.0, 1e-12, "pF"),),
    "S": ((0.0, 1e-9, "nS"),),
}


def readable_unit(value: float, unit: str) -> tuple[float, str]:
    """The factor and the unit in which an inside value is best read: (1e-9, 'nM') for 5.8e-9 M.

    Units without a ladder of prefixes are returned as they are. Sites per mg stay in fmol/mg; rate constants of binding
    are told per minute, association per nM or µM, and faster ones than one a second per second. Velocities of
    uptake are told per minute, and per mg of protein or per 10⁵ cells. Recorded cells are told in mV, pA, MΩ, pF, nS.
    """
    steps = _LADDERS.get(unit)
    if steps is None or not math.isfinite(value) or value <= 0:
        return 1.0, unit
    return next((size, name) for least, size, name in steps if value >= 0.99995 * least)
