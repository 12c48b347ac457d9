"""The wells of one compound with the controls of its plates as one curve."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import InputError, Problem
from ...core.experiment import Experiment
from ...core.plate import Role, Well
from ...core.result import Points
from ...fitting.weights import Weights
from .._signal import Signals


@dataclass(frozen=True)
class CompoundData:
    """The wells of one compound and of the controls on its plates, with x = log10 mol/L.

    Total wells, and wells of the compound at zero, stand at -inf; nonspecific wells at +inf. `measured` is what the
    signal stands for: binding, uptake. `known` holds parameters that are not fitted: {'bottom': 0.0} where there are no
    nonspecific wells because nothing is taken to be nonspecific.
    """

    compound: str
    experiment: str
    plates: tuple[str, ...]
    wells: tuple[Well, ...]
    x: Array
    y: Array
    weighting: Weights
    unit: str
    measured: str = "binding"
    known: Mapping[str, float] = field(default_factory=dict)

    @property
    def used(self) -> np.ndarray:
        """Which wells take part."""
        return np.array([well.used for well in self.wells], dtype=bool)

    @property
    def curve(self) -> Curve:
        """The points that take part."""
        return Curve(self.x[self.used], self.y[self.used], label=f"{self.compound}, {self.experiment}")

    @property
    def without_controls(self) -> Curve:
        """The points of the compound alone."""
        own = self.used & np.isfinite(self.x)
        return Curve(self.x[own], self.y[own], label=f"{self.compound}, {self.experiment}")

    @property
    def concentrations(self) -> Array:
        """The different concentrations that take part, as log10 mol/L."""
        return np.unique(self.without_controls.x)

    @property
    def controls(self) -> tuple[float, float] | None:
        """Mean response without compound and with full effect; None where one of them is not known."""
        y, x = self.y[self.used], self.x[self.used]
        total, nonspecific = y[x == -math.inf], y[x == math.inf]
        full = float(nonspecific.mean()) if nonspecific.size else self.known.get("bottom", math.nan)
        return (float(total.mean()), full) if total.size and math.isfinite(full) else None

    @property
    def blocks(self) -> str:
        """What a compound does to the signal, in a word."""
        return "displaces" if self.measured == "binding" else "inhibits"

    @property
    def inhibition_at_top(self) -> float:
        """Inhibition measured at the two highest concentrations, as a fraction; nan without controls."""
        if self.controls is None or not self.concentrations.size:
            return math.nan
        total, full = self.controls
        own = self.without_controls
        top = float(own.y[np.isin(own.x, self.concentrations[-2:])].mean())
        return (total - top) / (total - full) if total != full else math.nan

    @property
    def points(self) -> Points:
        """All wells, to be drawn."""
        places = tuple(f"{well.plate} {well.position}" for well in self.wells)
        return Points(self.x, self.y, places, tuple(well.used for well in self.wells), self.experiment)


def is_control(well: Well) -> bool:
    """Whether this is a well without compound, or one with nothing but nonspecific signal."""
    return well.treatment.role in (Role.TOTAL, Role.NSB)


def compound_data(
    signals: Signals, compound: str, experiment: Experiment, control: Callable[[Well], bool] = is_control
) -> CompoundData:
    """Gather the wells of a compound and those of the `control` wells that stand on the same plates."""
    own = signals.pick(
        lambda well: well.treatment.role is Role.COMPOUND and well.treatment.compound == compound
    )[0]
    plates = tuple(dict.fromkeys(well.plate for well in own))

    def belongs(well: Well) -> bool:
        treatment = well.treatment
        if treatment.role is Role.COMPOUND:
            return treatment.compound == compound
        return well.plate in plates and control(well)

    wells, y = signals.pick(belongs)
    x = np.array([_log_concentration(well, experiment.name) for well in wells])
    return CompoundData(compound, experiment.name, plates, wells, x, y, signals.weighting, signals.unit)


def _log_concentration(well: Well, experiment: str) -> float:
    if well.treatment.role is Role.TOTAL:
        return -math.inf
    if well.treatment.role is Role.NSB:
        return math.inf
    concentration = well.treatment.concentration_molar
    if math.isnan(concentration) or concentration < 0:
        raise InputError(
            Problem(
                f"'{well.treatment.compound}' has no concentration",
                f"{experiment} > {well.plate} {well.position}",
                "Give every compound well its final concentration with a unit",
                "E-CONCENTRATION",
            )
        )
    return math.log10(concentration) if concentration > 0 else -math.inf
