"""Does the occupancy of scans bear an EC50, do regions and subjects agree, and does the bench constant predict it?"""

from __future__ import annotations

import math

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import chance, fold, molar, percent, verdict

HIGH, HALF, SURE = 0.80, 0.50, 3.0
SMALL_CHANCE = 0.01
FEWEST_SUBJECTS = 3
THREEFOLD = 3.0
OCCUPANCY = "Farde L et al., Arch Gen Psychiatry 1988;45:71"
INNIS = "Innis RB et al., J Cereb Blood Flow Metab 2007;27:1533"


def _highest(facts: Facts) -> Finding:
    highest = facts["highest"]
    told = f"The highest occupancy of a scan is {percent(highest)}"
    return verdict(
        100 * highest,
        f"{told}.",
        (
            highest < HALF,
            Severity.WARN,
            f"{told}: no scan is half occupied, so the EC50 lies beyond what was given. Scan at higher doses.",
        ),
        (
            highest < HIGH,
            Severity.WARN,
            f"{told}, so the data hardly tell the maximal occupancy from the EC50: both fits, with Occmax at 100 % and "
            "with it free, are printed. A scan near saturation would decide.",
        ),
    )


HIGHEST = Check(
    "W-OCC-MAX",
    "Highest occupancy",
    (Fact("highest", "the highest occupancy of a scan, as a fraction"),),
    _highest,
    "Limit set here: below it EC50 and Occmax go together",
    100 * HIGH,
    "%",
    sense="at least",
    examples=(
        Example({"highest": 0.91}, Severity.PASS),
        Example({"highest": 0.66}, Severity.WARN),
        Example({"highest": 0.31}, Severity.WARN),
    ),
)


def _lowest(facts: Facts) -> Finding:
    lowest, error = facts["lowest"], facts["lowest_se"]
    told = f"The lowest occupancy of a scan is {percent(lowest)}"
    distance = lowest / error if error > 0 else 0.0
    return verdict(
        distance,
        f"{told}, not below zero by more than its error.",
        (
            lowest < 0 and distance < -SURE,
            Severity.WARN,
            f"{told}, {fold(-distance)} standard errors below zero: more was bound with the drug than at baseline. The "
            "baseline is too low, or the two scans are not of one subject and one method.",
        ),
    )


NEGATIVE = Check(
    "W-OCC-NEG",
    "Occupancy below zero",
    (
        Fact("lowest", "the lowest occupancy of a scan, as a fraction"),
        Fact("lowest_se", "its standard error"),
    ),
    _lowest,
    "Limit set here",
    -SURE,
    sense="at least",
    examples=(
        Example({"lowest": 0.12, "lowest_se": 0.03}, Severity.PASS),
        Example({"lowest": -0.05, "lowest_se": 0.03}, Severity.PASS),
        Example({"lowest": -0.40, "lowest_se": 0.05}, Severity.WARN),
    ),
)


def _regions(facts: Facts) -> Finding:
    p = facts["regions_p"]
    told = f"The regions of one scan scatter about one occupancy ({chance(p)})"
    return verdict(
        p,
        f"{told}, no more than their errors let expect.",
        (
            p < SMALL_CHANCE,
            Severity.WARN,
            f"{told} by more than their errors: one occupancy does not describe them all. The reference region may "
            "hold sites of the target, a region may hold another target, or the errors are stated too small.",
        ),
    )


REGIONS = Check(
    "W-OCC-REGION",
    "Regions agree",
    (
        Fact(
            "regions_p", "the probability of so much scatter between the regions of scans, from their errors"
        ),
    ),
    _regions,
    "Cunningham VJ et al., J Cereb Blood Flow Metab 2010;30:46",
    SMALL_CHANCE,
    sense="at least",
    examples=(
        Example({"regions_p": 0.4}, Severity.PASS),
        Example({"regions_p": 1e-6}, Severity.WARN),
    ),
)


def _subjects(facts: Facts) -> Finding:
    number = facts["subjects"]
    told = f"{number:g} subject{'' if number == 1 else 's'} with scans at a known concentration"
    return verdict(
        float(number),
        f"{told}.",
        (
            number < FEWEST_SUBJECTS,
            Severity.WARN,
            f"{told}: how far subjects differ is not known from so few, and the interval of the EC50 is "
            + (
                "that of the scans of one subject alone."
                if number == 1
                else "very wide, or too narrow by luck."
            ),
        ),
    )


SUBJECTS = Check(
    "W-OCC-N",
    "Number of subjects",
    (Fact("subjects", "how many subjects have scans at a known concentration"),),
    _subjects,
    "Rule set here: subjects count, scans do not",
    FEWEST_SUBJECTS,
    sense="at least",
    examples=(Example({"subjects": 4}, Severity.PASS), Example({"subjects": 1}, Severity.WARN)),
)


def _baseline(facts: Facts) -> Finding:
    error = facts["baseline_relative_se"]
    told = f"The standard error of the weakest baseline is {percent(error)} of it"
    return verdict(
        100 * error,
        f"{told}.",
        (
            error > 0.20,
            Severity.WARN,
            f"{told}: every occupancy of that subject carries this error. Scan the baseline again.",
        ),
    )


BASELINE = Check(
    "W-OCC-BASE",
    "Error of the baseline",
    (Fact("baseline_relative_se", "the largest standard error of a baseline, as a fraction of it"),),
    _baseline,
    f"Limit set here; test-retest of receptor scans is 5 to 15 %, see {INNIS}",
    20.0,
    "%",
    sense="at most",
    examples=(
        Example({"baseline_relative_se": 0.06}, Severity.PASS),
        Example({"baseline_relative_se": 0.45}, Severity.WARN),
    ),
)


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
