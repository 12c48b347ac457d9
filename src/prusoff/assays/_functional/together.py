"""Agonists of one experiment in one fit: potency ratios of parallel curves, and relative activity by tau/KA."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array
from ...core.estimate import Estimate
from ...core.fit import Fit, Outcome
from ...equations.agonist_response import agonist_response
from ...equations.operational_model import operational_activity
from ...fitting.compare import f_test
from ...fitting.intervals import quantile
from ...fitting.problem import Fixed, Individual, Problem, Rule, Shared
from ...fitting.solve import Options, fit
from ...fitting.weights import GivenWeights, Weighting, Weights
from .curve import AgonistFit

FULL = 6.0  # log tau of an agonist whose maximum is that of the system
POTENCY, ACTIVITY = "fold potency", "relative activity"


@dataclass(frozen=True)
class Beside:
    """One agonist beside the reference in one experiment: its ratios, and whether the two curves are parallel."""

    compound: str
    potency: Estimate | None
    parallel_p: float
    activity: Estimate | None


def beside_reference(
    fits: Mapping[str, AgonistFit], reference: str, fullest: str, level: float
) -> dict[str, Beside]:
    """Every agonist of one experiment beside the reference; nothing where the reference gave no curve."""
    whole = {name: one for name, one in fits.items() if one.full_curve}
    if reference not in whole:
        return {}
    activities = _activities(whole, reference, fullest, level)
    found = {}
    for name in whole:
        if name == reference:
            continue
        potency, p = _potency(whole[reference], whole[name], level)
        found[name] = Beside(name, potency, p, activities.get(name))
    return found


def _joined(fits: Sequence[AgonistFit]) -> tuple[list[Curve], Weights]:
    """The curves of several agonists, every vehicle well once, on the weights of their own fits."""
    seen: set[tuple[str, str]] = set()
    curves, weights = [], []
    for one in fits:
        wells = [well for well in one.data.wells if well.used]
        places = [(well.plate, well.position) for well in wells]
        new = np.array([place not in seen for place in places], dtype=bool)
        seen.update(places)
        curve = one.data.curve
        curves.append(Curve(curve.x[new], curve.y[new], label=one.data.compound))
        weights.append(one.fit.curve.weights[new])
    names = {one.fit.weighting for one in fits}
    if len(names) > 1 or names == {Weighting.NONE.value}:
        return curves, Weighting.NONE
    return curves, GivenWeights(tuple(weights), names.pop())


def _difference(found: Fit, above: str, below: str, name: str, level: float) -> Estimate:
    """10 to the first fitted log less the second, with the error of both and their covariance."""
    i, j = found.index(above), found.index(below)
    log = float(found.values[i] - found.values[j])
    variance = float(found.covariance[i, i] + found.covariance[j, j] - 2.0 * found.covariance[i, j])
    se = math.sqrt(max(variance, 0.0))
    half = quantile(level, found.df) * se
    return Estimate(
        name, 10.0**log, "", 10.0 ** (log - half), 10.0 ** (log + half), level,
        method="joint fit, Wald interval of the log", log10_se=se,
    )  # fmt: skip


def _potency(reference: AgonistFit, other: AgonistFit, level: float) -> tuple[Estimate | None, float]:
    """How many times more potent an agonist is, from curves of one shape, and P that they are parallel."""
    curves, weights = _joined((reference, other))
    base, name = (one.data.compound for one in (reference, other))
    shape = {
        part: float(np.mean([one.fit.value(part) for one in (reference, other)]))
        for part in ("bottom", "top")
    }
    ec50 = {f"log_ec50[{one.data.compound}]": one.fit.value("log_ec50") for one in (reference, other)}
    slopes = {one.data.compound: one.fit.value("hill_slope") for one in (reference, other)}
    shared: dict[str, Rule] = {part: Shared() for part in ("bottom", "top", "hill_slope")}
    start = {**shape, **ec50, "hill_slope": float(np.mean(list(slopes.values())))}
    joint = fit(Problem(agonist_response, curves, shared), weights, level, _options(start))
    own = {
        "bottom": shape["bottom"],
        **ec50,
        **{f"top[{one.data.compound}]": one.fit.value("top") for one in (reference, other)},
        **{f"hill_slope[{key}]": value for key, value in slopes.items()},
    }
    separate = fit(Problem(agonist_response, curves, {"bottom": Shared()}), weights, level, _options(own))
    if Outcome.FAILED in (joint.outcome, separate.outcome):
        return None, math.nan
    ratio = _difference(joint, f"log_ec50[{base}]", f"log_ec50[{name}]", POTENCY, level)
    return ratio, f_test(joint, separate)[1]


def _options(start: Mapping[str, float]) -> Options:
    return Options(intervals="", starts=1, start=dict(start), response_level=1.0)


def _activities(
    fits: Mapping[str, AgonistFit], reference: str, fullest: str, level: float
) -> dict[str, Estimate]:
    """tau/KA of every agonist over that of the reference, all curves in one operational fit.

    The agonist with the largest maximum stands for the system: its tau is without end.
    """
    if len(fits) < 2:
        return {}
    whole = fullest if fullest in fits else max(fits, key=lambda name: fits[name].span)
    every = [fits[whole], *(one for name, one in fits.items() if name != whole)]
    curves, weights = _joined(every)
    taus: list[Rule] = [Fixed(FULL), *[Individual()] * (len(every) - 1)]
    rules: dict[str, Rule | Sequence[Rule]] = {
        name: Shared() for name in ("bottom", "top", "transducer_slope")
    }
    problem = Problem(operational_activity, curves, {**rules, "log_tau": taus})
    found = fit(problem, weights, level, _options(_start(every)))
    if found.outcome is Outcome.FAILED:
        return {}
    return {
        name: _difference(found, f"log_activity[{name}]", f"log_activity[{reference}]", ACTIVITY, level)
        for name in fits
        if name != reference
    }


def _start(every: Sequence[AgonistFit]) -> dict[str, float]:
    """Where the operational fit begins: with slope 1, tau/KA is Emax over EC50 and tau is Emax/(1 - Emax)."""
    first = every[0]
    start = {"bottom": first.fit.value("bottom"), "top": first.fit.value("top"), "transducer_slope": 1.0}
    for one in every:
        part = min(one.span / first.span, 0.98)
        start[f"log_activity[{one.data.compound}]"] = math.log10(part) - one.fit.value("log_ec50")
        if one is not first:
            start[f"log_tau[{one.data.compound}]"] = math.log10(part / (1.0 - part))
    return start


def low_and_high_end(one: AgonistFit) -> Array:
    """The parts of the fitted maximum at the lowest and the highest concentration."""
    ends = one.fit.predict(one.data.concentrations[[0, -1]])
    found: Array = (ends - one.fit.value("bottom")) / one.span
    return found
