"""Does a variant have constants of its own?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity
from ._verdict import molar, verdict


def _own_kd(facts: Facts) -> Finding:
    label, variant, wild_type = (str(facts[name]) for name in ("label", "variant", "wild_type"))
    kd = facts["kd_molar"]
    told = f"The Kd of {label} at {variant} is {molar(kd)}"
    return verdict(
        None,
        f"{told}, stated for the variant.",
        (
            kd == facts["wild_type_kd_molar"] and facts["kd_source"] == facts["wild_type_kd_source"],
            Severity.WARN,
            f"{told}, that of {wild_type} from the same source: a mutation that moves the label moves every Ki "
            "computed with it, and may feign or hide a fold shift. Measure Kd at the variant by saturation.",
        ),
    )


OWN_KD = Check(
    "W-KD-VAR",
    "Kd of the label at the variant",
    (
        Fact("label", "the name of the label"),
        Fact("variant", "the variant"),
        Fact("wild_type", "its wild type"),
        Fact("kd_molar", "the Kd of the label at the variant", "M"),
        Fact("kd_source", "where it comes from"),
        Fact("wild_type_kd_molar", "the Kd of the label at the wild type", "M"),
        Fact("wild_type_kd_source", "where that comes from"),
    ),
    _own_kd,
    "Andersen J et al., J Biol Chem 2009;284:10276",
    examples=(
        Example(
            {
                "label": "[3H]x",
                "variant": "SERT S438T",
                "wild_type": "SERT",
                "kd_molar": 2e-9,
                "kd_source": "saturation at S438T",
                "wild_type_kd_molar": 1e-9,
                "wild_type_kd_source": "saturation",
            },
            Severity.PASS,
        ),
        Example(
            {
                "label": "[3H]x",
                "variant": "SERT S438T",
                "wild_type": "SERT",
                "kd_molar": 1e-9,
                "kd_source": "saturation",
                "wild_type_kd_molar": 1e-9,
                "wild_type_kd_source": "saturation",
            },
            Severity.WARN,
        ),
    ),
)
