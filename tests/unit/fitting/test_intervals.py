import numpy as np
import pytest
from scipy import stats

from prusoff.core.curves import Curve
from prusoff.core.errors import InputError
from prusoff.fitting.band import confidence_band, prediction_band
from prusoff.fitting.intervals import (
    delta_interval,
    log_delta_interval,
    profile_curve,
    profile_interval,
    wald_interval,
)
from prusoff.fitting.problem import Between, Problem
from prusoff.fitting.solve import Options, fit, fit_curve


def straight(seed=1, n=12):
    x = np.arange(float(n))
    return Curve(x, 2.0 * x + 1.0 + np.random.default_rng(seed).standard_normal(n))


def test_the_profile_of_a_linear_law_is_wald(line):
    problem = Problem(line, (straight(),))
    found = fit(problem)
    for name in found.names:
        wald, profile = wald_interval(found, name, 0.9), profile_interval(problem, found, name, 0.9)
        assert (profile.low, profile.high) == pytest.approx((wald.low, wald.high), rel=1e-5)
        assert profile.level == wald.level == 0.9


def test_a_profile_limit_lies_on_the_threshold(sigmoid, simulated):
    """The sum of squares, minimised anew with the parameter held at its limit, has grown as the F quantile says."""
    curve = simulated(11, sd=6.0)
    found = fit_curve(sigmoid, curve)
    threshold = found.sum_of_squares * (1 + stats.f.ppf(0.95, 1, found.df) / found.df)
    for name in found.names:
        interval = found.intervals[name]
        for limit in (interval.low, interval.high):
            held = fit_curve(sigmoid, curve, sharing={name: limit}, options=Options(intervals=""))
            assert held.sum_of_squares == pytest.approx(threshold, rel=1e-5)


def test_a_side_without_an_end_is_open(sigmoid, simulated):
    """Too few points below the IC50 to say where the curve began."""
    found = fit_curve(sigmoid, simulated(5, sd=5.0, location=-9.6))
    assert found.intervals["top"].high > 120
    partial = fit_curve(sigmoid, simulated(6, sd=6.0, location=-5.4))
    assert partial.intervals["log_ic50"].high == np.inf
    assert np.isfinite(partial.intervals["log_ic50"].low)


def test_limits_of_the_parameter_are_respected(sigmoid, simulated):
    found = fit_curve(sigmoid, simulated(7), sharing={"slope": Between(0.95, 1.05)})
    interval = found.intervals["slope"]
    assert interval.low == -np.inf or interval.low >= 0.95
    assert interval.high == np.inf or interval.high <= 1.05


def test_exact_data_have_no_width(line):
    found = fit_curve(line, Curve(np.arange(6.0), 2.0 * np.arange(6.0)))
    assert found.values == pytest.approx([2.0, 0.0], abs=1e-12)
    assert found.intervals["slope"].high - found.intervals["slope"].low < 1e-9


def test_delta_intervals_are_labelled_and_differ(sigmoid, simulated):
    found = fit_curve(sigmoid, simulated(8, sd=8.0))
    value = 10 ** found.value("log_ic50")
    delta, log_delta = delta_interval(found, "log_ic50"), log_delta_interval(found, "log_ic50")
    assert (delta.method, log_delta.method) == ("delta", "log delta")
    assert (delta.low + delta.high) / 2 == pytest.approx(value)
    assert np.sqrt(log_delta.low * log_delta.high) == pytest.approx(value)


def test_the_profile_is_drawn_through_its_limits(sigmoid, simulated):
    problem = Problem(sigmoid, (simulated(9),))
    found = fit(problem)
    drawn, interval = profile_curve(problem, found, "log_ic50", points=61), found.intervals["log_ic50"]
    assert drawn.label == "IC50"
    assert drawn.best == found.value("log_ic50")
    assert (np.diff(drawn.values) > 0).all()
    crossing = np.interp(drawn.threshold, drawn.sums_of_squares[30:], drawn.values[30:])
    assert crossing == pytest.approx(interval.high, abs=1e-3)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0])
def test_a_level_must_make_sense(line, level):
    with pytest.raises(InputError, match=r"such as 0\.95"):
        fit_curve(line, straight(), level=level)


def test_bands_of_a_line_are_the_textbook_ones(line):
    curve = straight()
    found = fit_curve(line, curve)
    x = np.array([-2.0, 5.5, 20.0])
    about = 1 / 12 + (x - curve.x.mean()) ** 2 / np.sum((curve.x - curve.x.mean()) ** 2)
    t = stats.t.ppf(0.975, 10) * found.residual_sd
    confidence, prediction = confidence_band(found, x), prediction_band(found, x)
    assert confidence.high - confidence.fitted == pytest.approx(t * np.sqrt(about))
    assert prediction.fitted - prediction.low == pytest.approx(t * np.sqrt(1 + about))


def test_bands_reach_the_control_wells(sigmoid, simulated):
    band = confidence_band(fit_curve(sigmoid, simulated(10)), np.array([-np.inf, -7.5, np.inf]))
    assert np.isfinite(band.low).all()
    assert (band.high > band.low).all()
