"""Do currents at several agonist concentrations tell how a blocker goes together with the agonist?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ..core.estimate import figures
from ._verdict import fold, verdict

LEAST_DELTA, LEAST_FOLD = 6.0, 10.0


def _mechanism(facts: Facts) -> Finding:
    delta, name = facts["next_delta"], facts["mechanism"]
    told = f"The next mechanism lies {figures(delta)} of AICc above {name} block"
    return verdict(
        delta,
        f"{told}.",
        (
            delta < LEAST_DELTA,
            Severity.WARN,
            f"{told} (6, odds of 20 to 1, is the least): the currents do not tell how the blocker goes with the "
            "agonist. Read more agonist concentrations, below its EC50 and far above.",
        ),
    )


MECHANISM = Check(
    "W-AGO-MECH",
    "Mechanism of block told by the agonist",
    (
        Fact("next_delta", "how far the AICc of the next mechanism lies above that of the chosen one"),
        Fact("mechanism", "the mechanism of block"),
    ),
    _mechanism,
    "Burnham KP, Anderson DR, Model Selection and Multimodel Inference, 2002; 6 is the limit set here",
    LEAST_DELTA,
    sense="at least",
    examples=(
        Example({"next_delta": 40.0, "mechanism": "uncompetitive"}, Severity.PASS),
        Example({"next_delta": 1.2, "mechanism": "uncompetitive"}, Severity.WARN),
    ),
)


def _range(facts: Facts) -> Finding:
    span = facts["agonist_fold"]
    told = f"The agonist was read over a {fold(span)}-fold range"
    return verdict(
        span,
        f"{told}.",
        (
            span < LEAST_FOLD,
            Severity.WARN,
            f"{told} (10-fold is the least): an IC50 that grows or falls with the agonist is not seen in so narrow a "
            "range.",
        ),
    )


RANGE = Check(
    "W-AGO-SPAN",
    "Range of the agonist",
    (Fact("agonist_fold", "the highest agonist concentration over the lowest"),),
    _range,
    "Limit set here; competitive and uncompetitive IC50 differ by more than threefold over it around the EC50",
    LEAST_FOLD,
    "fold",
    sense="at least",
    examples=(Example({"agonist_fold": 100.0}, Severity.PASS), Example({"agonist_fold": 3.0}, Severity.WARN)),
)
