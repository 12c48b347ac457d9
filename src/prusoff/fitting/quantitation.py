"""Between which concentrations a standard curve may be used: back-calculated standards, LLOQ and ULOQ."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array
from ..core.estimate import Relation
from ..core.fit import Fit
from .intervals import antilog, quantile
from .inverse import StandardCurve

BEYOND = 1.0  # decades outside the standards up to which their own wells are read
SHARE_NEEDED = 0.75  # of the standards that a run must bring within the error (FDA 2018)
LEVELS_NEEDED = 6  # standards above zero that a run must have (FDA 2018)


@dataclass(frozen=True)
class Criterion:
    """What a standard must meet: relative errors as fractions, and how many responses a sample will have.

    `error` holds for all standards, `error_at_lloq` for the lowest one used: of the mean back-calculated concentration,
    of the CV of the replicates, and of the standard error with which a sample of so many `replicates` would be read.
    The defaults are those for ligand-binding assays: 20 %, and 25 % at the LLOQ (FDA, Bioanalytical Method Validation,
    2018; Findlay & Dillard, AAPS J 2007;9:E260).
    """

    error: float = 0.20
    error_at_lloq: float = 0.25
    replicates: int = 2


IMMUNOASSAY = Criterion()


@dataclass(frozen=True)
class BackCalculated:
    """One standard read off its own curve; concentrations in the unit of the axis.

    `bias` is (found - nominal) / nominal of the mean over `read` of `replicates` wells, `cv` their coefficient of
    variation (nan with one), `precision` the relative standard error with which a sample is read here (infinite where
    the interval has no end). `within` says whether it meets the criterion, `within_at_lloq` that of the LLOQ.
    """

    nominal: float
    found: float
    bias: float
    cv: float
    precision: float
    replicates: int
    read: int
    within: bool
    within_at_lloq: bool


@dataclass(frozen=True)
class WorkingRange:
    """Lower and upper limit of quantitation (nan where there is no range), every standard, and the run in a sentence.

    `run_accepted`: at least six standards above zero, and three quarters of them within the error.
    """

    lloq: float
    uloq: float
    standards: tuple[BackCalculated, ...]
    criterion: Criterion
    run_accepted: bool
    sentence: str


def working_range(fit: Fit, criterion: Criterion = IMMUNOASSAY, curve: int = 0) -> WorkingRange:
    """The widest stretch of neighbouring standards that all meet the criterion, from its lowest to its highest.

    Every well is read off the curve by itself, up to a decade beyond the outermost standards; a well beyond that is no
    reading, and its standard fails. The lowest standard of the stretch may meet the wider criterion of the LLOQ. Of
    stretches of as many standards the one at lower concentrations is taken. Raises ModelError where the curve cannot
    be read backwards.
    """
    wide = StandardCurve.of(fit, curve, BEYOND)
    own = StandardCurve.of(fit, curve)
    data = fit.curves[curve].data
    places = [float(x) for x in np.unique(data.x) if own.low <= x <= own.high]
    standards = tuple(_standard(wide, x, data.y[data.x == x], criterion) for x in places)
    first, last = _stretch(standards)
    accepted = len(standards) >= LEVELS_NEEDED and sum(
        one.within or (k == first and one.within_at_lloq) for k, one in enumerate(standards)
    ) >= SHARE_NEEDED * len(standards)
    accepted = accepted and last > first
    limits = (standards[first].nominal, standards[last].nominal) if last > first else (math.nan, math.nan)
    words = _words(standards, (first, last), accepted)
    return WorkingRange(*limits, standards, criterion, accepted, words)


def _standard(curve: StandardCurve, x: float, responses: Array, criterion: Criterion) -> BackCalculated:
    """One standard: what its wells read, and how precisely a sample would be read there."""
    log10 = curve.fit.equation.axes[0].log10
    nominal = antilog(x) if log10 else x
    places = [curve.place(float(y)) for y in responses]
    values = np.array([antilog(at) if log10 else at for at, how in places if how is Relation.EQUAL])
    read, replicates = values.size, responses.size
    found = float(values.mean()) if read else math.nan
    bias = (found - nominal) / nominal
    cv = float(values.std(ddof=1)) / found if read > 1 else math.nan
    precision = _precision(curve, x, criterion.replicates)

    def meets(error: float) -> bool:
        scatter = cv <= error or replicates == 1
        return read == replicates and abs(bias) <= error and scatter and precision <= error

    within, at_lloq = meets(criterion.error), meets(criterion.error_at_lloq)
    return BackCalculated(nominal, found, bias, cv, precision, replicates, read, within, at_lloq)


def _precision(curve: StandardCurve, x: float, replicates: int) -> float:
    """Relative standard error of a concentration read at x: the slope of the curve against all errors there."""
    level = 0.6827
    read = curve.read(curve.at(x), replicates, level, "inversion")
    half = (read.high - read.low) / 2.0 / quantile(level, curve.fit.df, curve.fit.scale_known)
    return math.log(10.0) * half if curve.fit.equation.axes[0].log10 else half / x


def _stretch(standards: tuple[BackCalculated, ...]) -> tuple[int, int]:
    """First and last of the longest run of standards that meet the criterion; (0, -1) where none does."""
    best, start = (0, -1), 0
    for k, one in enumerate(standards):
        if not one.within:
            start = k if one.within_at_lloq else k + 1
        if k >= start and k - start > best[1] - best[0]:
            best = (start, k)
    return best


def _words(standards: tuple[BackCalculated, ...], stretch: tuple[int, int], accepted: bool) -> str:
    first, last = stretch
    if last <= first:
        return "No two neighbouring standards meet the criterion: the curve has no working range."
    failed = len(standards) - (last - first + 1)
    outside = f" (outside it: {failed} of {len(standards)})" if failed else ""
    run = "is accepted" if accepted else "is not accepted (six standards, three quarters within the error)"
    return f"Standards {first + 1} to {last + 1} span the working range{outside}. The run {run}."
