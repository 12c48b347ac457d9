"""Does the grid of substrate and inhibitor tell how the inhibitor works?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import fold, percent, verdict

SOURCE = "Burnham KP, Anderson DR, Model Selection and Multimodel Inference, Springer 2002; limit set here"
GRID = "Segel IH, Enzyme Kinetics, Wiley 1975; limit set here"
FEWEST_INHIBITOR, FEWEST_SUBSTRATE = 2, 4
LEAST_INHIBITION = 0.50


def _told_apart(facts: Facts) -> Finding:
    weight, rivals = facts["mechanism_weight"], facts["rivals"]
    told = f"{facts['mechanism']} has the Akaike weight {fold(weight)}"
    return verdict(
        weight,
        f"{told}, and the others are ruled out or ask for a constant that is not worth it.",
        (
            rivals != "none",
            Severity.WARN,
            f"{told}, but the grid cannot tell it from {rivals}: the Ki holds only if the mechanism does. Add "
            "concentrations of substrate on both sides of Km, and of inhibitor.",
        ),
    )


TOLD_APART = Check(
    "W-MECH",
    "Mechanisms told apart",
    (
        Fact("mechanism", "the mechanism of the lowest AICc that no F test turns down"),
        Fact("mechanism_weight", "its Akaike weight among the four mechanisms"),
        Fact(
            "rivals",
            "the mechanisms that are not ruled out (AICc less than 6 above, odds below 20 to 1; mixed, where a "
            "second constant of ten times the first is not excluded), or 'none'",
        ),
    ),
    _told_apart,
    SOURCE,
    examples=(
        Example(
            {"mechanism": "Competitive inhibition", "mechanism_weight": 0.97, "rivals": "none"}, Severity.PASS
        ),
        Example(
            {
                "mechanism": "Competitive inhibition",
                "mechanism_weight": 0.51,
                "rivals": "noncompetitive inhibition",
            },
            Severity.WARN,
        ),
    ),
)


def _inhibitor(facts: Facts) -> Finding:
    n = facts["inhibitor_concentrations"]
    told = f"{n:.0f} concentration{'' if n == 1 else 's'} of inhibitor beside none"
    return verdict(
        float(n),
        f"{told}.",
        (
            n < FEWEST_INHIBITOR,
            Severity.WARN,
            f"{told} (at least 2, better 3): whether the inhibition grows as the mechanism demands is not seen, and a "
            "Ki from one concentration hangs on how well that one was made.",
        ),
    )


INHIBITOR = Check(
    "W-GRID-I",
    "Concentrations of inhibitor in the grid",
    (Fact("inhibitor_concentrations", "the number of different concentrations of inhibitor above zero"),),
    _inhibitor,
    GRID,
    float(FEWEST_INHIBITOR),
    sense="at least",
    examples=(
        Example({"inhibitor_concentrations": 4}, Severity.PASS),
        Example({"inhibitor_concentrations": 1}, Severity.WARN),
    ),
)


def _substrate(facts: Facts) -> Finding:
    n = facts["substrate_concentrations"]
    told = f"{n:.0f} concentration{'' if n == 1 else 's'} of substrate with inhibitor"
    return verdict(
        float(n),
        f"{told}.",
        (
            n < FEWEST_SUBSTRATE,
            Severity.WARN,
            f"{told} (at least 4): mechanisms differ in how the inhibition changes with substrate, which is hardly "
            "seen.",
        ),
    )


SUBSTRATE = Check(
    "W-GRID-S",
    "Concentrations of substrate in the grid",
    (Fact("substrate_concentrations", "the number of different concentrations of substrate with inhibitor"),),
    _substrate,
    GRID,
    float(FEWEST_SUBSTRATE),
    sense="at least",
    examples=(
        Example({"substrate_concentrations": 6}, Severity.PASS),
        Example({"substrate_concentrations": 2}, Severity.WARN),
    ),
)


def _inhibited(facts: Facts) -> Finding:
    most = facts["most_inhibition"]
    told = f"The strongest inhibition in the grid is {percent(most)}"
    return verdict(
        100 * most,
        f"{told}.",
        (
            most < LEAST_INHIBITION,
            Severity.WARN,
            f"{told} (50 % is the limit): the Ki lies beyond the concentrations tested. Add higher ones.",
        ),
    )


INHIBITED = Check(
    "W-GRID-KI",
    "Inhibition in the grid reaches half",
    (Fact("most_inhibition", "the strongest inhibition that the fit has in the grid, as a fraction"),),
    _inhibited,
    GRID,
    100 * LEAST_INHIBITION,
    "%",
    sense="at least",
    examples=(
        Example({"most_inhibition": 0.86}, Severity.PASS),
        Example({"most_inhibition": 0.21}, Severity.WARN),
    ),
)
