"""How a block curve ended: with an IC50 inside the range tested, or with a bound, as percent of block are absolute."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.estimate import Relation, figures
from ...core.fit import Fit, Outcome
from .cells import FULL

NOTHING = (Outcome.FAILED, Outcome.NO_RESPONSE)


@dataclass(frozen=True)
class Ending:
    """The outcome of a block curve and why; `relation` says whether the IC50 is a value or lies beyond `log_bound`."""

    outcome: Outcome
    reason: str = ""
    relation: Relation = Relation.EQUAL
    log_bound: float = 0.0


def ending(fit: Fit, lowest: float, highest: float) -> Ending:
    """How a curve over this range (log10 mol/L) ended.

    Zero and full block are known, so half of it is an absolute level: where the curve passes it inside the range the
    IC50 is a value, however near an end; where it does not, the IC50 lies beyond the end.
    """
    if fit.outcome in NOTHING:
        return Ending(fit.outcome, fit.reason)
    first, last = (float(block) for block in fit.predict(np.array([lowest, highest])))
    half = FULL / 2.0
    for short, block, end, relation in (
        (last < half, last, highest, Relation.ABOVE),
        (first > half, first, lowest, Relation.BELOW),
    ):
        if short:
            where, less = ("highest", "less") if relation is Relation.ABOVE else ("lowest", "more")
            reason = (
                f"By the curve {figures(block, 2)} % of the current are blocked at {figures(10.0**end, unit='M')}, the "
                f"{where} concentration tested: {less} than half."
            )
            return Ending(Outcome.CENSORED, reason, relation, end)
    interval = fit.intervals.get("log_ic50")
    if interval is not None and not (lowest <= interval.low and interval.high <= highest):
        told = "The interval of the IC50 reaches beyond the concentrations tested."
        return Ending(Outcome.FLAGGED, told)
    if fit.outcome is Outcome.FLAGGED:
        return Ending(fit.outcome, fit.reason)
    return Ending(Outcome.OK)
