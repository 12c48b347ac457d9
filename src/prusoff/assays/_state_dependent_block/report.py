"""What a state-dependent block says: means over cells, curves to be drawn, notes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...affinity.modulated_receptor import state_named
from ...affinity.pooling import p_value
from ...core.estimate import Estimate, figures
from ...core.fit import Outcome
from ...core.panel import subject_at
from ...core.result import CurveBand, Pooled, Series
from .._days import plain_mean
from .constants import Constants
from .data import BlockedCell, spoken
from .fits import AtPotential, GlobalFit, fit_of_cell
from .shift import KI_SHIFT, KR_SHIFT


@dataclass(frozen=True)
class Drug:
    """One drug at one channel: the global fit (None where it was given at no holding potential), and the shifts."""

    compound: str
    cells: tuple[BlockedCell, ...]
    found: GlobalFit | None
    constants: Constants
    shifts: dict[str, tuple[Estimate, ...]]
    level: float

    def told(self, cell: str) -> tuple[Estimate, ...]:
        """All estimates of one cell."""
        return (*self._global(cell), *self.shifts.get(cell, ()))

    def _global(self, cell: str) -> Iterator[Estimate]:
        if self.found is None:
            return
        names = [one.name for one in self.found.cells]
        if cell in names:
            for each in (self.constants.ki_each, self.constants.kr_each):
                if len(each) == len(names):
                    yield each[names.index(cell)]

    @property
    def pooled(self) -> Iterator[Pooled]:
        """Ki and Kr of the global fit, those of the shifts, and the IC50 and the availability at each potential."""
        if self.found is not None:
            names = tuple(one.name for one in self.found.cells)
            for estimate, each in (
                (self.constants.ki, self.constants.ki_each),
                (self.constants.kr, self.constants.kr_each),
            ):
                if estimate is not None:
                    sentence = self._sentence(estimate)
                    yield Pooled(self.compound, estimate, p_value(estimate), names, each, sentence)
        for name in (KI_SHIFT, KR_SHIFT):
            found = {
                cell: one
                for cell, estimates in sorted(self.shifts.items())
                for one in estimates
                if one.name == name
            }
            if found:
                yield plain_mean(self.compound, found)
        for at in () if self.found is None else self.found.at:
            yield from _at(self.compound, at)

    def _sentence(self, estimate: Estimate) -> str:
        if self.found is None or self.found.mixed is None or estimate.is_bound:
            return f"A bound: {estimate.method}."
        count, between = len(self.found.cells), self.found.mixed.between_sd
        if math.isnan(between):
            return "One cell: its interval is that of the fit and says nothing about reproducibility."
        return (
            f"Global fit over {count} cells and {len(self.found.at)} holding potentials; between cells the constants "
            f"vary {figures(10.0**between)}-fold (one SD)."
        )

    def series(self, cell: BlockedCell) -> Series:
        """The currents of one cell with the drug, and the law through them."""
        found = self.found
        names = [] if found is None else [one.name for one in found.cells]
        mixed = None if found is None or cell.name not in names else found.mixed
        fit = None if mixed is None else fit_of_cell(mixed, names.index(cell.name))
        outcome, reason = self.ended(cell.name)
        return Series(
            self.compound,
            cell.name,
            outcome,
            reason,
            cell.points(self.compound),
            self.told(cell.name),
            fit,
            bands=tuple(self._bands(cell)) if fit is not None else (),
            x_label=f"log10 {self.compound} (M)",
            y_label=f"current ({cell.experiment.wells[0].unit})",
        )

    def ended(self, cell: str) -> tuple[Outcome, str]:
        """How the curves of one cell ended, and why."""
        if self.found is None:
            return Outcome.OK, ""
        for name, reason in self.found.left_out:
            if name == cell:
                return Outcome.FAILED, reason
        return self.found.outcome, self.found.reason

    def _bands(self, cell: BlockedCell) -> Iterator[CurveBand]:
        """The curve predicted for this cell at each potential; no confidence band is drawn of one cell."""
        if self.found is None or self.found.mixed is None:
            return
        names = [one.name for one in self.found.cells]
        group = self.found.mixed.groups[names.index(cell.name)]
        law = self.found.mixed.fit.equation
        for points in cell.points(self.compound):
            tested = points.x[np.isfinite(points.x)]
            volts = _volts_of(points.label, cell.potentials(self.compound))
            if tested.size < 2 or math.isnan(volts):
                continue
            x = np.linspace(float(tested.min()), float(tested.max()), 41)
            fitted = law.function(np.stack([np.full(x.size, volts), x]), group.curve.parameters)
            nothing = np.full(x.size, math.nan)
            yield CurveBand(x, fitted, nothing, nothing, points.label, self.level)


def _volts_of(label: str, tested: Sequence[float]) -> float:
    return next((volts for volts in tested if spoken(volts) == label), math.nan)


def _at(compound: str, at: AtPotential) -> Iterator[Pooled]:
    """IC50 and availability at one holding potential, with the name of the state."""
    state = state_named(at.availability.value)
    h = at.availability.value
    if at.each:
        told = f"At {at.spoken} the channels are {_in_words(state)} (h = {h:.2f})."
        yield Pooled(compound, at.ic50, p_value(at.ic50), at.cells, at.each, told)
    each = tuple(replace(at.availability, low=math.nan, high=math.nan) for _ in at.cells)
    sentence = f"Mean availability of {len(at.cells)} cells: {_in_words(state)}."
    yield Pooled(compound, at.availability, None, at.cells, each, sentence)


def _in_words(state: str) -> str:
    return "partly inactivated, neither state" if state == "neither state" else state


def notes(drugs: Sequence[Drug]) -> Iterator[str]:
    """Which cells were left out, what one potential alone would say, and how slow drugs are to be read."""
    for one in drugs:
        if one.found is None:
            continue
        site = one.found.cells[0].experiment.conditions.site
        for cell, reason in one.found.left_out:
            yield f"{one.compound}, {cell}: left out of the global fit. {reason}"
        drug = subject_at(one.compound, site) if site else one.compound
        if one.found.at:
            yield f"{drug}: {'; '.join(map(_stated, one.found.at))}."
        if one.found.mixed is not None and one.found.at:
            yield _alone(drug, one.found.at[-1])
    if drugs:
        yield (
            "The law holds for block at equilibrium: a slow drug has to be read at its steady state at every potential."
        )


def _stated(at: AtPotential) -> str:
    """IC50, availability and state at one potential."""
    h = at.availability.value
    return f"{at.ic50.name} {at.ic50.amount}, h = {h:.2f}, {_in_words(state_named(h))}"


def _alone(drug: str, last: AtPotential) -> str:
    """What the least negative potential alone would have said."""
    state = _in_words(state_named(last.availability.value))
    return (
        f"{drug}: the IC50 at {last.spoken} alone ({last.ic50.amount}) would be an upper limit of Ki, as "
        f"h = {last.availability.value:.2f} there: {state}."
    )
