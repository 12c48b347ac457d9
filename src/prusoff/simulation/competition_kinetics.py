"""A bench at which label and competitor meet the sites over time: wells stopped one by one, both ligands used up."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.integrate import solve_ivp

from ..core.equation import Array
from ..core.plate import Role, Treatment
from .bench import Bench, count_amount, pipetted

_PRECISION = 1e-8


@dataclass(frozen=True)
class CompetingRates:
    """What is true at this bench. Rates in 1/(M s) and 1/s, sites in mol/L, nonspecific binding as bound over free.

    `competitors` has (k3, k4) by name; `ahead_s` is how long the competitor was with the sites before the label came,
    `incubation_s` how long the label was before the chase, or the competitor, in wells of the phase 'dissociation'.
    """

    kon: float
    koff: float
    receptor_molar: float
    nonspecific: float
    competitors: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    ahead_s: float = 0.0
    incubation_s: float = 0.0


@dataclass(frozen=True)
class Mixture:
    """What is in wells, (well,): rate constants (label on and off, competitor on and off), and totals in mol/L."""

    on: Array
    off: Array
    competitor_on: Array
    competitor_off: Array
    sites: Array
    label: Array
    competitor: Array

    @classmethod
    def of(cls, wells: int, **given: Array | float) -> Mixture:
        """Wells that hold nothing but what is given."""
        names = cls.__dataclass_fields__
        return cls(*(np.broadcast_to(np.asarray(given.get(name, 0.0)), (wells,)) for name in names))


def both_bound(mixture: Mixture, start: tuple[Array, Array], time: Array) -> tuple[Array, Array]:
    """Label and competitor on the sites (mol/L) after so long, from `start`; both are used up as they bind.

    dB/dt = k1 R (L - B) - k2 B, dC/dt = k3 R (I - C) - k4 C, R = sites - B - C, integrated by a method for stiff
    equations; every well has its own time (well,), to which the steps are scaled.
    """
    m = mixture

    def slope(_: float, state: Array) -> Array:
        bound, other = state[0::2], state[1::2]
        free = m.sites - bound - other
        found = np.empty_like(state)
        found[0::2] = time * (m.on * free * (m.label - bound) - m.off * bound)
        found[1::2] = time * (m.competitor_on * free * (m.competitor - other) - m.competitor_off * other)
        return found

    state = np.empty(2 * time.size)
    state[0::2], state[1::2] = start
    size = float(np.max(m.sites, initial=1e-15))
    found = solve_ivp(
        slope,
        (0.0, 1.0),
        state,
        method="LSODA",
        rtol=_PRECISION,
        atol=_PRECISION * size,
        t_eval=[1.0],
        lband=1,
        uband=1,
    )
    end = np.asarray(found.y[:, -1], dtype=float)
    return end[0::2], end[1::2]


def label_over_time(mixture: Mixture, time: Array, head_start: Array) -> Array:
    """Label on the sites (mol/L); the competitor was there for `head_start` s before the label, or after if negative.

    An infinite total of competitor is a chase that leaves no site to bind to again: label only leaves.
    """
    m, nothing = mixture, np.zeros(time.size)
    blocked = np.isinf(m.competitor)
    held = np.where(blocked, 0.0, m.competitor)
    first = head_start < 0
    alone = Mixture(
        m.on,
        m.off,
        m.competitor_on,
        m.competitor_off,
        m.sites,
        np.where(first, m.label, 0.0),
        np.where(first, 0.0, held),
    )
    start = (
        both_bound(alone, (nothing, nothing), np.abs(head_start)) if head_start.any() else (nothing, nothing)
    )
    together = Mixture(
        np.where(blocked, 0.0, m.on), m.off, m.competitor_on, m.competitor_off, m.sites, m.label, held
    )
    return both_bound(together, start, time)[0]


def count_competing_wells(
    treatments: Sequence[Treatment], truth: CompetingRates, bench: Bench, rng: np.random.Generator
) -> list[int]:
    """Gross counts of wells stopped at their times.

    A well without competitor in the phase 'dissociation' was chased with an excess; one with competitor got it when the
    label had been there for the incubation. The three additions to each well vary.
    """
    volumes = np.array([bench.compound_volume_l, bench.ligand_volume_l, bench.membrane_volume_l])
    parts = np.array([[pipetted(bench, rng) for _ in range(3)] for _ in treatments])
    volume = parts @ volumes
    compound, label, membrane = (parts[:, i] * bench.volume_l / volume for i in range(3))
    time, molar = (
        np.array([getattr(one, name) for one in treatments]) for name in ("time_s", "concentration_molar")
    )
    added = np.array([one.radioligand_molar for one in treatments]) * label
    chased = np.array([one.phase == "dissociation" for one in treatments])
    alone = np.array([one.role is not Role.COMPOUND for one in treatments])
    rates = np.array([truth.competitors.get(one.compound, (0.0, 1.0)) for one in treatments])
    nonspecific = np.array([one.role is Role.NSB for one in treatments])
    free_part = 1.0 / (1.0 + truth.nonspecific * membrane)
    competitor = np.where(alone, np.where(chased, math.inf, 0.0), np.nan_to_num(molar) * compound)
    mixture = Mixture.of(
        time.size,
        on=truth.kon * free_part,
        off=truth.koff,
        competitor_on=rates[:, 0],
        competitor_off=rates[:, 1],
        sites=np.where(nonspecific, 0.0, truth.receptor_molar * membrane),
        label=added,
        competitor=competitor,
    )
    ahead = np.where(chased, -truth.incubation_s, np.where(alone, 0.0, truth.ahead_s))
    bound = label_over_time(mixture, time, ahead)
    amounts = (bound + (1.0 - free_part) * (added - bound)) * volume
    return [count_amount(float(amount), bench, rng) for amount in amounts]
