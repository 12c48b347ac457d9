"""What an allosteric binding run says besides its numbers: comparison with competition, checks, steps, notes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...core.check import Flag
from ...core.estimate import figures
from ...core.experiment import Experiment
from ...core.plate import Role
from ...core.result import Comparison, PlateSummary, Step
from .._ligand import Ligand
from .._methods import counting_steps, fitting_step, ligand_step
from .._plate_checks import COUNTING_CODES, PLATE_CODES, counting_flags, judge, outcome_facts, plate_flags
from .._plates import plate_summaries
from .._signal import Signals
from .data import HotCurve, Modulated
from .estimates import Found
from .fits import Limit, ModulatorFits, limit_of, plateau, reached

CURVE_CODES = ("W-ALLO-LIMIT", "W-OUT")
DAY_CODES = ("W-EQ", "W-DEP", "W-KD", "W-KD-SE")
CODES = (*CURVE_CODES, *DAY_CODES, *PLATE_CODES, *COUNTING_CODES)
COMPETITION, SECOND_SITE = "competition (alpha = 0)", "second site (alpha fitted)"


@dataclass(frozen=True)
class Analysed:
    """One modulator on one day, fitted, with what all its days say about the limit of its effect."""

    data: Modulated
    fits: ModulatorFits
    limit: Limit
    found: tuple[Found, ...]


@dataclass(frozen=True)
class Day:
    """One experiment as read, with its modulators."""

    experiment: Experiment
    read: Signals
    ligand: Ligand
    modulators: tuple[Analysed, ...]

    @property
    def hot(self) -> dict[str, HotCurve]:
        """One curve for every concentration of the radioligand, by its label."""
        return {curve.label: curve for one in self.modulators for curve in one.data.curves}


def comparisons(one: Analysed) -> tuple[Comparison, ...]:
    """The second site against a competitor on this day; nothing where binding is raised or does not change."""
    free, competition, own = one.fits.free, one.fits.competition, limit_of([one.fits])
    if competition is None or math.isnan(own.f):
        return ()
    return (
        Comparison(
            COMPETITION, SECOND_SITE, SECOND_SITE if own.told else COMPETITION, own.f, own.p, own.delta_aicc,
            own.sentence, free if own.told else competition,
        ),
    )  # fmt: skip


def reason(one: Analysed) -> str:
    """What to say of a curve that was fitted: what its fit says, and that it may be a competitor's."""
    told = [one.fits.reason]
    if one.fits.has_effect and not one.limit.told:
        told = ["It cannot be told from a competitor: KB is its Ki, and alpha is a bound."]
    names = {each.estimate.name for each in one.found}
    missing = [name for name in ("KB", "alpha") if name not in names]
    if one.fits.has_effect and missing:
        told.append(f"Not identified: {', '.join(missing)}.")
    return " ".join(filter(None, told))


def flags(day: Day) -> Iterator[Flag]:
    """All checks of one day: modulators, conditions, plates at each radioligand concentration, counter."""
    for one in day.modulators:
        facts = outcome_facts(one.fits.outcome, one.fits.reason, len(one.found))
        if one.fits.has_effect and one.fits.free is not None:
            highest = one.data.curves[-1]
            free = one.fits.free
            facts |= {"plateau": plateau(highest, free), "reached": reached(highest, free)}
            facts["limit_p"] = one.limit.p
        yield from judge(CURVE_CODES, facts, one.data.label)
    yield from judge(DAY_CODES, _day_facts(day), day.experiment.name)
    hot = list(day.hot.values())
    for curve in hot:
        for summary in plate_summaries(day.experiment, curve.read):
            if summary.total_n and summary.nsb_n:
                for flag in plate_flags(summary, day.experiment, curve.read):
                    yield replace(flag, subject=f"{flag.subject}, {curve.label}") if len(hot) > 1 else flag
    totals = hot[0].read.of_role(Role.TOTAL) if hot else day.read.of_role(Role.TOTAL)
    yield from counting_flags(day.experiment, day.read, day.ligand, totals)


def summaries(day: Day) -> Iterator[PlateSummary]:
    """The controls of every plate, at each radioligand concentration."""
    for curve in day.hot.values():
        for summary in plate_summaries(day.experiment, curve.read):
            if summary.total_n or summary.nsb_n:
                yield summary


def _day_facts(day: Day) -> dict[str, Any]:
    conditions, radioligand = day.experiment.conditions, day.experiment.radioligand
    curves = [curve for one in day.modulators for curve in one.data.curves if curve.free.size]
    bound = [curve.most_bound for curve in curves if not math.isnan(curve.most_bound)]
    facts: dict[str, Any] = {
        "incubation_s": conditions.incubation_s,
        "koff_per_s": radioligand.koff_per_s,
        "bound_fraction": max(bound, default=math.nan),
        "assay_temperature_c": conditions.temperature_c,
        "assay_species": conditions.species,
        "assay_system": conditions.system,
    }
    kd = radioligand.kd
    if kd is not None:
        facts |= {
            "kd_molar": kd.value,
            "kd_relative_se": kd.log10_se * math.log(10) if math.isnan(kd.se) else kd.se / kd.value,
            "kd_temperature_c": kd.temperature_c,
            "kd_species": kd.species,
            "kd_system": kd.system,
        }
    return facts


def steps(days: Sequence[Day], level: float) -> Iterator[Step]:
    """What was done, in order."""
    first = days[0]
    kd = first.experiment.radioligand.kd
    yield from counting_steps(first.read)
    used = [curve.ligand for day in days for curve in day.hot.values()]
    yield ligand_step(used or [first.ligand])
    yield Step(
        "All wells of a modulator on a day were fitted together: one Bmax, one KB and one alpha, and a nonspecific "
        "binding for each radioligand concentration, to which the nonspecific wells belong as wells whose sites hold "
        "no label. At every concentration of modulator the free radioligand is what was added less what was bound "
        "there; the modulator is taken as not used up.",
        "Y = NSB + Bmax [L] / ([L] + KA,app);  KA,app = KA (1 + [B]/KB) / (1 + α [B]/KB)",
        ("ehlert_1988", "christopoulos_kenakin_2002"),
    )
    if kd is not None:
        yield Step(
            f"KA is the Kd of the label, {figures(kd.value, unit='M')} ({kd.source}). How far KB and alpha move with "
            "Kd and [L] follows from the fit; the errors of both are added side by side on the log scale, and over "
            "several experiments that of Kd, which all share, once."
        )
    yield fitting_step(first.read, level)
    yield Step(
        "A compound that lowers binding was set against a competitor, which is the same law with α = 0, by the extra "
        "sum of squares of all its experiments together. Where that does not ask for a limit (P ≥ 0.05), KB is the Ki "
        "of a competitor and α an upper bound. A compound that does not change binding (F test against no effect, "
        "P ≥ 0.01) is given no constant. An interval that is open on one side gives a bound. A modulator may slow the "
        "label on its way to equilibrium: the check of the incubation knows only the label without it.",
        "α = 0: KA,app = KA (1 + [B]/KB)",
        ("motulsky_christopoulos_2004", "cheng_prusoff_1973"),
    )
    yield Step(
        "n counts independent experiments; replicate wells do not increase it. Means are geometric.",
        citations=("neubig_2003",),
    )


def notes(day: Day) -> Iterator[str]:
    """What was met on a day."""
    yield from day.read.notes
    yield from day.ligand.notes
    if not day.modulators:
        yield "no well holds a compound."
