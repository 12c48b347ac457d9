"""Does a homologous competition tell Kd and Bmax: little label, or two concentrations of it?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import fold, molar, verdict

MOST_LABEL = 1 / 3
FAR_APART = 3.0


def _label(facts: Facts) -> Finding:
    ratio, spread = facts["ligand_molar"] / facts["kd_molar"], facts["ligand_spread"]
    told = f"The lowest free radioligand ({molar(facts['ligand_molar'])}) is {fold(ratio)} times the Kd"
    others = f"concentrations of it that lie {fold(spread)}-fold apart were fitted together"
    return verdict(
        ratio if spread < FAR_APART else None,
        f"{told}; {others}." if spread >= FAR_APART else f"{told}, low enough for one concentration of it.",
        (
            ratio > MOST_LABEL and spread <= 1,
            Severity.WARN,
            f"{told} (one third is the most for one concentration): Kd is the small difference of IC50 and [L], and "
            "hangs with Bmax on the exact [L]. Use less radioligand, or two concentrations of it, threefold apart.",
        ),
        (
            ratio > MOST_LABEL and spread < FAR_APART,
            Severity.WARN,
            f"{told}, and its concentrations lie only {fold(spread)}-fold apart: use two that lie threefold apart.",
        ),
    )


LABEL = Check(
    "W-HOM",
    "Radioligand of a homologous competition",
    (
        Fact("ligand_molar", "the lowest free concentration of the radioligand", "M"),
        Fact("kd_molar", "the Kd found", "M"),
        Fact("ligand_spread", "the highest over the lowest concentration of the radioligand"),
    ),
    _label,
    "DeBlasi A, O'Reilly K, Motulsky HJ, Trends Pharmacol Sci 1989;10:227",
    MOST_LABEL,
    sense="at most",
    examples=(
        Example({"ligand_molar": 2e-10, "kd_molar": 8e-10, "ligand_spread": 1.0}, Severity.PASS),
        Example({"ligand_molar": 7e-10, "kd_molar": 8.4e-10, "ligand_spread": 1.0}, Severity.WARN),
        Example({"ligand_molar": 7e-10, "kd_molar": 8.4e-10, "ligand_spread": 2.0}, Severity.WARN),
        Example({"ligand_molar": 7e-10, "kd_molar": 8.4e-10, "ligand_spread": 6.0}, Severity.PASS),
    ),
)
