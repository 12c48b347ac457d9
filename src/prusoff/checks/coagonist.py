"""Does a grid of agonist and co-agonist concentrations tell the constants of both?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ..core.estimate import figures
from ._verdict import percent, verdict

LEAST_LEVELS, HALF, MOST_LOST = 3.0, 0.5, 0.30
SURE = 3.0  # standard errors above zero from which a current is more than scatter
_HERE = "Limit set here"
_LAW = "Johnson JW, Ascher P. Nature 1987;325:529, who found glycine in solutions to which none was added"


def _half(facts: Facts) -> Finding:
    reached, start = facts["least_reached"], facts["most_at_lowest"]
    told = f"The highest concentrations reach {percent(reached)} of the largest response or more"
    return verdict(
        100 * reached,
        f"{told}, the lowest are below half.",
        (
            reached < HALF,
            Severity.WARN,
            f"The highest concentration of {facts['short_at_the_top']} reaches only {percent(reached)} of the largest "
            "response: its EC50 lies above the grid and has only a bound. Test higher concentrations.",
        ),
        (
            start > HALF,
            Severity.WARN,
            f"The lowest concentration of {facts['short_at_the_bottom']} gives {percent(start)} of the largest "
            "response already: its EC50 lies below the grid and has only a bound. Test lower concentrations.",
        ),
    )


GRID_REACH = Check(
    "W-COAG-HALF",
    "The grid reaches half of both",
    (
        Fact(
            "least_reached", "the lesser of the responses at the highest agonist and co-agonist concentration"
        ),
        Fact("most_at_lowest", "the larger of the responses at the lowest concentration of each"),
        Fact("short_at_the_top", "which of the two reaches less"),
        Fact("short_at_the_bottom", "which of the two starts higher"),
    ),
    _half,
    _HERE,
    100 * HALF,
    "%",
    sense="at least",
    examples=(
        Example(
            {
                "least_reached": 0.92,
                "most_at_lowest": 0.1,
                "short_at_the_top": "NMDA",
                "short_at_the_bottom": "glycine",
            },
            Severity.PASS,
        ),
        Example(
            {
                "least_reached": 0.3,
                "most_at_lowest": 0.1,
                "short_at_the_top": "NMDA",
                "short_at_the_bottom": "glycine",
            },
            Severity.WARN,
        ),
        Example(
            {
                "least_reached": 0.97,
                "most_at_lowest": 0.8,
                "short_at_the_top": "NMDA",
                "short_at_the_bottom": "glycine",
            },
            Severity.WARN,
        ),
    ),
)


def _levels(facts: Facts) -> Finding:
    agonist, coagonist = facts["agonist_levels"], facts["coagonist_levels"]
    told = f"{figures(agonist)} agonist and {figures(coagonist)} co-agonist concentrations were read"
    return verdict(
        min(agonist, coagonist),
        f"{told}.",
        (
            min(agonist, coagonist) < LEAST_LEVELS,
            Severity.WARN,
            f"{told} (3 of each is the least): EC50 and slope cannot both be told from fewer, and a slope that is not "
            "told was taken as 1 or from the other cells.",
        ),
    )


GRID_LEVELS = Check(
    "W-COAG-LEVELS",
    "Concentrations of agonist and co-agonist",
    (
        Fact("agonist_levels", "how many agonist concentrations were read"),
        Fact("coagonist_levels", "how many co-agonist concentrations were read"),
    ),
    _levels,
    _HERE,
    LEAST_LEVELS,
    sense="at least",
    examples=(
        Example({"agonist_levels": 5.0, "coagonist_levels": 5.0}, Severity.PASS),
        Example({"agonist_levels": 5.0, "coagonist_levels": 2.0}, Severity.WARN),
    ),
)


def _ambient(facts: Facts) -> Finding:
    part, times = facts["zero_part"], facts["zero_errors"]
    told = f"Without added co-agonist the current is {percent(part)} of the largest"
    return verdict(
        times,
        f"{told}, within the scatter of the currents.",
        (
            times > SURE,
            Severity.WARN,
            f"{told}, {figures(times)} standard errors above zero (limit 3): the solution holds ambient co-agonist, so "
            "that its concentrations are higher than stated. Its slope comes out too shallow and Emax too high, and "
            "its EC50 too low, or too high where much of it is there; with the slope held at its true value too low. "
            "Remove it from the solution, or measure it and add it to the concentrations.",
        ),
    )


AMBIENT = Check(
    "W-COAG-AMBIENT",
    "Co-agonist that was not added",
    (
        Fact("zero_part", "currents with agonist and no added co-agonist, as a part of the largest current"),
        Fact("zero_errors", "how many standard errors these currents lie above zero"),
    ),
    _ambient,
    _LAW,
    SURE,
    "standard errors",
    sense="at most",
    examples=(
        Example({"zero_part": 0.002, "zero_errors": 0.4}, Severity.PASS),
        Example({"zero_part": 0.12, "zero_errors": 15.0}, Severity.WARN),
    ),
)


def _drift(facts: Facts) -> Finding:
    lost = facts["repeat_lost"]
    which = "lost" if lost >= 0 else "gained"
    told = f"The current in the repeated solution {which} {percent(abs(lost))} from its first reading to its last"
    return verdict(
        100 * abs(lost),
        f"{told}.",
        (
            abs(lost) > MOST_LOST,
            Severity.WARN,
            f"{told} (limit 30 %): the constants hang on the straight line that is taken off. Look at the current over "
            "time, and apply the concentrations in random order.",
        ),
    )


REPEATS = Check(
    "W-COAG-RUNDOWN",
    "Run-down of the repeated control",
    (Fact("repeat_lost", "one solution read at several times"),),
    _drift,
    _HERE,
    100 * MOST_LOST,
    "%",
    sense="at most",
    examples=(
        Example({"repeat_lost": 0.12}, Severity.PASS),
        Example({"repeat_lost": -0.05}, Severity.PASS),
        Example({"repeat_lost": 0.45}, Severity.WARN),
    ),
)
