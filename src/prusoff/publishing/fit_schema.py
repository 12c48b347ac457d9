"""What a results file in JSON holds of a fit: parameters, intervals, tests, and the data as fitted."""

from __future__ import annotations

from typing import Literal, TypeAlias

from typing_extensions import TypedDict

Number: TypeAlias = float | None
Coordinate: TypeAlias = float | Literal["-inf", "inf"] | None
"""A control well stands at '-inf' (total binding: no compound) or 'inf' (nonspecific: everything blocked)."""


class IntervalRecord(TypedDict):
    """Interval of a fitted parameter, on the scale of the fit."""

    low: Number
    high: Number
    open: list[Literal["low", "high"]]
    level: float
    method: str


class TestRecord(TypedDict):
    """A statistical test."""

    name: str
    statistic: Number
    p: Number
    df: list[Number]
    sentence: str


class FittedCurveRecord(TypedDict):
    """The data of a fit as fitted. `x` has one list for each axis of the law."""

    label: str
    x: list[list[Coordinate]]
    y: list[Number]
    sd: list[Number] | None
    weights: list[Number]
    fitted: list[Number]
    parameters: dict[str, Number]


class FitRecord(TypedDict):
    """A fit: parameters with errors, covariance and intervals in the order of `names`."""

    equation: str
    formula: str
    outcome: str
    reason: str
    names: list[str]
    values: list[Number]
    se: list[Number]
    covariance: list[list[Number]]
    intervals: dict[str, IntervalRecord]
    fixed: dict[str, Number]
    sum_of_squares: Number
    df: int
    residual_sd: Number
    weighting: str
    scale_known: bool
    at_bounds: list[str]
    condition: Number
    verdict: str
    tests: list[TestRecord]
    starts: int
    evaluations: int
    curves: list[FittedCurveRecord]
