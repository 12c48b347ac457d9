"""Bands that hold for the whole curve at once: the textbook ones of a line, and their coverage of a sigmoid."""

import numpy as np
import pytest
from scipy import stats

from prusoff.core.curves import Curve
from prusoff.fitting.band import (
    Band,
    confidence_band,
    prediction_band,
    simultaneous_confidence_band,
    simultaneous_prediction_band,
)
from prusoff.fitting.problem import Problem, Shared
from prusoff.fitting.solve import Options, fit, fit_curve
from prusoff.fitting.weights import Weighting

WHOLE = np.array([-np.inf, *np.linspace(-12.0, -3.0, 181), np.inf])


def straight(n=12):
    x = np.arange(float(n))
    return Curve(x, 2.0 * x + 1.0 + np.random.default_rng(1).standard_normal(n))


def half(band):
    return band.high - band.fitted


def test_the_band_of_a_line_is_that_of_working_and_hotelling(line):
    """For a straight line Scheffe's band is sqrt(2 F(2, n - 2)) standard errors (Working & Hotelling 1929)."""
    found, x = fit_curve(line, straight()), np.array([-2.0, 5.5, 20.0])
    about = 1 / 12 + (x - 5.5) ** 2 / 143.0
    expected = np.sqrt(2 * stats.f.ppf(0.95, 2, 10) * about) * found.residual_sd
    band = simultaneous_confidence_band(found, x)
    assert isinstance(band, Band)
    assert band.method == "simultaneous confidence"
    assert half(band) == pytest.approx(expected)
    assert band.fitted - band.low == pytest.approx(expected)


def test_k_next_measurements_of_a_line_by_lieberman(line):
    found, x = fit_curve(line, straight()), np.array([0.0, 4.0, 11.0])
    about = 1 + 1 / 12 + (x - 5.5) ** 2 / 143.0
    expected = np.sqrt(3 * stats.f.ppf(0.9, 3, 10) * about) * found.residual_sd
    assert half(simultaneous_prediction_band(found, x, level=0.9)) == pytest.approx(expected)


def test_a_single_statement_is_the_pointwise_one(line):
    found, x = fit_curve(line, straight()), np.array([3.0])
    assert half(simultaneous_prediction_band(found, x)) == pytest.approx(half(prediction_band(found, x)))


def test_known_errors_take_the_chi_square(line):
    curve = straight()
    found = fit_curve(line, Curve(curve.x, curve.y, np.ones(12)), Weighting.KNOWN_SD)
    x = np.array([2.0, 9.0])
    ratio = half(simultaneous_confidence_band(found, x)) / half(confidence_band(found, x))
    assert ratio == pytest.approx(np.sqrt(stats.chi2.ppf(0.95, 2)) / stats.norm.ppf(0.975))


def test_only_the_parameters_of_this_curve_count(sigmoid, simulated):
    """Two curves that share three of four parameters have five; each curve is drawn by four of them."""
    curves = (simulated(1, location=-8.0), simulated(2, location=-7.0))
    problem = Problem(sigmoid, curves, {"bottom": Shared(), "top": Shared(), "slope": Shared()})
    found, x = fit(problem), np.array([-8.0, -7.0])
    ratio = half(simultaneous_confidence_band(found, x, 1)) / half(confidence_band(found, x, 1))
    assert ratio == pytest.approx(np.sqrt(4 * stats.f.ppf(0.95, 4, 55)) / stats.t.ppf(0.975, 55))


@pytest.mark.slow
def test_the_whole_curve_is_covered_at_least_at_the_stated_rate(sigmoid, simulated):
    """1000 curves, seeds 1 to 1000: from plateau to plateau, and ten next measurements at once."""
    truth = sigmoid.function(WHOLE, np.array([5.0, 100.0, -7.5, 1.0]))
    tested, rng = np.arange(-10.0, -5.4, 0.5), np.random.default_rng(17)
    covered = np.zeros(3)
    for seed in range(1, 1001):
        found = fit_curve(sigmoid, simulated(seed, sd=5.0), options=Options(intervals=""))
        whole, single = (one(found, WHOLE) for one in (simultaneous_confidence_band, confidence_band))
        following = sigmoid.function(tested, np.array([5.0, 100.0, -7.5, 1.0]))
        following = following + 5.0 * rng.standard_normal(tested.size)
        ahead = simultaneous_prediction_band(found, tested)
        covered += [
            ((whole.low <= truth) & (truth <= whole.high)).all(),
            ((ahead.low <= following) & (following <= ahead.high)).all(),
            ((single.low <= truth) & (truth <= single.high)).all(),
        ]
    least = stats.binom.ppf(0.001, 1000, 0.95)
    assert (covered[:2] >= least).all(), covered / 1000
    assert covered[2] < least  # pointwise limits do not promise the whole curve
