"""What a mutation does to an affinity: fold shift, free energy, verdict, coupling of two mutations, transfer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from ..core.errors import InputError, Problem
from ..core.estimate import Estimate
from ..core.measured import Measured
from ._censored import t_quantile

GAS_CONSTANT = 8.31446261815324e-3  # kJ/(mol K); exact since the SI of 2019
USUAL_MARGIN = 3.0


class Shift(StrEnum):
    """What the interval of a fold shift says against an equivalence margin."""

    UNAFFECTED = "unaffected"
    WEAKER = "weaker"
    STRONGER = "stronger"
    UNCLEAR = "cannot tell"


@dataclass(frozen=True)
class Coupling:
    """How much two mutations differ together from the sum of each alone; 0 means that they act independently.

    `log10` is pKi,wt - pKi,A - pKi,B + pKi,AB, `energy` the same in kJ/mol, `omega` its antilog, `z` the coupling over
    its standard error.
    """

    log10: Measured
    energy: Measured

    @property
    def omega(self) -> float:
        """The coupling as a factor."""
        return float(10.0**self.log10.value)

    @property
    def z(self) -> float:
        """The coupling in standard errors; infinite where it has none."""
        return self.log10.value / self.log10.se if self.log10.se > 0 else math.inf


def fold_shift(wild_type: Measured, mutant: Measured, level: float = 0.95) -> Estimate:
    """Ki at a mutant over Ki at the wild type, from the two pKi with their standard errors (normal interval).

    >>> str(fold_shift(Measured(8.52, 0.06), Measured(7.61, 0.08)))
    'fold shift 8.1 (5.2–12.8)'
    """
    log = wild_type - mutant
    half = t_quantile(level, math.inf) * log.se
    return Estimate(
        "fold shift",
        10.0**log.value,
        "",
        10.0 ** (log.value - half),
        10.0 ** (log.value + half),
        level,
        method="difference of logs, normal interval",
        log10_se=log.se,
    )


def free_energy_kj(log10_fold: float, temperature_c: float) -> float:
    """The change of binding free energy in kJ/mol that belongs to log10 of a fold shift: RT ln 10 log10 F.

    >>> round(free_energy_kj(0.91, 25.0), 4)
    5.1943
    """
    return GAS_CONSTANT * (temperature_c + 273.15) * math.log(10.0) * log10_fold


def judged(shift: Estimate, margin: float = USUAL_MARGIN) -> Shift:
    """What a fold shift says: unaffected only where its whole interval lies within the margin (3: from 1/3 to 3-fold).

    A difference that is merely not significant is no sign of equivalence: where the interval reaches beyond the
    margin, and does not lie beyond it as a whole, the answer is 'cannot tell'. A bound counts where it lies beyond.
    """
    if not margin > 1:
        raise InputError(
            Problem(
                f"an equivalence margin of {margin:g}-fold leaves no room",
                "settings > margin",
                "Write 3 for three-fold either way",
                "E-SETTING",
            )
        )
    low, high = _limits(shift)
    if low > margin:
        return Shift.WEAKER
    if high < 1.0 / margin:
        return Shift.STRONGER
    inside = not shift.is_bound and low >= 1.0 / margin and high <= margin
    return Shift.UNAFFECTED if inside else Shift.UNCLEAR


def double_mutant_cycle(
    wild_type: Measured, first: Measured, second: Measured, both: Measured, temperature_c: float
) -> Coupling:
    """Coupling of two mutations from the pKi at the wild type, at each mutant and at the double mutant.

    Errors by quadrature. Source: Carter PJ, Winter G, Wilkinson AJ, Fersht AR, Cell 1984;38:835.
    """
    log = wild_type - first - second + both
    return Coupling(log, log * free_energy_kj(1.0, temperature_c))


def transferred_fraction(mutant: Measured, recipient: Measured, donor: Measured) -> Measured:
    """Which part of the difference in pKi between two transporters a swap of residues carries over.

    `mutant` is the recipient with the residues of the donor: 0 means that nothing, 1 that all is transferred. Raises
    InputError where donor and recipient do not differ by more than two standard errors: there is nothing to transfer.
    """
    span = donor - recipient
    if not abs(span.value) > 2 * span.se or span.value == 0:
        raise InputError(
            Problem(
                f"the pKi of donor and recipient differ by {span.value:.2f} ± {span.se:.2f}",
                fix="A transferred fraction needs transporters that the compound tells apart",
                code="E-TRANSFER",
            )
        )
    part = (mutant.value - recipient.value) / span.value
    errors = mutant.se, part * donor.se, (1.0 - part) * recipient.se
    return Measured(part, math.hypot(*errors) / abs(span.value))


def _limits(shift: Estimate) -> tuple[float, float]:
    if shift.is_bound:
        above = shift.relation.value == ">"
        return (shift.value, math.inf) if above else (0.0, shift.value)
    if not shift.has_interval or math.isnan(shift.value):
        return 0.0, math.inf
    return shift.low, shift.high
