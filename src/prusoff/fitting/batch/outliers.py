"""Names the points that are no part of their curves, for many curves at once, and fits with and without them (ROUT)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...core.curves import Curves
from ...core.equation import Array, Equation
from ...core.errors import InputError, ModelError
from ...core.fit import Outcome
from ...core.fits import OUTCOMES, Fits
from ..outliers import MOST, PLACES, check_rate, few_places, rout, too_many
from ..problem import Problem, Rule
from ..robust import NO_FREEDOM
from ..robust_statistics import Flags, outlier_test
from ..search import Options
from ..weights import Weighting, Weights
from .compiling import steps_for
from .engine import DEFAULTS, fit_batch, suits
from .layout import Indices, layouts
from .refit import counted, fit_remaining, remaining
from .robust import fit_robust_batch, points_of


@dataclass(frozen=True)
class Cleaned:
    """What ROUT found at the false discovery rate `q` in many curves, and their fits with and without the outliers.

    `fits` are the least-squares fits of all points; `without` those of the points that remain, the same object where
    none was set aside in any curve; the `p_response` of a curve that lost points and certainly responds is what its
    probability cannot be above. `excluded` (point,) says which points were set aside and `p` (point,) how unlikely
    each is as a part of its curve, in the order of the points of the curves; nan where a curve could not be fitted.
    `refused` (curve,) says why no point of a curve was set aside although some would have been, or why it was not
    looked at; '' elsewhere. `p_response` (curve,) is the probability that chance alone looks like the curve once far
    points are drawn in to where chance may put them.
    """

    q: float
    fits: Fits
    without: Fits
    excluded: Flags
    p: Array
    refused: tuple[str, ...]
    p_response: Array


def rout_batch(  # noqa: PLR0913 - what fit_batch takes, and the rate of false outliers
    equation: Equation,
    curves: Curves,
    weighting: Weights = Weighting.NONE,
    level: float = 0.95,
    sharing: Mapping[str, Rule | float] | None = None,
    options: Options = DEFAULTS,
    q: float = 0.01,
) -> Cleaned:
    """Fit every curve robustly, set its outliers aside at the false discovery rate `q`, and fit the rest again.

    Every curve is tested by itself, as `rout` does. Nothing is set aside in a curve that would lose more than 20 % of
    its points or keep fewer than four concentrations. Motulsky & Brown 2006.

    Raises InputError for a `q` that is no probability, else as `fit_batch` does.
    """
    check_rate(q)
    with steps_for(len(curves)):
        return _cleaned(equation, curves, (weighting, level, sharing, options), q)


def _cleaned(
    equation: Equation,
    curves: Curves,
    asked: tuple[Weights, float, Mapping[str, Rule | float] | None, Options],
    q: float,
) -> Cleaned:
    """The same, by the steps that were chosen."""
    weighting, level, sharing, options = asked
    fits = fit_batch(equation, curves, weighting, level, sharing, options)
    if suits(equation, curves, weighting, options):
        flags, p, refused, p_response = _tested(equation, curves, fits, (weighting, sharing, q))
    else:
        flags, p, refused, p_response = _one_by_one(equation, curves, fits, (weighting, sharing, q))
    touched = np.flatnonzero(counted(flags, curves))
    without = fits
    if touched.size:
        kept = remaining(curves, flags, touched)
        without = _with(
            fits, touched, fit_remaining(equation, kept, weighting, level, sharing or {}, options)
        )
    return Cleaned(q, fits, without, flags, p, tuple(refused), p_response)


_Settings = tuple[Weights, Mapping[str, Rule | float] | None, float]
_Found = tuple[Flags, Array, list[str], Array]


def _tested(equation: Equation, curves: Curves, fits: Fits, settings: _Settings) -> _Found:
    """The flags and probabilities of all points, why those of some curves do not count, the response of each curve."""
    weighting, sharing, q = settings
    robust = fit_robust_batch(equation, curves, fits, weighting, sharing)
    flags, p = np.zeros(curves.y.size, dtype=bool), np.full(curves.y.size, np.nan)
    refused = [""] * len(curves)
    known = np.isfinite(robust.scale)
    for curve in np.flatnonzero(~known):
        failed = fits.outcome[curve] == OUTCOMES.index(Outcome.FAILED)
        refused[curve] = fits.reason_of(int(curve)) if failed else NO_FREEDOM
    for layout in layouts(curves, np.flatnonzero(known)):
        rows = points_of(curves, layout)
        df = len(rows) - len(robust.names)
        here, p[rows] = outlier_test(robust.residuals[rows], robust.scale[layout.members], df, q)
        named = here.sum(axis=0)
        left = layout.grouped((~here).astype(float))[np.isfinite(layout.x)] > 0
        places = left.sum(axis=0)
        many, few = named > MOST * len(rows), (named > 0) & (places < PLACES)
        for curve in np.flatnonzero(many | few):
            why = too_many(int(named[curve]), len(rows)) if many[curve] else few_places(int(places[curve]))
            refused[layout.members[curve]] = why
        flags[rows] = here & ~(many | few)
    return flags, p, refused, robust.p_response


def _one_by_one(equation: Equation, curves: Curves, fits: Fits, settings: _Settings) -> _Found:
    """The same for what the batch cannot take: laws of several axes, weights that look at the replicates."""
    weighting, sharing, q = settings
    flags, p = np.zeros(curves.y.size, dtype=bool), np.full(curves.y.size, np.nan)
    refused, p_response = [""] * len(curves), np.full(len(curves), np.nan)
    for c in range(len(curves)):
        here = slice(curves.starts[c], curves.starts[c + 1])
        try:
            problem = Problem(equation, (curves[c],), sharing or {})
            found = rout(problem, weighting, q, options=Options(intervals=""))
        except (InputError, ModelError) as error:
            refused[c] = error.problems[0].what
            continue
        refused[c] = found.refused
        p_response[c] = next((test.p for test in found.robust.fit.tests if test.name == "response"), np.nan)
        if np.isfinite(found.robust.scale):
            away = found.robust.fit.curve.weighted_residuals
            df = away.size - len(problem.names)
            p[here] = outlier_test(away, found.robust.scale, df, q)[1]
        flags[here][[one.point for one in found.excluded]] = True
    return flags, p, refused, p_response


def _with(fits: Fits, members: Indices, part: Fits) -> Fits:
    """The fits with those of some curves replaced."""
    columns = {}
    for name in (
        *("values", "se", "low", "high", "outcome", "relation", "bound"),
        *("sum_of_squares", "df", "points", "p_response"),
    ):
        columns[name] = getattr(fits, name).copy()
        columns[name][..., members] = getattr(part, name)
    sentences = {text: k for k, text in enumerate(fits.sentences)}
    said = [sentences.setdefault(text, len(sentences)) for text in part.sentences]
    reason = fits.reason.copy()
    reason[members] = np.array(said, dtype=reason.dtype)[part.reason]
    return replace(fits, reason=reason, sentences=tuple(sentences), **columns)
