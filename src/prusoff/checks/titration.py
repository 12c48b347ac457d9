"""Does a titration tell Kd: is the partner not far above it, and is the plateau reached?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import fold, molar, percent, verdict

MOST_PARTNER, TITRATES = 0.1, 10.0
REACHED = 0.8


def _partner(facts: Facts) -> Finding:
    ratio = facts["partner_molar"] / facts["kd_molar"]
    told = f"The partner ({molar(facts['partner_molar'])}) is {fold(ratio)} times the Kd"
    return verdict(
        ratio,
        f"{told}: what is added stays free, and both laws agree.",
        (
            ratio > TITRATES,
            Severity.WARN,
            f"{told} (above 10): the curve titrates the partner and tells its concentration better than Kd, which "
            "hangs on that concentration. Use less partner.",
        ),
        (
            ratio > MOST_PARTNER,
            Severity.WARN,
            f"{told} (limit 0.1): the partner uses up what is added. The quadratic law counts that and is to be "
            "believed; a hyperbola reads Kd high by about half of the partner. Use less partner where you can.",
        ),
    )


PARTNER = Check(
    "W-PARTNER",
    "Added ligand used up by the partner",
    (
        Fact("partner_molar", "the concentration of the partner held constant (conditions.receptor)", "M"),
        Fact("kd_molar", "Kd", "M"),
    ),
    _partner,
    "Copeland RA, Evaluation of Enzyme Inhibitors in Drug Discovery, Wiley 2013",
    MOST_PARTNER,
    sense="at most",
    examples=(
        Example({"partner_molar": 1e-10, "kd_molar": 5e-9}, Severity.PASS),
        Example({"partner_molar": 5e-9, "kd_molar": 1.7e-9}, Severity.WARN),
        Example({"partner_molar": 5e-8, "kd_molar": 1e-9}, Severity.WARN),
    ),
)


def _plateau(facts: Facts) -> Finding:
    reached = facts["bound_at_top"]
    told = f"{percent(reached)} of the partner is bound at the highest concentration added"
    return verdict(
        100 * reached,
        f"{told}.",
        (
            reached < REACHED,
            Severity.WARN,
            f"{told} (80 % is the least): the plateau is extrapolated, and Kd hangs on it. Add more.",
        ),
    )


PLATEAU = Check(
    "W-PLATEAU",
    "Plateau of the titration",
    (Fact("bound_at_top", "the part of the partner that is bound at the highest concentration"),),
    _plateau,
    "Jarmoskaite I, AlSadhan I, Vaidyanathan PP, Herschlag D, eLife 2020;9:e57264",
    100 * REACHED,
    "%",
    sense="at least",
    examples=(
        Example({"bound_at_top": 0.97}, Severity.PASS),
        Example({"bound_at_top": 0.5}, Severity.WARN),
    ),
)
