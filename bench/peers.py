"""Who is timed: prusoff's batch, and other programs on the same curves from the same start, each as its users do."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import curve_fit, least_squares
from scipy.special import stdtrit

from prusoff.core.equation import Array
from prusoff.core.fits import Fits
from prusoff.fitting.batch import compiling, fit_batch
from prusoff.fitting.batch.outliers import rout_batch
from prusoff.fitting.solve import Options

from .accuracy import Answer
from .work import Screen

ZERO = 6.0  # decades below the lowest dose at which a program that cannot take log 0 is given a well without compound
Single = Callable[[Array, Array, Array], tuple[Array, float]]


@dataclass(frozen=True)
class Contender:
    """A program: its name, how it fits a screen, and how its answers are to be judged where that is another run."""

    name: str
    fit: Callable[[Screen], Answer]
    judge: Callable[[Screen], Answer] | None = None
    note: str = ""

    @property
    def own(self) -> bool:
        """Whether it is prusoff."""
        return self.judge is not None


WALD, PROFILE, ALL = "prusoff, Wald intervals", "prusoff, profile of IC50 and Hill", "prusoff, profile of all"
ROUT = "prusoff, ROUT"


def own() -> Iterator[Contender]:
    """The batch with Wald intervals, with profile intervals of what is asked for and of all, and with ROUT."""
    yield _own(WALD, Options(intervals="wald"))
    asked = Options(intervals="profile", intervals_of=("log_ic50", "hill_slope"))
    yield _own(PROFILE, asked, "profile intervals of these two parameters")
    yield _own(ALL, Options(intervals="profile"), "profile intervals of all parameters")
    yield Contender(
        ROUT,
        _cleaned,
        _cleaned,
        "robust fit, outliers set aside at Q = 1 %, Wald intervals "
        "(its sum over all points is not the least: it leaves some out)",
    )


def steps() -> str:
    """How the steps of the batch run; machine code is loaded, which takes half a second, before anything is timed."""
    if compiling.load():
        return "loops of machine code (the extra `fast`, loaded before), which give the numbers of NumPy bit for bit"
    return "operations of NumPy on whole arrays (the extra `fast` is not installed)"


def _cleaned(screen: Screen) -> Answer:
    return answer_of(rout_batch(screen.law, screen.table, options=Options(intervals="wald")).without)


def _own(name: str, options: Options, note: str = "") -> Contender:
    def fit(screen: Screen) -> Answer:
        return answer_of(fit_batch(screen.law, screen.table, options=options))

    def judge(screen: Screen) -> Answer:
        """As it answers, but with the parameters of curves that it says have no response, too."""
        whatever = Options(intervals="", response_level=1.0)
        return replace(fit(screen), parameters=fit_batch(screen.law, screen.table, options=whatever).values)

    return Contender(name, fit, judge, note)


def others() -> Iterator[Contender]:
    """scipy first, which all are compared with."""
    note = "analytic derivative, one start, its covariance"
    yield Contender("scipy curve_fit", _one_by_one(_by_curve_fit), note=note)
    yield Contender("scipy least_squares (trf)", _one_by_one(_by_least_squares), note="the same, limits kept")
    if _there("lmfit"):
        yield Contender("lmfit", _one_by_one(_by_lmfit), note="Model, leastsq, its own derivative")
    if _there("iminuit"):
        yield Contender("iminuit", _one_by_one(_by_iminuit), note="LeastSquares, MIGRAD and HESSE")


def missing() -> Iterator[tuple[str, str]]:
    """Programs that are not timed, and why."""
    for name in ("lmfit", "iminuit"):
        if not _there(name):
            yield name, "is not installed"


def _there(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def answer_of(fits: Fits) -> Answer:
    """What the batch says."""
    place = fits.index(fits.equation.location)
    return Answer(fits.values, fits.low[place], fits.high[place], fits.usable)


def _one_by_one(single: Single) -> Callable[[Screen], Answer]:
    """A program that fits one curve at a time: a curve at which it raises, or that has no finite answer, failed."""

    def fit(screen: Screen) -> Answer:
        count, place = len(screen.table), screen.law.index(screen.law.location)
        found, error, df = np.full(screen.truth.shape, np.nan), np.full(count, np.nan), np.empty(count)
        way = single if screen.law.name == "four_parameter_logistic" else _by_curve_fit_of(screen)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            for c in range(count):
                x, y = screen.points(c)
                df[c] = y.size - len(found)
                x = np.maximum(x, x[np.isfinite(x)].min() - ZERO)
                try:
                    found[:, c], error[c] = way(x, y, screen.law.start(x, y))
                except (RuntimeError, ValueError, np.linalg.LinAlgError):
                    continue
            half = stdtrit(df, 0.975) * error
        ended = np.isfinite(found).all(axis=0)
        known = np.isfinite(half)
        low, high = (np.where(known, found[place] + side * half, np.nan) for side in (-1.0, 1.0))
        return Answer(found, low, high, ended)

    return fit


def _law(x: Array, bottom: Array, top: Array, log_ic50: Array, hill_slope: Array) -> Array:
    """The four-parameter logistic as a user would write it."""
    return bottom + (top - bottom) / (1.0 + 10.0 ** ((x - log_ic50) * hill_slope))


def _slopes(x: Array, bottom: Any, top: Any, log_ic50: Any, hill_slope: Any) -> Array:
    left = 1.0 / (1.0 + 10.0 ** ((x - log_ic50) * hill_slope))
    steep = np.log(10.0) * (top - bottom) * left * (1.0 - left)
    return np.stack([1.0 - left, left, steep * hill_slope, steep * (log_ic50 - x)], axis=1)


def _by_curve_fit(x: Array, y: Array, start: Array) -> tuple[Array, float]:
    found, covariance = curve_fit(_law, x, y, start, jac=_slopes)
    return found, float(np.sqrt(covariance[2, 2]))


def _by_curve_fit_of(screen: Screen) -> Single:
    """scipy with the function and derivative of another law."""
    law, place = screen.law, screen.law.index(screen.law.location)

    def single(x: Array, y: Array, start: Array) -> tuple[Array, float]:
        found, covariance = curve_fit(
            lambda at, *p: law.function(at, np.array(p)),
            x,
            y,
            start,
            jac=lambda at, *p: law.jacobian(at, np.array(p)).T,
        )
        return found, float(np.sqrt(covariance[place, place]))

    return single


def _by_least_squares(x: Array, y: Array, start: Array) -> tuple[Array, float]:
    lower = np.array([-np.inf, -np.inf, x.min() - 3.0, 0.1])
    upper = np.array([np.inf, np.inf, x.max() + 3.0, 5.0])
    found = least_squares(
        lambda p: _law(x, *p) - y, start, lambda p: _slopes(x, *p), (lower, upper), x_scale="jac"
    )
    covariance = np.linalg.pinv(found.jac.T @ found.jac) * 2.0 * found.cost / max(y.size - 4, 1)
    return found.x, float(np.sqrt(covariance[2, 2]))


def _by_lmfit(x: Array, y: Array, start: Array) -> tuple[Array, float]:
    import lmfit

    model = lmfit.Model(_law)
    names = ("bottom", "top", "log_ic50", "hill_slope")
    found = model.fit(y, x=x, **dict(zip(names, start, strict=True)))
    error = found.params["log_ic50"].stderr
    return np.array([found.params[name].value for name in names]), np.nan if error is None else float(error)


def _by_iminuit(x: Array, y: Array, start: Array) -> tuple[Array, float]:
    import iminuit
    from iminuit.cost import LeastSquares

    fit = iminuit.Minuit(LeastSquares(x, y, 1.0, _law), *start)
    fit.migrad().hesse()
    scale = np.sqrt(max(float(fit.fval), 0.0) / max(y.size - 4, 1))
    if not fit.valid:
        raise RuntimeError("iminuit says that there is no minimum")
    return np.array(fit.values), float(fit.errors["log_ic50"]) * scale
