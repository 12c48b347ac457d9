"""The Ki of the exact equilibrium, where the sites use up radioligand or competitor, with all errors carried."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...affinity.conversion import ki_under_depletion, sites_under_depletion
from ...affinity.propagation import Conversion, log10_reach, with_shared_error
from ...core.curves import Curve
from ...core.errors import InputError
from ...core.estimate import Estimate, Relation
from ...core.experiment import Constant
from ...core.fit import Fit, Outcome
from ...equations.tight_binding_competition import tight_binding_competition
from ...fitting.solve import Options, fit_curve
from ...fitting.weights import CountingVariance, GivenWeights, Weights
from .._exact_fit import logistic_slope, moved_by_held, moved_by_signal, scaled
from .._fitted import fitted_log
from .._ligand import Ligand
from .curve import CompoundFits
from .data import CompoundData

METHOD = "exact equilibrium, radioligand and competitor used up"


@dataclass(frozen=True)
class Exact:
    """What the exact law gives for one curve.

    `fit` has its response in mol/L, `molar_per_signal` leads there from the signal of the wells. `gain_...` say by how
    much log Ki moves with log10 of Kd, of the radioligand and of the counting efficiency; `hill_slope` is the slope
    that a logistic curve takes on where the exact law holds; `plateaus` are signal without competitor and at full
    displacement as the compound's own wells tell them, the latter with its Wald limits (nan where they do not).
    """

    fit: Fit
    molar_per_signal: float
    gain_kd: float
    gain_ligand: float
    gain_efficiency: float
    hill_slope: float
    receptor_molar: float
    plateaus: tuple[float, float, float, float]


def fit_exact(
    data: CompoundData, fits: CompoundFits, ligand: Ligand, kd: Constant, per_signal: float, level: float
) -> Exact | None:
    """Fit the exact law to a curve whose binding is known in moles; None where that, or a curve, is missing.

    Sites and nonspecific uptake are fitted with Ki, so the total and nonspecific wells say how many sites there are
    and the error of that is in the interval of Ki. Radioligand and Kd are held; how Ki moves with them is in the gains.
    """
    if not (math.isfinite(per_signal) and 0 < ligand.depletion < 1 and fits.outcome.usable):
        return None
    start = _start(fits, ligand, kd)
    if start is None:
        return None
    curve = data.curve
    molar = Curve(curve.x, curve.y * per_signal, label=curve.label)
    held = {"log_kd": math.log10(kd.value), "log_added": math.log10(ligand.total.value)}
    weighting = scaled(data.weighting, per_signal)
    first = fit_curve(
        tight_binding_competition, molar, weighting, level, held, Options(intervals="", start=start)
    )
    weights = _with_pipetted_competitor(first, weighting)
    options = Options(start={name: first.value(name) for name in first.names}, starts=2)
    found = fit_curve(tight_binding_competition, molar, weights, level, held, options)
    if found.outcome in (Outcome.FAILED, Outcome.NO_RESPONSE) or not np.isfinite(found.covariance).all():
        return None
    by_ligand = moved_by_held(found, "log_ki", "log_added")
    return Exact(
        found,
        per_signal,
        moved_by_held(found, "log_ki", "log_kd"),
        by_ligand,
        by_ligand + moved_by_signal(found, "log_ki"),
        logistic_slope(found),
        found.value("bmax"),
        _own_plateaus(data, held, found, per_signal, level),
    )


def exact_conversion(
    exact: Exact, ligand: Ligand, kd: Constant, efficiency_log10_se: float, level: float
) -> Conversion:
    """The Ki of the exact law with the errors of radioligand, efficiency and Kd added side by side on the log scale.

    Where the curve is a titration of the sites and sets no lower limit to Ki, Ki is an upper bound.
    """
    bare = fitted_log("Ki", exact.fit, "log_ki")
    own = math.sqrt(max(ligand.total.log10_se**2 - efficiency_log10_se**2, 0.0))
    label = math.hypot(exact.gain_ligand * own, exact.gain_efficiency * efficiency_log10_se)
    kd_part = exact.gain_kd * log10_reach(kd, level)
    without = _named(with_shared_error(bare, label, "[L]"))
    ki = _named(with_shared_error(bare, math.hypot(label, kd_part), "[L] and Kd"))
    if not bare.low > 0:
        without, ki = (_upper_bound(one) for one in (without, ki))
    parts = {"IC50": bare.log10_se**2, "[L]": label**2, "Kd": kd_part**2}
    variance = sum(parts.values())
    shares = {name: part / variance for name, part in parts.items() if part} if variance > 0 else {}
    return Conversion(ki, ki.negative_log10("pKi"), shares, without)


def _named(estimate: Estimate) -> Estimate:
    return replace(estimate, method=f"{METHOD}; {estimate.method}")


def _upper_bound(ki: Estimate) -> Estimate:
    return Estimate("Ki", ki.high, "M", level=ki.level, relation=Relation.BELOW, method=ki.method)


def _start(fits: CompoundFits, ligand: Ligand, kd: Constant) -> dict[str, float] | None:
    """From the controls and the midpoint; a tenth of the plain value where the midpoint is that of a titration."""
    nonspecific, ic50 = max(ligand.nonspecific, 0.0), 10.0 ** fits.free.value("log_ic50")
    amounts = (ligand.total.value, kd.value, ligand.depletion, nonspecific)
    try:
        sites = sites_under_depletion(*amounts)
    except InputError:
        return None
    try:
        ki = ki_under_depletion(ic50, *amounts)
    except InputError:
        ki = 0.1 * ic50 / (1.0 + ligand.free.value / kd.value)
    return {"bmax": sites, "ns": nonspecific / (1.0 - nonspecific), "log_ki": math.log10(ki)}


def _with_pipetted_competitor(found: Fit, weighting: Weights) -> Weights:
    """The weights with the error of the competitor's own volume: where sites are titrated the curve is so steep that
    it outweighs that of the signal.
    """
    if not (isinstance(weighting, CountingVariance) and np.isfinite(found.values).all()):
        return weighting
    x, step = found.curve.data.x, 1e-4
    slope = (found.predict(x + step) - found.predict(x - step)) / (2.0 * step * math.log(10.0))
    variance = 1.0 / found.curve.weights + weighting.per_square * np.where(np.isfinite(x), slope, 0.0) ** 2
    return GivenWeights((1.0 / variance,), found.weighting)


def _own_plateaus(
    data: CompoundData, held: Mapping[str, float], all_wells: Fit, per_signal: float, level: float
) -> tuple[float, float, float, float]:
    """Top, and bottom with its limits, by the exact law through the compound's own wells, in the unit of the signal."""
    unknown = (math.nan,) * 4
    own = data.without_controls
    if len(data.concentrations) <= len(all_wells.names):
        return unknown
    start = {name: all_wells.value(name) for name in all_wells.names}
    options = Options(intervals="wald", start=start, starts=1)
    curve = Curve(own.x, own.y * per_signal)
    weighting = scaled(data.weighting, per_signal)
    found = fit_curve(tight_binding_competition, curve, weighting, level, held, options)
    ns = found.intervals.get("ns")
    if not found.outcome.usable or ns is None:
        return unknown
    added = 10.0 ** found.value("log_added")
    top = float(found.predict(np.array([-math.inf]))[0])
    bottoms = (added * one / (1.0 + one) for one in (found.value("ns"), ns.low, ns.high))
    bottom, low, high = (one / per_signal for one in bottoms)
    return top / per_signal, bottom, low, high
