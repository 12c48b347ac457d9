"""The methods paragraph of block against an agonist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...core.result import Step
from .._methods import fitting_step
from .._signal import Signals
from .mechanisms import Decision


def steps(read: Signals, decisions: Mapping[str, Decision | None], level: float) -> Iterator[Step]:
    """What was done, in order."""
    yield Step(
        "Currents without blocker and with it, at several agonist concentrations, were fitted together in every cell, "
        "peak and plateau each by itself. Three laws were set against each other: a blocker that competes with the "
        "agonist, one that enters the open channel only (uncompetitive), and one that does not care (noncompetitive).",
        "IC50 = KB (1 + [A]/EC50); IC50 = KB (1 + EC50/[A]); IC50 = KB",
        ("ludolph_2010",),
    )
    yield Step(
        "None of the three contains another, so the lowest AICc decides, from sums of squares over all cells, each "
        "divided by the mean square of its currents; a mechanism less than 6 above is not ruled out.",
        citations=("burnham_anderson_2002",),
    )
    for subject, decision in decisions.items():
        if decision is not None:
            yield Step(f"{subject}: {decision.sentence}")
    yield Step(
        "Run-down was taken off by the straight line through the controls before the blocker and after its wash-out, "
        "where the wash brought back at least 80 % of it.",
    )
    yield fitting_step(read, level)
    yield Step("n counts cells. Means over cells are geometric.", citations=("neubig_2003",))
