"""Does an agonist curve reach both of its ends and stay there, and does the reference agonist work?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import percent, verdict

MOST_AT_LOW_END = 0.25
LEAST_AT_HIGH_END = 0.85
MOST_FALL = 0.20
ALPHA = 0.01
SURE = 2.0
_AGM = "Assay Guidance Manual, in vitro functional assays"


def _ends(facts: Facts) -> Finding:
    low, high = facts["low_end"], facts["high_end"]
    told = f"The concentrations tested run from {percent(low)} to {percent(high)} of the fitted maximum"
    return verdict(
        100 * high,
        f"{told}.",
        (
            high < LEAST_AT_HIGH_END,
            Severity.WARN,
            f"{told}: the maximum is extrapolated (85 % is wanted), and the EC50 with it. Test higher concentrations.",
        ),
        (
            low > MOST_AT_LOW_END,
            Severity.WARN,
            f"{told}: the curve has begun before the lowest one (25 % is wanted). Test lower concentrations.",
        ),
    )


ENDS = Check(
    "W-ENDS",
    "Both ends of the curve are measured",
    (
        Fact("low_end", "the part of the fitted maximum at the lowest concentration"),
        Fact("high_end", "the part of the fitted maximum at the highest concentration"),
    ),
    _ends,
    f"{_AGM}; limits set here",
    100 * LEAST_AT_HIGH_END,
    "%",
    sense="at least",
    examples=(
        Example({"low_end": 0.02, "high_end": 0.98}, Severity.PASS),
        Example({"low_end": 0.02, "high_end": 0.7}, Severity.WARN),
        Example({"low_end": 0.4, "high_end": 0.99}, Severity.WARN),
    ),
)


def _hook(facts: Facts) -> Finding:
    fall, error = facts["fall"], facts["fall_se"]
    told = f"At the highest concentration the response is {percent(fall)} of the span below the largest one"
    return verdict(
        100 * fall,
        f"{told}, no more than scatter or the limit of 20 % allows.",
        (
            fall - SURE * error > MOST_FALL,
            Severity.WARN,
            f"{told}: the curve turns. Look for desensitisation, a toxic or insoluble concentration, or a second "
            "action, and leave out no point without a reason.",
        ),
    )


HOOK = Check(
    "W-HOOK",
    "The response does not fall again",
    (
        Fact("fall", "the fall from the largest mean response to that at the highest concentration, of the span"),
        Fact("fall_se", "its standard error"),
    ),
    _hook,
    f"{_AGM}; limit set here",
    100 * MOST_FALL,
    "%",
    sense="at most",
    examples=(
        Example({"fall": 0.03, "fall_se": 0.03}, Severity.PASS),
        Example({"fall": 0.45, "fall_se": 0.04}, Severity.WARN),
    ),
)  # fmt: skip


def _reference(facts: Facts) -> Finding:
    outcome = facts["reference_outcome"]
    reason = facts.get("reference_reason") or "its curve gave no EC50."
    return verdict(
        None,
        "The reference agonist gave a curve.",
        (
            outcome not in ("ok", "flagged"),
            Severity.WARN,
            f"The reference agonist gave no curve ({reason.rstrip('.')}), so nothing is told relative to it here.",
        ),
    )


REFERENCE = Check(
    "W-REF",
    "The reference agonist works",
    (Fact("reference_outcome", "how the curve of the reference agonist ended, where one is named"),),
    _reference,
    "Rule set here",
    uses=(Fact("reference_reason", "why it ended so"),),
    examples=(
        Example({"reference_outcome": "ok"}, Severity.PASS),
        Example(
            {"reference_outcome": "no_response", "reference_reason": "No response is seen."}, Severity.WARN
        ),
    ),
)


def _potency(facts: Facts) -> Finding:
    p = facts["parallel_p"]
    told = "< 0.001" if p < 1e-3 else f"= {p:.2g}"
    return verdict(
        p,
        f"The data do not contradict one maximum and one slope of both curves (P {told}): a fold potency may be told.",
        (
            p < ALPHA,
            Severity.NOTE,
            f"The curve is not parallel to that of the reference agonist (P {told}): a fold potency would change with "
            "the level of response. Use the relative activity (tau/KA) and the relative maximum.",
        ),
    )


POTENCY = Check(
    "W-POT",
    "Parallel to the reference agonist",
    (
        Fact(
            "parallel_p",
            "the probability that a maximum and a slope of its own fit so much better than those of the reference",
        ),
    ),
    _potency,
    "Finney DJ, Statistical Method in Biological Assay, 3rd ed., 1978",
    ALPHA,
    sense="at least",
    examples=(
        Example({"parallel_p": 0.3}, Severity.PASS),
        Example({"parallel_p": 1e-9}, Severity.NOTE),
    ),
)
