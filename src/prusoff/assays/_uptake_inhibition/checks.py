"""Which facts of an uptake inhibition its checks look at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...core.check import Flag
from ...core.equation import Array
from ...core.plate import Role
from ...core.result import PlateSummary
from ...fitting.intervals import quantile
from .._competition.estimates import RELATIVE
from .._plate_checks import COUNTING_CODES, PLATE_CODES, counting_flags, judge, outcome_facts, plate_flags
from .._signal import mean_of, standard_error
from .._uptake import background_facts, density_facts
from .day import Analysed, Day, Settings

CURVE_CODES = ("W-SPAN", "W-PREFIX", "W-TOP", "W-NSB", "W-HILL", "W-OVER", "W-OUT")
EXPERIMENT_CODES = ("W-LIN", "W-SUBDEP", "W-BG", "W-CELLS", "W-KM", "W-KM-SE")
CODES = (*CURVE_CODES, *EXPERIMENT_CODES, *PLATE_CODES, *COUNTING_CODES)


def flags(
    analysed: Sequence[Analysed], days: Sequence[Day], plates: Sequence[PlateSummary], settings: Settings
) -> tuple[Flag, ...]:
    """All checks: of every curve, every experiment, every plate, and the counter."""
    found: list[Flag] = []
    for one in analysed:
        found += judge(CURVE_CODES, _curve_facts(one), f"{one.data.compound}, {one.experiment.name}")
    for day in days:
        found += judge(EXPERIMENT_CODES, day_facts(day, settings), day.experiment.name)
        found += counting_flags(day.experiment, day.read, day.ligand, day.read.of_role(Role.TOTAL))
    by_name = {day.experiment.name: day for day in days}
    for plate in plates:
        if plate.total_n and plate.nsb_n:
            day = by_name[plate.experiment]
            found += plate_flags(plate, day.experiment, day.read)
    return tuple(_of_uptake(flag) for flag in found)


def _of_uptake(flag: Flag) -> Flag:
    """A verdict on controls in the words of uptake."""
    said = flag.sentence.replace("nonspecific binding", "the background").replace("binding", "uptake")
    return replace(flag, sentence=said[:1].upper() + said[1:])


def _curve_facts(one: Analysed) -> dict[str, Any]:
    data, fits = one.data, one.fits
    facts: dict[str, Any] = outcome_facts(fits.outcome, fits.reason, len(one.constants.estimates))
    if data.controls is not None:
        facts |= dict(zip(("total_mean", "nsb_mean"), data.controls, strict=True))
        facts |= _span(one)
    facts |= _potency(one)
    if fits.outcome.usable:
        slope = fits.free.intervals.get("hill_slope")
        if slope is not None:
            facts |= {
                "hill_slope": fits.free.value("hill_slope"),
                "hill_low": slope.low,
                "hill_high": slope.high,
            }
        if fits.alone is not None and fits.alone.outcome.usable:
            facts |= {"top": fits.alone.value("top"), "bottom": fits.alone.value("bottom")}
            facts |= _bottoms(one)
    return facts


def _span(one: Analysed) -> dict[str, Any]:
    """Smallest and largest mean inhibition of a concentration, as a fraction of the control span."""
    assert one.data.controls is not None
    (total, full), own = one.data.controls, one.data.without_controls
    if not len(own) or not total > full:
        return {}
    levels = [own.y[own.x == x] for x in np.unique(own.x)]
    inhibition = [(total - float(level.mean())) / (total - full) for level in levels]
    most = int(np.argmax(inhibition))
    errors = [standard_error(levels[most], one.data.weighting)]
    background = _background(one)
    if background.size:
        errors.append(standard_error(background, one.data.weighting))
    return {
        "least_inhibition": min(inhibition),
        "most_inhibition": inhibition[most],
        "most_inhibition_se": math.hypot(*errors) / (total - full),
    }


def _background(one: Analysed) -> Array:
    curve = one.data.curve
    found: Array = curve.y[curve.x == math.inf]
    return found


def _potency(one: Analysed) -> dict[str, Any]:
    ic50, tested = one.estimate(RELATIVE), one.data.concentrations
    if ic50 is None or not tested.size:
        return {}
    return {
        "ic50_molar": ic50.value,
        "relation": ic50.relation.value,
        "lowest_molar": 10.0 ** float(tested[0]),
        "highest_molar": 10.0 ** float(tested[-1]),
    }


def _bottoms(one: Analysed) -> dict[str, Any]:
    alone, background = one.fits.alone, _background(one)
    interval = None if alone is None else alone.intervals.get("bottom")
    if interval is None or background.size < 2:
        return {}
    mean = mean_of(background)
    half = quantile(0.95, background.size - 1) * mean.se
    return {
        "bottom_low": interval.low,
        "bottom_high": interval.high,
        "nsb_low": mean.value - half,
        "nsb_high": mean.value + half,
    }


def day_facts(day: Day, settings: Settings) -> dict[str, Any]:
    """What the checks of an experiment look at: time, substrate, backgrounds, cells and Km."""
    conditions, km = day.experiment.conditions, day.experiment.radioligand.km
    facts: dict[str, Any] = {
        "uptake_s": conditions.incubation_s,
        "usable_s": 60.0 * settings.usable_minutes,
        "used_fraction": day.ligand.depletion,
        "assay_temperature_c": conditions.temperature_c,
        "assay_species": conditions.species,
        "assay_system": conditions.system,
        **background_facts(day.counted),
        **density_facts(day.counted.wells, day.per),
    }
    if km is not None:
        facts |= {
            "km_molar": km.value,
            "km_relative_se": km.log10_se * math.log(10) if math.isnan(km.se) else km.se / km.value,
            "km_temperature_c": km.temperature_c,
            "km_species": km.species,
            "km_system": km.system,
        }
    return facts
