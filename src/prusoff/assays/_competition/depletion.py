"""When the exact equilibrium is needed, and what a compound and its mean over days look like then: both answers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...affinity.conversion import sites_under_depletion
from ...affinity.propagation import log10_reach
from ...checks.binding import MOST_BOUND, TIGHT
from ...core.estimate import figures
from ...core.experiment import Experiment
from ...core.mass_balance import free_sites
from ...core.result import Pooled
from .._days import plain_mean
from .._fitted import fitted
from .._ligand import Ligand, efficiency_error, molar_per_signal
from .day import Analysed
from .estimates import Constants
from .exact import exact_conversion, fit_exact

PLAIN, FROM_MIDPOINT, SITES = "Cheng–Prusoff Ki", "Munson–Rodbard Ki", "sites in the well"
APART = 2.0  # fold between stated and counted sites above which a note is due


def depletion_of_stated_sites(ligand: Ligand, experiment: Experiment) -> Ligand:
    """Where counts do not tell what is bound but the sites are stated: the part of the radioligand that they bind."""
    sites, kd = experiment.conditions.receptor_molar, experiment.radioligand.kd
    if not math.isnan(ligand.depletion) or kd is None or not (sites > 0 and ligand.total.value > 0):
        return ligand
    free_receptor = float(free_sites(sites, (ligand.total.value, 0.0), (kd.value, 1.0)))
    free = 1.0 / (1.0 + free_receptor / kd.value)
    return replace(ligand, free=ligand.total * free, depletion=1.0 - free, nonspecific=0.0)


def receptor_molar(one: Analysed) -> float:
    """Sites in the well: as stated, else as fitted, else from the bound fraction of the radioligand and its Kd."""
    stated, kd, ligand = one.experiment.conditions.receptor_molar, one.experiment.radioligand.kd, one.ligand
    if not math.isnan(stated):
        return stated
    if one.exact is not None:
        return one.exact.receptor_molar
    if kd is None or not max(ligand.nonspecific, 0.0) < ligand.depletion < 1:
        return math.nan
    return sites_under_depletion(ligand.total.value, kd.value, ligand.depletion, max(ligand.nonspecific, 0.0))


def exact_where_needed(analysed: Sequence[Analysed], level: float) -> tuple[Analysed, ...]:
    """Every compound that uses up a ligand on any day gets the exact Ki on all of its days, so that they agree.

    The exact law knows one site: a compound of which two are seen on any day keeps its converted Ki.
    """
    wanted = {one.data.compound for one in analysed if _is_used_up(one)}
    wanted -= {one.data.compound for one in analysed if one.fits.two_sites is not None}
    return tuple(_with_exact(one, level) if one.data.compound in wanted else one for one in analysed)


def _is_used_up(one: Analysed) -> bool:
    conversion = one.constants.conversion
    if conversion is None:
        return False
    return one.ligand.depletion > MOST_BOUND or receptor_molar(one) > TIGHT * conversion.ki.value


def _with_exact(one: Analysed, level: float) -> Analysed:
    kd = one.experiment.radioligand.kd
    if kd is None or one.constants.conversion is None:
        return one
    per_signal = molar_per_signal(one.ligand, one.experiment, one.data.unit)
    exact = fit_exact(one.data, one.fits, one.ligand, kd, per_signal, level)
    if exact is None:
        return one
    conversion = exact_conversion(exact, one.ligand, kd, efficiency_error(one.experiment), level)
    others = [each for each in one.constants.estimates if each.name not in ("Ki", "pKi", PLAIN)]
    plain = [each for each in one.constants.estimates if each.name == PLAIN]
    estimates = (
        conversion.ki,
        conversion.pki,
        *plain,
        *others,
        replace(one.constants.conversion.ki, name=FROM_MIDPOINT),
        fitted(SITES, exact.fit, "bmax", "M"),
    )
    return replace(one, constants=Constants(estimates, conversion.shares, conversion), exact=exact)


def exact_mean(compound: str, days: Sequence[Analysed]) -> Pooled:
    """The exact Ki over the days, with the errors that all days share, Kd and efficiency, added once.

    A day that gave only a bound, or no exact fit, enters with what it gave.
    """
    found = [(one.experiment.name, one.constants.conversion) for one in days if one.constants.conversion]
    exact = [one.exact for one in days if one.exact is not None]
    kd, level = days[0].experiment.radioligand.kd, found[0][1].ki.level
    if len(found) == 1:
        return _told(plain_mean(compound, {found[0][0]: found[0][1].ki}), days)
    efficiency = max(efficiency_error(one.experiment) for one in days)
    gain_kd, gain_efficiency = (
        float(np.mean([getattr(one, name) for one in exact])) for name in ("gain_kd", "gain_efficiency")
    )
    reach = 0.0 if kd is None else log10_reach(kd, level)
    each = {name: conversion.ki_without_kd_error for name, conversion in found}
    shared = math.hypot(gain_kd * reach, gain_efficiency * efficiency)
    return _told(plain_mean(compound, each, shared), days)


def _told(pooled: Pooled, days: Sequence[Analysed]) -> Pooled:
    """Both answers in words, which to believe, and why."""
    exact = [(one, one.exact) for one in days if one.exact is not None]
    plain = [
        math.log10(each.value) for one, _ in exact for each in one.constants.estimates if each.name == PLAIN
    ]
    bound = max(one.ligand.depletion for one, _ in exact)
    sites = 10.0 ** float(np.mean([math.log10(fitted.receptor_molar) for _, fitted in exact]))
    ratio, value = sites / pooled.estimate.value, 10.0 ** float(np.mean(plain)) if plain else math.nan
    at_least = "at least " if pooled.estimate.is_bound else ""
    why = (
        f"{figures(100 * bound, unit='%')} of the radioligand was bound and the sites "
        f"({figures(sites, unit='M')}) are {at_least}{figures(ratio, 2)} times this Ki"
    )
    sentence = (
        f"{pooled.sentence} {why}, so believe this Ki: it is that of the exact equilibrium, in which the sites use up "
        "radioligand and competitor. "
    )
    if plain:
        fold = figures(value / pooled.estimate.value, 2)
        sentence += (
            f"Cheng and Prusoff, who take both as free, would give {figures(value, unit='M')}, "
            f"{at_least}{fold} times as much."
        )
    return replace(pooled, sentence=sentence.rstrip())


def notes(analysed: Sequence[Analysed]) -> list[str]:
    """Where the sites as stated and as counted disagree; the wells are believed."""
    found = []
    for one in analysed:
        stated, exact = one.experiment.conditions.receptor_molar, one.exact
        if exact is None or math.isnan(stated):
            continue
        if not 1 / APART < exact.receptor_molar / stated < APART:
            found.append(
                f"{one.data.compound}, {one.experiment.name}: the wells bind as "
                f"{figures(exact.receptor_molar, unit='M')} of sites do, {figures(stated, unit='M')} are stated; the "
                "exact Ki rests on the wells."
            )
    return found
