"""What mutants and dissociation say about the site of a compound: three observations and one conclusion."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ..core.estimate import Estimate, Relation
from ..core.panel import site_of, split_subject
from ..core.result import AssayResult, Ratio

FOLD_SHIFT, RATE, EC50, KI = "fold shift", "relative rate", "EC50", "Ki"
RATE_MARGIN = 1.5
SITE_MAPPING = "site_mapping"


class Site(StrEnum):
    """Where a compound binds, as far as the data can tell."""

    ORTHOSTERIC = "the site of the label (S1)"
    ALLOSTERIC = "a second, allosteric site (S2)"
    BOTH = "both: the site of the label (S1) and a second, allosteric site (S2)"
    NEITHER = "neither site: another one, or residues that were not mutated"
    UNCLEAR = "cannot tell"


@dataclass(frozen=True)
class Observation:
    """One question, its answer (True, False, or None where the data cannot tell), and why."""

    answer: bool | None
    told: str


@dataclass(frozen=True)
class SiteOfBinding:
    """What is known of the site of one compound at one target."""

    subject: str
    inhibits: Observation
    shifted: Observation
    modulates: Observation

    @property
    def site(self) -> Site:
        """The conclusion. A shift by mutants of S1 speaks for S1, a changed rate of dissociation for S2."""
        match self.shifted.answer, self.modulates.answer:
            case True, True:
                return Site.BOTH
            case True, False:
                return Site.ORTHOSTERIC
            case False, True:
                return Site.ALLOSTERIC
            case False, False:
                return Site.NEITHER
        return Site.UNCLEAR

    @property
    def why(self) -> str:
        """The observations in one line; of a conclusion that cannot be drawn, what is missing."""
        told = (self.inhibits.told, self.shifted.told, self.modulates.told)
        open_ones = {
            "whether mutants of the site of the label shift it": self.shifted.answer,
            "whether it changes the rate at which the label leaves": self.modulates.answer,
        }
        missing = [what for what, answer in open_ones.items() if answer is None]
        lacking = f" The data leave open {' and '.join(missing)}." if missing else ""
        return f"{' '.join(filter(None, told))}{lacking}"


def sites_of_binding(result: AssayResult) -> tuple[SiteOfBinding, ...]:
    """Every compound of which mutants or dissociation say something, in the order of the result."""
    shifts = [one for one in result.ratios if one.name == FOLD_SHIFT]
    rated = {one.subject for one in result.pooled if one.estimate.name.startswith(RATE)}
    references = {one.reference for one in shifts}
    subjects = [one for one in result.subjects if one in references | rated | _asked(result)]
    return tuple(
        SiteOfBinding(
            subject,
            _inhibits(result, subject),
            _shifted([one for one in shifts if one.reference == subject]),
            _modulates(result, subject),
        )
        for subject in subjects
    )


def _asked(result: AssayResult) -> set[str]:
    """The compounds at the wild type of a run that was to map sites, whatever it holds."""
    if result.assay != SITE_MAPPING:
        return set()
    sites = {site_of(one): one.conditions.variant for one in result.experiments}
    at = {subject: split_subject(subject, sites)[1] for subject in result.subjects}
    return {subject for subject, site in at.items() if not sites.get(site, "")}


def _pooled(result: AssayResult, subject: str, start: str) -> Iterator[Estimate]:
    return (
        one.estimate
        for one in result.pooled
        if one.subject == subject and one.estimate.name.startswith(start)
    )


def _inhibits(result: AssayResult, subject: str) -> Observation:
    ki = next(_pooled(result, subject, KI), None)
    if ki is None:
        silent = any(one.subject == subject and one.outcome.code == "no_response" for one in result.series)
        return Observation(False if silent else None, "It does not displace the label." if silent else "")
    if ki.is_bound:
        return Observation(None, f"Displacement of the label gives only a bound, {ki}.")
    return Observation(True, f"It displaces the label, {ki}.")


def _shifted(shifts: list[Ratio]) -> Observation:
    if not shifts:
        return Observation(None, "No mutant was measured.")
    told = ", ".join(
        f"{one.subject.rpartition(' ')[2]} {one.estimate.amount}-fold ({one.verdict})" for one in shifts
    )
    margin = next((one.margin for one in shifts if math.isfinite(one.margin)), math.nan)
    against = f" against a margin of {margin:g}-fold" if math.isfinite(margin) else ""
    verdicts = {one.verdict for one in shifts}
    if verdicts & {"weaker", "stronger"}:
        return Observation(True, f"Mutants shift it: {told}{against}.")
    if verdicts == {"unaffected"}:
        return Observation(False, f"Mutants leave it unaffected: {told}{against}.")
    return Observation(None, f"Whether mutants shift it cannot be told: {told}{against}.")


def _modulates(result: AssayResult, subject: str) -> Observation:
    rate = next(_pooled(result, subject, RATE), None)
    if rate is None:
        return Observation(None, "Dissociation of the label was not measured with it.")
    ec50 = next(_pooled(result, subject, EC50), None)
    potency = f", {ec50}" if ec50 is not None and ec50.relation is Relation.EQUAL else ""
    at = rate.name.removeprefix(f"{RATE} at ")
    told = f"the rate with {at} is {rate.amount} of that without{potency}"
    low, high = (rate.low, rate.high) if rate.has_interval else (0.0, math.inf)
    if high < 1.0 / RATE_MARGIN:
        return Observation(True, f"It slows dissociation: {told}.")
    if low > RATE_MARGIN:
        return Observation(True, f"It speeds dissociation up: {told}.")
    if low >= 1.0 / RATE_MARGIN and high <= RATE_MARGIN:
        return Observation(False, f"It does not change dissociation: {told}.")
    return Observation(None, f"Whether it changes dissociation cannot be told: {told}.")
