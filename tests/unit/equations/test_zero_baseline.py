"""What the laws that start at zero owe one another."""

import numpy as np
import pytest

from prusoff.equations import catalog

X = np.concatenate([[0.0], np.logspace(-9.0, -4.0, 41)])
LAWS = {
    "zero_baseline_hill": (50.0, -6.3, 1.4),
    "exponential_4": (50.0, -6.3),
    "exponential_5": (50.0, -6.3, 1.4),
    "gain_loss": (50.0, -6.3, 1.4, 1.8, 3.0),
    "polynomial_1": (2e6,),
    "polynomial_2": (2e6, -1e10),
    "power_law": (2.0, 0.8),
    "exponential_2": (3.0, -5.0),
    "exponential_3": (3.0, -5.0, 0.7),
}


def response(name, *parameters, x=X):
    return catalog[name].function(x, np.array(parameters))


def same(found, expected, rtol=1e-12):
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=1e-14 * np.abs(expected).max())


@pytest.mark.parametrize("name", LAWS)
def test_without_compound_there_is_no_response(name):
    assert response(name, *LAWS[name])[0] == 0.0
    np.testing.assert_array_equal(catalog[name].jacobian(X, np.array(LAWS[name]))[:, 0], 0.0)


@pytest.mark.parametrize("name", LAWS)
def test_the_unit_of_the_response_scales_its_size_and_the_direction_its_sign(name):
    law = catalog[name]
    parameters = np.array(LAWS[name])
    linear = np.array([one.linear for one in law.parameters])
    same(law.function(X, np.where(linear, -3.0 * parameters, parameters)), -3.0 * law.function(X, parameters))


def test_simpler_laws_are_contained_in_the_richer_ones():
    same(response("exponential_5", 50.0, -6.3, 1.0), response("exponential_4", 50.0, -6.3))
    same(response("exponential_3", 3.0, -5.0, 1.0), response("exponential_2", 3.0, -5.0))
    same(response("polynomial_2", 2e6, 0.0), response("polynomial_1", 2e6))
    same(response("power_law", 2.0, 1.0), response("polynomial_1", 2e6))
    same(response("gain_loss", 50.0, -6.3, 1.4, 8.0, 8.0), response("zero_baseline_hill", 50.0, -6.3, 1.4))
    same(response("exponential_2", 2e6 * 10.0**-1.0, -1.0), response("polynomial_1", 2e6), rtol=1e-3)


def test_a_hill_curve_from_zero_is_the_logistic_with_its_first_plateau_at_zero():
    with np.errstate(divide="ignore"):
        logistic = catalog["four_parameter_logistic"].function(np.log10(X), np.array([50.0, 0.0, -6.3, 1.4]))
    same(response("zero_baseline_hill", 50.0, -6.3, 1.4), logistic)


@pytest.mark.parametrize("name", ["zero_baseline_hill", "exponential_4", "exponential_5"])
def test_half_the_top_is_reached_at_the_ac50(name):
    same(response(name, *LAWS[name], x=np.array([10.0**-6.3])), np.array([25.0]))


def test_growth_beyond_all_bounds_stays_a_number():
    for name in ("exponential_2", "exponential_3"):
        law = catalog[name]
        lower, upper = law.bounds(X, X)
        steepest = np.array([1e12, lower[1], *upper[2:]])
        assert np.isfinite(law.function(X, steepest)).all()
        assert np.isfinite(law.jacobian(X, steepest)).all()
