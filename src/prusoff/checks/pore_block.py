"""Does the block at several potentials tell where in the field of the membrane a drug binds?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ..core.estimate import figures
from ._verdict import chance, fold, verdict

LEAST_POTENTIALS, ALPHA = 3, 0.01
WOODHULL = "Woodhull AM, J Gen Physiol 1973;61:687"


def _potentials(facts: Facts) -> Finding:
    number = facts["potentials"]
    told = f"The block was measured at {number:.0f} potential{'' if number == 1 else 's'}"
    return verdict(
        number,
        f"{told}.",
        (
            number < LEAST_POTENTIALS,
            Severity.WARN,
            f"{told}: with fewer than three nothing shows whether ln KD is a line against the potential. Add "
            "some.",
        ),
    )


POTENTIALS = Check(
    "W-PORE-N",
    "Number of potentials",
    (Fact("potentials", "at how many potentials the block was measured"),),
    _potentials,
    WOODHULL,
    float(LEAST_POTENTIALS),
    sense="at least",
    examples=(Example({"potentials": 6.0}, Severity.PASS), Example({"potentials": 2.0}, Severity.WARN)),
)


def _span(facts: Facts) -> Finding:
    ratio, low, high = (facts[name] for name in ("kd_span", "kd_span_low", "kd_span_high"))
    told = f"KD changes {fold(max(ratio, 1 / ratio))}-fold over the potentials"
    return verdict(
        max(ratio, 1 / ratio),
        f"{told}, more than its error.",
        (
            low <= 1.0 <= high,
            Severity.WARN,
            f"{told}, which lies within its error: no dependence on the potential is shown, and the electrical "
            "distance may be zero. Span more potentials.",
        ),
    )


SPAN = Check(
    "W-PORE-SPAN",
    "Change of KD over the potentials",
    (
        Fact("kd_span", "KD at the most positive potential over that at the most negative one"),
        Fact("kd_span_low", "the lower limit of that ratio"),
        Fact("kd_span_high", "the upper limit of that ratio"),
    ),
    _span,
    WOODHULL,
    examples=(
        Example({"kd_span": 5.0, "kd_span_low": 3.9, "kd_span_high": 6.2}, Severity.PASS),
        Example({"kd_span": 1.1, "kd_span_low": 0.8, "kd_span_high": 1.5}, Severity.WARN),
    ),
)


def _bend(facts: Facts) -> Finding:
    p, bend = facts["bend_p"], facts["bend"]
    told = f"A bent line of ln KD against the potential fits better than a straight one with {chance(p)}"
    return verdict(
        p,
        f"A straight line of ln KD against the potential is enough ({chance(p)} for a bent one).",
        (
            p < ALPHA and bend > 0,
            Severity.WARN,
            f"{told}: block is relieved where the field should hold the drug fastest, as when it passes through the "
            "pore at strong hyperpolarisation. Electrical distance and KD hold for the weaker potentials only.",
        ),
        (
            p < ALPHA,
            Severity.WARN,
            f"{told}: one site at one depth does not describe the block. Look at KD potential by potential.",
        ),
    )


BEND = Check(
    "W-PORE-BEND",
    "Straight line of ln KD against the potential",
    (
        Fact("bend_p", "four or more potentials, and the test of a bent line against a straight one"),
        Fact("bend", "the curvature of ln KD against the potential, positive where KD rises again"),
    ),
    _bend,
    "Woodhull AM, J Gen Physiol 1973;61:687; relief by permeation: Hille B, Ion Channels of Excitable Membranes, 2001",
    ALPHA,
    sense="at least",
    examples=(
        Example({"bend_p": 0.3, "bend": 0.01}, Severity.PASS),
        Example({"bend_p": 1e-4, "bend": 0.1}, Severity.WARN),
        Example({"bend_p": 1e-4, "bend": -0.1}, Severity.WARN),
    ),
)


def _zero(facts: Facts) -> Finding:
    least, most = facts["lowest_v"], facts["highest_v"]
    away = max(least, -most, 0.0)
    return verdict(
        1e3 * away,
        "0 mV lies between the potentials measured.",
        (
            away > 0,
            Severity.NOTE,
            f"The potentials measured ({_mv(least)} to {_mv(most)}) do not "
            "reach 0 mV: KD at 0 mV is the line drawn on beyond them.",
        ),
    )


def _mv(volts: float) -> str:
    """A potential in mV with its sign."""
    return figures(1e3 * volts, unit="mV")


ZERO = Check(
    "W-PORE-ZERO",
    "0 mV among the potentials",
    (
        Fact("lowest_v", "the most negative potential", "V"),
        Fact("highest_v", "the most positive potential", "V"),
    ),
    _zero,
    "A value beyond what was measured is told as such",
    unit="mV",
    examples=(
        Example({"lowest_v": -0.1, "highest_v": 0.04}, Severity.PASS),
        Example({"lowest_v": -0.1, "highest_v": -0.02}, Severity.NOTE),
    ),
)
