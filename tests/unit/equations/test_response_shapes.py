"""Laws of other shapes than the logistic: where they meet it, one another, and the way others write them."""

import numpy as np
import pytest
from mpmath import mp, mpf
from scipy.stats import norm

from prusoff.core.curves import Curve
from prusoff.core.fit import Outcome
from prusoff.equations import catalog
from prusoff.fitting.problem import Problem
from prusoff.fitting.solve import Options, fit_curve
from prusoff.fitting.verdict import half_way_shift

LOG_X = np.concatenate([[-np.inf], np.linspace(-11.0, -4.0, 57), [np.inf]])
SIGMOID = {  # each with the limits of its last parameter and values between them
    "weibull_type_1": (0.1, 0.7, 5.0),
    "weibull_type_2": (0.1, 0.7, 5.0),
    "log_normal": (0.1, 1.4, 10.0),
    "gompertz": (0.01, 1.0, 50.0),
    "gompertz_growth": (0.05, 1.0, 100.0),
}


def response(name, x, *parameters):
    return catalog[name].function(np.asarray(x), np.array(parameters))


def same(found, expected, rtol=1e-12):
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=1e-14 * np.abs(expected).max())


@pytest.mark.parametrize("name", SIGMOID)
def test_sigmoid_laws_stand_on_their_plateaus_and_half_way_at_the_ic50(name):
    for steepness in SIGMOID[name]:
        y = response(name, [-np.inf, -7.2, np.inf], 5.0, 95.0, -7.2, steepness)
        np.testing.assert_allclose(y, [95.0, 50.0, 5.0], rtol=1e-13)
        assert (np.diff(response(name, LOG_X, 5.0, 95.0, -7.2, steepness)) <= 0).all()


@pytest.mark.parametrize("name", SIGMOID)
def test_a_rising_response_is_the_mirror_image_with_the_same_parameters(name):
    for steepness in SIGMOID[name]:
        falling = response(name, LOG_X, 5.0, 95.0, -7.2, steepness)
        same(response(name, LOG_X, 95.0, 5.0, -7.2, steepness), 100.0 - falling)


@pytest.mark.parametrize("name", [*SIGMOID, "biphasic", "bell_shaped", "hormesis"])
def test_start_and_limits_do_not_depend_on_direction_or_scale(name):
    law = catalog[name]
    levels = np.array([one.unit == "signal" for one in law.parameters])
    y = law.function(LOG_X, np.array([law.cases[0].parameters[one] for one in law.names]))
    start, mirrored, scaled = law.start(LOG_X, y), law.start(LOG_X, -y), law.start(LOG_X, 1e-6 * y)
    np.testing.assert_allclose(mirrored, np.where(levels, -start, start), rtol=1e-12)
    np.testing.assert_allclose(scaled, np.where(levels, 1e-6 * start, start), rtol=1e-12)
    np.testing.assert_array_equal(law.bounds(LOG_X, y), law.bounds(LOG_X, np.zeros_like(y)))


def test_weibull_laws_are_mirror_images_along_the_log_concentration():
    same(
        response("weibull_type_2", LOG_X, 5.0, 95.0, -7.2, 1.3),
        100.0 - response("weibull_type_1", -LOG_X, 5.0, 95.0, 7.2, 1.3),
    )


def test_weibull_laws_as_they_are_often_written():
    """c + (d - c) exp(-(x/e)^b); at e 1/e of the response is left for type 1, 1 - 1/e for type 2."""
    for name, b in (("weibull_type_1", 1.3), ("weibull_type_2", -1.3)):
        e = 10.0**-7.2 * np.log(2.0) ** (-1.0 / b)
        left = np.exp(-((10.0 ** LOG_X[1:-1] / e) ** b))
        same(
            response(name, LOG_X[1:-1], 5.0, 95.0, -7.2, 1.3),
            5.0 + 90.0 * (left if b > 0 else 1 - left),
            1e-11,
        )
        part = response(name, [np.log10(e)], 0.0, 1.0, -7.2, 1.3)
        same(part, np.array([np.exp(-1.0) if b > 0 else 1 - np.exp(-1.0)]))


def test_the_log_normal_law_is_the_normal_distribution_of_log_tolerances():
    same(response("log_normal", LOG_X, 0.0, 1.0, -7.2, 2.0), norm.sf(LOG_X, loc=-7.2, scale=0.5))


@pytest.mark.parametrize("b", [2e6, 4e7, 1e9])
@pytest.mark.parametrize("e", [1e-7, 1e-8, -1e-8])
def test_gompertz_laws_as_they_are_often_written(b, e):
    """c + (d - c) exp(-exp(b (x - e))): falling for b > 0, rising for b < 0; top is its value at x = 0."""
    x = 10.0 ** LOG_X[1:-1]
    eta = np.exp(-b * e)
    steepness = np.log1p(np.log(2.0) / eta)
    zero = 5.0 + 90.0 * np.exp(-eta)
    with np.errstate(over="ignore"):
        falling = 5.0 + 90.0 * np.exp(-np.exp(b * (x - e)))
        rising = 5.0 + 90.0 * np.exp(-np.exp(-b * (x - e)))
    if steepness < 300:
        found = response("gompertz", LOG_X[1:-1], 5.0, zero, np.log10(steepness / b), steepness)
        same(found, falling, 1e-9)
    delay = 1.0 / eta
    if 1e-3 < delay < 700:
        half = np.log(delay / -np.log((1 + np.exp(-delay)) / 2)) / b
        start = 5.0 + 90.0 * np.exp(-delay)
        found = response("gompertz_growth", LOG_X[1:-1], 95.0, start, np.log10(half), delay)
        same(found, rising, 1e-9)


def test_gompertz_laws_lead_to_the_exponential():
    exponential = 5.0 + 90.0 * 0.5 ** (10.0 ** (LOG_X + 7.2))
    np.testing.assert_allclose(response("gompertz", LOG_X, 5.0, 95.0, -7.2, 1e-9), exponential, rtol=1e-7)
    np.testing.assert_allclose(
        response("gompertz_growth", LOG_X, 5.0, 95.0, -7.2, 1e-9), exponential, rtol=1e-6
    )


def gompertz_mp(log_x, log_ic50, steepness):
    ratio = mpf(10) ** (log_x - log_ic50)
    return mp.exp(-mp.log(2) * mp.expm1(steepness * ratio) / mp.expm1(steepness))


def gompertz_growth_mp(log_x, log_ic50, delay):
    rate = mp.log(delay / -mp.log((1 + mp.exp(-delay)) / 2))
    return mp.expm1(-delay * mp.exp(-rate * mpf(10) ** (log_x - log_ic50))) / mp.expm1(-delay)


@pytest.mark.parametrize(
    ("name", "exact"), [("gompertz", gompertz_mp), ("gompertz_growth", gompertz_growth_mp)]
)
def test_gompertz_laws_keep_their_digits_at_their_limits(name, exact):
    x = np.array([-10.0, -8.0, -7.3, -7.2, -7.1, -6.9, -6.5])
    for steepness in SIGMOID[name]:
        p = np.array([0.0, 1.0, -7.2, steepness])
        found = catalog[name].jacobian(x, p)
        with mp.workdps(60):
            at = [(mpf(float(one)), mpf(-7.2), mpf(steepness)) for one in x]
            value = [float(exact(*one)) for one in at]
            by_location = [float(mp.diff(exact, one, (0, 1, 0))) for one in at]
            by_steepness = [float(mp.diff(exact, one, (0, 0, 1))) for one in at]
        np.testing.assert_allclose(found[1], value, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(found[2], by_location, rtol=1e-10, atol=1e-14)
        largest = np.abs(by_steepness).max()
        np.testing.assert_allclose(found[3], by_steepness, rtol=1e-9, atol=1e-11 * largest)


def test_biphasic_leads_back_to_two_sites_and_to_one_step():
    two = response("two_site_competition", LOG_X, 5.0, 95.0, 0.3, -8.5, 2.5)
    same(response("biphasic", LOG_X, 5.0, 95.0, 0.3, -8.5, 2.5, 1.0, 1.0), two)
    one = response("four_parameter_logistic", LOG_X, 5.0, 95.0, -8.5, 1.7)
    same(response("biphasic", LOG_X, 5.0, 95.0, 1.0, -8.5, 2.5, 1.7, 0.4), one)
    same(response("biphasic", LOG_X, 5.0, 95.0, 0.3, -8.5, 0.0, 1.7, 1.7), one)


def test_a_bell_is_two_opposed_logistic_curves():
    up = response("four_parameter_logistic", LOG_X, 90.0, 0.0, -8.5, 1.5)
    down = response("four_parameter_logistic", LOG_X, -70.0, 0.0, -6.0, 0.8)
    bell = response("bell_shaped", LOG_X, 10.0, 100.0, 30.0, -8.5, 2.5, 1.5, 0.8)
    same(bell, 10.0 + up + down)
    same(response("bell_shaped", LOG_X, -10.0, -100.0, -30.0, -8.5, 2.5, 1.5, 0.8), -bell)
    same(response("bell_shaped", LOG_X, 10.0, 100.0, 100.0, -8.5, 2.5, 1.5, 0.8), 10.0 + up)


def test_hormesis_as_it_is_often_written():
    """c + (d - c + f x)/(1 + (x/e)^b); without stimulation it is the logistic law."""
    x = 10.0 ** LOG_X[1:-1]
    expected = 5.0 + (90.0 + 6e8 * x) / (1.0 + (x / 10.0**-7.2) ** 2.5)
    same(response("hormesis", LOG_X[1:-1], 5.0, 95.0, 6e8 * 10.0**-7.2, -7.2, 2.5), expected)
    plain = response("four_parameter_logistic", LOG_X, 5.0, 95.0, -7.2, 2.5)
    same(response("hormesis", LOG_X, 5.0, 95.0, 0.0, -7.2, 2.5), plain)


def shift(name, *parameters):
    law, p = catalog[name], np.array(parameters)
    curve = Curve(LOG_X, law.function(LOG_X, p))
    location = float(p[law.index(law.location)])
    return half_way_shift(Problem(law, (curve,)), 0, p, location)


def test_half_way_down_a_hormetic_curve_lies_above_e():
    p = (5.0, 95.0, 60.0, -7.2, 2.5)
    found = shift("hormesis", *p)
    assert found > 0.1
    np.testing.assert_allclose(response("hormesis", [-7.2 + found], *p), [50.0], rtol=1e-9)


@pytest.mark.parametrize("final", [0.0, 5.0, -5.0])
def test_half_way_up_a_bell_is_its_ec50_wherever_it_ends(final):
    assert shift("bell_shaped", 0.0, 100.0, final, -8.5, 3.0, 1.5, 1.5) == pytest.approx(0.0, abs=0.01)
    assert shift("bell_shaped", 0.0, -100.0, final, -8.5, 3.0, 1.5, 1.5) == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("weibull_type_1", [5.0, 95.0, -7.2, 0.9]),
        ("weibull_type_2", [5.0, 95.0, -7.2, 0.9]),
        ("log_normal", [5.0, 95.0, -7.2, 1.2]),
        ("gompertz", [5.0, 95.0, -7.2, 2.0]),
        ("gompertz_growth", [5.0, 95.0, -7.2, 2.0]),
        ("biphasic", [5.0, 95.0, 0.4, -8.6, 2.2, 1.2, 1.5]),
        ("bell_shaped", [5.0, 95.0, 20.0, -8.6, 2.4, 1.2, 1.5]),
        ("hormesis", [5.0, 95.0, 60.0, -7.2, 2.0]),
    ],
)
def test_simulated_curves_give_their_parameters_back(name, truth):
    law = catalog[name]
    x = np.repeat(np.concatenate([[-np.inf], np.linspace(-10.5, -4.5, 19)]), 2)
    y = law.function(x, np.array(truth)) + np.random.default_rng(5).normal(0.0, 0.5, x.size)
    found = fit_curve(law, Curve(x, y), options=Options(intervals="wald", response_level=1.0))
    assert found.outcome is Outcome.OK, found.reason
    assert (np.abs(found.values - truth) < 4.5 * found.se).all()
    assert (found.se < 0.1 * np.maximum(np.abs(truth), 3.0)).all()
    exact = fit_curve(
        law, Curve(x, law.function(x, np.array(truth))), options=Options(intervals="wald", response_level=1.0)
    )
    np.testing.assert_allclose(exact.values, truth, rtol=1e-7)


def test_a_weibull_curve_that_is_not_half_way_is_censored():
    law = catalog["weibull_type_1"]
    x = np.repeat(np.linspace(-10.5, -7.5, 13), 2)
    y = law.function(x, np.array([0.0, 100.0, -7.2, 1.2])) + np.random.default_rng(3).normal(0.0, 1.0, x.size)
    found = fit_curve(law, Curve(x, y), sharing={"bottom": 0.0})
    assert found.outcome is Outcome.CENSORED
    assert "IC50 lies above" in found.reason
