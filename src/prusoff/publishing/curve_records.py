"""Estimates, fits and curves as the records of a results file."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core.estimate import Estimate
from ..core.fit import Fit, FittedCurve, Interval, Test
from ..core.result import Comparison, CurveBand, Points, Profile, Series
from . import fit_schema, schema
from .plain import coordinate, named, number, numbers


def estimate(one: Estimate) -> schema.EstimateRecord:
    """An estimate as a record."""
    open_sides: list[Any] = []
    if math.isinf(one.low) or (one.low == 0 and one.value > 0):
        open_sides.append("low")
    if math.isinf(one.high):
        open_sides.append("high")
    return {
        "name": one.name,
        "value": number(one.value),
        "low": number(one.low),
        "high": number(one.high),
        "open": open_sides,
        "level": one.level,
        "unit": one.unit,
        "relation": one.relation.value,
        "method": one.method,
        "se": number(one.se),
        "log10_se": number(one.log10_se),
        "text": str(one),
    }


def _interval(one: Interval) -> fit_schema.IntervalRecord:
    sides: list[Any] = list(one.open_sides)
    return {
        "low": number(one.low),
        "high": number(one.high),
        "open": sides,
        "level": one.level,
        "method": one.method,
    }


def _test(one: Test) -> fit_schema.TestRecord:
    return {
        "name": one.name,
        "statistic": number(one.statistic),
        "p": number(one.p),
        "df": [number(value) for value in one.df],
        "sentence": one.sentence,
    }


def _fitted_curve(one: FittedCurve, names: tuple[str, ...]) -> fit_schema.FittedCurveRecord:
    return {
        "label": one.data.label,
        "x": [[coordinate(value) for value in axis] for axis in np.atleast_2d(one.data.x).tolist()],
        "y": numbers(one.data.y),
        "sd": None if one.data.sd is None else numbers(one.data.sd),
        "weights": numbers(one.weights),
        "fitted": numbers(one.fitted),
        "parameters": dict(zip(names, numbers(one.parameters), strict=True)),
    }


def _fit(one: Fit) -> fit_schema.FitRecord:
    return {
        "equation": one.equation.name,
        "formula": one.equation.formula,
        "outcome": one.outcome.code,
        "reason": one.reason,
        "names": list(one.names),
        "values": numbers(one.values),
        "se": numbers(one.se),
        "covariance": [numbers(row) for row in np.atleast_2d(one.covariance)] if one.names else [],
        "intervals": {name: _interval(value) for name, value in one.intervals.items()},
        "fixed": named(one.fixed),
        "sum_of_squares": number(one.sum_of_squares),
        "df": int(one.df),
        "residual_sd": number(one.residual_sd),
        "weighting": one.weighting,
        "scale_known": one.scale_known,
        "at_bounds": list(one.at_bounds),
        "condition": number(one.condition),
        "verdict": one.verdict,
        "tests": [_test(value) for value in one.tests],
        "starts": int(one.starts),
        "evaluations": int(one.evaluations),
        "curves": [_fitted_curve(curve, one.equation.names) for curve in one.curves],
    }


def _points(one: Points) -> list[schema.PointRecord]:
    measured = zip(one.positions, one.x.tolist(), one.y.tolist(), one.used, strict=True)
    return [
        {"label": one.label, "position": position, "x": coordinate(x), "y": number(y), "used": bool(used)}
        for position, x, y, used in measured
    ]


def _comparison(one: Comparison) -> schema.ComparisonRecord:
    return {
        "simple": one.simple,
        "richer": one.richer,
        "preferred": one.preferred,
        "f": number(one.f),
        "p": number(one.p),
        "delta_aicc": number(one.delta_aicc),
        "sentence": one.sentence,
        "richer_fit": None if one.fit is None else _fit(one.fit),
    }


def _profile(one: Profile) -> schema.ProfileRecord:
    return {
        "parameter": one.parameter,
        "label": one.label,
        "values": numbers(one.values),
        "sums_of_squares": numbers(one.sums_of_squares),
        "threshold": number(one.threshold),
        "best": number(one.best),
    }


def series(one: Series) -> schema.SeriesRecord:
    """A curve with all that came out of it as a record."""
    return {
        "subject": one.subject,
        "experiment": one.experiment,
        "outcome": one.outcome.code,
        "reason": one.reason,
        "estimates": [estimate(value) for value in one.estimates],
        "shares_of_variance": named(one.shares),
        "x_label": one.x_label,
        "y_label": one.y_label,
        "points": [point for points in one.points for point in _points(points)],
        "fit": None if one.fit is None else _fit(one.fit),
        "bands": [_band(value) for value in one.bands],
        "profiles": [_profile(value) for value in one.profiles],
        "comparisons": [_comparison(value) for value in one.comparisons],
    }


def _band(one: CurveBand) -> schema.BandRecord:
    return {
        "label": one.label,
        "x": numbers(one.x),
        "fitted": numbers(one.fitted),
        "low": numbers(one.low),
        "high": numbers(one.high),
        "level": one.level,
    }
