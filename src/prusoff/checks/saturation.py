"""Can Kd and Bmax both be read from this saturation curve?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import fold, molar, verdict

SOURCE = "Bylund DB, Toews ML, Am J Physiol 1993;265:L421"
LEAST_TOP, MOST_LOW = 3.0, 1 / 3
MOST_CORRELATED = 0.95
FEWEST_CONCENTRATIONS = 8
ALPHA = 0.05

_KD = Fact("kd_molar", "Kd", "M")


def _top(facts: Facts) -> Finding:
    ratio = facts["highest_molar"] / facts["kd_molar"]
    told = (
        f"The highest radioligand concentration ({molar(facts['highest_molar'])}) is {fold(ratio)} times Kd"
    )
    return verdict(
        ratio,
        f"{told}.",
        (
            ratio < LEAST_TOP,
            Severity.WARN,
            f"{told} (at least 3, better 10): Bmax is extrapolated and moves with Kd. Add higher concentrations.",
        ),
    )


TOP = Check(
    "W-SAT-TOP",
    "Highest radioligand concentration",
    (Fact("highest_molar", "the highest free radioligand concentration", "M"), _KD),
    _top,
    SOURCE,
    LEAST_TOP,
    sense="at least",
    examples=(
        Example({"highest_molar": 1e-8, "kd_molar": 1e-9}, Severity.PASS),
        Example({"highest_molar": 2e-9, "kd_molar": 1e-9}, Severity.WARN),
    ),
)


def _low(facts: Facts) -> Finding:
    ratio = facts["lowest_molar"] / facts["kd_molar"]
    told = f"The lowest radioligand concentration ({molar(facts['lowest_molar'])}) is {fold(ratio)} times Kd"
    return verdict(
        ratio,
        f"{told}.",
        (
            ratio > MOST_LOW,
            Severity.WARN,
            f"{told} (at most a third, better a tenth): the rise of the curve is not seen. Add lower concentrations.",
        ),
    )


LOW = Check(
    "W-SAT-LOW",
    "Lowest radioligand concentration",
    (Fact("lowest_molar", "the lowest free radioligand concentration", "M"), _KD),
    _low,
    SOURCE,
    MOST_LOW,
    sense="at most",
    examples=(
        Example({"lowest_molar": 1e-10, "kd_molar": 1e-9}, Severity.PASS),
        Example({"lowest_molar": 8e-10, "kd_molar": 1e-9}, Severity.WARN),
    ),
)


def _correlation(facts: Facts) -> Finding:
    size = abs(facts["kd_bmax_correlation"])
    told = f"Kd and Bmax are correlated ({fold(facts['kd_bmax_correlation'])})"
    return verdict(
        size,
        f"{told} no more than a good design has.",
        (
            size > MOST_CORRELATED,
            Severity.WARN,
            f"{told} above 0.95: the data fix their ratio, not each of them. Add concentrations above 3 times Kd.",
        ),
    )


CORRELATION = Check(
    "W-SAT-CORR",
    "Kd and Bmax told apart",
    (Fact("kd_bmax_correlation", "the correlation of Kd and Bmax in the fit"),),
    _correlation,
    SOURCE,
    MOST_CORRELATED,
    sense="at most",
    examples=(
        Example({"kd_bmax_correlation": 0.8}, Severity.PASS),
        Example({"kd_bmax_correlation": 0.98}, Severity.WARN),
    ),
)


def _number(facts: Facts) -> Finding:
    n = facts["distinct_concentrations"]
    told = f"{n:.0f} radioligand concentrations"
    return verdict(
        float(n),
        f"{told}.",
        (
            n < FEWEST_CONCENTRATIONS,
            Severity.WARN,
            f"{told} (at least 8): a second site or a curved nonspecific line would go unseen.",
        ),
    )


NUMBER = Check(
    "W-SAT-N",
    "Number of concentrations",
    (Fact("distinct_concentrations", "the number of different radioligand concentrations"),),
    _number,
    SOURCE,
    float(FEWEST_CONCENTRATIONS),
    sense="at least",
    examples=(
        Example({"distinct_concentrations": 10}, Severity.PASS),
        Example({"distinct_concentrations": 6}, Severity.WARN),
    ),
)


def _curvature(facts: Facts) -> Finding:
    p = facts["nsb_curvature_p"]
    return verdict(
        p,
        f"Nonspecific binding rises in a straight line (P = {fold(p)}).",
        (
            p < ALPHA,
            Severity.WARN,
            f"Nonspecific binding bends (P = {fold(p)}): the definer does not take all the sites. Use more of it, or "
            "another one.",
        ),
    )


NSB_CURVATURE = Check(
    "W-NSB-CURVE",
    "Nonspecific binding is a line",
    (Fact("nsb_curvature_p", "the probability of the F test of a curved nonspecific line"),),
    _curvature,
    SOURCE,
    ALPHA,
    sense="at least",
    examples=(
        Example({"nsb_curvature_p": 0.4}, Severity.PASS),
        Example({"nsb_curvature_p": 0.002}, Severity.WARN),
    ),
)


def _slope(facts: Facts) -> Finding:
    low, high = facts["nonspecific_low"], facts["nonspecific_high"]
    told = f"The slope of nonspecific binding ({fold(low)} to {fold(high)})"
    return verdict(
        low,
        f"{told} is above zero.",
        (
            high <= 0,
            Severity.WARN,
            f"{told} is not above zero: nonspecific binding cannot fall as radioligand rises. Look for swapped wells "
            "or a background that was subtracted twice.",
        ),
        (
            low < 0,
            Severity.NOTE,
            f"{told} may be zero: nonspecific binding hardly rises with the radioligand.",
        ),
    )


NSB_SLOPE = Check(
    "W-NSB-NEG",
    "Nonspecific binding rises",
    (
        Fact("nonspecific_low", "the lower limit of the slope of nonspecific binding"),
        Fact("nonspecific_high", "the upper limit of the slope of nonspecific binding"),
    ),
    _slope,
    SOURCE,
    0.0,
    sense="at least",
    examples=(
        Example({"nonspecific_low": 0.008, "nonspecific_high": 0.012}, Severity.PASS),
        Example({"nonspecific_low": -0.001, "nonspecific_high": 0.012}, Severity.NOTE),
        Example({"nonspecific_low": -0.02, "nonspecific_high": -0.01}, Severity.WARN),
    ),
)
