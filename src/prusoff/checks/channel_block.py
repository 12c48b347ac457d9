"""Does block measured in cells tell an IC50: cells enough, several concentrations in each, cells alike, usual slope?"""

from __future__ import annotations

import math

from ..core.check import Check, Example, Fact, Facts, Finding, Severity, is_known
from ..core.estimate import figures
from ._verdict import fold, verdict

FEWEST_CELLS = 3.0
MOST_APART = 0.3
LEAST_SLOPE, MOST_SLOPE = 0.5, 2.0
_HERE = "Limit set here; no value is agreed upon in the field"


def _cells(facts: Facts) -> Finding:
    cells = facts["cells"]
    told = f"{cells:.0f} cell{'' if cells == 1 else 's'} gave a reading"
    return verdict(
        cells,
        f"{told}.",
        (
            cells < FEWEST_CELLS,
            Severity.WARN,
            f"{told} (3 is the least): how far cells differ is hardly known, and sweeps of one cell do not replace "
            "another cell.",
        ),
    )


CELLS = Check(
    "W-BLK-CELLS",
    "Number of cells",
    (Fact("cells", "how many cells were read with the drug"),),
    _cells,
    _HERE,
    FEWEST_CELLS,
    sense="at least",
    examples=(
        Example({"cells": 6.0}, Severity.PASS),
        Example({"cells": 1.0}, Severity.WARN),
        Example({"cells": 2.0}, Severity.WARN),
    ),
)


def _one(facts: Facts) -> Finding:
    each, tested = facts["concentrations_in_a_cell"], facts["concentrations"]
    told = f"Cells saw up to {each:.0f} of {tested:.0f} concentrations"
    return verdict(
        each,
        f"{told}.",
        (
            tested == 1,
            Severity.WARN,
            "One concentration was tested: the slope cannot be told, and 1 is taken for it. Test two more, one with "
            "less than half of the block and one with more.",
        ),
        (
            each == 1,
            Severity.WARN,
            "Every cell saw one concentration: how cells differ cannot be told from their scatter, and the slope is "
            "that of a curve through many cells, which is flatter than that of each. Give each cell several.",
        ),
    )


ONE = Check(
    "W-BLK-ONE",
    "Concentrations in each cell",
    (
        Fact("concentrations_in_a_cell", "the most concentrations that one cell saw"),
        Fact("concentrations", "how many concentrations were tested"),
    ),
    _one,
    "Rule set here",
    2.0,
    sense="at least",
    examples=(
        Example({"concentrations_in_a_cell": 4.0, "concentrations": 4.0}, Severity.PASS),
        Example({"concentrations_in_a_cell": 1.0, "concentrations": 4.0}, Severity.WARN),
        Example({"concentrations_in_a_cell": 1.0, "concentrations": 1.0}, Severity.WARN),
    ),
)


def _apart(facts: Facts) -> Finding:
    apart = facts["between_sd"]
    told = (
        f"The IC50 of the cells scatter by a factor of {fold(10.0**apart)} (SD of log10 {figures(apart, 2)})"
    )
    return verdict(
        apart,
        f"{told}.",
        (
            apart > MOST_APART,
            Severity.WARN,
            f"{told}; twofold is the limit. Look for cells in which the drug had not arrived, or was bound by tubing.",
        ),
    )


APART = Check(
    "W-BLK-SD",
    "How far cells differ",
    (Fact("between_sd", "the standard deviation of log10 IC50 between cells"),),
    _apart,
    _HERE,
    MOST_APART,
    sense="at most",
    examples=(Example({"between_sd": 0.09}, Severity.PASS), Example({"between_sd": 0.5}, Severity.WARN)),
)


def _slope(facts: Facts) -> Finding:
    slope = facts["hill_slope"]
    low, high = facts.get("hill_low", math.nan), facts.get("hill_high", math.nan)
    limits = f" ({fold(low)} to {fold(high)})" if is_known(low) and is_known(high) else ""
    told = f"The Hill slope of the block is {fold(slope)}{limits}"
    return verdict(
        slope,
        f"{told}.",
        (
            slope < LEAST_SLOPE,
            Severity.WARN,
            f"{told}; 0.5 to 2 is usual. So flat a block is, as a rule, one read before its steady state, one of "
            "several currents, or one of a drug that is lost on its way at low concentrations.",
        ),
        (
            slope > MOST_SLOPE,
            Severity.WARN,
            f"{told}; 0.5 to 2 is usual. So steep a block is, as a rule, one whose run-down was taken for block, or "
            "of a drug that damages the cell at high concentrations.",
        ),
    )


SLOPE = Check(
    "W-BLK-SLOPE",
    "Hill slope of the block",
    (Fact("hill_slope", "the Hill slope"),),
    _slope,
    "Range set here, 0.5 to 2",
    uses=(Fact("hill_low", "its lower limit"), Fact("hill_high", "its upper limit")),
    examples=(
        Example({"hill_slope": 1.1, "hill_low": 0.9, "hill_high": 1.3}, Severity.PASS),
        Example({"hill_slope": 0.34, "hill_low": 0.2, "hill_high": 0.5}, Severity.WARN),
        Example({"hill_slope": 2.6}, Severity.WARN),
    ),
)
