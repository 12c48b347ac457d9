"""The constants of every compound at every target of a panel, one row a compound."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.figure import Figure, FigureSpec, Panel, Scale
from ..core.result import AssayResult
from ..core.selectivity import Selectivity, selectivities
from ._axes import concentration_ticks
from ._dots import MOST_ROWS, Dot, dots, height, rows, span, stripes
from ._series import colour


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every thirty compounds; nothing where no two targets were compared."""
    every = tuple(
        one for one in selectivities(result) if any(value is not None for value in one.constants.values())
    )
    if not every:
        return ()
    parts = [every[start : start + MOST_ROWS] for start in range(0, len(every), MOST_ROWS)]
    return tuple(
        _figure("selectivity" if len(parts) == 1 else f"selectivity_{number}", part)
        for number, part in enumerate(parts, start=1)
    )


def _figure(name: str, compounds: Sequence[Selectivity]) -> FigureSpec:
    targets = tuple(compounds[0].constants)
    quantity = next(
        value.estimate.name for one in compounds for value in one.constants.values() if value is not None
    )
    all_dots = [
        Dot(row, value.estimate, target, colour(number), _shift(number, len(targets)))
        for row, one in enumerate(compounds)
        for number, (target, value) in enumerate(one.constants.items())
        if value is not None and value.estimate.value > 0
    ]
    limits = span([dot.estimate for dot in all_dots])
    panel = Panel(
        Scale(quantity, log10=True, limits=limits, ticks=concentration_ticks(*limits)),
        rows([one.compound for one in compounds]),
        (*stripes(len(compounds), limits), *dots(all_dots, limits)),
    )
    told = "; ".join(f"{one.compound}: {one.text}" for one in compounds)
    return FigureSpec(
        name,
        f"{quantity} at {', '.join(targets)}",
        f"{quantity} of {len(compounds)} compounds at {', '.join(targets)} with intervals. Most potent at: {told}.",
        (panel,),
        f"{quantity} over independent experiments with its interval, one row a compound; left is more potent. A hollow "
        "point is a bound, the value lies on the side of its line. Ratios with their intervals are in the table of "
        "selectivities: intervals that overlap here may still tell two targets apart.",
        columns=1,
        panel_size=(5.6, height(len(compounds))),
    )


def _shift(number: int, targets: int) -> float:
    """Where the dot of a target stands in its row, so that none hides another."""
    return 0.0 if targets == 1 else 0.5 * (number / (targets - 1) - 0.5)


selectivity = Figure("selectivity", "Constants of compounds at the targets of a panel", build)
