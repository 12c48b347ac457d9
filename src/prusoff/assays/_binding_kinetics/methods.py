"""The methods paragraph and the notes of binding kinetics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.estimate import figures
from ...core.result import Step
from .._methods import counting_steps, fitting_step
from .day import Day
from .wells import DILUTION

FITTING_MODELS = "motulsky_christopoulos_2004"


def steps(days: Sequence[Day], level: float) -> Iterator[Step]:
    """What was done, in the order in which it was done."""
    first = days[0]
    yield from counting_steps(first.read)
    if first.data.molar_per_signal > 0:
        yield Step(
            "Free label at each concentration was what was added less the mean bound over the times of its wells."
        )
    yield Step(
        "All wells of a day, total and nonspecific, of association and dissociation, were fitted together with one "
        "kon, koff and Bmax and a nonspecific binding that may drift with time; nothing was subtracted first.",
        "Y = Bmax kon L / kobs (1 − exp(−kobs t)) exp(−koff t') + L (NS + drift (t + t'));  kobs = kon L + koff",
        (FITTING_MODELS,),
    )
    yield fitting_step(first.read, level)
    if any(day.depleted for day in days):
        yield Step(
            "Where more than 10 % of the label was bound, the constants are those of the bimolecular reaction in "
            "closed form, in which the label is used up.",
            "dB/dt = kon (Bmax − B)(L − B)/(1 + NS) − koff B",
            ("Frost AA, Pearson RG. Kinetics and Mechanism. Wiley, 1961.",),
        )
    if any(day.line is not None for day in days):
        yield Step(
            "An observed rate was fitted at each concentration; a line weighted by their errors gives kon as slope "
            "and koff as intercept, Kd by the delta method with covariance. A hyperbola (induced fit) was tested "
            "against it.",
            "kobs = kon L + koff;  kobs = k₋₂ + k₂ L / (L + K)",
            (FITTING_MODELS,),
        )
    if any(day.chases for day in days):
        yield Step(
            "Two phases of dissociation were tested against one by extra-sum-of-squares F at P < 0.01; dissociation by "
            "dilution and by unlabelled ligand were fitted apart and compared.",
            citations=(FITTING_MODELS,),
        )


def notes(day: Day) -> Iterator[str]:
    """What a reader of one day has to know."""
    yield from day.ligand.notes
    yield from day.read.notes
    data = day.data
    if any(well.used and not well.treatment.phase for well in data.wells):
        yield "Wells without a phase are taken as association."
    if not data.molar_per_signal > 0:
        yield "Free label is taken as added: the counts cannot be expressed in moles."
    if day.depleted:
        share = figures(100 * data.depletion, 2, "%")
        yield f"Up to {share} of the label was bound; the constants are those of the fit in which it is used up."
        if any(chase == DILUTION for chase in data.chases):
            yield "Diluted wells are not part of that fit."
    if any(chase.two_phases for chase in day.chases):
        yield "Dissociation has two phases, so that one koff and what follows from it are a compromise (~)."
    if day.line is not None and day.line.zero:
        yield (
            "The intercept of the observed rates may be zero; its line gives kon only, and koff comes from the "
            "dissociation."
        )
    if day.whole is not None and not day.whole.knows_kon:
        yield "There is no association, so kon and Kd are not known."
        if data.chases[:1] == (DILUTION,):
            yield "What binds again after the dilution could not be allowed for."
