"""Fits that outliers hardly move: Lorentzian errors with an adapted scale, or Student t errors of most likelihood."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ..core.equation import Array
from ..core.errors import ModelError
from ..core.fit import Fit, Outcome
from .account import write
from .error_laws import Errors, Lorentzian, StudentT
from .intervals import quantile, wald_interval
from .levenberg import Minimum, minimise, polish
from .objective import EXACT, Objective
from .problem import Problem
from .robust_statistics import robust_sd
from .search import Options, Search
from .solve import fit
from .start import first_guess, starts
from .weights import GivenWeights, Weighting, Weights, weigh

__all__ = ["Lorentzian", "RobustFit", "StudentT", "fit_robust", "from_least_squares"]

PASSES = 2  # times that other starts are sought
SCOUTS = 12  # rounds of weights and fit from a start, before the best one goes on
ADAPTING = 100  # rounds after which an adapted scale that does not settle is held
ROUNDS = 300  # most rounds of weights and fit
CHANCE = 0.9973  # part of the points that lie so near to the curve: 3 SD of a normal distribution
SETTLED = 1e-11  # relative change of values and scale at which they agree
DEFAULTS = Options()
NO_FREEDOM = "There are as many parameters as points: nothing is left to tell outliers by."
LORENTZIAN = Lorentzian()
NEAR = 0.01  # gain of the merit, a log-likelihood, in one round below which a start has shown where it leads
LOWER = 1e-6  # gain of the merit that makes another start the better one


@dataclass(frozen=True)
class RobustFit:
    """A fit by errors with wide tails.

    `fit` holds the curve; its weights are those of the weighting alone, its standard errors are the asymptotic ones of
    an M-estimator (Huber 1981), its intervals are Wald intervals. `scale` is the RSDR or the scale of the t errors, in
    the unit of the weighted residuals; `counted` says how much each point counted, one array a curve. The
    `log_likelihood` is that of t errors, nan for Lorentzian ones, whose scale is no maximum of a likelihood.
    """

    fit: Fit
    errors: Errors
    scale: float
    counted: tuple[Array, ...]
    log_likelihood: float
    rounds: int

    @property
    def aic(self) -> float:
        """Akaike's criterion; the scale counts as a parameter."""
        return 2.0 * (len(self.fit.names) + 1) - 2.0 * self.log_likelihood


def fit_robust(
    problem: Problem,
    errors: Errors = LORENTZIAN,
    weighting: Weights = Weighting.NONE,
    level: float = 0.95,
    options: Options = DEFAULTS,
) -> RobustFit:
    """Fit a law so that points far from the curve count little, or nothing in the limit.

    Weighted least squares repeated with weights from the residuals, from the least-squares curve and other starts; the
    weights of the weighting are applied first. Data that cannot be fitted give a fit whose outcome says so; wrong use
    raises as `fit` does.
    """
    if problem.priors:
        raise ModelError(
            "A robust fit takes no priors: the scale of the errors is estimated from the points."
        )
    plain = fit(problem, weighting, level, replace(options, intervals=""))
    return from_least_squares(problem, plain, errors, weighting, level, options)


def from_least_squares(
    problem: Problem,
    plain: Fit,
    errors: Errors,
    weighting: Weights,
    level: float = 0.95,
    options: Options = DEFAULTS,
) -> RobustFit:
    """The robust fit that begins at a least-squares fit of the same problem with the same weighting."""
    if plain.outcome is Outcome.FAILED or plain.points <= len(problem.names):
        return _without_numbers(problem, plain, errors)
    with np.errstate(all="ignore"):
        descent = Descent(problem, plain, errors, weighting, options)
        descent.run()
        return descent.written(level)


def _without_numbers(problem: Problem, plain: Fit, errors: Errors) -> RobustFit:
    reason = plain.reason
    if plain.outcome is not Outcome.FAILED:
        reason = NO_FREEDOM
        plain = replace(plain, outcome=Outcome.FAILED, reason=reason, verdict=reason)
    counted = tuple(np.full(len(curve), np.nan) for curve in problem.curves)
    return RobustFit(plain, errors, math.nan, counted, math.nan, 0)


@dataclass(frozen=True)
class _Place:
    """Where a descent stands: the values, the weights of the weighting, the weighted residuals and their scale."""

    values: Array
    base: tuple[Array, ...]
    residuals: Array
    scale: float


class Descent:
    """Weighted least squares with weights from the residuals, until curve, weights and scale agree."""

    def __init__(
        self, problem: Problem, plain: Fit, errors: Errors, weighting: Weights, options: Options
    ) -> None:
        self.problem, self.errors, self.weighting, self.options = problem, errors, weighting, options
        self.plain = plain
        self.limits = (problem.lower, problem.upper)
        self.sizes = np.cumsum([len(curve) for curve in problem.curves])[:-1]
        self.base = tuple(curve.weights for curve in plain.curves)
        whole = sum(float(w @ curve.y**2) for w, curve in zip(self.base, problem.curves, strict=True))
        self.least = max(EXACT * math.sqrt(whole / plain.points), 1e-150)
        self.rounds, self.settled = 0, False
        self.place: _Place

    def run(self) -> None:
        """Go down from the least-squares curve and from other starts, and from the lowest place to the end.

        The other starts are those whose merit is good where least squares, with the points as each deserves, puts the
        parameters in which the law is linear.
        """
        best = self._scouted(self._at(self.plain.values))
        for _ in range(PASSES):
            objective = Objective(self.problem, self._weights(best))
            guess = first_guess(self.problem)
            places = starts(objective, guess, self.options.seed, self.options.starts, self._merits)
            lowest = self._merit(best) - LOWER
            for reached in (self._scouted(self._at(start)) for start in places):
                if self._merit(reached) < lowest:
                    best, lowest = reached, self._merit(reached) - LOWER
        self.place = self._finished(best)

    def written(self, level: float) -> RobustFit:
        """The robust fit with its errors, as far as the descent went."""
        place, names = self.place, self.problem.names
        ratio = place.residuals / place.scale
        counted = self._split(self.errors.weights(ratio))
        tamed = self._tamed()
        search = Search(tamed, GivenWeights(self._weights(place), ""), self.options)
        sum_of_squares = float(place.residuals @ place.residuals)
        search.minimum = Minimum(place.values, sum_of_squares, True, self.rounds)
        search.settled = self.settled
        draft = write(tamed, search, level, replace(self.options, intervals=""))
        covariance = self._covariance(ratio, draft)
        errors = np.where(np.isfinite(draft.se), np.sqrt(np.diag(covariance)), np.nan)
        curves = tuple(
            replace(fitted, data=data, weights=base)
            for fitted, data, base in zip(draft.curves, self.problem.curves, place.base, strict=True)
        )
        draft = replace(
            draft,
            covariance=covariance,
            se=errors,
            curves=curves,
            weighting=f"{self.weighting.value}, {self.errors.value} errors",
            tests=tuple(test for test in draft.tests if test.name == "response"),
        )
        if self.options.intervals and draft.outcome is not Outcome.NO_RESPONSE:
            draft = replace(draft, intervals={name: wald_interval(draft, name, level) for name in names})
        return RobustFit(draft, self.errors, place.scale, counted, self._log_likelihood(place), self.rounds)

    def _at(self, values: Array, near: float = math.nan, held: bool = False) -> _Place:
        """A place: weights, residuals and scale at these values; `near` is the scale of a place near by, or is kept."""
        base = self.base
        if self.weighting.iterated:
            fitted = Objective(self.problem, base).fitted(values)
            base = weigh(self.weighting, self.problem.curves, fitted)
        objective = Objective(self.problem, base)
        residuals = objective.residuals(values)[: objective.points]
        scale = near if held else self.errors.scale(residuals, len(self.problem.names), near)
        return _Place(values, base, residuals, max(scale, self.least) if math.isfinite(scale) else math.nan)

    def _merit(self, place: _Place) -> float:
        """The merit of a place at its own scale; infinite where it has none."""
        merit = self.errors.merit(place.residuals, place.scale)
        return merit if math.isfinite(merit) else math.inf

    def _merits(self, candidates: Array) -> Array:
        """The merit of every candidate (parameter, candidate) at its own scale."""
        objective = Objective(self.problem, self.base)
        residuals = objective.many(candidates)[0][:, : objective.points]
        scales = (self.errors.scale(one, len(self.problem.names)) for one in residuals)
        return np.array(
            [
                self.errors.merit(one, max(scale, self.least))
                for one, scale in zip(residuals, scales, strict=True)
            ]
        )

    def _step(self, place: _Place, held: bool, coarse: bool) -> _Place:
        """One round: the weights that the residuals deserve, and the curve that follows from them."""
        objective = Objective(self.problem, self._weights(place))
        if coarse:
            moved = minimise(objective, place.values, self.limits, rtol=1e-6, most=5)
        else:
            close = minimise(objective, place.values, self.limits, damping=1e-6, most=3)
            moved = polish(objective, close, self.limits, most=2)
        return self._at(moved.values, place.scale, held)

    def _scouted(self, place: _Place) -> _Place:
        """Some rounds from a start: enough to see which valley it leads to."""
        for _ in range(SCOUTS):
            before = self._merit(place)
            if not math.isfinite(before):
                break
            place = self._step(place, held=False, coarse=True)
            if abs(self._merit(place) - before) <= NEAR:
                break
        return place

    def _finished(self, place: _Place) -> _Place:
        """Rounds until values and scale no longer move; a scale that goes in circles is held in the end."""
        for self.rounds in range(1, ROUNDS + 1):
            held = self.rounds > ADAPTING and isinstance(self.errors, Lorentzian)
            moved = self._step(place, held, coarse=False)
            near = np.allclose(moved.values, place.values, rtol=SETTLED, atol=1e-14)
            self.settled = bool(near and abs(moved.scale - place.scale) <= SETTLED * place.scale)
            place = moved
            if self.settled or place.scale <= self.least:
                self.settled = True
                break
        return place

    def _tamed(self) -> Problem:
        """The problem with far points drawn to where chance may put them, by which it is judged as a response."""
        place, fitted = self.place, len(self.problem.names)
        scale = max(float(robust_sd(place.residuals, fitted)), self.least)
        far = scale * quantile(CHANCE, place.residuals.size - fitted)
        inside = self._split(np.clip(place.residuals, -far, far) - place.residuals)
        curves = [
            replace(curve, y=curve.y + moved / np.sqrt(base))
            for curve, moved, base in zip(self.problem.curves, inside, place.base, strict=True)
        ]
        return Problem(self.problem.equation, curves, self.problem.sharing)

    def _covariance(self, ratio: Array, draft: Fit) -> Array:
        """Covariance c^2 scale^2 [sum psi^2/(N - K)] / [mean psi']^2 (J'WJ)^-1, c = 1 + (K/N) var psi' / [mean psi']^2.

        Huber 1981, section 7.6.
        """
        pull, change = self.errors.influence(ratio)
        free = np.array([name not in draft.at_bounds for name in self.problem.names])
        slopes = Objective(self.problem, self.place.base).jacobian(self.place.values)[:, free]
        covariance = np.zeros((free.size, free.size))
        size = np.sqrt(np.einsum("ij,ij->j", slopes, slopes))
        mean = float(change.mean())
        if not free.any() or not (size > 0).all() or not mean > 0 or draft.df <= 0:
            return np.full_like(covariance, np.nan)
        inverse = np.linalg.pinv(slopes / size, rcond=1e-15)
        few = 1.0 + slopes.shape[1] / ratio.size * float(change.var()) / mean**2
        factor = (few * self.place.scale / mean) ** 2 * float(pull @ pull) / draft.df
        covariance[np.ix_(free, free)] = factor * (inverse @ inverse.T) / np.outer(size, size)
        return covariance

    def _log_likelihood(self, place: _Place) -> float:
        if not isinstance(self.errors, StudentT):
            return math.nan
        weighted = 0.5 * sum(float(np.log(base).sum()) for base in place.base)
        return weighted - self.errors.merit(place.residuals, place.scale)

    def _split(self, points: Array) -> tuple[Array, ...]:
        """What belongs to all points, by curve."""
        return tuple(np.split(points, self.sizes))

    def _weights(self, place: _Place) -> tuple[Array, ...]:
        """Those of the weighting times what each point deserves."""
        counted = self._split(self.errors.weights(place.residuals / place.scale))
        return tuple(base * count for base, count in zip(place.base, counted, strict=True))
