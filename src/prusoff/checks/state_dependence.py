"""Does a block over holding potentials tell what resting and what inactivated channels bind?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ..core.estimate import figures
from ._verdict import fold, verdict

LEAST_RESTING, MOST_AVAILABLE = 0.95, 0.7
FEWEST_POTENTIALS = 2.0
MOST_FOLD, SURE = 1.5, 3.0
FARTHEST_SLOPE = 0.2
AGREEING = 2.0
_HILLE = "Hille B, J Gen Physiol 1977;69:497; Bean BP, Cohen CJ, Tsien RW, J Gen Physiol 1983;81:613"
_GUARD = "Limit set here: a drug that binds inactivated channels 50-fold more tightly already halves Kr at h = 0.98"


def _resting(facts: Facts) -> Finding:
    h = facts["highest_h"]
    told = f"At the most negative holding potential h = {figures(h)} of the channels are available"
    return verdict(
        h,
        f"{told}: they are resting.",
        (
            h <= LEAST_RESTING,
            Severity.WARN,
            f"{told} (more than 0.95 is resting): Kr is told only through the law. Hold the cells at a more negative "
            "potential.",
        ),
    )


RESTING = Check(
    "W-RESTING",
    "Resting channels",
    (Fact("highest_h", "the availability at the most negative holding potential"),),
    _resting,
    _GUARD,
    LEAST_RESTING,
    sense="at least",
    examples=(
        Example({"highest_h": 0.9998}, Severity.PASS),
        Example({"highest_h": 0.42}, Severity.WARN),
    ),
)


def _inactivated(facts: Facts) -> Finding:
    h = facts["lowest_h"]
    told = f"At the least negative holding potential h = {figures(h)} of the channels are available"
    return verdict(
        h,
        f"{told}.",
        (
            h > MOST_AVAILABLE,
            Severity.WARN,
            f"{told} (at most 0.7 is wanted): Ki rests on few inactivated channels. Hold the cells at a less negative "
            "potential too.",
        ),
    )


INACTIVATED = Check(
    "W-INACTIVATED",
    "Inactivated channels",
    (Fact("lowest_h", "the availability at the least negative holding potential"),),
    _inactivated,
    _HILLE,
    MOST_AVAILABLE,
    sense="at most",
    examples=(
        Example({"lowest_h": 0.42}, Severity.PASS),
        Example({"lowest_h": 0.86}, Severity.WARN),
    ),
)


def _potentials(facts: Facts) -> Finding:
    count = facts["potentials"]
    told = f"Block was measured at {figures(count)} holding potential{'' if count == 1 else 's'}"
    return verdict(
        count,
        f"{told}.",
        (
            count < FEWEST_POTENTIALS,
            Severity.WARN,
            f"{told}: its IC50 is neither Kr nor Ki. It is an upper limit of Ki and a lower one of Kr.",
        ),
    )


POTENTIALS = Check(
    "W-POTENTIALS",
    "Holding potentials",
    (Fact("potentials", "at how many holding potentials the drug was given"),),
    _potentials,
    _HILLE,
    FEWEST_POTENTIALS,
    sense="at least",
    examples=(
        Example({"potentials": 4.0}, Severity.PASS),
        Example({"potentials": 1.0}, Severity.WARN),
    ),
)


def _law(facts: Facts) -> Finding:
    off, sure = facts["fold_off_law"], facts["errors_off_law"]
    told = f"The IC50 of one potential lies {fold(off)}-fold from that of the law"
    return verdict(
        off,
        f"{told} at most.",
        (
            off > MOST_FOLD and sure > SURE,
            Severity.WARN,
            f"{told} (limit 1.5-fold): the drug was perhaps not at equilibrium at every potential, binds open "
            "channels, or the availability was measured with shorter steps than the block.",
        ),
    )


LAW = Check(
    "W-STATELAW",
    "IC50 against potential",
    (
        Fact("fold_off_law", "the IC50 at each holding potential and the law through them"),
        Fact("errors_off_law", "how many standard errors that is"),
    ),
    _law,
    _HILLE,
    examples=(
        Example({"fold_off_law": 1.08, "errors_off_law": 1.2}, Severity.PASS),
        Example({"fold_off_law": 1.8, "errors_off_law": 1.1}, Severity.PASS),
        Example({"fold_off_law": 2.4, "errors_off_law": 9.0}, Severity.WARN),
    ),
)


def _block_slope(facts: Facts) -> Finding:
    slope, error = facts["block_slope"], facts["block_slope_se"]
    told = f"The slope of block is {figures(slope)} where it is free"
    away = abs(slope - 1.0)
    return verdict(
        slope,
        f"{told}, near the 1 that the law asks for.",
        (
            away > FARTHEST_SLOPE and away > SURE * error,
            Severity.WARN,
            f"{told}: one molecule a channel at equilibrium makes it 1. Look for block that is not at its steady state "
            "at low concentrations, run-down, or drug that is lost on the way.",
        ),
    )


BLOCK_SLOPE = Check(
    "W-BLOCKSLOPE",
    "Slope of block",
    (
        Fact("block_slope", "the slope of block where it is free"),
        Fact("block_slope_se", "its standard error"),
    ),
    _block_slope,
    _HILLE,
    examples=(
        Example({"block_slope": 1.04, "block_slope_se": 0.03}, Severity.PASS),
        Example({"block_slope": 1.5, "block_slope_se": 0.4}, Severity.PASS),
        Example({"block_slope": 0.62, "block_slope_se": 0.04}, Severity.WARN),
    ),
)


def _agree(facts: Facts) -> Finding:
    off, apart = facts["fold_between_ways"], facts["ways_apart"]
    told = f"Ki over holding potentials and Ki from the shift lie {fold(off)}-fold apart"
    return verdict(
        off,
        f"{told}.",
        (
            off > AGREEING and bool(apart),
            Severity.WARN,
            f"{told} (limit 2-fold), and their intervals do not meet: the steps before the availability curve with "
            "drug were perhaps too short for the drug to bind.",
        ),
    )


AGREE = Check(
    "W-TWOWAYS",
    "Ki by both ways",
    (
        Fact("fold_between_ways", "Ki over holding potentials and Ki from the shift of availability"),
        Fact("ways_apart", "whether the intervals of both are apart"),
    ),
    _agree,
    "Bean BP, Cohen CJ, Tsien RW, J Gen Physiol 1983;81:613; limit set here",
    examples=(
        Example({"fold_between_ways": 1.2, "ways_apart": True}, Severity.PASS),
        Example({"fold_between_ways": 3.1, "ways_apart": False}, Severity.PASS),
        Example({"fold_between_ways": 3.1, "ways_apart": True}, Severity.WARN),
    ),
)
