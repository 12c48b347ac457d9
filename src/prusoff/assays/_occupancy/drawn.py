"""The scans of every subject with the law of all, and its Lassen plots, as series of a result."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from scipy.special import expit

from ...core.equation import Array
from ...core.estimate import Estimate
from ...core.experiment import Experiment
from ...core.fit import Fit, Outcome
from ...core.result import CurveBand, Points, Series
from ...equations.occupancy import receptor_occupancy
from ...fitting.intervals import quantile
from ...fitting.mixed import MixedFit
from .estimates import own_ec50
from .fits import OccupancyFit
from .left import Left, SubjectLeft
from .scans import ALL, place_of

POPULATION, FURTHER = "all subjects", "a further subject"
LASSEN, LINE = "Lassen", "errors in both scans"
GRID = 101


def subject_series(found: OccupancyFit, subject: SubjectLeft, level: float) -> Iterator[Series]:
    """The occupancies of one subject, region by region and over all, with its curve and that of the population."""
    chosen = found.chosen
    drawn = chosen is not None and np.isfinite(chosen.fit.values).all()
    told = tuple(_told(found, subject, level))
    yield Series(
        found.compound,
        subject.subject.name,
        found.outcome,
        found.reason,
        tuple(_points(subject)),
        told,
        _own_fit(found, subject) if drawn else None,
        (),
        (),
        tuple(_bands(found, subject, level)) if drawn else (),
        x_label=f"log10 {found.compound} in plasma (M)",
        y_label="occupancy (%)",
    )
    yield from _lassen(found, subject, level)


def _own_fit(found: OccupancyFit, subject: SubjectLeft) -> Fit | None:
    """The fit of all, with the scans of this subject and the curve that is predicted for it."""
    if found.chosen is None:
        return None
    names = [one.subject.name for one in found.subjects]
    return replace(found.chosen.fit, curves=(found.chosen.groups[names.index(subject.subject.name)].curve,))


def _told(found: OccupancyFit, subject: SubjectLeft, level: float) -> Iterator[Estimate]:
    chosen = found.chosen
    names = [one.subject.name for one in found.subjects]
    if chosen is not None and (found.outcome.usable or chosen.bound is not None):
        own = own_ec50(chosen.groups[names.index(subject.subject.name)], chosen, level)
        yield own
        yield own.negative_log10("pEC50")
    lines = [(one, one.line.nondisplaceable) for one in subject.with_drug if one.line is not None]
    known = [(one, free) for one, free in lines if math.isfinite(free.high - free.low)]
    if known:
        one, free = min(known, key=lambda pair: pair[1].high - pair[1].low)
        how = f"Lassen plot of {one.scan.name}, the one that tells it best"
        yield replace(free, name="VND", unit="mL/cm³", method=how)


def _points(subject: SubjectLeft) -> Iterator[Points]:
    """The scans over all regions, and every region of its own."""
    scans = subject.with_drug
    x = np.array([one.scan.log_molar for one in scans])
    y = np.array([100.0 * one.occupancy.value for one in scans])
    yield Points(x, y, tuple(one.scan.name for one in scans), (True,) * len(scans), ALL)
    regions = dict.fromkeys(name for one in scans for name in one.regions)
    for region in regions if len(regions) > 1 else ():
        own = [one for one in scans if region in one.regions]
        yield Points(
            np.array([one.scan.log_molar for one in own]),
            np.array([100.0 * one.regions[region].occupancy.value for one in own]),
            tuple(one.regions[region].place for one in own),
            (True,) * len(own),
            region,
        )


def _bands(found: OccupancyFit, subject: SubjectLeft, level: float) -> Iterator[CurveBand]:
    chosen = found.chosen
    assert chosen is not None
    logs = [one.scan.log_molar for each in found.subjects for one in each.with_drug]
    grid = np.linspace(min(logs) - 0.3, max(logs) + 0.3, GRID)
    law = np.array(found.law)
    fitted = receptor_occupancy.function(grid, law)
    among = 0.0 if math.isnan(chosen.between_sd) else chosen.between_sd
    for label, extra in ((POPULATION, 0.0), (FURTHER, among)):
        low, high = _limits(chosen, grid, law, extra)
        yield CurveBand(grid, 100.0 * fitted, 100.0 * low, 100.0 * high, label, level)
    names = [one.subject.name for one in found.subjects]
    group = chosen.groups[names.index(subject.subject.name)]
    nothing = np.full(GRID, np.nan)
    own = receptor_occupancy.function(grid, np.array([law[0], group.location, law[2]]))
    yield CurveBand(grid, 100.0 * own, nothing, nothing, subject.subject.name, level)


def _limits(chosen: MixedFit, grid: Array, law: Array, extra_sd: float) -> tuple[Array, Array]:
    """Limits of the occupancy by the delta method on its logit, so that they stay between 0 and 1."""
    names = ("occmax", "log_ec50", "hill_slope")
    slopes = receptor_occupancy.jacobian(grid, law)
    fitted = receptor_occupancy.function(grid, law)
    free = [name for name in names if name in chosen.fit.names]
    at = [chosen.fit.index(name) for name in free]
    rows = slopes[[names.index(name) for name in free]]
    covariance = np.where(np.isfinite(chosen.fit.covariance), chosen.fit.covariance, 0.0)[np.ix_(at, at)]
    variance = np.einsum("ix,ij,jx->x", rows, covariance, rows) + (slopes[1] * extra_sd) ** 2
    half = quantile(0.95 if not chosen.interval else chosen.interval.level, max(chosen.df, 1)) * np.sqrt(
        variance
    )
    part = np.clip(fitted, 1e-9, 1.0 - 1e-9)
    logit, width = np.log(part / (1.0 - part)), half / (part * (1.0 - part))
    return expit(logit - width), expit(logit + width)


def annotated(experiment: Experiment, subjects: Sequence[SubjectLeft]) -> Experiment:
    """The experiment with the occupancy of its region, and of its scan, beside every well with drug."""
    beside: dict[str, dict[str, str]] = {}
    for subject in subjects:
        for one in subject.with_drug if subject.subject.name == experiment.name else ():
            whole = f"{100 * one.occupancy.value:.4g}"
            if math.isfinite(one.left.se):
                whole += f" ± {100 * one.left.se:.2g}"
            for reading in one.scan.readings.values():
                beside.setdefault(reading.place, {})["occupancy of the scan (%)"] = whole
            for region in one.regions.values():
                beside[region.place]["occupancy (%)"] = f"{100 * region.occupancy.value:.4g}"
    wells = (
        replace(well, extra={**well.extra, **beside.get(place_of(well), {})}) if well.used else well
        for well in experiment.wells
    )
    return replace(experiment, wells=tuple(wells))


def _lassen(found: OccupancyFit, subject: SubjectLeft, level: float) -> Iterator[Series]:
    """The Lassen plots of a subject: volumes at baseline against their change, a line for every scan."""
    lines = [one for one in subject.with_drug if one.line is not None]
    if not lines:
        return
    base = _base(subject)
    points, bands = [], []
    for one in lines:
        assert one.line is not None
        regions = [name for name in sorted(one.scan.readings) if name in base]
        x = np.array([base[name] for name in regions])
        drop = x - np.array([one.scan.readings[name].value for name in regions])
        places = tuple(one.scan.readings[name].place for name in regions)
        points.append(Points(x, drop, places, (True,) * len(regions), one.scan.name))
        bands.append(_line(one, float(x.max()), level))
    yield Series(
        found.compound,
        subject.subject.name,
        Outcome.OK,
        "",
        tuple(points),
        bands=tuple(bands),
        x_label="VT at baseline (mL/cm³)",
        y_label="VT at baseline − VT with drug (mL/cm³)",
    )


def _base(subject: SubjectLeft) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for scan in subject.subject.baselines:
        for name, one in scan.readings.items():
            found.setdefault(name, []).append(one.value)
    return {name: sum(values) / len(values) for name, values in found.items()}


def _line(one: Left, highest: float, level: float) -> CurveBand:
    assert one.line is not None
    held, free = one.line.occupancy.value, one.line.nondisplaceable.value
    grid = np.linspace(min(free, highest) if math.isfinite(free) else 0.0, highest, 21)
    nothing = np.full(grid.size, np.nan)
    return CurveBand(grid, held * (grid - free), nothing, nothing, one.scan.name, level)
