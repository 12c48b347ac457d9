"""Can Km and Vmax both be read from these concentrations of substrate, and is the law theirs?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import fold, molar, verdict

SOURCE = "Segel IH, Enzyme Kinetics, Wiley 1975; limit set here"
LEAST_TOP, MOST_LOW = 2.0, 0.5
FEWEST_CONCENTRATIONS = 6
ALPHA = 0.01

_KM = Fact("km_molar", "Km", "M")


def _top(facts: Facts) -> Finding:
    ratio = facts["highest_molar"] / facts["km_molar"]
    told = (
        f"The highest concentration of substrate ({molar(facts['highest_molar'])}) is {fold(ratio)} times Km"
    )
    return verdict(
        ratio,
        f"{told}.",
        (
            ratio < LEAST_TOP,
            Severity.WARN,
            f"{told} or less (at least 2, better 5): the velocity hardly bends, so Vmax is extrapolated and moves with "
            "Km. Add higher concentrations.",
        ),
    )


TOP = Check(
    "W-MM-TOP",
    "Highest concentration of substrate",
    (Fact("highest_molar", "the highest concentration of substrate", "M"), _KM),
    _top,
    SOURCE,
    LEAST_TOP,
    sense="at least",
    examples=(
        Example({"highest_molar": 5e-6, "km_molar": 4.6e-7}, Severity.PASS),
        Example({"highest_molar": 2e-7, "km_molar": 4.6e-7}, Severity.WARN),
    ),
)


def _low(facts: Facts) -> Finding:
    ratio = facts["lowest_molar"] / facts["km_molar"]
    told = f"The lowest concentration of substrate ({molar(facts['lowest_molar'])}) is {fold(ratio)} times Km"
    return verdict(
        ratio,
        f"{told}.",
        (
            ratio > MOST_LOW,
            Severity.WARN,
            f"{told} (at most half, better a fifth): the rise of the velocity is not seen, and Km hangs on the shape "
            "of its end. Add lower concentrations.",
        ),
    )


LOW = Check(
    "W-MM-LOW",
    "Lowest concentration of substrate",
    (Fact("lowest_molar", "the lowest concentration of substrate", "M"), _KM),
    _low,
    SOURCE,
    MOST_LOW,
    sense="at most",
    examples=(
        Example({"lowest_molar": 1e-7, "km_molar": 4.6e-7}, Severity.PASS),
        Example({"lowest_molar": 1e-6, "km_molar": 4.6e-7}, Severity.WARN),
    ),
)


def _number(facts: Facts) -> Finding:
    n = facts["distinct_concentrations"]
    told = f"{n:.0f} concentrations of substrate"
    return verdict(
        float(n),
        f"{told}.",
        (
            n < FEWEST_CONCENTRATIONS,
            Severity.WARN,
            f"{told} (at least 6): whether the velocity follows Michaelis and Menten cannot be judged.",
        ),
    )


NUMBER = Check(
    "W-MM-N",
    "Number of concentrations of substrate",
    (Fact("distinct_concentrations", "the number of different concentrations of substrate"),),
    _number,
    SOURCE,
    float(FEWEST_CONCENTRATIONS),
    sense="at least",
    examples=(
        Example({"distinct_concentrations": 8}, Severity.PASS),
        Example({"distinct_concentrations": 4}, Severity.WARN),
    ),
)


def _shape(facts: Facts) -> Finding:
    p, law = facts["shape_p"], facts["shape_law"]
    return verdict(
        p,
        f"No richer law asks for its further parameter (least P = {fold(p)}, {law}).",
        (
            p < ALPHA,
            Severity.WARN,
            f"The velocity is not that of Michaelis and Menten: {law} fits better (P = {fold(p)}). Look for a second "
            "transporter, substrate that is toxic or falls out, or uptake beyond its linear phase.",
        ),
    )


SHAPE = Check(
    "W-MM-SHAPE",
    "The velocity follows Michaelis and Menten",
    (
        Fact("shape_p", "the least probability of the F tests of substrate inhibition and of a Hill slope"),
        Fact("shape_law", "the law that this probability belongs to"),
    ),
    _shape,
    SOURCE,
    ALPHA,
    sense="at least",
    examples=(
        Example({"shape_p": 0.3, "shape_law": "substrate inhibition"}, Severity.PASS),
        Example({"shape_p": 0.002, "shape_law": "a Hill slope of 1.8"}, Severity.WARN),
    ),
)
