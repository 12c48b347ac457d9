"""Is the richer law worth its parameters: extra sum of squares F, AICc, and the rule for a second site."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy.special import fdtrc

from ..core.curves import Curve
from ..core.errors import ModelError, Problem
from ..core.fit import Fit, FittedCurve, Interval, Outcome
from ..core.result import Comparison
from .intervals import wald_interval
from .levenberg import minimise, polish
from .objective import EXACT, Objective
from .problem import Problem as FitProblem
from .start import first_guess, starts

REPRODUCED = 1e-6  # part of the variation that a richer law may miss of a simpler one that it contains
LEAST_FRACTION = 0.1
ALPHA = 0.05


def aicc(fit: Fit) -> float:
    """Akaike's criterion with the small-sample term; the residual variance counts as a parameter unless it is known.

    Infinite where there are too few points for the term, minus infinite where the curve meets every point. Burnham &
    Anderson 2002.
    """
    return aicc_of(fit.points, len(fit.names), fit.sum_of_squares, fit.scale_known)


def aicc_of(points: int, parameters: int, sum_of_squares: float, scale_known: bool = False) -> float:
    """The same from numbers, such as sums over experiments that were fitted one by one.

    >>> round(aicc_of(20, 4, 0.10490564727878), 4)
    -90.7228
    """
    n, k = points, parameters + (0 if scale_known else 1)
    if n - k - 1 <= 0:
        return math.inf
    if not scale_known and sum_of_squares <= 0:
        return -math.inf
    misfit = sum_of_squares if scale_known else n * math.log(sum_of_squares / n)
    return misfit + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0)


def evidence(delta_aicc: float) -> float:
    """Probability that the richer law is the better one of the two, from AICc richer minus simple."""
    return 1.0 / (1.0 + math.exp(min(max(delta_aicc, -1400.0), 1400.0) / 2.0))


def compare_nested(simple: Fit, richer: Fit, alpha: float = ALPHA) -> Comparison:
    """Extra sum of squares F test and AICc of two fits to the same data, the simpler law contained in the richer.

    The richer law is kept when P < alpha. Raises ModelError when the data or the weights differ, when the richer law
    has no more parameters or fits worse, or when it cannot take the shape of the simpler one.
    """
    _require_nested(simple, richer)
    f, p = f_test(simple, richer)
    delta = _difference(aicc(richer), aicc(simple))
    names = _title(simple, richer), _title(richer, simple)
    kept = richer if p < alpha else simple
    preferred = names[1] if kept is richer else names[0]
    sentence = (
        f"{preferred} is kept: the extra sum of squares gives F({simple.df - richer.df}, {richer.df}) = {_size(f)}, "
        f"P {p_text(p)}; {_favoured(delta, names)}."
    )
    return Comparison(names[0], names[1], preferred, f, p, delta, sentence, kept)


def compare_sites(
    one: Fit, two: Fit, distance: str = "log_ratio", fraction: str | tuple[str, str] = "fraction_high"
) -> Comparison:
    """One site against two, by the fitted parameters of the two-site law that tell the sites apart.

    `distance` is the log ratio of the affinities, `fraction` the part of one site (or the two Bmax). Two sites are kept
    only when the F test and AICc both favour them, the interval of the distance excludes zero, and both fractions
    exceed 0.1.
    """
    plain = compare_nested(one, two)
    share = _share(two, fraction)
    objections = (
        (not plain.p < ALPHA, f"the F test does not ask for two (P {p_text(plain.p)})"),
        (not plain.delta_aicc < 0, "AICc favours one"),
        (not _interval(two, distance).low > 0, "the affinities of two are not told apart"),
        (
            not LEAST_FRACTION < share < 1.0 - LEAST_FRACTION,
            f"the smaller of two holds {100 * min(share, 1 - share):.0f} %",
        ),
    )
    reasons = [reason for holds, reason in objections if holds]
    if reasons:
        sentence = f"One site is kept: {', and '.join(reasons)}."
        return replace(plain, preferred=plain.simple, sentence=sentence, fit=one)
    sentence = (
        f"Two sites are kept: F = {_size(plain.f)}, P {p_text(plain.p)}, "
        f"{_favoured(plain.delta_aicc, ('one', 'two'))}."
    )
    return replace(plain, preferred=plain.richer, sentence=sentence, fit=two)


def _difference(richer: float, simple: float) -> float:
    """AICc richer minus simple; where both are infinite (too few points for either) neither is favoured."""
    return 0.0 if richer == simple else richer - simple


def _favoured(delta: float, names: tuple[str, str]) -> str:
    name = names[1] if delta < 0 else names[0]
    if delta == 0:
        return "AICc favours neither"
    return f"AICc favours {name}" + (f" by {abs(delta):.1f}" if math.isfinite(delta) else "")


def _size(f: float) -> str:
    return f"{f:.3g}" if math.isfinite(f) else "infinite"


def f_test(simple: Fit, richer: Fit) -> tuple[float, float]:
    """F and P of the extra sum of squares; with known errors the fall of chi-square over its degrees of freedom."""
    return extra_squares(
        (simple.sum_of_squares, simple.df), (richer.sum_of_squares, richer.df), richer.scale_known
    )


def extra_squares(
    simple: tuple[float, int], richer: tuple[float, int], scale_known: bool = False
) -> tuple[float, float]:
    """The same from (sum of squares, degrees of freedom) of both, such as sums over experiments."""
    extra = simple[1] - richer[1]
    fall = max(simple[0] - richer[0], 0.0) / extra
    left = 1.0 if scale_known else richer[0] / richer[1] if richer[1] > 0 else math.nan
    if left == 0:
        return (math.inf, 0.0) if fall > 0 else (0.0, 1.0)
    f = fall / left
    return f, float(fdtrc(extra, 1e12 if scale_known else richer[1], f))


def _share(two: Fit, fraction: str | tuple[str, str]) -> float:
    """The part of the sites that one of two holds."""
    if isinstance(fraction, str):
        return two.value(fraction)
    first, second = (two.value(name) for name in fraction)
    return first / (first + second) if first + second > 0 else 0.0


def _interval(fit: Fit, name: str) -> Interval:
    """The interval of the fit, or the Wald interval where it has none."""
    return fit.intervals.get(name) or wald_interval(fit, name)


def _require_nested(simple: Fit, richer: Fit) -> None:
    what = f"'{simple.equation.name}' and '{richer.equation.name}'"
    if not _same_data(simple, richer):
        raise _refused(
            f"{what} were fitted to different data or weights", "Fit both to the same points and weights"
        )
    if Outcome.FAILED in (simple.outcome, richer.outcome):
        raise _refused(f"one of the fits of {what} failed", "Compare only fits that have values")
    if not simple.scale_known and meets_every_point(simple):
        raise _refused(
            f"the simpler law of {what} meets every point: there is no scatter to compare them by",
            "Check whether the counter worked: measured signals scatter",
        )
    if simple.df <= richer.df:
        raise _refused(f"of {what} the second has no more parameters", "Give the simpler law first")
    if not _contained(simple, richer):
        raise _refused(
            f"of {what} the second cannot take the shape of the first", "Compare them by AICc instead"
        )
    if richer.sum_of_squares > simple.sum_of_squares * (1.0 + 1e-9):
        raise _refused(f"of {what} the second fits worse, so its fit is no minimum", "Give it a better start")


def meets_every_point(fit: Fit) -> bool:
    """Whether all that the fit leaves is rounding."""
    size = sum(float(one.weights @ one.data.y**2) for one in fit.curves)
    return fit.sum_of_squares <= EXACT**2 * size


def _refused(what: str, fix: str) -> ModelError:
    return ModelError(Problem(what, "comparison of nested laws", fix, "E-NESTED"))


def _same_data(simple: Fit, richer: Fit) -> bool:
    def same(a: FittedCurve, b: FittedCurve) -> bool:
        data = np.array_equal(a.data.x, b.data.x) and np.array_equal(a.data.y, b.data.y)
        return data and np.allclose(a.weights, b.weights, rtol=1e-12)

    if len(simple.curves) != len(richer.curves):
        return False
    return all(same(a, b) for a, b in zip(simple.curves, richer.curves, strict=True))


def _contained(simple: Fit, richer: Fit) -> bool:
    """Whether the richer law, as it was shared and fixed, can draw the curve of the simpler fit."""
    drawn = tuple(Curve(c.data.x, c.fitted, label=c.data.label) for c in simple.curves)
    problem = FitProblem(richer.equation, drawn, FitProblem.of(richer).sharing)
    limits = problem.lower, problem.upper
    with np.errstate(all="ignore"):
        objective = Objective(problem, [c.weights for c in simple.curves])
        flat = sum(float(c.weights @ (c.fitted - c.fitted.mean()) ** 2) for c in simple.curves)
        own = [richer.values, _carried(simple, richer)]
        for start in [*own, *starts(objective, first_guess(problem), 0, 8)]:
            found = polish(objective, minimise(objective, start, limits, rtol=1e-12), limits)
            if found.sum_of_squares <= REPRODUCED * flat:
                return True
    return False


def _carried(simple: Fit, richer: Fit) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The values of the richer fit, those that the simpler one has too replaced by its own."""
    known = {**simple.fixed, **dict(zip(simple.names, simple.values, strict=True))}
    return np.array([known.get(name, value) for name, value in zip(richer.names, richer.values, strict=True)])


def _title(fit: Fit, other: Fit) -> str:
    """What to call a law in a sentence: its title, with what was fixed when both laws are the same."""
    if fit.equation.name != other.equation.name:
        return fit.equation.title
    only = [f"{name} = {value:g}" for name, value in fit.fixed.items() if name not in other.fixed]
    return f"{fit.equation.title} ({', '.join(only) or f'{len(fit.names)} parameters'})"


def p_text(p: float) -> str:
    """A probability as it stands in a sentence, with its sign."""
    return "< 0.0001" if p < 1e-4 else f"= {p:.2g}"
