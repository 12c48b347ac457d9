"""All compounds in one panel as percent of specific binding, to be looked at; nothing is fitted to these numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ..core.equation import Array
from ..core.figure import Figure, FigureSpec, Line, Mark, Panel, Points, Rule, Scale
from ..core.result import AssayResult, Series
from ._axes import DoseAxis
from ._series import colour, counted, dose_response, wells

_SAME_DOSE = 6  # decimals of a log10 concentration that make it the same dose on another day


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel; nothing where no curve has both of its controls."""
    compounds = {
        subject: kept
        for subject, curves in dose_response(result).items()
        if (kept := [series for series in curves if _window(series) and _tested(series).size])
    }
    axis = DoseAxis.over(_tested(series) for curves in compounds.values() for series in curves)
    if axis is None:
        return ()
    marks: list[Mark] = [Rule(y=0.0), Rule(y=100.0)]
    for number, (subject, curves) in enumerate(compounds.items()):
        marks += _compound(subject, curves, colour(number))
    name = next(iter(compounds)) if len(compounds) == 1 else "compound"
    measured = "uptake" if result.is_uptake else "specific binding"
    panel = Panel(
        axis.scale(f"{name}, final concentration"), Scale(f"{measured} (% of control)"), tuple(marks)
    )
    return (
        FigureSpec(
            "normalised_curve",
            f"Inhibition of {measured} by all compounds",
            _description(compounds, measured),
            (panel,),
            _caption(compounds),
            columns=1,
            panel_size=(4.2, 3.1),
        ),
    )


def _window(series: Series) -> tuple[float, float] | None:
    """The means of the nonspecific and the total wells, if they are apart."""
    x, y, used = wells(series)
    total, nsb = (y[(x == end) & used] for end in (-np.inf, np.inf))
    if not (total.size and nsb.size) or math.isclose(total.mean(), nsb.mean()):
        return None
    return float(nsb.mean()), float(total.mean())


def _tested(series: Series) -> Array:
    x, _, used = wells(series)
    tested: Array = x[np.isfinite(x) & used]
    return tested


def _percent(series: Series, y: Array) -> Array:
    nsb, total = _window(series) or (0.0, 1.0)
    return 100.0 * (y - nsb) / (total - nsb)


def _compound(subject: str, curves: list[Series], number: int) -> Iterator[Mark]:
    line = _mean_curve(curves)
    if line is not None:
        yield Line(10.0 ** line[0], line[1], subject, number)
    x, mean, sem = _means(curves)
    yield Points(10.0**x, mean, subject, number, error=sem)


def _means(curves: list[Series]) -> tuple[Array, Array, Array]:
    """Mean and its standard error at every dose: over the experiments, or over the wells of a single one."""
    by_dose: dict[float, list[float]] = {}
    for series in curves:
        x, y, used = wells(series)
        percent, doses = _percent(series, y), np.round(x, _SAME_DOSE)
        for dose in np.unique(doses[np.isfinite(x) & used]):
            here = percent[(doses == dose) & used]
            by_dose.setdefault(float(dose), []).extend(
                [float(here.mean())] if len(curves) > 1 else here.tolist()
            )
    ordered = sorted(by_dose)
    values = [np.array(by_dose[dose]) for dose in ordered]
    sem = [v.std(ddof=1) / math.sqrt(v.size) if v.size > 1 else math.nan for v in values]
    return np.array(ordered), np.array([v.mean() for v in values]), np.array(sem)


def _mean_curve(curves: list[Series]) -> tuple[Array, Array] | None:
    """The mean of the fitted curves where all of them were tested."""
    bands = [
        (series, band) for series in curves if series.outcome.usable for band in series.bands if band.x.size
    ]
    if not bands:
        return None
    low = max(max(float(band.x[0]), float(_tested(series).min())) for series, band in bands)
    high = min(min(float(band.x[-1]), float(_tested(series).max())) for series, band in bands)
    if high <= low:
        return None
    x = np.linspace(low, high, 121)
    curve = np.mean([np.interp(x, band.x, _percent(series, band.fitted)) for series, band in bands], axis=0)
    return x, curve


def _caption(compounds: dict[str, list[Series]]) -> str:
    each = ", ".join(f"{subject} n = {len(curves)}" for subject, curves in compounds.items())
    of = "experiments" if any(len(curves) > 1 for curves in compounds.values()) else "wells"
    alone = of == "experiments" and any(len(curves) == 1 for curves in compounds.values())
    return (
        f"For display only; every fit was made to the counts of one experiment. Mean ± SEM of {of}"
        f"{' (of wells where n = 1)' if alone else ''}; independent experiments: {each}. "
        "100 % is the mean of the total wells of the same experiment, 0 % that of its NSB wells. "
        "Lines are the means of the fitted curves."
    )


def _description(compounds: dict[str, list[Series]], measured: str) -> str:
    each = "; ".join(
        f"{subject} in {counted(len(curves), 'experiment')}" for subject, curves in compounds.items()
    )
    return f"Percent of {measured} against concentration for all compounds in one panel: {each}."


normalised_curve = Figure("normalised_curve", "Inhibition of specific binding by all compounds", build)
