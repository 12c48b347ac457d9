"""Was the binding what the formulas take it to be: at equilibrium, not used up, specific."""

from __future__ import annotations

import math

from ..core.check import Check, Example, Fact, Facts, Finding, Severity, is_known
from ._verdict import fold, molar, percent, verdict

AGM = "Assay Guidance Manual, receptor binding assays"
HALF_LIVES = 5.0
MOST_BOUND = 0.10
TIGHT = 0.1
MOST_LIGAND, LITTLE_LIGAND = 3.0, 0.05
MUCH_TOO_TIGHT = 10.0
SPECIFIC_AIM, LEAST_SPECIFIC = 0.80, 0.50


def _equilibrium(facts: Facts) -> Finding:
    slow = facts.get("slow_rate_per_s")
    rate = slow if slow is not None and is_known(slow) else facts["koff_per_s"]
    half_lives = facts["incubation_s"] * rate / math.log(2)
    needed = HALF_LIVES * math.log(2) / rate / 60
    basis = (
        "of the slower step" if rate is slow else "of the radioligand (the competitor may be slower still)"
    )
    told = (
        f"{facts['incubation_s'] / 60:.0f} min are {fold(half_lives)} dissociation half-lives {basis}; "
        f"five, {needed:.0f} min, are needed"
    )
    return verdict(
        half_lives,
        f"Equilibrium: {told}.",
        (
            half_lives < HALF_LIVES,
            Severity.WARN,
            f"Not at equilibrium: {told}. Incubate longer, or read IC50 and Ki as those of this time only.",
        ),
    )


EQUILIBRIUM = Check(
    "W-EQ",
    "Equilibrium reached",
    (
        Fact("incubation_s", "the incubation time", "s"),
        Fact(
            "koff_per_s",
            "the dissociation rate constant of the radioligand at this temperature (radioligand.koff; measure it once)",
            "1/s",
        ),
    ),
    _equilibrium,
    "Motulsky HJ, Mahan LC, Mol Pharmacol 1984;25:1",
    HALF_LIVES,
    "half lives",
    uses=(
        Fact(
            "slow_rate_per_s",
            "the slower rate of approach with the competitor at its IC50, from its own rate constants",
            "1/s",
        ),
    ),
    sense="at least",
    examples=(
        Example({"incubation_s": 7200.0, "koff_per_s": 6e-4}, Severity.PASS),
        Example({"incubation_s": 1800.0, "koff_per_s": 6e-4}, Severity.WARN),
        Example({"incubation_s": 7200.0, "koff_per_s": 6e-4, "slow_rate_per_s": 9e-5}, Severity.WARN),
    ),
)


STATE = "State efficiency, specific activity and volume to have the exact equilibrium fitted"
EXACT = Fact("exact_model", "whether the exact equilibrium, in which both ligands are used up, was fitted")


def _counted(facts: Facts, otherwise: str) -> str:
    return "The exact equilibrium, which counts that, was fitted" if facts.get("exact_model") else otherwise


def _depletion(facts: Facts) -> Finding:
    bound = facts["bound_fraction"]
    return verdict(
        100 * bound,
        f"{percent(bound)} of the radioligand added was bound: free and added agree.",
        (
            bound > MOST_BOUND,
            Severity.WARN,
            f"{percent(bound)} of the radioligand added was bound (10 % is the limit): less is free than was added. "
            f"{_counted(facts, 'Constants are corrected for it where they can be')}; use less membrane or a larger "
            "volume.",
        ),
    )


DEPLETION = Check(
    "W-DEP",
    "Radioligand used up",
    (
        Fact(
            "bound_fraction",
            "the fraction of the radioligand added that was bound, in all, without competitor",
        ),
    ),
    _depletion,
    f"{AGM} (zone A)",
    100 * MOST_BOUND,
    "%",
    uses=(EXACT,),
    sense="at most",
    examples=(
        Example({"bound_fraction": 0.04}, Severity.PASS),
        Example({"bound_fraction": 0.21}, Severity.WARN),
    ),
)


def _tight(facts: Facts) -> Finding:
    ratio = facts["receptor_molar"] / facts["ki_molar"]
    told = f"{molar(facts['receptor_molar'])} of sites are {fold(ratio)} times the Ki"
    return verdict(
        ratio,
        f"{told}: the sites do not use up the competitor.",
        (
            ratio > MUCH_TOO_TIGHT,
            Severity.WARN,
            f"Check the units of the protein, the volume, Kd and the concentrations: {told} (limit 0.1). If they are "
            "right, the sites use up the competitor and IC50 measures membrane. "
            f"{_counted(facts, STATE)}; use less membrane.",
        ),
        (
            ratio > TIGHT,
            Severity.WARN,
            f"{told} (limit 0.1): the sites use up the competitor and IC50 measures membrane as well as affinity. "
            f"{_counted(facts, STATE)}; use less membrane where you can.",
        ),
    )


TIGHT_BINDING = Check(
    "W-TIGHT",
    "Competitor used up",
    (Fact("receptor_molar", "the concentration of sites in the well", "M"), Fact("ki_molar", "Ki", "M")),
    _tight,
    "Sigurskjold BW, Anal Biochem 2000;277:260",
    TIGHT,
    uses=(EXACT,),
    sense="at most",
    examples=(
        Example({"receptor_molar": 5e-11, "ki_molar": 5e-9}, Severity.PASS),
        Example({"receptor_molar": 3e-10, "ki_molar": 4e-10}, Severity.WARN),
        Example({"receptor_molar": 6e-8, "ki_molar": 4e-10}, Severity.WARN),
    ),
)


def _ligand(facts: Facts) -> Finding:
    ratio = facts["ligand_molar"] / facts["kd_molar"]
    told = f"The free radioligand ({molar(facts['ligand_molar'])}) is {fold(ratio)} times its Kd"
    return verdict(
        ratio,
        f"{told}: well suited to competition.",
        (
            ratio > MOST_LIGAND,
            Severity.WARN,
            f"{told} (above 3): Ki hangs on the exact Kd and on [L]. Use radioligand at or below its Kd.",
        ),
        (ratio > 1, Severity.NOTE, f"{told}; at or below 1 is advised for competition."),
        (
            ratio < LITTLE_LIGAND,
            Severity.NOTE,
            f"The free radioligand ({molar(facts['ligand_molar'])}) is only {percent(ratio)} of its Kd: little label "
            "is bound. Check the unit of Kd and of the radioligand.",
        ),
    )


LIGAND = Check(
    "W-LKD",
    "Radioligand against its Kd",
    (
        Fact("ligand_molar", "the free concentration of the radioligand", "M"),
        Fact("kd_molar", "the Kd of the radioligand", "M"),
    ),
    _ligand,
    AGM,
    MOST_LIGAND,
    sense="at most",
    examples=(
        Example({"ligand_molar": 1e-9, "kd_molar": 6e-9}, Severity.PASS),
        Example({"ligand_molar": 1e-9, "kd_molar": 8e-10}, Severity.NOTE),
        Example({"ligand_molar": 1e-9, "kd_molar": 2e-10}, Severity.WARN),
        Example({"ligand_molar": 1e-9, "kd_molar": 8e-7}, Severity.NOTE),
    ),
)


def _specific(facts: Facts) -> Finding:
    fraction = facts["specific_fraction"]
    told = f"{percent(fraction)} of the total binding is specific"
    return verdict(
        100 * fraction,
        f"{told}.",
        (
            fraction < LEAST_SPECIFIC,
            Severity.WARN,
            f"{told} (50 % is the least): wash more, treat the filters, use less radioligand or another one.",
        ),
        (fraction < SPECIFIC_AIM, Severity.NOTE, f"{told}; 80 % is the aim."),
    )


SPECIFIC = Check(
    "W-SPEC",
    "Specific binding",
    (Fact("specific_fraction", "specific over total binding of the controls"),),
    _specific,
    AGM,
    100 * LEAST_SPECIFIC,
    "%",
    sense="at least",
    examples=(
        Example({"specific_fraction": 0.9}, Severity.PASS),
        Example({"specific_fraction": 0.7}, Severity.NOTE),
        Example({"specific_fraction": 0.3}, Severity.WARN),
    ),
)
