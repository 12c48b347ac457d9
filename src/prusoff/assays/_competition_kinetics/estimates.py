"""What comes out of competition kinetics: Ki, kon, koff and residence time of the competitor, and the label's."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from ...affinity.propagation import with_shared_error
from ...core.equation import Array
from ...core.estimate import Estimate, Relation
from ...core.fit import Fit, Interval
from ...core.measured import Measured
from .._fitted import derived_log, fitted
from .fits import TraceFits

KI, KON, KOFF, RESIDENCE = "Ki", "kon", "koff", "residence time"
UNITS: Mapping[str, str] = {KI: "M", KON: "1/M/s", KOFF: "1/s", RESIDENCE: "s"}
KNOWN = 2.0  # decades: a constant of the label with a larger standard error is not told by the wells
LEAST_SHARE = 1e-9  # of the variance: what is smaller is rounding
PARAMETERS: Mapping[str, str] = {KI: "log_ki", KON: "log_kon_competitor", KOFF: "log_koff_competitor"}


def bare_estimates(fits: TraceFits) -> dict[str, Estimate]:
    """Ki, kon and koff with the error of the wells; one whose interval has an open side is a bound, or is left out."""
    if fits.by_ki is None or fits.by_rates is None or not fits.outcome.usable:
        return {}
    held = {KI: fits.by_ki, KOFF: fits.by_ki, KON: fits.by_rates}
    open_koff = _open_sides(fits.by_ki, PARAMETERS[KOFF])
    # the other two follow koff where it has no end, up to the limits of the search: their ends there are no ends
    followed = {KI: tuple(side for side in open_koff if side == "low"),
                KON: tuple(side for side in open_koff if side == "high")}  # fmt: skip
    found = {name: _estimate(name, held[name], followed.get(name, ())) for name in PARAMETERS}
    return {name: one for name, one in found.items() if one is not None}


def _open_sides(fit: Fit, parameter: str) -> tuple[str, ...]:
    interval = fit.intervals.get(parameter)
    return () if interval is None else interval.open_sides


def _estimate(name: str, fit: Fit, opened: tuple[str, ...]) -> Estimate | None:
    parameter = PARAMETERS[name]
    interval = fit.intervals.get(parameter)
    if interval is None:
        return None
    low, high = (
        -math.inf if "low" in opened else interval.low,
        math.inf if "high" in opened else interval.high,
    )
    interval = replace(interval, low=low, high=high)
    if len(interval.open_sides) == 2:
        return None
    value, se = fit.value(parameter), fit.standard_error(parameter)
    if interval.open_sides:
        return _bound(name, interval)
    return Estimate(
        name,
        10.0**value,
        UNITS[name],
        10.0**interval.low,
        10.0**interval.high,
        interval.level,
        method="profile-likelihood interval",
        se=10.0**value * math.log(10.0) * se,
        log10_se=se,
    )


def _bound(name: str, interval: Interval) -> Estimate:
    """The closed side of an interval without an end on the other."""
    below = interval.open_sides == ("low",)
    side = "upper" if below else "lower"
    return Estimate(
        name,
        10.0 ** (interval.high if below else interval.low),
        UNITS[name],
        level=interval.level,
        relation=Relation.BELOW if below else Relation.ABOVE,
        method=f"{side} end of a profile-likelihood interval that has no other end",
    )


def residence_time(koff: Estimate) -> Estimate:
    """How long the competitor stays: 1/koff, the limits changed over, a bound turned round."""
    return replace(
        koff,
        name=RESIDENCE,
        value=1.0 / koff.value,
        unit=UNITS[RESIDENCE],
        low=1.0 / koff.high if koff.high > 0 else math.nan,
        high=1.0 / koff.low if koff.low > 0 else math.nan,
        relation=koff.relation.flipped,
        se=koff.log10_se * math.log(10.0) / koff.value,
    )


def gains(fits: TraceFits) -> dict[str, dict[str, float]]:
    """By how much the log10 of Ki, kon and koff move with the log10 of [L] and of each constant that was held.

    At a minimum the fitted values follow a held one by -(J'WJ)^-1 J'W j, j its own derivative of the law.
    """
    fit = fits.by_ki
    if fit is None:
        return {}
    law = fit.equation
    tables = [law.jacobian(one.data.x, one.parameters) * np.sqrt(one.weights) for one in fit.curves]
    slopes: Array = np.concatenate(tables, axis=1).T
    free = slopes[:, [law.index(name) for name in fit.names]]
    held = {"[L]": "log_ligand", "Kd": "log_kd", "koff": "log_koff"}
    constants = {spoken: name for spoken, name in held.items() if name not in fit.names}
    size = np.sqrt(np.einsum("ij,ij->j", free, free))
    size[size == 0] = 1.0
    found: dict[str, dict[str, float]] = {KI: {}, KON: {}, KOFF: {}}
    for spoken, name in constants.items():
        moved = -np.linalg.lstsq(free / size, slopes[:, law.index(name)], rcond=1e-12)[0] / size
        by_ki, by_koff = (float(moved[fit.index(PARAMETERS[one])]) for one in (KI, KOFF))
        found[KI][spoken], found[KOFF][spoken], found[KON][spoken] = by_ki, by_koff, by_koff - by_ki
    return found


def widened(bare: Estimate, gain: Mapping[str, float], errors: Mapping[str, float]) -> Estimate:
    """An estimate with the errors (of log10) of [L] and of the held constants that have one added."""
    parts = {name: abs(gain.get(name, 0.0)) * error for name, error in errors.items() if error > 0}
    total = math.sqrt(sum(part**2 for part in parts.values()))
    if total == 0 or bare.is_bound:
        return bare
    return with_shared_error(bare, total, " and ".join(parts))


def error_shares(bare: Estimate, gain: Mapping[str, float], errors: Mapping[str, float]) -> dict[str, float]:
    """The part of the variance of log10 of an estimate that wells, [L] and each held constant have."""
    parts = {"wells": bare.log10_se**2}
    parts |= {name: (gain.get(name, 0.0) * error) ** 2 for name, error in errors.items()}
    total = sum(parts.values())
    kept = {name: part / total for name, part in parts.items() if part > LEAST_SHARE * total}
    return {name: share / sum(kept.values()) for name, share in kept.items()}


def label_estimates(fit: Fit, unit: str) -> Iterator[Estimate]:
    """Kd, koff and kon of the label as fitted in the same fit, and the binding to all sites."""
    names = {"label Kd": "log_kd", "label koff": "log_koff"}
    units = {"label Kd": "M", "label koff": "1/s"}
    for spoken, name in names.items():
        if name in fit.names and fit.standard_error(name) < KNOWN:
            log = Measured(fit.value(name), fit.standard_error(name))
            yield replace(derived_log(spoken, log, fit, "Wald interval"), unit=units[spoken])
    if "log_kd" in fit.names and "log_koff" in fit.names:
        i, j = fit.index("log_koff"), fit.index("log_kd")
        variance = float(fit.covariance[i, i] + fit.covariance[j, j] - 2.0 * fit.covariance[i, j])
        log = Measured(float(fit.values[i] - fit.values[j]), math.sqrt(max(variance, 0.0)))
        if log.se < KNOWN:
            yield replace(derived_log("label kon", log, fit, "Wald interval"), unit="1/M/s")
    yield fitted("Bmax", fit, "bmax", unit)
