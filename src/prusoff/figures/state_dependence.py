"""State-dependent block: the IC50 against the holding potential, and the availability that explains it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..core.equation import Array
from ..core.estimate import Estimate, Relation, figures
from ..core.figure import Figure, FigureSpec, Line, Mark, Panel, Points, Rule, Scale
from ..core.fit import Fit
from ..core.result import AssayResult
from ._axes import concentration_ticks
from ._series import pages

_IC50 = re.compile(r"^(?P<what>IC50|h) at (?P<volts>[-−+.\d]+) mV$")
_RESTING = 0.95
_MV = 1e3
_MARGIN = 12.0  # mV to both sides of the potentials
_TRIED = 1e-5  # mol/L at which the law is asked what it leaves
_PAIRS = 4  # drugs in one figure


@dataclass
class _Drug:
    """What is drawn of one drug: IC50 and availability by potential (mV), its constants, and the fit."""

    name: str
    ic50: dict[float, Estimate] = field(default_factory=dict)
    h: dict[float, Estimate] = field(default_factory=dict)
    constants: dict[str, Estimate] = field(default_factory=dict)
    fits: list[Fit] = field(default_factory=list)
    cells: int = 0

    @property
    def range(self) -> tuple[float, float]:
        """From where to where potentials are drawn, in mV."""
        tested = [*self.ic50, *self.h]
        return min(tested) - _MARGIN, max(tested) + _MARGIN

    def law(self, volts_mv: Array) -> tuple[Array, Array] | None:
        """IC50 (mol/L) and availability by the fit of all cells, at the mean of their half potentials."""
        if not self.fits:
            return None
        equation = self.fits[0].equation
        names = equation.names
        p = np.mean([curve.parameters for fit in self.fits for curve in fit.curves], axis=0)
        p[names.index("maximum")] = 1.0
        v = volts_mv / _MV
        free, with_drug = (
            equation.function(np.stack([v, np.full(v.size, log)]), p)
            for log in (-math.inf, math.log10(_TRIED))
        )
        left = with_drug / free
        return _TRIED * left / (1.0 - left), free


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """Two panels for every drug: IC50, and availability; nothing where no IC50 stands at a potential."""
    drugs = {one.name: one for one in _drugs(result)}
    parts = pages(list(drugs), "state_dependence")
    return tuple(spec for name, labels in parts for spec in _split(name, [drugs[label] for label in labels]))


def _split(name: str, drugs: Sequence[_Drug]) -> Iterator[FigureSpec]:
    for start in range(0, len(drugs), _PAIRS):
        part = drugs[start : start + _PAIRS]
        called = name if len(drugs) <= _PAIRS else f"{name}_{start // _PAIRS + 1}"
        yield FigureSpec(
            called,
            "State-dependent block",
            "The IC50 of each drug against the holding potential, and the availability of the channels there. "
            + " ".join(f"{one.name}: {_told(one)}.".replace("\n", "; ") for one in part),
            tuple(panel for one in part for panel in (_ic50_panel(one), _h_panel(one))),
            "Symbols are the IC50 of all cells at one holding potential with its interval (hollow where only a bound "
            "is known), and the mean availability of the cells there; lines are the global fit at the mean half "
            "potential of the cells. Dashed rules on the left are Kr and Ki; on the right, channels are called resting "
            "only above the dashed rule (h = 0.95).",
            columns=2,
        )


def _drugs(result: AssayResult) -> Iterator[_Drug]:
    found: dict[str, _Drug] = {}
    for pooled in result.pooled:
        match = _IC50.match(pooled.estimate.name)
        if not match:
            continue
        one = found.setdefault(pooled.subject, _Drug(pooled.subject))
        volts = float(match["volts"].replace("−", "-"))
        (one.ic50 if match["what"] == "IC50" else one.h)[volts] = pooled.estimate
        one.cells = max(one.cells, pooled.n)
    for pooled in result.pooled:
        if pooled.subject in found and pooled.estimate.name in ("Kr", "Ki"):
            found[pooled.subject].constants[pooled.estimate.name] = pooled.estimate
    for series in result.series:
        if series.subject in found and series.fit is not None and "maximum" in series.fit.equation.names:
            found[series.subject].fits.append(series.fit)
    for one in found.values():
        if any(est.value > 0 for est in one.ic50.values()):
            yield one


def _ic50_panel(one: _Drug) -> Panel:
    marks: list[Mark] = []
    fine = np.linspace(*one.range, 161)
    law = one.law(fine)
    if law is not None:
        marks.append(Line(fine, law[0], "global fit", 0))
    for name, number in (("Kr", 2), ("Ki", 3)):
        value = one.constants.get(name)
        if value is not None and not value.is_bound:
            marks.append(Rule(y=value.value, label=name, colour=number))
    marks.extend(_points(one))
    return Panel(
        Scale("holding potential (mV)", limits=one.range),
        _ic50_scale(marks),
        tuple(marks),
        title=one.name,
        note=_told(one),
    )


def _ic50_scale(marks: Sequence[Mark]) -> Scale:
    """Concentrations as they are read, with ticks between the decades where there are few of these."""
    drawn = [mark.y for mark in marks if isinstance(mark, Points | Line)]
    values = np.concatenate([*drawn, [mark.y for mark in marks if isinstance(mark, Rule) and mark.y]])
    low, high = float(values.min()) / 1.25, float(values.max()) * 1.25
    return Scale("IC50", log10=True, limits=(low, high), ticks=concentration_ticks(low, high))


def _points(one: _Drug) -> Iterator[Mark]:
    values = {volts: est for volts, est in one.ic50.items() if math.isfinite(est.value) and est.value > 0}
    for filled in (True, False):
        some = {volts: est for volts, est in values.items() if est.is_bound is not filled}
        if some:
            label = "IC50 of all cells" if filled else "bound of the IC50"
            y = np.array([est.value for est in some.values()])
            yield Points(np.array(list(some)), y, label, 0, filled)
    for volts, est in values.items():
        if not est.is_bound and est.low > 0 and math.isfinite(est.high):
            limits = np.array([est.low, est.high])
            yield Line(np.array([volts, volts]), limits, colour=0)


def _h_panel(one: _Drug) -> Panel:
    marks: list[Mark] = [Rule(y=_RESTING, label="resting above")]
    fine = np.linspace(*one.range, 161)
    law = one.law(fine)
    if law is not None:
        marks.append(Line(fine, law[1], "availability by the fit", 0))
    volts = np.array(list(one.h))
    marks.append(Points(volts, np.array([est.value for est in one.h.values()]), "mean of the cells", 0))
    for at, est in one.h.items():
        if est.has_interval:
            marks.append(Line(np.array([at, at]), np.array([est.low, est.high]), colour=0))
    told = ", ".join(f"{at:g}: {est.value:.2f}".replace("-", "−") for at, est in one.h.items())
    return Panel(
        Scale("holding potential (mV)", limits=one.range),
        Scale("availability h", limits=(-0.04, 1.06)),
        tuple(marks),
        title=f"Availability, {one.name}",
        note=f"h at mV: {told}",
    )


def _told(one: _Drug) -> str:
    told = ", ".join(str(value) for value in one.constants.values()) or "no Kr and Ki"
    kr, ki = (one.constants.get(name) for name in ("Kr", "Ki"))
    values = kr is not None and ki is not None and Relation.EQUAL == kr.relation == ki.relation
    fold = (
        f"\nKr/Ki {figures(kr.value / ki.value, 2)}" if values and kr is not None and ki is not None else ""
    )
    return f"{told}, n = {one.cells}{fold}"


state_dependence = Figure("state_dependence", "IC50 against the holding potential", build)
