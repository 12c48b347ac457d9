"""From the IC50 of an inhibitor to its constant by mechanism: errors, bounds and refusals."""

import math

import pytest

from prusoff.affinity.inhibition import ic50_mixed, ki_by_mechanism, with_km_error
from prusoff.affinity.propagation import ki_estimate
from prusoff.core.errors import InputError
from prusoff.core.estimate import Estimate, Relation
from prusoff.core.experiment import Constant
from prusoff.core.measured import Measured

IC50 = Estimate(
    "IC50 (relative)", 1e-8, "M", 8e-9, 1.3e-8, log10_se=0.05, method="profile-likelihood interval"
)
S = Measured(2e-8, 1e-9)
KM = Constant(4e-7, 4e-8, "M", "uptake kinetics", log10_se=0.0434)


def test_competitive_is_cheng_and_prusoff_with_km_in_place_of_kd():
    plain, found = ki_estimate(IC50, S, KM), ki_by_mechanism(IC50, S, KM)
    assert (found.ki.value, found.ki.low, found.ki.high) == (plain.ki.value, plain.ki.low, plain.ki.high)
    assert set(found.shares) == {"IC50", "[S]", "Km"}
    assert "competitive, errors of [S] and Km" in found.ki.method
    assert "Kd" not in found.ki.method


def test_noncompetitive_keeps_the_ic50_and_its_interval():
    found = ki_by_mechanism(IC50, S, KM, "noncompetitive")
    assert (found.ki.value, found.ki.low, found.ki.high) == (IC50.value, IC50.low, IC50.high)
    assert found.shares == {"IC50": 1.0}
    assert with_km_error(found.ki, S, KM, "noncompetitive") == found.ki


def test_uncompetitive_hangs_on_km_the_more_the_less_substrate_there_is():
    found = ki_by_mechanism(IC50, S, KM, "uncompetitive")
    assert found.ki.value == pytest.approx(1e-8 / (1 + 20), rel=1e-12)
    assert found.shares["Km"] > ki_by_mechanism(IC50, S, KM).shares["Km"]
    exact = found.ki_without_kd_error
    assert math.log(exact.high / exact.low) < math.log(found.ki.high / found.ki.low)
    again = with_km_error(exact, Measured(S.value), KM, "uncompetitive")
    widths = [math.log(one.high / one.low) for one in (again, found.ki)]
    assert widths[0] == pytest.approx(widths[1], rel=1e-3)  # sides are combined in another order


def test_a_bound_stays_a_bound():
    found = ki_by_mechanism(Estimate("IC50", 1e-5, "M", relation=Relation.ABOVE), S, KM, "uncompetitive")
    assert found.ki.relation is Relation.ABOVE
    assert found.pki.relation is Relation.BELOW


def test_a_mixed_inhibitor_is_refused_with_the_reason():
    with pytest.raises(InputError, match=r"two constants, Kic and Kiu.*several substrate concentrations"):
        ki_by_mechanism(IC50, S, KM, "mixed")
    with pytest.raises(InputError, match=r"'allosteric' is no mechanism.*competitive, noncompetitive"):
        ki_by_mechanism(IC50, S, KM, "allosteric")


def test_constants_that_cannot_be_are_refused_all_at_once():
    with pytest.raises(InputError) as caught:
        ic50_mixed(-1.0, 5.0, 0.0, 4.0)
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError, match="both constants are infinite"):
        ic50_mixed(math.inf, math.inf, 1.0, 1.0)
