"""Curves that the batch leaves to the engine for single curves: laws of several axes, searches that did not end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...core.curves import Curves
from ...core.equation import Equation
from ...core.errors import InputError, ModelError
from ...core.fit import Fit, Outcome
from ...core.fits import OUTCOMES, RELATIONS, Fits
from ..problem import Problem, Rule
from ..search import Options
from ..solve import fit_curve
from ..verdict import location_bounds
from ..weights import Weights


def fit_one_by_one(
    equation: Equation,
    curves: Curves,
    weighting: Weights,
    level: float,
    sharing: Mapping[str, Rule | float],
    options: Options,
) -> Fits:
    """Fit every curve; one that cannot be fitted is an outcome with its reason and changes no other curve."""
    found: list[Fit | str] = []
    for c in range(len(curves)):
        try:
            found.append(fit_curve(equation, curves[c], weighting, level, sharing, options))
        except (InputError, ModelError) as error:
            found.append(error.problems[0].what)
    return gathered(equation, curves, found, weighting, level, sharing, options)


def gathered(  # noqa: PLR0913 - what the fits were made with, and they themselves
    equation: Equation,
    curves: Curves,
    found: Sequence[Fit | str],
    weighting: Weights,
    level: float,
    sharing: Mapping[str, Rule | float],
    options: Options,
) -> Fits:
    """Single fits of the curves as columns; a text stands for a curve that could not be fitted, and says why."""
    fits = [one for one in found if isinstance(one, Fit)]
    names = fits[0].names if fits else equation.names
    shape = (len(names), len(found))
    values, se, low, high = (np.full(shape, np.nan) for _ in range(4))
    sentences: dict[str, int] = {"": 0}
    reason = np.zeros(shape[1], dtype=np.int32)
    outcome = np.full(shape[1], OUTCOMES.index(Outcome.FAILED), dtype=np.int8)
    rss, p, bound = (np.full(shape[1], np.nan) for _ in range(3))
    relation = np.zeros(shape[1], dtype=np.int8)
    for c, one in enumerate(found):
        text = one if isinstance(one, str) else one.reason
        reason[c] = sentences.setdefault(text, len(sentences))
        if isinstance(one, str):
            continue
        outcome[c] = OUTCOMES.index(one.outcome)
        values[:, c], se[:, c], rss[c] = one.values, one.se, one.sum_of_squares
        p[c] = next((test.p for test in one.tests if test.name == "response"), np.nan)
        if one.outcome is Outcome.CENSORED:
            relation[c], bound[c] = _known(one, sharing or {}, options)
        for k, name in enumerate(names):
            if name in one.intervals:
                low[k, c], high[k, c] = one.intervals[name].low, one.intervals[name].high
    points = np.diff(curves.starts).astype(np.int64)
    return Fits(
        equation=equation,
        names=names,
        values=values,
        se=se,
        low=low,
        high=high,
        outcome=outcome,
        relation=relation,
        bound=bound,
        reason=reason,
        sentences=tuple(sentences),
        sum_of_squares=rss,
        df=points - len(names),
        points=points,
        p_response=p,
        weighting=weighting.value,
        intervals=options.intervals,
        level=level,
        scale_known=weighting.scale_known,
        fixed=fits[0].fixed if fits else {},
    )


def _known(fit: Fit, sharing: Mapping[str, Rule | float], options: Options) -> tuple[int, float]:
    """Position in RELATIONS and bound of the location of a censored fit."""
    problem = Problem(fit.equation, (fit.curve.data,), sharing)
    bounds = location_bounds(problem, fit, options.controls).values()
    return next(((RELATIONS.index(one.relation), one.value) for one in bounds), (0, np.nan))
