"""What figures of a saturating curve share: readable units, axes from zero, marks of wells and bands, the note."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ..core.equation import Array
from ..core.figure import Band, Line, Mark, Points
from ..core.result import CurveBand, Series
from ..core.result import Points as Wells
from ._axes import readable
from ._series import used_mask

COLOURS = {"total": 0, "nonspecific": 1, "specific": 2}
HEADROOM = 1.06


def in_readable_units(series: Series) -> Series:
    """The same isotherm with axes in nM and fmol/mg rather than in mol/L and mol/g."""
    x_size, x_label = readable(
        series.x_label or "free radioligand (M)", _largest([one.x for one in series.points])
    )
    y_size, y_label = readable(series.y_label or "bound", _largest([one.y for one in series.points]))
    return replace(
        series,
        points=tuple(replace(one, x=one.x / x_size, y=one.y / y_size) for one in series.points),
        bands=tuple(
            replace(
                one,
                x=one.x / x_size,
                fitted=one.fitted / y_size,
                low=one.low / y_size,
                high=one.high / y_size,
            )
            for one in series.bands
        ),
        x_label=x_label,
        y_label=y_label,
    )


def _largest(parts: list[Array]) -> float:
    """The largest number there is, nan where there is none."""
    every = np.concatenate(parts)
    every = every[np.isfinite(every)]
    return float(every.max()) if every.size else np.nan


def from_zero(values: list[Array]) -> tuple[float, float]:
    """Limits that show zero and leave a little room beyond the data."""
    every = np.concatenate(values)
    every = every[np.isfinite(every)]
    low, high = float(every.min(initial=0.0)), float(every.max(initial=0.0))
    return low * HEADROOM, high * HEADROOM if high > low else 1.0


def colour_of(label: str, number: int) -> int:
    """The colour of a kind of wells; the n-th one of an unknown kind."""
    return COLOURS.get(label, number)


def curve_marks(band: CurveBand, colour: int) -> Iterator[Mark]:
    """A fitted curve, on its band where it has one."""
    if np.isfinite(band.low).all() and np.isfinite(band.high).all():
        yield Band(band.x, band.low, band.high, colour=colour)
    yield Line(band.x, band.fitted, band.label, colour)


def point_marks(wells: Wells, colour: int) -> Iterator[Mark]:
    """The wells of a kind; those set aside are hollow."""
    used = used_mask(wells)
    if used.any():
        yield Points(wells.x[used], wells.y[used], wells.label, colour)
    if not used.all():
        yield Points(wells.x[~used], wells.y[~used], "set aside", colour, filled=False)


def note_of(series: Series) -> str:
    """The first two constants of a curve, or why there are none."""
    found = "; ".join([str(estimate) for estimate in series.estimates if estimate.unit][:2])
    if series.outcome.usable:
        return found
    return (
        f"{found}. {series.reason or series.outcome.value}"
        if found
        else series.reason or series.outcome.value
    )
