"""The control wells of every plate, and what they say about it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ..core.errors import LayoutError, Problem, Problems
from ..core.experiment import Experiment
from ..core.plate import Role
from ..core.result import PlateSummary
from ..counting.plate_quality import plate_quality
from ._signal import Signals, compounds


def require_controls(experiments: tuple[Experiment, ...]) -> None:
    """Refuse experiments without total or without nonspecific wells: nothing can be said about them."""
    problems = Problems()
    for experiment in experiments:
        for role, spoken in ((Role.TOTAL, "total"), (Role.NSB, "nonspecific (nsb)")):
            if not any(well.used and well.treatment.role is role for well in experiment.wells):
                problems.add(
                    f"there are no {spoken} wells",
                    experiment.name,
                    f'Mark them in the layout with role = "{role}", or see why they were set aside',
                    "E-CONTROLS",
                )
    problems.raise_if_any(LayoutError)


def require_compounds(experiments: tuple[Experiment, ...]) -> None:
    """Refuse a run in which no well holds a compound."""
    if not any(compounds(experiment) for experiment in experiments):
        raise LayoutError(
            Problem(
                "no well holds a compound, so there is nothing to analyse",
                ", ".join(experiment.name for experiment in experiments),
                "Name the compounds and their concentrations in the layout, or in the columns of the table",
                "E-COMPOUND",
            )
        )


def plate_summaries(experiment: Experiment, signals: Signals) -> Iterator[PlateSummary]:
    """Means and SDs of the controls of each plate, with Z', signal to background, signal window and CV."""
    for plate in experiment.plates:
        total, nonspecific = (signals.of_role(role, (plate,)) for role in (Role.TOTAL, Role.NSB))
        yield PlateSummary(
            experiment.name,
            plate,
            _mean(total),
            _sd(total),
            int(total.size),
            _mean(nonspecific),
            _sd(nonspecific),
            int(nonspecific.size),
            signals.unit,
            {**_numbers(total, nonspecific), **_background(signals, plate)},
        )


def _background(signals: Signals, plate: str) -> dict[str, float]:
    """The background of a plate that has wells for it."""
    own = {} if signals.background is None else signals.background.of_plate
    return {"background (cpm)": own[plate].value} if plate in own else {}


def _numbers(total: np.ndarray, nonspecific: np.ndarray) -> dict[str, float]:
    if min(total.size, nonspecific.size) < 2:
        return {}
    found = plate_quality(total.tolist(), nonspecific.tolist())
    numbers = {
        "Z'": found.z_prime,
        "S/B": found.signal_to_background,
        "signal window": found.signal_window,
        "CV total (%)": 100 * found.cv_high,
        "CV NSB (%)": 100 * found.cv_low,
    }
    return {name: value for name, value in numbers.items() if math.isfinite(value)}


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else math.nan


def _sd(values: np.ndarray) -> float:
    return float(values.std(ddof=1)) if values.size > 1 else math.nan
