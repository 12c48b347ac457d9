"""The section of a report in which constants are set against each other: selectivities, fold shifts, other ratios."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..core.estimate import Estimate, Relation, figures
from ..core.report import Paragraph, Section, TableBlock
from ..core.result import AssayResult, Pooled, Ratio
from ..core.selectivity import SELECTIVITY, Selectivity, selectivities

FOLD_SHIFT = "fold shift"
SMALL = 0.1  # a ratio below is read more easily the other way round
_TITLES: Mapping[str, str] = {SELECTIVITY: "Selectivity", FOLD_SHIFT: "Fold shifts at variants"}


def ratio_sections(result: AssayResult) -> tuple[Section, ...]:
    """One section for every kind of ratio, in the order in which they were made."""
    by_name: dict[str, list[Ratio]] = {}
    for one in result.ratios:
        by_name.setdefault(one.name, []).append(one)
    return tuple(
        Section(_TITLES.get(name, f"{name[:1].upper()}{name[1:]}"), tuple(_blocks(result, name, ratios)))
        for name, ratios in by_name.items()
    )


def _blocks(result: AssayResult, name: str, ratios: list[Ratio]) -> Iterator[TableBlock | Paragraph]:
    found = selectivities(result) if name == SELECTIVITY else ()
    if found:
        yield _preferences(found)
        yield _pairs(found, ratios)
        return
    yield _table(name, ratios)


def _preferences(found: tuple[Selectivity, ...]) -> TableBlock:
    targets = tuple(found[0].constants)
    quantity = next(
        value.estimate.name for one in found for value in one.constants.values() if value is not None
    )
    rows = tuple(
        (
            one.compound,
            *(_constant(one.constants.get(target)) for target in targets),
            one.text,
            f"> {figures(one.least, 3)}-fold over {one.nearest}" if one.least > 1 else "",
        )
        for one in found
    )
    return TableBlock(
        f"{quantity} at every target, and the target that is preferred. The last column is the lower limit of the "
        "ratio to the nearest other target.",
        ("Compound", *(f"{quantity} at {target}" for target in targets), "Most potent at", "By at least"),
        rows,
        numeric=tuple(range(1, 1 + len(targets))),
        sheet="Selectivity",
    )


def _constant(one: Pooled | None) -> str:
    return "" if one is None else one.estimate.amount


def _pairs(found: tuple[Selectivity, ...], ratios: list[Ratio]) -> TableBlock:
    """A row for every compound, a column for every pair of targets."""
    of_pair: dict[tuple[str, str], dict[str, str]] = {}
    for selectivity in found:
        named = {one.subject: site for site, one in selectivity.constants.items() if one is not None}
        for ratio in ratios:
            if ratio.subject in named and ratio.reference in named:
                pair = named[ratio.subject], named[ratio.reference]
                of_pair.setdefault(pair, {})[selectivity.compound] = fold_text(ratio.estimate)
    rows = tuple(
        (one.compound, *(cells.get(one.compound, "") for cells in of_pair.values())) for one in found
    )
    return TableBlock(
        "Ratios between targets with their intervals: above 1 the second target of the pair is preferred.",
        ("Compound", *(f"{over} / {under}" for over, under in of_pair)),
        rows,
        numeric=tuple(range(1, 1 + len(of_pair))),
        sheet="Selectivity ratios",
    )


def fold_text(ratio: Estimate) -> str:
    """A ratio as it is read: small ones as one over so much, with the limits in their order.

    >>> fold_text(Estimate("ratio", 0.0004, "", 0.00032, 0.0005))
    '1/2500 (1/3125–1/2000)'
    >>> fold_text(Estimate("ratio", 25.0, "", 20.0, 31.0))
    '25.0 (20.0–31.0)'
    """
    if not 0 < ratio.value < SMALL:
        return ratio.amount
    low, high = (1.0 / end if end > 0 else math.inf for end in (ratio.high, ratio.low))
    turned = replace(ratio, value=1.0 / ratio.value, low=low, high=high)
    value, *limits = re.findall(r"[\d.]+", turned.amount)
    sign = "" if ratio.relation is Relation.EQUAL else f"{ratio.relation} "
    if len(limits) != 2:
        return f"{sign}1/{value}" if not limits else ratio.amount
    return f"{sign}1/{value} (1/{limits[1]}–1/{limits[0]})"


def _sheet(name: str) -> str:
    """The name of a sheet: what a workbook takes, in at most 31 characters."""
    plain = "".join(one for one in name if one not in "[]:*?/\\'")
    return f"{plain[:1].upper()}{plain[1:]}"[:31]


def _table(name: str, ratios: list[Ratio]) -> TableBlock:
    verdicts = any(one.verdict for one in ratios)
    rows = tuple(
        (
            one.subject,
            one.reference,
            one.estimate.amount,
            *((one.verdict,) if verdicts else ()),
            one.sentence,
        )
        for one in ratios
    )
    margins = {one.margin for one in ratios if math.isfinite(one.margin)}
    against = f", judged against a margin of {margins.pop():g}-fold either way" if len(margins) == 1 else ""
    columns = ("Of", "Over", "Ratio (interval)", *(("Verdict",) if verdicts else ()), "What it says")
    return TableBlock(
        f"Every {name} with its interval{against}.",
        columns,
        rows,
        numeric=(2,),
        sheet=_sheet(name),
    )
