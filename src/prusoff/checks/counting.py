"""Were enough counts collected, and was the radioligand in the wells what the plan says?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import fold, molar, percent, verdict

CURRIE = "Currie LA, Anal Chem 1968;40:586"
MOST_COUNTING = 0.05
MOST_OFF, MOST_FOLD = 0.20, 3.0
LEAST_EFFICIENCY, NO_EFFICIENCY = 0.05, 0.01


def _counts(facts: Facts) -> Finding:
    error = facts["counting_error"]
    told = f"Counting alone leaves an error of {percent(error)} on a total well"
    return verdict(
        100 * error,
        f"{told}.",
        (
            error > MOST_COUNTING,
            Severity.WARN,
            f"{told} (5 % is the limit set here, 400 counts): count longer. Four times the time halves the error.",
        ),
    )


COUNTS = Check(
    "W-COUNT",
    "Enough counts",
    (
        Fact(
            "counting_error",
            "the largest relative counting error (SE of the net rate over the rate) of a total well",
        ),
    ),
    _counts,
    f"{CURRIE} (errors); limit set here",
    100 * MOST_COUNTING,
    "%",
    sense="at most",
    examples=(
        Example({"counting_error": 0.01}, Severity.PASS),
        Example({"counting_error": 0.12}, Severity.WARN),
    ),
)


def _below(facts: Facts) -> Finding:
    below, wells = facts["wells_below_decision"], facts["wells"]
    told = f"{below:.0f} of {wells:.0f} wells hold no more than the background (below the decision limit)"
    return verdict(
        float(below),
        "Every well counts above the background.",
        (
            2 * below > wells,
            Severity.WARN,
            f"{told}: check background, efficiency and whether the plate was read on the right channel.",
        ),
        (below > 0, Severity.NOTE, f"{told}; their values are kept, negative ones too."),
    )


BELOW_DECISION = Check(
    "W-LC",
    "Wells above background",
    (
        Fact("wells_below_decision", "the number of wells below the decision limit L_C"),
        Fact("wells", "the number of wells"),
    ),
    _below,
    CURRIE,
    0.0,
    "wells",
    sense="at most",
    examples=(
        Example({"wells_below_decision": 0, "wells": 96}, Severity.PASS),
        Example({"wells_below_decision": 3, "wells": 96}, Severity.NOTE),
        Example({"wells_below_decision": 90, "wells": 96}, Severity.WARN),
    ),
)


def _added(facts: Facts) -> Finding:
    planned, measured = facts["planned_molar"], facts["measured_molar"]
    off = measured / planned - 1
    off_by = f"{percent(abs(off))} {'more' if off > 0 else 'less'}"
    slip = not 1 / MOST_FOLD <= measured / planned <= MOST_FOLD
    if slip:
        off_by = f"{fold(1 + off)} times as much" if off > 0 else f"{fold(planned / measured)} times less"
    told = f"{molar(measured)} of radioligand were counted where {molar(planned)} were planned ({off_by})"
    return verdict(
        100 * off,
        f"{told}; the counted value is used.",
        (
            slip,
            Severity.FAIL,
            f"{told}, beyond three-fold, which no pipetting explains. Check the units of the specific activity, the "
            "volumes, the plan and the efficiency; no constant of this run holds.",
        ),
        (
            abs(off) > MOST_OFF,
            Severity.WARN,
            f"{told}, more than 20 %: the counted value is used. Check the dilution, the age of the batch and what "
            "sticks to the tube.",
        ),
    )


ADDED = Check(
    "W-LADD",
    "Label as planned",
    (
        Fact("planned_molar", "the planned concentration of the radioligand", "M"),
        Fact("measured_molar", "its concentration from counted aliquots", "M"),
    ),
    _added,
    "Hulme EC, Trevethick MA, Br J Pharmacol 2010;161:1219 (count what is added); limit set here",
    100 * MOST_OFF,
    "%",
    sense="within",
    examples=(
        Example({"planned_molar": 1.0e-9, "measured_molar": 1.1e-9}, Severity.PASS),
        Example({"planned_molar": 1.0e-9, "measured_molar": 0.6e-9}, Severity.WARN),
        Example({"planned_molar": 1.0e-9, "measured_molar": 1.5e-9}, Severity.WARN),
        Example({"planned_molar": 1.0e-9, "measured_molar": 9.2e-7}, Severity.FAIL),
        Example({"planned_molar": 1.0e-9, "measured_molar": 9.2e-13}, Severity.FAIL),
    ),
)


def _efficiency(facts: Facts) -> Finding:
    seen = facts["efficiency"]
    told = f"The counter sees {percent(seen)} of the disintegrations"
    slip = "Check whether a percentage was written as a fraction (0.42 or '42 %'), the window and the quench."
    return verdict(
        100 * seen,
        f"{told}.",
        (seen < NO_EFFICIENCY, Severity.FAIL, f"{told}: no counter is that blind. {slip}"),
        (
            seen < LEAST_EFFICIENCY,
            Severity.WARN,
            f"{told}, below 5 %; 20 to 60 % is usual for tritium, more for other nuclides. {slip}",
        ),
    )


EFFICIENCY = Check(
    "W-EFF",
    "Counting efficiency",
    (Fact("efficiency", "the mean counting efficiency of the wells, a fraction"),),
    _efficiency,
    "Limits set here; usual efficiencies: L'Annunziata MF, Handbook of Radioactivity Analysis, Academic Press 2012",
    100 * LEAST_EFFICIENCY,
    "%",
    sense="at least",
    examples=(
        Example({"efficiency": 0.42}, Severity.PASS),
        Example({"efficiency": 0.03}, Severity.WARN),
        Example({"efficiency": 0.0042}, Severity.FAIL),
    ),
)
