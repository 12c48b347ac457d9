"""How many times more potent one compound is than another: from joint fits of their curves, day by day."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...affinity.pooling import pool
from ...core.curves import Curve
from ...core.errors import ModelError, UnknownName
from ...core.estimate import Estimate
from ...core.result import Ratio
from ...equations.concentration_response import four_parameter_logistic
from ...fitting.potency_ratio import Comparing, potency_ratios
from .day import Analysed, Settings

NAME = "fold potency"


@dataclass(frozen=True)
class _Told:
    """The ratio of one compound on one day, or why there is none."""

    experiment: str
    estimate: Estimate | None
    sentence: str


def fold_potencies(
    analysed: Sequence[Analysed], settings: Settings
) -> tuple[tuple[Ratio, ...], tuple[str, ...]]:
    """The potency of every compound over that of the reference, and a note for each that has none."""
    reference = settings.reference
    if not reference:
        return (), ()
    subjects = tuple(dict.fromkeys(one.data.compound for one in analysed))
    if reference not in subjects:
        raise UnknownName.among(reference, subjects, "compound", "settings > reference")
    told: dict[str, list[_Told]] = {name: [] for name in subjects if name != reference}
    for day in dict.fromkeys(one.experiment.name for one in analysed):
        curves = {one.data.compound: one for one in analysed if one.experiment.name == day}
        for name, found in _of_one_day(curves, reference, settings).items():
            told[name].append(found)
    ratios = [_over_days(name, reference, found, settings) for name, found in told.items()]
    notes = tuple(
        f"{name} against {reference}, {one.experiment}: {one.sentence}"
        for name, found in told.items()
        for one in found
        if one.estimate is None
    )
    return tuple(one for one in ratios if one is not None), notes


def _of_one_day(curves: dict[str, Analysed], reference: str, settings: Settings) -> dict[str, _Told]:
    others = [name for name in curves if name != reference]
    if reference not in curves:
        return {name: _Told(_day(curves), None, f"{reference} was not measured.") for name in others}
    base = curves[reference]
    beside = [name for name in others if _alike(curves[name], base)]
    found = {
        name: _Told(_day(curves), None, "It has other plates or another vehicle than the reference.")
        for name in others
        if name not in beside
    }
    return found | {name: _pair(base, curves[name], settings) for name in beside}


def _pair(base: Analysed, other: Analysed, settings: Settings) -> _Told:
    """The ratio from both curves at once, which share plateaus and slope; the control wells are points once."""
    data, day = other.data, other.experiment.name
    for one in (base, other):
        if not (one.fits.outcome.usable or one.fits.bound is not None):
            return _Told(day, None, f"{one.data.compound}: {one.fits.reason}")
    curves = (
        Curve(base.data.curve.x, base.data.curve.y, label=base.data.compound),
        Curve(data.without_controls.x, data.without_controls.y, label=data.compound),
    )
    comparing = Comparing(known=data.known)
    try:
        found = potency_ratios(
            four_parameter_logistic, curves, base.data.compound, data.weighting, settings.level, comparing
        ).ratios[0]
    except ModelError as error:
        return _Told(day, None, str(error))
    return _Told(day, found.estimate, found.sentence)


def _alike(one: Analysed, base: Analysed) -> bool:
    """Whether two compounds have the same control wells."""
    controls = [
        {
            (well.plate, well.position)
            for well, x in zip(each.data.wells, each.data.x, strict=True)
            if np.isinf(x)
        }
        for each in (one, base)
    ]
    return controls[0] == controls[1]


def _day(curves: dict[str, Analysed]) -> str:
    return next(iter(curves.values())).experiment.name


def _over_days(name: str, reference: str, told: Sequence[_Told], settings: Settings) -> Ratio | None:
    days = [one for one in told if one.estimate is not None]
    each = [replace(one.estimate, name=NAME) for one in days if one.estimate is not None]
    if not each:
        return None
    found = pool(name, [one.experiment for one in days], each, settings.level).estimate
    return Ratio(NAME, name, reference, found, " ".join(_sentences(name, reference, found, days)))


def _sentences(name: str, reference: str, found: Estimate, days: Sequence[_Told]) -> Iterator[str]:
    """What was divided, how often, and what the number says."""
    many = len(days) > 1
    yield (
        f"IC50 of {reference} over IC50 of {name}, from joint fits with shared plateaus and slope in "
        f"{len(days)} experiment{'s, geometric mean' if many else ''}."
    )
    if many:
        yield "The curves were tested for parallelism on every day first."
    else:
        yield days[0].sentence
    if found.is_bound or not math.isfinite(found.value):
        return
    if found.low > 1:
        yield f"{name} is the more potent."
    elif found.high < 1:
        yield f"{reference} is the more potent."
    else:
        yield "The interval contains 1: the two cannot be told apart."
