"""Two mutations alone and together, and residues that carry an affinity from one transporter to another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from ...affinity.mutants import free_energy_kj, transferred_fraction
from ...affinity.ratios import product_ratio
from ...core.errors import InputError
from ...core.estimate import Estimate, figures
from ...core.experiment import Conditions
from ...core.measured import Measured
from ...core.panel import site_of, subject_at
from ...core.result import AssayResult, Pooled, Ratio, Step

COUPLING, TRANSFER = "coupling", "transferred fraction"
JOINT = "/"
SURE = 2.0


def couplings(result: AssayResult) -> Iterator[Ratio]:
    """The coupling of every double mutant whose single mutants and wild type were measured too, for every compound.

    A double mutant is written with a stroke: 'Y95V/I172M' of 'Y95V' and 'I172M'.
    """
    sites = _sites(result)
    for (target, variant), site in sites.items():
        parts = [(target, part.strip()) for part in variant.split(JOINT)]
        if len(parts) != 2 or not {(target, ""), *parts} <= set(sites):
            continue
        corners = [sites[target, ""], *(sites[part] for part in parts), site]
        for compound in _compounds(result):
            found = [_constant(result, subject_at(compound, corner)) for corner in corners]
            wild, first, second, both = found
            if wild is None or first is None or second is None or both is None:
                continue
            omega = product_ratio((first, second), (wild, both), COUPLING)
            yield _told(compound, corners, omega, _celsius(result, corners))


def _told(compound: str, corners: list[str], omega: Estimate, celsius: float) -> Ratio:
    subject, reference = subject_at(compound, corners[3]), subject_at(compound, corners[0])
    if not omega.value > 0:
        told = "The coupling is not determined: one of the four constants is a bound."
        return Ratio(COUPLING, subject, reference, omega, told, "cannot tell")
    log = math.log10(omega.value)
    z = log / omega.log10_se if omega.log10_se > 0 else math.nan
    energy = ""
    if math.isfinite(celsius) and omega.log10_se > 0:
        size, error = (figures(free_energy_kj(one, celsius), 2) for one in (log, omega.log10_se))
        energy = f" ({size} ± {error} kJ/mol, z = {z:.1f})"
    apart = omega.has_interval and not omega.low <= 1.0 <= omega.high
    verdict = "coupled" if apart else "no coupling seen"
    told = (
        f"pKi(wild type) − pKi({corners[1]}) − pKi({corners[2]}) + pKi({corners[3]}) = {log:.2f}{energy}: "
        f"{'the two mutations depend on one another' if apart else 'additive within error'}."
    )
    return Ratio(COUPLING, subject, reference, omega, told, verdict)


def transfers(result: AssayResult, donor: str) -> Iterator[Ratio]:
    """Which part of the difference between two targets the variants of one carry over from the other, the `donor`."""
    sites = _sites(result)
    if (donor, "") not in sites:
        return
    for (target, variant), site in sites.items():
        if not variant or target == donor or (target, "") not in sites:
            continue
        for compound in _compounds(result):
            names = [subject_at(compound, one) for one in (site, sites[target, ""], sites[donor, ""])]
            found = [_p(_constant(result, name)) for name in names]
            if any(one is None for one in found):
                continue
            yield _transfer(names, [one for one in found if one is not None])


def _transfer(names: list[str], found: list[Measured]) -> Ratio:
    mutant, recipient, donor = found
    told = f"Part of the difference in pKi from {names[1]} to {names[2]} that is seen at {names[0]}"
    try:
        part = transferred_fraction(mutant, recipient, donor)
    except InputError as failure:
        estimate = Estimate(TRANSFER, math.nan, "", method="donor and recipient do not differ")
        return Ratio(TRANSFER, names[0], names[2], estimate, f"Not determined: {failure.problems[0].what}.")
    low, high = part.value - 1.96 * part.se, part.value + 1.96 * part.se
    estimate = Estimate(
        TRANSFER, part.value, "", low, high, method="delta method, normal interval", se=part.se
    )
    return Ratio(TRANSFER, names[0], names[2], estimate, f"{told}: 0 is nothing, 1 is all of it.")


def steps(ratios: tuple[Ratio, ...]) -> Iterator[Step]:
    """How couplings and transferred fractions were computed, where there are some."""
    names = {one.name for one in ratios}
    if COUPLING in names:
        yield Step(
            "Double mutants were set against their single mutants: a coupling of 0 means that the two mutations act on "
            "the affinity independently. Errors are combined as those of a fold shift.",
            "coupling = pKi(wild type) − pKi(A) − pKi(B) + pKi(AB)",
            ("carter_1984",),
        )
    if TRANSFER in names:
        yield Step(
            "The transferred fraction is the difference in pKi between a variant and its wild type over that between "
            "the donor and the wild type."
        )


def _sites(result: AssayResult) -> dict[tuple[str, str], str]:
    """The name of the site of every target and variant, sorted."""
    found = {(one.conditions.target, one.conditions.variant): site_of(one) for one in result.experiments}
    return dict(sorted(found.items()))


def _compounds(result: AssayResult) -> tuple[str, ...]:
    names = (well.treatment.compound for one in result.experiments for well in one.wells)
    return tuple(dict.fromkeys(name for name in names if name))


def _constant(result: AssayResult, subject: str) -> Pooled | None:
    mine = (one for one in result.pooled if one.subject == subject and one.estimate.name == "Ki")
    return next(mine, None)


def _p(pooled: Pooled | None) -> Measured | None:
    """The pKi with its standard error; None for a bound, or without an error."""
    if pooled is None or pooled.estimate.is_bound or not pooled.estimate.log10_se >= 0:
        return None
    return Measured(-math.log10(pooled.estimate.value), pooled.estimate.log10_se)


def _celsius(result: AssayResult, corners: list[str]) -> float:
    by_site: Mapping[str, Conditions] = {site_of(one): one.conditions for one in result.experiments}
    found = {by_site[one].temperature_c for one in corners}
    return found.pop() if len(found) == 1 else math.nan
