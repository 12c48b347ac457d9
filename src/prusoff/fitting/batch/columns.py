"""Collects what becomes of every curve, cohort by cohort, into the columns of the result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ...core.curves import Curves
from ...core.equation import Array
from ...core.fit import Outcome
from ...core.fits import OUTCOMES, Fits
from ..censoring import SURE
from ..intervals import quantiles
from ..search import Options
from ..weights import Weights
from .cohort import Cohort
from .descent import Descent
from .errors_of_fit import Spread, spread
from .judgement import Fitted, flat_texts, judge
from .law import BatchLaw
from .layout import Indices
from .minima import Minima
from .minimum import Minimum, finished, limits_of
from .profile import sides

RETURNS = 3  # how often a profile may send the search to a lower minimum that it met


class Columns:
    """The growing result: every curve is written once."""

    def __init__(
        self, law: BatchLaw, curves: Curves, weighting: Weights, level: float, options: Options
    ) -> None:
        self.law, self.weighting, self.level, self.options = law, weighting, level, options
        count, size = len(curves), len(law.free)
        self.order = np.argsort(law.free)
        self.numbers = {name: np.full((size, count), np.nan) for name in ("values", "se", "low", "high")}
        self.outcome = np.full(count, OUTCOMES.index(Outcome.FAILED), dtype=np.int8)
        self.relation, self.bound = np.zeros(count, dtype=np.int8), np.full(count, np.nan)
        self.reason = np.zeros(count, dtype=np.int32)
        self.sentences: dict[str, int] = {"": 0}
        self.sums, self.p = np.full(count, np.nan), np.full(count, np.nan)
        self.points = np.diff(curves.starts).astype(np.int64)
        self._unended: list[Indices] = []

    @property
    def unended(self) -> Indices:
        """The curves whose search did not end."""
        return np.sort(np.concatenate(self._unended)) if self._unended else np.empty(0, dtype=np.intp)

    def end(self, members: Indices, outcome: Outcome, sentence: str) -> None:
        """Curves that get no numbers, all for one reason."""
        self.outcome[members] = OUTCOMES.index(outcome)
        self.reason[members] = self._said(sentence)

    def responses(self, members: Indices, p: Array, allowed: float, points: int) -> None:
        """Keep the test for a response; the curves that show none end here."""
        self.p[members] = p
        flat = p > allowed
        if flat.any():
            which, texts = flat_texts(self.law, p[flat], allowed, points)
            self.outcome[members[flat]] = OUTCOMES.index(Outcome.NO_RESPONSE)
            self.reason[members[flat]] = np.array([self._said(text) for text in texts])[which]

    def judge(self, cohort: Cohort, minimum: Minimum, returns: int = RETURNS) -> None:
        """Write the fits of a cohort down: errors, intervals, outcome; again where a profile met a lower minimum."""
        members = cohort.members
        self._unended.append(members[~minimum.ended])
        df = cohort.size - len(self.law.free)
        low, high = (np.full((len(self.law.free), members.size), np.nan) for _ in range(2))
        lower, table = np.empty(0, dtype=np.intp), minimum.table
        at_limit, variance, found = self._spread(cohort, minimum, df)
        if self.options.intervals and (df > 0).any():
            low, high, better, table = self._intervals(cohort, minimum, (at_limit, variance, found), df)
            lower = np.flatnonzero(better)
        profiled = self.options.intervals == "profile"
        sure = quantiles(SURE, df, self.weighting.scale_known)
        fitted = Fitted(minimum, low, high, at_limit, found, variance, df, sure, profiled)
        judged = judge(self.law, cohort, fitted, self.options.controls)
        errors = np.where(at_limit, np.nan, np.sqrt(found.unscaled * variance))
        rows = list(self.law.free)
        for name, numbers in (("values", minimum.table[rows]), ("se", errors), ("low", low), ("high", high)):
            self.numbers[name][:, members] = numbers[self.order]
        self.outcome[members], self.relation[members] = judged.outcome, judged.relation
        self.bound[members] = judged.bound
        self.reason[members] = np.array([self._said(text) for text in judged.texts])[judged.reason]
        self.sums[members] = minimum.sums
        if lower.size and returns:
            part = cohort.at(lower)
            self.judge(part, self._lower(part, minimum.at(lower), table[:, lower]), returns - 1)

    def _spread(
        self, cohort: Cohort, minimum: Minimum, df: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.bool_], Array, Spread]:
        rows = list(self.law.free)
        values = minimum.table[rows]
        at_limit = (values <= cohort.lower[rows]) | (values >= cohort.upper[rows])
        sums = minimum.sums
        variance = np.where(df > 0, sums / np.maximum(df, 1), np.nan)
        if self.weighting.scale_known:
            variance = np.ones_like(sums)
        return at_limit, variance, spread(self.law, cohort, minimum, at_limit)

    def _intervals(
        self,
        cohort: Cohort,
        minimum: Minimum,
        known: tuple[npt.NDArray[np.bool_], Array, Spread],
        df: npt.NDArray[np.int64],
    ) -> tuple[Array, Array, npt.NDArray[np.bool_], Array]:
        """Limits of all parameters, (free, curve) each; lower minima that the profiles met."""
        at_limit, variance, found = known
        goal = quantiles(self.level, df, self.weighting.scale_known)
        rows = list(self.law.free)
        values = minimum.table[rows]
        none = np.zeros(len(cohort), dtype=bool)
        if self.options.intervals == "wald":
            half = np.where(at_limit & (variance != 0), np.nan, goal * np.sqrt(found.unscaled * variance))
            for row, position in enumerate(rows):
                if not self.options.asks_for(self.law.equation.names[position]):
                    half[row] = np.nan
            return values - half, values + half, none, minimum.table
        minima = Minima(
            minimum.points,
            minimum.table,
            minimum.now,
            variance / minimum.scale,
            goal,
            cohort.lower,
            cohort.upper,
        )
        limits = np.empty((2, len(rows), len(cohort)))
        better, table = none.copy(), minimum.table.copy()
        for row, position in enumerate(rows):
            if not self.options.asks_for(self.law.equation.names[position]):
                limits[:, row] = np.nan
                continue
            for which, walked in enumerate(sides(self.law, minima, position)):
                limits[which, row] = walked.limit
                better |= walked.better
                table[:, walked.better] = walked.table[:, walked.better]
                self._unended.append(cohort.members[walked.unfinished])
        limits[:, :, ~(df > 0)] = np.nan
        return limits[0], limits[1], better, table

    def _lower(self, cohort: Cohort, minimum: Minimum, table: Array) -> Minimum:
        """The minima of curves for which a profile met a lower place, sought from there."""
        limits = limits_of(self.law, cohort.lower, cohort.upper)
        descent = finished(Descent(self.law, minimum.points, limits, table))
        return replace(minimum, table=descent.table, now=descent.now, ended=descent.done)

    def replace(self, members: Indices, fits: Fits) -> None:
        """Take the fits of some curves from elsewhere."""
        for name, numbers in self.numbers.items():
            numbers[:, members] = getattr(fits, name)
        self.outcome[members], self.relation[members] = fits.outcome, fits.relation
        self.bound[members], self.sums[members] = fits.bound, fits.sum_of_squares
        self.p[members] = fits.p_response
        said = np.array([self._said(text) for text in fits.sentences], dtype=np.int32)
        self.reason[members] = said[fits.reason]

    def fits(self) -> Fits:
        """The finished result."""
        return Fits(
            equation=self.law.equation,
            names=self.law.names,
            outcome=self.outcome,
            relation=self.relation,
            bound=self.bound,
            reason=self.reason,
            sentences=tuple(self.sentences),
            sum_of_squares=self.sums,
            df=self.points - len(self.law.free),
            points=self.points,
            p_response=self.p,
            weighting=self.weighting.value,
            intervals=self.options.intervals,
            level=self.level,
            scale_known=self.weighting.scale_known,
            fixed=self.law.fixed,
            **self.numbers,
        )

    def _said(self, sentence: str) -> int:
        return self.sentences.setdefault(sentence, len(self.sentences))
