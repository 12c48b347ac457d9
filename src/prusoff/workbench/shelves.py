"""What stands on the shelves, told in words: the source of `prusoff show` and of the reference pages."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

from ..core.assay import Assay
from ..core.catalog import Catalog
from ..core.check import Check
from ..core.equation import Axis, Equation, Parameter
from ..core.errors import UnknownName
from ..core.figure import Figure
from ..core.reader import Reader
from ..core.report import Report

SHELVES: Mapping[str, str] = {
    "equations": "laws that can be fitted",
    "assays": "from wells to constants",
    "checks": "rules that say whether a number may be believed",
    "readers": "file formats",
    "figures": "kinds of figure",
    "reports": "kinds of report",
}


def shelf(name: str) -> Catalog[Any]:
    """The catalogue of one shelf."""
    if name not in SHELVES:
        raise UnknownName.among(name, SHELVES, "shelf")
    catalog: Catalog[Any] = import_module(f"..{name}", __package__).catalog
    return catalog


def overview() -> list[tuple[str, int, str]]:
    """Every shelf with the number of its items and what stands there."""
    return [(name, len(shelf(name)), what) for name, what in SHELVES.items()]


def items(name: str) -> list[tuple[str, str]]:
    """Name and title of every item of a shelf."""
    return [(item, found.title) for item, found in shelf(name).items()]


def item(shelf_name: str, name: str) -> dict[str, Any]:
    """What an item states about itself, as plain values."""
    found = shelf(shelf_name)[name]
    return {"shelf": shelf_name, "name": name, "title": found.title, **_FACTS[type(found)](found)}


def _equation(law: Equation) -> dict[str, Any]:
    return {
        "formula": law.formula,
        "axes": [_axis(axis) for axis in law.axes],
        "response": _axis(law.response),
        "parameters": [_parameter(parameter) for parameter in law.parameters],
        "reference": law.reference,
        "worked cases": [
            {
                "x": [_finite(x) for x in case.x],
                "parameters": dict(case.parameters),
                "y": case.y,
                "source": case.source,
            }
            for case in law.cases
        ],
    }


def _finite(x: float) -> float | str:
    """A number as it is; a place without end in words, which JSON can hold."""
    return x if math.isfinite(x) else "without end" if x > 0 else "none"


def _axis(axis: Axis) -> str:
    return f"log10 of {axis.name} ({axis.unit})" if axis.log10 else f"{axis.name} ({axis.unit})"


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "symbol": f"log10 {parameter.symbol}" if parameter.log10 else parameter.symbol,
        "unit": parameter.unit,
        "meaning": parameter.meaning,
        "lower": _limit(parameter.lower),
        "upper": _limit(parameter.upper),
    }


def _limit(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _assay(assay: Assay) -> dict[str, Any]:
    return {
        "what it does": inspect.getdoc(assay.run) or "",
        "equations": [law.name for law in assay.equations],
        "checks": [check.name for check in assay.checks],
        "figures": [figure.name for figure in (*assay.figures, *assay.occasional)],
        "settings": inspect.getdoc(assay.settings) or "",
        "reference": assay.reference,
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "limit": check.limit,
        "unit": check.unit,
        "needs": [f"{fact.meaning}{f' ({fact.unit})' if fact.unit else ''}" for fact in check.needs],
        "source": check.source,
    }


def _reader(reader: Reader) -> dict[str, Any]:
    return {
        "extensions": list(reader.extensions),
        "described in": reader.described_in,
        "maturity": reader.maturity.value,
    }


def _nothing_more(_: Any) -> dict[str, Any]:
    return {}


_FACTS: Mapping[type, Callable[[Any], dict[str, Any]]] = {
    Equation: _equation,
    Assay: _assay,
    Check: _check,
    Reader: _reader,
    Figure: _nothing_more,
    Report: _nothing_more,
}


def as_text(facts: Mapping[str, Any]) -> Iterator[str]:
    """The facts of an item as lines for a terminal."""
    yield f"{facts['name']}: {facts['title']}"
    for key, value in facts.items():
        if key in ("name", "title", "shelf") or value in (None, "", []):
            continue
        if not isinstance(value, list):
            yield f"  {key}: {value}"
        elif all(isinstance(one, str) for one in value):
            yield f"  {key}: {', '.join(value)}"
        else:
            yield f"  {key}:"
            yield from (f"    {_line(one)}" for one in value)


def _line(facts: Mapping[str, Any]) -> str:
    if "meaning" in facts:
        limits = [
            f"{sign} {facts[side]:g}"
            for side, sign in (("lower", ">="), ("upper", "<="))
            if facts[side] is not None
        ]
        unit = f" ({facts['unit']})" if facts["unit"] else ""
        return f"{facts['name']}: {facts['meaning']}{unit}{'; ' + ', '.join(limits) if limits else ''}"
    at = ", ".join(f"{name} {value:g}" for name, value in facts["parameters"].items())
    x = ", ".join(one if isinstance(one, str) else f"{one:g}" for one in facts["x"])
    return f"x {x}; {at}: y {facts['y']:g} ({facts['source']})"
