"""Compounds that are stated to be enantiomers, and their racemate: what they say of one another at one site."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from ...affinity.enantiomers import (
    MOST_LOG10_APART,
    RacemateVerdict,
    enantiomeric_excess,
    most_eutomer_in,
    predicted_racemate,
    racemate_verdict,
)
from ...affinity.ratios import paired_quotient
from ...core.errors import InputError, Problems, did_you_mean
from ...core.estimate import Estimate, figures
from ...core.experiment import Experiment
from ...core.result import Ratio
from .._signal import compounds
from .day import Analysed

EUDISMIC, RACEMATE = "eudismic ratio", "racemate over prediction"
_TOLD: Mapping[RacemateVerdict, str] = {
    RacemateVerdict.AGREES: "the racemate is what its enantiomers make it",
    RacemateVerdict.CONFLICT: "the racemate and its enantiomers disagree by more than a factor of two",
    RacemateVerdict.IMPOSSIBLE: "a racemate cannot bind more tightly than both of its enantiomers at one site",
    RacemateVerdict.UNKNOWN: "bounds leave open whether they agree",
}


def require_enantiomers(experiments: Sequence[Experiment], sets: Sequence[Sequence[str]]) -> None:
    """Refuse names of enantiomers that no experiment holds, and sets that are no pair with or without a racemate."""
    known = {compound for experiment in experiments for compound in compounds(experiment)}
    problems = Problems()
    for one in sets:
        where = "settings > enantiomers"
        if len(one) not in (2, 3) or len(set(one)) != len(one):
            fix = 'Write two enantiomers, and their racemate if there is one: ["R-x", "S-x", "x"]'
            problems.add(f"{list(one)} are no enantiomers", where, fix, "E-ENANTIOMER")
        for name in one:
            if name not in known:
                problems.add(f"there is no compound '{name}'", where, did_you_mean(name, known), "E-NAME")
    problems.raise_if_any(InputError)


def enantiomer_ratios(
    analysed: Sequence[Analysed], sets: Sequence[Sequence[str]], level: float
) -> Iterator[Ratio]:
    """The eudismic ratio of every pair, and its racemate against what it must be, from the days they share.

    On one day they share the radioligand and its Kd, which cancel.
    """
    for first, second, *racemate in sets:
        yield from _eudismic(analysed, (first, second), level)
        for name in racemate:
            yield from _racemate(analysed, (first, second), name, level)


def _eudismic(analysed: Sequence[Analysed], pair: tuple[str, str], level: float) -> Iterator[Ratio]:
    first, second = _shared(analysed, *pair)
    if not first:
        return
    ratio = paired_quotient(first, second, EUDISMIC, level)
    if math.isnan(ratio.value):
        told = f"Both {pair[0]} and {pair[1]} are known as bounds only."
        yield Ratio(EUDISMIC, *pair, ratio, told)
        return
    distomer, eutomer = pair
    if _below_one(ratio):
        distomer, eutomer = eutomer, distomer
        ratio = paired_quotient(second, first, EUDISMIC, level)
    yield Ratio(EUDISMIC, distomer, eutomer, ratio, _told(ratio, distomer, eutomer), f"eutomer {eutomer}")


def _below_one(ratio: Estimate) -> bool:
    return ratio.relation.value == "<" or (ratio.value < 1 and ratio.relation.value != ">")


def _told(ratio: Estimate, distomer: str, eutomer: str) -> str:
    most = most_eutomer_in(ratio.value, 1.0)
    sign = {"=": ""}.get(ratio.relation.value, f"{ratio.relation} ")
    told = f"{eutomer} is the eutomer; eudismic index {sign}{figures(math.log10(ratio.value), 3)}."
    if not ratio.is_bound and not ratio.low > 1:
        return f"{told} The ratio may be 1: which one is the eutomer is not certain."
    return (
        f"{told} {figures(100 * most, 2)} % of {eutomer} in the sample of {distomer} would by itself give the affinity "
        f"seen: unless its enantiomeric excess is above {enantiomeric_excess(most):.5g} %, that of {distomer} is only "
        "a lower bound of its constant."
    )


def _racemate(
    analysed: Sequence[Analysed], pair: tuple[str, str], racemate: str, level: float
) -> Iterator[Ratio]:
    reported, first, second = _shared(analysed, racemate, *pair)
    if not reported:
        return
    predicted = [predicted_racemate(a, b) for a, b in zip(first, second, strict=True)]
    if all(one.value > 0 for one in predicted):
        ratio = paired_quotient(reported, predicted, RACEMATE, level)
    else:
        ratio = Estimate(RACEMATE, math.nan, "", level=level, method="not determined: bounds")
    verdict = _judged(reported, first, second, ratio)
    told = f"Measured over 1/(0.5/Ki + 0.5/Ki) of {pair[0]} and {pair[1]}: {_TOLD[verdict]}."
    yield Ratio(
        RACEMATE, racemate, f"{pair[0]} + {pair[1]}", ratio, told, verdict.value, 10.0**MOST_LOG10_APART
    )


def _judged(
    reported: Sequence[Estimate], first: Sequence[Estimate], second: Sequence[Estimate], ratio: Estimate
) -> RacemateVerdict:
    """Impossible only where every day says so; else by the ratio over the days."""
    daily = {racemate_verdict(*one) for one in zip(reported, first, second, strict=True)}
    if daily == {RacemateVerdict.IMPOSSIBLE}:
        return RacemateVerdict.IMPOSSIBLE
    if ratio.is_bound or not ratio.value > 0:
        return RacemateVerdict.UNKNOWN
    apart = abs(math.log10(ratio.value))
    return RacemateVerdict.CONFLICT if apart > MOST_LOG10_APART else RacemateVerdict.AGREES


def _shared(analysed: Sequence[Analysed], *names: str) -> tuple[list[Estimate], ...]:
    """The constants of these compounds on the days that have all of them, without the error of Kd."""
    each = [_daily(analysed, name) for name in names]
    days = [day for day in each[0] if all(day in other for other in each[1:])]
    return tuple([one[day] for day in days] for one in each)


def _daily(analysed: Sequence[Analysed], compound: str) -> dict[str, Estimate]:
    found = {}
    for one in analysed:
        if one.data.compound != compound or not one.constants.estimates:
            continue
        conversion = one.constants.conversion
        own = one.constants.estimates[0] if conversion is None else conversion.ki_without_kd_error
        found[one.experiment.name] = own
    return found
