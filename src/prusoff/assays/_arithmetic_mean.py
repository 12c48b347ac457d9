"""Quantities that have a sign, such as potentials, over cells, of which some may give only a bound."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from ..affinity.pooling import pool_plainly
from ..core.estimate import Estimate, Relation
from ..core.result import Pooled


def arithmetic_mean(subject: str, each: Mapping[str, Estimate]) -> Pooled:
    """The mean of a quantity over cells with its t interval; a single cell keeps the interval of its fit.

    Cells that give only a bound are left out of the mean, which is then only about (~) the value; where all give a
    bound, so does the mean.
    """
    values = {name: one for name, one in each.items() if not one.is_bound}
    names, told = tuple(each), tuple(each.values())
    if not values:
        return Pooled(subject, _bound(told), None, names, told, f"All {len(told)} cells gave only a bound.")
    found = pool_plainly(subject, tuple(values), tuple(values.values()))
    left = len(each) - len(values)
    if not left:
        return found
    return Pooled(
        subject,
        replace(found.estimate, relation=Relation.ABOUT),
        None,
        names,
        told,
        f"{found.sentence} {left} more gave only a bound and {'is' if left == 1 else 'are'} not in the mean.",
    )


def _bound(each: tuple[Estimate, ...]) -> Estimate:
    """The sharpest bound, where all lie on one side; nothing where they do not."""
    relations = {one.relation for one in each}
    if relations == {Relation.ABOVE}:
        return max(each, key=lambda one: one.value)
    if relations == {Relation.BELOW}:
        return min(each, key=lambda one: one.value)
    return replace(each[0], value=math.nan, relation=Relation.ABOUT)
