"""The methods paragraph of a grid of agonist and co-agonist."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.result import Step
from .._methods import fitting_step
from .._signal import Signals

JOHNSON = (
    "Johnson JW, Ascher P. Glycine potentiates the NMDA response in cultured mouse brain neurons. "
    "Nature 1987;325:529–531."
)


def steps(read: Signals, together: bool, level: float) -> Iterator[Step]:
    """What was done, in order; `together` where the cells share their constants."""
    yield Step(
        "A channel that opens only with both agonist and co-agonist was fitted to all currents of the grid together, "
        "peak and plateau each by itself. The EC50 of each is that at saturating concentrations of the other.",
        "I = Emax [A]^nA / (EA^nA + [A]^nA) · [G]^nG / (EG^nG + [G]^nG)",
        ("hille_2001",),
    )
    if together:
        yield Step(
            "No cell has three concentrations of both, so one fit was made to all cells, which share EC50 and slopes "
            "and have an Emax of their own. Its intervals hold the scatter within cells only.",
        )
    yield Step(
        "Run-down was taken off by the straight line through the readings of the solution that was repeated most "
        "often in a cell, where there is one."
    )
    yield Step(
        "Currents without agonist or without added co-agonist are zero under the law and tell none of its constants. "
        "They are no part of the fit; those without co-agonist show whether the solution held some."
    )
    yield fitting_step(read, level)
    if not together:
        yield Step("n counts cells. Means over cells are geometric.", citations=("neubig_2003",))
