"""Which facts of an antagonist run its checks look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...core.check import Flag
from ...core.experiment import Experiment
from .._functional.plates import experiment_flags
from .._functional.scatter import Scatter
from .._plate_checks import judge, outcome_facts
from .._signal import Signals
from .decision import Antagonism, Decision
from .drawn import judged

DAY_CODES = ("W-DEPRESS", "W-PAR", "W-LEVELS", "W-SHIFT", "W-OUT")
RUN_CODES = ("W-SCHILD",)
EXPERIMENT_CODES = ("W-Z", "W-REP")
CODES = (*DAY_CODES, *RUN_CODES, *EXPERIMENT_CODES)


def flags(
    decisions: Sequence[Decision],
    experiments: Sequence[Experiment],
    read: Mapping[str, tuple[Signals, Scatter]],
) -> tuple[Flag, ...]:
    """All checks: of every family, of every antagonist over its days, and of every experiment."""
    found: list[Flag] = []
    for decision in decisions:
        found += _day_flags(decision)
        found += _run_flags(decision)
    for experiment in experiments:
        found += experiment_flags(experiment.name, *read[experiment.name])
    return tuple(found)


def _day_flags(decision: Decision) -> Iterator[Flag]:
    surmountable = decision.kind is not Antagonism.INSURMOUNTABLE
    for day in decision.days:
        fits = day.fits
        outcome, reason = judged(decision, day)
        facts: dict[str, Any] = {"top_left": fits.top_left, "depression_p": fits.depression_p}
        facts |= outcome_facts(outcome, reason, 0 if fits.one is None else 1)
        if fits.one is not None:
            facts["antagonist_levels"] = float(day.family.tested.size)
        if surmountable:
            facts |= {"parallel_p": fits.parallel_p, "largest_dose_ratio": fits.largest_shift}
        yield from judge(DAY_CODES, facts, f"{decision.subject}, {day.experiment.name}")


def _run_flags(decision: Decision) -> Iterator[Flag]:
    facts: dict[str, Any] = {}
    if decision.slope is not None:
        slope = decision.slope.estimate
        facts = {"schild_slope": slope.value, "schild_low": slope.low, "schild_high": slope.high}
    yield from judge(RUN_CODES, facts, decision.subject)
