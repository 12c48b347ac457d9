"""The methods paragraph of an uptake inhibition, from what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...affinity.inhibition import FORMULAS
from ...core.estimate import figures
from ...core.measured import Measured
from ...core.result import Step
from .._methods import counting_steps, fitting_step
from .day import Analysed, Day, Settings
from .estimates import has_km

SEGEL = "segel_1975"
_BACKGROUND = {
    "blocker": "the wells with blocker",
    "ice": "the wells at 4 °C",
    "zero": "no wells (nothing was taken to be background, so the bottom of the curves was held at zero)",
}
_BOUND_TO = {
    "competitive": "the free carrier",
    "noncompetitive": "the carrier with and without substrate alike",
    "uncompetitive": "the carrier with substrate",
}


def steps(analysed: Sequence[Analysed], days: Sequence[Day], settings: Settings) -> tuple[Step, ...]:
    """What was done, in order."""
    return tuple(_steps(analysed, days, settings))


def _steps(analysed: Sequence[Analysed], days: Sequence[Day], settings: Settings) -> Iterator[Step]:
    first = days[0]
    yield from counting_steps(first.read)
    if not analysed:
        return
    if first.corrected:
        yield Step(
            f"Every well was brought to the median {' and the median '.join(first.corrected)} of its experiment before "
            "anything was compared."
        )
    yield Step(
        "Raw signals were fitted, one curve for each compound and experiment, with the wells without inhibitor (those "
        "of the same vehicle, where vehicles are named) as points without compound, and as points of full inhibition "
        f"{_BACKGROUND[settings.background]}.",
        "Y = bottom + (top − bottom) / (1 + 10^((X − log IC50) nH))",
        ("delean_1978",),
    )
    yield fitting_step(first.read, settings.level)
    yield from _velocity_step(first)
    yield from _ki_step(days, settings)
    if settings.reference:
        yield Step(
            f"Fold potencies against {settings.reference} come from joint fits of two curves that share plateaus and "
            "slope, with the control wells once; curves that are not parallel (P < 0.05) give none.",
            citations=("finney_1978",),
        )
    yield Step(
        "An IC50 outside the tested range, or a curve that covers less than half of the control span at the highest "
        "concentration, is reported as a bound, and its Ki carries the same sign.",
        citations=("agm_radioligand",),
    )
    yield Step(
        "n counts independent experiments; replicate wells do not increase it. Means are geometric.",
        citations=("neubig_2003",),
    )


def _velocity_step(day: Day) -> Iterator[Step]:
    if not day.velocity.known:
        return
    diluted = day.substrate.value / day.ligand.total.value
    by = f", diluted {figures(diluted)}-fold by unlabelled substrate" if diluted > 1.001 else ""
    per = {"protein": "the protein", "cells": "the number of cells", "well": "nothing else"}[day.per]
    yield Step(
        f"Velocities are top minus bottom of the curve over the specific activity on the day{by}, the time "
        f"({figures(day.experiment.conditions.incubation_s, unit='s')}) and {per}.",
        "v = dpm / (specific activity × time × protein)",
        (SEGEL,),
    )


def _ki_step(days: Sequence[Day], settings: Settings) -> Iterator[Step]:
    mechanism = settings.mechanism
    km = days[0].experiment.radioligand.km
    if mechanism != "noncompetitive" and not has_km(km, days[0]):
        return
    told = (
        f"Ki is the constant of {_BOUND_TO[mechanism]}: the inhibition was taken as {mechanism}, which was not tested "
        "here"
    )
    if mechanism != "noncompetitive" and km is not None:
        error = figures(Measured(km.value, km.se).relative * 100, 2)
        amounts = sorted(day.substrate.value for day in days)
        span = figures(amounts[0], unit="M")
        if amounts[-1] > 1.005 * amounts[0]:
            span = f"{span} to {figures(amounts[-1], unit='M')}"
        told += (
            f". The substrate was {span}, its Km {figures(km.value, unit='M')} (standard error {error} %; "
            f"{km.source}). The errors of [S] and Km are combined with the interval of the IC50 side by side on the "
            "log scale; over several experiments the error of Km, which all share, is added once"
        )
    yield Step(f"{told}.", FORMULAS[mechanism], ("cheng_prusoff_1973", SEGEL))
