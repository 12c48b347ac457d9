"""`units.md`: kinds of quantity, the spellings that are read, and the range that is plausible at a bench."""

from __future__ import annotations

import math

from prusoff.core.kinds import KINDS, Kind

from .markdown import bullets, code, codes, number, page, table

MICRO = "\N{MICRO SIGN}\N{GREEK SMALL LETTER MU}"


def text() -> str:
    """The page."""
    about = (
        "Text has units at the border only; inside, every kind of quantity has one unit. Only the spellings listed "
        "here are read, capital and small letters as they stand: `nm`, `MM` and `1 m` are refused. Values outside the "
        "plausible range are refused too, because nearly always the unit is wrong. Counts are a dimension of their "
        "own: cpm never become dpm without a counting efficiency."
    )
    rows = [(kind.name, kind.inside or "(none)", _range(kind), code(kind.example)) for kind in KINDS.values()]
    summary = table(("kind", "inside unit", "plausible values, inside unit", "example"), rows)
    micro = "The letter u may also be µ (micro sign) or μ (Greek mu)."
    spellings = bullets(f"**{kind.name}**: {_spelled(kind)}" for kind in KINDS.values())
    return page("Units", about, summary, "## Spellings", micro, spellings)


def _spelled(kind: Kind) -> str:
    """The spellings, those that differ in the letter for micro once; a table of ratios as its two sides."""
    told = [one for one in kind.spellings if not set(one) & set(MICRO)]
    parts = [one.split("/") for one in told if one.count("/") == 1]
    above, below = (list(dict.fromkeys(side)) for side in zip(*parts, strict=True)) if parts else ([], [])
    if len(told) == len(parts) == len(above) * len(below) > 4:
        return f"{codes(above)} over {codes(below)}"
    return codes(told)


def _range(kind: Kind) -> str:
    if math.isinf(kind.least) and math.isinf(kind.most):
        return "any"
    if math.isinf(kind.most):
        return f"≥ {number(kind.least)}"
    return (
        f"≤ {number(kind.most)}" if math.isinf(kind.least) else f"{number(kind.least)} to {number(kind.most)}"
    )
