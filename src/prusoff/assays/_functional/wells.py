"""The wells of functional assays: which are read, where they stand on the axis, and how far they scatter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from ...core.errors import InputError, LayoutError, Problem, Problems
from ...core.experiment import Experiment
from ...core.fit import Fit
from ...core.plate import Role, Well

FEWEST_CONCENTRATIONS = 4
_READ = (Role.TOTAL, Role.COMPOUND, Role.BLANK, Role.BACKGROUND)


def unread_roles_aside(experiment: Experiment) -> Experiment:
    """The same experiment with wells of a role that no functional assay reads (nsb, ice) set aside, with the reason."""

    def judged(well: Well) -> Well:
        if well.treatment.role in _READ or not well.used:
            return well
        reason = f"the role '{well.treatment.role}' has no meaning in a functional assay"
        return replace(well, set_aside=reason)

    return replace(experiment, wells=tuple(map(judged, experiment.wells)))


def alone_only(experiment: Experiment) -> Experiment:
    """The same experiment with wells set aside that hold a second compound, which is not part of an agonist's curve."""

    def judged(well: Well) -> Well:
        what = well.treatment
        if not (well.used and what.second_compound) or what.second_molar == 0:
            return well
        return replace(
            well, set_aside=f"it holds {what.second_compound} too; the assay 'schild' reads such wells"
        )

    return replace(experiment, wells=tuple(map(judged, experiment.wells)))


def in_plate_order(experiment: Experiment) -> Experiment:
    """The same experiment with its wells by plate and position, so that no number hangs on how they were listed."""
    return replace(
        experiment, wells=tuple(sorted(experiment.wells, key=lambda well: (well.plate, well.position)))
    )


def require_vehicle(experiments: Sequence[Experiment]) -> None:
    """Refuse experiments without a well that holds no agonist: the basal response is not guessed."""
    problems = Problems()
    for experiment in experiments:
        if not any(well.used and well.treatment.role is Role.TOTAL for well in experiment.wells):
            problems.add(
                "there are no vehicle wells (without agonist), so the basal response is not known",
                experiment.name,
                'Mark them in the layout with role = "total", or see why they were set aside',
                "E-CONTROLS",
            )
    problems.raise_if_any(LayoutError)


def log_agonist(well: Well, experiment: str) -> float:
    """The log10 concentration of the agonist in a well, -inf in a vehicle well; raises InputError where none is."""
    if well.treatment.role is Role.TOTAL:
        return -math.inf
    return log_molar(well.treatment.concentration_molar, well.treatment.compound, well, experiment)


def log_molar(molar: float, compound: str, well: Well, experiment: str) -> float:
    """The log10 of a concentration in mol/L, -inf for none of it; raises InputError where it is not stated."""
    if math.isnan(molar) or molar < 0:
        raise InputError(
            Problem(
                f"'{compound}' has no concentration",
                f"{experiment} > {well.plate} {well.position}",
                "Give every well the final concentration of each compound in it, with a unit",
                "E-CONCENTRATION",
            )
        )
    return math.log10(molar) if molar > 0 else -math.inf


def span_se(fit_: Fit, low: str = "bottom", high: str = "top") -> tuple[float, float]:
    """The fitted maximum above basal and its standard error."""
    i, j = fit_.index(low), fit_.index(high)
    variance = float(fit_.covariance[i, i] + fit_.covariance[j, j] - 2.0 * fit_.covariance[i, j])
    return fit_.value(high) - fit_.value(low), math.sqrt(max(variance, 0.0))
