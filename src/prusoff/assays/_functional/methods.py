"""The methods paragraph of an agonist run, from what was done."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.result import Step
from .._methods import counting_steps
from .._signal import Signals
from .scatter import Scatter


def steps(read: Signals, scatter: Scatter, slope: str, reference: str, level: float) -> tuple[Step, ...]:
    """What was done, in order."""
    return tuple(_steps(read, scatter, slope, reference, level))


def _steps(read: Signals, scatter: Scatter, slope: str, reference: str, level: float) -> Iterator[Step]:
    yield from counting_steps(read)
    told = "a free slope" if slope == "free" else "slope 1"
    yield Step(
        "Raw signals were fitted, one curve for each agonist and experiment, with the vehicle wells of its plates as "
        f"points without agonist and {told}.",
        "E = bottom + (top − bottom) / (1 + (EC50 / [A])^nH)",
        ("delean_1978",),
    )
    yield fitting_step(scatter, level)
    if reference:
        yield from _reference_steps(reference)
    yield Step(
        "An EC50 outside the concentrations tested is reported as a bound, with the effect at the highest one in place "
        "of a maximum.",
    )
    yield Step(
        "n counts independent experiments; replicate wells do not increase it. Means are geometric.",
        citations=("neubig_2003",),
    )


def _reference_steps(reference: str) -> Iterator[Step]:
    yield Step(
        f"Emax, the fitted maximum above basal, is given relative to that of {reference} in the same experiment. The "
        f"fold potency is EC50 of {reference} over that of the agonist from one fit to both curves with one basal "
        "response, maximum and slope; it is refused where own maxima and slopes fit better (P < 0.01 in most "
        "experiments).",
        "fold potency = EC50(reference) / EC50",
        ("finney_1978",),
    )
    yield Step(
        "The relative activity is the transduction coefficient tau/KA over that of the reference, from one operational "
        "fit to all agonists of an experiment; the agonist with the largest maximum stands for the system. Both ratios "
        "are paired: they are taken within an experiment before they are averaged.",
        "E = bottom + (Em − bottom) / (1 + (1 / ([A] τ/KA) + 1/τ)^n)",
        ("black_leff_1983", "kenakin_2012"),
    )


def fitting_step(scatter: Scatter, level: float) -> Step:
    """How the fits were made, and where their intervals come from."""
    return Step(
        f"Least squares with analytic derivatives, wells weighted {scatter.sentence}; intervals of constants are "
        f"profile-likelihood intervals at {level:.0%} by the F distribution unless they say otherwise.",
        "SS(v) ≤ SSmin (1 + F(1, n − k; level) / (n − k))",
        ("bates_watts_1988", "venzon_moolgavkar_1988"),
    )
