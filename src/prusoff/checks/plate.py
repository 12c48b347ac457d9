"""Do the controls of the plate stand apart, and is it the right way round?"""

from __future__ import annotations

import math

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import fold, percent, verdict

AGM = "Assay Guidance Manual, HTS assay validation"
LEAST_Z = 0.4
LEAST_WINDOW = 2.0
LEAST_RATIO = 3.0
MOST_CV = 0.20
APART = 3.0


def _z_prime(facts: Facts) -> Finding:
    z = facts["z_prime"]
    told = f"Z' is {fold(z)}"
    return verdict(
        z,
        f"{told}: the controls stand well apart.",
        (
            z <= 0,
            Severity.FAIL,
            f"{told}: the scatter of the controls overlaps. Nothing on this plate can be told; repeat it.",
        ),
        (
            z <= LEAST_Z,
            Severity.WARN,
            f"{told} (above 0.4 is wanted): the scatter of the controls takes most of their distance. Look at each "
            "control well.",
        ),
    )


Z_PRIME = Check(
    "W-Z",
    "Z'",
    (Fact("z_prime", "Z' of the plate (two or more wells of each control)"),),
    _z_prime,
    f"{AGM}; Zhang JH, Chung TDY, Oldenburg KR, J Biomol Screen 1999;4:67",
    LEAST_Z,
    sense="at least",
    examples=(
        Example({"z_prime": 0.9}, Severity.PASS),
        Example({"z_prime": 0.3}, Severity.WARN),
        Example({"z_prime": -0.5}, Severity.FAIL),
    ),
)


def _window(facts: Facts) -> Finding:
    window = facts["signal_window"]
    told = f"The signal window is {fold(window)}"
    return verdict(
        window,
        f"{told}.",
        (
            window <= LEAST_WINDOW,
            Severity.WARN,
            f"{told} (above 2 is wanted): the room between the controls is as small as their scatter.",
        ),
    )


SIGNAL_WINDOW = Check(
    "W-SW",
    "Signal window",
    (Fact("signal_window", "the signal window of the plate (two or more wells of each control)"),),
    _window,
    AGM,
    LEAST_WINDOW,
    sense="at least",
    examples=(
        Example({"signal_window": 33.9}, Severity.PASS),
        Example({"signal_window": 0.8}, Severity.WARN),
    ),
)


def _ratio(facts: Facts) -> Finding:
    ratio = facts["signal_to_background"]
    told = f"Total binding is {fold(ratio)} times nonspecific binding"
    return verdict(
        ratio,
        f"{told}.",
        (ratio <= 1, Severity.FAIL, f"{told}: there is no specific binding, or the controls are swapped."),
        (
            ratio < LEAST_RATIO,
            Severity.NOTE,
            f"{told}; below 3 the constants get wide intervals. More sites or less nonspecific binding helps.",
        ),
    )


SIGNAL_TO_BACKGROUND = Check(
    "W-SB",
    "Signal to background",
    (Fact("signal_to_background", "mean total over mean nonspecific control"),),
    _ratio,
    "Working limit of 3 set here; the ratio itself: Assay Guidance Manual",
    LEAST_RATIO,
    sense="at least",
    examples=(
        Example({"signal_to_background": 8.1}, Severity.PASS),
        Example({"signal_to_background": 2.0}, Severity.NOTE),
        Example({"signal_to_background": 0.4}, Severity.FAIL),
    ),
)


def _cv(facts: Facts) -> Finding:
    cvs = {"total": facts["cv_total"], "nonspecific": facts["cv_nsb"]}
    worst = max(cvs, key=lambda name: cvs[name])
    told = f"The {worst} controls scatter by {percent(cvs[worst])}"
    return verdict(
        100 * cvs[worst],
        f"{told} at most.",
        (
            cvs[worst] > MOST_CV,
            Severity.WARN,
            f"{told} (20 % is the limit): look for an odd well, a blocked washer tip, or too few counts.",
        ),
    )


CV = Check(
    "W-CV",
    "Scatter of the controls",
    (
        Fact("cv_total", "SD over mean of the total controls, a fraction"),
        Fact("cv_nsb", "SD over mean of the nonspecific controls, a fraction"),
    ),
    _cv,
    AGM,
    100 * MOST_CV,
    "%",
    sense="at most",
    examples=(
        Example({"cv_total": 0.023, "cv_nsb": 0.039}, Severity.PASS),
        Example({"cv_total": 0.023, "cv_nsb": 0.34}, Severity.WARN),
    ),
)


def _orientation(facts: Facts) -> Finding:
    laid_out, turned = facts["separation"], facts.get("rotated_separation")
    told = f"As laid out the controls stand {fold(laid_out)} SD apart"
    if turned is None:  # the wells opposite the controls are empty: only swapped controls can be seen
        turned = -math.inf
    else:
        told = f"{told}, after a half turn {fold(turned)} SD"
    return verdict(
        laid_out,
        f"{told}: the plate is the right way round.",
        (
            laid_out < APART and turned > max(APART, 2 * laid_out),
            Severity.FAIL,
            f"{told}: the plate was most likely counted turned by 180 degrees. Check the notched corner; set "
            "'rotated' for this plate if so. Nothing was turned by itself.",
        ),
        (
            laid_out < -APART,
            Severity.FAIL,
            f"{told}: total and nonspecific controls look swapped. Check the plate map.",
        ),
    )


ORIENTATION = Check(
    "W-ROT",
    "Plate the right way round",
    (Fact("separation", "the distance of the controls as laid out, in SD"),),
    _orientation,
    "Rule set here",
    APART,
    "SD",
    uses=(
        Fact(
            "rotated_separation", "the distance of the wells that would be controls after a half turn, in SD"
        ),
    ),
    sense="at least",
    examples=(
        Example({"separation": 40.0, "rotated_separation": 0.3}, Severity.PASS),
        Example({"separation": 40.0, "rotated_separation": 41.0}, Severity.PASS),
        Example({"separation": 0.4, "rotated_separation": 38.0}, Severity.FAIL),
        Example({"separation": -40.0, "rotated_separation": 0.5}, Severity.FAIL),
        Example({"separation": -40.0}, Severity.FAIL),
        Example({"separation": 40.0}, Severity.PASS),
    ),
)
