"""One compound at several sites: selectivity between targets, fold shift from a wild type to its variants."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from ..affinity.mutants import Shift, free_energy_kj, judged
from ..affinity.ratios import quotient
from ..core.estimate import Estimate, Relation, figures
from ..core.experiment import Experiment
from ..core.panel import subject_at
from ..core.result import AssayResult, Pooled, Ratio, Step
from ..core.selectivity import molar_constants

SELECTIVITY, FOLD_SHIFT = "selectivity", "fold shift"
UNCLEAR = Shift.UNCLEAR.value


def between_sites(found: Mapping[str, AssayResult], margin: float) -> tuple[Ratio, ...]:
    """The ratios between the sites of a panel, by site: selectivities first, then fold shifts.

    Sites are taken in the order of their names, so that the order of the days turns no ratio round.
    """
    return (
        *(one for pair in _targets(found) for one in _selectivities(pair, found)),
        *(one for pair in _variants(found) for one in _shifts(pair, found, margin)),
    )


def same_constant(found: Mapping[str, AssayResult]) -> Iterator[str]:
    """A sentence for every variant whose label has the Kd of the wild type: it was hardly measured there."""
    for wild_type, variant in _variants(found):
        if has_constant_of(_first(found[variant]), _first(found[wild_type])):
            label = _first(found[variant]).radioligand.name
            yield (
                f"The Kd of {label} at {variant} is that at {wild_type}. A fold shift needs the Kd of the label at "
                "the variant: measure it by saturation, and state it in the panel."
            )


def has_constant_of(variant: Experiment, wild_type: Experiment) -> bool:
    """Whether the label has the very same Kd at a variant as at the wild type: one value from one source."""
    kd, other = variant.radioligand.kd, wild_type.radioligand.kd
    return kd is not None and other is not None and (kd.value, kd.source) == (other.value, other.source)


def variants_of(experiments: Sequence[Experiment]) -> Iterator[tuple[Experiment, Experiment]]:
    """Every experiment at a variant with one at its wild type."""
    wild = {one.conditions.target: one for one in experiments if not one.conditions.variant}
    for one in experiments:
        if one.conditions.variant and one.conditions.target in wild:
            yield wild[one.conditions.target], one


def comparison_steps(ratios: Sequence[Ratio], margin: float) -> Iterator[Step]:
    """How the sites were compared, for the methods."""
    names = {one.name for one in ratios}
    if not names:
        return
    yield Step(
        "Constants of one compound at two sites were divided on the log scale. The experiments of different sites are "
        "taken as independent: scatter between days, the error of the Kd of each label and other errors that days "
        "share were combined side by side, with the degrees of freedom of Welch. Where one constant is a bound, the "
        "ratio is a bound that holds at the nearer end of the interval of the other.",
        "log10 ratio = pKi(reference) − pKi",
        ("welch_1947", "zou_donner_2008"),
    )
    if FOLD_SHIFT in names:
        yield Step(
            f"A variant leaves a compound unaffected only where the whole interval of the fold shift lies between "
            f"1/{margin:g} and {margin:g}; it shifts it where the whole interval lies beyond. Otherwise the data "
            "cannot tell, whether or not the shift is significant.",
            "ΔΔG = RT ln F",
        )


def _targets(found: Mapping[str, AssayResult]) -> Iterator[tuple[str, str]]:
    """Pairs of wild-type targets."""
    wild = sorted(site for site, one in found.items() if not _first(one).conditions.variant)
    yield from combinations(wild, 2)


def _variants(found: Mapping[str, AssayResult]) -> Iterator[tuple[str, str]]:
    """Pairs of a wild type and one of its variants."""
    wild = {
        _first(one).conditions.target: site
        for site, one in sorted(found.items())
        if _first(one).conditions.target and not _first(one).conditions.variant
    }
    for site, one in sorted(found.items()):
        conditions = _first(one).conditions
        if conditions.variant and conditions.target in wild:
            yield wild[conditions.target], site


def _first(result: AssayResult) -> Experiment:
    return result.experiments[0]


def _selectivities(pair: tuple[str, str], found: Mapping[str, AssayResult]) -> Iterator[Ratio]:
    lower, upper = pair
    for over, under in _shared(found[upper], found[lower]):
        quantity = over.estimate.name
        ratio = quotient(over, under, f"{quantity} ratio")
        subject, reference = subject_at(over.subject, upper), subject_at(under.subject, lower)
        preferred = _preferred(ratio, upper, lower)
        told = (
            f"{quantity} at {upper} over {quantity} at {lower}. {_told(ratio, preferred)}{_depends(quantity)}"
        )
        yield Ratio(SELECTIVITY, subject, reference, ratio, told, preferred)


def _depends(quantity: str) -> str:
    if not quantity.startswith("IC50 (relative)"):
        return ""
    return " An IC50 depends on the radioligand and its Kd at each target, so this is no ratio of affinities."


def _preferred(ratio: Estimate, upper: str, lower: str) -> str:
    """The target that binds more tightly, where the interval says so."""
    bound = ratio.is_bound
    low = 0.0 if bound and ratio.relation is Relation.BELOW else ratio.value if bound else ratio.low
    high = math.inf if bound and ratio.relation is Relation.ABOVE else ratio.value if bound else ratio.high
    return f"prefers {lower}" if low > 1 else f"prefers {upper}" if high < 1 else UNCLEAR


def _told(ratio: Estimate, preferred: str) -> str:
    if math.isnan(ratio.value):
        return "It is not determined, for both are bounds."
    if preferred == UNCLEAR:
        return "Which target is preferred cannot be told: the ratio may be 1."
    return f"The compound {preferred}."


def _shifts(pair: tuple[str, str], found: Mapping[str, AssayResult], margin: float) -> Iterator[Ratio]:
    wild_type, variant = pair
    conditions = [_first(found[site]).conditions for site in pair]
    celsius = {one.temperature_c for one in conditions}
    temperature = celsius.pop() if len(celsius) == 1 else math.nan
    for over, under in _shared(found[variant], found[wild_type]):
        ratio = quotient(over, under, FOLD_SHIFT)
        shift = judged(ratio, margin)
        told = f"{over.estimate.name} at {variant} over that at {wild_type}: {_in_words(shift, margin)}."
        if ratio.value > 0 and not ratio.is_bound:
            told = f"{told}{_energy(ratio, temperature)}"
        subjects = subject_at(over.subject, variant), subject_at(under.subject, wild_type)
        yield Ratio(FOLD_SHIFT, *subjects, ratio, told, shift.value, margin)


def _in_words(shift: Shift, margin: float) -> str:
    within = f"the margin of {margin:g}-fold"
    return {
        Shift.UNAFFECTED: f"unaffected, the whole interval lies within {within}",
        Shift.WEAKER: f"weaker at the variant, beyond {within}",
        Shift.STRONGER: f"stronger at the variant, beyond {within}",
        Shift.UNCLEAR: f"cannot tell, the interval does not lie on one side of {within}",
    }[shift]


def _energy(ratio: Estimate, celsius: float) -> str:
    if math.isnan(celsius):
        return ""
    energy, *limits = (
        figures(free_energy_kj(math.log10(one), celsius), 2) if one > 0 else ""
        for one in (ratio.value, ratio.low, ratio.high)
    )
    span = f" ({limits[0]} to {limits[1]})" if all(limits) else ""
    return f" ΔΔG is {energy} kJ/mol{span} at {figures(celsius)} °C."


def _shared(over: AssayResult, under: AssayResult) -> Iterator[tuple[Pooled, Pooled]]:
    """The constants in mol/L that both sites have, compound by compound."""
    there = {(one.subject, one.estimate.name): one for one in molar_constants(under)}
    for one in molar_constants(over):
        other = there.get((one.subject, one.estimate.name))
        if other is not None:
            yield one, other
