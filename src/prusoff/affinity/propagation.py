"""How the errors of IC50, radioligand and Kd meet in a Ki, and which of them matters most."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TypeAlias

import numpy as np

from ..core.errors import InputError, Problem
from ..core.estimate import Estimate
from ..core.experiment import Constant
from ..core.measured import Measured
from ._censored import t_quantile

Combine: TypeAlias = Callable[[float, float, Estimate], float]
LARGE_RELATIVE_ERROR = 0.20
DRAWS = 100_000


@dataclass(frozen=True)
class LogKi:
    """log10 Ki with its error, its interval and the shares of the variance (sum 1; none where an error is unknown)."""

    log10_ki: float
    se: float
    low: float
    high: float
    shares: Mapping[str, float]
    method: str


@dataclass(frozen=True)
class Conversion:
    """A Ki with everything a report says about it.

    `ki_without_kd_error` is the same Ki with Kd taken as exact: how narrow the interval would be with a perfect Kd.
    """

    ki: Estimate
    pki: Estimate
    shares: Mapping[str, float]
    ki_without_kd_error: Estimate


def propagate(
    log_ic50: Measured,
    ligand: Measured,
    kd: Measured | Constant,
    correlation: float = 0.0,
    level: float = 0.95,
    seed: int = 0,
) -> LogKi:
    """Cheng-Prusoff on the log scale with the errors of all three, whose logs are taken as normal.

    d log Ki = d log IC50 - r/(1+r) (d log [L] - d log Kd), r = [L]/Kd. `correlation` is that of [L] and Kd, positive
    where both come from one specific activity. Where [L] or Kd is known to no better than 20 %, its logs are drawn
    (with this seed) instead of using the first derivative.
    """
    ratio, errors = _checked(ligand, kd, correlation)
    gain = ratio / (1 + ratio)
    parts = {
        "IC50": log_ic50.se**2,
        "[L]": (gain * errors[0]) ** 2,
        "Kd": (gain * errors[1]) ** 2,
        "[L] with Kd": -2 * correlation * gain**2 * errors[0] * errors[1],
    }
    variance = sum(parts.values())
    shares = {name: part / variance for name, part in parts.items() if part} if variance > 0 else {}
    centre = log_ic50.value + _shift(ratio)
    if max(errors) * math.log(10) <= LARGE_RELATIVE_ERROR:
        se = math.sqrt(max(variance, 0.0))
        half = NormalDist().inv_cdf((1 + level) / 2) * se
        return LogKi(centre, se, centre - half, centre + half, shares, "delta method on logs")
    random = np.random.default_rng(seed)
    log_ratio = math.log10(ratio) + random.normal(0, _log_ratio_se(errors, correlation), DRAWS)
    drawn = random.normal(log_ic50.value, log_ic50.se, DRAWS) - np.log10(1 + 10**log_ratio)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return LogKi(centre, float(drawn.std()), float(low), float(high), shares, "Monte Carlo on logs")


def ki_estimate(
    ic50: Estimate,
    ligand: Measured,
    kd: Measured | Constant,
    correlation: float = 0.0,
    name: str = "Ki",
    seed: int = 0,
) -> Conversion:
    """Ki and pKi from an IC50 with its (asymmetric) interval, the free radioligand and Kd, each with its error.

    The distances from the value to the two limits are combined side by side as the square root of the sum of squares
    (MOVER: Zou GY, Donner A, Stat Med 2008;27:1693), so a lopsided or open profile interval stays lopsided or open. The
    limits of the correction (1 + [L]/Kd) are exact for normal logs of [L] and Kd. A '>' IC50 gives a '>' Ki and a '<'
    pKi. Concentrations in the unit of the IC50.
    """
    if not ic50.value > 0:
        raise InputError(
            Problem(
                f"an IC50 of {ic50.value:g} gives no Ki", fix="Give a positive value", code="E-CONVERSION"
            )
        )
    _, errors = _checked(ligand, kd, correlation)
    reach = errors[0], _reach(errors[1], kd, ic50.level)
    with_all = _shifted(ic50, ligand, kd, _log_ratio_se(reach, correlation), name)
    kd_exact = _shifted(ic50, ligand, kd, errors[0], name)
    pieces = propagate(
        Measured(math.log10(ic50.value), ic50.log10_se), ligand, kd, correlation, ic50.level, seed
    )
    ki = replace(with_all, log10_se=pieces.se)
    return Conversion(ki, ki.negative_log10(f"p{name}"), pieces.shares, kd_exact)


def with_kd_error(ki: Estimate, ligand: Measured, kd: Measured | Constant) -> Estimate:
    """A Ki averaged over days, each with Kd taken as exact, with the error of Kd added once: all days share it.

    `ki` has a t interval between days, which is widened as `mean_with_shared_error` does it. The error of `ligand` is
    the part that all days share (the counting efficiency, say); the rest is in the scatter between days.
    """
    ratio, errors = _checked(ligand, kd, 0.0)
    down, up = _sides(ratio, _log_ratio_se((errors[0], _reach(errors[1], kd, ki.level)), 0.0), ki.level)
    low, high = _widened(math.log10(ki.value), ki, (down, up), _beside_a_mean)
    kd_part = (up - down) / 2 / NormalDist().inv_cdf((1 + ki.level) / 2)
    method = f"{ki.method}, with the error of Kd"
    return replace(ki, low=low, high=high, method=method, log10_se=math.hypot(ki.log10_se, kd_part))


def with_shared_error(estimate: Estimate, log10_se: float, what: str) -> Estimate:
    """An estimate that hangs on a factor near 1 known with this error of its log10: `what` names the factor.

    The limits are widened side by side on the log scale (MOVER), so an open side stays open.
    """
    return _with_factor(estimate, log10_se, what, _side_by_side)


def mean_with_shared_error(mean: Estimate, log10_se: float, what: str) -> Estimate:
    """A mean over days that hangs on a factor near 1, the same on all days, known with this error of its log10.

    Each limit moves to the mean of Student's t (days) and the normal quantile (factor), weighted by the two variances,
    times the root of their sum (Cochran WG, Biometrics 1964;20:191), and never inwards. MOVER adds the squares of the
    two reaches; with three days it covers up to 97.7 % (it never covers less than 95 %: Banerjee S, Sankhya A
    1961;23:359), this at most 97.1 and at least 95.0 %.
    """
    return _with_factor(mean, log10_se, what, _beside_a_mean)


def _with_factor(estimate: Estimate, log10_se: float, what: str, combine: Combine) -> Estimate:
    half = NormalDist().inv_cdf((1 + estimate.level) / 2) * log10_se
    low, high = _widened(math.log10(estimate.value), estimate, (-half, half), combine)
    return replace(
        estimate,
        low=low,
        high=high,
        se=math.hypot(estimate.se, estimate.value * math.log(10) * log10_se),
        log10_se=math.hypot(estimate.log10_se, log10_se),
        method=f"{estimate.method}, error of {what} added",
    )


def _shifted(
    ic50: Estimate, ligand: Measured, kd: Measured | Constant, log_ratio_se: float, name: str
) -> Estimate:
    """Shift the IC50 and its limits on the log scale, widening each side by the error of the correction."""
    ratio, value = ligand.value / kd.value, math.log10(ic50.value)
    correction = 10 ** _shift(ratio)
    low, high = _widened(value, ic50, _sides(ratio, log_ratio_se, ic50.level), _side_by_side)
    return Estimate(
        name,
        ic50.value * correction,
        ic50.unit,
        low * correction,
        high * correction,
        ic50.level,
        ic50.relation,
        f"Cheng-Prusoff, errors of [L] and Kd by MOVER{f'; {ic50.method}' if ic50.method else ''}",
    )


def _sides(ratio: float, log_ratio_se: float, level: float) -> tuple[float, float]:
    """How far log10 of the correction 1/(1 + [L]/Kd) reaches down (negative) and up for this error of log10 [L]/Kd."""
    z, shift = NormalDist().inv_cdf((1 + level) / 2), _shift(ratio)
    # more [L]/Kd makes Ki smaller: the upper end of the ratio is the lower side of the correction
    return _shift(ratio * 10 ** (z * log_ratio_se)) - shift, _shift(ratio * 10 ** (-z * log_ratio_se)) - shift


def _widened(
    value: float, estimate: Estimate, sides: tuple[float, float], combine: Combine
) -> tuple[float, float]:
    """Limits of an estimate, each moved away from its log10 value so that another error's side fits in."""
    down = combine(value - _log10(estimate.low), abs(sides[0]), estimate)
    up = combine(_log10(estimate.high) - value, abs(sides[1]), estimate)
    return 10 ** (value - down), math.inf if value + up > _LARGEST else 10 ** (value + up)


def _side_by_side(own: float, other: float, estimate: Estimate) -> float:
    """How far two errors reach together: the root of the sum of the squares (MOVER)."""
    return math.hypot(own, other)


def _beside_a_mean(own: float, other: float, mean: Estimate) -> float:
    """The same where the first is that of a mean with few degrees of freedom (Cochran)."""
    own_se, other_se = mean.log10_se, other / NormalDist().inv_cdf((1 + mean.level) / 2)
    if not (math.isfinite(own) and own_se > 0):
        return _side_by_side(own, other, mean)
    return max(own, other, (own * own_se + other * other_se) / math.hypot(own_se, other_se))


_LARGEST = math.log10(sys.float_info.max)


def _checked(
    ligand: Measured, kd: Measured | Constant, correlation: float
) -> tuple[float, tuple[float, float]]:
    """[L]/Kd, and the standard errors of log10 [L] and log10 Kd."""
    if not (ligand.value > 0 and kd.value > 0 and -1 <= correlation <= 1):
        raise InputError(
            Problem(
                f"[L] = {ligand.value:g} and Kd = {kd.value:g} with a correlation of {correlation:g} give no Ki",
                fix="Both concentrations must be positive, and the correlation between -1 and 1",
                code="E-CONVERSION",
            )
        )
    errors = (ligand.log10_se, _log10_se(kd))
    if not all(math.isfinite(error) and error >= 0 for error in errors):
        raise InputError(
            Problem(
                "the standard error of [L] or of Kd is missing",
                fix="State it; write 0 only for a number that you want to be taken as exact",
                code="E-SE",
            )
        )
    return ligand.value / kd.value, errors


def _log10_se(constant: Measured | Constant) -> float:
    if isinstance(constant, Constant):
        known = constant.log10_se
        return Measured(constant.value, constant.se).log10_se if math.isnan(known) else known
    return constant.log10_se


def _reach(log10_se: float, kd: Measured | Constant, level: float) -> float:
    """The error of log Kd as it enters limits made with the normal quantile: larger where few degrees of freedom stand
    behind it.
    """
    if not (isinstance(kd, Constant) and math.isfinite(kd.df) and kd.df >= 1):
        return log10_se
    return log10_se * t_quantile(level, int(kd.df)) / NormalDist().inv_cdf((1 + level) / 2)


def log10_reach(constant: Constant, level: float = 0.95) -> float:
    """The error of log10 of a constant as it enters limits at this level: larger where few degrees of freedom stand
    behind it.
    """
    return _reach(_log10_se(constant), constant, level)


def _log_ratio_se(errors: tuple[float, float], correlation: float) -> float:
    ligand, kd = errors
    return math.sqrt(max(ligand**2 + kd**2 - 2 * correlation * ligand * kd, 0.0))


def _shift(ratio: float) -> float:
    """log10 Ki minus log10 IC50."""
    return -math.log10(1 + ratio)


def _log10(limit: float) -> float:
    return math.log10(limit) if limit > 0 else (math.nan if math.isnan(limit) else -math.inf)
