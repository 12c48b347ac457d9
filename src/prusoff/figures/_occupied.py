"""What the figures of occupancy ask of a result: scans against concentration, Lassen plots, courses over the day."""

from __future__ import annotations

from ..core.result import AssayResult, Series
from ._series import is_logarithmic

ALL, POPULATION, FURTHER = "all regions", "all subjects", "a further subject"
OCCUPANCY, LASSEN, PLASMA = "occupancy (%)", "VT at baseline − VT", "total plasma concentration (M)"


def occupancies(result: AssayResult) -> dict[str, list[Series]]:
    """The scans against the concentration, by drug."""
    return _by_subject(
        [
            one
            for one in result.series
            if one.y_label == OCCUPANCY and is_logarithmic(one) and any(p.label == ALL for p in one.points)
        ]
    )


def lassen(result: AssayResult) -> list[Series]:
    """The Lassen plots, one series a subject."""
    return [one for one in result.series if one.y_label.startswith(LASSEN) and one.points]


def courses(result: AssayResult) -> dict[str, list[Series]]:
    """Plasma and occupancy over the day, by drug."""
    told = (OCCUPANCY, PLASMA)
    return _by_subject([one for one in result.series if one.y_label in told and not one.points and one.bands])


def _by_subject(series: list[Series]) -> dict[str, list[Series]]:
    found: dict[str, list[Series]] = {}
    for one in series:
        found.setdefault(one.subject, []).append(one)
    return found
