"""Was the uptake an initial velocity of a known substrate, above a background that is one?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._constant import conditions_check, error_check
from ._verdict import percent, verdict

LOST = 0.10
MOST_USED = 0.10
MOST_APART = 0.10
SPARSE = 0.70


def _linear(facts: Facts) -> Finding:
    ratio = facts["uptake_s"] / facts["usable_s"]
    told = (
        f"The uptake lasts {facts['uptake_s'] / 60:.3g} min, and in {facts['usable_s'] / 60:.3g} min it loses 10 % to "
        "levelling off"
    )
    return verdict(
        ratio,
        f"{told}: the velocity is an initial one.",
        (
            ratio > 1,
            Severity.WARN,
            f"{told}. The velocity is too low and the more so the faster the uptake, so inhibition looks weaker than "
            "it is. Stop the uptake earlier.",
        ),
    )


LINEAR_PHASE = Check(
    "W-LIN",
    "Linear phase of the uptake",
    (
        Fact("uptake_s", "how long the uptake lasted (conditions.incubation)", "s"),
        Fact(
            "usable_s",
            "the time until which the uptake is linear to 10 % (a time course gives it; settings.usable_minutes)",
            "s",
        ),
    ),
    _linear,
    "Segel IH, Enzyme Kinetics, Wiley 1975; the limit of 10 % is set here",
    1.0,
    sense="at most",
    examples=(
        Example({"uptake_s": 180.0, "usable_s": 223.0}, Severity.PASS),
        Example({"uptake_s": 600.0, "usable_s": 223.0}, Severity.WARN),
    ),
)


def _used(facts: Facts) -> Finding:
    used = facts["used_fraction"]
    told = f"{percent(used)} of the substrate added was taken up"
    return verdict(
        100 * used,
        f"{told} at most: its concentration stays as it was added.",
        (
            used > MOST_USED,
            Severity.WARN,
            f"{told} (10 % is the limit): its concentration falls during the uptake, the velocity with it, and Km and "
            "Ki rest on a concentration that was not there. Use fewer cells, a larger volume or a shorter time.",
        ),
    )


SUBSTRATE_USED = Check(
    "W-SUBDEP",
    "Substrate used up",
    (Fact("used_fraction", "the fraction of the substrate added that was taken up without inhibitor"),),
    _used,
    "Assay Guidance Manual, basics of enzymatic assays for HTS (initial velocity)",
    100 * MOST_USED,
    "%",
    sense="at most",
    examples=(
        Example({"used_fraction": 0.03}, Severity.PASS),
        Example({"used_fraction": 0.24}, Severity.WARN),
    ),
)


def _background(facts: Facts) -> Finding:
    blocker, ice = facts["blocker_mean"], facts["ice_mean"]
    signal = facts["total_mean"] - min(blocker, ice)
    if not signal > 0:
        return Finding(Severity.WARN, "No uptake stands above the backgrounds, so they cannot be compared.")
    apart = abs(blocker - ice) / signal
    lower = "at 4 °C" if ice < blocker else "with blocker"
    told = f"The background with blocker and that at 4 °C lie {percent(apart)} of the uptake apart"
    return verdict(
        100 * apart,
        f"{told}.",
        (
            apart > MOST_APART,
            Severity.WARN,
            f"{told} (10 % is the limit), the one {lower} being lower. Cold stops diffusion and every transporter, a "
            "blocker only its own: look for a second transporter, diffusion, a blocker that is too dilute, or "
            "adsorption that changes in the cold.",
        ),
    )


BACKGROUNDS = Check(
    "W-BG",
    "Two backgrounds against each other",
    (
        Fact("total_mean", "the mean of the wells without inhibitor"),
        Fact("blocker_mean", "the mean of the background wells with a blocker (role nsb)"),
        Fact("ice_mean", "the mean of the background wells at 4 °C (role ice)"),
    ),
    _background,
    "Limit set here",
    100 * MOST_APART,
    "%",
    sense="at most",
    examples=(
        Example({"total_mean": 5000.0, "blocker_mean": 420.0, "ice_mean": 380.0}, Severity.PASS),
        Example({"total_mean": 5000.0, "blocker_mean": 1400.0, "ice_mean": 380.0}, Severity.WARN),
        Example({"total_mean": 400.0, "blocker_mean": 420.0, "ice_mean": 410.0}, Severity.WARN),
    ),
)


def _cells(facts: Facts) -> Finding:
    lowest = facts["lowest_density"]
    told = f"The thinnest well holds {percent(lowest)} of the median"
    return verdict(
        100 * lowest,
        f"{told} of its experiment.",
        (
            lowest < SPARSE,
            Severity.WARN,
            f"{told} (70 % is the limit): {facts['sparse_wells']}. Where cells were lost, those left differ: set such "
            "wells aside, or repeat them.",
        ),
    )


DENSITY = Check(
    "W-CELLS",
    "Cells or protein in every well",
    (
        Fact("lowest_density", "cells or protein of the thinnest well over the median of the wells"),
        Fact("sparse_wells", "which wells lie below the limit"),
    ),
    _cells,
    "Limit set here",
    100 * SPARSE,
    "%",
    sense="at least",
    examples=(
        Example({"lowest_density": 0.88, "sparse_wells": "none"}, Severity.PASS),
        Example({"lowest_density": 0.45, "sparse_wells": "A03, C07"}, Severity.WARN),
    ),
)

KM_CONDITIONS = conditions_check(
    "W-KM",
    "Km",
    "Km changes with temperature and cells; measure it here, or widen its error.",
)
KM_ERROR = error_check("W-KM-SE", "Km", "the substrate")
