"""Drugs at one site: one alone is the plain law, a second lowers the first, together they never hold more than all."""

import numpy as np
import pytest

from prusoff.equations.occupancy import (
    available_binding,
    available_binding_by_dose,
    receptor_occupancy,
    shared_site_occupancy,
    shares_of_one_site,
)

C = np.array([1e-10, 1e-9, 1e-8, 1e-7, 1e-6])
P = np.array([1.0, -8.0, -7.0])


def of_two(second):
    return shared_site_occupancy.function(np.stack([C, np.full(C.size, second)]), P)


def test_one_drug_alone_is_the_plain_law():
    plain = receptor_occupancy.function(np.log10(C), np.array([1.0, -8.0, 1.0]))
    np.testing.assert_allclose(of_two(0.0), plain, rtol=1e-13)


def test_a_second_drug_lowers_the_first_and_acts_as_a_shift():
    assert (np.diff([of_two(second) for second in (0.0, 1e-8, 1e-7, 1e-6)], axis=0) < 0).all()
    shifted = receptor_occupancy.function(np.log10(C), np.array([1.0, -8.0 + np.log10(1 + 10.0), 1.0]))
    np.testing.assert_allclose(of_two(1e-6), shifted, rtol=1e-12)


def test_several_drugs_share_the_sites():
    constants = np.array([5e-9, 50e-9, 1e-6])
    shares = shares_of_one_site(np.array([5e-9, 50e-9, 1e-6]), constants)
    np.testing.assert_allclose(shares, 0.25)  # each at its constant: 1/(1 + 3)
    assert shares_of_one_site(np.array([1e-3, 1e-3, 1e-3]), constants).sum() < 1
    alone = shares_of_one_site(np.array([5e-9, 0.0, 0.0]), constants)
    assert alone.tolist() == pytest.approx([0.5, 0.0, 0.0])
    pair = shares_of_one_site(np.array([2e-8, 3e-8]), np.array([1e-8, 1e-7]))
    two = shared_site_occupancy.function(np.array([[2e-8], [3e-8]]), np.array([1.0, -8.0, -7.0]))
    assert pair[0] == pytest.approx(two[0])


def test_what_is_left_and_what_is_held_are_all_there_is():
    law = np.array([0.9, -8.0, 1.3])
    left = available_binding.function(np.log10(C), np.array([2.0, *law]))
    np.testing.assert_allclose(left / 2.0 + receptor_occupancy.function(np.log10(C), law), 1.0)
    assert available_binding.function(np.array([-np.inf]), np.array([2.0, *law]))[0] == 2.0


def test_a_dose_has_the_same_law_in_its_own_unit():
    assert available_binding_by_dose.axes[0].unit == "g/kg"
    assert available_binding_by_dose.location in available_binding_by_dose.names
    p, x = np.array([1.4, 1.0, -3.0, 1.0]), np.log10(C)
    np.testing.assert_array_equal(available_binding_by_dose.function(x, p), available_binding.function(x, p))
