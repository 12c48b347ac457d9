"""Does a train of pulses tell how a drug reaches its site: controls, steady state, one pair of rates for all trains?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import chance, percent, verdict

LEAST_WAY, MOST_LOSS, ALPHA, MOST_MISS = 0.9, 0.3, 0.01, 0.02
STARMER = "Starmer CF, Grant AO, Mol Pharmacol 1985;28:348"
_HERE = "Limit set here; no value is agreed upon in the field"


def _controls(facts: Facts) -> Finding:
    lacking, trains = facts["unmatched_trains"], facts["drug_trains"]
    return verdict(
        lacking,
        f"All {trains:.0f} trains with drug have a train without drug at the same interval of pulses.",
        (
            lacking > 0,
            Severity.WARN,
            f"{lacking:.0f} of {trains:.0f} trains with drug have no train without drug at the same interval: what the "
            "channels lose to inactivation by themselves is counted as block. Record a train before the drug.",
        ),
    )


CONTROLS = Check(
    "W-UDB-CTRL",
    "Trains without drug",
    (
        Fact("unmatched_trains", "how many trains with drug have none without drug at the same interval"),
        Fact("drug_trains", "how many trains with drug there are"),
    ),
    _controls,
    "Inactivation that gathers in a train without drug looks like use-dependent block",
    0.0,
    sense="at most",
    examples=(
        Example({"unmatched_trains": 0.0, "drug_trains": 4.0}, Severity.PASS),
        Example({"unmatched_trains": 2.0, "drug_trains": 4.0}, Severity.WARN),
    ),
)


def _steady(facts: Facts) -> Finding:
    way = facts["least_approach"]
    told = f"The shortest train went {percent(way)} of the way to its steady state"
    return verdict(
        100 * way,
        f"{told}.",
        (
            way < LEAST_WAY,
            Severity.WARN,
            f"{told} (90 % is the least): steady state and rate are extrapolated together. Give more pulses.",
        ),
    )


STEADY = Check(
    "W-UDB-SS",
    "Steady state of the trains",
    (
        Fact(
            "least_approach",
            "the part of the way to the steady state that the last pulse of a train has gone",
        ),
    ),
    _steady,
    _HERE,
    100 * LEAST_WAY,
    "%",
    sense="at least",
    examples=(
        Example({"least_approach": 0.98}, Severity.PASS),
        Example({"least_approach": 0.55}, Severity.WARN),
    ),
)


def _one(facts: Facts) -> Finding:
    p, miss = facts["own_rates_p"], facts["own_rates_miss"]
    told = f"Own rates for every train against one kon and one koff for all: {chance(p)}"
    return verdict(
        p,
        f"{told}; one pair of rates describes all trains.",
        (
            p < ALPHA and miss < MOST_MISS,
            Severity.NOTE,
            f"{told}, but the currents of both are {percent(miss)} of the first current apart at most, as when "
            "concentrations were not quite what they should be; one pair of rates is kept.",
        ),
        (
            p < ALPHA,
            Severity.WARN,
            f"{told}, and their currents are up to {percent(miss)} of the first current apart: one site that only "
            "pulses open does not describe these trains. The drug may bind between pulses (to inactivated channels), "
            "leave less the longer it stays, or arrive late.",
        ),
    )


ONE = Check(
    "W-UDB-ONE",
    "One pair of rates for all trains",
    (
        Fact("own_rates_p", "two or more trains with drug, and the test of own rates for each"),
        Fact("own_rates_miss", "how far the currents of both are apart, as a part of the first current"),
    ),
    _one,
    STARMER,
    ALPHA,
    sense="at least",
    examples=(
        Example({"own_rates_p": 0.4, "own_rates_miss": 0.003}, Severity.PASS),
        Example({"own_rates_p": 1e-5, "own_rates_miss": 0.08}, Severity.WARN),
        Example({"own_rates_p": 1e-3, "own_rates_miss": 0.008}, Severity.NOTE),
    ),
)


def _loss(facts: Facts) -> Finding:
    loss = facts["control_loss"]
    told = f"Without drug the trains lose at most {percent(loss)} of their first current"
    return verdict(
        100 * loss,
        f"{told}.",
        (
            loss > MOST_LOSS,
            Severity.WARN,
            f"{told} (limit 30 %): the drug meets channels that pulses have inactivated, and the block hangs on how "
            "the two are taken to go together. Hold the cell at a more negative potential, or pulse more slowly.",
        ),
    )


LOSS = Check(
    "W-UDB-LOSS",
    "Inactivation that gathers without drug",
    (Fact("control_loss", "the part of the current that trains without drug lose"),),
    _loss,
    _HERE,
    100 * MOST_LOSS,
    "%",
    sense="at most",
    examples=(
        Example({"control_loss": 0.06}, Severity.PASS),
        Example({"control_loss": 0.5}, Severity.WARN),
    ),
)
