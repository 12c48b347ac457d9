"""What is told of a drug over its cells: IC50, slope, largest block, and the block that was reached."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...affinity.pooling import p_value
from ...core.estimate import Estimate, Relation, figures
from ...core.result import Pooled
from .._arithmetic_mean import arithmetic_mean
from .fits import IC50, BlockFit


def pooled(one: BlockFit) -> Iterator[Pooled]:
    """The IC50 with that of every cell, what is common to all, and the block at the highest concentration for a bound.

    n counts cells.
    """
    ic50, names = one.ic50, tuple(cell.name for cell in one.cells)
    if ic50 is not None:
        each = tuple(one.of_cell(cell) or ic50 for cell in one.cells)
        yield Pooled(one.subject, ic50, p_value(ic50), names, each, _sentence(one))
    for estimate in one.others:
        told = f"One value that all {len(names)} cells share, fitted with their IC50."
        yield Pooled(one.subject, estimate, None, names, (estimate,) * len(names), told)
    if ic50 is None or ic50.is_bound:
        there = one.block_at(_end(one))
        if len(there) == len(names):  # else the others, which saw other concentrations, would look left out
            yield arithmetic_mean(one.subject, there)


def _end(one: BlockFit) -> float:
    """The concentration in mol/L at which a bound of the IC50 stands."""
    ic50 = one.ic50
    above = ic50 is None or ic50.relation is Relation.ABOVE
    return float(one.concentrations[-1 if above else 0])


def _sentence(one: BlockFit) -> str:
    """How the IC50 was got, for readers."""
    if one.ending.reason and not one.usable:
        return " ".join(filter(None, (one.ending.reason, _reached(one))))
    readings, cells = len(one.applications), len(one.cells)
    counted = f"{readings} reading{'' if readings == 1 else 's'} in {cells} cell{'' if cells == 1 else 's'}"
    if math.isnan(one.mixed.between_sd):
        told = f"Fit to {counted} as they are: differences between cells cannot be told."
    elif one.mixed.between_sd == 0:
        told = (
            f"Mixed model of {counted}: no differences between cells are seen beyond the scatter within them."
        )
    else:
        told = (
            f"Mixed model of {counted}: log10 IC50 differs between cells with an SD of "
            f"{figures(one.mixed.between_sd, 2)}."
        )
    return " ".join(filter(None, (told, one.ending.reason)))


def _reached(one: BlockFit) -> str:
    """The block that was read at the concentration of a bound, '' where the IC50 is a value."""
    ic50 = one.ic50
    if ic50 is None or not ic50.is_bound:
        return ""
    mean = arithmetic_mean(one.subject, one.block_at(_end(one)))
    cells = f"{len(mean.each)} cell{'' if len(mean.each) == 1 else 's'}"
    return f"Read there: {mean.estimate.amount} in {cells}."


def extrapolated(one: BlockFit, place: str) -> Iterator[str]:
    """The IC50 that slope 1 and full block would make of the block that was reached, where only a bound is known.

    `place` is ' at SERT' where there are several targets, else ''.
    """
    found: Estimate | None = one.if_one
    if found is not None:
        yield (
            f"{one.subject}{place}: with slope 1 and full block the block that was reached would make an {IC50} of "
            f"about {figures(found.value, unit='M')}. This is extrapolated, not measured."
        )
