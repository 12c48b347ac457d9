"""The methods paragraph of an antagonist run, from what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.result import Step
from .._functional.methods import fitting_step
from .._functional.scatter import Scatter
from .._methods import counting_steps
from .._signal import Signals
from .decision import Antagonism, Decision


def steps(decisions: Sequence[Decision], read: Signals, scatter: Scatter, level: float) -> tuple[Step, ...]:
    """What was done, in order."""
    return tuple(_steps(decisions, read, scatter, level))


def _steps(decisions: Sequence[Decision], read: Signals, scatter: Scatter, level: float) -> Iterator[Step]:
    yield from counting_steps(read)
    yield Step(
        "All agonist curves of one experiment with and without one antagonist were fitted at once to raw signals, "
        "vehicle wells as points without agonist; basal, maximum, slope, EC50 and KB are shared by all curves.",
        "E = bottom + (top − bottom) / (1 + (EC50′ / [A])^nH), EC50′ = EC50 (1 + ([B] / KB)^s)",
        ("lew_angus_1995",),
    )
    yield fitting_step(scatter, level)
    kinds = {one.kind for one in decisions}
    yield Step(
        "The Schild slope s was fitted where there are two or more antagonist concentrations. Where its interval over "
        "the experiments includes 1, or s is within a tenth of 1, KB is that of the fit with s = 1; else the "
        "concentration with a dose ratio of 2 (A2) is reported. The Schild line through the dose ratios of each "
        "experiment stands beside it: KB never comes from it.",
        "log(DR − 1) = s log[B] + pA2 s",
        ("arunlakshana_schild_1959",),
    )
    yield Step(
        "Own maxima and own slopes of the curves were tested against shared ones by the extra sum of squares; an "
        "antagonist that leaves less than 85 % of the maximum (P < 0.01) in most experiments is insurmountable.",
        citations=("motulsky_christopoulos_2004",),
    )
    if kinds & {Antagonism.INSURMOUNTABLE, Antagonism.ENHANCED, Antagonism.SLOPE, Antagonism.OTHER}:
        yield Step(
            "Where simple competition does not hold, it was compared by AICc, summed over the experiments, with an "
            "antagonist that takes receptors away and with modulators of affinity or of affinity and efficacy.",
            "E = Em (τ[A](KB + αβ[B]))^n / (([A]KB + KA KB + KA[B] + α[A][B])^n + (τ[A](KB + αβ[B]))^n)",
            ("leach_2007", "christopoulos_kenakin_2002", "black_leff_1983", "burnham_anderson_2002"),
        )
    yield Step(
        "n counts independent experiments; replicate wells do not increase it. Means of constants are geometric.",
        citations=("neubig_2003",),
    )
