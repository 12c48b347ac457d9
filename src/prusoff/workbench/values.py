"""How the values of a run file are read: text with its unit, dates, file names, units, one name or several."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Any, TypeAlias

from ..core.errors import InputError, Problem, UnitError, did_you_mean
from ..core.kinds import KINDS, kinds_of
from ..core.units import Quantity, parse

TEXT: Mapping[str, Any] = {"type": "string"}
TEXTS: Mapping[str, Any] = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}


@dataclass(frozen=True, eq=False)
class Read:
    """Marks a field whose value is made by `function`, which raises InputError; `form` is its JSON Schema."""

    function: Callable[[Any], Any]
    form: Mapping[str, Any] = field(default_factory=lambda: TEXT)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(self.function)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return dict(self.form)


def measured(
    kind: str, *, above_zero: bool = False, least: float = -math.inf, most: float = math.inf
) -> Read:
    """Text such as '1.0 nM' that becomes a quantity of this kind."""
    example = KINDS[kind].example
    advice = f"Write a number and a unit, such as '{example}'"

    def read(value: Any) -> Quantity:
        if isinstance(value, int | float) and not isinstance(value, bool):
            raise UnitError(
                Problem(f"{kind} {value!r} has no unit", fix=f"{advice}, in quotes", code="E-UNIT")
            )
        if not isinstance(value, str):
            raise UnitError(Problem(f"{value!r} is not a {kind}", fix=advice, code="E-NUMBER"))
        found = parse(value, kind)
        if above_zero and found.value == 0:
            raise UnitError(Problem(f"{kind} '{value}' is zero", fix="It must be above zero", code="E-ZERO"))
        if found.value < (0.0 if above_zero else least):
            raise UnitError(
                Problem(f"{kind} '{value}' is negative", fix="It cannot be below zero", code="E-NEGATIVE")
            )
        if found.value > most:
            fix = "Check the number and the unit"
            raise UnitError(Problem(f"{kind} '{value}' is implausible", fix=fix, code="E-IMPLAUSIBLE"))
        return found

    return Read(read, {**TEXT, "examples": [example]})


def concentration(value: Any) -> Quantity:
    """Text with a molar or a mass concentration; its kind stays with it."""
    unit = value.split()[-1] if isinstance(value, str) and value.split() else ""
    kind = "mass concentration" if "mass concentration" in kinds_of(unit) else "molar concentration"
    found: Quantity = measured(kind, above_zero=True).function(value)
    return found


def date(value: Any) -> dt.date:
    """A date of TOML, or text in the order year-month-day; any other order could be misread and is refused."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            value = f"{value} (no such day)"
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    fix = "Write year-month-day, such as 2026-03-09"
    raise InputError(
        Problem(f"'{value}' is not a date that can be read one way only", fix=fix, code="E-DATE")
    )


def file_name(value: Any) -> str:
    """The name of a file in the folder of the run file or below it."""
    text = stated(value)
    path = PurePosixPath(text.replace("\\", "/"))
    if path.is_absolute() or PureWindowsPath(text).drive or ".." in path.parts:
        fix = "Name a file in the folder of the run file, or in a folder below it"
        raise InputError(Problem(f"'{text}' does not lie beside the run file", fix=fix, code="E-PATH"))
    return path.as_posix()


def stated(value: Any) -> str:
    """Text that is not empty, exactly as written."""
    if not isinstance(value, str):
        raise InputError(Problem(f"{value!r} is not text", fix="Write it in quotes", code="E-TYPE"))
    if not value.strip():
        raise InputError(Problem("the text is empty", fix="Say it in words", code="E-EMPTY"))
    return value


def names(value: Any) -> tuple[str, ...]:
    """One name or a list of names."""
    return tuple(stated(one) for one in value) if isinstance(value, list | tuple) else (stated(value),)


def unit_of(*kinds: str) -> Read:
    """The spelling of a unit of this kind, or of one of these kinds."""
    spellings = sorted(spelling for kind in kinds for spelling in KINDS[kind].spellings)

    def read(value: Any) -> str:
        text = stated(value)
        if not set(kinds) & set(kinds_of(text)):
            fix = did_you_mean(text, spellings)
            raise UnitError(Problem(f"'{text}' is not a unit of {kinds[0]}", fix=fix, code="E-UNIT"))
        return text

    return Read(read, {**TEXT, "enum": spellings})


def without_null(form: Any) -> Any:
    """A JSON Schema without 'null', which TOML does not have, and without the titles made up from key names."""
    if isinstance(form, list):
        return [without_null(one) for one in form]
    if not isinstance(form, dict):
        return form
    kept = {
        key: {name: without_null(one) for name, one in value.items()}
        if key == "properties"
        else without_null(value)
        for key, value in form.items()
        if key == "properties" or key not in ("title", "default") or (key == "default" and _plain(value))
    }
    choices = [one for one in kept.pop("anyOf", []) if one != {"type": "null"}]
    return {**(choices[0] if len(choices) == 1 else {"anyOf": choices} if choices else {}), **kept}


def _plain(default: Any) -> bool:
    return isinstance(default, bool | int | float | str) and default != ""


Molar: TypeAlias = Annotated[Quantity, measured("molar concentration")]
MolarAboveZero: TypeAlias = Annotated[Quantity, measured("molar concentration", above_zero=True)]
Volume: TypeAlias = Annotated[Quantity, measured("volume", above_zero=True)]
Duration: TypeAlias = Annotated[Quantity, measured("time", above_zero=True)]
Celsius: TypeAlias = Annotated[Quantity, measured("temperature")]
Mass: TypeAlias = Annotated[Quantity, measured("mass")]
MassAboveZero: TypeAlias = Annotated[Quantity, measured("mass", above_zero=True)]
Cells: TypeAlias = Annotated[Quantity, measured("cell count", above_zero=True)]
SpecificActivity: TypeAlias = Annotated[Quantity, measured("specific activity", above_zero=True)]
RateConstant: TypeAlias = Annotated[Quantity, measured("rate constant", above_zero=True)]
Efficiency: TypeAlias = Annotated[Quantity, measured("fraction", above_zero=True, most=1.0)]
Share: TypeAlias = Annotated[Quantity, measured("fraction", least=0.0, most=1.0)]
CountRate: TypeAlias = Annotated[Quantity, measured("count rate", least=0.0)]
Date: TypeAlias = Annotated[dt.date, Read(date, {**TEXT, "format": "date"})]
FileName: TypeAlias = Annotated[str, Read(file_name)]
Stated: TypeAlias = Annotated[str, Read(stated)]
Names: TypeAlias = Annotated[tuple[str, ...], Read(names, TEXTS)]
Time: TypeAlias = Annotated[Quantity, measured("time", least=0.0)]
MolarUnit: TypeAlias = Annotated[str, unit_of("molar concentration")]
TimeUnit: TypeAlias = Annotated[str, unit_of("time")]
MassUnit: TypeAlias = Annotated[str, unit_of("mass")]
Voltage: TypeAlias = Annotated[Quantity, measured("voltage")]
ConcentrationUnit: TypeAlias = Annotated[str, unit_of("molar concentration", "mass concentration")]
DoseUnit: TypeAlias = Annotated[str, unit_of("dose")]
AnyConcentration: TypeAlias = Annotated[
    Quantity, Read(concentration, {**TEXT, "examples": ["10 ng/mL", "10 nM"]})
]
BodyMass: TypeAlias = Annotated[Quantity, measured("body mass", above_zero=True)]
MolarMass: TypeAlias = Annotated[Quantity, measured("molar mass", above_zero=True)]
Clearance: TypeAlias = Annotated[Quantity, measured("clearance", above_zero=True)]
VolumePerMass: TypeAlias = Annotated[Quantity, measured("volume per body mass", above_zero=True)]
VoltageUnit: TypeAlias = Annotated[str, unit_of("voltage")]
