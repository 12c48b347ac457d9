"""Do the curves of gating tell what they are asked: slope, range of potentials, published half potentials, drift?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ..core.estimate import figures
from ._verdict import percent, verdict

LEAST_SLOPE, MOST_SLOPE = 3e-3, 15e-3
LEAST_REACHED, MOST_LEFT = 0.9, 0.1
FEWEST_STEEP = 3.0
MOST_DRIFT = 3e-3
CLERX = "Clerx M, Volders PGA, Mirams GR, J Gen Physiol 2025, doi:10.1085/jgp.202413621"
# extremes of published midpoints in V and how many values they are of; an empty entry of that table is no midpoint of 0
PUBLISHED = {
    ("nav1.5", "activation"): (-60.13e-3, -21.5e-3, 82),
    ("nav1.5", "availability"): (-103.82e-3, -61.3e-3, 83),
}
SAME = {"scn5a": "nav1.5", "hnav1.5": "nav1.5", "nav 1.5": "nav1.5"}
_HERE = "Limit set here"


def published(target: str, kind: str) -> dict[str, float]:
    """The facts on published half potentials of a channel, none where no table of them is held here."""
    name = target.strip().lower()
    found = PUBLISHED.get((SAME.get(name, name), kind))
    return {} if found is None else {"lowest_v": found[0], "highest_v": found[1], "values": float(found[2])}


def _mv(value: float) -> str:
    return figures(1e3 * value, unit="mV")


def _slope(facts: Facts) -> Finding:
    slope = facts["slope_v"]
    told = f"The slope factor k is {_mv(slope)}"
    return verdict(
        1e3 * slope,
        f"{told}.",
        (
            slope < LEAST_SLOPE,
            Severity.WARN,
            f"{told} (3 to 15 mV is usual): so steep a curve is, as a rule, one of a cell whose potential escapes.",
        ),
        (
            slope > MOST_SLOPE,
            Severity.WARN,
            f"{told} (3 to 15 mV is usual): cells or channels of several kinds, or a potential that is not held.",
        ),
    )


SLOPE = Check(
    "W-SLOPEFACTOR",
    "Slope factor of gating",
    (Fact("slope_v", "the slope factor", "V"),),
    _slope,
    "Range set here, 3 to 15 mV",
    examples=(
        Example({"slope_v": 6.5e-3}, Severity.PASS),
        Example({"slope_v": 1.8e-3}, Severity.WARN),
        Example({"slope_v": 18e-3}, Severity.WARN),
    ),
)


def _published(facts: Facts) -> Finding:
    half, low, high = facts["half_v"], facts["lowest_v"], facts["highest_v"]
    told = f"The half potential of the control is {_mv(half)}"
    there = f"{facts['values']:.0f} published values of this channel lie between {_mv(low)} and {_mv(high)}"
    return verdict(
        1e3 * half,
        f"{told}; {there}.",
        (
            not low <= half <= high,
            Severity.WARN,
            f"{told}, and {there}. Look whether the junction potential is taken off, and whether the potentials are "
            "those of the steps and no offsets from the holding potential.",
        ),
    )


MIDPOINT = Check(
    "W-MIDPOINT",
    "Half potential against published ones",
    (
        Fact("half_v", "the half potential of the control", "V"),
        Fact("lowest_v", "the lowest published half potential of this channel", "V"),
        Fact("highest_v", "the highest one", "V"),
        Fact("values", "how many are published"),
    ),
    _published,
    CLERX,
    examples=(
        Example({"half_v": -83e-3, "lowest_v": -0.104, "highest_v": -0.061, "values": 83.0}, Severity.PASS),
        Example({"half_v": -41e-3, "lowest_v": -0.104, "highest_v": -0.061, "values": 83.0}, Severity.WARN),
    ),
)


def _range(facts: Facts) -> Finding:
    low, high = facts["least_part"], facts["most_part"]
    told = f"The potentials tested reach from {percent(low)} to {percent(high)} of the channels"
    short = high < LEAST_REACHED
    return verdict(
        100 * high,
        f"{told}.",
        (
            short or low > MOST_LEFT,
            Severity.WARN,
            f"{told}: the level {'at the top' if short else 'at the bottom'} is extrapolated, and half potential and "
            "slope factor hang on it. Test potentials further out.",
        ),
    )


RANGE = Check(
    "W-VRANGE",
    "Range of the potentials",
    (
        Fact("least_part", "the least part of the channels that responds at a potential tested"),
        Fact("most_part", "the largest part of the channels that responds at a potential tested"),
    ),
    _range,
    _HERE,
    100 * LEAST_REACHED,
    "%",
    sense="at least",
    examples=(
        Example({"least_part": 0.01, "most_part": 0.99}, Severity.PASS),
        Example({"least_part": 0.02, "most_part": 0.71}, Severity.WARN),
        Example({"least_part": 0.3, "most_part": 0.97}, Severity.WARN),
    ),
)


def _steep(facts: Facts) -> Finding:
    steep = facts["steep_points"]
    told = f"Potentials between a tenth and nine tenths of the response: {steep:.0f}"
    return verdict(
        steep,
        f"{told}.",
        (
            steep < FEWEST_STEEP,
            Severity.WARN,
            f"{told} (at least 3): the slope factor is told by too few of them. Step more finely.",
        ),
    )


STEEP = Check(
    "W-VSTEP",
    "Potentials on the steep part",
    (Fact("steep_points", "how many potentials lie on the steep part of the curve"),),
    _steep,
    _HERE,
    FEWEST_STEEP,
    sense="at least",
    examples=(
        Example({"steep_points": 6.0}, Severity.PASS),
        Example({"steep_points": 1.0}, Severity.WARN),
    ),
)


def _drift(facts: Facts) -> Finding:
    drift = facts["wash_shift_v"]
    told = f"After wash-out the half potential lies {_mv(abs(drift))} from that of the control"
    return verdict(
        1e3 * drift,
        f"{told}.",
        (
            abs(drift) > MOST_DRIFT,
            Severity.WARN,
            f"{told} (limit 3 mV): what looks like a shift by the drug may be the drift of a cell over time, or a drug "
            "that does not leave. Compare with cells that are given vehicle.",
        ),
    )


DRIFT = Check(
    "W-VDRIFT",
    "Half potential after wash-out",
    (Fact("wash_shift_v", "a curve after wash-out of the drug", "V"),),
    _drift,
    _HERE,
    1e3 * MOST_DRIFT,
    "mV",
    sense="within",
    examples=(
        Example({"wash_shift_v": -0.8e-3}, Severity.PASS),
        Example({"wash_shift_v": -7.5e-3}, Severity.WARN),
    ),
)
