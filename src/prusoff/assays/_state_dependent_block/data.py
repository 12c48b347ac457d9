"""Which currents of a cell tell its availability, which its block at a holding potential, and at how many of these."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import InputError, Problems
from ...core.experiment import Experiment
from ...core.plate import Role, Well
from ...core.result import Points
from .._gating.data import AVAILABILITY, KINDS, curves
from .._gating.fits import FEWEST, GateFit, fit_gating


@dataclass(frozen=True)
class BlockedCell:
    """One cell: its availability curves, and the wells that tell the block at holding potentials.

    `gates` are the fits of its availability curves, the control first; `held` are the wells without and with drug at
    holding potentials.
    """

    experiment: Experiment
    gates: tuple[GateFit, ...]
    held: tuple[Well, ...]

    @property
    def name(self) -> str:
        """The name of the cell."""
        return self.experiment.name

    @property
    def control(self) -> GateFit | None:
        """Its availability without drug, None where it does not tell h at a potential."""
        return next(
            (one for one in self.gates if one.data.compound == "control" and one.fit is not None), None
        )

    def blocked(self, compound: str) -> tuple[Well, ...]:
        """The wells with this drug at holding potentials."""
        return tuple(
            well
            for well in self.held
            if well.treatment.role is Role.COMPOUND and well.treatment.compound == compound
        )

    def together(self, compound: str) -> Curve:
        """Currents without drug at all potentials, and with this drug at holding potentials: x is (V, log10 M)."""
        free = [well for well in self._free() if well.used]
        wells = [*free, *(well for well in self.blocked(compound) if well.used)]
        return Curve(_axes(wells), np.array([well.signal for well in wells]), label=self.name)

    def at(self, compound: str, volts: float) -> Curve | None:
        """Currents at one holding potential against log10 of the drug, controls at -inf; None without either."""
        free = [well for well in self.held if _is_free(well) and well.used and _same(well, volts)]
        drug = [well for well in self.blocked(compound) if well.used and _same(well, volts)]
        if not free or not drug:
            return None
        wells = [*free, *drug]
        return Curve(_axes(wells)[1], np.array([well.signal for well in wells]), label=self.name)

    def potentials(self, compound: str) -> tuple[float, ...]:
        """The holding potentials at which this drug was given, rising."""
        return tuple(sorted({well.treatment.voltage_v for well in self.blocked(compound) if well.used}))

    def points(self, compound: str) -> tuple[Points, ...]:
        """Currents against log10 of the drug, one set for every holding potential."""
        found = []
        for volts in sorted({well.treatment.voltage_v for well in self.blocked(compound)}):
            wells = [
                well
                for well in (*filter(_is_free, self.held), *self.blocked(compound))
                if _same(well, volts) and math.isfinite(well.signal)
            ]
            found.append(
                Points(
                    _axes(wells)[1],
                    np.array([well.signal for well in wells]),
                    tuple(f"{well.plate} {well.position}".strip() for well in wells),
                    tuple(well.used for well in wells),
                    spoken(volts),
                )
            )
        return tuple(found)

    def _free(self) -> tuple[Well, ...]:
        seen = {(well.plate, well.position) for well in self.held}
        control = self.control
        more = () if control is None else control.data.wells
        return (
            *(well for well in self.held if _is_free(well)),
            *(well for well in more if (well.plate, well.position) not in seen),
        )


def require_one_end_point(experiments: Sequence[Experiment]) -> None:
    """Refuse cells of which currents at holding potentials were read at several end points: they are not the same."""
    problems = Problems()
    for one in experiments:
        read = {_label(well) for well in one.used if KINDS.get(_label(well)) != AVAILABILITY}
        if len(read) > 1:
            named = ", ".join(sorted(label or "not stated" for label in read))
            problems.add(
                f"the block was read at several end points: {named}",
                one.name,
                "Keep one of them in a run, and analyse the other in a run of its own",
                "E-ENDPOINT",
            )
    problems.raise_if_any(InputError)


def blocked_cell(experiment: Experiment, level: float) -> BlockedCell:
    """The cell taken apart: labelled availability curves by their label, else all controls are its availability."""
    labelled = {id(well) for well in experiment.wells if KINDS.get(_label(well)) == AVAILABILITY}
    readable = [well for well in experiment.wells if not math.isnan(well.treatment.voltage_v)]
    held = sorted((well for well in readable if id(well) not in labelled), key=_order)
    chosen = [well for well in readable if id(well) in labelled] if labelled else _enough(readable)
    bare = tuple(replace(well, treatment=replace(well.treatment, end_point=AVAILABILITY)) for well in chosen)
    gates = tuple(
        fit_gating(one, math.nan, level) for one in curves(replace(experiment, wells=bare), AVAILABILITY)
    )
    return BlockedCell(experiment, gates, tuple(held))


def _enough(wells: Sequence[Well]) -> list[Well]:
    """The controls, and those drug conditions that were measured at enough potentials for an availability curve."""
    tested: dict[tuple[str, str, float], set[float]] = {}
    for well in wells:
        tested.setdefault(_condition(well), set()).add(well.treatment.voltage_v)
    return [well for well in wells if _is_free(well) or len(tested[_condition(well)]) >= FEWEST]


def _condition(well: Well) -> tuple[str, str, float]:
    what = well.treatment
    return what.role.value, what.compound, what.concentration_molar if what.concentration_molar > 0 else 0.0


def _label(well: Well) -> str:
    return well.treatment.end_point.lower()


def _is_free(well: Well) -> bool:
    return well.treatment.role is Role.TOTAL


def _same(well: Well, volts: float) -> bool:
    return abs(well.treatment.voltage_v - volts) < 1e-6


def _order(well: Well) -> tuple[float, float, float, str, str]:
    what = well.treatment
    molar = what.concentration_molar if what.concentration_molar > 0 else 0.0
    return what.voltage_v, molar, well.signal, well.plate, well.position


def _axes(wells: Sequence[Well]) -> Array:
    """Potential and log10 of the drug of every well, (axis, well)."""
    log = [
        math.log10(well.treatment.concentration_molar) if well.treatment.role is Role.COMPOUND else -math.inf
        for well in wells
    ]
    return np.array([[well.treatment.voltage_v for well in wells], log], dtype=float)


def spoken(volts: float) -> str:
    """A potential in words: '−60 mV'."""
    return f"{1e3 * volts:.4g} mV".replace("-", "−")


def drugs(cells: Iterable[BlockedCell]) -> tuple[str, ...]:
    """The drugs that were given, in the order of their names."""
    return tuple(
        sorted(
            {
                well.treatment.compound
                for cell in cells
                for well in cell.experiment.wells
                if well.treatment.role is Role.COMPOUND
            }
        )
    )
