"""What stands in one cell of a plate map, or in one row of a table, as a treatment of a well."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from ..core.errors import LayoutError, Problem, UnitError, did_you_mean
from ..core.kinds import kinds_of
from ..core.plate import Role, Treatment
from ..core.units import factor, parse, quantity
from ..readers._sheet import number

MOLAR = "molar concentration"
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
    "blank": Role.BLANK,
    "background": Role.BACKGROUND,
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
    """The role of this name: total, nsb, compound, blank, background, or one of their longer forms."""
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


def treatment(role: str, compound: str, molar: float, radioligand: float = math.nan) -> Treatment:
    """The treatment of a well from its role ('' where a compound says it), compound and final concentrations (mol/L).

    A compound at concentration zero is total binding. Raises LayoutError when something is lacking.
    """
    if not role and not compound:
        fix = "Name a compound, or a role: total, nsb, compound, blank, background"
        raise LayoutError(Problem("the well has neither a role nor a compound", fix=fix, code="E-ROLE"))
    if not role and is_role(compound):
        role, compound = compound, ""
    meant = role_named(role) if role else Role.COMPOUND
    if meant is not Role.COMPOUND:
        return Treatment(meant, compound, molar, radioligand)
    if not compound:
        raise LayoutError(Problem("the well has no compound", fix="Name the compound", code="E-LAYOUT"))
    if math.isnan(molar):
        fix = _meant(compound)
        if fix:
            what = f"'{compound}' is neither a role nor a compound with a concentration"
            raise LayoutError(Problem(what, fix=fix, code="E-ROLE"))
        fix = "Write its final concentration with a unit, such as '10 nM'"
        raise LayoutError(Problem(f"'{compound}' has no concentration", fix=fix, code="E-LAYOUT"))
    return Treatment(meant if molar > 0 else Role.TOTAL, compound, molar, radioligand)


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
    if text.lower() in NOT_USED:
        return math.nan
    value = number(text)
    if value is None:
        found = parse(text, MOLAR)
        agreed_unit({**stated, "the cell": _unit_in(text)}, MOLAR)
        return found.value
    unit = agreed_unit(stated, MOLAR)
    if not unit and _LOGARITHMS[0] <= value < _LOGARITHMS[1]:
        fix = "Logarithms are not read: write 10 nM, not -8"
        raise UnitError(
            Problem("this concentration is negative: it looks like a logarithm", fix=fix, code="E-UNIT")
        )
    if not unit:
        fix = f"Write '{text} nM' (or whatever it is), or say it for all in [units] of the run file"
        raise UnitError(Problem(f"concentration '{text}' has no unit", fix=fix, code="E-UNIT"))
    try:
        return quantity(value, unit, MOLAR).value
    except UnitError as error:
        first = error.problems[0]
        more = " Logarithms are not read: write 1 nM, not -9" if first.code == "E-NEGATIVE" else ""
        raise UnitError(Problem(first.what, fix=f"{first.fix}.{more}", code=first.code)) from None


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
