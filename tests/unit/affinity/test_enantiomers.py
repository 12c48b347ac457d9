"""Enantiomers and racemates: what agrees, what conflicts, what cannot be."""

import math

import pytest

from prusoff.affinity.enantiomers import (
    RacemateVerdict,
    enantiomeric_excess,
    eudismic,
    eutomer_fraction,
    most_eutomer_in,
    predicted_racemate,
    racemate_ki,
    racemate_verdict,
)
from prusoff.core.errors import InputError
from prusoff.core.estimate import Estimate, Relation


def ki(value, fold=1.2, relation=Relation.EQUAL):
    return Estimate("Ki", value, "M", value / fold, value * fold, relation=relation)


def test_talopram_at_sert_cannot_be_719_nanomolar():
    """Ki of 1052 and 2752 nM make a racemate of 1522 nM; the 719 nM reported are below both."""
    r, s, racemate = (ki(value * 1e-9) for value in (1052.0, 2752.0, 719.0))
    assert predicted_racemate(r, s).value == pytest.approx(1522e-9, rel=1e-3)
    assert racemate_verdict(racemate, r, s) is RacemateVerdict.IMPOSSIBLE


@pytest.mark.parametrize(
    ("reported", "verdict"),
    [
        (9e-9, RacemateVerdict.AGREES),
        (25e-9, RacemateVerdict.CONFLICT),
        (2.7e-9, RacemateVerdict.CONFLICT),  # below both, but not beyond the intervals
        (1e-9, RacemateVerdict.IMPOSSIBLE),
    ],
)
def test_a_racemate_is_judged_by_the_two_it_is_made_of(reported, verdict):
    assert racemate_verdict(ki(reported), ki(3e-9), ki(1986e-9)) is verdict


def test_bounds_leave_open_what_they_leave_open():
    bound = ki(1e-5, relation=Relation.ABOVE)
    assert racemate_verdict(bound, ki(3e-9), ki(1e-6)) is RacemateVerdict.UNKNOWN
    assert racemate_verdict(ki(6e-9), ki(3e-9), bound) is RacemateVerdict.AGREES
    predicted = predicted_racemate(ki(3e-9), bound)
    assert predicted.relation is Relation.ABOUT
    assert predicted.low < racemate_ki(3e-9, 1e-5) <= predicted.value <= 2 * 3e-9 < predicted.high
    assert math.isnan(predicted_racemate(bound, bound).value)


def test_the_eutomer_decides_how_well_the_prediction_is_known():
    sharp = predicted_racemate(ki(3e-9, 1.1), ki(3e-6, 3.0))
    assert sharp.high / sharp.low == pytest.approx(1.1**2, rel=0.01)


def test_equal_enantiomers_make_their_racemate_and_no_eudismic_ratio():
    assert racemate_ki(5.0, 5.0) == 5.0
    assert eudismic(5.0, 5.0).ratio == 1.0
    assert not eudismic(7.0, 5.0).eutomer_first


def test_a_trace_of_eutomer_feigns_an_active_distomer():
    most = most_eutomer_in(1986.0, 3.0)
    assert enantiomeric_excess(most) == pytest.approx(99.698, abs=1e-3)
    assert eutomer_fraction(1986.0, 3.0, 1e12) == pytest.approx(most, rel=1e-6)
    assert eutomer_fraction(3.0, 3.0, 1986.0) == 1.0


@pytest.mark.parametrize("call", [lambda: eudismic(0.0, 1.0), lambda: racemate_ki(1.0, math.inf),
                                  lambda: eutomer_fraction(1.0, 3.0, 10.0)])  # fmt: skip
def test_constants_that_make_no_sense_are_refused(call):
    with pytest.raises(InputError):
        call()
