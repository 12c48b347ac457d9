"""One compound over the days of a grid: the fits of every day, the mechanism of all, and the constants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...core.estimate import Estimate
from ...core.experiment import Experiment
from ...core.fit import Fit, Outcome
from .._ligand import Ligand
from .._signal import Signals, compounds
from .._uptake import Per
from .._uptake_kinetics.fits import unseen
from .._uptake_kinetics.wells import CarrierWells, carrier_wells
from .estimates import as_uncertain, constants
from .mechanisms import MIXED, Decision, decide, fit_again, fit_all, with_what_is_not_excluded

CONSTANTS = ("Ki", "Kiu")


@dataclass(frozen=True)
class Day:
    """One experiment as read, for all its compounds."""

    experiment: Experiment
    read: Signals
    ligand: Ligand


@dataclass(frozen=True)
class Grid:
    """One compound on one day: its wells, the four fits, the one that is kept, and what came out of it."""

    day: Day
    data: CarrierWells
    fits: Mapping[str, Fit]
    kept: Fit
    outcome: Outcome
    reason: str
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True)
class Inhibitor:
    """One compound over all days, and the mechanism that they ask for together."""

    compound: str
    grids: tuple[Grid, ...]
    decision: Decision | None


def inhibitor_over(compound: str, days: Sequence[Day], per: Per, level: float) -> Inhibitor:
    """One compound over its days: four fits a day, one mechanism for all of them, and the constants of each day."""
    here = [day for day in days if compound in compounds(day.experiment)]
    wells = [carrier_wells(day.experiment, day.read, day.ligand, per, compound) for day in here]
    fits = [fit_all(one) for one in wells]
    silent = [unseen(one, each[MIXED.name]) or _untested(one) for one, each in zip(wells, fits, strict=True)]
    telling = [
        (data, each) for data, each, why in zip(wells, fits, silent, strict=True) if not why and len(each) > 1
    ]
    decision = decide([each for _, each in telling])
    if decision is not None:
        decision = with_what_is_not_excluded(decision, telling)
    grids = tuple(
        _grid(day, data, each, (why, decision), level)
        for day, data, each, why in zip(here, wells, fits, silent, strict=True)
    )
    return Inhibitor(compound, grids, decision)


def _untested(data: CarrierWells) -> str:
    """Why the grid of a day says nothing about the inhibitor, or nothing."""
    inhibited = data.used & (data.inhibitor > 0)
    return (
        "" if inhibited.any() else "No well with the inhibitor takes part, so nothing can be said about it."
    )


def _grid(
    day: Day,
    data: CarrierWells,
    fits: Mapping[str, Fit],
    judged: tuple[str, Decision | None],
    level: float,
) -> Grid:
    """The fit of the mechanism that was chosen, with intervals, and its constants; or why there are none."""
    why, decision = judged
    if why or decision is None:
        mixed = fits[MIXED.name]
        return Grid(day, data, fits, mixed, Outcome.FAILED, why or mixed.reason, ())
    kept = fit_again(data, decision.preferred, fits[decision.preferred.name], level)
    if not kept.outcome.usable:
        return Grid(day, data, fits, kept, kept.outcome, kept.reason, ())
    estimates = constants(data, kept, decision.preferred, day.ligand)
    wanted = [one for one in estimates if one.name in CONSTANTS]
    reason = kept.reason
    if decision.rivals:
        estimates = as_uncertain(estimates)
        reason = f"{decision.unsure} {reason}".strip()
    outcome = Outcome.FLAGGED if reason else Outcome.OK
    if all(one.is_bound for one in wanted):
        outcome = Outcome.CENSORED
        reason = reason or "The grid holds no more than a bound of the constant of the inhibitor."
    return Grid(day, data, fits, kept, outcome, reason, estimates)
