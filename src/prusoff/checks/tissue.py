"""Can a piece of tissue weigh that much?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ..core.estimate import figures
from ._verdict import fold, verdict


def _mass(facts: Facts) -> Finding:
    mass, organ = facts["mass_g"], facts["organ_g"]
    part = mass / organ
    of = facts.get("organ") or "an organ"
    told = f"The heaviest sample is {figures(mass)} g of {of} that weighs {figures(organ)} g as a whole"
    thousand = mass / 1000.0 < organ
    return verdict(
        part,
        f"{told}.",
        (
            part > 1.0,
            Severity.FAIL,
            f"{told}, {fold(part)} times too much. "
            + (
                f"The column holds milligrams, it seems: {figures(mass)} mg are {figures(mass / 1000)} g. Everything "
                "per gram is a thousand times too small until the unit is right."
                if thousand
                else "Check the unit of the masses."
            ),
        ),
    )


MASS = Check(
    "W-TISSUE",
    "Mass of the tissue",
    (
        Fact("mass_g", "the mass of the heaviest sample", "g"),
        Fact("organ_g", "the mass of the whole organ it was cut from", "g"),
    ),
    _mass,
    "Herculano-Houzel S, Front Hum Neurosci 2009;3:31",
    1.0,
    "fold",
    uses=(Fact("organ", "the name of the organ"),),
    sense="at most",
    examples=(
        Example({"mass_g": 0.1314, "organ_g": 1.8, "organ": "rat brain"}, Severity.PASS),
        Example({"mass_g": 131.4, "organ_g": 1.8, "organ": "rat brain"}, Severity.FAIL),
        Example({"mass_g": 13140.0, "organ_g": 1.8}, Severity.FAIL),
    ),
)
