"""What the fits left over: residuals against concentration, and whether they are spread like a normal distribution."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from ..core.equation import Array
from ..core.figure import Figure, FigureSpec, Line, Mark, Panel, Points, Rule, Scale
from ..core.fit import Fit
from ..core.result import AssayResult, Series
from ._axes import DoseAxis, readable
from ._series import days, drawn_axis, fitted, is_logarithmic, pages

_LIMIT = 2.0


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """Two panels per compound, side by side, or per experiment where compounds are many; nothing where nothing was
    fitted.
    """
    each = {
        name: kept
        for name, series in _by_axis(fitted(result)).items()
        if (kept := [(one, one.fit) for one in series if one.fit is not None and _scatters(one.fit)])
    }
    curves = each if len(each) <= _MOST_COMPOUNDS else _by_experiment(each)
    return tuple(
        FigureSpec(
            name,
            "Residuals",
            _description(curves, subjects),
            _in_pairs(result, {subject: curves[subject] for subject in subjects}),
            "Residuals of the wells that were fitted, each times the square root of its weight, in standard "
            "deviations of its fit. "
            f"{'Above' if _by_threes(subjects) else 'Left of each pair'}: against concentration; they should scatter "
            "evenly about zero, about 19 of 20 between the outer lines. "
            f"{'Below' if _by_threes(subjects) else 'Right'}: in order of size against the quantiles of the normal "
            "distribution; they should follow the line.",
            columns=_columns(subjects),
            panel_size=(2.5, 2.2),
        )
        for name, subjects in pages(list(curves), "residuals")
    )


def _by_axis(curves: dict[str, list[Series]]) -> dict[str, list[Series]]:
    """The curves of a subject by what they are drawn against, where that differs: time, then concentration."""
    found: dict[str, list[Series]] = {}
    for subject, series in curves.items():
        several = len({one.x_label for one in series}) > 1
        for one in series:
            found.setdefault(f"{subject} against {one.x_label}" if several else subject, []).append(one)
    return found


_LONGEST = 12
_MOST_COMPOUNDS = 24  # of more, all curves of an experiment share a pair of panels
_Fits = list[tuple[Series, Fit]]


def _by_experiment(curves: dict[str, _Fits]) -> dict[str, _Fits]:
    """All fits of an experiment that are drawn against the same kind of x, by a name that says how many they are."""
    found: dict[tuple[str, bool], _Fits] = {}
    for fits in curves.values():
        for series, fit in fits:
            found.setdefault((series.experiment, is_logarithmic(series)), []).append((series, fit))
    return {f"{len(fits)} curves, {name}": fits for (name, _), fits in found.items()}


def _by_threes(compounds: Sequence[object]) -> bool:
    """Whether three compounds stand in a row, each with its second panel below the first; else pairs side by side."""
    return len(compounds) % 3 == 0


def _columns(compounds: Sequence[object]) -> int:
    if _by_threes(compounds):
        return 3
    return 2 if len(compounds) == 1 else 4


def _in_pairs(result: AssayResult, compounds: dict[str, _Fits]) -> tuple[Panel, ...]:
    """The two panels of every compound in the order in which they are drawn, row by row."""
    above = [_against_dose(result, name, fits) for name, fits in compounds.items()]
    below = [_against_normal(result, fits) for fits in compounds.values()]
    step = 3 if _by_threes(list(compounds)) else 1
    starts = range(0, len(compounds), step)
    return tuple(
        panel for start in starts for panel in (*above[start : start + step], *below[start : start + step])
    )


def _scatters(fit: Fit) -> bool:
    return bool(np.isfinite(fit.residual_sd) and fit.residual_sd > 0)


def _standardised(fit: Fit, axis: int = 0) -> tuple[Array, Array]:
    """Concentration and weighted residual, in standard deviations, of every well of a fit."""
    x = np.concatenate([np.atleast_2d(curve.data.x)[axis] for curve in fit.curves])
    return x, np.concatenate([curve.weighted_residuals for curve in fit.curves]) / fit.residual_sd


def _as_drawn(series: Series, fit: Fit) -> tuple[Array, Array]:
    """The same with x as the curve is drawn: log10 of a concentration also where the law takes it as it is."""
    axis = drawn_axis(series)
    x, residuals = _standardised(fit, axis)
    if is_logarithmic(series) and not fit.equation.axes[axis].log10:
        with np.errstate(divide="ignore"):
            x = np.log10(x)
    return x, residuals


def _against_dose(result: AssayResult, name: str, fits: _Fits) -> Panel:
    first, alone = fits[0][0], len({series.subject for series, _ in fits}) == 1
    colours, drawn = days(result), [_as_drawn(series, fit) for series, fit in fits]
    dose = DoseAxis.over(x for x, _ in drawn) if is_logarithmic(first) else None
    size, label = readable(first.x_label, max(float(np.max(np.abs(x))) for x, _ in drawn))
    marks: list[Mark] = [Rule(y=0.0, dashed=False), Rule(y=-_LIMIT), Rule(y=_LIMIT)]
    for number, ((series, _), (x, residuals)) in enumerate(zip(fits, drawn, strict=True)):
        at = dose.place(x, number if alone else 0, len(fits) if alone else 1) if dose else x / size
        marks.append(Points(at, residuals, series.experiment, colours[series.experiment]))
    return Panel(
        dose.scale(_concentration_of(first.subject if alone else name))
        if dose
        else Scale(label or "concentration"),
        Scale("weighted residual (SD)", limits=_limits([residuals for _, residuals in drawn])),
        tuple(marks),
        title=first.subject if alone else name,
    )


def _concentration_of(subject: str) -> str:
    """The label of the axis; a long name, which the title holds already, does not fit below a narrow panel."""
    return f"{subject}, final concentration" if len(subject) <= _LONGEST else "final concentration"


def _limits(residuals: list[Array]) -> tuple[float, float]:
    most = max(float(np.abs(one).max(initial=0.0)) for one in residuals)
    return -max(2.6, 1.1 * most), max(2.6, 1.1 * most)


def _against_normal(result: AssayResult, fits: _Fits) -> Panel:
    colours, ends = days(result), np.array([-2.5, 2.5])
    marks: list[Mark] = [Line(ends, ends, colour=7, dashed=True)]
    every = []
    for series, fit in fits:
        residuals = np.sort(_standardised(fit)[1])
        every.append(residuals)
        marks.append(
            Points(
                _normal_quantiles(residuals.size), residuals, series.experiment, colours[series.experiment]
            )
        )
    return Panel(
        Scale("normal quantile"), Scale("weighted residual (SD)", limits=_limits(every)), tuple(marks)
    )


def _normal_quantiles(count: int) -> Array:
    """Where `count` values of a standard normal distribution are expected, in order (Blom G, 1958)."""
    normal = NormalDist()
    return np.array([normal.inv_cdf((rank - 0.375) / (count + 0.25)) for rank in range(1, count + 1)])


def _description(curves: dict[str, _Fits], subjects: list[str]) -> str:
    each = []
    for subject in subjects:
        residuals = np.concatenate([_standardised(fit)[1] for _, fit in curves[subject]])
        beyond = int((np.abs(residuals) > _LIMIT).sum())
        each.append(f"{subject}: {beyond} of {residuals.size} beyond two standard deviations")
    return f"Weighted residuals against concentration and against normal quantiles. {'; '.join(each)}."


residuals = Figure("residuals", "Residuals", build)
