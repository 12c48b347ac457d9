"""Standard curves read backwards: closed forms, open sides, and how often the true concentration is covered."""

import math

import numpy as np
import pytest
from scipy import stats

from prusoff.core.curves import Curve
from prusoff.core.equation import Axis, Equation, Parameter
from prusoff.core.errors import InputError, ModelError
from prusoff.core.estimate import Relation
from prusoff.fitting.inverse import StandardCurve, inverse_prediction
from prusoff.fitting.problem import Between, Individual, Problem
from prusoff.fitting.solve import Options, fit, fit_curve
from prusoff.fitting.weights import Weighting

BOTH = pytest.mark.parametrize("method", ["profile", "inversion"])


def straight(sd=1.0):
    x = np.repeat(np.arange(1.0, 9.0), 2)
    return Curve(x, 3.0 * x + 10.0 + sd * np.random.default_rng(4).standard_normal(16))


def fieller_line(curve, response, replicates):
    """Classical calibration of a straight line with its 95 % limits (Fieller; Draper & Smith 1998)."""
    n, x = curve.y.size, curve.x
    slope, level = np.polyfit(x, curve.y, 1)
    s2 = ((curve.y - level - slope * x) ** 2).sum() / (n - 2)
    sxx, t2 = ((x - x.mean()) ** 2).sum(), stats.t.ppf(0.975, n - 2) ** 2
    u = response - curve.y.mean()
    roots = np.roots(
        [slope**2 - t2 * s2 / sxx, -2.0 * slope * u, u**2 - t2 * s2 * (1.0 / replicates + 1.0 / n)]
    )
    return (response - level) / slope, *sorted(x.mean() + roots)


@BOTH
def test_a_straight_line_is_read_as_fieller_says(line, method):
    curve = straight()
    found = inverse_prediction(fit_curve(line, curve), [20.0, 24.0, 22.0], method=method)
    assert (found.x, found.low, found.high) == pytest.approx(fieller_line(curve, 22.0, 3), rel=1e-6)
    assert found.replicates == 3
    assert found.relation is Relation.EQUAL


def test_a_sigmoid_is_inverted_exactly(sigmoid, simulated):
    found = fit_curve(sigmoid, simulated(1))
    bottom, top, location, slope = found.values
    read = inverse_prediction(found, 60.0)
    assert read.x == pytest.approx(location + math.log10((top - 60.0) / (60.0 - bottom)) / slope, abs=1e-9)
    assert read.low < read.x < read.high
    estimate = read.estimate("sample")
    assert (estimate.value, estimate.unit) == (pytest.approx(10**read.x), "M")
    assert (estimate.low, estimate.high) == (pytest.approx(10**read.low), pytest.approx(10**read.high))


def test_more_measurements_of_the_sample_narrow_it_to_what_the_curve_allows(sigmoid, simulated):
    found = fit_curve(sigmoid, simulated(2))
    widths = [
        read.high - read.low for n in (1, 2, 8, 10**6) for read in [inverse_prediction(found, [50.0] * n)]
    ]
    assert (np.diff(widths) < 0).all()
    assert widths[-1] > 0.2 * widths[0]


def test_direction_and_unit_of_the_response_do_not_matter(sigmoid, simulated):
    curve = simulated(3)
    falling, rising = fit_curve(sigmoid, curve), fit_curve(sigmoid, Curve(curve.x, -7.0 * curve.y))
    one, other = inverse_prediction(falling, 40.0), inverse_prediction(rising, -280.0)
    assert (other.x, other.low, other.high) == pytest.approx((one.x, one.low, one.high), abs=1e-6)


@BOTH
def test_beyond_the_plateaus_there_is_only_a_bound(sigmoid, simulated, method):
    found = fit_curve(sigmoid, simulated(4))
    above, below = (inverse_prediction(found, y, method=method) for y in (-5.0, 110.0))
    assert (above.relation, above.x, above.high) == (Relation.ABOVE, -5.5, np.inf)
    assert (below.relation, below.x, below.low) == (Relation.BELOW, -10.0, -np.inf)
    assert above.estimate().amount == "> 3.16 µM"
    assert "beyond the curve at the lowest standard" in below.sentence


def test_an_interval_that_leaves_the_standards_is_open(sigmoid, simulated):
    found = fit_curve(sigmoid, simulated(5, sd=5.0))
    read = inverse_prediction(found, float(found.predict(np.array([-5.9]))[0]))
    assert read.x == pytest.approx(-5.9)
    assert read.high == np.inf
    assert np.isfinite(read.low)
    assert "no upper limit" in read.sentence


def test_weights_make_a_large_response_less_certain(line):
    x = np.repeat(np.arange(1.0, 9.0), 3)
    y = 10.0 * x * (1.0 + 0.1 * np.random.default_rng(6).standard_normal(24))
    growth = []
    for weighting in (Weighting.NONE, Weighting.FITTED):
        found = fit_curve(line, Curve(x, y), weighting)
        small, large = (inverse_prediction(found, one) for one in (25.0, 50.0))
        growth.append((large.high - large.low) / (small.high - small.low))
    assert growth == pytest.approx([1.0, 2.0], rel=0.1)


def test_profile_and_inversion_agree_where_the_curve_is_well_known(sigmoid, simulated):
    found = fit_curve(sigmoid, simulated(7, sd=1.0))
    one, other = (inverse_prediction(found, 30.0, method=method) for method in ("profile", "inversion"))
    assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=2e-3)


def test_a_parameter_at_its_limit_is_held_there(sigmoid, simulated):
    found = fit_curve(sigmoid, simulated(8), sharing={"slope": Between(1.5, 2.0)})
    assert found.at_bounds == ("slope",)
    one, other = (inverse_prediction(found, 30.0, method=method) for method in ("profile", "inversion"))
    assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=5e-3)


def test_a_curve_of_a_joint_fit_is_read_by_its_number(sigmoid, simulated):
    curves = (simulated(1, location=-8.0), simulated(2, location=-7.0))
    found = fit(Problem(sigmoid, curves, {"slope": Individual()}))
    first, second = (inverse_prediction(found, 52.0, curve=c) for c in (0, 1))
    assert (first.x, second.x) == pytest.approx((-8.0, -7.0), abs=0.1)


def test_zero_standards_are_no_concentration_to_be_read(growth):
    x = np.repeat([0.0, 1.0, 2.0, 4.0, 8.0], 2)
    y = 5.0 * (1 - np.exp(-0.4 * x)) + 0.05 * np.random.default_rng(3).standard_normal(10)
    assert StandardCurve.of(fit_curve(growth, Curve(x, y))).low == 1.0


def test_what_cannot_be_read_is_said(sigmoid, line, simulated):
    hump = Equation(
        "hump", "Hump", "", (Axis("x", ""),), Axis("y", "signal"),
        (Parameter("height", "h", "signal", "height", linear=True),),
        lambda x, p: p[0] * np.exp(-((x - 4.0) ** 2)), lambda x, p: np.exp(-((x - 4.0) ** 2))[None],
        lambda x, y: np.array([y.max()]), "", (),
    )  # fmt: skip
    x = np.arange(1.0, 9.0)
    with pytest.raises(ModelError, match="rises and falls"):
        inverse_prediction(fit_curve(hump, Curve(x, np.exp(-((x - 4.0) ** 2)) + 0.01 * x)), 0.5)
    flat = fit_curve(sigmoid, Curve(simulated(1).x, np.random.default_rng(5).standard_normal(30)))
    with pytest.raises(ModelError, match="no curve to read off"):
        inverse_prediction(flat, 0.5)
    found = fit_curve(line, straight())
    with pytest.raises(InputError, match="every response must be a number"):
        inverse_prediction(found, [20.0, np.nan])
    with pytest.raises(InputError, match="'bayes' is not known"):
        inverse_prediction(found, 20.0, method="bayes")


@pytest.mark.slow
@BOTH
def test_the_true_concentration_is_covered_at_the_stated_rate(sigmoid, simulated, method):
    """600 samples in duplicate, each with its own standard curve (seeds 1 to 600), over the whole tested range."""
    truth, rng, covered = np.array([5.0, 100.0, -7.5, 1.0]), np.random.default_rng(9), 0
    for seed in range(1, 601):
        found = fit_curve(sigmoid, simulated(seed, sd=5.0), options=Options(intervals=""))
        x = rng.uniform(-9.5, -5.6)
        sample = sigmoid.function(np.array([x, x]), truth) + 5.0 * rng.standard_normal(2)
        read = inverse_prediction(found, sample, method=method)
        covered += read.low <= x <= read.high
    least, most = stats.binom.interval(0.999, 600, 0.95)
    assert least <= covered <= most
