"""Site mapping: which site a compound binds to, from a wild type, its mutants, and the dissociation of the label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.check import Flag
from ..core.errors import InputError, Problem
from ..core.experiment import Experiment
from ..core.panel import site_of
from ..core.result import AssayResult
from ..figures.fold_shift import fold_shift
from ..figures.kinetic_trace import kinetic_trace
from ..figures.modulated_rate import modulated_rate
from ..figures.plate_map import plate_map
from ..figures.response_curve import response_curve
from ..figures.selectivity import selectivity
from . import dissociation_rate as of_rates
from . import radioligand_competition as of_competition
from ._between_sites import variants_of
from ._competition.day import Settings as CompetitionSettings
from ._panel import at_site
from ._plate_checks import judge
from ._signal import unread_set_aside
from ._site_mapping.bench import TRUTH, simulate
from ._site_mapping.cycles import couplings, steps, transfers

DISSOCIATION = "dissociation"
OWN_KD = "W-KD-VAR"
UNMAPPED = (
    "There is neither a wild type with a variant of it nor a dissociation, so the site cannot be told: name target and "
    'variant of every member of the panel ([panel.NAME] target = { variant = "S438T" }).'
)


@dataclass(frozen=True)
class Settings:
    """How a site is mapped.

    `level`: confidence level of all intervals. `margin`: the fold shift either way within which a mutant is said to
    leave a compound unaffected. `donor`: the target whose residues variants of another one carry, if they do: the part
    of the difference in affinity that goes with them is then told.
    """

    level: float = 0.95
    margin: float = 3.0
    donor: str = ""


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From the wells of competition at a wild type and its mutants, and of dissociation, to the site of every compound.

    Experiments that hold wells of a dissociation are read as dissociation rates, all others as competition. Every
    variant needs the Kd of the label at it. A mutant leaves a compound unaffected only where the interval of its fold
    shift lies within the margin. A double mutant is written with a stroke ('Y95V/I172M').
    """
    experiments = tuple(map(unread_set_aside, experiments))
    competition = tuple(one for one in experiments if not _is_dissociation(one))
    dissociation = tuple(one for one in experiments if _is_dissociation(one))
    _require(competition, dissociation)
    alone = not dissociation and not any(variants_of(competition))
    found = _competition(competition, settings)
    if dissociation:
        found = _joined(found, _dissociation(dissociation, settings.level))
    ratios = (*found.ratios, *couplings(found), *transfers(found, settings.donor))
    return replace(
        found,
        assay="site_mapping",
        title="Site mapping",
        flags=(*found.flags, *_own_kd(competition)),
        ratios=ratios,
        steps=(*found.steps, *steps(ratios)),
        notes=(*found.notes, *((UNMAPPED,) if alone else ())),
    )


def _is_dissociation(one: Experiment) -> bool:
    return any(well.treatment.phase == DISSOCIATION for well in one.wells)


def _require(competition: tuple[Experiment, ...], dissociation: tuple[Experiment, ...]) -> None:
    if not competition:
        raise InputError(
            Problem(
                "no experiment is a competition",
                ", ".join(one.name for one in dissociation),
                "Add competition at the wild type, or analyse these wells as dissociation_rate",
                "E-SITE",
            )
        )


def _competition(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    own = CompetitionSettings(level=settings.level, margin=settings.margin)
    return named_by_site(of_competition.run(experiments, own), experiments)


def _dissociation(experiments: tuple[Experiment, ...], level: float) -> AssayResult:
    return named_by_site(of_rates.run(experiments, of_rates.Settings(level)), experiments)


def named_by_site(result: AssayResult, experiments: tuple[Experiment, ...]) -> AssayResult:
    """The result with the site beside every subject, which it has already where there are several sites."""
    sites = dict.fromkeys(site_of(one) for one in experiments)
    return at_site(result, next(iter(sites))) if len(sites) == 1 else result


def _joined(first: AssayResult, second: AssayResult) -> AssayResult:
    return replace(
        first,
        experiments=(*first.experiments, *second.experiments),
        series=(*first.series, *second.series),
        pooled=(*first.pooled, *second.pooled),
        flags=(*first.flags, *second.flags),
        plates=(*first.plates, *second.plates),
        steps=tuple(dict.fromkeys((*first.steps, *second.steps))),
        notes=tuple(dict.fromkeys((*first.notes, *second.notes))),
        ratios=(*first.ratios, *second.ratios),
    )


def _own_kd(experiments: tuple[Experiment, ...]) -> Iterator[Flag]:
    for wild_type, variant in variants_of(experiments):
        kd, other = variant.radioligand.kd, wild_type.radioligand.kd
        facts: dict[str, Any] = {
            "label": variant.radioligand.name,
            "variant": site_of(variant),
            "wild_type": site_of(wild_type),
            "kd_molar": None if kd is None else kd.value,
            "kd_source": None if kd is None else kd.source or "not stated",
            "wild_type_kd_molar": None if other is None else other.value,
            "wild_type_kd_source": None if other is None else other.source or "not stated",
        }
        yield from judge((OWN_KD,), facts, variant.name)


CODES = tuple(
    dict.fromkeys(
        (
            *(one.name for one in of_competition.radioligand_competition.checks),
            *(one.name for one in of_rates.dissociation_rate.checks),
            OWN_KD,
        )
    )
)

site_mapping = Assay(
    name="site_mapping",
    title="Site mapping: mutants and dissociation, and the site a compound binds to",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(
        *of_competition.radioligand_competition.equations,
        *of_rates.dissociation_rate.equations,
    ),
    checks=tuple(checks[code] for code in CODES),
    figures=(fold_shift, response_curve, kinetic_trace, modulated_rate, plate_map),
    occasional=(selectivity,),
    reference="Andersen J et al., Proc Natl Acad Sci USA 2011;108:12137; Chen F et al., J Neurochem 2005;92:21",
    needs=Needs(columns=("time", "phase", "second_compound", "second_conc")),
    report="site_of_binding",
)
