"""Fold shifts against a margin, couplings and transferred fractions: what may be said and what may not."""

import math

import pytest

from prusoff.affinity.mutants import (
    Shift,
    double_mutant_cycle,
    fold_shift,
    free_energy_kj,
    judged,
    transferred_fraction,
)
from prusoff.core.errors import InputError
from prusoff.core.estimate import Estimate, Relation
from prusoff.core.measured import Measured


def shift(value, low, high, relation=Relation.EQUAL):
    return Estimate("fold shift", value, "", low, high, relation=relation)


@pytest.mark.parametrize(
    ("estimate", "verdict"),
    [
        (shift(1.1, 0.7, 1.8), Shift.UNAFFECTED),
        (shift(1.8, 1.2, 2.7), Shift.UNAFFECTED),  # significant, and yet within the margin
        (shift(1.1, 0.3, 4.0), Shift.UNCLEAR),  # not significant, and no equivalence
        (shift(8.0, 5.0, 13.0), Shift.WEAKER),
        (shift(4.0, 2.5, 6.4), Shift.UNCLEAR),  # significant, but on both sides of the margin
        (shift(0.1, 0.05, 0.2), Shift.STRONGER),
        (shift(1.0, math.nan, math.nan), Shift.UNCLEAR),
        (shift(math.nan, math.nan, math.nan), Shift.UNCLEAR),
        (shift(40.0, math.nan, math.nan, Relation.ABOVE), Shift.WEAKER),
        (shift(2.0, math.nan, math.nan, Relation.ABOVE), Shift.UNCLEAR),
        (shift(0.1, math.nan, math.nan, Relation.BELOW), Shift.STRONGER),
        (shift(2.0, math.nan, math.nan, Relation.BELOW), Shift.UNCLEAR),
    ],
)
def test_unaffected_is_said_only_where_the_whole_interval_lies_within_the_margin(estimate, verdict):
    assert judged(estimate) is verdict


def test_the_margin_is_a_setting_and_has_to_leave_room():
    assert judged(shift(1.8, 1.2, 2.7), 2.0) is Shift.UNCLEAR
    with pytest.raises(InputError, match="leaves no room"):
        judged(shift(1.0, 0.9, 1.1), 1.0)


def test_a_mutant_that_changes_nothing_has_a_fold_shift_of_one_and_no_energy():
    found = fold_shift(Measured(8.0, 0.1), Measured(8.0, 0.1))
    assert found.value == 1.0
    assert found.low * found.high == pytest.approx(1.0)
    assert free_energy_kj(0.0, 25.0) == 0.0


def test_additive_mutations_are_not_coupled():
    found = double_mutant_cycle(
        Measured(9.0, 0.1), Measured(8.2, 0.1), Measured(7.9, 0.1), Measured(7.1, 0.1), 25.0
    )
    assert found.log10.value == pytest.approx(0.0, abs=1e-12)
    assert found.omega == pytest.approx(1.0)
    assert found.log10.se == pytest.approx(0.2)


def test_a_swap_transfers_nothing_or_everything():
    recipient, donor = Measured(6.0, 0.05), Measured(8.0, 0.05)
    assert transferred_fraction(recipient, recipient, donor).value == 0.0
    assert transferred_fraction(donor, recipient, donor).value == 1.0
    half = transferred_fraction(Measured(7.0, 0.05), recipient, donor)
    assert half.value == pytest.approx(0.5)
    assert half.se == pytest.approx(math.sqrt(1.0 + 0.25 + 0.25) * 0.05 / 2.0)


def test_nothing_can_be_transferred_between_transporters_that_are_alike():
    with pytest.raises(InputError, match="differ by"):
        transferred_fraction(Measured(7.0, 0.1), Measured(6.9, 0.1), Measured(7.1, 0.1))
