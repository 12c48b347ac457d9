"""What both ligands being used up does to the constants: the wells integrated with depletion, and fitted without it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import PrusoffError
from ...core.experiment import Experiment
from ...core.fit import Fit, Outcome
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit
from ...fitting.weights import GivenWeights
from ...simulation.competition_kinetics import Mixture, label_over_time
from .._ligand import Ligand, molar_per_signal
from .estimates import KI, KOFF, KON, PARAMETERS
from .fits import TraceFits
from .traces import Traces

FELT, MOST = (
    0.02,
    0.8,
)  # bound fraction of the label from which depletion is looked at, and above which it is too much
STEPS, CLOSE, FAR = (
    6,
    1e-4,
    1.0,
)  # rounds; decades between rounds at which it is found, and at which it is lost


@dataclass(frozen=True)
class _Day:
    """One day as it is simulated: label added over label free, and mol/L bound for one unit of signal."""

    fit: Fit
    added_over_free: float
    molar_per_signal: float


def shifts(experiment: Experiment, traces: Traces, fits: TraceFits, ligand: Ligand) -> dict[str, float]:
    """By how many decades log10 of Ki, kon and koff move when depletion of both ligands is reckoned with.

    The constants are sought whose wells, integrated with depletion and fitted like the measured ones, give the values
    that were found. Nothing where less than 2 % of the label is bound, or where it cannot be known or found.
    """
    one = fits.by_ki
    if one is None or not fits.outcome.usable or not FELT < ligand.depletion < MOST:
        return {}
    per_signal = molar_per_signal(ligand, experiment, traces.unit)
    if not per_signal > 0:
        return {}
    day = _Day(one, ligand.total.value / ligand.free.value, per_signal)
    problem, weighting = FitProblem.of(one), GivenWeights.of(one)
    truth = one.values.copy()
    for _ in range(STEPS):
        found = _refitted(problem, weighting, day, truth)
        if found is None:
            return {}
        step = _scaled(problem, one.values, found, truth)
        truth = truth + step
        if np.abs(step[_logs(problem)]).max() < CLOSE:
            return _moved(problem, truth - one.values)
    return {}


def _scaled(problem: FitProblem, aim: Array, found: Array, truth: Array) -> Array:
    """The step that would bring the fit of the simulated wells to the values found; in proportion for amounts."""
    logs = _logs(problem)
    safe = np.where(found == 0, 1.0, found)
    step: Array = np.where(logs, aim - found, truth * (aim / safe - 1.0))
    return step


def _logs(problem: FitProblem) -> Array:
    found: Array = np.array([name.startswith("log_") for name in problem.names])
    return found


def _moved(problem: FitProblem, by: Array) -> dict[str, float]:
    of = dict(zip(problem.names, by.tolist(), strict=True))
    ki, koff = of[PARAMETERS[KI]], of[PARAMETERS[KOFF]]
    moved = {KI: ki, KOFF: koff, KON: koff - ki}
    return moved if max(map(abs, moved.values())) < FAR else {}


def _refitted(problem: FitProblem, weighting: GivenWeights, day: _Day, truth: Array) -> Array | None:
    """What the fit makes of wells with these constants when label and competitor are used up."""
    table = problem.parameters(truth)
    curves = [
        Curve(curve.x, _signal(curve.x, table[c], day), label=curve.label)
        for c, curve in enumerate(problem.curves)
    ]
    start = dict(zip(problem.names, truth.tolist(), strict=True))
    try:
        found = fit(
            FitProblem(problem.equation, curves, problem.sharing),
            weighting,
            options=Options(intervals="", starts=1, start=start),
        )
    except PrusoffError:
        return None
    return None if found.outcome is Outcome.FAILED else found.values


def _signal(x: Array, parameters: Array, day: _Day) -> Array:
    """The signals of wells integrated with depletion; wells treated alike are integrated once."""
    bmax, ns, log_ligand, log_kd, log_koff, log_ki, log_k4 = parameters.tolist()
    places, where = np.unique(x, axis=1, return_inverse=True)
    time, log_competitor, head_start = places
    added = 10.0**log_ligand * day.added_over_free
    elsewhere = max(ns * day.molar_per_signal, 0.0)
    free_part = 1.0 / (1.0 + elsewhere)
    no_sites = np.isposinf(log_competitor) & (head_start >= 0)
    mixture = Mixture.of(
        time.size,
        on=10.0 ** (log_koff - log_kd) * free_part,
        off=10.0**log_koff,
        competitor_on=10.0 ** (log_k4 - log_ki),
        competitor_off=10.0**log_k4,
        sites=np.where(no_sites, 0.0, bmax * day.molar_per_signal),
        label=added,
        competitor=np.where(np.isneginf(log_competitor), 0.0, 10.0**log_competitor),
    )
    bound = label_over_time(mixture, time, head_start)
    signal: Array = (bound + (1.0 - free_part) * (added - bound)) / day.molar_per_signal
    return signal[np.reshape(where, -1)]
