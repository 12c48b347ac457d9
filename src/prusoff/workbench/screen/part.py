"""The pure step of a screen: the readings of some curves in, their fits out, the same wherever it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ...core.curves import Curves
from ...core.equation import Array, Axis, Equation
from ...core.errors import InputError, Problem, UnknownName
from ...core.fit import Outcome
from ...core.fits import OUTCOMES, Codes, Fits
from .estimation import check_estimation, estimate, named_first

USED, X_NO_NUMBER, Y_NO_NUMBER, X_NEGATIVE, NOT_READ, OUTLIER = range(6)
WHY = ("x is not a number", "y is not a number", "x is negative", "the file is damaged", "y is an outlier")
LEVEL = 0.95  # of the intervals
INTERVALS = ("profile", "wald", "none")
DISCOVERY = ("bh", "decoys")
COLUMNS = (
    *("values", "se", "low", "high", "outcome", "relation", "bound"),
    *("sum_of_squares", "df", "points", "p_response"),
)


@dataclass(frozen=True)
class Settings:
    """How curves are fitted, in plain values that can be sent to another process.

    `rout` is the rate of false outliers at which outliers are set aside, None where they are not; `robust` makes points
    far from the curve count little. `discovery` is how false discoveries among all curves are counted: 'bh', 'decoys'
    or '' (not at all). `x_scale` and `y_scale` are what the numbers of the table are multiplied by to stand in the
    units of the law.
    """

    equation: str
    weighting: str = "none"
    fixed: Mapping[str, float] = field(default_factory=dict)
    response_level: float | None = None
    intervals: str = "profile"
    rout: float | None = None
    robust: bool = False
    discovery: str = ""
    x_scale: float = 1.0
    y_scale: float = 1.0


@dataclass(frozen=True)
class Readings:
    """x and y of many rows as the table has them, curve after curve; nan where a cell held no number.

    Curve c has the rows `starts[c]` to `starts[c + 1]`, in the order of the table.
    """

    x: Array
    y: Array
    starts: npt.NDArray[np.intp]

    def __len__(self) -> int:
        return int(self.starts.size - 1)

    def part(self, first: int, last: int) -> Readings:
        """The readings of the curves from `first` up to, not including, `last`."""
        rows = slice(self.starts[first], self.starts[last])
        return Readings(self.x[rows], self.y[rows], self.starts[first : last + 1] - self.starts[first])


@dataclass(frozen=True)
class Fitted:
    """The fits of some curves, and how many rows of each were set aside: (reason, curve), in the order of WHY.

    `outliers` (row,) are the rows that were set aside as such, of length 0 where none were sought; `more` holds further
    columns, (curve,) each.
    """

    fits: Fits
    aside: npt.NDArray[np.int64]
    outliers: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    more: Mapping[str, Array] = field(default_factory=dict)

    @property
    def set_aside(self) -> npt.NDArray[np.int64]:
        """How many rows of each curve were set aside."""
        found: npt.NDArray[np.int64] = self.aside.sum(axis=0)
        return found

    def __len__(self) -> int:
        return len(self.fits)


def law_named(equation: str | Equation) -> Equation:
    """The law of this name on the equations shelf; a law is given back as it is."""
    from ...equations import catalog

    return equation if isinstance(equation, Equation) else catalog[equation]


def is_concentration(axis: Axis) -> bool:
    """Whether an axis takes a concentration, which cannot be negative."""
    return axis.unit == "M"


def check_settings(law: Equation, settings: Settings) -> None:
    """Raise where a name of the settings is unknown or the level of a response is no probability."""
    from ...fitting.weights import WEIGHTINGS

    for name in settings.fixed:
        law.index(name)
    if settings.weighting not in WEIGHTINGS:
        raise UnknownName.among(settings.weighting, WEIGHTINGS, "weighting")
    if settings.intervals not in INTERVALS:
        raise UnknownName.among(settings.intervals, INTERVALS, "kind of interval")
    if settings.discovery and settings.discovery not in DISCOVERY:
        raise UnknownName.among(settings.discovery, DISCOVERY, "way to count false discoveries")
    check_estimation(settings)
    check_level(settings.response_level)


def check_level(response_level: float | None) -> None:
    """Raise where the level of a response is no probability."""
    if response_level is not None and not 0.0 < response_level <= 1.0:
        raise InputError(
            Problem(
                f"a response level of {response_level:g} is no probability",
                fix="Give one above 0 and up to 1, such as 0.01",
                code="E-LEVEL",
            )
        )


def states(readings: Readings, law: Equation) -> npt.NDArray[np.int8]:
    """What becomes of every row: USED, or why it is set aside, (row,)."""
    found = np.zeros(readings.x.size, dtype=np.int8)
    if is_concentration(law.axes[0]):
        found[readings.x < 0] = X_NEGATIVE
    found[~np.isfinite(readings.y)] = Y_NO_NUMBER
    found[~np.isfinite(readings.x)] = X_NO_NUMBER
    return found


def fit_part(settings: Settings, readings: Readings) -> Fitted:
    """Fit every curve; the rows that cannot be used are set aside and counted, and a curve without any has failed."""
    law = law_named(settings.equation)
    state = states(readings, law)
    good = state == USED
    starts = np.concatenate([[0], np.cumsum(good)])[readings.starts]
    used = np.diff(starts)
    some = used > 0
    curves = Curves(
        on_axis(readings.x[good] * settings.x_scale, law.axes[0]),
        readings.y[good] * settings.y_scale,
        np.append(starts[:-1][some], starts[-1]),
    )
    found = estimate(settings, law, curves, LEVEL)
    fits, outliers = found.fits, np.zeros(0, dtype=bool)
    if found.outliers.size:
        outliers = np.zeros(state.size, dtype=bool)
        outliers[good] = found.outliers
        state = np.where(outliers, np.int8(OUTLIER), state)
    aside = _aside(state, readings)
    if not some.all():
        fits = _among_unusable(_unusable(settings, readings, some), some, fits)
    points = np.diff(readings.starts) - aside.sum(axis=0)
    more = {name: _among_all(column, some) for name, column in found.more.items()}
    return Fitted(replace(fits, points=points.astype(np.int64)), aside, outliers, more)


def _among_all(column: Array, some: npt.NDArray[np.bool_]) -> Array:
    """A column of the curves that have points, nan at the others."""
    whole = np.full(some.size, np.nan)
    whole[some] = column
    return whole


def _aside(state: npt.NDArray[np.int8], readings: Readings) -> npt.NDArray[np.int64]:
    if not state.any():
        return np.zeros((len(WHY), len(readings)), dtype=np.int64)
    kinds = np.arange(1, len(WHY) + 1)[:, None]
    counts = np.zeros((len(WHY), state.size + 1), dtype=np.int64)
    np.cumsum(state == kinds, axis=1, out=counts[:, 1:])
    found: npt.NDArray[np.int64] = np.diff(counts[:, readings.starts], axis=1)
    return found


def lost_part(settings: Settings, readings: Readings, reason: str, read: bool = True) -> Fitted:
    """The curves of a part that could not be fitted at all, or not `read`: every one has failed, with the reason."""
    state = states(readings, law_named(settings.equation))
    aside = _aside(state if read else np.full_like(state, NOT_READ), readings)
    points = np.diff(readings.starts) - aside.sum(axis=0)
    blank = _blank(settings, np.zeros(len(readings), dtype=np.int32), (reason,))
    more = {name: np.full(len(readings), np.nan) for name in more_names(settings)}
    return Fitted(replace(blank, points=points.astype(np.int64)), aside, more=more)


def more_names(settings: Settings) -> tuple[str, ...]:
    """The names of the columns that a part has beyond those of every fit."""
    first = named_first(law_named(settings.equation))
    rout = (f"{first}_with_outliers",) if settings.rout is not None else ()
    robust = ("robust_sd",) if settings.robust else ()
    return (*rout, *robust, *(("p_decoy",) if settings.discovery == "decoys" else ()))


def on_axis(x: Array, axis: Axis) -> Array:
    """The x that the law takes: as log10 where it takes logarithms, -inf for zero."""
    if not axis.log10:
        return x
    with np.errstate(divide="ignore", invalid="ignore"):
        logs: Array = np.where(x > 0, np.log10(x), -np.inf)
    return logs


def _unusable(settings: Settings, readings: Readings, some: npt.NDArray[np.bool_]) -> Fits:
    """Fits without numbers for all curves; each says why no row can be used, or nothing where `some` can."""
    rows, law = np.diff(readings.starts), law_named(settings.equation)
    aside = np.where(some, 0, _aside(states(readings, law), readings))
    below = np.isfinite(readings.x) & (readings.x < 0)
    negative = np.diff(np.concatenate([[0], np.cumsum(below)])[readings.starts])
    logarithms = (negative == rows) & (rows > 0) & is_concentration(law.axes[0]) & ~some
    kinds, reason = np.unique(np.vstack([logarithms, aside]), axis=1, return_inverse=True)
    sentences = tuple(_why_unusable(bool(kind[0]), kind[1:]) for kind in kinds.T.tolist())
    blank = _blank(settings, reason.ravel().astype(np.int32), sentences)
    measured = np.diff(np.concatenate([[0], np.cumsum(np.isfinite(readings.y))])[readings.starts])
    untested = np.full_like(blank.outcome, OUTCOMES.index(Outcome.UNTESTED))
    return replace(blank, outcome=np.where((measured == 0) & ~some, untested, blank.outcome))


def _why_unusable(logarithms: bool, aside: list[int]) -> str:
    """Why a curve has no row that can be used, from how many rows were set aside for which reason."""
    rows = sum(aside)
    if not rows:
        return ""
    if logarithms:
        return (
            f"All {rows} x are negative and look like logarithms: "
            "give the concentrations themselves, 10 nM and not -8."
        )
    told = "; ".join(f"in {count} {why}" for count, why in zip(aside, WHY, strict=True) if count)
    return f"None of the {rows} rows can be used: {told}."


def _among_unusable(whole: Fits, some: npt.NDArray[np.bool_], fits: Fits) -> Fits:
    """The fits of the curves that have points in their places among all."""
    for name in COLUMNS:
        ours, theirs = getattr(whole, name), getattr(fits, name)
        if theirs.ndim == 1:
            ours[some] = theirs
        else:
            for k, parameter in enumerate(whole.names):
                if parameter in fits.names:
                    ours[k, some] = theirs[fits.index(parameter)]
    reason = whole.reason.copy()
    reason[some] = fits.reason + len(whole.sentences)
    return replace(whole, reason=reason, sentences=(*whole.sentences, *fits.sentences))


def _blank(settings: Settings, reason: Codes, sentences: tuple[str, ...]) -> Fits:
    """Fits without numbers, each with the reason for it."""
    from ...fitting.weights import WEIGHTINGS

    law, count = law_named(settings.equation), reason.size
    names = tuple(name for name in law.names if name not in settings.fixed)
    tables = {name: np.full((len(names), count), np.nan) for name in ("values", "se", "low", "high")}
    columns = {name: np.full(count, np.nan) for name in ("bound", "sum_of_squares", "p_response")}
    return Fits(
        equation=law,
        names=names,
        outcome=np.full(count, OUTCOMES.index(Outcome.FAILED), dtype=np.int8),
        relation=np.zeros(count, dtype=np.int8),
        reason=reason,
        sentences=sentences,
        df=np.full(count, -len(names), dtype=np.int64),
        points=np.zeros(count, dtype=np.int64),
        weighting=WEIGHTINGS[settings.weighting].value,
        intervals="" if settings.intervals == "none" else settings.intervals,
        level=LEVEL,
        scale_known=WEIGHTINGS[settings.weighting].scale_known,
        fixed=dict(settings.fixed),
        **tables,
        **columns,
    )
