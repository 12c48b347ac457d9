"""Do onset and wash-out of a block tell its rates: followed to the end, slower than the solution, at one with IC50?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ..core.estimate import figures
from ._verdict import chance, fold, molar, percent, verdict

LEAST_WAY, LEAST_GONE, LEAST_OVER_EXCHANGE, MOST_APART, MOST_FOLD, ALPHA = 0.9, 0.75, 3.0, 3.0, 2.0, 0.01
_HERE = "Limit set here; no value is agreed upon in the field"


def _late(facts: Facts) -> Finding:
    way, needed = facts["onset_reached"], facts["time_to_90_s"]
    told = f"The slowest block went {percent(way)} of its way while the drug was there"
    return verdict(
        100 * way,
        f"{told}.",
        (
            way < LEAST_WAY,
            Severity.WARN,
            f"{told} (90 % takes {figures(needed, unit='s')}): an inhibition that is read now is too small. Apply the "
            "drug for longer.",
        ),
    )


LATE = Check(
    "W-BLK-LATE",
    "Block followed to its steady state",
    (
        Fact("onset_reached", "the part of the way to the steady block that the last reading has gone"),
        Fact("time_to_90_s", "the time to 90 % of the steady block", "s"),
    ),
    _late,
    _HERE,
    100 * LEAST_WAY,
    "%",
    sense="at least",
    examples=(
        Example({"onset_reached": 0.99, "time_to_90_s": 12.0}, Severity.PASS),
        Example({"onset_reached": 0.6, "time_to_90_s": 300.0}, Severity.WARN),
    ),
)


def _gone(facts: Facts) -> Finding:
    gone = facts["offset_gone"]
    told = f"{percent(gone)} of the block had gone when the wash ended"
    return verdict(
        100 * gone,
        f"{told}.",
        (
            gone < LEAST_GONE,
            Severity.WARN,
            f"{told} (75 %, two half-times, is the least): koff hangs on a current that was never reached, and run-"
            "down cannot be told from a drug that stays. Wash for longer.",
        ),
    )


GONE = Check(
    "W-BLK-OFF",
    "Wash-out followed long enough",
    (Fact("offset_gone", "the part of the block that had gone at the end of the wash"),),
    _gone,
    _HERE,
    100 * LEAST_GONE,
    "%",
    sense="at least",
    examples=(Example({"offset_gone": 0.95}, Severity.PASS), Example({"offset_gone": 0.4}, Severity.WARN)),
)


def _exchange(facts: Facts) -> Finding:
    fastest, exchange = facts["fastest_tau_s"], facts["exchange_s"]
    slower = fastest / exchange
    told = (
        f"The fastest time constant ({figures(fastest, unit='s')}) is {fold(slower)} times that of the exchange of the "
        f"solution ({figures(exchange, unit='s')})"
    )
    return verdict(
        slower,
        f"{told}.",
        (
            slower < LEAST_OVER_EXCHANGE,
            Severity.WARN,
            f"{told} (limit 3): what is seen is the solution, not the drug. Rates of this size need a faster exchange.",
        ),
    )


EXCHANGE = Check(
    "W-BLK-FLOW",
    "Block slower than the exchange of the solution",
    (
        Fact("fastest_tau_s", "the shortest time constant of onset and wash-out", "s"),
        Fact("exchange_s", "the time constant of the exchange of the solution (settings.exchange_s)", "s"),
    ),
    _exchange,
    _HERE,
    LEAST_OVER_EXCHANGE,
    "fold",
    sense="at least",
    examples=(
        Example({"fastest_tau_s": 1.4, "exchange_s": 0.1}, Severity.PASS),
        Example({"fastest_tau_s": 0.15, "exchange_s": 0.1}, Severity.WARN),
    ),
)


def _together(facts: Facts) -> Finding:
    kinetic, ic50 = facts["kinetic_kd_molar"], facts["ic50_molar"]
    apart = max(kinetic / ic50, ic50 / kinetic)
    both = f"KD of the rates ({molar(kinetic)}) and IC50 of the steady block ({molar(ic50)})"
    told = f"{both} are {fold(apart)}-fold apart"
    return verdict(
        apart,
        f"{told}: kinetics and equilibrium tell one story.",
        (
            apart > MOST_APART,
            Severity.WARN,
            f"{told} (limit 3): the block is no single step, was not at its steady state, or the drug is trapped or "
            "held back on its way out.",
        ),
    )


TOGETHER = Check(
    "W-BLK-KD",
    "KD of the rates and IC50 of the steady block",
    (
        Fact("kinetic_kd_molar", "koff over kon", "M"),
        Fact("ic50_molar", "the IC50 of the steady block", "M"),
    ),
    _together,
    "Hille B, Ion Channels of Excitable Membranes, 2001; threefold is the limit set here",
    MOST_APART,
    "fold",
    sense="at most",
    examples=(
        Example({"kinetic_kd_molar": 2.3e-6, "ic50_molar": 3.3e-6}, Severity.PASS),
        Example({"kinetic_kd_molar": 2.3e-6, "ic50_molar": 30e-6}, Severity.WARN),
    ),
)


def _line(facts: Facts) -> Finding:
    p, apart = facts["own_rates_p"], facts["own_rates_fold"]
    told = f"Own rates of onset at every concentration against kon [D] + koff: {chance(p)}"
    return verdict(
        p,
        f"{told}; one kon and one koff describe all of them.",
        (
            p < ALPHA and apart < MOST_FOLD,
            Severity.NOTE,
            f"{told}, but kon differs only {fold(apart)}-fold, as when concentrations were not quite what they should "
            "be; one kon is kept.",
        ),
        (
            p < ALPHA,
            Severity.WARN,
            f"{told}, and kon differs {fold(apart)}-fold: the rates do not grow in proportion to the drug, as when "
            "a step other than binding limits them (access through a gate, a change of shape, the exchange of the "
            "solution).",
        ),
    )


LINE = Check(
    "W-BLK-LINE",
    "Rates of onset in proportion to the drug",
    (
        Fact("own_rates_p", "onsets at two or more concentrations, and the test of an own rate for each"),
        Fact("own_rates_fold", "how far apart the kon of single concentrations are"),
    ),
    _line,
    "Motulsky H, Christopoulos A, Fitting Models to Biological Data, 2004",
    ALPHA,
    sense="at least",
    examples=(
        Example({"own_rates_p": 0.4, "own_rates_fold": 1.1}, Severity.PASS),
        Example({"own_rates_p": 1e-5, "own_rates_fold": 4.0}, Severity.WARN),
        Example({"own_rates_p": 1e-3, "own_rates_fold": 1.2}, Severity.NOTE),
    ),
)
