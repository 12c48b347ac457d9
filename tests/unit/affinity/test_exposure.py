"""From total plasma to what can bind: forms, fractions, margins, and their errors."""

import math

import pytest

from prusoff.affinity import exposure
from prusoff.core.errors import InputError
from prusoff.core.estimate import Estimate, Relation
from prusoff.core.experiment import Compound, Constant

DRUG = Compound("drug", 250.0, 300.0)


def test_the_form_is_asked_for_and_never_guessed():
    with pytest.raises(InputError, match="never guessed"):
        exposure.molar_of_mass(1e-6, DRUG, "")
    with pytest.raises(InputError, match="salt_molar_mass"):
        exposure.molar_of_mass(1e-6, Compound("drug", 250.0), "salt")
    assert exposure.molar_of_mass(3e-7, DRUG, "salt") == pytest.approx(1e-9)
    assert exposure.base_of_salt(1.2, DRUG) == pytest.approx(1.0)


def test_the_error_of_a_fraction_widens_the_interval_on_the_log_scale():
    total = Estimate("EC50", 1e-7, "M", 8e-8, 1.25e-7, log10_se=0.04)
    exact = exposure.unbound_plasma(total, Constant(0.02, 0.0, "", "label"), "EC50, unbound")
    assert (exact.value, exact.low, exact.high) == pytest.approx((2e-9, 1.6e-9, 2.5e-9))
    rough = exposure.unbound_plasma(total, Constant(0.02, 0.0, "", "label", log10_se=0.1), "EC50, unbound")
    half = math.hypot(math.log10(1.25), 1.959964 * 0.1)
    assert rough.value == pytest.approx(2e-9)
    assert (rough.low, rough.high) == pytest.approx((2e-9 * 10**-half, 2e-9 * 10**half))
    assert rough.log10_se == pytest.approx(math.hypot(0.04, 0.1))


def test_a_bound_stays_a_bound():
    total = Estimate("EC50", 1e-6, "M", relation=Relation.ABOVE)
    found = exposure.unbound_brain(
        total, Constant(0.02, 0.002, "", "a"), Constant(0.7, 0.1, "", "b"), "Ki in vivo"
    )
    assert found.relation is Relation.ABOVE
    assert found.value == pytest.approx(1.4e-8)
    assert not found.has_interval
    ratio = exposure.in_vivo_over_in_vitro(found, Constant(5e-9, 1e-9, "M", "bench"))
    assert (ratio.relation, ratio.unit) == (Relation.ABOVE, "")


def test_margins_of_nmda_at_350_ng_per_ml():
    """Science A7: 2.2 on total and 110 on unbound concentration."""
    ic50 = Constant(3e-6, 0.0, "M", "seed document")
    at = exposure.molar_of_mass(350e-6, Compound("atomoxetine", 255.361), "base")
    total, unbound = (
        exposure.margin(ic50, at, fraction) for fraction in (None, Constant(0.02, 0.0, "", "label"))
    )
    assert total.value == pytest.approx(2.2, abs=0.05)
    assert unbound.value == pytest.approx(110, abs=1)
    assert not total.has_interval
    wide = exposure.margin(Constant(3e-6, 6e-7, "M", "x"), at, None)
    assert wide.low < total.value < wide.high
