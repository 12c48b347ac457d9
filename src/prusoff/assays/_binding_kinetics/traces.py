"""What is drawn: wells and fitted curves against time, and observed rates against the label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ...core.estimate import figures
from ...core.fit import Fit
from ...core.plate import Role
from ...core.result import CurveBand, Points
from ...fitting.band import confidence_band
from .dissociation import Chase
from .rates import RateLine
from .wells import ASSOCIATION, DILUTION, DISSOCIATION, Kinetics, Mask
from .whole import Whole

_GRID = 61


def points(data: Kinetics) -> tuple[Points, ...]:
    """The wells by phase, chase, label and role, each with its time from the start of its phase."""
    return tuple(_points(data, wells, label) for _, wells, label in _groups(data, used=False))


def _points(data: Kinetics, wells: Mask, label: str) -> Points:
    own = [well for well, chosen in zip(data.wells, wells, strict=True) if chosen]
    names = tuple(f"{well.plate} {well.position}".strip() for well in own)
    return Points(_time(data)[wells], data.signal[wells], names, tuple(well.used for well in own), label)


def _time(data: Kinetics) -> np.ndarray:
    chased = np.array([one != "" for one in data.chase])
    return np.where(chased, data.after, data.before)


def _groups(data: Kinetics, used: bool) -> Iterator[tuple[tuple[str, Role], Mask, str]]:
    """Wells that are one set of points: (chase, role), which wells, and how they are called."""
    named = {one for one, well in zip(data.chase, data.wells, strict=True) if used <= well.used}
    timed = np.isfinite(_time(data)) & np.isfinite(data.added)
    for chase in sorted(named, key=lambda one: (one != "", one == DILUTION, one)):
        mine = np.array([one == chase for one in data.chase]) & timed
        planned = np.unique(data.planned[mine])
        for molar in planned:
            for role in (Role.TOTAL, Role.NSB):
                wells = data.of(role, chase, used=used) & timed & (data.planned == molar)
                if wells.any():
                    yield (chase, role), wells, _called(chase, role, float(molar), planned.size > 1)


def _called(chase: str, role: Role, planned: float, several: bool) -> str:
    """Such as 'association: 1.2 nM', 'dissociation: dilution nonspecific'."""
    molar = figures(planned, unit="M")
    name = molar if not chase else f"{chase} after {molar}" if several else chase
    phase = DISSOCIATION if chase else ASSOCIATION
    return f"{phase}: {name}{' nonspecific' if role is Role.NSB else ''}"


def bands(data: Kinetics, whole: Whole, chases: Sequence[Chase], level: float) -> tuple[CurveBand, ...]:
    """The fitted curves from the start of their phase to the last wells; a second chase has its own koff."""
    found = []
    for (chase, role), wells, label in _groups(data, used=True):
        drawn = _fit_of(whole, chases, chase, role)
        if drawn is None:
            continue
        fit, curve = drawn
        molar = fit is whole.used_up
        time = np.linspace(0.0, float(_time(data)[wells].max()), _GRID)
        still = np.full(_GRID, float(data.before[wells].mean()))
        ligand = float((data.added if molar else data.free)[wells].mean())
        x = np.array([still if chase else time, time if chase else np.zeros(_GRID), np.full(_GRID, ligand)])
        band, unit = confidence_band(fit, x, curve, level), data.molar_per_signal if molar else 1.0
        found.append(CurveBand(time, band.fitted / unit, band.low / unit, band.high / unit, label, level))
    return tuple(found)


def _fit_of(whole: Whole, chases: Sequence[Chase], chase: str, role: Role) -> tuple[Fit, int] | None:
    """The fit that holds these wells and the number of their curve in it."""
    fits = [whole.best, *(one.fit for one in chases if one.name == chase)]
    wanted = f"{role} {chase or ASSOCIATION}", str(role)
    for fit in fits:
        for number, curve in enumerate(fit.curves):
            if curve.data.label in wanted:
                return fit, number
    return None


def rate_points(line: RateLine) -> Points:
    """The observed rates against free label; each stands for the wells of one concentration."""
    ligand = np.array([one.ligand for one in line.rates])
    rates = np.array([one.rate.value for one in line.rates])
    names = tuple(f"association at {figures(one.added, unit='M')}" for one in line.rates)
    return Points(ligand, rates, names, (True,) * len(names), "observed rate")


def rate_bands(line: RateLine, level: float) -> tuple[CurveBand, ...]:
    """The line from no label to the highest, and the hyperbola where one was fitted."""
    x = np.linspace(0.0, max(one.ligand for one in line.rates), _GRID)
    band = confidence_band(line.fit, x, 0, level)
    found = [CurveBand(x, band.fitted, band.low, band.high, "line", level)]
    if line.hyperbola is not None:
        none = np.full(_GRID, np.nan)
        found.append(CurveBand(x, line.hyperbola.predict(x), none, none, "hyperbola", level))
    return tuple(found)
