"""One compound on one day of competition kinetics: from wells to estimates, with depletion and held constants."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from ...affinity.propagation import log10_reach
from ...core.errors import InputError, Problem
from ...core.estimate import Estimate
from ...core.experiment import Experiment
from ...core.fit import Fit
from ...core.plate import Role
from .._ligand import Ligand, bound, efficiency_error, ligand_of, molar_per_signal
from .._signal import Signals, compounds, mean_of
from .day import Analysed, Found, Settings
from .depletion import shifts
from .estimates import (
    KI,
    KOFF,
    KON,
    bare_estimates,
    error_shares,
    gains,
    label_estimates,
    residence_time,
    widened,
)
from .fits import TraceFits, fit_traces, held_constants, plateau
from .traces import Traces, traces_of


def analysed_compounds(experiment: Experiment, read: Signals, settings: Settings) -> Iterator[Analysed]:
    """Every compound of one day."""
    ahead_s = 60.0 * settings.competitor_ahead_min
    for compound in compounds(experiment):
        ligand = ligand_of(experiment)
        traces = traces_of(read, compound, experiment, ligand, ahead_s)
        total, nonspecific = plateau(traces, Role.TOTAL), plateau(traces, Role.NSB)
        if read.unit == "dpm" and total.size and nonspecific.size:
            ligand = bound(ligand, experiment, mean_of(total), mean_of(nonspecific))
            traces = traces_of(read, compound, experiment, ligand, ahead_s)
        _require_label(experiment, traces, settings)
        radioligand = experiment.radioligand
        held = held_constants(traces, radioligand.kd, radioligand.koff_per_s, settings.label == "stated")
        fits = fit_traces(traces, held, settings.level)
        found = _found(experiment, (traces, fits, ligand), settings)
        yield Analysed(
            experiment, traces, fits, found, ligand, _receptor(experiment, fits.by_ki, traces.unit, ligand)
        )


def _require_label(experiment: Experiment, traces: Traces, settings: Settings) -> None:
    """Refuse where nothing tells the rate constants of the label."""
    radioligand, where = experiment.radioligand, experiment.name
    if not traces.ligand[traces.used].min(initial=math.inf) > 0 or not traces.used.any():
        raise InputError(
            Problem(
                "the concentration of the label is not known",
                where,
                'Write radioligand = "1.0 nM" in the experiment',
                "E-CONCENTRATION",
            )
        )
    if settings.label == "stated" and not (radioligand.kd is not None and radioligand.koff_per_s > 0):
        raise InputError(
            Problem(
                "the label is to be held as stated, and its koff or its Kd is not stated",
                where,
                "Write koff and kd in [radioligand], or leave out label = 'stated' to fit them",
                "E-MISSING",
            )
        )
    if settings.label == "fitted" and radioligand.kd is None and not traces.label_alone:
        raise InputError(
            Problem(
                "the wells without competitor do not tell both rate constants of the label: it was used at one "
                "concentration, and its dissociation was not followed",
                where,
                "Write kd in [radioligand], or add wells in which the label is chased (phase 'dissociation') or used "
                "at a second concentration",
                "E-MISSING",
            )
        )


def _receptor(experiment: Experiment, fit: Fit | None, unit: str, ligand: Ligand) -> float:
    """Sites in the well as stated, else from the fitted Bmax where it can be told in moles."""
    stated = experiment.conditions.receptor_molar
    if fit is None or unit != "dpm" or not math.isnan(stated):
        return stated
    return fit.value("bmax") * molar_per_signal(ligand, experiment, unit)


def _found(experiment: Experiment, day: tuple[Traces, TraceFits, Ligand], settings: Settings) -> Found:
    """The estimates of a day: as fitted, moved for depletion where it is felt, widened by the constants held."""
    traces, fits, ligand = day
    bare = bare_estimates(fits)
    if fits.by_ki is None or not bare:
        return Found((), {}, {}, {}, {}, {})
    moved = shifts(experiment, traces, fits, ligand)
    bare = {name: one.times(10.0 ** moved.get(name, 0.0), name, one.unit) for name, one in bare.items()}
    constants = _constant_errors(experiment, fits, settings)
    gain = gains(fits)
    errors = {"[L]": ligand.free.log10_se, **constants}
    shared = {"[L]": efficiency_error(experiment) if ligand.counted else 0.0, **constants}
    wide = {name: widened(one, gain[name], errors) for name, one in bare.items()}
    estimates = [*_in_order(wide), *label_estimates(fits.by_ki, traces.unit)]
    main = next(name for name in (KI, KON, KOFF) if name in bare)
    shares = error_shares(bare[main], gain[main], errors) if not bare[main].is_bound else {}
    return Found(tuple(estimates), bare, gain, shared, shares, moved)


def _in_order(found: Mapping[str, Estimate]) -> Iterator[Estimate]:
    if KI in found:
        yield found[KI]
        yield found[KI].negative_log10(f"p{KI}")
    if KON in found:
        yield found[KON]
    if KOFF in found:
        yield found[KOFF]
        yield residence_time(found[KOFF])


def _constant_errors(experiment: Experiment, fits: TraceFits, settings: Settings) -> dict[str, float]:
    """Standard errors of log10 of the constants of the label that were held."""
    kd, errors = experiment.radioligand.kd, {}
    if fits.held.log_kd is not None and kd is not None:
        errors["Kd"] = log10_reach(kd, settings.level)
    if fits.held.log_koff is not None:
        errors["koff"] = settings.koff_se_percent / 100.0 / math.log(10.0)
    return errors
