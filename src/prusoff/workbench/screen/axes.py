"""Which columns of a table are the axes of a law, in which units they stand, and how the law is to be fitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...core.equation import Equation
from ...core.errors import InputError, ModelError, Problem, Problems, UnknownName
from ..headings import scale_of, split_heading, unit_of_column
from .part import Settings, check_settings, law_named


@dataclass(frozen=True)
class FitRequest:
    """What to fit in a table: the law, the columns, the unit of x where its heading has none, what is held.

    `response_level` is the probability of chance above which a curve counts as flat, where not the usual one;
    `intervals` is 'profile', 'wald' or 'none', without it 'profile' or, of robust fits, 'wald'. `rout`, `robust` and
    `discovery` are those of the settings.
    """

    equation: str = "four_parameter_logistic"
    x: str = ""
    y: str = ""
    x_unit: str = ""
    by: tuple[str, ...] = ()
    fixed: Mapping[str, float] = field(default_factory=dict)
    weighting: str = "none"
    response_level: float | None = None
    intervals: str = ""
    rout: float | None = None
    robust: bool = False
    discovery: str = ""


@dataclass(frozen=True)
class Axes:
    """The law, the columns of its x and its y, and the units in which they stand there ('' where none was stated)."""

    law: Equation
    x: str
    y: str
    x_unit: str
    y_unit: str
    settings: Settings


def axes_of(columns: Sequence[str], table: str, request: FitRequest) -> Axes:
    """The axes of a law in a table of this name; raises with everything that is wrong with what was asked."""
    law = law_named(request.equation)
    if len(law.axes) != 1:
        raise ModelError(
            Problem(
                f"'{law.name}' has {len(law.axes)} axes and cannot be fitted to a plain table",
                fix="Use `prusoff run` with the assay that needs it, or the Python function `fit`",
            )
        )
    x, y = _columns(columns, table, request)
    x_unit = unit_of_column(law.axes[0], x, {"--x-unit": request.x_unit})
    y_unit = unit_of_column(law.response, y, {})
    settings = Settings(
        equation=request.equation,
        weighting=request.weighting,
        fixed=dict(request.fixed),
        response_level=request.response_level,
        intervals=request.intervals or ("wald" if request.robust else "profile"),
        rout=request.rout,
        robust=request.robust,
        discovery=request.discovery,
        x_scale=scale_of(law.axes[0], x_unit),
        y_scale=scale_of(law.response, y_unit),
    )
    check_settings(law, settings)
    return Axes(law, x, y, x_unit, y_unit, settings)


def _columns(columns: Sequence[str], table: str, request: FitRequest) -> tuple[str, str]:
    problems = Problems()
    found = {}
    for role, asked in (("x", request.x), ("y", request.y)):
        name = asked or _usual(columns, role, request.by)
        if name not in columns:
            what = f"there is no column '{asked}'" if asked else f"no column is named for {role}"
            fix = UnknownName.among(asked, columns, "column").problems[0].fix
            problems.add(what, table, f"{fix} Name it with --{role}", "E-COLUMN")
        found[role] = name
    for name in request.by:
        if name not in columns:
            fix = UnknownName.among(name, columns, "column").problems[0].fix
            problems.add(f"there is no column '{name}'", table, fix, "E-COLUMN")
    problems.raise_if_any(InputError)
    return found["x"], found["y"]


_USUAL: Mapping[str, tuple[str, ...]] = {
    "x": ("conc", "concentration", "dose", "x", "log10_m", "time"),
    "y": ("signal", "response", "y", "effect", "counts", "cpm", "value"),
}


def _usual(columns: Sequence[str], role: str, taken: Sequence[str]) -> str:
    plain = {split_heading(column)[0].lower(): column for column in columns if column not in taken}
    return next((plain[name] for name in _USUAL[role] if name in plain), "")
