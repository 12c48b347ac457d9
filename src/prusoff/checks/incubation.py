"""What is an IC50 worth that was read after these minutes, for competitors faster or slower than the label?"""

from __future__ import annotations

import math

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import fold, verdict

BIASED, HALF_LIVES = 1.5, 5.0


def _early(facts: Facts) -> Finding:
    slow = facts["early_slow"]
    minutes = f"{facts['incubation_s'] / 60:.0f} min"
    needed = HALF_LIVES * math.log(2) / facts["slow_mode_per_s"] / 60
    half_life = 10.0 * math.log(2) / facts["koff_per_s"] / 60
    told = (
        f"Read at {minutes} the IC50 of a competitor that leaves ten times more slowly than the radioligand (half-life "
        f"{half_life:.0f} min) is {_off(slow)}; that of one that leaves as fast, {_off(facts['early_alike'])}; ten "
        f"times faster, {_off(facts['early_fast'])}"
    )
    return verdict(
        slow,
        f"{told}.",
        (
            max(slow, 1 / slow) > BIASED,
            Severity.NOTE,
            f"{told}. For the slow one five half-lives of the slower step take {needed:.0f} min: measure koff of "
            "such a compound, or incubate longer.",
        ),
    )


def _off(ratio: float) -> str:
    """How far an IC50 lies from its equilibrium value, in words."""
    if max(ratio, 1 / ratio) < 1.05:
        return "right within 5 %"
    return f"{fold(ratio)}-fold too high" if ratio > 1 else f"{fold(1 / ratio)}-fold too low"


EARLY = Check(
    "W-EQ-BIAS",
    "IC50 read before equilibrium",
    (
        Fact("incubation_s", "the incubation time", "s"),
        Fact("koff_per_s", "the dissociation rate constant of the radioligand (radioligand.koff)", "1/s"),
        Fact(
            "early_slow", "the simulated IC50 over that at equilibrium for a tenth of this koff (needs a Kd)"
        ),
        Fact("early_alike", "the same for a competitor of the same koff"),
        Fact("early_fast", "the same for ten times this koff"),
        Fact("slow_mode_per_s", "the slower rate of approach with the slow competitor at its IC50", "1/s"),
    ),
    _early,
    "Motulsky HJ, Mahan LC, Mol Pharmacol 1984;25:1",
    BIASED,
    "fold",
    sense="at most",
    examples=(
        Example(
            {
                "incubation_s": 144000.0,
                "koff_per_s": 2.7e-4,
                "early_slow": 1.02,
                "early_alike": 1.0,
                "early_fast": 1.0,
                "slow_mode_per_s": 3e-5,
            },
            Severity.PASS,
        ),
        Example(
            {
                "incubation_s": 7200.0,
                "koff_per_s": 2.7e-4,
                "early_slow": 4.33,
                "early_alike": 1.03,
                "early_fast": 0.9,
                "slow_mode_per_s": 3e-5,
            },
            Severity.NOTE,
        ),
    ),
)
