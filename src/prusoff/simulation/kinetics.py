"""A bench at which label binds and leaves over time: wells are stopped one after another, filtered and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp

from ..core.equation import Array
from ..core.plate import Role, Treatment
from .bench import Bench, count_amount, pipetted

_PRECISION = 1e-8


@dataclass(frozen=True)
class BindingRates:
    """What is true at this bench. Rates in 1/(M s) and 1/s, sites in mol/L, nonspecific binding as bound over free.

    `drift_per_s` is what nonspecific binding gains each second as a part of itself. Of the sites taken when the chase
    begins the part `fast_part` leaves `fast_fold` times faster. After a dilution koff is `dilution_fold` times that
    after a chase with unlabelled ligand.
    """

    kon: float
    koff: float
    receptor_molar: float
    nonspecific: float
    drift_per_s: float = 0.0
    fast_part: float = 0.0
    fast_fold: float = 1.0
    dilution_fold: float = 1.0


def bound_over_time(
    rates: tuple[Array, Array], sites: Array, label: Array, start: Array, time: Array
) -> Array:
    """Label on the sites (mol/L) after so long, from `start`: dB/dt = kon (R - B)(L - B) - koff B, integrated.

    All arrays are (well,); every well has its own rates (kon, koff) and its own time, to which the steps are scaled.
    """
    kon, koff = rates

    def slope(_: float, bound: Array) -> Array:
        result: Array = time * (kon * (sites - bound) * (label - bound) - koff * bound)
        return result

    size = float(np.max(sites, initial=1e-15))
    found = solve_ivp(slope, (0.0, 1.0), start, rtol=_PRECISION, atol=_PRECISION * size, t_eval=[1.0])
    return np.asarray(found.y[:, -1], dtype=float)


def count_kinetic_wells(
    treatments: Sequence[Treatment],
    truth: BindingRates,
    bench: Bench,
    chase: tuple[float, float],
    rng: np.random.Generator,
) -> list[int]:
    """Gross counts of wells stopped at their times; `chase` is the incubation before it (s) and the dilution.

    A well of the phase 'dissociation' that names a second compound was chased with it in excess, one that names none
    was diluted. The three additions to each well vary; label that leaves the sites is free again.
    """
    incubation_s, dilution = chase
    volumes = np.array([bench.compound_volume_l, bench.ligand_volume_l, bench.membrane_volume_l])
    parts = np.array([[pipetted(bench, rng) for _ in range(3)] for _ in treatments])
    volume = parts @ volumes
    label = _of(treatments, "radioligand_molar") * parts[:, 1] * bench.volume_l / volume
    membrane = parts[:, 2] * bench.volume_l / volume
    sites = np.where([one.role is Role.NSB for one in treatments], 0.0, truth.receptor_molar * membrane)
    chased = np.array([one.phase == "dissociation" for one in treatments])
    diluted = chased & np.array([one.second_compound == "" for one in treatments])
    time = _of(treatments, "time_s")
    clock = np.where(chased, incubation_s + time, time)
    elsewhere = truth.nonspecific * membrane * (1.0 + truth.drift_per_s * clock)
    free_part = 1.0 / (1.0 + elsewhere)
    kon = truth.kon * free_part
    before = bound_over_time(
        (kon, np.full(time.size, truth.koff)),
        sites,
        label,
        np.zeros(time.size),
        np.where(chased, incubation_s, time),
    )
    factor = np.where(diluted, dilution, 1.0)
    after = _after(truth, (kon, diluted), (sites / factor, label / factor, before / factor), time) * factor
    bound = np.where(chased, after, before)
    free = (label - bound) * free_part / np.where(diluted, dilution, 1.0)
    amounts = (bound + elsewhere * free) * volume
    return [count_amount(float(amount), bench, rng) for amount in amounts]


def _after(
    truth: BindingRates, how: tuple[Array, Array], wells: tuple[Array, Array, Array], time: Array
) -> Array:
    """Label on the sites so long after the chase: two kinds of complexes, where a part leaves faster."""
    kon, diluted = how
    sites, label, start = wells
    koff = np.where(diluted, truth.dilution_fold, 1.0) * truth.koff
    again = np.where(diluted, kon, 0.0)
    slow = bound_over_time((again, koff), sites, label, start, time)
    if truth.fast_part == 0.0:
        return slow
    fast = bound_over_time((again, koff * truth.fast_fold), sites, label, start, time)
    result: Array = truth.fast_part * fast + (1.0 - truth.fast_part) * slow
    return result


def _of(treatments: Sequence[Treatment], name: str) -> Array:
    return np.array([getattr(one, name) for one in treatments], dtype=float)
