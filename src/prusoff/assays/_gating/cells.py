"""What the curves of one cell say together: the shift that a drug, or time alone, makes in that cell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...core.estimate import Estimate
from ...core.experiment import Experiment
from ...core.membrane_current import capacitance_of
from ...core.result import Pooled, Series
from ...electrophysiology.reversal import NAME as BETWEEN
from ...fitting.intervals import quantile
from .._arithmetic_mean import arithmetic_mean
from .._days import plain_mean
from .data import CONTROL, WASH
from .fits import DENSITY, REVERSAL, SHIFT, SLOPE, V_HALF, GateFit


@dataclass(frozen=True)
class Cell:
    """One cell with its fitted curves."""

    experiment: Experiment
    fits: tuple[GateFit, ...]
    level: float

    @property
    def name(self) -> str:
        """The name of the cell."""
        return self.experiment.name

    def control(self, one: GateFit) -> GateFit | None:
        """The control of the same kind, read at the same end point."""
        return self._beside(one, CONTROL)

    def wash(self, one: GateFit) -> GateFit | None:
        """The curve after wash-out, of the same kind."""
        return self._beside(one, WASH)

    def _beside(self, one: GateFit, condition: str) -> GateFit | None:
        return next(
            (
                other
                for other in self.fits
                if (other.data.kind, other.data.end_point) == (one.data.kind, one.data.end_point)
                and other.data.compound == condition
            ),
            None,
        )

    def shift(self, one: GateFit) -> Estimate | None:
        """How far the half potential lies from that of the control of this cell; None for the control itself."""
        control = self.control(one)
        if control is None or one.data.compound == CONTROL:
            return None
        here, there = one.named(V_HALF), control.named(V_HALF)
        if here is None or there is None or here.is_bound or there.is_bound or not (one.fit and control.fit):
            return None
        error = math.hypot(here.se, there.se)
        half = quantile(self.level, one.fit.df + control.fit.df) * error
        value = here.value - there.value
        return Estimate(
            SHIFT, value, "V", value - half, value + half, self.level, method="paired in the cell", se=error
        )

    def estimates(self, one: GateFit) -> tuple[Estimate, ...]:
        """All that one curve gives, its shift included."""
        return (*one.estimates, *self._more(one))

    def _more(self, one: GateFit) -> tuple[Estimate, ...]:
        """What the curve gives beside its fit: its shift, where its current turns round, and how dense it is."""
        capacitance = capacitance_of(self.experiment.used)
        found = (self.shift(one), one.read_reversal(self.level), one.density(capacitance, self.level))
        return tuple(each for each in found if each is not None)

    def series(self) -> Iterator[Series]:
        """The curves as parts of a result."""
        for one in self.fits:
            yield one.series(self._more(one), self.level)


def subjects(cells: Sequence[Cell]) -> tuple[str, ...]:
    """All subjects, those of one kind beside each other, the control first."""
    named = {one.data.subject: one.data for cell in cells for one in cell.fits}
    place = {CONTROL: 0, WASH: 2}

    def rank(subject: str) -> tuple[str, str, int, str, float]:
        data = named[subject]
        molar = data.molar if data.molar > 0 else 0.0
        return data.kind, data.end_point, place.get(data.compound, 1), data.compound, molar

    return tuple(sorted(named, key=rank))


def means(cells: Sequence[Cell], named: Sequence[str]) -> Iterator[Pooled]:
    """Every quantity of every subject over the cells that gave it."""
    for subject in named:
        each: dict[str, dict[str, Estimate]] = {}
        for cell in cells:
            for one in cell.fits:
                if one.data.subject == subject:
                    for estimate in cell.estimates(one):
                        each.setdefault(estimate.name, {})[cell.name] = estimate
        for name in (V_HALF, SHIFT, SLOPE, REVERSAL, BETWEEN, DENSITY):
            if name in each:
                yield (plain_mean if name == SLOPE else arithmetic_mean)(subject, each[name])
