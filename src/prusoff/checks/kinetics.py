"""Do the time courses of a label tell its rate constants, and do these tell one story?"""

from __future__ import annotations

import math

from ..core.check import Check, Example, Fact, Facts, Finding, Severity, is_known
from ..core.estimate import figures
from ._verdict import chance, fold, molar, percent, verdict

MOST_APART = 3.0
LEAST_PLATEAU, LEAST_GONE = 0.90, 0.75
HALF_LIVES = 5.0
ALPHA, LEAST_PART = 0.01, 0.1
FITTING = "Motulsky H, Christopoulos A, Fitting Models to Biological Data, 2004"
HULME = "Hulme EC, Trevethick MA, Br J Pharmacol 2010;161:1219"


def _kinetic_kd(facts: Facts) -> Finding:
    kinetic, stated = facts["kinetic_kd_molar"], facts["kd_molar"]
    apart = max(kinetic / stated, stated / kinetic)
    told = f"The kinetic Kd ({molar(kinetic)}) and the equilibrium Kd ({molar(stated)}) are {fold(apart)}-fold apart"
    return verdict(
        apart,
        f"{told}: kinetics and equilibrium agree.",
        (
            apart > MOST_APART,
            Severity.WARN,
            f"{told} (limit 3): either binding is no single step, the saturation was not at equilibrium, or the two "
            "were measured under different conditions (temperature, buffer, tissue).",
        ),
    )


KINETIC_KD = Check(
    "W-KIN",
    "Kinetic and equilibrium Kd",
    (
        Fact("kinetic_kd_molar", "koff over kon", "M"),
        Fact("kd_molar", "the Kd of the label at equilibrium (radioligand.kd)", "M"),
    ),
    _kinetic_kd,
    FITTING,
    MOST_APART,
    "fold",
    sense="at most",
    examples=(
        Example({"kinetic_kd_molar": 0.9e-9, "kd_molar": 0.8e-9}, Severity.PASS),
        Example({"kinetic_kd_molar": 0.2e-9, "kd_molar": 0.8e-9}, Severity.WARN),
    ),
)


def _plateau(facts: Facts) -> Finding:
    reached = facts["plateau_reached"]
    told = (
        f"At the highest label {percent(reached)} of the plateau was reached when the last wells were stopped"
    )
    return verdict(
        100 * reached,
        f"{told}.",
        (
            reached < LEAST_PLATEAU,
            Severity.WARN,
            f"{told} (90 % is the least): plateau and rate are extrapolated together. Follow the association longer.",
        ),
    )


PLATEAU = Check(
    "W-KIN-PLAT",
    "Plateau of the association",
    (Fact("plateau_reached", "the part of the plateau reached at the highest label and the last time"),),
    _plateau,
    HULME,
    100 * LEAST_PLATEAU,
    "%",
    sense="at least",
    examples=(
        Example({"plateau_reached": 0.99}, Severity.PASS),
        Example({"plateau_reached": 0.6}, Severity.WARN),
    ),
)


def _gone(facts: Facts) -> Finding:
    gone = facts["dissociated"]
    told = f"{percent(gone)} of the specific binding had left when the last wells were stopped"
    return verdict(
        100 * gone,
        f"{told}.",
        (
            gone < LEAST_GONE,
            Severity.WARN,
            f"{told} (75 %, two half-lives, is the least): a slower phase would not be seen, and koff hangs on the "
            "nonspecific wells. Follow the dissociation longer.",
        ),
    )


GONE = Check(
    "W-KIN-OFF",
    "Dissociation followed long enough",
    (Fact("dissociated", "the part of the specific binding that had left at the last time"),),
    _gone,
    HULME,
    100 * LEAST_GONE,
    "%",
    sense="at least",
    examples=(
        Example({"dissociated": 0.94}, Severity.PASS),
        Example({"dissociated": 0.5}, Severity.WARN),
    ),
)


def _phases(facts: Facts) -> Finding:
    p, part = facts["two_phase_p"], facts["fast_part"]
    told = f"Two phases of dissociation against one: {chance(p)}"
    return verdict(
        p,
        f"{told}; one phase is enough.",
        (
            p < ALPHA and LEAST_PART < part < 1 - LEAST_PART,
            Severity.WARN,
            f"{told}, {percent(part)} of the binding leaves in the fast one: there are two kinds of sites or states, "
            "and one koff, one Kd and one residence time do not describe them.",
        ),
        (
            p < ALPHA,
            Severity.NOTE,
            f"{told}, but {percent(part)} of the binding in the fast one make no second kind of sites.",
        ),
    )


TWO_PHASES = Check(
    "W-KIN-TWO",
    "One phase of dissociation",
    (
        Fact("two_phase_p", "the probability of the F test of two phases of dissociation against one"),
        Fact("fast_part", "the part of the binding in the fast phase"),
    ),
    _phases,
    FITTING,
    ALPHA,
    sense="at least",
    examples=(
        Example({"two_phase_p": 0.4, "fast_part": 0.02}, Severity.PASS),
        Example({"two_phase_p": 1e-4, "fast_part": 0.4}, Severity.WARN),
        Example({"two_phase_p": 0.002, "fast_part": 0.04}, Severity.NOTE),
    ),
)


def _line(facts: Facts) -> Finding:
    p = facts["bend_p"]
    told = f"Observed rates against free label: a hyperbola against the line has {chance(p)}"
    return verdict(
        p,
        f"{told}; the line of a one-step binding is kept.",
        (
            p < ALPHA,
            Severity.WARN,
            f"{told}: the rates level off, as when binding is followed by a change of shape (induced fit). Then kon "
            "and koff of one step do not describe it; add higher concentrations of the label.",
        ),
    )


LINE = Check(
    "W-KIN-LINE",
    "Observed rates on a line",
    (Fact("bend_p", "the probability of the test of a hyperbola against the line of observed rates"),),
    _line,
    "Copeland RA, Evaluation of Enzyme Inhibitors in Drug Discovery, 2013",
    ALPHA,
    sense="at least",
    examples=(Example({"bend_p": 0.5}, Severity.PASS), Example({"bend_p": 1e-3}, Severity.WARN)),
)


def _intercept(facts: Facts) -> Finding:
    low = facts["intercept_low_per_s"]
    return verdict(
        low,
        "The intercept of the observed rates is above zero: it is a koff.",
        (
            low <= 0,
            Severity.NOTE,
            "The interval of the intercept of the observed rates includes zero: association alone does not tell koff, "
            "which is taken from the dissociation.",
        ),
    )


INTERCEPT = Check(
    "W-KIN-ZERO",
    "Intercept of the observed rates",
    (Fact("intercept_low_per_s", "the lower limit of the intercept of the observed rates", "1/s"),),
    _intercept,
    FITTING,
    unit="1/s",
    examples=(
        Example({"intercept_low_per_s": 2e-4}, Severity.PASS),
        Example({"intercept_low_per_s": -1e-4}, Severity.NOTE),
    ),
)


def _chases(facts: Facts) -> Finding:
    ratio, p = facts["chase_ratio"], facts["chase_p"]
    told = f"The koff after dilution is {fold(ratio)} times that after unlabelled ligand ({chance(p)})"
    slower = ratio < 1
    return verdict(
        ratio,
        f"{told}: how the dissociation is started makes no difference.",
        (
            p < ALPHA,
            Severity.WARN,
            f"{told}: "
            + (
                "label binds again after the dilution, or unlabelled ligand speeds up the dissociation (negative "
                "cooperativity, a second site)."
                if slower
                else "unlabelled ligand slows the dissociation down (a second site, an allosteric effect)."
            ),
        ),
    )


CHASES = Check(
    "W-KIN-CHASE",
    "Dissociation by dilution and by unlabelled ligand",
    (
        Fact("chase_ratio", "koff after dilution over koff after an excess of unlabelled ligand"),
        Fact("chase_p", "the probability of so large a difference by chance"),
    ),
    _chases,
    "De Meyts P, Bianco AR, Roth J, J Biol Chem 1976;251:1877",
    examples=(
        Example({"chase_ratio": 1.04, "chase_p": 0.3}, Severity.PASS),
        Example({"chase_ratio": 0.5, "chase_p": 1e-4}, Severity.WARN),
        Example({"chase_ratio": 1.8, "chase_p": 1e-4}, Severity.WARN),
    ),
)


def _equilibrated(facts: Facts) -> Finding:
    rate, time = facts["slowest_rate_per_s"], facts["incubation_s"]
    half_lives = time * rate / math.log(2)
    reached = percent(-math.expm1(-rate * time))
    lowest = facts.get("lowest_molar")
    at = f" at {molar(lowest)} label" if lowest is not None and is_known(lowest) else ""
    told = f"{figures(time, unit='s')} bring binding{at} to {reached} of equilibrium ({fold(half_lives)} half-times)"
    needed = figures(HALF_LIVES * math.log(2) / rate, unit="s")
    return verdict(
        half_lives,
        f"{told}.",
        (
            half_lives < HALF_LIVES,
            Severity.WARN,
            f"{told}; five half-times, {needed}, are needed. Incubate longer before you read a Kd or a Ki.",
        ),
    )


EQUILIBRATED = Check(
    "W-KIN-EQ",
    "Equilibrium within the incubation",
    (
        Fact("incubation_s", "the incubation time (conditions.incubation)", "s"),
        Fact("slowest_rate_per_s", "the observed rate at the lowest label", "1/s"),
    ),
    _equilibrated,
    "Motulsky HJ, Mahan LC, Mol Pharmacol 1984;25:1",
    HALF_LIVES,
    "half times",
    uses=(Fact("lowest_molar", "the lowest free label", "M"),),
    sense="at least",
    examples=(
        Example(
            {"incubation_s": 14400.0, "slowest_rate_per_s": 3.7e-4, "lowest_molar": 3e-10}, Severity.PASS
        ),
        Example({"incubation_s": 1800.0, "slowest_rate_per_s": 3.7e-4}, Severity.WARN),
    ),
)
