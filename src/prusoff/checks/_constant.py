"""Checks of a constant that a Ki hangs on, Kd or Km: is it one of this assay, and how well is it known?"""

from __future__ import annotations

import math
from functools import partial

from ..core.check import Check, Example, Fact, Facts, Finding, Severity, is_known
from ._verdict import molar, percent, verdict

MOST_ERROR, USELESS_ERROR = 0.50, 1.0

_CONDITIONS = (("temperature", "temperature_c"), ("species", "species"), ("tissue or cells", "system"))


def conditions_check(code: str, symbol: str, advice: str) -> Check:
    """Whether a constant ('Kd') was measured at the temperature, in the species and the tissue of the assay.

    Its facts are 'kd_temperature_c' against 'assay_temperature_c' and so on; `advice` is what to do where they differ.
    """
    own = symbol.lower()
    return Check(
        code,
        f"Where {symbol} comes from",
        (),
        partial(_belongs, symbol=symbol, advice=advice),
        "IUPHAR: Neubig RR et al., Pharmacol Rev 2003;55:597",
        uses=tuple(
            Fact(f"{side}_{name}", f"{word} {where}", "°C" if name == "temperature_c" else "")
            for word, name in _CONDITIONS
            for side, where in ((own, f"at which {symbol} was measured"), ("assay", "of this assay"))
        ),
        examples=(
            Example({f"{own}_temperature_c": 25.0, "assay_temperature_c": 25.0}, Severity.PASS),
            Example({f"{own}_temperature_c": 4.0, "assay_temperature_c": 25.0}, Severity.WARN),
            Example({f"{own}_species": "rat", "assay_species": "human"}, Severity.WARN),
            Example({f"{own}_species": "", "assay_species": "human"}, Severity.NOT_ASSESSED),
        ),
    )


def error_check(code: str, symbol: str, owner: str) -> Check:
    """How large the standard error of a constant of its owner ('the radioligand') is; facts 'kd_molar' and so on."""
    own = symbol.lower()
    return Check(
        code,
        f"How well {symbol} is known",
        (
            Fact(f"{own}_molar", f"the {symbol} of {owner}", "M"),
            Fact(f"{own}_relative_se", f"the standard error of {symbol} as a fraction of {symbol}"),
        ),
        partial(_known, symbol=symbol),
        f"Limits set here; the error of {symbol} is part of that of Ki (Cheng Y-C, Prusoff WH, Biochem Pharmacol "
        "1973;22:3099)",
        100 * MOST_ERROR,
        "%",
        sense="at most",
        examples=(
            Example({f"{own}_molar": 8e-10, f"{own}_relative_se": 0.1}, Severity.PASS),
            Example({f"{own}_molar": 8e-10, f"{own}_relative_se": 0.0}, Severity.NOTE),
            Example({f"{own}_molar": 8e-10, f"{own}_relative_se": 0.6}, Severity.WARN),
            Example({f"{own}_molar": 8e-10, f"{own}_relative_se": 100.0}, Severity.FAIL),
        ),
    )


def _belongs(facts: Facts, symbol: str, advice: str) -> Finding:
    own = symbol.lower()
    stated = [
        (word, facts[f"{own}_{name}"], facts[f"assay_{name}"])
        for word, name in _CONDITIONS
        if is_known(facts.get(f"{own}_{name}")) and is_known(facts.get(f"assay_{name}"))
    ]
    differ = [
        f"{word} ({_said(constant)} against {_said(assay)})"
        for word, constant, assay in stated
        if not _same(constant, assay)
    ]
    if not stated:
        needed = f"the conditions under which {symbol} was measured (temperature, species, tissue)"
        return Finding(Severity.NOT_ASSESSED, f"Not assessed: it needs {needed}.")
    return verdict(
        float(len(differ)),
        f"{symbol} was measured under the conditions of this assay ({', '.join(word for word, *_ in stated)}).",
        (
            bool(differ),
            Severity.WARN,
            f"{symbol} was not measured under the conditions of this assay: {', '.join(differ)}. {advice}",
        ),
    )


def _same(one: object, other: object) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, abs_tol=2.0)  # a bath holds two degrees
    return str(one).casefold() == str(other).casefold()


def _said(value: object) -> str:
    return f"{value:g} °C" if isinstance(value, (int, float)) else str(value)


def _known(facts: Facts, symbol: str) -> Finding:
    own = symbol.lower()
    error = facts[f"{own}_relative_se"]
    told = f"The standard error of {symbol} ({molar(facts[f'{own}_molar'])}) is {percent(error)} of it"
    return verdict(
        100 * error,
        f"{told}.",
        (
            error > USELESS_ERROR,
            Severity.FAIL,
            f"{told}: such a {symbol} gives no Ki. Check the unit of the error, or measure {symbol}.",
        ),
        (
            error > MOST_ERROR,
            Severity.WARN,
            f"{told} (50 % is the limit set here): the Ki is known to no better. Check the unit of the error, or "
            f"measure {symbol} again.",
        ),
        (
            error == 0,
            Severity.NOTE,
            f"The stated error of {symbol} is zero, so {symbol} is taken as exact; the interval of the Ki holds for "
            f"this {symbol} only.",
        ),
    )
