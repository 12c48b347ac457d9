"""The fits of many independent curves as columns: what a screen gives back, of ten curves or of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .equation import Array, Equation
from .errors import UnknownName
from .estimate import Relation
from .fit import Outcome

Codes: TypeAlias = npt.NDArray[np.int32]
OUTCOMES: tuple[Outcome, ...] = tuple(Outcome)
RELATIONS: tuple[Relation, ...] = (Relation.EQUAL, Relation.ABOVE, Relation.BELOW)


@dataclass(frozen=True)
class Fits:
    """One law fitted to many curves, each on its own; every column is in the order of the curves.

    `names` are the fitted parameters; `values`, `se`, `low` and `high` are (parameter, curve) on the scale of the fit
    (log10 for `log_...`); an open side of an interval is infinite, a number that does not exist is nan. `outcome` holds
    positions in OUTCOMES. `relation` holds positions in RELATIONS: where it is not '=', only `bound` is known of the
    location, and the location lies above or below it. `reason` holds positions in `sentences`: what must be known of
    a fit before it is used ('' where there is nothing). `p_response` is the probability that a curve without response
    looks so by chance.
    """

    equation: Equation
    names: tuple[str, ...]
    values: Array
    se: Array
    low: Array
    high: Array
    outcome: npt.NDArray[np.int8]
    relation: npt.NDArray[np.int8]
    bound: Array
    reason: Codes
    sentences: tuple[str, ...]
    sum_of_squares: Array
    df: npt.NDArray[np.int64]
    points: npt.NDArray[np.int64]
    p_response: Array
    weighting: str
    intervals: str
    level: float
    scale_known: bool = False
    fixed: Mapping[str, float] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.outcome.size)

    def index(self, name: str) -> int:
        """Position of a fitted parameter."""
        if name not in self.names:
            raise UnknownName.among(name, self.names, "fitted parameter")
        return self.names.index(name)

    def value(self, name: str) -> Array:
        """The values of a fitted or fixed parameter, (curve,)."""
        if name in self.fixed:
            return np.full(len(self), self.fixed[name])
        found: Array = self.values[self.index(name)]
        return found

    @property
    def usable(self) -> npt.NDArray[np.bool_]:
        """Where the parameters may be used as values, (curve,)."""
        table = np.array([outcome.usable for outcome in OUTCOMES])
        found: npt.NDArray[np.bool_] = table[self.outcome]
        return found

    def outcome_of(self, curve: int) -> Outcome:
        """How the fit of one curve ended."""
        return OUTCOMES[int(self.outcome[curve])]

    def reason_of(self, curve: int) -> str:
        """What must be known of the fit of one curve before it is used."""
        return self.sentences[int(self.reason[curve])]

    @property
    def tally(self) -> dict[Outcome, int]:
        """How many curves ended in which way; ways that did not occur are left out."""
        counts = np.bincount(self.outcome, minlength=len(OUTCOMES))
        return {outcome: int(counts[k]) for k, outcome in enumerate(OUTCOMES) if counts[k]}


def joined(parts: Sequence[Fits]) -> Fits:
    """The fits of the parts of a table, one after another; all are of the same law and settings."""
    first = parts[0]
    sentences: dict[str, int] = {}
    reasons = []
    for part in parts:
        table = np.array(
            [sentences.setdefault(one, len(sentences)) for one in part.sentences], dtype=np.int32
        )
        reasons.append(table[part.reason])
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts], axis=-1)
        for name in (
            *("values", "se", "low", "high", "outcome", "relation", "bound"),
            *("sum_of_squares", "df", "points", "p_response"),
        )
    }
    return Fits(
        equation=first.equation,
        names=first.names,
        reason=np.concatenate(reasons),
        sentences=tuple(sentences),
        weighting=first.weighting,
        intervals=first.intervals,
        level=first.level,
        scale_known=first.scale_known,
        fixed=first.fixed,
        **columns,
    )
