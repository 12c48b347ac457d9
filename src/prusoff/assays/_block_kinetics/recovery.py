"""Recovery from inactivation in two phases, without drug and with it: what the drug adds to the slow one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array
from ...core.estimate import Estimate
from ...core.fit import Fit
from ...core.measured import Measured
from ...equations.dissociation import two_phase_dissociation
from ...fitting.intervals import antilog, quantile
from ...fitting.problem import Fixed, Individual, Rule, Shared
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit
from .applications import Cell, Recovery

PHASES = ("log_koff_fast", "log_ratio")
FEWEST_TIMES = 6  # two amplitudes, two time constants, a level, and one more
PART, FAST, SLOW = (
    "slow part of recovery by the drug",
    "fast time constant of recovery",
    "slow time constant of recovery",
)


@dataclass(frozen=True)
class RecoveryFit:
    """Recovery without drug and at every concentration of one, in one fit with common time constants."""

    compound: str
    curves: tuple[Recovery, ...]
    whole: Fit

    @property
    def told(self) -> bool:
        """Whether the times tell both phases, and every curve a current to which it recovers."""
        whole = self.whole
        if not whole.outcome.usable or any(not _level(self, place) < 0 for place in range(len(self.curves))):
            return False
        return all(whole.standard_error(name) < 1.0 and name not in whole.at_bounds for name in PHASES)


def fit_recovery(cell: Cell, compound: str, level: float) -> RecoveryFit | None:
    """Fit the recoveries of a drug with that without drug; None where one of both was not followed.

    What is still missing of the current decays in two phases; with minus the current it is a dissociation.
    """
    control = [one for one in cell.recoveries if not one.molar > 0 and _enough(one)]
    drugged = [one for one in cell.recoveries if one.compound == compound and one.molar > 0 and _enough(one)]
    if not control or not drugged:
        return None
    some = (*control, *drugged)
    curves = [Curve(one.time[one.used], -one.current[one.used], label=one.label) for one in some]
    rules: dict[str, Rule] = {
        "bound_fast": Individual(),
        "bound_slow": Individual(),
        "log_koff_fast": Shared(),
        "log_ratio": Shared(),
        "ns": Individual(),
        "drift": Fixed(0.0),
    }
    options = Options(intervals="", response_level=1.0)
    return RecoveryFit(
        compound, some, fit(FitProblem(two_phase_dissociation, curves, rules), level=level, options=options)
    )


def _enough(one: Recovery) -> bool:
    return int(np.unique(one.time[one.used]).size) >= FEWEST_TIMES


def recovery_estimates(found: RecoveryFit | None, level: float) -> Iterator[Estimate]:
    """The slow part that the drug adds at every concentration, and the time constants of both phases.

    Nothing where the times do not tell two phases apart.
    """
    if found is None or not found.told:
        return
    whole = found.whole
    control = _slow_part(found, 0)
    half = quantile(level, whole.df)
    for place, one in enumerate(found.curves):
        if not one.molar > 0:
            continue
        slope = _slope(found, place) - _slope(found, 0)
        part = Measured(
            _slow_part(found, place) - control, math.sqrt(max(float(slope @ whole.covariance @ slope), 0.0))
        )
        ends = (100.0 * (part.value - half * part.se), 100.0 * (part.value + half * part.se))
        yield Estimate(
            f"{PART} ({one.label})",
            100.0 * part.value,
            "%",
            *ends,
            level,
            method="difference of the slow parts with and without drug, delta method",
            se=100.0 * part.se,
        )
    yield _tau(FAST, whole, {"log_koff_fast": 1.0}, half, level)
    yield _tau(SLOW, whole, {"log_koff_fast": 1.0, "log_ratio": -1.0}, half, level)


def _slow_part(found: RecoveryFit, place: int) -> float:
    """The slow phase as a part of the whole current."""
    return -_of_curve(found, place, "bound_slow") / _level(found, place)


def _level(found: RecoveryFit, place: int) -> float:
    """Minus the current to which one curve recovers."""
    return _of_curve(found, place, "ns")


def _of_curve(found: RecoveryFit, place: int, name: str) -> float:
    whole = found.whole
    return float(whole.curves[place].parameters[whole.equation.index(name)])


def _slope(found: RecoveryFit, place: int) -> Array:
    """Derivative of the slow part of one curve by all fitted parameters."""
    whole = found.whole
    label = FitProblem.of(whole).labels[place]
    slope = np.zeros(len(whole.names))
    level = whole.value(f"ns[{label}]")
    slope[whole.index(f"bound_slow[{label}]")] = -1.0 / level
    slope[whole.index(f"ns[{label}]")] = whole.value(f"bound_slow[{label}]") / level**2
    return slope


def _tau(name: str, whole: Fit, parts: Mapping[str, float], half: float, level: float) -> Estimate:
    """A time constant: one over a rate whose log10 is a sum of fitted parameters."""
    slope = np.zeros(len(whole.names))
    for parameter, sign in parts.items():
        slope[whole.index(parameter)] = sign
    log = -float(slope @ whole.values)
    error = math.sqrt(max(float(slope @ whole.covariance @ slope), 0.0))
    low, high = antilog(log - half * error), antilog(log + half * error)
    return Estimate(name, 10.0**log, "s", low, high, level, method="Wald interval of its log", log10_se=error)
