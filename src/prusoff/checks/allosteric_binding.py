"""Does the effect of a modulator on binding have a limit, as that of a competitor never has?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import chance, fold, percent, verdict

SURE = 0.05
LEAST_REACHED = 0.8  # of the full effect, at the highest concentration


def _limit(facts: Facts) -> Finding:
    plateau, p, reached = facts["plateau"], facts["limit_p"], facts["reached"]
    if p < SURE and reached < LEAST_REACHED:
        return Finding(
            Severity.WARN,
            f"At the highest concentration only {percent(reached)} of the full effect is reached (80 % is the least): "
            "its limit, and alpha with it, is not measured but drawn on. Test higher concentrations.",
            100 * plateau,
        )
    if plateau > 1.0:
        return verdict(
            100 * plateau,
            f"With the second site full, specific binding is {fold(plateau)} times that without modulator: no "
            "competitor raises binding.",
        )
    return verdict(
        100 * plateau,
        f"The effect has a limit: with the second site full {percent(plateau)} of the specific binding is left, more "
        f"than a competitor would leave ({chance(p)}).",
        (
            not p < SURE,
            Severity.WARN,
            f"The effect has no limit that can be told from nonspecific binding ({chance(p)}), so the compound cannot "
            "be told from a competitor: alpha is a bound, and KB is the Ki of a competitor. Use a higher radioligand "
            "concentration, or measure its dissociation with the compound.",
        ),
    )


LIMIT = Check(
    "W-ALLO-LIMIT",
    "The effect of the modulator has a limit",
    (
        Fact("plateau", "specific binding with the second site full over that without modulator"),
        Fact("limit_p", "the probability of the data if the compound were a competitor"),
        Fact("reached", "the part of the full effect that the highest concentration has"),
    ),
    _limit,
    "Christopoulos A, Kenakin T, Pharmacol Rev 2002;54:323",
    unit="%",
    examples=(
        Example({"plateau": 2.1, "limit_p": 0.0, "reached": 0.98}, Severity.PASS),
        Example({"plateau": 0.21, "limit_p": 1e-9, "reached": 0.95}, Severity.PASS),
        Example({"plateau": 0.21, "limit_p": 1e-9, "reached": 0.6}, Severity.WARN),
        Example({"plateau": 0.02, "limit_p": 0.3, "reached": 0.98}, Severity.WARN),
    ),
)
