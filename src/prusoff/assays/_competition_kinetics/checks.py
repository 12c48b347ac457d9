"""Which facts of competition kinetics its checks look at."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...checks.competition_kinetics import APART, apart
from ...core.check import Flag
from ...core.estimate import Estimate
from ...core.plate import Role
from .._plate_checks import COUNTING_CODES, counting_flags, judge, outcome_facts
from .._signal import Signals
from .day import Analysed
from .estimates import KI, KOFF
from .fits import plateau

CURVE_CODES = ("W-OUT", "W-CK-N", "W-CK-RANGE", "W-CK-TIME", "W-CK-OVER", "W-CK-LABEL", "W-TIGHT")
EXPERIMENT_CODES = ("W-DEP", "W-LKD", "W-SPEC")
CODES = (*CURVE_CODES, *EXPERIMENT_CODES, *COUNTING_CODES)


def flags(analysed: Sequence[Analysed], read: Mapping[str, Signals]) -> tuple[Flag, ...]:
    """All checks: of every compound on every day, of every day, and of the counter."""
    found: list[Flag] = []
    for one in analysed:
        found += _curve_flags(one)
    first = sorted(analysed, key=lambda one: one.traces.compound, reverse=True)
    for one in {one.experiment.name: one for one in first}.values():
        found += _experiment_flags(one)
        alike = plateau(one.traces, Role.TOTAL)
        found += counting_flags(one.experiment, read[one.experiment.name], one.ligand, alike)
    return tuple(found)


def _curve_flags(one: Analysed) -> Iterator[Flag]:
    traces, fits, bare = one.traces, one.fits, one.found.bare
    facts: dict[str, Any] = {
        "concentrations": int(traces.concentrations.size),
        "longest_s": traces.longest,
        "receptor_molar": one.receptor_molar,
        **outcome_facts(fits.outcome, fits.reason, len(one.found.estimates)),
    }
    ki, koff = bare.get(KI), bare.get(KOFF)
    if ki is not None and not ki.is_bound and traces.concentrations.size:
        facts |= {
            "ki_molar": ki.value,
            "lowest_molar": float(traces.concentrations[0]),
            "highest_molar": float(traces.concentrations[-1]),
        }
    if fits.by_ki is not None and fits.outcome.usable:
        facts |= _rates(one, koff)
    return judge(CURVE_CODES, facts, f"{traces.compound}, {one.experiment.name}")


def _rates(one: Analysed, koff: Estimate | None) -> dict[str, Any]:
    """Rates of competitor and label, how sure that of the competitor is, and the label against what is stated of it."""
    fit, stated = one.fits.by_ki, one.experiment.radioligand
    assert fit is not None
    interval = fit.intervals.get("log_koff_competitor")
    facts: dict[str, Any] = {
        "koff_competitor": 10.0 ** fit.value("log_koff_competitor"),
        "koff_label": 10.0 ** fit.value("log_koff"),
    }
    if interval is not None:
        facts |= {"koff_low": 10.0**interval.low, "koff_high": 10.0**interval.high}
    seen = one.fits.label_seen
    facts |= {
        "koff_stated": stated.koff_per_s,
        "kd_stated": math.nan if stated.kd is None else stated.kd.value,
        "koff_seen": 10.0 ** seen.get("log_koff", math.nan),
        "kd_seen": 10.0 ** seen.get("log_kd", math.nan),
    }
    held = one.fits.held.log_kd is not None
    facts["label_holds"] = None if held and max(apart(facts).values(), default=1.0) > APART else True
    return facts


def _experiment_flags(one: Analysed) -> Iterator[Flag]:
    total, nonspecific = plateau(one.traces, Role.TOTAL), plateau(one.traces, Role.NSB)
    facts: dict[str, Any] = {
        "bound_fraction": one.ligand.depletion,
        "ligand_molar": one.ligand.free.value,
        "kd_molar": math.nan if one.fits.by_ki is None else 10.0 ** one.fits.by_ki.value("log_kd"),
    }
    if total.size and nonspecific.size and total.mean() > 0:
        facts["specific_fraction"] = 1.0 - float(nonspecific.mean() / total.mean())
    return judge(EXPERIMENT_CODES, facts, one.experiment.name)
