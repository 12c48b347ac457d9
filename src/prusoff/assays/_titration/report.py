"""What a titration says: its constants by both laws, means over days with what to believe, checks, steps, notes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...checks.titration import MOST_PARTNER
from ...core.check import Flag
from ...core.estimate import Estimate, Relation, figures
from ...core.experiment import Experiment
from ...core.fit import Fit, Outcome
from ...core.result import Pooled, Step
from ...fitting.weights import Weighting
from .._days import plain_mean
from .._exact_fit import moved_by_held
from .._fitted import bounded_log, fitted, fitted_log
from .._methods import fitting_step
from .._plate_checks import judge, outcome_facts
from .data import Titration
from .fits import TitrationFits, named

CODES = ("W-PARTNER", "W-PLATEAU", "W-OUT")
PLAIN = "Kd by the hyperbola"


@dataclass(frozen=True)
class Analysed:
    """One ligand on one day, fitted, with its estimates."""

    data: Titration
    fits: TitrationFits
    estimates: tuple[Estimate, ...]

    @property
    def day(self) -> str:
        """The name of the experiment."""
        return self.data.experiment.name

    def named(self, name: str) -> Estimate | None:
        """The estimate of this name, None where the curve gave none."""
        return next((one for one in self.estimates if one.name == name), None)


def constants(data: Titration, fits: TitrationFits) -> Iterator[Estimate]:
    """All estimates of a curve, Kd first; a bound where the curve leaves a side of Kd open."""
    if fits.outcome in (Outcome.FAILED, Outcome.NO_RESPONSE):
        return
    best, unit = fits.best, data.read.unit
    kd = _kd("Kd", best)
    if not (kd.is_bound or fits.outcome.usable):
        return
    yield kd
    yield kd.negative_log10("pKd")
    if fits.quadratic is not None and fits.hyperbola.outcome.usable:
        yield _kd(PLAIN, fits.hyperbola)
    if not fits.outcome.usable:
        return
    yield fitted("free", best, named(best, "free"), unit)
    yield fitted("span", best, named(best, "span"), unit)
    if data.has_nonspecific:
        yield fitted("added by itself", best, "ns", "").times(1e-9, "added by itself", f"{unit}/nM")


def _kd(name: str, fit: Fit) -> Estimate:
    """Kd with its profile interval, or the end of it that is not open."""
    bound = bounded_log(name, fit, named(fit, "log_kd"))
    if bound is not None:
        return bound
    kd = fitted_log(name, fit, named(fit, "log_kd"))
    no_low, no_high = not kd.low > 0, not math.isfinite(kd.high)
    if no_low == no_high:
        return kd
    value, relation = (kd.high, Relation.BELOW) if no_low else (kd.low, Relation.ABOVE)
    method = f"{kd.method}; the curve leaves the other side open"
    return Estimate(name, value, "M", level=kd.level, relation=relation, method=method)


def pooled(analysed: Sequence[Analysed]) -> Iterator[Pooled]:
    """Kd of every ligand over its days, and which law to believe."""
    for ligand in dict.fromkeys(one.data.added_name for one in analysed):
        mine = [one for one in analysed if one.data.added_name == ligand]
        each = {one.day: kd for one in mine if (kd := one.named("Kd")) is not None}
        if each:
            mean = plain_mean(ligand, each)
            yield replace(mean, sentence=f"{mean.sentence} {_belief(mine, mean)}")


def _belief(days: Sequence[Analysed], mean: Pooled) -> str:
    partner = max((one.data.partner_molar for one in days), default=math.nan)
    if math.isnan(partner):
        return (
            "The concentration of the partner is not stated, so this is the hyperbola, which takes what is added as "
            "free: it reads Kd high by about half of the partner. Write receptor under [conditions]."
        )
    ratio = partner / mean.estimate.value
    plain = [kd.value for one in days if (kd := one.named(PLAIN)) is not None and not kd.is_bound]
    if not plain:
        return "The quadratic law counts what the partner takes up."
    value = 10.0 ** float(np.mean(np.log10(plain)))
    told = f"The partner is {figures(ratio, 2)} times this Kd"
    hyperbola = f"the hyperbola, which takes what is added as free, gives {figures(value, unit='M')}"
    if ratio <= MOST_PARTNER:
        return f"{told}, so both laws may be believed: this is the quadratic one, and {hyperbola}."
    fold = figures(value / mean.estimate.value, 2)
    return f"{told}, so believe this one, of the quadratic law: {hyperbola}, {fold} times as much."


def flags(analysed: Sequence[Analysed]) -> Iterator[Flag]:
    """All checks of every curve."""
    for one in analysed:
        kd = one.named("Kd")
        facts: dict[str, Any] = {
            "partner_molar": one.data.partner_molar,
            "kd_molar": math.nan if kd is None or kd.relation is Relation.ABOVE else kd.value,
            "bound_at_top": _bound_at_top(one),
            **outcome_facts(one.fits.outcome, one.fits.reason, len(one.estimates)),
        }
        yield from judge(CODES, facts, f"{one.data.added_name}, {one.day}")


def _bound_at_top(one: Analysed) -> float:
    """The part of the partner that is bound at the highest concentration, by the best law."""
    if not one.fits.outcome.usable:
        return math.nan
    best = one.fits.best
    span, free = (best.value(named(best, name)) for name in ("span", "free"))
    top = float(one.data.concentrations[-1])
    slope = best.value("ns") if "ns" in best.names else 0.0
    signal = float(best.predict(np.array([top]))[0])
    return (signal - free - slope * top) / span if span else math.nan


def steps(analysed: Sequence[Analysed], level: float) -> Iterator[Step]:
    """What was done, in order."""
    one = analysed[0]
    yield Step(
        "The raw signal was fitted against the concentration added, wells of the partner alone as points at zero"
        + (
            ", together with wells without partner, which share the slope of what is added by itself."
            if any(each.data.has_nonspecific for each in analysed)
            else "."
        ),
        "Y = free + span f + NS x",
    )
    if any(each.fits.quadratic is not None for each in analysed):
        yield Step(
            f"f is the part of the partner P ({_partners(analysed)}) that is bound. The quadratic law counts that the "
            "partner uses up what is added and is the one that is pooled; the hyperbola f = x / (Kd + x) stands "
            "beside it.",
            "f = ((P + x + Kd) − √((P + x + Kd)² − 4 P x)) / (2 P)",
            (
                "morrison_1969",
                "jarmoskaite_2020",
            ),
        )
    by_replicates = one.fits.best.weighting == Weighting.VARIANCE_FUNCTION.value
    scatter = "by the inverse of the variance a + b Y^c that the replicates of the curve show"
    yield fitting_step(one.data.read, level, scatter if by_replicates else "")
    yield Step(
        "n counts independent experiments; replicate wells do not increase it. Means are geometric.",
        citations=("neubig_2003",),
    )


def notes(analysed: Sequence[Analysed], experiments: Sequence[Experiment]) -> Iterator[str]:
    """What was met, and how much Kd hangs on the concentration of the partner."""
    for one in analysed:
        yield from (f"{one.day}: {note}" for note in one.data.read.notes)
    for experiment in experiments:
        if not experiment.conditions.receptor_molar > 0:
            yield (
                f"{experiment.name}: the concentration of the partner is not stated, so the quadratic law cannot be "
                'fitted: write receptor = "2 nM" under [conditions].'
            )
    for ligand in dict.fromkeys(one.data.added_name for one in analysed):
        gains = [
            moved_by_held(one.fits.quadratic, named(one.fits.quadratic, "log_kd"), "log_partner")
            for one in analysed
            if one.data.added_name == ligand and one.fits.quadratic is not None and one.fits.outcome.usable
        ]
        if gains:
            moved = 100 * (1.1 ** float(np.mean(gains)) - 1)
            yield (
                f"{ligand}: the error of the partner concentration is not stated and counts as zero; were it 10 % "
                f"higher, Kd would {_moved(moved)}."
            )


def _moved(percent: float) -> str:
    if abs(percent) < 1:
        return "hardly move"
    return f"be {abs(percent):.0f} % {'lower' if percent < 0 else 'higher'}"


def _partners(analysed: Sequence[Analysed]) -> str:
    """The concentrations of the partner as stated, each once."""
    stated = sorted({one.data.partner_molar for one in analysed if one.data.partner_molar > 0})
    return ", ".join(figures(one, unit="M") for one in stated)
