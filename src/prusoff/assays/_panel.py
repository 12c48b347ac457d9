"""Several targets, or variants of one, in a run: each is analysed by itself, and nothing is pooled over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from ..core.experiment import Experiment
from ..core.result import AssayResult, Step

Item = TypeVar("Item")


def by_site(
    experiments: tuple[Experiment, ...], analyse: Callable[[tuple[Experiment, ...]], AssayResult]
) -> AssayResult:
    """The result of one target as it is; of several, that of each with its name beside every subject.

    The subject of a run with SERT and NET is 'imipramine at SERT'; each site has its own radioligand and Kd.
    """
    sites = dict.fromkeys(_site(one) for one in experiments)
    if len(sites) == 1:
        return analyse(experiments)
    found = [_named(analyse(tuple(one for one in experiments if _site(one) == site)), site) for site in sites]
    return replace(
        found[0],
        experiments=_all(one.experiments for one in found),
        series=_all(one.series for one in found),
        pooled=_all(one.pooled for one in found),
        flags=_all(one.flags for one in found),
        plates=_all(one.plates for one in found),
        steps=_steps({site: one.steps for site, one in zip(sites, found, strict=True)}),
        notes=tuple(dict.fromkeys(_all(one.notes for one in found))),
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


def _site(one: Experiment) -> str:
    return one.conditions.site or one.member


def _all(parts: Iterable[tuple[Item, ...]]) -> tuple[Item, ...]:
    return tuple(chain.from_iterable(parts))


def _named(result: AssayResult, site: str) -> AssayResult:
    labels = {one.label: replace(one, subject=f"{one.subject} at {site}").label for one in result.series}
    return replace(
        result,
        flags=tuple(replace(one, subject=labels.get(one.subject, one.subject)) for one in result.flags),
        series=tuple(replace(one, subject=f"{one.subject} at {site}") for one in result.series),
        pooled=tuple(replace(one, subject=f"{one.subject} at {site}") for one in result.pooled),
    )
