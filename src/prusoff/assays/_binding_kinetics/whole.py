"""All wells of an experiment in one fit: association at every concentration and the dissociation that follows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...core.curves import Curve
from ...core.fit import Fit, Outcome
from ...core.plate import Role
from ...equations.association_dissociation import association_dissociation
from ...equations.bimolecular_association import bimolecular_association
from ...fitting.problem import Fixed, Rule, Shared
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit
from ...fitting.weights import GivenWeights
from .rates import ObservedRate
from .wells import DILUTION, Kinetics, Mask

FEWEST_TIMES = 4
RATES = ("log_kon", "log_koff")
_PROFILES = Options(intervals_of=RATES, response_level=1.0)


@dataclass(frozen=True)
class Set:
    """Wells that are one curve of the fit: total or nonspecific, during association ('') or after a chase."""

    role: Role
    chase: str
    wells: Mask

    @property
    def label(self) -> str:
        """A name of its own."""
        return f"{self.role} {self.chase or 'association'}"


@dataclass(frozen=True)
class Whole:
    """The fit of all wells against free label, and against added label where much of it was bound.

    `sets` are its curves in order; `knows_kon` is False where only the dissociation could be fitted.
    """

    sets: tuple[Set, ...]
    plain: Fit
    used_up: Fit | None
    knows_kon: bool

    @property
    def best(self) -> Fit:
        """The fit whose rate constants count."""
        return self.used_up or self.plain


def unfit(data: Kinetics) -> str:
    """Why these wells cannot give rate constants, or nothing."""
    times = np.unique(data.before[data.of(Role.TOTAL, "")]).size
    followed = max((np.unique(data.after[data.of(Role.TOTAL, one)]).size for one in data.chases), default=0)
    if max(times, followed) < FEWEST_TIMES:
        most = max(times, followed)
        return f"Total wells were stopped at {most} times of a phase; at least {FEWEST_TIMES} are needed."
    if not data.chases and data.concentrations.size < 2:
        return (
            "One concentration of the label and no dissociation: only the observed rate is known, kon and koff cannot "
            "be told apart. Follow the dissociation too, or associate at several concentrations."
        )
    return ""


def fit_whole(data: Kinetics, rates: tuple[ObservedRate, ...], level: float, most_depletion: float) -> Whole:
    """Fit all wells with one kon, koff and Bmax; where too much of the label is bound, again with the label used up."""
    sets = _sets(data)
    knows_kon = data.concentrations.size > 0 or np.unique(data.added[data.used]).size > 1
    sharing = _sharing(data, sets, knows_kon)
    curves = [data.curve(one.wells, one.label) for one in sets]
    options = replace(_PROFILES, start=_start(data, rates), starts=1 if len(rates) > 1 else 5)
    plain = fit(FitProblem(association_dissociation, curves, sharing), data.weighting, level, options)
    used_up = None
    if data.depletion > most_depletion and plain.outcome.usable and knows_kon:
        used_up = _used_up(data, sets, plain, level)
    return Whole(sets, plain, used_up, knows_kon)


def _sets(data: Kinetics) -> tuple[Set, ...]:
    found = [
        Set(role, chase, data.of(role, chase))
        for chase in ("", *data.chases[:1])
        for role in (Role.TOTAL, Role.NSB)
    ]
    return tuple(one for one in found if one.wells.any())


def _sharing(
    data: Kinetics, sets: tuple[Set, ...], knows_kon: bool
) -> Mapping[str, Rule | float | tuple[Rule, ...]]:
    """No sites in nonspecific wells; what a dilution leaves of nonspecific binding is fitted where wells tell it."""
    own = tuple(one for one in sets if one.role is Role.NSB)
    clock = {float(time) for one in own for time in (data.before + data.after)[one.wells]}
    kept: dict[bool, Rule] = {False: Fixed(1.0), True: Fixed(data.left(DILUTION))}
    if any(one.chase == DILUTION for one in own) and any(one.chase == "" for one in own):
        kept[True] = Shared()
    typical = float(np.median(data.free[data.used]))
    return {
        "bmax": tuple(Fixed(0.0) if one.role is Role.NSB else Shared() for one in sets),
        "log_kon": Shared() if knows_kon else Fixed(-math.log10(typical)),
        "log_koff": Shared(),
        "log_shift": 0.0,
        "left": tuple(Fixed(data.left(one.chase) if knows_kon else 0.0) for one in sets),
        "kept": tuple(kept[one.chase == DILUTION] for one in sets),
        "ns": Shared(),
        "drift": Shared() if len(clock) > 1 else Fixed(0.0),
    }


def _start(data: Kinetics, rates: tuple[ObservedRate, ...]) -> dict[str, float]:
    """First guesses off two or more observed rates and their plateaus, else none."""
    if len(rates) < 2:
        return {}
    ligand = np.array([one.ligand for one in rates])
    kobs = np.array([one.rate.value for one in rates])
    slope, intercept = np.polyfit(ligand, kobs, 1, w=1.0 / kobs)
    kon = max(float(slope), 0.1 * float(np.median(kobs / ligand)))
    koff = max(float(intercept), 0.1 * float(kobs.min()))
    plateaus = np.array([next(v for n, v in zip(one.fit.names, one.fit.values, strict=True) if n.startswith("plateau"))
                         for one in rates])  # fmt: skip
    bmax = float(np.median(plateaus * (1.0 + koff / (kon * ligand))))
    ns = float(np.median([one.fit.value("ns") / one.ligand for one in rates]))
    return {
        "log_kon": math.log10(kon),
        "log_koff": math.log10(koff),
        "bmax": max(bmax, 0.0),
        "ns": max(ns, 0.0),
    }


def _used_up(data: Kinetics, sets: tuple[Set, ...], plain: Fit, level: float) -> Fit | None:
    """Against the label added, bound label in mol/L, what is bound missing from the solution; without diluted wells."""
    kept = [index for index, one in enumerate(sets) if one.chase != DILUTION]
    curves: list[Curve] = [data.curve(sets[index].wells, sets[index].label, "added") for index in kept]
    weights = GivenWeights(
        tuple(plain.curves[index].weights for index in kept), plain.weighting, plain.scale_known
    )
    sharing: dict[str, Rule | tuple[Rule, ...]] = {name: Shared() for name in bimolecular_association.names}
    sharing["bmax"] = tuple(Fixed(0.0) if sets[index].role is Role.NSB else Shared() for index in kept)
    if "drift" not in plain.names:
        sharing["drift"] = Fixed(0.0)
    start = {
        "bmax": plain.value("bmax") * data.molar_per_signal,
        **{name: plain.value(name) for name in RATES},
        "ns": max(plain.value("ns") * data.molar_per_signal, 0.0),
    }
    found = fit(
        FitProblem(bimolecular_association, curves, sharing),
        weights,
        level,
        replace(_PROFILES, start=start, starts=2),
    )
    return found if found.outcome is not Outcome.FAILED else None
