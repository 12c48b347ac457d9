"""Was the binding what the formulas take it to be: at equilibrium, not used up, specific, with a Kd that belongs."""

from __future__ import annotations

import math

from ..core.check import Check, Example, Fact, Facts, Finding, Severity, is_known
from ._verdict import fold, molar, percent, verdict

AGM = "Assay Guidance Manual, receptor binding assays"
HALF_LIVES = 5.0
MOST_BOUND = 0.10
TIGHT = 0.1
MOST_LIGAND = 3.0
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
    examples=(
        Example({"incubation_s": 7200.0, "koff_per_s": 6e-4}, Severity.PASS),
        Example({"incubation_s": 1800.0, "koff_per_s": 6e-4}, Severity.WARN),
        Example({"incubation_s": 7200.0, "koff_per_s": 6e-4, "slow_rate_per_s": 9e-5}, Severity.WARN),
    ),
)


def _depletion(facts: Facts) -> Finding:
    bound = facts["bound_fraction"]
    return verdict(
        100 * bound,
        f"{percent(bound)} of the radioligand added was bound: free and added agree.",
        (
            bound > MOST_BOUND,
            Severity.WARN,
            f"{percent(bound)} of the radioligand added was bound (10 % is the limit): less is free than was added. "
            "Use less membrane or a larger volume; read the Ki of the model with depletion beside the plain one.",
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
            ratio > TIGHT,
            Severity.WARN,
            f"{told} (limit 0.1): the sites use up the competitor and IC50 measures membrane as well as affinity. "
            "Use less membrane, or the exact model of tight binding.",
        ),
    )


TIGHT_BINDING = Check(
    "W-TIGHT",
    "Competitor used up",
    (Fact("receptor_molar", "the concentration of sites in the well", "M"), Fact("ki_molar", "Ki", "M")),
    _tight,
    "Sigurskjold BW, Anal Biochem 2000;277:260",
    TIGHT,
    examples=(
        Example({"receptor_molar": 5e-11, "ki_molar": 5e-9}, Severity.PASS),
        Example({"receptor_molar": 3e-10, "ki_molar": 4e-10}, Severity.WARN),
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
    examples=(
        Example({"ligand_molar": 1e-9, "kd_molar": 6e-9}, Severity.PASS),
        Example({"ligand_molar": 1e-9, "kd_molar": 8e-10}, Severity.NOTE),
        Example({"ligand_molar": 1e-9, "kd_molar": 2e-10}, Severity.WARN),
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
    examples=(
        Example({"specific_fraction": 0.9}, Severity.PASS),
        Example({"specific_fraction": 0.7}, Severity.NOTE),
        Example({"specific_fraction": 0.3}, Severity.WARN),
    ),
)

_CONDITIONS = (("temperature", "temperature_c"), ("species", "species"), ("tissue or cells", "system"))


def _kd_belongs(facts: Facts) -> Finding:
    stated = [
        (word, facts[f"kd_{name}"], facts[f"assay_{name}"])
        for word, name in _CONDITIONS
        if is_known(facts.get(f"kd_{name}")) and is_known(facts.get(f"assay_{name}"))
    ]
    differ = [
        f"{word} ({_said(kd)} against {_said(assay)})" for word, kd, assay in stated if not _same(kd, assay)
    ]
    if not stated:
        sentence = "Not assessed: it needs the conditions under which Kd was measured (temperature, species, tissue)."
        return Finding(Severity.NOT_ASSESSED, sentence)
    return verdict(
        float(len(differ)),
        f"Kd was measured under the conditions of this assay ({', '.join(word for word, *_ in stated)}).",
        (
            bool(differ),
            Severity.WARN,
            f"Kd was not measured under the conditions of this assay: {', '.join(differ)}. "
            "Published Kd values of one radioligand spread more than tenfold; measure Kd here, or widen its error.",
        ),
    )


def _same(one: object, other: object) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, abs_tol=2.0)  # a bath holds two degrees
    return str(one).casefold() == str(other).casefold()


def _said(value: object) -> str:
    return f"{value:g} °C" if isinstance(value, (int, float)) else str(value)


KD_CONDITIONS = Check(
    "W-KD",
    "Where Kd comes from",
    (),
    _kd_belongs,
    "IUPHAR: Neubig RR et al., Pharmacol Rev 2003;55:597",
    uses=tuple(
        Fact(f"{side}_{name}", f"{word} {where}", "°C" if name == "temperature_c" else "")
        for word, name in _CONDITIONS
        for side, where in (("kd", "at which Kd was measured"), ("assay", "of this assay"))
    ),
    examples=(
        Example({"kd_temperature_c": 25.0, "assay_temperature_c": 25.0}, Severity.PASS),
        Example({"kd_temperature_c": 4.0, "assay_temperature_c": 25.0}, Severity.WARN),
        Example({"kd_species": "rat", "assay_species": "human"}, Severity.WARN),
        Example({"kd_species": "", "assay_species": "human"}, Severity.NOT_ASSESSED),
    ),
)
