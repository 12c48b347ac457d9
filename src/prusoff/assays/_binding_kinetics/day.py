"""One experiment of binding kinetics from its wells to its estimates."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ...core.estimate import Estimate, Relation
from ...core.experiment import Experiment
from ...core.fit import Outcome
from .._ligand import Ligand, ligand_of
from .._signal import DEAD, Signals, one_reading, signals
from .dissociation import Chase, chase_of
from .estimates import chase_estimates, constants, rate_estimate
from .rates import ObservedRate, RateLine, line_estimates, observed_rates, rate_line
from .wells import Kinetics, kinetics
from .whole import Whole, fit_whole, unfit

MOST_DEPLETION = 0.10


@dataclass(frozen=True)
class Day:
    """One experiment, analysed; `whole` is None where its wells cannot tell rate constants."""

    data: Kinetics
    read: Signals
    ligand: Ligand
    rates: tuple[ObservedRate, ...]
    line: RateLine | None
    whole: Whole | None
    chases: tuple[Chase, ...]
    outcome: Outcome
    reason: str
    estimates: tuple[Estimate, ...]
    line_estimates: tuple[Estimate, ...]

    @property
    def depleted(self) -> bool:
        """Whether so much of the label was bound that it had to be followed."""
        return self.whole is not None and self.whole.used_up is not None


def day_of(experiment: Experiment, level: float, target: float, dilution: float) -> Day:
    """Observed rates, the fit of all wells, every dissociation of its own, and what comes out of them."""
    read, ligand = signals(experiment), ligand_of(experiment)
    data = kinetics(experiment, read, ligand, dilution)
    reason = DEAD if one_reading(data.signal[data.used]) else unfit(data)
    rates = () if reason == DEAD else observed_rates(data)
    if reason:
        alone = tuple(rate_estimate(one, level) for one in rates[:1]) if len(rates) == 1 else ()
        return Day(data, read, ligand, rates, None, None, (), Outcome.FAILED, reason, alone, ())
    whole = fit_whole(data, rates, level, MOST_DEPLETION)
    outcome, reason = _judged(data, whole)
    if not outcome.usable:
        return Day(data, read, ligand, rates, None, whole, (), outcome, reason, (), ())
    found = (chase_of(data, name, whole.plain) for name in data.chases)
    chases = tuple(one for one in found if one is not None)
    line = rate_line(rates, level)
    told = constants(data, whole, ligand, target)
    if any(one.two_phases for one in chases):
        told = (replace(one, relation=Relation.ABOUT) for one in told)
    own = (*told, *chase_estimates(chases, level))
    koff = next((one for one in own if one.name.startswith("dissociation rate")), None)
    of_line = () if line is None else tuple(line_estimates(line, koff, level))
    return Day(data, read, ligand, rates, line, whole, chases, outcome, reason, own, of_line)


def _judged(data: Kinetics, whole: Whole) -> tuple[Outcome, str]:
    """The outcome of the fit of all wells; rate constants without an interval are none."""
    fit = whole.best
    if not fit.outcome.usable:
        return (fit.outcome, fit.reason) if fit.reason else (Outcome.FAILED, fit.outcome.value)
    held = {"bmax", "log_kon", "log_koff"} & set(fit.at_bounds)
    if "bmax" in held:
        return Outcome.FAILED, NO_BINDING
    known = [fit.intervals[name] for name in ("log_kon", "log_koff") if name in fit.intervals]
    open_rate = any(not (math.isfinite(one.low) and math.isfinite(one.high)) for one in known)
    if held or open_rate or not known:
        return Outcome.FAILED, NOT_IDENTIFIED
    return fit.outcome, fit.reason


NO_BINDING = (
    "No specific binding is seen: the total wells read no higher than the nonspecific wells at any time. Check the "
    "plate map, the membranes and the definer of nonspecific binding."
)
NOT_IDENTIFIED = (
    "The wells do not tell the rate constants: at least one has no limit. Use earlier and later times, several "
    "concentrations of the label on both sides of Kd, and follow the dissociation."
)
