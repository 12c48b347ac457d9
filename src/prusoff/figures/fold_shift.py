"""What variants of a target do to the constants of compounds: fold shifts with intervals against a margin."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..core.figure import Figure, FigureSpec, Mark, Panel, Rule, Scale
from ..core.result import AssayResult, Ratio
from ._dots import MOST_ROWS, Dot, dots, height, rows, span, stripes

FOLD_SHIFT = "fold shift"
_COLOURS = {"unaffected": 2, "weaker": 1, "stronger": 0, "cannot tell": 7}


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every thirty fold shifts; nothing where there is none."""
    every = [one for one in result.ratios if one.name == FOLD_SHIFT and one.estimate.value > 0]
    parts = [every[start : start + MOST_ROWS] for start in range(0, len(every), MOST_ROWS)]
    return tuple(
        _figure("fold_shift" if len(parts) == 1 else f"fold_shift_{number}", part)
        for number, part in enumerate(parts, start=1)
    )


def _figure(name: str, shifts: Sequence[Ratio]) -> FigureSpec:
    all_dots = [
        Dot(row, one.estimate, one.verdict or "fold shift", _COLOURS.get(one.verdict, 7))
        for row, one in enumerate(shifts)
    ]
    margin = next((one.margin for one in shifts if math.isfinite(one.margin)), math.nan)
    low, high = span([one.estimate for one in shifts])
    limits = min(low, 0.8 / margin if margin > 1 else 0.5), max(high, 1.25 * margin if margin > 1 else 2.0)
    marks: list[Mark] = [Rule(x=1.0, dashed=False)]
    if margin > 1:
        marks += [Rule(x=1.0 / margin), Rule(x=margin)]
    panel = Panel(
        Scale("fold shift", log10=True, limits=limits, ticks=_ticks(limits)),
        rows([one.subject for one in shifts]),
        (*stripes(len(shifts), limits), *marks, *dots(all_dots, limits)),
    )
    told = "; ".join(f"{one.subject}: {one.verdict or one.estimate.amount}" for one in shifts)
    within = f" The dashed lines are the margin of {margin:g}-fold either way." if margin > 1 else ""
    return FigureSpec(
        name,
        "Fold shifts at variants",
        f"Constants at variants over those at the wild type with intervals: {told}.",
        (panel,),
        f"Constant at the variant over that at the wild type, with its interval; right of 1 is weaker.{within} "
        "Unaffected are compounds whose whole interval lies within the margin. A hollow point is a bound, the value "
        "lies on the side of its line.",
        columns=1,
        panel_size=(5.6, height(len(shifts))),
    )


def _ticks(limits: tuple[float, float]) -> tuple[tuple[float, str], ...]:
    """1, 3, 10, 30 and so on either way; in a wide span the decades alone."""
    most = math.ceil(max(abs(math.log10(end)) for end in limits))
    steps = (1.0, 3.0) if math.log10(limits[1] / limits[0]) <= 4 else (1.0,)
    folds = [step * 10.0**power for power in range(most + 1) for step in steps]
    ticks = [(1.0 / fold, f"1/{fold:g}") for fold in reversed(folds) if fold > 1]
    ticks += [(fold, f"{fold:g}") for fold in folds]
    return tuple((value, text) for value, text in ticks if limits[0] <= value <= limits[1])


fold_shift = Figure("fold_shift", "Fold shifts at variants", build)
