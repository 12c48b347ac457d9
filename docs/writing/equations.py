"""`equations.md`: every law with its formula, parameters, source and worked cases; and its picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from prusoff.core.equation import Case, Equation
from prusoff.core.figure import FigureSpec, Line, Panel, Points, Scale, evenly
from prusoff.core.units import readable_unit
from prusoff.workbench import shelves

from .markdown import anchor, block, code, number, page, table

DECADES = 3.0  # how far a law on a logarithmic axis is drawn to either side of its middle


def text() -> str:
    """The page."""
    laws = shelves.shelf("equations")
    contents = table(
        ("law", "in words"), [(f"[{name}](#{anchor(name)})", law.title) for name, law in laws.items()]
    )
    about = (
        "Laws that can be fitted, by `prusoff fit --equation NAME` and inside the assays. "
        "A parameter named `log_...` is fitted as the log10 of the quantity whose unit stands beside it; "
        "`signal` is the unit of the response. Formulas are in the form in which the tests evaluate them "
        "with 50 digits; `log` is natural."
    )
    return page("Equations", about, contents, *(_law(law) for law in laws.values()))


def _law(law: Equation) -> str:
    facts = shelves.item("equations", law.name)
    parts = [f"## {law.name}", f"{law.title}.", block(law.formula, "text")]
    if len(law.axes) == 1:
        parts.append(f"![{law.title}](figures/{law.name}.svg)")
    parts += [
        f"x: {'; '.join(facts['axes'])}. y: {facts['response']}.",
        table(("parameter", "quantity", "unit", "meaning", "limits"), map(_parameter, facts["parameters"])),
        f"Reference: {law.reference}.",
        "Worked cases:",
        table(("x", "parameters", "y", "why"), map(_case, law.cases)),
    ]
    return "\n\n".join(parts)


def _parameter(one: Mapping[str, Any]) -> tuple[str, ...]:
    limits = [
        f"{sign} {number(one[side])}"
        for side, sign in (("lower", "≥"), ("upper", "≤"))
        if one[side] is not None
    ]
    return code(one["name"]), one["symbol"], one["unit"], one["meaning"], ", ".join(limits)


def _case(case: Case) -> tuple[str, ...]:
    at = ", ".join(f"{name} = {number(value)}" for name, value in case.parameters.items())
    return ", ".join(map(number, case.x)), at, number(case.y), case.source


def figures() -> Iterator[FigureSpec]:
    """One figure for each law of one axis, drawn with the parameters of its first worked case."""
    for law in shelves.shelf("equations").values():
        if len(law.axes) == 1:
            yield _figure(law)


def _figure(law: Equation) -> FigureSpec:
    first, axis = law.cases[0], law.axes[0]
    values = np.array([first.parameters[name] for name in law.names])
    low, high = _span(law, first)
    x = evenly(low, high)
    worked = [case for case in law.cases if dict(case.parameters) == dict(first.parameters)]
    at, y = (np.array(side) for side in zip(*((case.x[0], case.y) for case in worked), strict=True))
    curve = law.function(x, values)
    x, at = (10.0**x, 10.0**at) if axis.log10 else (x, at)
    x_size, x_unit = readable_unit(float(np.median(x)), axis.unit)
    y_size, y_unit = readable_unit(float(curve.max()), law.response.unit)
    marks = (Line(x / x_size, curve / y_size, "law"), Points(at / x_size, y / y_size, "worked case", 1))
    said = ", ".join(f"{name} {number(first.parameters[name])}" for name in law.names)
    panel = Panel(
        Scale(_label(axis.name.removeprefix("log_"), x_unit), axis.log10),
        Scale(_label(law.response.name, y_unit)),
        marks,
        legend=False,
    )
    return FigureSpec(law.name, law.title, f"{law.title}, drawn with {said}.", (panel,))


def _label(name: str, unit: str) -> str:
    words = name.replace("_", " ").capitalize()
    return f"{words} ({unit})" if unit else words


def _span(law: Equation, case: Case) -> tuple[float, float]:
    """From where to where a law is drawn: its middle and what lies around it."""
    if not law.location:
        return 0.0, 2.0 * case.x[0]
    middle = case.parameters[law.location]
    if law.axes[0].log10:
        second = case.parameters.get("log_ratio", 0.0)  # how far off a second site lies
        return middle - DECADES, middle + DECADES + second
    scale = 10.0 ** (-middle if law.axes[0].unit == "s" else middle)  # a rate constant is one over a time
    return 0.0, max(10.0 * scale if law.axes[0].unit != "s" else 5.0 * scale, 1.2 * case.x[0])
