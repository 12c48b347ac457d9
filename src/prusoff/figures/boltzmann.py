"""Gating curves of a channel without and with a drug: the means of the cells, the Boltzmann curves, and the shift."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..core.equation import Array
from ..core.figure import Figure, FigureSpec, Line, Mark, Panel, Points, Rule, Scale
from ..core.membrane_current import chord_conductance
from ..core.result import AssayResult, Pooled, Series
from ._series import colour, columns, is_over_potential, pages, used_mask

_SUBJECT = re.compile(r"^(?P<condition>.*) \((?P<what>[^()]*)\)(?P<site> at .*)?$")
_RISING = ("activation", "current_voltage")
_LAWS = (*_RISING, "availability")
_CONTROLS = ("control", "wash")
_NEAR_REVERSAL = 8e-3  # V, within which a conductance is no more than noise over nothing
_MV = 1e3
_MOST_TOLD = 3  # conditions with their numbers above a panel
_Y = {True: "conductance, part of the largest", False: "availability, part of the largest"}


@dataclass
class _Condition:
    """The cells of one condition: control, a drug at one concentration, wash-out."""

    name: str
    cells: list[Series] = field(default_factory=list)
    pooled: dict[str, Pooled] = field(default_factory=dict)

    def means(self) -> tuple[Array, Array, Array]:
        """The potentials, and mean and standard error of the cells at each, as parts of the largest."""
        rows = [row for series in self.cells for row in _parts(series)]
        tested = sorted({v for v, _ in rows})
        groups = [np.array([part for v, part in rows if v == one]) for one in tested]
        error = [one.std(ddof=1) / math.sqrt(one.size) if one.size > 1 else 0.0 for one in groups]
        return np.array(tested), np.array([one.mean() for one in groups]), np.array(error)

    def curve(self, v: Array) -> Array | None:
        """The law of the fits at the mean half potential and slope factor of the cells, from nothing to 1."""
        fit = self.cells[0].fit
        if fit is None or not {"V1/2", "k"} <= set(self.pooled):
            return None
        half, slope = (self.pooled[name].estimate for name in ("V1/2", "k"))
        if half.is_bound or not (math.isfinite(half.value) and math.isfinite(slope.value)):
            return None
        beyond = float(v.max()) + 1.0
        values = {"bottom": 0.0, "top": 1.0, "conductance": 1.0, "v_reversal": beyond}
        values |= {"v_half": half.value, "slope_factor": slope.value}
        found: Array = fit.equation.function(v, np.array([values[name] for name in fit.equation.names]))
        return found / (v - beyond) if "conductance" in fit.equation.names else found


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every drug and kind of curve, its control beside it; nothing for other results."""
    panels = dict(_panels(result))
    return tuple(
        FigureSpec(
            name,
            "Gating curves",
            "Parts of the channels against the potential, one panel for each drug and kind of curve. "
            + " ".join(f"{label}: {panels[label].note}.".replace("\n", "; ") for label in labels),
            tuple(panels[label] for label in labels),
            "Symbols are means of the cells with their standard error, each cell normalised by its own fit; lines are "
            "the Boltzmann curves at the mean V1/2 and k of the cells, dashed rules the mean half potentials.",
            columns=columns(len(labels)),
        )
        for name, labels in pages(list(panels), "boltzmann")
    )


def _panels(result: AssayResult) -> Iterator[tuple[str, Panel]]:
    groups: dict[tuple[str, str], dict[str, _Condition]] = {}
    for series in result.series:
        match = _SUBJECT.match(series.subject)
        if match and is_over_potential(series) and series.fit and series.fit.equation.name in _LAWS:
            there = groups.setdefault((match["what"], match["site"] or ""), {})
            one = there.setdefault(match["condition"], _Condition(match["condition"]))
            one.cells.append(series)
            one.pooled = {
                each.estimate.name: each for each in result.pooled if each.subject == series.subject
            }
    for (what, site), found in groups.items():
        controls = [one for one in found.values() if one.name in _CONTROLS]
        drugs: dict[str, list[_Condition]] = {}
        for one in found.values():
            if one.name not in _CONTROLS:
                drugs.setdefault(_drug(one.name), []).append(one)
        for drug, conditions in (drugs or {"": []}).items():
            title = " ".join(filter(None, (drug, f"({what})"))) + site
            yield title, _panel(title, [*controls, *conditions])


def _drug(condition: str) -> str:
    """The compound of a condition: 'lidocaine' of 'lidocaine 100 µM'."""
    return condition.rsplit(" ", 2)[0]


def _panel(title: str, conditions: Sequence[_Condition]) -> Panel:
    first = conditions[0].cells[0]
    rising = first.fit is not None and first.fit.equation.name in _RISING
    marks: list[Mark] = []
    for number, one in sorted(enumerate(conditions), key=lambda each: each[1].name != "wash"):
        marks.extend(_marks(one, colour(number)))
    return Panel(
        Scale(first.x_label.replace("(V)", "(mV)")),
        Scale(_Y[rising], limits=(-0.12, 1.18)),
        tuple(marks),
        title=title,
        note=_notes([one for one in conditions if one.name != "wash"]),
    )


def _marks(one: _Condition, number: int) -> Iterator[Mark]:
    v, mean, error = one.means()
    shown = (mean > -0.12) & (mean < 1.18)
    if not shown.any():
        return
    filled = one.name != "wash"
    label = f"{one.name}, n = {len(one.cells)}"
    yield Points(_MV * v[shown], mean[shown], label, number, filled, error[shown])
    fine = np.linspace(float(v[0]), float(v[-1]), 121)
    curve = one.curve(fine)
    if curve is not None and filled:
        yield Line(_MV * fine, curve, colour=number)
        yield Rule(x=_MV * one.pooled["V1/2"].estimate.value, colour=number)


def _notes(conditions: Sequence[_Condition]) -> str:
    """Half potential and shift of each condition; of many only the shifts, as their intervals stand in the report."""
    if len(conditions) <= _MOST_TOLD:
        return "\n".join(map(_note, conditions))
    shifts = {one.name: one.pooled["shift"].estimate.value for one in conditions if "shift" in one.pooled}
    told = ", ".join(f"{' '.join(name.split(' ')[-2:])}: {_MV * value:.1f}" for name, value in shifts.items())
    return f"{_note(conditions[0])}\nshift (mV) at {told}".replace("-", "−")


def _note(one: _Condition) -> str:
    told = [str(one.pooled[name].estimate) for name in ("V1/2", "shift") if name in one.pooled]
    return f"{one.name}: {', '.join(told) or 'no half potential'}"


def _parts(series: Series) -> Iterator[tuple[float, float]]:
    """Potential and part of the largest of every current that takes part, by the fit of its cell."""
    if series.fit is None:
        return
    p = dict(zip(series.fit.equation.names, series.fit.curve.parameters, strict=True))
    for points in series.points:
        used = used_mask(points)
        v, y = points.x[used], points.y[used]
        if p.get("conductance"):
            far = np.abs(v - p["v_reversal"]) >= _NEAR_REVERSAL
            v, parts = v[far], chord_conductance(y[far], v[far], p["v_reversal"]) / p["conductance"]
        elif "top" in p and p["top"] != p["bottom"]:
            parts = (y - p["bottom"]) / (p["top"] - p["bottom"])
        else:
            continue
        yield from ((round(float(at), 5), float(part)) for at, part in zip(v, parts, strict=True))


boltzmann = Figure("boltzmann", "Gating curves", build)
