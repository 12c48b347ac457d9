"""Does the constant of the bench predict the one in the body, and are volume, clearance and half-life of one body?"""

from __future__ import annotations

import math

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import fold, molar, verdict

THREEFOLD = 3.0


def _vivo(facts: Facts) -> Finding:
    ratio, low, high = (
        facts["vivo_over_vitro"],
        facts.get("ratio_low", math.nan),
        facts.get("ratio_high", math.nan),
    )
    ki, bench = facts["ki_in_vivo_molar"], facts["ki_in_vitro_molar"]
    more = "more" if ratio < 1 else "less"
    away = max(ratio, 1.0 / ratio)
    told = (
        f"The Ki in vivo ({molar(ki)}, unbound in brain) and that of the bench ({molar(bench)}) differ "
        f"{fold(away)}-fold"
    )
    excluded = not (high >= 1 / THREEFOLD and low <= THREEFOLD)  # without an interval the value decides
    return verdict(
        math.log10(ratio),
        f"{told}.",
        (
            away > THREEFOLD and excluded,
            Severity.WARN,
            f"{told}: the drug is {more} potent in the body, and the interval excludes 3-fold. The discrepancy is not "
            "resolved here; its possible causes stand beside the ratio.",
        ),
        (away > THREEFOLD, Severity.NOTE, f"{told}, and the interval does not exclude 3-fold."),
    )


VIVO = Check(
    "W-VIVO",
    "In vivo against in vitro",
    (
        Fact("vivo_over_vitro", "the Ki in vivo over the Ki in vitro"),
        Fact("ki_in_vivo_molar", "the Ki in vivo", "M"),
        Fact("ki_in_vitro_molar", "the Ki in vitro", "M"),
    ),
    _vivo,
    "Limit set here, 3-fold: constants of one compound from two laboratories differ as much",
    math.log10(THREEFOLD),
    "log10",
    uses=(Fact("ratio_low", "lower limit of the ratio"), Fact("ratio_high", "upper limit of the ratio")),
    sense="within",
    examples=(
        Example(
            {"vivo_over_vitro": 0.34, "ki_in_vivo_molar": 1.7e-9, "ki_in_vitro_molar": 5e-9}, Severity.PASS
        ),
        Example(
            {"vivo_over_vitro": 0.07, "ki_in_vivo_molar": 5.4e-9, "ki_in_vitro_molar": 7.7e-8}, Severity.WARN
        ),
    ),
)


def _volume(facts: Facts) -> Finding:
    implied, stated = facts["implied_volume"], facts["stated_volume"]
    ratio = implied / stated
    told = f"Clearance and half-life imply a volume of distribution of {implied:.3g} L/kg, {stated:.3g} L/kg is stated"
    return verdict(
        math.log10(ratio),
        f"{told}.",
        (
            not 1 / THREEFOLD <= ratio <= THREEFOLD,
            Severity.FAIL,
            f"{told}: {fold(max(ratio, 1 / ratio))}-fold apart, more than a terminal volume and one at steady state "
            "can be. One of the three numbers is wrong, and the course over the day with it.",
        ),
    )


VOLUME = Check(
    "W-VOLUME",
    "Volume, clearance and half-life",
    (
        Fact("implied_volume", "F (CL/F) t1/2 / ln 2", "L/kg"),
        Fact("stated_volume", "the volume of distribution that is stated", "L/kg"),
    ),
    _volume,
    "Gibaldi M, Perrier D. Pharmacokinetics, 2nd ed. 1982: V = CL t1/2 / ln 2",
    math.log10(THREEFOLD),
    "log10",
    sense="within",
    examples=(
        Example({"implied_volume": 1.65, "stated_volume": 0.85}, Severity.PASS),
        Example({"implied_volume": 0.88, "stated_volume": 0.85}, Severity.PASS),
        Example({"implied_volume": 8.8, "stated_volume": 0.85}, Severity.FAIL),
    ),
)
