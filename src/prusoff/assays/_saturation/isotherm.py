"""One saturation experiment: total and nonspecific wells fitted together against free radioligand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array, Equation
from ...core.errors import InputError, ModelError, Problem
from ...core.experiment import Experiment
from ...core.fit import Fit
from ...core.plate import Role, Well
from ...core.result import Comparison, CurveBand, Points
from ...equations.ligand_depletion import one_site_depletion
from ...equations.saturation_binding import (
    hill_saturation,
    one_site_total_binding,
    quadratic_nonspecific,
    two_site_saturation,
)
from ...fitting.band import confidence_band, difference_band
from ...fitting.compare import compare_nested
from ...fitting.problem import Fixed, Individual, Rule, Shared
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit
from ...fitting.weights import GivenWeights, Weights
from .._ligand import Ligand, molar_per_signal
from .._signal import Signals, one_reading

FEWEST_CONCENTRATIONS = 4
_NO_INTERVALS = Options(intervals="wald")
ROLES = (Role.TOTAL, Role.NSB)


@dataclass(frozen=True)
class Isotherm:
    """The wells of a saturation experiment: radioligand added and free (mol/L) and signal, (well,)."""

    experiment: Experiment
    wells: tuple[Well, ...]
    added: Array
    free: Array
    signal: Array
    unit: str
    weighting: Weights
    depletion: float

    def of(self, role: Role, used: bool = True) -> np.ndarray:
        """Which wells have this role, and take part."""
        chosen = [well.treatment.role is role and (well.used or not used) for well in self.wells]
        return np.array(chosen, dtype=bool)

    def curves(self, x: Array) -> tuple[Curve, Curve]:
        """The total and the nonspecific wells against this x."""
        total, nonspecific = (
            Curve(x[self.of(role)], self.signal[self.of(role)], label=label)
            for role, label in zip(ROLES, ("total", "nonspecific"), strict=True)
        )
        return total, nonspecific

    @property
    def concentrations(self) -> Array:
        """The different radioligand concentrations of the total wells."""
        return np.unique(self.added[self.of(Role.TOTAL)])


@dataclass(frozen=True)
class IsothermFits:
    """What was fitted: one site, and what it was compared with; `depleted` against added radioligand, where asked."""

    one: Fit
    comparisons: tuple[Comparison, ...]
    curvature_p: float
    depleted: Fit | None


def isotherm(experiment: Experiment, read: Signals, ligand: Ligand) -> Isotherm:
    """Gather total and nonspecific wells; the free radioligand is added minus bound where both are known in moles."""
    wells, signal = read.pick(lambda well: well.treatment.role in ROLES)
    missing = [well for well in wells if math.isnan(well.treatment.radioligand_molar)]
    if missing:
        raise InputError(
            Problem(
                f"{len(missing)} wells have no radioligand concentration, the first is {missing[0].position}",
                experiment.name,
                'Give radioligand = "0.1 nM" for every well of a saturation experiment',
                "E-CONCENTRATION",
            )
        )
    added = np.array([well.treatment.radioligand_molar for well in wells]) * ligand.per_planned
    per_signal = molar_per_signal(ligand, experiment, read.unit)
    bound = _level_means(wells, signal) * per_signal
    known = math.isfinite(per_signal)
    return Isotherm(
        experiment,
        wells,
        added,
        np.maximum(added - bound, 0.0) if known else added,
        signal,
        read.unit,
        read.weighting,
        float(np.max(bound[added > 0] / added[added > 0])) if known and (added > 0).any() else math.nan,
    )


def _level_means(wells: tuple[Well, ...], signal: Array) -> Array:
    """For every well the mean signal of the used wells that were treated alike."""
    keys = [(well.treatment.role, well.treatment.radioligand_molar) for well in wells]
    means = {}
    for key in set(keys):
        own = [value for value, at, well in zip(signal, keys, wells, strict=True) if at == key and well.used]
        means[key] = float(np.mean(own)) if own else math.nan
    return np.array([means[key] for key in keys])


def fit_isotherm(data: Isotherm, level: float, depletion_limit: float) -> IsothermFits:
    """Fit one site; compare it with two sites, a Hill slope and a curved nonspecific line on the same weights."""
    curves = data.curves(data.free)
    one = _fit(one_site_total_binding, curves, ("bmax",), data.weighting, Options(), level)
    kept = GivenWeights.of(one)
    if one_reading(data.signal[[well.used for well in data.wells]]):
        return IsothermFits(one, (), math.nan, None)
    richer = (
        _fit(law, curves, sites, kept, _NO_INTERVALS, level)
        for law, sites in ((two_site_saturation, ("bmax_high", "bmax_low")), (hill_saturation, ("bmax",)))
    )
    comparisons = tuple(found for other in richer for found in _compared(one, other))
    bent = _fit(quadratic_nonspecific, curves, ("bmax",), kept, _NO_INTERVALS, level)
    curvature = tuple(_compared(one, bent))
    depleted = _fit_depleted(data, kept, level) if data.depletion > depletion_limit else None
    return IsothermFits(one, comparisons, curvature[0].p if curvature else math.nan, depleted)


def _fit(
    law: Equation,
    curves: tuple[Curve, Curve],
    sites: tuple[str, ...],
    weighting: Weights,
    options: Options,
    level: float,
) -> Fit:
    """Everything shared by total and nonspecific wells, but no sites in the latter."""
    sharing: dict[str, Rule | tuple[Rule, ...]] = {
        name: (Individual(), Fixed(0.0)) if name in sites else Shared() for name in law.names
    }
    return fit(FitProblem(law, curves, sharing), weighting, level, options)


def _fit_depleted(data: Isotherm, weighting: Weights, level: float) -> Fit:
    """Against the radioligand added, with what is bound missing from the solution; response in mol/L."""
    molar = (data.added - data.free) / _level_means(data.wells, data.signal)
    per_signal = float(np.nanmedian(molar))
    curves = data.curves(data.added)
    scaled = (Curve(curves[0].x, curves[0].y * per_signal, label="total"),
              Curve(curves[1].x, curves[1].y * per_signal, label="nonspecific"))  # fmt: skip
    return _fit(one_site_depletion, scaled, ("bmax",), weighting, Options(), level)


def _compared(simple: Fit, richer: Fit) -> Iterator[Comparison]:
    try:
        yield compare_nested(simple, richer)
    except ModelError:
        return


def points(data: Isotherm, fitted: Fit) -> tuple[Points, ...]:
    """Total and nonspecific wells, and the total wells less the fitted nonspecific binding."""
    parts = []
    for role, label in zip(ROLES, ("total", "nonspecific"), strict=True):
        own = data.of(role, used=False)
        wells = [well for well, chosen in zip(data.wells, own, strict=True) if chosen]
        names = tuple(f"{well.plate} {well.position}" for well in wells)
        parts.append(
            Points(data.free[own], data.signal[own], names, tuple(well.used for well in wells), label)
        )
    total = parts[0]
    specific = total.y - fitted.predict(total.x, 1)
    return (*parts, Points(total.x, specific, total.positions, total.used, "specific"))


def bands(data: Isotherm, fitted: Fit, level: float) -> tuple[CurveBand, ...]:
    """Total, nonspecific and specific binding with their bands, from the lowest to the highest free radioligand."""
    low, high = float(data.free[data.free > 0].min()), float(data.free.max())
    x = np.union1d(np.geomspace(low, high, 61), np.linspace(low, high, 61))
    drawn = {
        "total": confidence_band(fitted, x, 0, level),
        "nonspecific": confidence_band(fitted, x, 1, level),
        "specific": difference_band(fitted, x, (0, 1), level),
    }
    return tuple(CurveBand(x, one.fitted, one.low, one.high, label, level) for label, one in drawn.items())
