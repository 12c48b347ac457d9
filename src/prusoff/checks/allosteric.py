"""Was a modulator at a second site asked in a way that lets it answer?"""

from __future__ import annotations

import re

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import fold, molar, verdict

DILUTION = "dilution"
LEAST_FOLD = 3.0
_NUCLIDE = re.compile(r"\[[^\]]*\]-?")


def _same(one: str, other: str) -> bool:
    """Whether two names are those of one drug, labelled or not: '[3H]S-citalopram' and 'S-citalopram'."""
    plain = [_NUCLIDE.sub("", name).strip().casefold() for name in (one, other)]
    return plain[0] == plain[1] != ""


def _chase(facts: Facts) -> Finding:
    chase, label, modulator = (str(facts[name]) for name in ("chase", "label", "modulator"))
    remedy = "Start dissociation by dilution instead."
    return verdict(
        None,
        "Dissociation was started by dilution, which leaves the second site to the modulator."
        if chase == DILUTION
        else f"Dissociation was started with {chase}, which is neither the label nor the modulator.",
        (
            _same(chase, label),
            Severity.WARN,
            f"Dissociation was started with an excess of unlabelled {chase}, the drug that is the label: at that "
            f"concentration it may sit at the second site itself, and slow or speed every rate, the control included. "
            f"{remedy}",
        ),
        (
            _same(chase, modulator),
            Severity.WARN,
            f"Dissociation was started with {chase}, which is the modulator under test: there is no control without "
            f"it. {remedy}",
        ),
    )


CHASE = Check(
    "W-ALLO-CHASE",
    "The chase leaves the second site free",
    (
        Fact("chase", "what started dissociation: dilution, or the name of the compound added"),
        Fact("label", "the name of the label"),
        Fact("modulator", "the name of the modulator"),
    ),
    _chase,
    "Chen F et al., J Neurochem 2005;92:21",
    examples=(
        Example({"chase": "dilution", "label": "[3H]S-citalopram", "modulator": "x"}, Severity.PASS),
        Example({"chase": "paroxetine", "label": "[3H]S-citalopram", "modulator": "x"}, Severity.PASS),
        Example({"chase": "S-citalopram", "label": "[3H]S-citalopram", "modulator": "x"}, Severity.WARN),
        Example({"chase": "x", "label": "[3H]imipramine", "modulator": "X"}, Severity.WARN),
    ),
)


def _range(facts: Facts) -> Finding:
    ec50, low, high = (facts[name] for name in ("ec50_molar", "lowest_molar", "highest_molar"))
    nearest = min(ec50 / low, high / ec50)
    told = f"EC50 {molar(ec50)}, tested from {molar(low)} to {molar(high)}: {fold(nearest)}-fold from the nearer end"
    return verdict(
        nearest,
        f"{told}.",
        (
            nearest < LEAST_FOLD,
            Severity.WARN,
            f"{told} (3-fold is the least): EC50 and the rate at full effect hang on each other. Widen the range.",
        ),
    )


RANGE = Check(
    "W-ALLO-RANGE",
    "Range of the modulator",
    (
        Fact("ec50_molar", "the EC50 of the modulator", "M"),
        Fact("lowest_molar", "the lowest concentration of the modulator", "M"),
        Fact("highest_molar", "the highest concentration of the modulator", "M"),
    ),
    _range,
    "Lazareno S, Birdsall NJM, Mol Pharmacol 1995;48:362",
    LEAST_FOLD,
    "fold",
    sense="at least",
    examples=(
        Example({"ec50_molar": 4e-6, "lowest_molar": 1e-7, "highest_molar": 1e-4}, Severity.PASS),
        Example({"ec50_molar": 6e-5, "lowest_molar": 1e-7, "highest_molar": 1e-4}, Severity.WARN),
    ),
)
