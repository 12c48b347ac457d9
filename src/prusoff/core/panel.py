"""Which target a subject of a panel was looked at in: 'imipramine at SERT S438T' is imipramine, at SERT S438T."""

from __future__ import annotations

from collections.abc import Iterable

from .experiment import Experiment
from .result import AssayResult

AT = " at "


def site_of(experiment: Experiment) -> str:
    """The target with its variant, or the name of the member of the panel where no target is stated."""
    return experiment.conditions.site or experiment.member


def subject_at(compound: str, site: str) -> str:
    """How a compound is called in a run of several targets.

    >>> subject_at("imipramine", "SERT S438T")
    'imipramine at SERT S438T'
    """
    return f"{compound}{AT}{site}"


def sites_of(result: AssayResult) -> tuple[str, ...]:
    """The sites of a result in the order of its experiments; empty where there are not several."""
    found = tuple(dict.fromkeys(site_of(one) for one in result.experiments))
    return found if len(found) > 1 else ()


def split_subject(subject: str, sites: Iterable[str]) -> tuple[str, str]:
    """Compound and site of a subject; the site is '' where it names none of these.

    >>> split_subject("imipramine at SERT", ("NET", "SERT"))
    ('imipramine', 'SERT')
    """
    for site in sorted(sites, key=len, reverse=True):
        compound, found, rest = subject.rpartition(AT + site)
        if found and not rest:
            return compound, site
    return subject, ""
