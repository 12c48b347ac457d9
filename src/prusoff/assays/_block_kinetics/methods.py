"""The methods paragraph of block kinetics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.result import Step
from .._methods import fitting_step
from .applications import Cell


def steps(cells: Sequence[Cell], level: float, recovered: bool) -> Iterator[Step]:
    """What was done, in order."""
    yield Step(
        "All applications of a drug to a cell were fitted together: readings before the drug, during it, and after its "
        "wash-out. Every application has a control current, a depth of block and a run-down (a straight line) of its "
        "own; kon and koff are common to all, so that they hang on the time courses alone and not on the depths.",
        "I = (I0 − r t) (1 − depth (1 − e^(−(kon [D] + koff) t on)) e^(−koff t wash))",
        ("hille_2001",),
    )
    yield Step(
        "KD is koff/kon; for single time constants this is kon = (1/τon − 1/τoff)/[D] and koff = 1/τoff. It is set "
        "against the IC50 that the depths of the block at its steady state give with slope 1.",
        "IC50 = [D] (1 − block)/block",
    )
    yield Step(
        "The observed rate of every onset was also fitted by itself and drawn against the concentration, with the line "
        "that is weighted by the errors.",
        "kobs = kon [D] + koff",
        ("motulsky_mahan_1984",),
    )
    if recovered:
        yield Step(
            "Recovery from inactivation was fitted in two phases with common time constants; what the drug adds is its "
            "slow part less that without drug.",
            "I = Imax (1 − A1 e^(−t/τ1) − A2 e^(−t/τ2))",
        )
    yield fitting_step(cells[0].read, level)
    yield Step(
        "n counts cells. Rate constants, times and KD are geometric means over cells, parts of the current are "
        "arithmetic means.",
        citations=("neubig_2003",),
    )
