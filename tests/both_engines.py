"""One law asked of many curves in both ways, one at a time and together: the answers have to be the same.

`ask_both(law, curves, ...)` gives the fits made one at a time after the batch was found to say the same of every curve.
"""

import numpy as np

from prusoff.core.curves import Curves
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.fits import RELATIONS
from prusoff.fitting.batch import fit_batch
from prusoff.fitting.problem import Problem
from prusoff.fitting.solve import Options, fit_curve
from prusoff.fitting.verdict import location_bounds
from prusoff.fitting.weights import Weighting

VALUES = 1e-9  # of a value that the data define
VALLEY = 1e-6  # of a value or its standard error where they hardly do: a descent creeps along a valley
ERRORS = 1e-6  # of a standard error
LIMITS = 1e-5  # of the distance of a limit from the value: both searches end within 1e-6 of the quantile
FAR = 30.0  # standard errors from the value beyond which a limit is as good as none


def ask_both(law, curves, weighting=Weighting.NONE, level=0.95, sharing=None, options=None):
    """The fits of the curves, one at a time, each the same as in the batch."""
    options = Options() if options is None else options
    together = fit_batch(law, Curves.of(curves), weighting, level, sharing, options)
    alone = [fit_curve(law, curve, weighting, level, sharing, options) for curve in curves]
    for c, fit in enumerate(alone):
        same_answer(fit, together, c, options.controls)
    return alone


def same_answer(fit, fits, c, controls=None):
    """Outcome, parameters, errors and limits of curve `c` of the batch are those of the single fit."""
    where = f"curve {c}, {fit.equation.name}"
    assert fits.names == fit.names
    assert dict(fits.fixed) == dict(fit.fixed)
    assert fits.outcome_of(c) is fit.outcome, where
    assert (fits.points[c], fits.df[c]) == (fit.points, fit.df), where
    same_bound(fit, fits, c, controls)
    if not fit.outcome.usable:
        return
    assert np.isclose(fits.sum_of_squares[c], fit.sum_of_squares, rtol=1e-9, atol=noise(fit)), where
    sure = all(defined(fit, k) for k in range(len(fit.names)))
    for k in identified(fit):
        error = fit.se[k] if np.isfinite(fit.se[k]) else 0.0
        off, size = abs(fits.values[k, c] - fit.values[k]), max(abs(fit.values[k]), error)
        assert off <= (VALUES if sure else VALLEY) * size, (where, fit.names[k], off)
        assert np.isclose(fits.se[k, c], fit.se[k], rtol=ERRORS if sure else 1e-3, equal_nan=True), (
            where,
            fit.names[k],
        )
        if defined(fit, k):
            same_limits(fit, fits, c, k)


def same_bound(fit, fits, c, controls):
    """A censored location has the same relation and bound, any other none."""
    censored = fit.outcome is Outcome.CENSORED
    known = location_bounds(Problem.of(fit), fit, controls) if censored else {}
    if known:
        (bound,) = known.values()
        assert RELATIONS[fits.relation[c]] is bound.relation
        assert abs(fits.bound[c] - bound.value) <= max(
            LIMITS * abs(bound.value - fit.values[fit.index(bound.name)]), 1e-9 * abs(bound.value)
        )
        assert bound.sentence in fits.reason_of(c)
    else:
        assert RELATIONS[fits.relation[c]] is Relation.EQUAL
        assert np.isnan(fits.bound[c])


def same_limits(fit, fits, c, k):
    """Both limits of one parameter are the same, or so far away in both that they might as well be open."""
    interval, value, error = fit.intervals.get(fit.names[k]), fit.values[k], fit.se[k]
    if interval is None:
        assert np.isnan([fits.low[k, c], fits.high[k, c]]).all()
        return
    for expected, found in ((interval.low, fits.low[k, c]), (interval.high, fits.high[k, c])):
        if abs(expected - value) > FAR * error or not np.isfinite(expected):
            assert abs(found - value) > FAR * error or found == expected, (c, fit.names[k])
        else:
            assert abs(found - expected) <= LIMITS * abs(expected - value), (c, fit.names[k])


def identified(fit):
    """Positions of the parameters that the data define: those with an error, and those that stand at a limit."""
    if fit.condition > 1e8:
        return []
    return [k for k, name in enumerate(fit.names) if np.isfinite(fit.se[k]) or name in fit.at_bounds]


def defined(fit, k):
    """Whether a parameter is known to half a decade, to half of itself, or to a tenth of the measured responses."""
    kind = fit.equation.parameters[fit.equation.index(fit.names[k])]
    tenth = 0.1 * float(np.ptp(fit.curve.data.y)) if kind.unit == "signal" else 0.0
    most = 0.5 if kind.log10 else max(0.5 * abs(fit.values[k]), tenth)
    return bool(fit.se[k] <= most or not np.isfinite(fit.se[k]))


def noise(fit):
    """A sum of squares below this is rounding."""
    return 1e-22 * float(sum(curve.weights @ curve.data.y**2 for curve in fit.curves))
