"""Fit a law to arrays, to the curves of a table, or to a data frame."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..core import units
from ..core.curves import Curve
from ..core.equation import Axis, Equation
from ..core.errors import InputError, ModelError, Problem, Problems, UnitError, UnknownName
from ..core.fit import Fit, Outcome
from ..core.kinds import KINDS, kinds_of
from ..fitting.problem import Fixed
from ..fitting.solve import fit_curve
from ..fitting.weights import WEIGHTINGS, Weighting
from .curve_table import CurveTable, Record
from .headings import split_heading
from .treatments import agreed_unit


def fit(
    equation: str | Equation,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    sd: npt.ArrayLike | None = None,
    fixed: Mapping[str, float] | None = None,
    weighting: str = "none",
) -> Fit:
    """Fit one curve: a law by name, x as the law takes it (log10 mol/L for a concentration), y as measured.

    `sd` gives the standard deviation of every y where it is known; `fixed` holds parameters at a value. A curve that
    cannot be fitted is an outcome of the Fit, never an exception; wrong names or shapes raise.

    >>> import numpy as np
    >>> x = np.linspace(-10, -5, 11)
    >>> y = 100 / (1 + 10 ** (x + 7.5)) + np.array([1, -1] * 5 + [0.5])
    >>> found = fit("four_parameter_logistic", x, y)
    >>> bool(abs(found.value("log_ic50") + 7.5) < 0.1)
    True
    """
    law = law_named(equation)
    curve = Curve(
        np.asarray(x, dtype=float),
        np.asarray(y, dtype=float),
        None if sd is None else np.asarray(sd, dtype=float),
    )
    return fit_curve(law, curve, sharing=_held(law, fixed or {}), weighting=_weighting(weighting))


def law_named(equation: str | Equation) -> Equation:
    """The law of this name on the equations shelf; a law is given back as it is."""
    from ..equations import catalog

    return equation if isinstance(equation, Equation) else catalog[equation]


def _held(law: Equation, fixed: Mapping[str, float]) -> dict[str, Fixed]:
    for name in fixed:
        law.index(name)
    return {name: Fixed(value) for name, value in fixed.items()}


def _weighting(name: str) -> Weighting:
    if name not in WEIGHTINGS:
        raise UnknownName.among(name, WEIGHTINGS, "weighting")
    return WEIGHTINGS[name]


@dataclass(frozen=True)
class FitRequest:
    """What to fit in a table: the law, the columns, the unit of x where its heading has none, and what is held."""

    equation: str = "four_parameter_logistic"
    x: str = ""
    y: str = ""
    x_unit: str = ""
    by: tuple[str, ...] = ()
    fixed: Mapping[str, float] = field(default_factory=dict)
    weighting: str = "none"


def parse_fixed(texts: Iterable[str]) -> dict[str, float]:
    """Read 'hill_slope=1' into a parameter and its value."""
    held: dict[str, float] = {}
    problems = Problems()
    for text in texts:
        name, _, value = text.partition("=")
        number = _number(value)
        if number is not None:
            held[name.strip()] = number
        else:
            problems.add(f"'{text}' does not hold a parameter", "--fix", "Write it as hill_slope=1", "E-FIX")
    problems.raise_if_any()
    return held


@dataclass(frozen=True)
class FittedRow:
    """One curve of a table: what tells it apart, its fit or the reason why there is none, and the rows it used."""

    keys: tuple[str, ...]
    fit: Fit | None
    outcome: Outcome
    reason: str
    used: int
    set_aside: tuple[str, ...]


def fit_curves(table: CurveTable, request: FitRequest) -> tuple[FittedRow, ...]:
    """Fit every curve of a table; one bad curve is an outcome and never stops the others."""
    law = law_named(request.equation)
    if len(law.axes) != 1:
        raise ModelError(
            Problem(
                f"'{law.name}' has {len(law.axes)} axes and cannot be fitted to a plain table",
                fix="Use `prusoff run` with the assay that needs it, or the Python function `fit`",
            )
        )
    x_name, y_name = _columns(table, request)
    scales = (_scale(law.axes[0], x_name, {"--x-unit": request.x_unit}), _scale(law.response, y_name, {}))
    held, weighting = _held(law, request.fixed), _weighting(request.weighting)
    groups: dict[tuple[str, ...], list[Record]] = {}
    for record in table.records:
        groups.setdefault(tuple(record.cells[name] for name in request.by), []).append(record)
    rows = []
    for keys, records in groups.items():
        x, y, aside = _points(records, (x_name, y_name), law, scales)
        rows.append(_fit_one(law, keys, (x, y), aside, (held, weighting)))
    return tuple(rows)


def _fit_one(
    law: Equation,
    keys: tuple[str, ...],
    points: tuple[list[float], list[float]],
    aside: list[str],
    how: tuple[Mapping[str, Fixed], Weighting],
) -> FittedRow:
    x, y = points
    try:
        curve = Curve(np.array(x), np.array(y), label=", ".join(keys))
        found = fit_curve(law, curve, sharing=how[0], weighting=how[1])
    except (InputError, ModelError) as error:
        return FittedRow(keys, None, Outcome.FAILED, error.problems[0].what, len(x), tuple(aside))
    return FittedRow(keys, found, found.outcome, found.reason, len(x), tuple(aside))


def _columns(table: CurveTable, request: FitRequest) -> tuple[str, str]:
    problems = Problems()
    found = {}
    for role, asked in (("x", request.x), ("y", request.y)):
        name = asked or _usual(table.columns, role, request.by)
        if name not in table.columns:
            what = f"there is no column '{asked}'" if asked else f"no column is named for {role}"
            fix = UnknownName.among(asked, table.columns, "column").problems[0].fix
            problems.add(what, table.name, f"{fix} Name it with --{role}", "E-COLUMN")
        found[role] = name
    for name in request.by:
        if name not in table.columns:
            fix = UnknownName.among(name, table.columns, "column").problems[0].fix
            problems.add(f"there is no column '{name}'", table.name, fix, "E-COLUMN")
    problems.raise_if_any()
    return found["x"], found["y"]


_USUAL: Mapping[str, tuple[str, ...]] = {
    "x": ("conc", "concentration", "dose", "x", "log10_m", "time"),
    "y": ("signal", "response", "y", "effect", "counts", "cpm", "value"),
}


def _usual(columns: Sequence[str], role: str, taken: Sequence[str]) -> str:
    plain = {split_heading(column)[0].lower(): column for column in columns if column not in taken}
    return next((plain[name] for name in _USUAL[role] if name in plain), "")


def _scale(axis: Axis, heading: str, option: Mapping[str, str]) -> float:
    """What a number of this column is multiplied by to stand in the unit of the law; 1 where the law has none for it.

    The unit stands in the heading or in the option (its name and value); raises where neither has it or both differ.
    """
    kind = next(iter(kinds_of(axis.unit)), "")
    if not kind:
        return 1.0
    unit = agreed_unit({"the heading": split_heading(heading)[1], **option}, kind)
    if not unit:
        example = KINDS[kind].example.split()[-1]
        other = "".join(f", or give {name} {example}" for name in option)
        fix = f"Write the unit into the heading, such as '{heading} ({example})'{other}"
        raise UnitError(Problem(f"column '{heading}' has no unit", fix=fix, code="E-UNIT"))
    return units.factor(unit, kind)


def _points(
    records: Sequence[Record], names: tuple[str, str], law: Equation, scales: tuple[float, float]
) -> tuple[list[float], list[float], list[str]]:
    x_name, y_name = names
    xs: list[float] = []
    ys: list[float] = []
    aside: list[str] = []
    for record in records:
        x, y = _number(record.cells[x_name]), _number(record.cells[y_name])
        if x is None or y is None:
            wrong, cell = (x_name, record.cells[x_name]) if x is None else (y_name, record.cells[y_name])
            aside.append(f"{record.place}: {wrong} '{cell}' is not a number")
        elif law.axes[0].log10 and x < 0:
            aside.append(f"{record.place}: {x_name} '{record.cells[x_name]}' is negative")
        else:
            xs.append(_on_axis(x * scales[0], law))
            ys.append(y * scales[1])
    return xs, ys, aside


def _on_axis(value: float, law: Equation) -> float:
    if not law.axes[0].log10:
        return value
    return math.log10(value) if value > 0 else -math.inf


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
