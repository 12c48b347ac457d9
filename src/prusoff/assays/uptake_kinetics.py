"""Uptake over concentrations of substrate: Km and Vmax from total and nonspecific wells fitted together as counted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.check import Flag
from ..core.estimate import Estimate
from ..core.experiment import Experiment
from ..core.plate import Role
from ..core.result import AssayResult, Pooled, Series, Step
from ..counting.rate import SECONDS_PER_MINUTE
from ..equations.labelled_uptake import (
    labelled_uptake,
    labelled_uptake_hill,
    labelled_uptake_substrate_inhibition,
)
from ..figures.lineweaver_burk import lineweaver_burk
from ..figures.plate_map import plate_map
from ..figures.profile import profile
from ..figures.residuals import residuals
from ..figures.velocity import velocity
from ..fitting.intervals import profile_curve
from ..fitting.problem import Problem as FitProblem
from ._days import plain_mean
from ._ligand import Ligand, efficiency_error, ligand_of
from ._methods import counting_steps, fitting_step
from ._panel import by_site
from ._plate_checks import COUNTING_CODES, counting_flags, judge, outcome_facts
from ._signal import Signals, annotated, signals, unread_set_aside
from ._uptake import Per, background_facts, density_facts, known_per, shared_error
from ._uptake_kinetics.bench import TRUTH, simulate
from ._uptake_kinetics.estimates import constants, folds_of_vmax
from ._uptake_kinetics.fits import KineticsFits, bands, fit_kinetics, points
from ._uptake_kinetics.wells import (
    CarrierWells,
    at_highest,
    carrier_wells,
    inhibited_set_aside,
    require_wells,
    used_fraction,
)

CODES = (
    "W-MM-N",
    "W-MM-TOP",
    "W-MM-LOW",
    "W-MM-SHAPE",
    "W-LIN",
    "W-SUBDEP",
    "W-BG",
    "W-CELLS",
    "W-OUT",
)


@dataclass(frozen=True)
class Settings:
    """How an uptake over concentrations of substrate is analysed.

    `per`: what velocities are told by: 'protein', 'cells' or 'well'; 'stated' takes the first that every well has.
    `usable_minutes`: how long the uptake is linear to 10 %, as a time course gives it.
    `level`: confidence level of all intervals.
    """

    per: Literal["stated", "protein", "cells", "well"] = "stated"
    usable_minutes: float = math.nan
    level: float = 0.95


@dataclass(frozen=True)
class Analysed:
    """One experiment, fitted."""

    data: CarrierWells
    fits: KineticsFits
    ligand: Ligand
    read: Signals
    estimates: tuple[Estimate, ...]


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From the wells of one or several days to Km and Vmax.

    The labelled share of the substrate is part of the law, so wells are fitted as they were counted, whether the
    substrate grew by label or by unlabelled substrate beside it. Wells without carrier-mediated uptake (blocker, else
    4 degrees) are fitted with the others and give what does not saturate; nothing is subtracted first. The targets of
    a panel are analysed one by one, and their Km and Vmax compared.
    """
    experiments = tuple(inhibited_set_aside(unread_set_aside(one)) for one in experiments)
    require_wells(experiments)
    found = by_site(experiments, lambda those: _at_one_site(those, settings))
    return replace(found, ratios=(*found.ratios, *folds_of_vmax(found)))


def _at_one_site(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    per = known_per(experiments) if settings.per == "stated" else settings.per
    analysed = tuple(_analyse(experiment, per, settings.level) for experiment in experiments)
    return AssayResult(
        "uptake_kinetics",
        "Uptake kinetics",
        tuple(annotated(one.data.experiment, one.read) for one in analysed),
        tuple(_series(one, settings.level) for one in analysed),
        tuple(_pooled(analysed)),
        tuple(flag for one in analysed for flag in _flags(one, per, settings)),
        (),
        tuple(_steps(analysed, settings.level)),
        tuple(
            dict.fromkeys(f"{one.data.experiment.name}: {note}" for one in analysed for note in _notes(one))
        ),
    )


def _analyse(experiment: Experiment, per: Per, level: float) -> Analysed:
    read, ligand = signals(experiment), ligand_of(experiment)
    data = carrier_wells(experiment, read, ligand, per)
    fits = fit_kinetics(data, level)
    return Analysed(data, fits, ligand, read, constants(data, fits, ligand))


def _series(one: Analysed, level: float) -> Series:
    fits, fit = one.fits, one.fits.one
    failed = not (fits.outcome.usable or fits.bound is not None)
    known = one.data.velocity.known
    size = one.data.velocity.per_signal if known else 1.0
    drawn = () if failed or not np.isfinite(fit.values).all() else bands(one.data, fit, size, level)
    return Series(
        one.data.experiment.radioligand.name,
        one.data.experiment.name,
        fits.outcome,
        fits.reason,
        points(one.data, fit, size),
        one.estimates,
        None if failed else fit,
        (profile_curve(FitProblem.of(fit), fit, "log_km", level),) if fits.outcome.usable else (),
        fits.comparisons,
        drawn,
        {},
        "substrate (M)",
        f"uptake ({one.data.velocity.unit if known else f'{one.data.unit} of undiluted label'})",
    )


def _pooled(analysed: Sequence[Analysed]) -> Iterator[Pooled]:
    """Km and Vmax over the days, with the errors that every day shares: efficiency in both, protein in Vmax."""
    first = analysed[0].data.experiment
    per_cell = shared_error(first, "cells")
    velocity = analysed[0].data.velocity.log10_se if analysed[0].data.velocity.known else 0.0
    label = _shared_label_error(analysed)
    for name, error in {
        "Km": label,
        "Vmax": velocity,
        "Vmax per cell": per_cell,
        "turnover": velocity,
    }.items():
        each = {
            one.data.experiment.name: estimate
            for one in analysed
            for estimate in one.estimates
            if estimate.name == name
        }
        if each:
            yield plain_mean(first.radioligand.name, each, error)


def _shared_label_error(analysed: Sequence[Analysed]) -> float:
    """The part of the error of Km that all days share: the efficiency, as far as the substrate is counted label."""
    first = analysed[0]
    if not first.ligand.counted:
        return 0.0
    middle = float(np.median(first.data.substrate[first.data.used]))
    return efficiency_error(first.data.experiment) * min(first.ligand.total.value / middle, 1.0)


def _flags(one: Analysed, per: Per, settings: Settings) -> Iterator[Flag]:
    data, fits = one.data, one.fits
    levels = data.concentrations
    facts: dict[str, Any] = {
        "distinct_concentrations": int(levels.size),
        "used_fraction": used_fraction(data, one.ligand),
        "uptake_s": data.experiment.conditions.incubation_s,
        "usable_s": settings.usable_minutes * SECONDS_PER_MINUTE,
        **background_facts(one.read),
        **density_facts(data.wells, per),
        **outcome_facts(fits.outcome, fits.reason, len(one.estimates)),
    }
    if fits.outcome.usable or fits.bound is not None:
        facts |= {
            "highest_molar": float(levels.max()),
            "lowest_molar": float(levels.min()),
            "km_molar": next(estimate.value for estimate in one.estimates if estimate.name == "Km"),
            "shape_p": fits.shape_p,
            "shape_law": fits.shape_law,
        }
    experiment = data.experiment
    yield from judge(CODES, facts, f"{experiment.radioligand.name}, {experiment.name}")
    yield from counting_flags(experiment, one.read, one.ligand, at_highest(data))


def _steps(analysed: Sequence[Analysed], level: float) -> Iterator[Step]:
    first = analysed[0]
    yield from counting_steps(first.read)
    without = "blocker" if first.data.background is Role.NSB else "4 °C"
    yield Step(
        f"Wells without inhibitor and wells with their carrier stopped ({without}) were fitted together as counted; "
        "the labelled share of the substrate stands in the law, so unlabelled substrate dilutes the signal and not the "
        "uptake. Nothing was subtracted first.",
        "signal = share (Vmax S / (Km + S) + P S) + background",
        ("segel_1975",),
    )
    if any(one.data.one_label for one in analysed):
        yield Step(
            "All wells hold the same label, so uptake that does not saturate cannot be told from adsorbed label: both "
            "are in P, and the background of the fit is that of the counter, already subtracted."
        )
    yield fitting_step(first.read, level)
    if first.data.velocity.known:
        yield Step(
            "Signals became velocities by the specific activity of the label, the time and what a well holds.",
            "v = dpm / (specific activity · share · time · amount)",
        )
    yield Step(
        "Substrate inhibition and a Hill slope were tested by extra-sum-of-squares F and AICc; the numbers are those "
        "of Michaelis and Menten whatever they say.",
        citations=("burnham_anderson_2002",),
    )
    yield Step(
        "The Lineweaver-Burk plot is drawn with the line of the nonlinear fit; nothing was fitted to it."
    )


def _notes(one: Analysed) -> Iterator[str]:
    yield from one.ligand.notes
    yield from one.read.notes
    missing = one.data.velocity.missing
    if missing:
        yield f"Vmax is given in {one.data.unit} only; a velocity needs {' and '.join(missing)}."
    roles = {well.treatment.role for well in one.data.experiment.used}
    if {Role.NSB, Role.ICE} <= roles:
        yield "Wells at 4 °C are compared with those with blocker, and take no part in the fit."


uptake_kinetics = Assay(
    name="uptake_kinetics",
    title="Uptake kinetics: Km and Vmax",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(labelled_uptake, labelled_uptake_substrate_inhibition, labelled_uptake_hill),
    checks=tuple(checks[code] for code in (*CODES, *COUNTING_CODES)),
    figures=(velocity, lineweaver_burk, residuals, profile, plate_map),
    reference="Segel IH. Enzyme Kinetics. Wiley 1975",
    needs=Needs(
        controls=(Role.TOTAL,),
        label="substrate",
        columns=("substrate", "protein", "cells"),
        also=(Role.NSB, Role.ICE),
    ),
)
