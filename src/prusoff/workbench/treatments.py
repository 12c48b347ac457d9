"""What stands in one cell of a plate map, or in one row of a table, as a treatment of a well."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from ..core.errors import LayoutError, Problem, UnitError, did_you_mean
from ..core.kinds import KINDS, kinds_of
from ..core.plate import Role, Treatment
from ..core.units import factor, parse, quantity
from ..readers._sheet import number

MOLAR = "molar concentration"
PHASES = ("association", "dissociation")
# columns of what a well may hold beyond compound and concentration: field of a treatment, kind of quantity
STATED: Mapping[str, tuple[str, str]] = {
    "time": ("time_s", "time"),
    "phase": ("phase", ""),
    "substrate": ("substrate_molar", MOLAR),
    "second_compound": ("second_compound", ""),
    "second_conc": ("second_molar", MOLAR),
    "protein": ("protein_g", "mass"),
    "cells": ("cells", "cell count"),
    "voltage": ("voltage_v", "voltage"),
    "pulse": ("pulse", "number"),
    "end_point": ("end_point", ""),
    "region": ("region", ""),
    "dose": ("dose_g_per_kg", "dose"),
    "tissue": ("tissue_g", "mass"),
}
NOT_USED = ("", "-", "–", "—", "empty", "unused")
_ROLES: Mapping[str, Role] = {
    "total": Role.TOTAL,
    "total binding": Role.TOTAL,
    "nsb": Role.NSB,
    "nonspecific": Role.NSB,
    "non-specific": Role.NSB,
    "nonspecific binding": Role.NSB,
    "non-specific binding": Role.NSB,
    "compound": Role.COMPOUND,
    "sample": Role.COMPOUND,
    "vehicle": Role.TOTAL,
    "basal": Role.TOTAL,
    "ice": Role.ICE,
    "on ice": Role.ICE,
    "4 c": Role.ICE,
    "blank": Role.BLANK,
    "background": Role.BACKGROUND,
    "control": Role.TOTAL,
    "baseline": Role.TOTAL,
    "wash": Role.WASH,
    "washout": Role.WASH,
}
_ABBREVIATIONS: Mapping[str, str] = {
    "tb": "'total' (total binding) or 'nsb' (nonspecific binding)",
    "t": "'total'",
    "tot": "'total'",
    "b0": "'total'",
    "ns": "'nsb'",
    "nb": "'nsb'",
    "bg": "'background'",
    "bkg": "'background'",
}
_NAME_AND_AMOUNT = re.compile(r"(?P<name>.*\S)\s+(?P<amount>[+-]?(?:\d|\.\d)[\d.eE+-]*\s*[^\d\s]\S*)")

_COMMA = re.compile(r"\s(?P<amount>\d+,\d+\s*[^\d\s]\S*)$")
_LOGARITHMS = (-15.0, 0.0)


def role_named(text: str) -> Role:
    """The role of this name: total, nsb, compound, ice, blank, background, or one of their longer forms."""
    role = _ROLES.get(" ".join(text.lower().split()))
    if role is None:
        fix = _meant(text) or did_you_mean(text, (known.value for known in Role))
        raise LayoutError(Problem(f"there is no role '{text}'", fix=fix, code="E-ROLE"))
    return role


def _meant(text: str) -> str:
    """The roles that an abbreviation or a misspelling may stand for, '' where it looks like none."""
    word = text.lower().replace(".", "")
    if word in _ABBREVIATIONS:
        return f"Did you mean {_ABBREVIATIONS[word]}?"
    near = did_you_mean(text, _ROLES)
    return near if near.startswith("Did you mean") else ""


def is_role(text: str) -> bool:
    """Whether this text names a role."""
    return " ".join(text.lower().split()) in _ROLES


def is_unused(role: str, compound: str) -> bool:
    """Whether a row of a list says that its well holds nothing: '-' as role, or neither a role nor a compound."""
    return role.lower() in NOT_USED and (role != "" or compound.lower() in NOT_USED)


def treatment(
    role: str, compound: str, molar: float, radioligand: float = math.nan, dosed: bool = False
) -> Treatment:
    """The treatment of a well from its role ('' where a compound says it), compound and final concentrations (mol/L).

    A compound at concentration zero is total binding; it needs none where an animal is `dosed` with it. Raises
    LayoutError when something is lacking.
    """
    if not role and not compound:
        fix = "Name a compound, or a role: total, nsb, compound, ice, blank, background"
        raise LayoutError(Problem("the well has neither a role nor a compound", fix=fix, code="E-ROLE"))
    if not role and is_role(compound):
        role, compound = compound, ""
    meant = role_named(role) if role else Role.COMPOUND
    if meant is not Role.COMPOUND:
        return Treatment(meant, compound, molar, radioligand)
    if not compound:
        raise LayoutError(Problem("the well has no compound", fix="Name the compound", code="E-LAYOUT"))
    if math.isnan(molar) and not dosed:
        fix = _meant(compound)
        if fix:
            what = f"'{compound}' is neither a role nor a compound with a concentration"
            raise LayoutError(Problem(what, fix=fix, code="E-ROLE"))
        fix = "Write its final concentration with a unit, such as '10 nM'"
        raise LayoutError(Problem(f"'{compound}' has no concentration", fix=fix, code="E-LAYOUT"))
    return Treatment(Role.TOTAL if molar == 0 else meant, compound, molar, radioligand)


def from_cell(text: str) -> Treatment | None:
    """A cell of a plate map: 'total', 'nsb', 'imipramine 10 nM', 'total @ 0.1 nM', or '-' for a well not used.

    >>> from_cell("WIN 35,428 10 nM").concentration_molar
    1e-08
    """
    what, at, label = (part.strip() for part in text.partition("@"))
    if what.lower() in NOT_USED:
        return None
    radioligand = parse(label, MOLAR).value if at else math.nan
    match = _NAME_AND_AMOUNT.fullmatch(what)
    if match is None:
        amount = _COMMA.search(what)
        if amount:
            parse(amount["amount"], MOLAR)  # says how to write it
        return treatment("", what, math.nan, radioligand)
    if is_role(match["name"]):
        fix = f"For the concentration of radioligand write '{match['name']} @ {match['amount']}'"
        raise LayoutError(Problem(f"'{text}' cannot be read", fix=fix, code="E-LAYOUT"))
    return treatment("", match["name"], parse(match["amount"], MOLAR).value, radioligand)


def molar(text: str, stated: Mapping[str, str]) -> float:
    """A concentration in mol/L from a cell; its unit stands in the cell or is `stated` elsewhere (by whom: unit).

    An empty cell is nan. Raises UnitError when there is no unit, when two disagree, or when the number is none.
    """
    value = number(text)
    if text.lower() not in NOT_USED and value is not None and not agreed_unit(stated, MOLAR):
        if _LOGARITHMS[0] <= value < _LOGARITHMS[1]:
            fix = "Logarithms are not read: write 10 nM, not -8"
            raise UnitError(
                Problem("this concentration is negative: it looks like a logarithm", fix=fix, code="E-UNIT")
            )
        fix = f"Write '{text} nM' (or whatever it is), or say it for all in [units] of the run file"
        raise UnitError(Problem(f"concentration '{text}' has no unit", fix=fix, code="E-UNIT"))
    try:
        return amount(text, stated, MOLAR)
    except UnitError as error:
        first = error.problems[0]
        more = " Logarithms are not read: write 1 nM, not -9" if first.code == "E-NEGATIVE" else ""
        if value is None or not more:
            raise
        raise UnitError(Problem(first.what, fix=f"{first.fix}.{more}", code=first.code)) from None


def amount(text: str, stated: Mapping[str, str], kind: str) -> float:
    """A quantity of this kind in its inside unit from a cell; its unit stands in the cell or is `stated` elsewhere.

    An empty cell is nan. Raises UnitError when there is no unit, when two disagree, or when the number is none.
    """
    if text.lower() in NOT_USED:
        return math.nan
    value = number(text)
    if value is None:
        found = parse(text, kind)
        agreed_unit({**stated, "the cell": _unit_in(text)}, kind)
        return found.value
    unit = agreed_unit(stated, kind)
    if not unit:
        example = KINDS[kind].example.split()[-1]
        fix = f"Write '{text} {example}' (or whatever it is), or say it for all in [units] of the run file"
        raise UnitError(Problem(f"the {kind} '{text}' has no unit", fix=fix, code="E-UNIT"))
    return quantity(value, unit, kind).value


def further(texts: Mapping[str, str], units: Mapping[str, Mapping[str, str]]) -> dict[str, float | str]:
    """What a row says beyond role, compound, concentration and label, by the field of a treatment.

    `texts` are cells by column; `units` says for each column who states which unit. Raises UnitError or LayoutError.
    """
    found: dict[str, float | str] = {}
    for name, (into, kind) in STATED.items():
        text = texts.get(name, "")
        if text.lower() in NOT_USED:
            continue
        if name == "phase":
            found[into] = _phase(text)
        elif kind == "number":
            found[into] = _whole(text, name)
        elif kind:
            found[into] = amount(text, units.get(name, {}), kind)
        else:
            found[into] = text
    if found.get("second_molar", 0.0) and "second_compound" not in found:
        fix = "Name it in the column 'second_compound'"
        raise LayoutError(Problem("the second compound has no name", fix=fix, code="E-LAYOUT"))
    return found


def _phase(text: str) -> str:
    near = [phase for phase in PHASES if phase.startswith(text.lower()[:5])]
    if len(text) < 3 or len(near) != 1:
        fix = "Write association or dissociation"
        raise LayoutError(Problem(f"there is no phase '{text}'", fix=fix, code="E-LAYOUT"))
    return near[0]


def _whole(text: str, name: str) -> float:
    value = number(text)
    if value is None or value < 1 or value != int(value):
        fix = "Write a whole number from 1"
        raise LayoutError(Problem(f"'{text}' is no number of a {name}", fix=fix, code="E-NUMBER"))
    return value


def _unit_in(text: str) -> str:
    return re.sub(r"^[+\-\u2212\d.]+(?:[eE][+-]?\d+)?\s*", "", text)


def agreed_unit(stated: Mapping[str, str], kind: str = "") -> str:
    """The one unit that everyone states who states any ('' if nobody does); raises UnitError when they disagree."""
    given = {who: unit for who, unit in stated.items() if unit}
    sizes = {_size(unit, kind) for unit in given.values()}
    if len(sizes) > 1:
        said = ", ".join(f"{who} says {unit}" for who, unit in given.items())
        raise UnitError(Problem(f"the units are mixed: {said}", fix="State one unit", code="E-UNIT"))
    return next(iter(given.values()), "")


def _size(unit: str, kind: str) -> float | str:
    known = kind or next(iter(kinds_of(unit)), "")
    return factor(unit, known) if known else unit
