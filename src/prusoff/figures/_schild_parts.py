"""What the figures of antagonism ask of a result: families of agonist curves, and Schild plots."""

from __future__ import annotations

import numpy as np

from ..core.result import AssayResult, Series

SCHILD, LINE = "Schild", "regression"


def schild_plots(result: AssayResult) -> dict[str, list[Series]]:
    """The series of dose ratios by antagonist."""
    return _by_subject([one for one in result.series if any(points.label == SCHILD for points in one.points)])


def curve_families(result: AssayResult) -> dict[str, list[Series]]:
    """The series that hold several curves against a log concentration, told apart by what else is in the wells."""
    return _by_subject([one for one in result.series if is_family(one)])


def is_family(series: Series) -> bool:
    """Whether a series holds curves beside one without a second compound."""
    labels = {points.label for points in series.points}
    logged = any(bool((points.x[np.isfinite(points.x)] < 0).any()) for points in series.points)
    return len(labels) > 1 and "none" in labels and logged


def _by_subject(series: list[Series]) -> dict[str, list[Series]]:
    found: dict[str, list[Series]] = {}
    for one in series:
        found.setdefault(one.subject, []).append(one)
    return found
