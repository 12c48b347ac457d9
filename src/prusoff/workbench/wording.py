"""Says in our own words what the check of a run file found, and as which kind of error it is raised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from ..core.errors import InputError, LayoutError, Problem, Problems, PrusoffError, UnitError, did_you_mean

LEAST_GROUPED = 4
PLACES_TOLD = 3
_UNIT_CODES = {"E-UNIT", "E-NUMBER", "E-NEGATIVE", "E-ZERO", "E-IMPLAUSIBLE"}
_LAYOUT_CODES = {"E-LAYOUT", "E-WELL"}

_SHOULD_BE: Mapping[str, str] = {
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "model_type": "a table of its own",
    "model_attributes_type": "a table of its own",
    "dict_type": "a table of its own",
    "tuple_type": "a list",
    "too_short": "a list with at least one entry",
}


def raise_all(problems: Problems) -> None:
    """Raise what was collected: as UnitError or LayoutError where all problems are of that kind, else InputError."""
    problems = grouped(problems)
    codes = {problem.code for problem in problems.items}
    kind: type[PrusoffError] = InputError
    if codes and codes <= _UNIT_CODES:
        kind = UnitError
    elif codes and codes <= _LAYOUT_CODES:
        kind = LayoutError
    problems.raise_if_any(kind)


def grouped(problems: Problems) -> Problems:
    """The same problem at many places told once, with the count and the first places."""
    places: dict[tuple[str, str, str, str], list[Problem]] = {}
    for problem in problems.items:
        file = problem.where.partition(" > ")[0]
        places.setdefault((problem.what, problem.fix, problem.code, file), []).append(problem)
    told = Problems()
    for same in places.values():
        if len(same) < LEAST_GROUPED:
            told.items.extend(same)
            continue
        first, others = same[0], ", ".join(one.where.partition(" > ")[2] for one in same[1:PLACES_TOLD])
        more = ", ..." if len(same) > PLACES_TOLD else ""
        told.items.append(replace(first, what=f"{first.what} ({len(same)} times, also at {others}{more})"))
    return told


def translated(details: Iterable[Mapping[str, Any]], model: Any, file: str) -> Problems:
    """The findings of the schema check, (location, type, input, context) each, as problems with their places."""
    found = Problems()
    for detail in details:
        location = detail["loc"]
        if detail["type"] == "too_short" and detail["input"]:
            continue  # only because entries that are wrong, and reported, were not counted
        if detail["type"] in ("missing", "extra_forbidden"):
            place, name = _place(file, location[:-1]), str(location[-1])
            found.items.append(_about_key(detail["type"], name, _part(model, location[:-1]), place))
            continue
        error = detail.get("ctx", {}).get("error")
        place = _place(file, location)
        if isinstance(error, PrusoffError):
            for one in error.problems:
                where = f"{place} > {one.where}" if one.where else place
                found.items.append(Problem(one.what, where, one.fix, one.code))
        else:
            found.items.append(_about_value(detail, place, _description(model, location)))
    return found


def _about_key(kind: str, name: str, part: Any, place: str) -> Problem:
    fields = _fields(part)
    if kind == "missing":
        about = fields[name].description if name in fields else ""
        return Problem(f"'{name}' is missing", place, f"Add it: {about}" if about else "Add it", "E-MISSING")
    return Problem(f"there is no key '{name}' here", place, did_you_mean(name, fields), "E-KEY")


def _about_value(detail: Mapping[str, Any], place: str, about: str) -> Problem:
    kind, context = detail["type"], detail.get("ctx", {})
    shown = repr(detail["input"])
    shown = shown if len(shown) <= 60 else f"{shown[:60]}..."
    fix = about
    if kind == "literal_error":
        fix = f"Write one of {context['expected']}"
    elif kind in _SHOULD_BE:
        fix = f"It should be {_SHOULD_BE[kind]}"
    elif "ge" in context or "gt" in context:
        limit = f"at least {context['ge']}" if "ge" in context else f"above {context['gt']}"
        fix = f"It must be {limit}"
    return Problem(f"{shown} does not fit here", place, fix, "E-VALUE")


def _place(file: str, location: Sequence[str | int]) -> str:
    """('experiment', 1, 'counts') as 'exp.toml > experiment 2 > counts'."""
    words = [file]
    for step in location:
        if isinstance(step, int):
            words[-1] = f"{words[-1]} {step + 1}"
        else:
            words.append(step)
    return " > ".join(words)


def _part(model: Any, location: Sequence[str | int]) -> Any:
    """The model that stands at this location below `model`, or None."""
    for step in location:
        fields = _fields(model)
        if isinstance(step, str) and step in fields:
            model = _model_in(fields[step].annotation)
    return model


def _description(model: Any, location: Sequence[str | int]) -> str:
    keys = [step for step in location if isinstance(step, str)]
    fields = _fields(_part(model, keys[:-1])) if keys else {}
    return (fields[keys[-1]].description or "") if keys and keys[-1] in fields else ""


def _fields(model: Any) -> dict[str, Any]:
    """The fields of a model by the name they have in the file."""
    known = getattr(model, "model_fields", {})
    return {info.alias or name: info for name, info in known.items()}


def _model_in(annotation: Any) -> Any:
    if hasattr(annotation, "model_fields"):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)
