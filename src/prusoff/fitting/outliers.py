"""Names the points that are no part of the curve, and fits with and without them (ROUT)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..core.curves import Curve
from ..core.errors import InputError, ModelError
from ..core.fit import Fit, Outcome
from .error_laws import Lorentzian
from .problem import Problem
from .robust import DEFAULTS, RobustFit, from_least_squares
from .robust_statistics import Flags, outlier_test
from .search import Options
from .solve import fit
from .weights import GivenWeights, Weighting, Weights

MOST = 0.2  # part of the points that may be set aside
PLACES = 4  # different concentrations that must remain


@dataclass(frozen=True)
class Outlier:
    """A point that is no part of the curve, and why: its residual from the robust curve and how unlikely that is.

    `curve` is the label of its data set, `point` its position there. `residual` is measured minus the robust curve,
    weighted, in units of the RSDR; `p` its two-sided probability.
    """

    curve: str
    point: int
    x: tuple[float, ...]
    y: float
    residual: float
    p: float

    @property
    def reason(self) -> str:
        """Why the point was set aside."""
        side = "above" if self.residual > 0 else "below"
        return f"{abs(self.residual):.1f} robust SD {side} the curve (P = {self.p:.2g})"


@dataclass(frozen=True)
class OutlierRemoval:
    """What ROUT found at the false discovery rate `q`: the outliers, and the fit with and without them.

    `excluded` are the points that were set aside. Where too many would be (`refused` says why) none is, and
    `suspects` lists them; else `suspects` and `excluded` are the same. `with_all` is the least-squares fit of all
    points, `without` the one of those that remain (the same where none was set aside), `robust` the fit that the
    residuals are measured from.
    """

    q: float
    robust: RobustFit
    suspects: tuple[Outlier, ...]
    excluded: tuple[Outlier, ...]
    with_all: Fit
    without: Fit
    refused: str = ""

    @property
    def sentence(self) -> str:
        """What was done, in words."""
        points = self.with_all.points
        if self.refused:
            return f"No point was set aside: {self.refused}"
        if not self.excluded:
            return f"None of {points} points is an outlier (ROUT, Q = {100 * self.q:g} %)."
        verb = "are outliers and were" if len(self.excluded) > 1 else "is an outlier and was"
        return f"{len(self.excluded)} of {points} points {verb} set aside (ROUT, Q = {100 * self.q:g} %)."


def rout(
    problem: Problem,
    weighting: Weights = Weighting.NONE,
    q: float = 0.01,
    level: float = 0.95,
    options: Options = DEFAULTS,
) -> OutlierRemoval:
    """Fit robustly, set outliers aside at the false discovery rate `q`, and fit the rest by least squares.

    Nothing is set aside where more than 20 % of the points would be, or where fewer than four concentrations would
    remain in a curve. The weighting is applied first: residuals are judged in units of what it says of their error.
    Motulsky & Brown 2006.

    Raises InputError for a `q` that is no probability, else as `fit` does.
    """
    check_rate(q)
    if problem.priors:
        raise ModelError("Outliers are sought without priors: the scale of the errors comes from the points.")
    with_all = fit(problem, weighting, level, options)
    robust = from_least_squares(problem, with_all, Lorentzian(), weighting, level, options)
    if robust.fit.outcome is Outcome.FAILED:
        return OutlierRemoval(q, robust, (), (), with_all, with_all, robust.fit.reason)
    flags, suspects = _suspects(problem, robust, q)
    if not suspects:
        return OutlierRemoval(q, robust, (), (), with_all, with_all)
    refused = _objection(problem, flags)
    if not refused:
        try:
            without = fit(_remaining(problem, flags), _weighting(weighting, flags), level, options)
        except ModelError as error:
            refused = f"the rest cannot be fitted. {error}"
    if refused:
        return OutlierRemoval(q, robust, suspects, (), with_all, with_all, refused)
    return OutlierRemoval(q, robust, suspects, suspects, with_all, without)


def check_rate(q: float) -> None:
    """Raise InputError for a false discovery rate that is no probability."""
    if not 0.0 < q < 1.0:
        raise InputError(
            f"A false discovery rate of {q} makes no sense; give one between 0 and 1, such as 0.01."
        )


def _suspects(problem: Problem, robust: RobustFit, q: float) -> tuple[tuple[Flags, ...], tuple[Outlier, ...]]:
    """The flags of all points, curve by curve, and what belongs to those that are flagged."""
    residuals = np.concatenate([curve.weighted_residuals for curve in robust.fit.curves])
    flags, p = outlier_test(residuals, robust.scale, residuals.size - len(problem.names), q)
    ends = np.cumsum([len(curve) for curve in problem.curves])[:-1]
    found = []
    split = tuple(np.split(flags, ends))
    parts = zip(
        problem.curves, problem.labels, split, np.split(residuals, ends), np.split(p, ends), strict=True
    )
    for curve, label, here, far, chance in parts:
        x = np.atleast_2d(curve.x)
        found += [
            Outlier(
                label,
                int(k),
                tuple(float(one) for one in x[:, k]),
                float(curve.y[k]),
                float(far[k]) / robust.scale,
                float(chance[k]),
            )
            for k in np.flatnonzero(here)
        ]
    return split, tuple(found)


def _objection(problem: Problem, flags: tuple[Flags, ...]) -> str:
    """Why so many points are not set aside; empty where they are few."""
    named, points = sum(int(one.sum()) for one in flags), sum(one.size for one in flags)
    if named > MOST * points:
        return too_many(named, points)
    for curve, label, here in zip(problem.curves, problem.labels, flags, strict=True):
        tested = np.atleast_2d(curve.x)[:, ~here]
        places = np.unique(tested[:, np.isfinite(tested).all(axis=0)], axis=1).shape[1]
        if here.any() and places < PLACES:
            return few_places(places, f" in curve '{label}'" if len(problem.curves) > 1 else "")
    return ""


def too_many(named: int, points: int) -> str:
    """Why so large a part of the points is not set aside."""
    return (
        f"{named} of {points} would be, more than {100 * MOST:.0f} %. The law or the weighting does not suit the "
        "data, or the data have no curve."
    )


def few_places(places: int, where: str = "") -> str:
    """Why points are not set aside without which few concentrations would remain."""
    return f"{places} different concentrations would remain{where}; at least {PLACES} are needed."


def _remaining(problem: Problem, flags: tuple[Flags, ...]) -> Problem:
    """The problem without the flagged points."""
    curves = [
        Curve(curve.x[..., ~here], curve.y[~here], None if curve.sd is None else curve.sd[~here], curve.label)
        for curve, here in zip(problem.curves, flags, strict=True)
    ]
    return Problem(problem.equation, curves, problem.sharing)


def _weighting(weighting: Weights, flags: tuple[Flags, ...]) -> Weights:
    """The weighting of the points that remain."""
    if not isinstance(weighting, GivenWeights):
        return weighting
    return replace(
        weighting, weights=tuple(w[~here] for w, here in zip(weighting.weights, flags, strict=True))
    )
