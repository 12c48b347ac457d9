"""Do wells that were treated alike read alike?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import fold, verdict

ALPHA = 0.01
ALPHA_ODD = 0.001
MOST_EXCESS = 5.0

_GROUPS = Fact("replicate_groups", "the number of sets of two or more wells that were treated alike")


def _dispersion(facts: Facts) -> Finding:
    ratio, p = facts["dispersion_ratio"], facts["dispersion_p"]
    asked = f"{facts['replicate_wells']:.0f} wells in {facts['replicate_groups']:.0f} sets of replicates"
    return verdict(
        p,
        f"Replicates scatter as counting alone would have it (ratio of variances {fold(ratio)}, {asked}).",
        (
            p < ALPHA,
            Severity.NOTE,
            f"The variance of replicates is {fold(ratio)} times that of counting alone ({asked}, P {_p(p)}): "
            "pipetting, filtration or washing rule the error. Counting longer will not help; that the scatter is in "
            "the interval is as it should be.",
        ),
    )


DISPERSION = Check(
    "W-DISP",
    "Scatter beyond counting",
    (
        Fact(
            "dispersion_ratio",
            "the variance of replicate counts over that of counting alone, over all replicates",
        ),
        Fact("dispersion_p", "the probability of such a ratio by counting alone"),
        _GROUPS,
        Fact("replicate_wells", "the number of wells in these sets"),
    ),
    _dispersion,
    "Index of dispersion: Fisher RA, Statistical Methods for Research Workers, 1925",
    ALPHA,
    sense="at least",
    examples=(
        Example(
            {"dispersion_ratio": 1.1, "dispersion_p": 0.35, "replicate_groups": 12, "replicate_wells": 36},
            Severity.PASS,
        ),
        Example(
            {"dispersion_ratio": 2.9, "dispersion_p": 1e-8, "replicate_groups": 12, "replicate_wells": 36},
            Severity.NOTE,
        ),
    ),
)


def _odd(facts: Facts) -> Finding:
    p, excess = facts["odd_p"], facts.get("excess")
    asked = f"{facts['replicate_groups']:.0f} sets of replicates"
    return verdict(
        p,
        f"In none of {asked} do the wells lie farther apart than in the others.",
        (
            excess is not None and excess > MOST_EXCESS,
            Severity.WARN,
            f"Wells that were treated alike do not read alike: in most of {asked} they scatter "
            f"{fold(excess or 0.0)} times as much as counting and pipetting imply. Look for a wrong plate map, mixed "
            "units, or a pipetting CV that is not that of this bench.",
        ),
        (
            p < ALPHA_ODD,
            Severity.WARN,
            f"Wells that were treated alike do not read alike: {facts['odd_wells']} (P {_p(p)} over {asked}). Look for "
            "a well filled twice or not at all, a wrong place in the plate map, or a wrong unit. Nothing was removed.",
        ),
    )


ODD_REPLICATES = Check(
    "W-REP",
    "Replicates agree",
    (
        Fact(
            "odd_p",
            "the probability that the most scattered set of replicates scatters so by chance, given what counting and "
            "pipetting imply and the other sets show (all sets considered)",
        ),
        _GROUPS,
        Fact("odd_wells", "the sets of replicates that stand out, with their wells"),
    ),
    _odd,
    "Cochran WG, Ann Eugen 1941;11:47 (the largest of several variances), with the variance of counting where known",
    ALPHA_ODD,
    uses=(
        Fact(
            "excess",
            "the standard deviation of replicates over that of counting and pipetting, the median of all sets",
        ),
    ),
    sense="at least",
    examples=(
        Example(
            {"odd_p": 0.4, "replicate_groups": 7, "odd_wells": "none", "excess": 12.0},
            Severity.WARN,
        ),
        Example({"odd_p": 0.4, "replicate_groups": 32, "odd_wells": "none"}, Severity.PASS),
        Example(
            {"odd_p": 1e-9, "replicate_groups": 32, "odd_wells": "imipramine 1 µM (plate 1 A01, A02, A03)"},
            Severity.WARN,
        ),
    ),
)


def _p(p: float) -> str:
    return "< 0.001" if p < 1e-3 else f"= {p:.2g}"
