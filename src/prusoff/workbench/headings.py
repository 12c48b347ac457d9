"""Column headings that carry a unit: 'conc (nM)', 'conc_nM', 'signal [cpm]'; and whether a law can take it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..core.equation import Axis
from ..core.errors import Problem, UnitError
from ..core.kinds import KINDS, kinds_of
from ..core.units import factor
from .treatments import agreed_unit

_BRACKETED = re.compile(r"^(?P<name>.*?)\s*[\(\[]\s*(?P<unit>[^\)\]]+?)\s*[\)\]]\s*$")


def split_heading(heading: str) -> tuple[str, str]:
    """The name and the unit of a column; the unit is '' where the heading has none that is known.

    >>> split_heading("conc (nM)"), split_heading("conc_nM"), split_heading("count_min")
    (('conc', 'nM'), ('conc', 'nM'), ('count', 'min'))
    """
    bracketed = _BRACKETED.match(heading)
    if bracketed and kinds_of(bracketed["unit"]):
        return bracketed["name"].strip(), bracketed["unit"]
    name, _, unit = heading.rpartition("_")
    if name and kinds_of(unit):
        return name.strip(), unit
    return heading.strip(), ""


def unit_of_column(axis: Axis, heading: str, option: Mapping[str, str]) -> str:
    """The unit of a column, from its heading or from the option (its name and value).

    Raises where the law has a unit for it and neither states one, both differ, or it is of another kind.
    """
    stated = {"the heading": split_heading(heading)[1], **option}
    kind = _kind(axis)
    if not kind:
        return agreed_unit(stated)
    for unit in stated.values():
        _require_kind(unit, kind)
    unit = agreed_unit(stated, kind)
    if not unit:
        example = KINDS[kind].example.split()[-1]
        other = "".join(f", or give {name} {example}" for name in option)
        fix = f"Write the unit into the heading, such as '{heading} ({example})'{other}"
        raise UnitError(Problem(f"column '{heading}' has no unit", fix=fix, code="E-UNIT"))
    return unit


def _kind(axis: Axis) -> str:
    return next(iter(kinds_of(axis.unit)), "")


def scale_of(axis: Axis, unit: str) -> float:
    """What a number of a column is multiplied by to stand in the unit of the law; 1 where the law has none for it."""
    kind = _kind(axis)
    return factor(unit, kind) if kind else 1.0


def _require_kind(unit: str, kind: str) -> None:
    """Raise where a unit is known, but is one of another kind of quantity; unknown ones are left to be looked up."""
    others = kinds_of(unit)
    if not others or kind in others:
        return
    fix = f"State it in a unit such as {KINDS[kind].example.split()[-1]}"
    if others[0] == "mass concentration":
        fix = (
            f"Convert it with `prusoff convert 10 {unit} --to uM --mw '300 g/mol'` (the molar mass of the compound); "
            "in Python, `prusoff.fit` takes the log10 of any unit"
        )
    what = f"'{unit}' is a unit of {others[0]}, and this axis takes a {kind}"
    raise UnitError(Problem(what, fix=fix, code="E-UNIT"))
