"""Block against concentration over all cells of one drug: one law, the cells differing at random in their IC50."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array
from ...core.estimate import Estimate, Relation, figures
from ...core.fit import Fit, Outcome
from ...equations.channel_block import channel_block
from ...fitting.intervals import quantile
from ...fitting.mixed import GroupFit, MixedFit, fit_mixed
from ...fitting.problem import Fixed, Problem, Rule, Shared
from ...fitting.solve import Options
from .._fitted import fitted, fitted_log
from .cells import FULL, Application, BlockedCell
from .ending import NOTHING, Ending, ending
from .onset import Onset, onsets

IC50, HILL, IMAX, IF_ONE = "IC50", "nH", "Imax", "IC50 if nH = 1"
LEAST_FOR_ONE = 25.0  # percent of block below which not even an IC50 that is extrapolated with nH = 1 is told


@dataclass(frozen=True)
class BlockFit:
    """One drug, read at one end point, over its cells.

    `ends` are the same fit to the block without and with the full correction for run-down, where a wash did not bring
    the current back; limits then reach over both.
    """

    subject: str
    cells: tuple[BlockedCell, ...]
    mixed: MixedFit
    onsets: tuple[Onset, ...]
    level: float
    ends: tuple[MixedFit, ...] = ()

    @property
    def fit(self) -> Fit:
        """The law of the population."""
        return self.mixed.fit

    @property
    def applications(self) -> tuple[Application, ...]:
        """Every concentration in every cell."""
        return tuple(one for cell in self.cells for one in cell.applications)

    @property
    def concentrations(self) -> Array:
        """The distinct concentrations in mol/L, rising."""
        found: Array = np.unique([one.molar for one in self.applications])
        return found

    def block_at(self, molar: float) -> dict[str, Estimate]:
        """The block in percent at one concentration in every cell that saw it."""
        name = f"block at {_amount(molar)}"
        return {
            cell.name: Estimate(name, one.block, "%", level=self.level, method="read in the cell")
            for cell in self.cells
            for one in cell.applications
            if one.molar == molar
        }

    @cached_property
    def ending(self) -> Ending:
        """How the curve ended."""
        lowest, highest = np.log10(self.concentrations[[0, -1]]).tolist()
        return ending(self.fit, lowest, highest)

    @property
    def usable(self) -> bool:
        """Whether the IC50 is a value."""
        return self.ending.outcome.usable

    @property
    def ic50(self) -> Estimate | None:
        """The IC50 of an average cell: a value, or a bound; None where there is neither."""
        ended = self.ending
        if ended.outcome in NOTHING:
            return None
        if ended.relation is Relation.EQUAL:
            return self._over_ends(lambda fit: fitted_log(IC50, fit, "log_ic50"))
        return Estimate(
            IC50,
            10.0**ended.log_bound,
            "M",
            level=self.level,
            relation=ended.relation,
            method="outside the range tested",
        )

    def _over_ends(self, read: Callable[[Fit], Estimate]) -> Estimate:
        """An estimate of the fit; where run-down could not be told its limits are the outer ones, and it is about."""
        own = read(self.fit)
        beside = [read(end.fit) for end in self.ends if end.fit.outcome not in NOTHING]
        if not beside:
            return own
        every = (own, *beside)
        return replace(
            own,
            low=min(one.low for one in every),
            high=max(one.high for one in every),
            relation=Relation.ABOUT,
            method="from no to full correction for run-down",
            log10_se=math.nan,
            se=math.nan,
        )

    @property
    def others(self) -> Iterator[Estimate]:
        """The slope and the largest block, where they were fitted to a curve that has an IC50."""
        for name, parameter, unit in ((HILL, "hill_slope", ""), (IMAX, "imax", "%")):
            if self.usable and parameter in self.fit.names:
                yield self._over_ends(partial(_named, name, parameter, unit))

    @property
    def if_one(self) -> Estimate | None:
        """The IC50 that slope 1 and full block would make of the block at the concentration nearest to half.

        Only where the range tested does not hold the IC50, and where at least a quarter is blocked: an extrapolation.
        """
        if self.usable:
            return None
        means = {molar: _mean(self.block_at(molar)) for molar in self.concentrations.tolist()}
        return _if_one(means, self.level)

    def told(self, cell: BlockedCell) -> Iterator[Estimate]:
        """The estimates of one cell: its IC50, or a bound and what slope 1 would make of its block."""
        own = self.of_cell(cell)
        if own is not None:
            yield own
        if own is None or own.is_bound:
            found = _if_one({one.molar: one.block for one in cell.applications}, self.level)
            if found is not None:
                yield found

    def of_cell(self, cell: BlockedCell) -> Estimate | None:
        """The IC50 of one cell as the law of all cells has it; a bound where it lies beyond what the cell saw."""
        group = self.group(cell)
        if group is None:
            return None
        x = group.curve.data.x
        log, error = _own_log(self.mixed, group)
        relation, value = Relation.EQUAL, log
        if log > x.max():
            relation, value = Relation.ABOVE, float(x.max())
        elif log < x.min():
            relation, value = Relation.BELOW, float(x.min())
        if relation is not Relation.EQUAL or math.isnan(error):
            return Estimate(
                IC50, 10.0**value, "M", level=self.level, relation=relation, method="of this cell"
            )
        half = quantile(self.level, max(self.fit.df, 1)) * error
        return Estimate(
            IC50, 10.0**log, "M", 10.0 ** (log - half), 10.0 ** (log + half), self.level,
            method="of this cell, by the law of all", log10_se=error,
        )  # fmt: skip

    def group(self, cell: BlockedCell) -> GroupFit | None:
        """What the fit says of one cell; None where the fit failed."""
        if self.fit.outcome is Outcome.FAILED:
            return None
        return next((one for one in self.mixed.groups if one.label == cell.name), None)


def fit_block(
    cells: Sequence[BlockedCell], hill_slope: str, imax: str, level: float, with_onset: bool = True
) -> BlockFit:
    """Fit block against concentration to the cells of one drug."""
    cells = tuple(sorted(cells, key=lambda one: one.name))
    mixed = _fit(cells, lambda one: one.block, (hill_slope, imax), level)
    found = BlockFit(cells[0].subject, cells, mixed, onsets(cells) if with_onset else (), level)
    if all(one.accepted or one.uncorrected == one.corrected for one in found.applications):
        return found
    ends = (lambda one: one.uncorrected), (lambda one: one.corrected)
    return replace(found, ends=tuple(_fit(cells, end, (hill_slope, imax), level) for end in ends))


def _named(name: str, parameter: str, unit: str, fit: Fit) -> Estimate:
    return fitted(name, fit, parameter, unit)


def _fit(
    cells: Sequence[BlockedCell],
    read: Callable[[Application], float],
    held: tuple[str, str],
    level: float,
) -> MixedFit:
    """One law for all cells; the slope is held at 1 where one concentration cannot tell it."""
    curves = [
        Curve(
            np.array([one.log_molar for one in cell.applications]),
            np.array([read(one) for one in cell.applications]),
            label=cell.name,
        )
        for cell in cells
    ]
    hill_slope, imax = held
    several = np.unique(np.concatenate([curve.x for curve in curves])).size > 1
    sharing: dict[str, Rule] = {
        "hill_slope": Shared() if several and hill_slope == "free" else Fixed(1.0),
        "imax": Fixed(FULL) if imax == "full" else Shared(),
    }
    # with both ends held a flat curve gets a bound of its IC50, as one without half a block does
    certain = 1.0 if imax == "full" else None
    options = Options(controls=(0.0, FULL), response_level=certain)
    return fit_mixed(Problem(channel_block, curves, sharing), level=level, options=options)


def _own_log(mixed: MixedFit, group: GroupFit) -> tuple[float, float]:
    """The log IC50 of a cell and its error; of one without a curve of its own, from the mean of its readings."""
    if not math.isnan(mixed.between_sd):
        return group.location, group.location_se
    data, p = group.curve.data, group.curve.parameters
    imax, slope = float(p[0]), float(p[2])
    block, x = float(data.y.mean()), float(data.x.mean())
    if block <= 0:
        return math.inf, math.nan
    if block >= imax:
        return -math.inf, math.nan
    if np.unique(data.x).size > 1:  # one cell alone: the fit is its own
        return group.location, mixed.fit.standard_error("log_ic50")
    return x + math.log10((imax - block) / block) / slope, math.nan


def _if_one(blocks: Mapping[float, float], level: float) -> Estimate | None:
    """[D](100 - block)/block at the concentration (mol/L) whose block (percent) is nearest to half, marked as about."""
    molar = min(blocks, key=lambda one: abs(blocks[one] - FULL / 2.0))
    block = blocks[molar]
    if not LEAST_FOR_ONE <= block < FULL:
        return None
    return Estimate(
        IF_ONE,
        molar * (FULL - block) / block,
        "M",
        level=level,
        relation=Relation.ABOUT,
        method="extrapolated with slope 1 and full block",
    )


def _mean(each: dict[str, Estimate]) -> float:
    return float(np.mean([one.value for one in each.values()]))


def _amount(molar: float) -> str:
    return figures(molar, unit="M")
