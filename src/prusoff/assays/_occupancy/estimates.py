"""What a fit of occupancy gives: EC50 of the population and of each subject, Occmax, unbound constants."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ...affinity.exposure import unbound_brain, unbound_plasma
from ...affinity.pooling import p_value
from ...core.estimate import Estimate, figures
from ...core.experiment import Compound
from ...core.result import Pooled
from ...fitting.intervals import quantile
from ...fitting.mixed import GroupFit, MixedFit
from .._fitted import fitted, fitted_log
from .exposed import brain_of
from .fits import FREE, FULL, OccupancyFit

BY_MASS, UNBOUND, IN_VIVO = "EC50 by mass", "unbound EC50", "Ki in vivo"


def population(found: OccupancyFit, compound: Compound, level: float) -> Iterator[Pooled]:
    """The constants of the population with n subjects; nothing where no fit was possible."""
    chosen = found.chosen
    if chosen is None or not (found.outcome.usable or chosen.bound is not None):
        return
    names = tuple(one.subject.name for one in found.subjects)
    ec50 = _ec50(chosen, level)
    each = tuple(own_ec50(one, chosen, level) for one in chosen.groups)
    told = _sentence(found, chosen, level)

    def pooled(estimate: Estimate, own: tuple[Estimate, ...], sentence: str) -> Pooled:
        return Pooled(found.compound, estimate, p_value(estimate), names, own, sentence)

    yield pooled(ec50, each, told)
    brain = brain_of(compound)
    if brain is not None:
        free, kp_uu = brain
        yield pooled(
            unbound_brain(ec50, free, kp_uu, IN_VIVO),
            tuple(unbound_brain(one, free, kp_uu, IN_VIVO) for one in each),
            f"Kp,uu · fu · EC50 with fu = {free.value:g} ({free.source}) and Kp,uu = {kp_uu.value:g} ({kp_uu.source}).",
        )
        yield pooled(
            unbound_plasma(ec50, free, UNBOUND),
            tuple(unbound_plasma(one, free, UNBOUND) for one in each),
            f"fu · EC50 with fu = {free.value:g} ({free.source}).",
        )
    if compound.molar_mass > 0:
        yield pooled(
            ec50.times(compound.molar_mass, BY_MASS, "g/L"),
            tuple(one.times(compound.molar_mass, BY_MASS, "g/L") for one in each),
            f"The EC50 as a concentration of free base, {compound.molar_mass:g} g/mol.",
        )
    if "occmax" in chosen.fit.names:
        shared = _percent(fitted("Occmax", chosen.fit, "occmax", "%"))
        yield pooled(shared, (shared,) * len(names), "One value for all subjects, from the same fit.")
    yield from _other(found, names, level)


def _other(found: OccupancyFit, names: tuple[str, ...], level: float) -> Iterator[Pooled]:
    """The EC50 of the fit that was not chosen."""
    other = found.other
    if other is None or other is found.chosen or not other.fit.outcome.usable:
        return
    called = FREE if other is found.free else FULL
    estimate = replace(_ec50(other, level), name=f"EC50, {called}")
    each = tuple(replace(own_ec50(one, other, level), name=estimate.name) for one in other.groups)
    sentence = "The same scans by the law that was not chosen"
    if other is found.free:
        sentence += f"; {_percent(fitted('Occmax', other.fit, 'occmax', '%'))}"
    yield Pooled(found.compound, estimate, None, names, each, f"{sentence}.")


def _ec50(found: MixedFit, level: float) -> Estimate:
    if found.bound is not None:
        return Estimate(
            "EC50", 10.0**found.bound.value, "M", level=level, relation=found.bound.relation,
            method="outside the concentrations reached",
        )  # fmt: skip
    estimate = fitted_log("EC50", found.fit, "log_ec50")
    if math.isnan(found.between_sd):
        return estimate
    return replace(estimate, method=f"{estimate.method}, subject as random effect, t with {found.df} df")


def own_ec50(group: GroupFit, found: MixedFit, level: float) -> Estimate:
    """The EC50 of one subject as the fit of all predicts it."""
    if found.bound is not None:
        return _ec50(found, level)
    value = 10.0**group.location
    if not math.isfinite(group.location_se):
        return Estimate("EC50", value, "M", level=level, method="fit of all scans")
    half = quantile(level, max(found.fit.points - len(found.fit.names), 1)) * group.location_se
    return Estimate(
        "EC50", value, "M", value * 10.0**-half, value * 10.0**half, level,
        method="predicted for this subject", log10_se=group.location_se,
    )  # fmt: skip


def _percent(fraction: Estimate) -> Estimate:
    return fraction.times(100.0, fraction.name, "%")


def _sentence(found: OccupancyFit, chosen: MixedFit, level: float) -> str:
    n = len(found.subjects)
    scans = sum(len(one.with_drug) for one in found.subjects)
    if chosen.bound is not None:
        return f"{n} subject{'' if n == 1 else 's'}, {scans} scans: {chosen.fit.reason}"
    if math.isnan(chosen.between_sd):
        alone = "One subject" if n == 1 else f"{n} subjects with too few scans to tell them apart"
        return f"{alone}: the interval is that of the fit and says nothing of other subjects."
    return (
        f"One fit of {scans} scans of {n} subjects whose EC50 differ at random, by "
        f"{figures(chosen.between_sd, 2)} log10 (SD); {level:.0%} interval with {chosen.df} degrees of freedom: "
        f"subjects count, scans do not."
    )
