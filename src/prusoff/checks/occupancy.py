"""Does the occupancy of scans, or of animals, bear an EC50, and do regions, subjects and baselines agree?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import chance, fold, percent, verdict

HIGH, HALF, SURE = 0.80, 0.50, 3.0
SMALL_CHANCE = 0.01
FEWEST_SUBJECTS = 3
OCCUPANCY = "Farde L et al., Arch Gen Psychiatry 1988;45:71"
INNIS = "Innis RB et al., J Cereb Blood Flow Metab 2007;27:1533"

_OF = Fact("of", "what was measured: a scan, a dose group")


def _highest(facts: Facts) -> Finding:
    highest, of = facts["highest"], facts.get("of") or "a scan"
    told = f"The highest occupancy of {of} is {percent(highest)}"
    return verdict(
        100 * highest,
        f"{told}.",
        (
            highest < HALF,
            Severity.WARN,
            f"{told}: none is half occupied, so the EC50 lies beyond what was given. Give higher doses.",
        ),
        (
            highest < HIGH,
            Severity.WARN,
            f"{told}, so the data hardly tell the maximal occupancy from the EC50: both fits, with Occmax at 100 % and "
            "with it free, are printed. A dose near saturation would decide.",
        ),
    )


HIGHEST = Check(
    "W-OCC-MAX",
    "Highest occupancy",
    (Fact("highest", "the highest occupancy, as a fraction"),),
    _highest,
    "Limit set here: below it EC50 and Occmax go together",
    100 * HIGH,
    "%",
    uses=(_OF,),
    sense="at least",
    examples=(
        Example({"highest": 0.91}, Severity.PASS),
        Example({"highest": 0.66}, Severity.WARN),
        Example({"highest": 0.31}, Severity.WARN),
    ),
)


def _lowest(facts: Facts) -> Finding:
    lowest, error, of = facts["lowest"], facts["lowest_se"], facts.get("of") or "a scan"
    told = f"The lowest occupancy of {of} is {percent(lowest)}"
    distance = lowest / error if error > 0 else 0.0
    return verdict(
        distance,
        f"{told}, not below zero by more than its error.",
        (
            lowest < 0 and distance < -SURE,
            Severity.WARN,
            f"{told}, {fold(-distance)} standard errors below zero: more was bound with the drug than at baseline. The "
            "baseline is too low, or both were not measured alike.",
        ),
    )


NEGATIVE = Check(
    "W-OCC-NEG",
    "Occupancy below zero",
    (
        Fact("lowest", "the lowest occupancy, as a fraction"),
        Fact("lowest_se", "its standard error"),
    ),
    _lowest,
    "Limit set here",
    -SURE,
    uses=(_OF,),
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


def _vehicle(facts: Facts) -> Finding:
    number, spread = facts["vehicle_animals"], facts["vehicle_cv"]
    told = f"{number:g} animals had vehicle, and their binding ratio varies by {percent(spread)}"
    return verdict(
        100 * spread,
        f"{told}.",
        (
            spread > 0.30,
            Severity.WARN,
            f"{told}: every occupancy is told against their mean, and carries its error. Look for an animal that "
            f"had less "
            "label, or a piece that was cut wrongly.",
        ),
        (number < FEWEST_SUBJECTS, Severity.NOTE, f"{told}; from so few the spread is hardly known."),
    )


VEHICLE = Check(
    "W-OCC-VEH",
    "Animals with vehicle",
    (
        Fact("vehicle_animals", "how many animals had vehicle"),
        Fact("vehicle_cv", "the coefficient of variation of their binding ratio"),
    ),
    _vehicle,
    "Limit set here",
    30.0,
    "%",
    sense="at most",
    examples=(
        Example({"vehicle_animals": 6, "vehicle_cv": 0.09}, Severity.PASS),
        Example({"vehicle_animals": 2, "vehicle_cv": 0.09}, Severity.NOTE),
        Example({"vehicle_animals": 6, "vehicle_cv": 0.45}, Severity.WARN),
    ),
)
