"""The pieces that all laws are made of keep their digits and never overflow."""

import numpy as np
import pytest
from mpmath import mp, mpf

from prusoff.equations._guess import log_range, means_by_x, saturation_guess, shape_of
from prusoff.equations._logistic import log10_positive, logistic, occupancy, rows, softplus


@pytest.mark.parametrize("exponent", [-700.0, -40.0, -1.5, 0.0, 1e-9, 3.0, 36.0, 700.0])
def test_logistic_keeps_all_digits_of_both_fractions(exponent):
    left, gone = logistic(exponent)
    with mp.workdps(400):
        grown = mp.exp(mpf(exponent))
        assert float(left) == pytest.approx(float(1 / (1 + grown)), rel=4e-16)
        assert float(gone) == pytest.approx(float(grown / (1 + grown)), rel=4e-16)
        assert float(softplus(exponent)) == pytest.approx(float(mp.log1p(grown)), rel=4e-16)


def test_infinite_exponents_are_exact():
    far = np.array([-np.inf, np.inf])
    left, gone = logistic(far)
    np.testing.assert_array_equal(left, [1.0, 0.0])
    np.testing.assert_array_equal(gone, [0.0, 1.0])
    np.testing.assert_array_equal(softplus(far), [0.0, np.inf])


def test_nothing_is_bound_without_ligand():
    taken, free = occupancy(np.array([0.0, 1e-9, 1e-300, 1e300]), np.array(-9.0))
    np.testing.assert_allclose(taken, [0.0, 0.5, 1e-291, 1.0], rtol=1e-12)
    np.testing.assert_allclose(free, [1.0, 0.5, 1.0, 1e-309], rtol=1e-12)


def test_log_of_zero_is_minus_infinity():
    np.testing.assert_array_equal(log10_positive([0.0, 1.0, 100.0]), [-np.inf, 0.0, 2.0])


def test_rows_are_broadcast_to_one_shape():
    stacked = rows(1.0, np.arange(3.0), np.zeros((2, 1)))
    assert stacked.shape == (3, 2, 3)
    np.testing.assert_array_equal(stacked[1], [[0, 1, 2], [0, 1, 2]])


def test_replicates_are_averaged_at_every_x():
    x, means = means_by_x(
        np.array([-np.inf, -7.0, -7.0, np.inf, np.inf]), np.array([9.0, 4.0, 6.0, 1.0, 2.0])
    )
    np.testing.assert_array_equal(x, [-np.inf, -7.0, np.inf])
    np.testing.assert_array_equal(means, [9.0, 5.0, 1.5])


def test_shape_knows_the_direction_and_the_half_way_point():
    x = np.array([-9.0, -8.0, -7.0, -6.0])
    y = np.array([98.0, 90.0, 45.0, 3.0])
    falling, rising = shape_of(x, y), shape_of(x, 100.0 - y)
    assert (falling.before, falling.after, falling.crossing(0.5)) == (98.0, 3.0, -7.0)
    assert (rising.before, rising.after, rising.crossing(0.5)) == (2.0, 97.0, -7.0)


def test_controls_at_infinity_are_plateaus_and_not_potencies():
    x = np.array([-np.inf, -8.0, -7.0, np.inf])
    shape = shape_of(x, np.array([100.0, 80.0, 20.0, 0.0]))
    assert (shape.before, shape.after) == (100.0, 0.0)
    assert shape.crossing(0.5) in (-8.0, -7.0)
    assert shape_of(x[[0, 3]], np.array([100.0, 0.0])).crossing(0.5) == 0.0


def test_log_range_looks_at_finite_concentrations_alone():
    assert log_range(np.array([-np.inf, -9.0, -6.0, np.inf])) == (-12.0, -3.0)
    assert log_range(np.array([-np.inf, np.inf])) == (-15.0, 0.0)


def test_saturation_guess_is_near_a_clean_curve():
    x = np.array([0.0, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0]) * 1e-9
    y = 1000.0 * x / (1e-9 + x) + 1e10 * x + 20.0
    bmax, log_kd, ns, background = saturation_guess(x, y)
    assert background == 20.0
    assert 700.0 < bmax < 1500.0
    assert -9.6 < log_kd < -8.4
    assert 0.0 < ns < 3e10
