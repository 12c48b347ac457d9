"""Do agonist curves beside an antagonist keep their shape, and move as those of a competitor move?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import fold, percent, verdict

LEAST_TOP = 0.85
ALPHA = 0.01
LEAST_SHIFT = 3.0
LEAST_LEVELS = 3
NEAR_ONE = 0.10  # a Schild slope within a tenth of 1 hardly moves KB, however sure it is
_SCHILD = "Arunlakshana O, Schild HO, Br J Pharmacol 1959;14:48"
_KENAKIN = "Kenakin T, Jenkinson S, Watson C, J Pharmacol Exp Ther 2006;319:710"


def _p(p: float) -> str:
    return "< 0.001" if p < 1e-3 else f"= {p:.2g}"


def _depression(facts: Facts) -> Finding:
    left, p = facts["top_left"], facts["depression_p"]
    told = f"At the highest antagonist concentration that tells it, {percent(left)} of the agonist's maximum is left"
    return verdict(
        100 * left,
        f"{told}.",
        (
            left < LEAST_TOP and p < ALPHA,
            Severity.WARN,
            f"{told} (own maxima fit better, P {_p(p)}): the antagonism is insurmountable, so that dose ratios give no "
            "pA2. The antagonist binds elsewhere, comes off too slowly for the agonist, or harms the cells; the laws "
            "for that were compared.",
        ),
    )


DEPRESSION = Check(
    "W-DEPRESS",
    "The maximum is kept beside the antagonist",
    (
        Fact("top_left", "the agonist's maximum beside the antagonist over that without it"),
        Fact("depression_p", "the probability that own maxima fit so much better by chance"),
    ),
    _depression,
    f"{_KENAKIN}; limit set here",
    100 * LEAST_TOP,
    "%",
    sense="at least",
    examples=(
        Example({"top_left": 0.99, "depression_p": 0.4}, Severity.PASS),
        Example({"top_left": 0.5, "depression_p": 1e-9}, Severity.WARN),
    ),
)


def _shape(facts: Facts) -> Finding:
    p = facts["parallel_p"]
    return verdict(
        p,
        f"The data do not contradict one slope of all curves (P {_p(p)}).",
        (
            p < ALPHA,
            Severity.WARN,
            f"The curves are not parallel: own slopes fit better (P {_p(p)}). A dose ratio then depends on the level "
            "of response at which it is read.",
        ),
    )


SHAPE = Check(
    "W-PAR",
    "Curves are parallel",
    (Fact("parallel_p", "the probability that own slopes fit so much better than a common one by chance"),),
    _shape,
    _SCHILD,
    ALPHA,
    sense="at least",
    examples=(
        Example({"parallel_p": 0.3}, Severity.PASS),
        Example({"parallel_p": 1e-5}, Severity.WARN),
    ),
)


def _schild(facts: Facts) -> Finding:
    slope, low, high = facts["schild_slope"], facts["schild_low"], facts["schild_high"]
    told = f"The Schild slope is {fold(slope)} ({fold(low)} to {fold(high)})"
    apart = abs(slope - 1) > NEAR_ONE
    return verdict(
        slope,
        f"{told}: its interval includes 1, as for a competitive antagonist at equilibrium.",
        (
            apart and low > 1,
            Severity.WARN,
            f"{told}, above 1, so that no KB of a competitor is told. Low concentrations of the "
            "antagonist may not have reached equilibrium or may have been taken up or bound; incubate longer.",
        ),
        (
            apart and high < 1,
            Severity.WARN,
            f"{told}, below 1, so that no KB of a competitor is told. Look for uptake of the "
            "agonist, a second receptor, an allosteric modulator whose effect saturates, or a second action.",
        ),
        (
            low > 1 or high < 1,
            Severity.NOTE,
            f"{told}: its interval excludes 1, but by less than a tenth, so KB is told all the same.",
        ),
    )


SCHILD = Check(
    "W-SCHILD",
    "Schild slope",
    (
        Fact("schild_slope", "the Schild slope (two or more antagonist concentrations)"),
        Fact("schild_low", "its lower limit"),
        Fact("schild_high", "its upper limit"),
    ),
    _schild,
    f"{_SCHILD}; Kenakin TP, Can J Physiol Pharmacol 1982;60:249",
    examples=(
        Example({"schild_slope": 1.02, "schild_low": 0.93, "schild_high": 1.1}, Severity.PASS),
        Example({"schild_slope": 0.97, "schild_low": 0.95, "schild_high": 0.99}, Severity.NOTE),
        Example({"schild_slope": 1.3, "schild_low": 1.2, "schild_high": 1.4}, Severity.WARN),
        Example({"schild_slope": 0.7, "schild_low": 0.6, "schild_high": 0.8}, Severity.WARN),
    ),
)


def _levels(facts: Facts) -> Finding:
    number = facts["antagonist_levels"]
    told = f"The antagonist was tested at {number:.0f} concentration{'' if number == 1 else 's'}"
    return verdict(
        number,
        f"{told}.",
        (
            number < 2,
            Severity.WARN,
            f"{told}: whether it is competitive cannot be told. KB is given as if the Schild slope were 1; test three.",
        ),
        (number < LEAST_LEVELS, Severity.NOTE, f"{told}; three tell the Schild slope better."),
    )


LEVELS = Check(
    "W-LEVELS",
    "Antagonist concentrations",
    (Fact("antagonist_levels", "the number of antagonist concentrations"),),
    _levels,
    _SCHILD,
    LEAST_LEVELS,
    sense="at least",
    examples=(
        Example({"antagonist_levels": 4}, Severity.PASS),
        Example({"antagonist_levels": 2}, Severity.NOTE),
        Example({"antagonist_levels": 1}, Severity.WARN),
    ),
)


def _shift(facts: Facts) -> Finding:
    largest = facts["largest_dose_ratio"]
    told = f"The largest dose ratio is {fold(largest)}"
    return verdict(
        largest,
        f"{told}.",
        (
            largest < 1 / LEAST_SHIFT,
            Severity.WARN,
            f"{told}: the second compound moves the curve to the left. It is no antagonist but enhances the agonist "
            "(a positive modulator, or a blocker of its removal).",
        ),
        (
            largest < LEAST_SHIFT,
            Severity.WARN,
            f"{told}: the antagonist hardly moved the curve (3 is wanted), so little is told of its affinity. Test "
            "higher concentrations.",
        ),
    )


SHIFT = Check(
    "W-SHIFT",
    "The antagonist moves the curve",
    (Fact("largest_dose_ratio", "the dose ratio at the antagonist concentration that moves the curve most"),),
    _shift,
    f"{_SCHILD}; limit set here",
    LEAST_SHIFT,
    sense="at least",
    examples=(
        Example({"largest_dose_ratio": 21.4}, Severity.PASS),
        Example({"largest_dose_ratio": 1.4}, Severity.WARN),
        Example({"largest_dose_ratio": 0.1}, Severity.WARN),
    ),
)
