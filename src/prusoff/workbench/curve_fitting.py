"""Fit a law to arrays, to the curves of a table, or to a data frame."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..core.curves import Curve
from ..core.equation import Axis, Equation
from ..core.errors import InputError, ModelError, Problem, Problems, UnknownName
from ..core.fit import Fit, Outcome
from ..fitting.problem import Fixed
from ..fitting.search import Options
from ..fitting.solve import fit_curve
from ..fitting.weights import WEIGHTINGS, Weighting
from .curve_table import CurveTable, Record
from .headings import scale_of, split_heading, unit_of_column


def fit(  # noqa: PLR0913 - the one function for people who have arrays: all that can be asked, by name
    equation: str | Equation,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    sd: npt.ArrayLike | None = None,
    fixed: Mapping[str, float] | None = None,
    weighting: str = "none",
    response_level: float | None = None,
) -> Fit:
    """Fit one curve: a law by name, x as the law takes it (log10 mol/L for a concentration), y as measured.

    `sd` gives the standard deviation of every y where it is known; `fixed` holds parameters at a value. A curve is
    fitted where chance alone would look so with a probability of at most `response_level` (above 0, up to 1; without it
    0.0000025 from 20 points on, 0.0001 from 15, 0.001 from 10, 0.01 from 7, else 0.05). A curve that cannot be fitted
    is an outcome of the Fit, never an exception; wrong names, shapes or levels raise.

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
    return fit_curve(
        law,
        curve,
        sharing=_held(law, fixed or {}),
        weighting=_weighting(weighting),
        options=_options(response_level),
    )


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


def _options(response_level: float | None) -> Options:
    if response_level is not None and not 0.0 < response_level <= 1.0:
        raise InputError(
            Problem(
                f"a response level of {response_level:g} is no probability",
                fix="Give one above 0 and up to 1, such as 0.01",
                code="E-LEVEL",
            )
        )
    return Options(response_level=response_level)


@dataclass(frozen=True)
class FitRequest:
    """What to fit in a table: the law, the columns, the unit of x where its heading has none, what is held.

    `response_level` is the probability of chance above which a curve counts as flat, where not the usual one.
    """

    equation: str = "four_parameter_logistic"
    x: str = ""
    y: str = ""
    x_unit: str = ""
    by: tuple[str, ...] = ()
    fixed: Mapping[str, float] = field(default_factory=dict)
    weighting: str = "none"
    response_level: float | None = None


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


@dataclass(frozen=True)
class FittedRows:
    """The fitted curves of a table, and the units in which x and y stood there ('' where none was stated)."""

    rows: tuple[FittedRow, ...]
    x_unit: str
    y: str
    y_unit: str


def fit_curves(table: CurveTable, request: FitRequest) -> FittedRows:
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
    x_unit = unit_of_column(law.axes[0], x_name, {"--x-unit": request.x_unit})
    y_unit = unit_of_column(law.response, y_name, {})
    scales = scale_of(law.axes[0], x_unit), scale_of(law.response, y_unit)
    held, how = _held(law, request.fixed), (_weighting(request.weighting), _options(request.response_level))
    groups: dict[tuple[str, ...], list[Record]] = {}
    for record in table.records:
        groups.setdefault(tuple(record.cells[name] for name in request.by), []).append(record)
    rows = []
    for keys, records in groups.items():
        points = _points(records, (x_name, y_name), law, scales)
        reason = _unusable(records, x_name, points, law)
        rows.append(
            FittedRow(keys, None, Outcome.FAILED, reason, 0, points.aside)
            if reason
            else _fit_one(
                keys, points, lambda curve: fit_curve(law, curve, how[0], sharing=held, options=how[1])
            )
        )
    return FittedRows(tuple(rows), x_unit, y_name, y_unit)


def _fit_one(keys: tuple[str, ...], points: _Points, fitted: Callable[[Curve], Fit]) -> FittedRow:
    try:
        found = fitted(Curve(np.array(points.x), np.array(points.y), label=", ".join(keys)))
    except (InputError, ModelError) as error:
        return FittedRow(keys, None, Outcome.FAILED, error.problems[0].what, len(points.x), points.aside)
    return FittedRow(keys, found, found.outcome, found.reason, len(points.x), points.aside)


def _unusable(records: Sequence[Record], x_name: str, points: _Points, law: Equation) -> str:
    """Why no row of a curve can be used; empty where some can."""
    if points.x:
        return ""
    numbers = [_number(record.cells[x_name]) for record in records]
    if _is_concentration(law.axes[0]) and all(x is not None and x < 0 for x in numbers):
        return (
            f"All {len(numbers)} x are negative and look like logarithms: "
            "give the concentrations themselves, 10 nM and not -8."
        )
    return f"None of the {len(records)} rows can be used; why stands with each."


def _is_concentration(axis: Axis) -> bool:
    return axis.unit == "M"


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


@dataclass(frozen=True)
class _Points:
    """The points of one curve on the axes of the law, and the rows that make none, each with the reason."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    aside: tuple[str, ...]


def _points(
    records: Sequence[Record], names: tuple[str, str], law: Equation, scales: tuple[float, float]
) -> _Points:
    x_name, y_name = names
    xs: list[float] = []
    ys: list[float] = []
    aside: list[str] = []
    for record in records:
        x, y = _number(record.cells[x_name]), _number(record.cells[y_name])
        if x is None or y is None:
            wrong, cell = (x_name, record.cells[x_name]) if x is None else (y_name, record.cells[y_name])
            aside.append(f"{record.place}: {wrong} '{cell}' is not a number")
        elif _is_concentration(law.axes[0]) and x < 0:
            aside.append(f"{record.place}: {x_name} '{record.cells[x_name]}' is negative")
        else:
            xs.append(_on_axis(x * scales[0], law))
            ys.append(y * scales[1])
    return _Points(tuple(xs), tuple(ys), tuple(aside))


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
