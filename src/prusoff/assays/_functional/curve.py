"""One agonist in one experiment: its wells and the vehicle wells of its plates as one curve, and its fit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.curves import Curve
from ...core.equation import Array
from ...core.experiment import Experiment
from ...core.fit import Fit, Outcome
from ...core.plate import Role, Well
from ...core.result import Points
from ...equations.agonist_response import agonist_response
from ...fitting.problem import Fixed, Problem
from ...fitting.solve import Options, fit_curve
from ...fitting.verdict import Bound, location_bounds
from .._signal import DEAD, Signals, one_reading
from .scatter import ROUGH, Scatter
from .wells import FEWEST_CONCENTRATIONS, log_agonist

INVERSE = (
    "The response falls below that of the vehicle: an inverse agonist where the system has basal activity, or harm to "
    "the cells."
)


@dataclass(frozen=True, eq=False)
class AgonistData:
    """The wells of one agonist and the vehicle wells of its plates, x = log10 mol/L, -inf without agonist."""

    compound: str
    experiment: str
    wells: tuple[Well, ...]
    x: Array
    y: Array
    unit: str

    @property
    def used(self) -> npt.NDArray[np.bool_]:
        """Which wells take part."""
        return np.array([well.used for well in self.wells], dtype=bool)

    @property
    def curve(self) -> Curve:
        """The points that take part."""
        return Curve(self.x[self.used], self.y[self.used], label=self.compound)

    @property
    def concentrations(self) -> Array:
        """The different concentrations that take part, as log10 mol/L."""
        found: Array = np.unique(self.x[self.used & np.isfinite(self.x)])
        return found

    @property
    def points(self) -> Points:
        """All wells, to be drawn."""
        positions = tuple(f"{well.plate} {well.position}" for well in self.wells)
        return Points(self.x, self.y, positions, tuple(bool(one) for one in self.used), self.experiment)

    def mean_at(self, x: float) -> tuple[float, float]:
        """Mean of the used wells at this log concentration, and its standard error (0 for a single well)."""
        y = self.y[self.used & (self.x == x)]
        if not y.size:
            return math.nan, math.nan
        return float(y.mean()), float(y.std(ddof=1) / math.sqrt(y.size)) if y.size > 1 else 0.0


@dataclass(frozen=True, eq=False)
class AgonistFit:
    """The curve of one agonist as it was fitted; `bound` where only a bound of the EC50 is known."""

    data: AgonistData
    fit: Fit
    bound: Bound | None
    outcome: Outcome
    reason: str

    @property
    def span(self) -> float:
        """The fitted maximum above basal; nan where there is no curve."""
        if not self.outcome.usable:
            return math.nan
        return self.fit.value("top") - self.fit.value("bottom")

    @property
    def full_curve(self) -> bool:
        """Whether EC50 and maximum are values: what can be set against another agonist."""
        return self.outcome.usable and self.span > 0 and "log_ec50" not in self.fit.at_bounds


def agonist_data(read: Signals, compound: str, experiment: Experiment) -> AgonistData:
    """Gather the wells of an agonist and the vehicle wells of the same plates."""
    own = read.pick(lambda well: well.treatment.role is Role.COMPOUND and well.treatment.compound == compound)
    plates = {well.plate for well in own[0]}

    def belongs(well: Well) -> bool:
        what = well.treatment
        if what.role is Role.COMPOUND:
            return what.compound == compound
        return what.role is Role.TOTAL and well.plate in plates

    wells, y = read.pick(belongs)
    x = np.array([log_agonist(well, experiment.name) for well in wells])
    return AgonistData(compound, experiment.name, wells, x, y, read.unit)


def fit_agonist(data: AgonistData, scatter: Scatter, slope: str, level: float) -> AgonistFit:
    """Fit the agonist's curve to its raw signals with the vehicle wells as points without agonist."""
    held = {"hill_slope": Fixed(1.0)} if slope == "one" else {}
    rough = fit_curve(agonist_response, data.curve, level=level, sharing=held, options=ROUGH)
    start = dict(zip(rough.names, rough.values.tolist(), strict=True))
    options = Options(
        intervals_of=("log_ec50", "hill_slope"),
        starts=1,
        start=start if np.isfinite(rough.values).all() else {},
    )
    found = fit_curve(agonist_response, data.curve, scatter.weights(rough), level, held, options)
    obstacle = _obstacle(data)
    if obstacle or found.outcome is Outcome.FAILED:
        return AgonistFit(data, found, None, Outcome.FAILED, obstacle or found.reason)
    bound = location_bounds(Problem.of(found), found).get("log_ec50")
    if found.outcome.usable and found.value("top") < found.value("bottom"):
        reason = " ".join(filter(None, (INVERSE, found.reason)))
        return AgonistFit(data, found, bound, Outcome.FLAGGED, reason)
    return AgonistFit(data, found, bound, found.outcome, found.reason)


def _obstacle(data: AgonistData) -> str:
    """Why these wells make no curve, or nothing."""
    if one_reading(data.curve.y):
        return DEAD
    few = data.concentrations.size
    if few < FEWEST_CONCENTRATIONS:
        spoken = {0: "No well of this compound takes part, which makes", 1: "One concentration makes"}
        told = spoken.get(few, f"{few} concentrations make")
        return f"{told} no curve; at least {FEWEST_CONCENTRATIONS} are needed."
    if not (data.used & np.isneginf(data.x)).any():
        return "There is no vehicle well on its plates, so the basal response is not known."
    return ""
