"""Is the Kd that every Ki hangs on one of this assay, and how well is it known?"""

from __future__ import annotations

import math

from ..core.check import Check, Example, Fact, Facts, Finding, Severity, is_known
from ._verdict import molar, percent, verdict

MOST_KD_ERROR, USELESS_KD_ERROR = 0.50, 1.0

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


def _kd_error(facts: Facts) -> Finding:
    error = facts["kd_relative_se"]
    told = f"The standard error of Kd ({molar(facts['kd_molar'])}) is {percent(error)} of it"
    return verdict(
        100 * error,
        f"{told}.",
        (
            error > USELESS_KD_ERROR,
            Severity.FAIL,
            f"{told}: such a Kd gives no Ki. Check the unit of the error, or measure Kd.",
        ),
        (
            error > MOST_KD_ERROR,
            Severity.WARN,
            f"{told} (50 % is the limit set here): the Ki is known to no better. Check the unit of the error, or "
            "measure Kd again.",
        ),
        (
            error == 0,
            Severity.NOTE,
            "The stated error of Kd is zero, so Kd is taken as exact; the interval of the Ki holds for this Kd only.",
        ),
    )


KD_ERROR = Check(
    "W-KD-SE",
    "How well Kd is known",
    (
        Fact("kd_molar", "the Kd of the radioligand", "M"),
        Fact("kd_relative_se", "the standard error of Kd as a fraction of Kd"),
    ),
    _kd_error,
    "Limits set here; the error of Kd is part of that of Ki (Cheng Y-C, Prusoff WH, Biochem Pharmacol 1973;22:3099)",
    100 * MOST_KD_ERROR,
    "%",
    sense="at most",
    examples=(
        Example({"kd_molar": 8e-10, "kd_relative_se": 0.1}, Severity.PASS),
        Example({"kd_molar": 8e-10, "kd_relative_se": 0.0}, Severity.NOTE),
        Example({"kd_molar": 8e-10, "kd_relative_se": 0.6}, Severity.WARN),
        Example({"kd_molar": 8e-10, "kd_relative_se": 100.0}, Severity.FAIL),
    ),
)
