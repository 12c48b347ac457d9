"""What a homologous run says besides its numbers: means over days with what to believe, checks, steps, notes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...checks.binding import MOST_BOUND
from ...core.check import Flag
from ...core.estimate import Estimate, figures
from ...core.result import Pooled, Step
from .._competition.checks import bottoms
from .._days import plain_mean
from .._exact_fit import logistic_slope
from .._ligand import efficiency_error
from .._methods import counting_steps, fitting_step, ligand_step
from .._plate_checks import COUNTING_CODES, counting_flags, judge, outcome_facts
from .._saturation.estimates import density_error
from .data import Homologous, HotCurve
from .estimates import PLAIN
from .fits import HomologousFits

CURVE_CODES = ("W-HILL", "W-NSB", "W-SPEC")
DAY_CODES = ("W-HOM", "W-DEP", "W-EQ", "W-OUT")
CODES = (*CURVE_CODES, *DAY_CODES, *COUNTING_CODES)


@dataclass(frozen=True)
class Analysed:
    """One day, fitted, with its estimates."""

    day: Homologous
    fits: HomologousFits
    estimates: tuple[Estimate, ...]

    @property
    def name(self) -> str:
        """The name of the day."""
        return self.day.experiment.name

    @property
    def label(self) -> str:
        """Radioligand and day, as the curve of the day is called."""
        return f"{self.day.experiment.radioligand.name}, {self.name}"

    def named(self, name: str) -> Estimate | None:
        """The estimate of this name, None where the day gave none."""
        return next((one for one in self.estimates if one.name == name), None)


def pooled(analysed: Sequence[Analysed]) -> Iterator[Pooled]:
    """Kd and Bmax over the days, with the errors that all days share, and which Kd to believe."""
    first = analysed[0].day
    shared = {
        "Kd": efficiency_error(first.experiment) if first.ligand.counted else 0.0,
        "Bmax": density_error(first.experiment),
    }
    for name, error in shared.items():
        each = {one.name: found for one in analysed if (found := one.named(name)) is not None}
        if not each:
            continue
        mean = plain_mean(first.experiment.radioligand.name, each, error)
        yield replace(mean, sentence=f"{mean.sentence} {_belief(analysed, mean)}") if name == "Kd" else mean


def _belief(analysed: Sequence[Analysed], mean: Pooled) -> str:
    plain = [found.value for one in analysed if (found := one.named(PLAIN)) is not None]
    bound = max((one.day.depletion for one in analysed), default=math.nan)
    if not plain:
        return (
            "What is bound is not known in moles, so the radioligand is taken as not used up: state efficiency, "
            "specific activity and volume to have that counted."
        )
    value = figures(10.0 ** float(np.mean(np.log10(plain))), unit="M")
    share = figures(100 * bound, unit="%")
    if bound > MOST_BOUND:
        return (
            f"Up to {share} of the radioligand was bound: believe this Kd, which counts in every well what is bound; "
            f"the formula without depletion gives {value}."
        )
    return f"No more than {share} of the radioligand was bound; the formula without depletion gives {value}."


def flags(one: Analysed, spread: float) -> Iterator[Flag]:
    """All checks of one day; `spread` is the highest over the lowest radioligand of the day."""
    for number, curve in enumerate(one.day.curves):
        yield from _curve_flags(one, curve, number)
    experiment, kd = one.day.experiment, one.named("Kd")
    free = [curve.ligand.free.value for curve in one.fits.curves]
    facts: dict[str, Any] = {
        "ligand_molar": min(free, default=math.nan),
        "kd_molar": math.nan if kd is None else kd.value,
        "ligand_spread": spread,
        "bound_fraction": one.day.depletion,
        "exact_model": one.fits.depleted is not None,
        "incubation_s": experiment.conditions.incubation_s,
        "koff_per_s": experiment.radioligand.koff_per_s,
        **outcome_facts(one.fits.outcome, one.fits.reason, len(one.estimates)),
    }
    yield from judge(DAY_CODES, facts, one.label)
    alike = one.day.curves[0].data if one.day.curves else None
    totals = np.empty(0) if alike is None else alike.y[alike.used & (alike.x == -math.inf)]
    yield from counting_flags(experiment, one.day.read, one.day.ligand, totals)


def _curve_flags(one: Analysed, curve: HotCurve, number: int) -> Iterator[Flag]:
    data, seen = curve.data, curve.seen
    used = data.used
    total, nonspecific = data.y[used & (data.x == -math.inf)], data.y[used & (data.x == math.inf)]
    facts: dict[str, Any] = {}
    if total.size and nonspecific.size and total.mean() > 0:
        facts["specific_fraction"] = 1.0 - float(nonspecific.mean() / total.mean())
    if seen.outcome.usable:
        slope = seen.free.intervals.get("hill_slope")
        if slope is not None:
            facts |= {
                "hill_slope": seen.free.value("hill_slope"),
                "hill_low": slope.low,
                "hill_high": slope.high,
            }
        if one.fits.depleted is not None and curve in one.fits.curves:
            facts["hill_expected"] = logistic_slope(one.fits.depleted, one.fits.curves.index(curve))
        if seen.alone is not None:
            facts |= bottoms(seen.alone.intervals.get("bottom"), nonspecific)
    yield from judge(CURVE_CODES, facts, f"{one.label}, {curve.label}")


def steps(analysed: Sequence[Analysed], level: float) -> Iterator[Step]:
    """What was done, in order."""
    first = analysed[0].day
    yield from counting_steps(first.read)
    yield ligand_step([curve.ligand for one in analysed for curve in one.day.curves] or [first.ligand])
    exact = any(one.fits.depleted is not None for one in analysed)
    sources = (
        "deblasi_1989",
        *(("swillens_1995",) if exact else ()),
    )
    yield Step(
        "Hot and unlabelled ligand are one ligand. The curves of all radioligand concentrations of a day were fitted "
        "together with one Kd, one Bmax and one nonspecific uptake; total wells are points without unlabelled ligand, "
        "nonspecific wells points of full displacement."
        + (" In every well the radioligand that is bound is missing from the solution." if exact else ""),
        "Y = (Bmax F / (Kd + F) + NS F) H / (H + C),  F the free and H + C the total ligand"
        if exact
        else "Y = Bmax H / (H + C + Kd) + NSB",
        sources,
    )
    yield fitting_step(first.read, level)
    yield Step(
        "n counts independent experiments; replicate wells do not increase it. Means are geometric.",
        citations=("neubig_2003",),
    )


def notes(one: Analysed) -> Iterator[str]:
    """What was met on a day."""
    yield from one.day.ligand.notes
    yield from one.day.read.notes
    if one.fits.depleted is not None and not one.day.experiment.conditions.protein_g > 0:
        yield "The protein in a well is not stated, so Bmax is given as a concentration of sites in the well."
