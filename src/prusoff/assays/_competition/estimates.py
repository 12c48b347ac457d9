"""What comes out of one competition curve: IC50 relative and absolute, slope, plateaus, Ki and its shares of error."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...affinity.absolute import absolute_log_ic50
from ...affinity.conversion import ki_under_depletion
from ...affinity.propagation import Conversion, ki_estimate
from ...core.errors import InputError
from ...core.estimate import Estimate, Relation
from ...core.experiment import Constant
from ...core.fit import Fit, Outcome
from ...core.measured import Measured
from .._fitted import derived_log, fitted, fitted_log
from .._ligand import Ligand
from .curve import CompoundFits
from .data import CompoundData

RELATIVE, ABSOLUTE = "IC50 (relative)", "IC50 (absolute)"
WORTH_EXTRAPOLATING = 0.25


@dataclass(frozen=True)
class Constants:
    """The estimates of one curve and, where there is a Ki, how its error is made up."""

    estimates: tuple[Estimate, ...]
    shares: Mapping[str, float]
    conversion: Conversion | None = None


def constants(
    data: CompoundData, fits: CompoundFits, ligand: Ligand, kd: Constant | None, slope: str
) -> Constants:
    """All estimates of one curve. A bound stays a bound; a curve that failed or shows nothing gives no constants."""
    chosen = _relative(fits, slope)
    if chosen is None:
        return Constants((), {})
    if fits.bound is not None or not fits.outcome.usable:
        shape: tuple[Estimate, ...] = _extrapolated(fits)
    else:
        shape = (*_absolute(data, fits.free), *_shape(fits.free, data.unit))
    if kd is None or not ligand.free.value > 0:
        return Constants((chosen, *shape), {})
    converted = _converted(chosen, ligand, kd)
    others: tuple[Estimate, ...] = ()
    if not chosen.is_bound:
        others = (
            *_other_slope(fits, ligand, kd, slope),
            *_two_sites(fits.two_sites, ligand, kd),
            ki_estimate(chosen, ligand.free, kd, name="Cheng–Prusoff Ki").ki,
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


def _absolute(data: CompoundData, fit: Fit) -> tuple[Estimate, ...]:
    """The IC50 half way between the controls, which are points of the curve: their error and its share are counted."""
    controls = data.x[data.used]
    total, nonspecific = controls == -math.inf, controls == math.inf
    if not (total.any() and nonspecific.any()):
        return ()
    part = 0.5 * total / total.sum() + 0.5 * nonspecific / nonspecific.sum()
    curve = fit.curve
    variance = fit.residual_sd**2 * float(np.sum(part**2 / curve.weights))
    half = Measured(float(part @ curve.data.y), math.sqrt(variance))
    slopes = fit.equation.jacobian(curve.data.x, curve.parameters)
    found = absolute_log_ic50(fit.values, fit.covariance, half, fit.covariance @ (slopes @ part))
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
    both = tuple(_converted(ic50, ligand, kd, name).ki for name, ic50 in sites.items())
    return (*both, fitted("fraction of high-affinity sites", fit, "fraction_high", ""))


def _extrapolated(fits: CompoundFits) -> tuple[Estimate, ...]:
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
    return (_converted(other, ligand, kd, name).ki,)


def _converted(ic50: Estimate, ligand: Ligand, kd: Constant, name: str = "Ki") -> Conversion:
    """Ki by Cheng and Prusoff; where bound and added are known, moved to the exact Ki of Munson and Rodbard.

    The plain formula takes the free radioligand of the total wells, but more is free at the midpoint and the sites take
    up competitor: at 5 % depletion its Ki is already 4 % high. The interval is moved with the value. An IC50 that is no
    larger than what the sites themselves take up gives an upper bound.
    """
    plain = ki_estimate(ic50, ligand.free, kd, name=name)
    if not 0 < ligand.depletion < 1 or math.isnan(ligand.nonspecific):
        return plain
    try:
        exact = ki_under_depletion(
            ic50.value, ligand.total.value, kd.value, ligand.depletion, max(ligand.nonspecific, 0.0)
        )
    except InputError as error:
        return _upper_bound(plain) if error.problems[0].code == "E-TIGHT" else plain
    factor = exact / plain.ki.value
    method = plain.ki.method.replace("Cheng-Prusoff", "Cheng-Prusoff, exact for depletion (Munson-Rodbard)")
    ki = replace(plain.ki.times(factor, name, "M"), method=method)
    without = replace(plain.ki_without_kd_error.times(factor, name, "M"), method=method)
    return Conversion(ki, ki.negative_log10(f"p{name}"), plain.shares, without)


def _upper_bound(plain: Conversion) -> Conversion:
    """The plain Ki as an upper bound: the sites hold the competitor, so its Ki is lower than it looks."""
    method = "below the plain Ki: the IC50 is what the sites take up (Munson-Rodbard gives no Ki)"
    ki = Estimate(plain.ki.name, plain.ki.value, "M", relation=Relation.BELOW, method=method)
    return Conversion(ki, ki.negative_log10(f"p{ki.name}"), {}, ki)
