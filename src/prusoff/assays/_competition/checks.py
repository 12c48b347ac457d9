"""Which facts of a competition run its checks look at."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ...core.check import Flag
from ...core.estimate import Relation
from ...core.fit import Interval
from ...core.plate import Role
from ...core.result import PlateSummary
from ...fitting.intervals import quantile
from .._plate_checks import COUNTING_CODES, PLATE_CODES, counting_flags, judge, outcome_facts, plate_flags
from .._signal import Signals, standard_error
from .day import Analysed
from .depletion import receptor_molar
from .equilibration import early_facts
from .estimates import RELATIVE
from .exact import Exact

CURVE_CODES = ("W-SPAN", "W-PREFIX", "W-TOP", "W-NSB", "W-HILL", "W-TIGHT", "W-OVER", "W-OUT")
EXPERIMENT_CODES = ("W-EQ", "W-EQ-BIAS", "W-DEP", "W-LKD", "W-KD", "W-KD-SE")
CODES = (*CURVE_CODES, *EXPERIMENT_CODES, *PLATE_CODES, *COUNTING_CODES)


def flags(
    analysed: Sequence[Analysed], plates: Sequence[PlateSummary], read: Mapping[str, Signals]
) -> tuple[Flag, ...]:
    """All checks: of every curve, every experiment, every plate, and the counter."""
    found: list[Flag] = []
    for one in analysed:
        found += _curve_flags(one, read[one.experiment.name])
    for one in {one.experiment.name: one for one in analysed}.values():
        exact = any(other.exact for other in analysed if other.experiment.name == one.experiment.name)
        found += _experiment_flags(one, exact)
        signals = read[one.experiment.name]
        found += counting_flags(one.experiment, signals, one.ligand, signals.of_role(Role.TOTAL))
    by_name = {one.experiment.name: one.experiment for one in analysed}
    for plate in plates:
        if plate.experiment in by_name and plate.total_n and plate.nsb_n:
            found += plate_flags(plate, by_name[plate.experiment], read[plate.experiment])
    return tuple(found)


def _curve_flags(one: Analysed, read: Signals) -> Iterator[Flag]:
    data, fits = one.data, one.fits
    total, nonspecific = (read.of_role(role, data.plates) for role in (Role.TOTAL, Role.NSB))
    facts: dict[str, Any] = {"total_mean": _mean(total), "nsb_mean": _mean(nonspecific)}
    facts |= _span(one, total, nonspecific)
    facts |= _potency(one)
    facts |= outcome_facts(fits.outcome, fits.reason, len(one.constants.estimates))
    if fits.outcome.usable:
        free, alone = fits.free, fits.alone
        slope = free.intervals.get("hill_slope")
        if slope is not None:
            facts |= {"hill_slope": free.value("hill_slope"), "hill_low": slope.low, "hill_high": slope.high}
        if one.exact is not None:
            facts |= _exact_plateaus(one.exact, nonspecific)
        elif alone is not None and alone.outcome.usable:
            facts |= {"top": alone.value("top"), "bottom": alone.value("bottom")}
            facts |= bottoms(alone.intervals.get("bottom"), nonspecific)
    return judge(CURVE_CODES, facts, f"{data.compound}, {one.experiment.name}")


def _span(one: Analysed, total: np.ndarray, nonspecific: np.ndarray) -> dict[str, Any]:
    """Smallest and largest mean inhibition of a concentration, as a fraction of the control window."""
    window = _mean(total) - _mean(nonspecific)
    own = one.data.without_controls
    if not len(own) or not window > 0:
        return {}
    levels = [own.y[own.x == x] for x in np.unique(own.x)]
    inhibition = [(_mean(total) - _mean(level)) / window for level in levels]
    most = int(np.argmax(inhibition))
    errors = (standard_error(values, one.data.weighting) for values in (levels[most], nonspecific))
    return {
        "least_inhibition": min(inhibition),
        "most_inhibition": inhibition[most],
        "most_inhibition_se": math.hypot(*errors) / window,
    }


def _potency(one: Analysed) -> dict[str, Any]:
    by_name = {estimate.name: estimate for estimate in one.constants.estimates}
    facts: dict[str, Any] = {"receptor_molar": receptor_molar(one), "exact_model": one.exact is not None}
    if RELATIVE in by_name and one.data.concentrations.size:
        ic50 = by_name[RELATIVE]
        facts |= {
            "ic50_molar": ic50.value,
            "relation": ic50.relation.value,
            "lowest_molar": 10.0 ** float(one.data.concentrations[0]),
            "highest_molar": 10.0 ** float(one.data.concentrations[-1]),
        }
    if "Ki" in by_name and by_name["Ki"].relation is not Relation.ABOVE:
        facts["ki_molar"] = by_name["Ki"].value
    return facts


def _exact_plateaus(exact: Exact, nonspecific: np.ndarray) -> dict[str, Any]:
    """Plateaus and slope where ligands are used up: no logistic curve has the shape of those wells."""
    top, bottom, low, high = exact.plateaus
    return {
        "hill_expected": exact.hill_slope,
        "top": top,
        "bottom": bottom,
        **bottoms(Interval(low, high, 0.95, "Wald"), nonspecific),
    }


def bottoms(interval: Any, nonspecific: np.ndarray) -> dict[str, Any]:
    """The interval of the bottom of a curve beside that of the mean of the nonspecific wells."""
    if interval is None or nonspecific.size < 2:
        return {}
    half = quantile(0.95, nonspecific.size - 1) * float(nonspecific.std(ddof=1)) / math.sqrt(nonspecific.size)
    return {
        "bottom_low": interval.low,
        "bottom_high": interval.high,
        "nsb_low": _mean(nonspecific) - half,
        "nsb_high": _mean(nonspecific) + half,
    }


def _experiment_flags(one: Analysed, exact: bool) -> Iterator[Flag]:
    conditions, radioligand = one.experiment.conditions, one.experiment.radioligand
    kd = radioligand.kd
    facts: dict[str, Any] = {
        "incubation_s": conditions.incubation_s,
        "koff_per_s": radioligand.koff_per_s,
        "bound_fraction": one.ligand.depletion,
        "exact_model": exact,
        "ligand_molar": one.ligand.free.value,
        "assay_temperature_c": conditions.temperature_c,
        "assay_species": conditions.species,
        "assay_system": conditions.system,
        **early_facts(one),
    }
    if kd is not None:
        facts |= {
            "kd_molar": kd.value,
            "kd_relative_se": kd.log10_se * math.log(10) if math.isnan(kd.se) else kd.se / kd.value,
            "kd_temperature_c": kd.temperature_c,
            "kd_species": kd.species,
            "kd_system": kd.system,
        }
    return judge(EXPERIMENT_CODES, facts, one.experiment.name)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else math.nan
