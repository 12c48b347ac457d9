"""The checks of the counter and of the plates, common to all radioligand assays."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from ..checks import catalog as checks
from ..core.check import Flag
from ..core.experiment import Experiment
from ..core.fit import Outcome
from ..core.plate import FORMATS, PlateFormat, Role, row_and_column
from ..core.result import PlateSummary
from ..counting.plate_quality import rotation_separations
from ._background import ROLES as EMPTY
from ._ligand import Ligand
from ._replicates import replicate_facts
from ._signal import Signals

PLATE_CODES = ("W-Z", "W-SW", "W-SB", "W-CV", "W-ROT", "W-SPEC")
COUNTING_CODES = ("W-EFF", "W-COUNT", "W-LC", "W-DISP", "W-REP", "W-LADD")


def judge(codes: Iterable[str], facts: Mapping[str, Any], subject: str) -> Iterator[Flag]:
    """Apply checks by their codes; a fact that is nan counts as absent."""
    known = {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in facts.items()
    }
    for code in codes:
        yield checks[code].apply(known, subject)


def outcome_facts(outcome: Outcome, reason: str, constants: int) -> dict[str, Any]:
    """How a curve ended, for the check that asks whether it gave anything."""
    return {"outcome": outcome.code, "reason": reason, "constants": constants}


def plate_flags(summary: PlateSummary, experiment: Experiment, read: Signals) -> Iterator[Flag]:
    """What the controls of one plate say about it."""
    numbers = summary.numbers
    wells, values = read.pick(lambda well: well.plate == summary.plate and well.used)
    by_position = {well.position: float(value) for well, value in zip(wells, values, strict=True)}
    roles = (Role.TOTAL, Role.NSB)
    high, low = ([well.position for well in wells if well.treatment.role is role] for role in roles)
    as_laid, turned = rotation_separations(by_position, high, low, _format_of(experiment, summary.plate))
    facts = {
        "z_prime": numbers.get("Z'"),
        "signal_window": numbers.get("signal window"),
        "signal_to_background": numbers.get("S/B"),
        "cv_total": numbers["CV total (%)"] / 100 if "CV total (%)" in numbers else None,
        "cv_nsb": numbers["CV NSB (%)"] / 100 if "CV NSB (%)" in numbers else None,
        "separation": as_laid,
        "rotated_separation": turned,
        "specific_fraction": 1 - summary.nsb_mean / summary.total_mean if summary.total_mean > 0 else None,
    }
    return judge(PLATE_CODES, facts, f"{summary.plate}, {summary.experiment}")


def _format_of(experiment: Experiment, plate: str) -> PlateFormat:
    """The format of a plate: that of its layout, else the smallest that holds all of its wells."""
    for name, layout in experiment.layouts:
        if name == plate:
            return layout.format
    places = [row_and_column(well.position) for well in experiment.wells if well.plate == plate]
    rows, columns = (1 + max(place[i] for place in places) for i in (0, 1))
    fitting = (one for one in FORMATS.values() if one.rows >= rows and one.columns >= columns)
    return min(fitting, key=lambda one: one.size)


def counting_flags(
    experiment: Experiment, read: Signals, ligand: Ligand, alike: np.ndarray
) -> Iterator[Flag]:
    """What the counter says about one experiment; `alike` are the signals of total wells that were treated alike."""
    facts: dict[str, Any] = {
        "efficiency": read.efficiency,
        **replicate_facts(read),
        "planned_molar": ligand.planned_molar if ligand.counted else None,
        "measured_molar": ligand.total.value if ligand.counted else None,
    }
    if not math.isnan(read.counts_per_signal) and alike.size:
        facts |= _counted(read, alike)
    return judge(COUNTING_CODES, facts, experiment.name)


def _counted(read: Signals, alike: np.ndarray) -> dict[str, Any]:
    net = alike[alike > 0] * read.counts_per_signal
    facts: dict[str, Any] = {
        "counting_error": float(np.max(np.sqrt(net + max(read.background_counts, 0.0)) / net))
        if net.size
        else None
    }
    if math.isfinite(read.decision_limit):
        labelled = read.pick(lambda well: well.treatment.role not in EMPTY)[1]
        facts |= {
            "wells_below_decision": int(np.sum(labelled < read.decision_limit)),
            "wells": int(labelled.size),
        }
    return facts
