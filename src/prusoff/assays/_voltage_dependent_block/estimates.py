"""What comes out of the block at several potentials: KD at 0 mV, the electrical distance, KD potential by potential."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ...core.estimate import Estimate, Relation
from ...core.fit import Outcome
from ...core.measured import Measured
from ...core.result import CurveBand, Points
from ...fitting.intervals import quantile
from .._fitted import derived_log, fitted, fitted_log
from .fits import BEYOND, DrugFit

KD_ZERO, DISTANCE, CHARGE, LOCAL = "KD(0 mV)", "electrical distance", "zδ", "local KD"
GRID = 41
SURE = 0.5  # standard error of log10 KD above which a potential tells no KD
FACTOR = math.log(10.0)


def constants(one: DrugFit, valence: float, level: float) -> Iterator[Estimate]:
    """KD at 0 mV, the electrical distance of a drug of this valence, zδ, and KD at every potential by itself."""
    whole = one.whole
    if whole is not None and one.outcome.usable:
        yield fitted_log(KD_ZERO, whole, "log_kd")
        charge = fitted(CHARGE, whole, "z_delta", "")
        distance = charge.times(1.0 / abs(valence), DISTANCE, "")
        yield distance if valence > 0 else _mirrored(distance)
        yield charge
    if math.isfinite(one.bound):
        relation = Relation.ABOVE if one.above else Relation.BELOW
        method = "outside the range tested, at every potential"
        yield Estimate(
            KD_ZERO.replace("0 mV", "V"), 10.0**one.bound, "M", level=level, relation=relation, method=method
        )
        return
    yield from (estimate for _, estimate in local(one))


def _mirrored(one: Estimate) -> Estimate:
    return replace(one, value=-one.value, low=-one.high, high=-one.low)


def local(one: DrugFit) -> Iterator[tuple[float, Estimate]]:
    """KD at every potential that tells one, from its own currents, with the potential in V."""
    alone = one.each
    if alone is None or one.outcome in (Outcome.NO_RESPONSE, Outcome.CENSORED):
        return
    several = len(one.potentials) > 1
    for at in one.potentials:
        name = f"log_kd[{at.label}]" if several else "log_kd"
        if name not in alone.names or not alone.standard_error(name) < SURE or name in alone.at_bounds:
            continue
        log = Measured(alone.value(name), alone.standard_error(name))
        if at.concentrations[0] - BEYOND <= log.value <= at.concentrations[-1] + BEYOND:
            told = derived_log(
                f"{LOCAL} ({at.label})", log, alone, "currents at this potential alone, Wald interval"
            )
            yield at.potential_v, told


def facts(one: DrugFit) -> dict[str, Any]:
    """What the checks of voltage dependence look at."""
    volts = [at.potential_v for at in one.potentials]
    found: dict[str, Any] = {"potentials": float(len(volts))}
    if volts:
        found |= {"lowest_v": min(volts), "highest_v": max(volts)}
    whole = one.whole
    if whole is None or not one.outcome.usable:
        return found
    charge = fitted(CHARGE, whole, "z_delta", "")
    across = (max(volts) - min(volts)) / one.data.thermal_v
    found |= {
        "kd_span": math.exp(charge.value * across),
        "kd_span_low": math.exp(charge.low * across) if math.isfinite(charge.low) else 0.0,
        "kd_span_high": math.exp(min(charge.high * across, 700.0)),
        "bend_p": one.bend_p,
    }
    if one.bent is not None:
        found["bend"] = one.bent.value("bend")
    return found


def points(one: DrugFit) -> Points:
    """KD of every potential that tells one, against the potential."""
    told = list(local(one))
    return Points(
        np.array([volts for volts, _ in told]),
        np.array([estimate.value for _, estimate in told]),
        tuple(estimate.name for _, estimate in told),
        (True,) * len(told),
        "",
    )


def lines(one: DrugFit, level: float) -> Iterator[CurveBand]:
    """Woodhull's line of KD against the potential with its band, and the bent one where it fits better."""
    whole = one.whole
    if whole is None or not one.outcome.usable:
        return
    volts = np.linspace(one.potentials[0].potential_v, one.potentials[-1].potential_v, GRID)
    reduced = volts / one.data.thermal_v
    at = [whole.index("log_kd"), whole.index("z_delta")]
    slopes = np.stack([np.ones(GRID), reduced / FACTOR])
    logs = whole.values[at] @ slopes
    error = np.sqrt(
        np.maximum(np.einsum("ip,ij,jp->p", slopes, whole.covariance[np.ix_(at, at)], slopes), 0.0)
    )
    half = quantile(level, whole.df) * error
    yield CurveBand(volts, 10.0**logs, 10.0 ** (logs - half), 10.0 ** (logs + half), "line", level)
    if one.bent is not None and one.comparison is not None and one.comparison.fit is one.bent:
        logs = (
            one.bent.value("log_kd")
            + (one.bent.value("z_delta") + one.bent.value("bend") * reduced) * reduced / FACTOR
        )
        nothing = np.full(GRID, np.nan)
        yield CurveBand(volts, 10.0**logs, nothing, nothing, "bent", level)
