"""Quantities that have a sign, such as potentials, over cells: arithmetic means in which n counts cells."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ..core.estimate import Estimate, Relation
from ..core.result import Pooled
from ..fitting.intervals import quantile


def arithmetic_mean(subject: str, each: Mapping[str, Estimate], spoken: str = "cells") -> Pooled:
    """The mean of a quantity over cells with its t interval; a single cell keeps the interval of its fit.

    Cells that give only a bound are left out of the mean, which is then only about (~) the value; where all give a
    bound, so does the mean.
    """
    values = {name: one for name, one in each.items() if not one.is_bound}
    names, told = tuple(each), tuple(each.values())
    if not values:
        return Pooled(
            subject, _bound(told), None, names, told, f"All {len(told)} {spoken} gave only a bound."
        )
    if len(values) == 1:
        (only,) = values.values()
        sentence = "One cell: its interval is that of the fit and says nothing about reproducibility."
        return Pooled(subject, _about(only, len(each)), None, names, told, sentence)
    numbers = np.sort(np.array([one.value for one in values.values()]))
    level = told[0].level
    error = float(numbers.std(ddof=1)) / math.sqrt(numbers.size)
    half = quantile(level, numbers.size - 1) * error
    mean = float(numbers.mean())
    estimate = replace(
        next(iter(values.values())),
        value=mean,
        low=mean - half,
        high=mean + half,
        method=f"mean, t interval, n = {numbers.size}",
        se=error,
        log10_se=math.nan,
    )
    sentence = f"Mean of {numbers.size} {spoken}, {level:.0%} t interval.".replace("%", " %")
    left = len(each) - len(values)
    if left:
        sentence = (
            f"{sentence} {left} more gave only a bound and {'is' if left == 1 else 'are'} not in the mean."
        )
    return Pooled(subject, _about(estimate, len(each) - len(values) + 1), None, names, told, sentence)


def _about(estimate: Estimate, told: int) -> Estimate:
    """The estimate as it is where every cell gave a value, else as about that."""
    return estimate if told == 1 else replace(estimate, relation=Relation.ABOUT)


def _bound(each: tuple[Estimate, ...]) -> Estimate:
    """The sharpest bound, where all lie on one side; nothing where they do not."""
    relations = {one.relation for one in each}
    if relations == {Relation.ABOVE}:
        return max(each, key=lambda one: one.value)
    if relations == {Relation.BELOW}:
        return min(each, key=lambda one: one.value)
    return replace(each[0], value=math.nan, relation=Relation.ABOUT)
