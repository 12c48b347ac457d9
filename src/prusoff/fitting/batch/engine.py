"""Fits a law to many curves at once: sorts them, finds the global minimum of each, its limits and what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ...core.curves import Curves
from ...core.equation import Equation
from ...core.fit import Outcome
from ...core.fits import Fits
from .. import sentences
from ..account import flat_level
from ..intervals import quantile
from ..problem import Rule
from ..search import Options
from ..turning import turns
from ..weights import Weighting, Weights
from .cohort import Cohort, cohort_of, side_by_side
from .columns import Columns
from .compiling import steps_for
from .law import BatchLaw
from .layout import Layout, layouts, unusable
from .minimum import minimise_cohort
from .one_by_one import fit_one_by_one
from .responses import response_probability

LANES = 32768  # curves that are fitted side by side
SAMPLE = 1000  # points whose x tell what kind of law it is
DEFAULTS = Options()
MANY = 4  # searched parameters
SPOILED = (
    "",
    "Nothing was measured.",
    "a value is missing or not a number",
    "a standard deviation is missing, zero or negative",
)


def fit_batch(
    equation: Equation,
    curves: Curves,
    weighting: Weights = Weighting.NONE,
    level: float = 0.95,
    sharing: Mapping[str, Rule | float] | None = None,
    options: Options = DEFAULTS,
) -> Fits:
    """Fit every curve on its own; one that cannot be fitted is an outcome with its reason and changes no other curve.

    The answers are those of `fit_curve`: the least weighted sum of squares, intervals, an outcome in words. They do not
    depend on the order of the curves or on which others are fitted with them. Wrong use (an unknown parameter, a level
    that makes no sense) raises.
    """
    quantile(level, 1.0)
    rules = dict(sharing or {})
    if not suits(equation, curves, weighting, options):
        return fit_one_by_one(equation, curves, weighting, level, rules, options)
    with np.errstate(all="ignore"), steps_for(len(curves)):
        law = BatchLaw.of(equation, rules, sample_x(curves))
        columns = Columns(law, curves, weighting, level, options)
        spoiled = unusable(curves)
        for code in np.unique(spoiled[spoiled > 0]):
            columns.end(np.flatnonzero(spoiled == code), Outcome.FAILED, SPOILED[code])
        waiting: dict[tuple[int, bool], list[Cohort]] = {}
        for number, layout in enumerate(layouts(curves, np.flatnonzero(spoiled == 0))):
            for part in testable(law, layout, columns, options):
                cohort = cohort_of(law, part, weighting, number)
                key = (len(cohort.points.x), cohort.points.weight is None)
                waiting.setdefault(key, []).append(cohort)
                if sum(map(len, waiting[key])) >= LANES:
                    fit_side_by_side(law, waiting.pop(key), columns)
        for cohorts in waiting.values():
            fit_side_by_side(law, cohorts, columns)
        leftovers(curves, columns, rules)
    return columns.fits()


def suits(equation: Equation, curves: Curves, weighting: Weights, options: Options) -> bool:
    """Whether the batch can take these: one axis, a law with linear parameters, weights that need no other curve.

    A law with many other parameters needs an axis of log concentrations: along any other one its grid is too coarse.
    """
    plain = weighting in (Weighting.NONE, Weighting.OBSERVED, Weighting.FITTED, Weighting.KNOWN_SD)
    known = weighting is not Weighting.KNOWN_SD or curves.sd is not None
    linear = any(parameter.linear for parameter in equation.parameters)
    coarse = sum(not one.linear for one in equation.parameters) > MANY and not equation.axes[0].log10
    return (
        not coarse
        and len(equation.axes) == 1
        and curves.x.ndim == 1
        and plain
        and known
        and linear
        and not options.start
    )


def sample_x(curves: Curves) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Some tested x, to see what kind of law it is."""
    first = curves.x[:SAMPLE]
    if not np.isfinite(first).all():
        first = curves.x[np.isfinite(curves.x)][:SAMPLE]
    x = np.unique(first)
    return x if x.size > 1 else np.linspace(1.0, 2.0, 5)


def testable(law: BatchLaw, layout: Layout, columns: Columns, options: Options) -> Iterator[Layout]:
    """The curves of a layout that have a response and can be fitted; the others end with their reason."""
    equation, free = law.equation, len(law.free)
    axis, points = equation.axes[0], len(layout.y)
    if layout.x.size < free:
        zeros = int(layout.counts[layout.x == 0].sum())
        said = sentences.too_few(axis, (layout.x.size, free, free), (zeros, points))
        columns.end(layout.members, Outcome.FAILED, said)
        return
    if not axis.log10 and np.isinf(layout.x).any():
        columns.end(layout.members, Outcome.FAILED, sentences.no_ends(axis))
        return
    largest = layout.largest
    sound = (largest == 0) | ((largest > sentences.LEAST) & (largest < sentences.MOST))
    for curve in np.flatnonzero(~sound):
        columns.end(
            layout.members[[curve]], Outcome.FAILED, sentences.out_of_proportion(float(largest[curve]))
        )
    layout = layout.at(sound)
    if equation.location and equation.index(equation.location) in law.free and layout.members.size:
        allowed = flat_level(points) if options.response_level is None else options.response_level
        p = response_probability(layout, turns(equation))
        columns.responses(layout.members, p, allowed, points)
        layout = layout.at(~(p > allowed))
    for first in range(0, layout.members.size, LANES):
        here = np.zeros(layout.members.size, dtype=bool)
        here[first : first + LANES] = True
        yield layout.at(here)


def fit_side_by_side(law: BatchLaw, cohorts: list[Cohort], columns: Columns) -> None:
    """Fit cohorts side by side, in lanes."""
    whole = side_by_side(cohorts)
    for first in range(0, len(whole), LANES):
        here = np.arange(first, min(first + LANES, len(whole)))
        cohort = whole if here.size == len(whole) else whole.at(here)
        columns.judge(cohort, minimise_cohort(law, cohort, columns.weighting))


def leftovers(curves: Curves, columns: Columns, rules: Mapping[str, Rule | float]) -> None:
    """Curves whose search did not end in the batch are searched one by one."""
    chosen = columns.unended
    if chosen.size:
        part = Curves.of([curves[int(c)] for c in chosen])
        found = fit_one_by_one(
            columns.law.equation, part, columns.weighting, columns.level, rules, columns.options
        )
        columns.replace(chosen, found)
