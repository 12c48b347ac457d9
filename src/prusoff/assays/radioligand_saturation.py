"""Saturation with a radioligand: Kd and Bmax from total and nonspecific binding fitted together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..checks import catalog as checks
from ..core.assay import Assay
from ..core.check import Flag
from ..core.estimate import Estimate
from ..core.experiment import Experiment
from ..core.fit import Outcome
from ..core.plate import Role
from ..core.result import AssayResult, Pooled, Series, Step
from ..equations.ligand_depletion import one_site_depletion
from ..equations.saturation_binding import (
    hill_saturation,
    one_site_total_binding,
    quadratic_nonspecific,
    two_site_saturation,
)
from ..figures.binding_isotherm import binding_isotherm
from ..figures.plate_map import plate_map
from ..figures.profile import profile
from ..figures.residuals import residuals
from ..fitting.intervals import profile_curve
from ..fitting.problem import Problem as FitProblem
from ._days import plain_mean
from ._ligand import Ligand, efficiency_error, ligand_of
from ._methods import counting_steps, fitting_step
from ._panel import by_site
from ._plate_checks import COUNTING_CODES, counting_flags, judge, outcome_facts
from ._plates import require_controls
from ._saturation.bench import TRUTH, simulate
from ._saturation.estimates import constants, density_error
from ._saturation.isotherm import (
    FEWEST_CONCENTRATIONS,
    Isotherm,
    IsothermFits,
    bands,
    fit_isotherm,
    isotherm,
    points,
)
from ._saturation.sites import NO_SITES, no_sites, signal_to_background
from ._signal import Signals, annotated, signals, unread_set_aside

MOST_DEPLETION = 0.10
CODES = (
    "W-SAT-N",
    "W-SAT-TOP",
    "W-SAT-LOW",
    "W-SAT-CORR",
    "W-NSB-CURVE",
    "W-NSB-NEG",
    "W-SPEC",
    "W-SB",
    "W-DEP",
    "W-EQ",
    "W-OUT",
)


@dataclass(frozen=True)
class Settings:
    """How saturation isotherms are analysed.

    `level`: confidence level of all intervals.
    """

    level: float = 0.95


@dataclass(frozen=True)
class Analysed:
    """One experiment, fitted."""

    data: Isotherm
    fits: IsothermFits
    ligand: Ligand
    read: Signals
    outcome: Outcome
    reason: str
    estimates: tuple[Estimate, ...]


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From the wells of one or several days to Kd and Bmax.

    Total and nonspecific wells are fitted together against free radioligand, sharing the nonspecific slope and the
    background; nothing is subtracted first. A Scatchard plot is drawn from the fit and never fitted. Wells without
    label (role background or blank) give the counter background of their plate, in place of a stated one. The
    targets of a panel are analysed one by one.
    """
    experiments = tuple(map(unread_set_aside, experiments))
    require_controls(experiments)
    return by_site(experiments, lambda those: _at_one_site(those, settings))


def _at_one_site(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    analysed = tuple(_analyse(experiment, settings.level) for experiment in experiments)
    return AssayResult(
        "radioligand_saturation",
        "Radioligand saturation",
        tuple(annotated(one.data.experiment, one.read) for one in analysed),
        tuple(_series(one, settings.level) for one in analysed),
        tuple(_pooled(analysed)),
        tuple(flag for one in analysed for flag in _flags(one)),
        (),
        tuple(_steps(analysed[0], settings.level)),
        tuple(
            dict.fromkeys(f"{one.data.experiment.name}: {note}" for one in analysed for note in _notes(one))
        ),
    )


def _analyse(experiment: Experiment, level: float) -> Analysed:
    read, ligand = signals(experiment), ligand_of(experiment)
    data = isotherm(experiment, read, ligand)
    fits = fit_isotherm(data, level, MOST_DEPLETION)
    outcome, reason = _judged(data, fits)
    estimates = tuple(constants(data, fits, ligand)) if outcome.usable else ()
    return Analysed(data, fits, ligand, read, outcome, reason, estimates)


def _judged(data: Isotherm, fits: IsothermFits) -> tuple[Outcome, str]:
    """The outcome of an isotherm: wells that show no sites give no constants, whatever could be fitted to them."""
    few = data.concentrations.size
    if few < FEWEST_CONCENTRATIONS:
        told = (
            f"{few} radioligand concentrations make no isotherm; at least {FEWEST_CONCENTRATIONS} are needed."
        )
        return Outcome.FAILED, told
    unseen = no_sites(data)
    if not unseen and any(name.startswith("bmax") for name in fits.one.at_bounds):
        unseen = NO_SITES
    return (Outcome.FAILED, unseen) if unseen else (fits.one.outcome, fits.one.reason)


def _series(one: Analysed, level: float) -> Series:
    usable, fit = one.outcome.usable, one.fits.one
    failed = one.outcome is Outcome.FAILED
    return Series(
        one.data.experiment.radioligand.name,
        one.data.experiment.name,
        one.outcome,
        one.reason,
        points(one.data, fit),
        one.estimates,
        None if failed else fit,
        (profile_curve(FitProblem.of(fit), fit, "log_kd", level),) if usable else (),
        one.fits.comparisons if usable else (),
        () if failed else bands(one.data, fit, level),
        {},
        "free radioligand (M)" if math.isfinite(one.data.depletion) else "added radioligand (M)",
        f"{one.data.experiment.radioligand.name} bound ({one.data.unit})",
    )


def _pooled(analysed: tuple[Analysed, ...]) -> Iterator[Pooled]:
    """Kd and Bmax over the days, with the errors that every day shares: the efficiency in both, the protein in Bmax."""
    first = analysed[0]
    subject = first.data.experiment.radioligand.name
    shared = {
        "Kd": efficiency_error(first.data.experiment) if first.ligand.counted else 0.0,
        "Bmax": density_error(first.data.experiment),
    }
    for name, error in shared.items():
        each = {
            one.data.experiment.name: estimate
            for one in analysed
            for estimate in one.estimates
            if estimate.name == name
        }
        if each:
            yield plain_mean(subject, each, error)


def _flags(one: Analysed) -> Iterator[Flag]:
    data, experiment = one.data, one.data.experiment
    total = data.of(Role.TOTAL)
    facts: dict[str, Any] = {
        "distinct_concentrations": int(data.concentrations.size),
        "highest_molar": float(data.free[total].max()),
        "lowest_molar": float(data.free[total].min()),
        "bound_fraction": data.depletion,
        "incubation_s": experiment.conditions.incubation_s,
        "koff_per_s": experiment.radioligand.koff_per_s,
        "nsb_curvature_p": one.fits.curvature_p,
        "signal_to_background": signal_to_background(data),
        **outcome_facts(one.outcome, one.reason, len(one.estimates)),
        **_fitted_facts(one),
    }
    label = f"{experiment.radioligand.name}, {experiment.name}"
    yield from judge(CODES, facts, label)
    alike = data.signal[total & (data.added == data.concentrations[-1])]
    yield from counting_flags(experiment, one.read, one.ligand, np.asarray(alike))


def _fitted_facts(one: Analysed) -> dict[str, Any]:
    if not one.outcome.usable:
        return {}
    fit = one.fits.one
    kd, slope = 10.0 ** fit.value("log_kd"), fit.intervals.get("ns")
    at_kd = np.array([kd])
    everything, nonspecific = (float(fit.predict(at_kd, curve)[0]) for curve in (0, 1))
    bmax = next(name for name in fit.names if name.startswith("bmax"))
    i, j = fit.index("log_kd"), fit.index(bmax)
    both = float(fit.covariance[i, i] * fit.covariance[j, j])
    return {
        "kd_molar": kd,
        "kd_bmax_correlation": float(fit.covariance[i, j]) / math.sqrt(both) if both > 0 else None,
        "nonspecific_low": slope.low if slope else None,
        "nonspecific_high": slope.high if slope else None,
        "specific_fraction": (everything - nonspecific) / everything if everything > 0 else None,
    }


def _steps(first: Analysed, level: float) -> Iterator[Step]:
    yield from counting_steps(first.read)
    how = (
        "free radioligand (added minus bound)" if math.isfinite(first.data.depletion) else "added radioligand"
    )
    yield Step(
        f"Total and nonspecific binding were fitted together against {how}, with one nonspecific slope and one "
        "background; nothing was subtracted first.",
        "T = Bmax L / (Kd + L) + NS L + background;  N = NS L + background",
        ("motulsky_christopoulos_2004",),
    )
    yield fitting_step(first.read, level)
    yield Step(
        "The Scatchard plot is drawn with the line of the nonlinear fit; nothing was fitted to it.",
        citations=("scatchard_1949", "rosenthal_1967"),
    )
    yield Step(
        "Two sites, a Hill slope and a curved nonspecific line were tested by extra-sum-of-squares F and AICc.",
        citations=("burnham_anderson_2002",),
    )


def _notes(one: Analysed) -> Iterator[str]:
    yield from one.ligand.notes
    yield from one.read.notes
    if one.data.unit == "dpm" and not one.data.experiment.conditions.protein_g > 0:
        yield "The protein in a well is not stated, so Bmax is given in dpm only."


radioligand_saturation = Assay(
    name="radioligand_saturation",
    title="Radioligand saturation: Kd and Bmax",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(
        one_site_total_binding,
        two_site_saturation,
        hill_saturation,
        quadratic_nonspecific,
        one_site_depletion,
    ),
    checks=tuple(checks[code] for code in (*CODES, *COUNTING_CODES)),
    figures=(binding_isotherm, residuals, profile, plate_map),
    reference="Motulsky H, Christopoulos A. Fitting Models to Biological Data. Oxford University Press 2004",
)
