"""The methods paragraph of use-dependent block, and what is to be said beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.estimate import figures
from ...core.result import Step
from .._methods import fitting_step
from .fits import DrugFit
from .trains import Cell


def steps(cells: Sequence[Cell], pulse_s: float, level: float) -> Iterator[Step]:
    """What was done, in order."""
    yield Step(
        f"The peak current of every pulse ({figures(pulse_s, unit='s')} long) was fitted against its number in the "
        "train. A drug was taken to reach its site during pulses only (guarded receptor): the block before each pulse "
        "nears its steady state exponentially with the number of pulses.",
        "b → b∞ + (b − b∞) e^(−(kon [D] + koff) d), then b → b e^(−koff T)",
        ("starmer_grant_1985",),
    )
    yield Step(
        "Trains without drug at the same interval were part of the fit: what they lose with the number of pulses "
        "is shared by all trains at that interval and taken to multiply with the block (with a rate of its own where "
        "it is more than chance, F test, P < 0.05, else at 0.2 per pulse). Every train has a first "
        "current of its own, so that a block of the first pulse, or run-down between trains, is not counted as use "
        "dependence.",
        "I = I1 (1 − loss) (1 − b)",
    )
    yield fitting_step(cells[0].read, level)
    yield Step(
        "The steady-state use-dependent block is that of a train without end: the part of the first current that is "
        "lost to the drug. KD is koff/kon, the time constant of recovery 1/koff. The loss along a train is "
        "the part of the first current that its last pulse lacks as measured, with drug or without it.",
    )
    yield Step(
        "n counts cells. Rate constants and KD are geometric means over cells, parts blocked are arithmetic means.",
        citations=("neubig_2003",),
    )


def notes(cell: Cell, fits: Sequence[DrugFit]) -> Iterator[str]:
    """What is to be said of one cell."""
    name = cell.experiment.name
    for note in cell.read.notes:
        yield f"{name}: {note}"
    for one in fits:
        for period in dict.fromkeys(train.period_s for _, train in one.plan.drugged):
            if not any(train.is_control and train.period_s == period for train in one.plan.trains):
                yield (
                    f"{name}: no train without drug at {figures(1.0 / period)} Hz; nothing is taken off there, and the "
                    "block of the first pulse is not known."
                )
