"""What laws of one family owe one another: limits in which one is another, and directions that are alike."""

import numpy as np
import pytest

from prusoff.equations import catalog

LOG_X = np.concatenate([[-np.inf], np.linspace(-12.0, -4.0, 33), [np.inf]])
LIGAND = np.concatenate([[0.0], np.logspace(-12.0, -6.0, 25)])


def response(name, x, *parameters):
    return catalog[name].function(x, np.array(parameters))


def slopes(name, x, *parameters):
    return catalog[name].jacobian(x, np.array(parameters))


def same(found, expected, rtol=1e-12):
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=1e-14 * np.abs(expected).max())


def test_wells_without_compound_and_with_full_block_stand_on_the_plateaus():
    for name, more in (("three_parameter_logistic", ()), ("four_parameter_logistic", (1.3,)),
                       ("five_parameter_logistic", (1.3, 0.3))):  # fmt: skip
        ends = np.array([-np.inf, np.inf])
        np.testing.assert_array_equal(response(name, ends, 5.0, 95.0, -7.0, *more), [95.0, 5.0])
        derivative = slopes(name, ends, 5.0, 95.0, -7.0, *more)
        np.testing.assert_array_equal(derivative[:2], [[0.0, 1.0], [1.0, 0.0]])
        np.testing.assert_array_equal(derivative[2:], 0.0)


def test_slope_one_and_no_asymmetry_lead_back_to_the_simpler_law():
    three = response("three_parameter_logistic", LOG_X, 5.0, 95.0, -7.2)
    same(response("four_parameter_logistic", LOG_X, 5.0, 95.0, -7.2, 1.0), three)
    four = response("four_parameter_logistic", LOG_X, 5.0, 95.0, -7.2, 0.8)
    same(response("five_parameter_logistic", LOG_X, 5.0, 95.0, -7.2, 0.8, 1.0), four)
    same(response("five_parameter_stimulation", LOG_X, 95.0, 5.0, -7.2, 0.8, 1.0), four)


def test_a_rising_response_is_the_mirror_image_with_the_same_ic50_and_slope():
    for name, more in (("four_parameter_logistic", (0.8,)), ("five_parameter_logistic", (0.8, 2.5))):
        falling = response(name, LOG_X, 5.0, 95.0, -7.2, *more)
        same(response(name, LOG_X, 95.0, 5.0, -7.2, *more), 100.0 - falling)


@pytest.mark.parametrize(
    "name",
    [
        "three_parameter_logistic",
        "four_parameter_logistic",
        "five_parameter_logistic",
        "two_site_competition",
    ],
)
def test_start_does_not_depend_on_direction_or_scale(name):
    law = catalog[name]
    y = law.function(LOG_X, np.array([law.cases[0].parameters[one] for one in law.names]))
    start, mirrored, scaled = law.start(LOG_X, y), law.start(LOG_X, 1000.0 - y), law.start(LOG_X, 1e-6 * y)
    np.testing.assert_allclose(mirrored[:2], 1000.0 - start[:2])
    np.testing.assert_allclose(scaled[:2], 1e-6 * start[:2])
    np.testing.assert_array_equal(mirrored[2:], start[2:])
    np.testing.assert_array_equal(scaled[2:], start[2:])


def test_asymmetry_leaves_the_ic50_in_place():
    for asymmetry in (0.05, 0.3, 1.0, 4.0, 20.0):
        middle = np.array([-7.2])
        same(response("five_parameter_logistic", middle, 5.0, 95.0, -7.2, 0.8, asymmetry), [50.0])
        assert abs(slopes("five_parameter_logistic", middle, 5.0, 95.0, -7.2, 0.8, asymmetry)[4, 0]) < 1e-12


def test_ki_is_the_ic50_without_label_and_half_of_it_at_kd():
    at_ic50 = response("three_parameter_logistic", LOG_X, 300.0, 2500.0, -7.5)
    same(response("one_site_competition_ki", LOG_X, 300.0, 2500.0, -7.5, -np.inf, -9.0), at_ic50)
    same(response("one_site_competition_ki", LOG_X, 300.0, 2500.0, -7.5 - np.log10(2.0), -9.0, -9.0), at_ic50)


def test_two_sites_of_equal_affinity_are_one_site():
    one = response("three_parameter_logistic", LOG_X, 300.0, 2500.0, -7.5)
    same(response("two_site_competition", LOG_X, 300.0, 2500.0, 0.3, -7.5, 0.0), one)
    ki = response("one_site_competition_ki", LOG_X, 300.0, 2500.0, -7.5, -8.8, -9.0)
    same(response("two_site_competition_ki", LOG_X, 300.0, 2500.0, 0.3, -7.5, 0.0, -8.8, -9.0), ki)


def test_two_sites_are_the_weighted_sum_of_both():
    high = response("three_parameter_logistic", LOG_X, 300.0, 2500.0, -8.5)
    low = response("three_parameter_logistic", LOG_X, 300.0, 2500.0, -6.0)
    same(response("two_site_competition", LOG_X, 300.0, 2500.0, 0.3, -8.5, 2.5), 0.3 * high + 0.7 * low)


def test_saturation_laws_lead_back_to_one_site():
    one = response("one_site_total_binding", LIGAND, 1600.0, -9.2, 8e10, 7.0)
    same(response("two_site_saturation", LIGAND, 1600.0, 0.0, -9.2, 1.0, 8e10, 7.0), one)
    same(response("hill_saturation", LIGAND, 1600.0, -9.2, 1.0, 8e10, 7.0), one)
    same(response("quadratic_nonspecific", LIGAND, 1600.0, -9.2, 8e10, 0.0, 7.0), one)
    same(response("michaelis_menten", LIGAND, 1600.0, -9.2) + 8e10 * LIGAND + 7.0, one)


def test_nonspecific_wells_are_the_same_law_without_sites():
    line = 8e10 * LIGAND + 7.0
    same(response("one_site_total_binding", LIGAND, 0.0, -9.2, 8e10, 7.0), line)
    same(
        response("one_site_total_binding", LIGAND, 0.0, -9.2, 8e10, 7.0),
        response("straight_line", LIGAND, 8e10, 7.0),
    )
    same(response("one_site_depletion", LIGAND, 0.0, -9.2, 0.25), 0.2 * LIGAND)


def test_without_sites_to_speak_of_depletion_vanishes():
    bound = response("one_site_depletion", LIGAND, 1e-18, -9.2, 0.0)
    same(bound, response("one_site_total_binding", LIGAND, 1e-18, -9.2, 0.0, 0.0), rtol=1e-8)


@pytest.mark.parametrize("bmax", [1e-12, 1e-9, 1e-6])
@pytest.mark.parametrize("log_kd", [-13.0, -9.0, -6.0])
@pytest.mark.parametrize("ns", [0.0, 0.03, 5.0])
def test_depletion_obeys_the_mass_balance_on_both_branches(bmax, log_kd, ns):
    bound = response("one_site_depletion", LIGAND[1:], bmax, log_kd, ns)
    free = LIGAND[1:] - bound
    trusted = free > 1e-4 * LIGAND[1:]  # elsewhere the subtraction in this test loses the digits
    again = bmax * free / (10.0**log_kd + free) + ns * free
    np.testing.assert_allclose(bound[trusted], again[trusted], rtol=1e-9)
    assert (bound <= LIGAND[1:] * (1 + 1e-15)).all()


def test_swillens_has_saturation_and_nonspecific_binding_at_its_ends():
    added = 1.2e-9
    ends = response(
        "swillens_competition", np.array([-np.inf, np.inf]), 0.6e-9, -9.1, 0.03, -8.3, np.log10(added)
    )
    same(ends[:1], response("one_site_depletion", np.array([added]), 0.6e-9, -9.1, 0.03))
    same(ends[1:], np.array([added * 0.03 / 1.03]))


def test_homologous_competition_is_heterologous_with_ki_equal_to_kd():
    log_kd, log_ligand = np.log10(0.84e-9), np.log10(0.7e-9)
    top = 95.0 + 1450.0 * 0.7 / 1.54
    same(
        response("homologous_competition", LOG_X, 1450.0, log_kd, 95.0, log_ligand),
        response("one_site_competition_ki", LOG_X, 95.0, top, log_kd, log_ligand, log_kd),
    )


def test_names_asked_for_in_vain_are_answered_with_the_nearest():
    from prusoff.core.errors import UnknownName

    with pytest.raises(UnknownName, match="four_parameter_logistic"):
        catalog["four_parameter_logistics"]
