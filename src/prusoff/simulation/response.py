"""A bench of functional assays that does not exist: agonists and antagonists on cells whose response is counted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..core.plate import Role, Treatment


@dataclass(frozen=True)
class Agonist:
    """What is true of an agonist: EC50 in mol/L, and its maximum as a part (below 1) of what the system can give."""

    ec50_molar: float
    emax: float = 0.98

    @property
    def tau(self) -> float:
        """Efficacy: with a transducer slope of 1 the maximum is tau/(1 + tau)."""
        return self.emax / (1.0 - self.emax)

    @property
    def ka_molar(self) -> float:
        """Dissociation constant: EC50 = KA/(1 + tau)."""
        return self.ec50_molar * (1.0 + self.tau)


@dataclass(frozen=True)
class Antagonist:
    """What is true of an antagonist: `kb_molar` where it moves the agonist's curve, `taken_kb_molar` where it takes
    receptors away.

    `equilibration` is koff times the time before the agonist: infinite at equilibrium, else the antagonist has bound
    less than it will, the less the lower its concentration. `alpha` is what a modulator leaves of the affinity of the
    agonist (or adds to it, above 1); a competitor leaves none.
    """

    kb_molar: float = math.inf
    taken_kb_molar: float = math.inf
    equilibration: float = math.inf
    alpha: float = 0.0

    def shift(self, molar: float) -> float:
        """How many times more agonist is needed for the same occupancy at this concentration (mol/L)."""
        b = molar / self.kb_molar
        if not math.isinf(self.equilibration):
            taken = b / (1.0 + b) * -math.expm1(-(1.0 + b) * self.equilibration)
            b = taken / (1.0 - taken)
        return (1.0 + b) / (1.0 + self.alpha * b)


@dataclass(frozen=True)
class Cells:
    """The system and its counter: counts of a well without agonist and on top of that at the system's maximum.

    Every addition varies by `pipetting_cv`, the cells of a well by `cell_cv`; `empty_counts` come from no cells.
    """

    basal_counts: float = 1500.0
    span_counts: float = 18000.0
    empty_counts: float = 80.0
    pipetting_cv: float = 0.03
    cell_cv: float = 0.04


@dataclass(frozen=True)
class Responses:
    """What is true at this bench: agonists and antagonists by name; `sensitivity` divides every EC50 on a day."""

    agonists: Mapping[str, Agonist]
    antagonists: Mapping[str, Antagonist] = field(default_factory=dict)
    sensitivity: float = 1.0


def response_part(agonist: Agonist, molar: float, antagonist: Antagonist, second_molar: float) -> float:
    """The part of the system's span that these concentrations (mol/L) give, by the operational model with slope 1.

    Source: Black JW, Leff P, Proc R Soc Lond B 1983;220:141.
    """
    tau = agonist.tau / (1.0 + second_molar / antagonist.taken_kb_molar)
    ka = agonist.ka_molar * antagonist.shift(second_molar)
    return tau * molar / (ka + molar * (1.0 + tau)) if molar > 0 else 0.0


def count_responses(
    treatments: Sequence[Treatment], truth: Responses, cells: Cells, rng: np.random.Generator
) -> list[int]:
    """Counts of wells that were treated like this; blank wells hold no cells."""
    return [_count(one, truth, cells, rng) for one in treatments]


def _count(well: Treatment, truth: Responses, cells: Cells, rng: np.random.Generator) -> int:
    added, second, seeded = rng.standard_normal(3)
    if well.role in (Role.BLANK, Role.BACKGROUND):
        return int(rng.poisson(cells.empty_counts))
    part = 0.0
    if well.role is Role.COMPOUND:
        part = response_part(
            truth.agonists[well.compound],
            well.concentration_molar * truth.sensitivity * max(0.0, 1.0 + cells.pipetting_cv * added),
            truth.antagonists.get(well.second_compound, Antagonist()),
            _known(well.second_molar) * max(0.0, 1.0 + cells.pipetting_cv * second),
        )
    alive = max(0.0, 1.0 + cells.cell_cv * seeded)
    return int(rng.poisson(cells.empty_counts + alive * (cells.basal_counts + cells.span_counts * part)))


def _known(molar: float) -> float:
    return 0.0 if math.isnan(molar) else molar
