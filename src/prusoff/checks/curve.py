"""Is the curve one from which a constant may be read: does it span, stand between the controls, have a slope of 1."""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import fold, molar, percent, verdict

AGM = "Assay Guidance Manual, assay operations for SAR support"
HALF = 0.50
PLATEAU = 0.20
NEARLY = 0.02  # a slope that is told as 1


def _bottom(facts: Facts) -> Finding:
    apart = facts["bottom_low"] > facts["nsb_high"] or facts["bottom_high"] < facts["nsb_low"]
    where = "above" if facts["bottom_low"] > facts["nsb_high"] else "below"
    return verdict(
        None,
        "The bottom of the curve and the nonspecific controls agree.",
        (
            apart,
            Severity.WARN,
            f"The bottom of the curve lies {where} the nonspecific controls and their intervals do not overlap: the "
            "compound leaves a second site open, or the definer of nonspecific binding takes more or less than the "
            "site. Try a second definer of another structure.",
        ),
    )


BOTTOM = Check(
    "W-NSB",
    "Bottom against nonspecific controls",
    (
        Fact("bottom_low", "the lower limit of the bottom of the curve"),
        Fact("bottom_high", "the upper limit of the bottom of the curve"),
        Fact("nsb_low", "the lower limit of the mean of the nonspecific controls"),
        Fact("nsb_high", "the upper limit of the mean of the nonspecific controls"),
    ),
    _bottom,
    AGM,
    examples=(
        Example({"bottom_low": 90, "bottom_high": 130, "nsb_low": 100, "nsb_high": 120}, Severity.PASS),
        Example({"bottom_low": 300, "bottom_high": 400, "nsb_low": 100, "nsb_high": 120}, Severity.WARN),
        Example({"bottom_low": 30, "bottom_high": 80, "nsb_low": 100, "nsb_high": 120}, Severity.WARN),
    ),
)


def _plateaus(facts: Facts) -> Finding:
    window = facts["total_mean"] - facts["nsb_mean"]
    if window == 0:
        return Finding(
            Severity.FAIL, "Total and nonspecific controls are equal: there is nothing to measure."
        )
    off = {
        "top": abs(facts["top"] - facts["total_mean"]) / abs(window),
        "bottom": abs(facts["bottom"] - facts["nsb_mean"]) / abs(window),
    }
    worst = max(off, key=lambda end: off[end])
    return verdict(
        100 * off[worst],
        f"Both plateaus lie within 20 % of the control range (the {worst} {percent(off[worst])} off).",
        (
            off[worst] > PLATEAU,
            Severity.WARN,
            f"The {worst} of the curve lies {percent(off[worst])} of the control range away from its controls (limit "
            "20 %): read the absolute IC50 beside the relative one, and test lower or higher concentrations.",
        ),
    )


PLATEAUS = Check(
    "W-TOP",
    "Plateaus against controls",
    (
        Fact("top", "the top of the curve"),
        Fact("bottom", "the bottom of the curve"),
        Fact("total_mean", "the mean of the total controls"),
        Fact("nsb_mean", "the mean of the nonspecific controls"),
    ),
    _plateaus,
    AGM,
    100 * PLATEAU,
    "%",
    sense="at most",
    examples=(
        Example({"top": 1020, "bottom": 110, "total_mean": 1000, "nsb_mean": 100}, Severity.PASS),
        Example({"top": 1020, "bottom": 400, "total_mean": 1000, "nsb_mean": 100}, Severity.WARN),
        Example({"top": 1020, "bottom": 400, "total_mean": 100, "nsb_mean": 100}, Severity.FAIL),
    ),
)


def _span(facts: Facts) -> Finding:
    least, most = facts["least_inhibition"], facts["most_inhibition"]
    told = f"The data run from {percent(least)} to {percent(most)} inhibition"
    return verdict(
        100 * most,
        f"{told} and cross 50 %.",
        (
            most < HALF,
            Severity.WARN,
            f"{told} and never reach 50 %: only '>' the highest concentration can be reported. Test higher ones.",
        ),
        (
            least > HALF,
            Severity.WARN,
            f"{told} and never fall below 50 %: only '<' the lowest concentration can be reported. Test lower ones.",
        ),
    )


SPAN = Check(
    "W-SPAN",
    "Data cross 50 %",
    (
        Fact(
            "least_inhibition",
            "the smallest mean inhibition of a concentration, as a fraction of the controls",
        ),
        Fact(
            "most_inhibition", "the largest mean inhibition of a concentration, as a fraction of the controls"
        ),
    ),
    _span,
    AGM,
    100 * HALF,
    "%",
    sense="at least",
    examples=(
        Example({"least_inhibition": 0.02, "most_inhibition": 0.97}, Severity.PASS),
        Example({"least_inhibition": 0.02, "most_inhibition": 0.31}, Severity.WARN),
        Example({"least_inhibition": 0.62, "most_inhibition": 0.99}, Severity.WARN),
    ),
)


def _prefix(facts: Facts) -> Finding:
    value, relation = facts["ic50_molar"], facts["relation"]
    low, high = facts["lowest_molar"], facts["highest_molar"]
    wanted = ">" if value > high else "<" if value < low else "="
    needed = wanted != "=" and relation not in (wanted, "~")
    return verdict(
        None,
        "The IC50 lies within the concentrations tested."
        if wanted == "="
        else f"The IC50 lies beyond the concentrations tested and is marked '{relation}'.",
        (
            needed,
            Severity.FAIL,
            f"An IC50 of {molar(value)} lies beyond the concentrations tested ({molar(low)} to {molar(high)}) and is "
            f"no measured value: report '{wanted} {molar(high if wanted == '>' else low)}'.",
        ),
    )


PREFIX = Check(
    "W-PREFIX",
    "Bounds are marked as bounds",
    (
        Fact("ic50_molar", "the IC50", "M"),
        Fact("relation", "how it is reported: '=', '<', '>' or '~'"),
        Fact("lowest_molar", "the lowest concentration tested", "M"),
        Fact("highest_molar", "the highest concentration tested", "M"),
    ),
    _prefix,
    AGM,
    examples=(
        Example(
            {"ic50_molar": 1e-8, "relation": "=", "lowest_molar": 1e-11, "highest_molar": 1e-5}, Severity.PASS
        ),
        Example(
            {"ic50_molar": 3e-5, "relation": "~", "lowest_molar": 1e-11, "highest_molar": 1e-5}, Severity.PASS
        ),
        Example(
            {"ic50_molar": 3e-5, "relation": "=", "lowest_molar": 1e-11, "highest_molar": 1e-5}, Severity.FAIL
        ),
    ),
)


def _hill(facts: Facts) -> Finding:
    low, high, expected = facts["hill_low"], facts["hill_high"], facts.get("hill_expected") or 1.0
    told = f"The interval of the Hill slope ({fold(low)} to {fold(high)})"
    one = "1" if abs(expected - 1) < NEARLY else f"{fold(expected)}, which ligands that are used up make of 1"
    return verdict(
        facts["hill_slope"],
        f"{told} contains {one}.",
        (
            high < expected,
            Severity.WARN,
            f"{told} lies below {one}: a Ki from it is an apparent one. Try a second site, then depletion of the "
            "radioligand, then too short an incubation.",
        ),
        (
            low > expected,
            Severity.WARN,
            f"{told} lies above {one}: a Ki from it is an apparent one. Look for a competitor used up by the sites, a "
            "dilution error, or a compound that comes out of solution.",
        ),
    )


HILL = Check(
    "W-HILL",
    "Hill slope",
    (
        Fact("hill_slope", "the Hill slope"),
        Fact("hill_low", "its lower limit"),
        Fact("hill_high", "its upper limit"),
    ),
    _hill,
    "IUPHAR: Neubig RR et al., Pharmacol Rev 2003;55:597",
    1.0,
    uses=(Fact("hill_expected", "the slope of the exact equilibrium where ligands are used up"),),
    examples=(
        Example({"hill_slope": 0.97, "hill_low": 0.88, "hill_high": 1.07}, Severity.PASS),
        Example({"hill_slope": 0.7, "hill_low": 0.58, "hill_high": 0.82}, Severity.WARN),
        Example({"hill_slope": 1.6, "hill_low": 1.2, "hill_high": 2.1}, Severity.WARN),
    ),
)
