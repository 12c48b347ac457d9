"""Several targets, or variants of one, in a run: each is analysed by itself, and then they are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from ..affinity.mutants import USUAL_MARGIN
from ..core.experiment import Experiment
from ..core.panel import site_of, subject_at
from ..core.result import AssayResult, Step
from ._between_sites import between_sites, comparison_steps, same_constant

Item = TypeVar("Item")


def by_site(
    experiments: tuple[Experiment, ...],
    analyse: Callable[[tuple[Experiment, ...]], AssayResult],
    margin: float = USUAL_MARGIN,
) -> AssayResult:
    """The result of one target as it is; of several, that of each with its name beside every subject, and the ratios.

    The subject of a run with SERT and NET is 'imipramine at SERT'; each site has its own radioligand and Kd, and
    nothing is pooled over them. Constants of one compound at two targets give a selectivity, those at a variant and
    its wild type a fold shift, judged against an equivalence `margin`.
    """
    sites = dict.fromkeys(site_of(one) for one in experiments)
    if len(sites) == 1:
        return analyse(experiments)
    found = {site: analyse(tuple(one for one in experiments if site_of(one) == site)) for site in sites}
    ratios = between_sites(found, margin)
    named = [at_site(one, site) for site, one in found.items()]
    notes = (*_all(one.notes for one in named), *same_constant(found))
    return replace(
        named[0],
        experiments=_all(one.experiments for one in named),
        series=_all(one.series for one in named),
        pooled=_all(one.pooled for one in named),
        flags=_all(one.flags for one in named),
        plates=_all(one.plates for one in named),
        steps=(*_steps({site: one.steps for site, one in found.items()}), *comparison_steps(ratios, margin)),
        notes=tuple(dict.fromkeys(notes)),
        ratios=(*_all(one.ratios for one in named), *ratios),
    )


def _steps(by_site: Mapping[str, tuple[Step, ...]]) -> tuple[Step, ...]:
    """The steps of all sites, each once; one that was not taken alike at every site says where it was."""
    everywhere = set.intersection(*map(set, by_site.values()))
    return tuple(
        dict.fromkeys(
            step if step in everywhere else replace(step, sentence=f"At {site}: {step.sentence}")
            for site, steps in by_site.items()
            for step in steps
        )
    )


def _all(parts: Iterable[tuple[Item, ...]]) -> tuple[Item, ...]:
    return tuple(chain.from_iterable(parts))


def at_site(result: AssayResult, site: str) -> AssayResult:
    """The result of one site with the name of the site beside every subject."""
    labels = {one.subject: subject_at(one.subject, site) for one in result.series}
    labels |= {one.label: replace(one, subject=subject_at(one.subject, site)).label for one in result.series}
    return replace(
        result,
        flags=tuple(replace(one, subject=labels.get(one.subject, one.subject)) for one in result.flags),
        series=tuple(replace(one, subject=subject_at(one.subject, site)) for one in result.series),
        pooled=tuple(replace(one, subject=subject_at(one.subject, site)) for one in result.pooled),
        ratios=tuple(
            replace(one, subject=subject_at(one.subject, site), reference=subject_at(one.reference, site))
            for one in result.ratios
        ),
    )
