"""What comes out of one competition curve: IC50 relative and absolute, slope, plateaus, Ki and its shares of error."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ..affinity.absolute import absolute_log_ic50
from ..affinity.conversion import munson_rodbard
from ..affinity.propagation import Conversion, ki_estimate
from ..core.errors import InputError
from ..core.estimate import Estimate, Relation
from ..core.experiment import Constant
from ..core.fit import Fit, Outcome
from ..core.measured import Measured
from ..core.plate import Role
from ._competition_curve import CompoundData, CompoundFits
from ._fitted import derived_log, fitted, fitted_log
from ._ligand import Ligand
from ._signal import Signals, mean_of

RELATIVE, ABSOLUTE = "IC50 (relative)", "IC50 (absolute)"
WORTH_EXTRAPOLATING = 0.25


@dataclass(frozen=True)
class Constants:
    """The estimates of one curve and, where there is a Ki, how its error is made up."""

    estimates: tuple[Estimate, ...]
    shares: Mapping[str, float]
    conversion: Conversion | None = None


def constants(
    data: CompoundData, fits: CompoundFits, signals: Signals, ligand: Ligand, kd: Constant | None, slope: str
) -> Constants:
    """All estimates of one curve. A bound stays a bound; a curve that failed or shows nothing gives no constants."""
    chosen = _relative(fits, slope)
    if chosen is None:
        return Constants((), {})
    if fits.bound is not None or not fits.outcome.usable:
        shape: tuple[Estimate, ...] = _extrapolated(data, fits, signals)
    else:
        shape = (*_absolute(data, fits.free, signals), *_shape(fits.free, data.unit))
    if kd is None or not ligand.free.value > 0:
        return Constants((chosen, *shape), {})
    converted = ki_estimate(chosen, ligand.free, kd)
    others: tuple[Estimate, ...] = ()
    if not chosen.is_bound:
        others = (
            *_other_slope(fits, ligand, kd, slope),
            *_two_sites(fits.two_sites, ligand, kd),
            *_depleted(chosen, ligand, kd),
        )
    return Constants((converted.ki, converted.pki, chosen, *shape, *others), converted.shares, converted)


def _relative(fits: CompoundFits, slope: str) -> Estimate | None:
    """The IC50 that the Ki is made of: a value, a bound, or nothing."""
    if fits.outcome is Outcome.FAILED:
        return None
    if fits.bound is not None:
        bound = fits.bound
        share = (
            f"{round(100 * bound.reached)} % inhibition there"
            if math.isfinite(bound.reached)
            else "outside the range"
        )
        return Estimate(RELATIVE, 10.0**bound.value, "M", relation=bound.relation, method=share)
    if not fits.outcome.usable:
        return None
    return fitted_log(RELATIVE, fits.free, "log_ic50") if slope == "free" else _slope_one_ic50(fits.one)


def _slope_one_ic50(fit: Fit) -> Estimate:
    if "log_ic50" in fit.names:
        return fitted_log(RELATIVE, fit, "log_ic50")
    shift = 10.0 ** (fit.fixed["log_ligand"] - fit.fixed["log_kd"])
    return fitted_log("Ki", fit, "log_ki").times(1.0 + shift, RELATIVE, "M")


def _shape(fit: Fit, unit: str) -> tuple[Estimate, ...]:
    spoken = (("hill_slope", "nH", ""), ("top", "top", unit), ("bottom", "bottom", unit))
    return tuple(fitted(name, fit, parameter, its_unit) for parameter, name, its_unit in spoken)


def _absolute(data: CompoundData, fit: Fit, signals: Signals) -> tuple[Estimate, ...]:
    half = _half_of_controls(data, signals)
    found = None if half is None else absolute_log_ic50(fit.values, fit.covariance, half)
    if found is None:
        return ()
    return (derived_log(ABSOLUTE, found, fit, "delta method on logs"),)


def _two_sites(fit: Fit | None, ligand: Ligand, kd: Constant) -> tuple[Estimate, ...]:
    """Ki of both sites and the fraction of the high-affinity one, where two sites are preferred."""
    if fit is None:
        return ()
    i, j = fit.index("log_ic50_high"), fit.index("log_ratio")
    variance = float(fit.covariance[i, i] + fit.covariance[j, j] + 2 * fit.covariance[i, j])
    low = Measured(float(fit.values[i] + fit.values[j]), math.sqrt(max(variance, 0.0)))
    sites = {
        "high-affinity Ki": fitted_log(RELATIVE, fit, "log_ic50_high"),
        "low-affinity Ki": derived_log(RELATIVE, low, fit, "Wald interval"),
    }
    both = tuple(ki_estimate(ic50, ligand.free, kd, name=name).ki for name, ic50 in sites.items())
    return (*both, fitted("fraction of high-affinity sites", fit, "fraction_high", ""))


def _half_of_controls(data: CompoundData, signals: Signals) -> Measured | None:
    total, nonspecific = (signals.of_role(role, data.plates) for role in (Role.TOTAL, Role.NSB))
    if not (total.size and nonspecific.size):
        return None
    return (mean_of(total) + mean_of(nonspecific)) / 2.0


def _extrapolated(data: CompoundData, fits: CompoundFits, signals: Signals) -> tuple[Estimate, ...]:
    """With 25 to 50 % inhibition at the top dose: the IC50 of slope 1 down to the nonspecific wells, marked as such."""
    bound = fits.bound
    if (
        bound is None
        or bound.relation is not Relation.ABOVE
        or not WORTH_EXTRAPOLATING <= bound.reached < 0.5
    ):
        return ()
    top = 10.0**bound.value
    value = top * (1.0 - bound.reached) / bound.reached
    return (
        Estimate(
            "IC50 (extrapolated)", value, "M", relation=Relation.ABOUT,
            method="slope 1 and bottom at the nonspecific wells; not measured",
        ),
    )  # fmt: skip


def _other_slope(fits: CompoundFits, ligand: Ligand, kd: Constant, slope: str) -> tuple[Estimate, ...]:
    """The Ki of the slope that was not chosen, to stand beside it."""
    other, name = (
        (_slope_one_ic50(fits.one), "one-site Ki (slope 1)")
        if slope == "free"
        else (fitted_log(RELATIVE, fits.free, "log_ic50"), "free-slope Ki")
    )
    return (ki_estimate(other, ligand.free, kd, name=name).ki,)


def _depleted(ic50: Estimate, ligand: Ligand, kd: Constant) -> tuple[Estimate, ...]:
    """The Ki of Munson and Rodbard, which holds when the sites use up the radioligand; value only."""
    if not 0 < ligand.depletion < 1:
        return ()
    y0 = ligand.depletion / (1.0 - ligand.depletion)
    try:
        value = munson_rodbard(ic50.value, ligand.total.value, kd.value, y0)
    except InputError:
        return ()
    return (Estimate("Munson–Rodbard Ki", value, "M", method="exact for depletion; value only"),)
