"""The [settings] table of a run file as the settings of its assay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from ..core.assay import Assay
from ..core.errors import Problems, did_you_mean


def settings_of(assay: Assay, given: Mapping[str, Any], file: str) -> Any:
    """The settings of this assay; unknown names, wrong types and wrong choices are collected and raised once."""
    problems = Problems()
    hints = get_type_hints(assay.settings)
    known = {one.name for one in fields(assay.settings)}
    chosen: dict[str, Any] = {}
    for name, value in given.items():
        where = f"{file} > settings > {name}"
        if name not in known:
            fix = did_you_mean(name, known)
            problems.add(f"'{assay.name}' has no setting '{name}'", where, fix, "E-NAME")
            continue
        fault = _fault(value, hints[name])
        if fault:
            problems.add(where=where, code="E-SETTING", **fault)
        else:
            chosen[name] = _as_stated(value, hints[name])
    problems.raise_if_any()
    return assay.settings(**chosen)


def _as_stated(value: Any, hint: Any) -> Any:
    """The value in the type of the setting: whole numbers as numbers, lists of names as tuples."""
    if get_origin(hint) is tuple:
        return tuple(tuple(one) for one in value)
    return float(value) if hint is float else value


def _fault(value: Any, hint: Any) -> dict[str, str] | None:
    if get_origin(hint) is tuple:
        return _fault_of_names(value)
    if get_origin(hint) is Literal:
        choices = get_args(hint)
        if value in choices:
            return None
        fix = did_you_mean(str(value), map(str, choices))
        return {
            "what": f"'{value}' is not a choice here",
            "fix": f"{fix} One of: {', '.join(map(str, choices))}",
        }
    wanted = (int, float) if hint is float else hint
    if isinstance(value, wanted) and isinstance(value, bool) == (hint is bool):
        return None
    spoken = {bool: "true or false", float: "a number", int: "a whole number", str: "text"}
    return {
        "what": f"'{value}' is not {spoken.get(hint, hint.__name__)}",
        "fix": f"Write {spoken.get(hint, 'it so')}",
    }


def _fault_of_names(value: Any) -> dict[str, str] | None:
    """What is wrong with a value that has to be a list of lists of names."""
    lists = isinstance(value, list) and all(isinstance(one, list) for one in value)
    if lists and all(isinstance(name, str) for one in value for name in one):
        return None
    return {"what": f"{value!r} is not a list of lists of names", "fix": 'Write [["a", "b"], ["c", "d"]]'}
