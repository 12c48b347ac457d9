"""Did the curve answer the question, and do its wells read what such wells can?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import percent, verdict

MOST_INHIBITION = 110.0
SURE = 2.0


def _outcome(facts: Facts) -> Finding:
    outcome, constants = facts["outcome"], facts["constants"]
    reason = facts.get("reason") or "no curve could be fitted."
    return verdict(
        float(constants),
        "The curve gave a constant or a bound of it.",
        (
            outcome == "failed" or (constants == 0 and outcome not in ("no_response", "untested")),
            Severity.FAIL,
            f"No constant: {reason}",
        ),
        (constants == 0, Severity.NOTE, f"No constant: {reason}"),
    )


OUTCOME = Check(
    "W-OUT",
    "The curve gave a constant",
    (
        Fact("outcome", "how the curve ended: ok, flagged, censored, no_response, failed or untested"),
        Fact("constants", "how many estimates came out of it"),
    ),
    _outcome,
    "Rule set here",
    uses=(Fact("reason", "why it ended so"),),
    examples=(
        Example({"outcome": "ok", "constants": 4}, Severity.PASS),
        Example({"outcome": "no_response", "constants": 0, "reason": "Nothing happens."}, Severity.NOTE),
        Example({"outcome": "untested", "constants": 0, "reason": "No well was filled."}, Severity.NOTE),
        Example({"outcome": "failed", "constants": 0, "reason": "All wells read the same."}, Severity.FAIL),
    ),
)


def _over(facts: Facts) -> Finding:
    most, error = facts["most_inhibition"], facts["most_inhibition_se"]
    told = f"The strongest inhibition is {percent(most)} of the control span"
    return verdict(
        100 * most,
        f"{told}.",
        (
            100 * (most - SURE * error) > MOST_INHIBITION,
            Severity.WARN,
            f"{told}: these wells read below nonspecific binding. They were not filled or not counted, or the compound "
            "takes sites that the definer of nonspecific binding leaves. A bound or an IC50 from them is not to be "
            "trusted.",
        ),
    )


OVER = Check(
    "W-OVER",
    "Inhibition beyond the controls",
    (
        Fact(
            "most_inhibition", "the largest mean inhibition of a concentration, as a fraction of the controls"
        ),
        Fact("most_inhibition_se", "its standard error, from the wells and the nonspecific controls"),
    ),
    _over,
    "Limit set here",
    MOST_INHIBITION,
    "%",
    examples=(
        Example({"most_inhibition": 1.02, "most_inhibition_se": 0.02}, Severity.PASS),
        Example({"most_inhibition": 1.15, "most_inhibition_se": 0.04}, Severity.PASS),
        Example({"most_inhibition": 1.18, "most_inhibition_se": 0.01}, Severity.WARN),
    ),
)
