import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.core.errors import ModelError
from prusoff.fitting.solve import fit_curve
from prusoff.fitting.weights import (
    WEIGHTINGS,
    CountingVariance,
    GivenWeights,
    Weighting,
    fit_variance_function,
    weigh,
)


def proportional(line, seed=1, n=60):
    x = np.repeat(np.linspace(1.0, 10.0, n // 6), 6)
    return Curve(x, (3.0 * x + 5.0) * (1 + 0.1 * np.random.default_rng(seed).standard_normal(x.size)))


def test_every_weighting_has_a_short_name():
    assert set(WEIGHTINGS.values()) == set(Weighting)


def test_known_sd_gives_the_textbook_line(line):
    """Weighted least squares by the normal equations; errors are not rescaled."""
    x, y, sd = np.arange(5.0), np.array([1.0, 2.9, 5.2, 7.1, 8.8]), np.array([0.1, 0.2, 0.1, 0.4, 0.3])
    design = np.stack([x, np.ones(5)], axis=1) / sd[:, None]
    covariance = np.linalg.inv(design.T @ design)
    found = fit_curve(line, Curve(x, y, sd), Weighting.KNOWN_SD)
    assert found.scale_known
    assert found.values == pytest.approx(covariance @ design.T @ (y / sd))
    assert found.se == pytest.approx(np.sqrt(np.diag(covariance)))
    assert found.intervals["slope"].low == pytest.approx(
        found.values[0] - 1.959963985 * found.se[0], rel=1e-5
    )


def test_weights_of_the_fit_agree_with_the_fit(line):
    found = fit_curve(line, proportional(line), Weighting.FITTED)
    assert found.curve.weights == pytest.approx(1 / found.curve.fitted**2, rel=1e-8)
    assert not found.scale_known


def test_observed_weights_are_biased_low_and_fitted_ones_are_not(line):
    level = {
        way: np.mean([fit_curve(line, proportional(line, seed), way).predict(5.0) for seed in range(40)])
        for way in (Weighting.FITTED, Weighting.OBSERVED)
    }
    assert level[Weighting.OBSERVED] < 19.8 < level[Weighting.FITTED] < 20.2


def test_a_point_near_zero_does_not_take_all_the_weight():
    (weights,) = weigh(Weighting.OBSERVED, [Curve(np.arange(3.0), np.array([0.0, 50.0, 100.0]))], [])
    assert weights == pytest.approx([1.0, 1 / 50**2, 1 / 100**2])


def test_variance_function_finds_how_errors_grow():
    rng = np.random.default_rng(3)
    x = np.repeat(np.arange(60.0), 6)
    level = 10.0 * 1.08**x
    law = fit_variance_function(
        [Curve(x, level + np.sqrt(4.0 + 0.01 * level**2) * rng.standard_normal(x.size))]
    )
    for y in (20.0, 100.0, 800.0):
        assert law.variance(np.array([y]))[0] == pytest.approx(4.0 + 0.01 * y**2, rel=0.5)


def test_variance_function_follows_the_unit_of_the_response():
    rng = np.random.default_rng(5)
    x = np.repeat(np.arange(8.0), 4)
    y = 20 + 10 * x + (1 + x) * rng.standard_normal(x.size)
    one, thousand = (fit_variance_function([Curve(x, scale * y)]) for scale in (1.0, 1000.0))
    at = np.array([30.0, 60.0, 90.0])
    assert thousand.variance(1000 * at) == pytest.approx(1e6 * one.variance(at), rel=1e-3)


def test_replicates_need_four_each(line):
    curve = proportional(line)
    found = fit_curve(line, curve, Weighting.REPLICATE_SD)
    assert np.unique(found.curve.weights).size == 10
    assert fit_curve(line, curve, Weighting.VARIANCE_FUNCTION).outcome.usable
    with pytest.raises(ModelError, match="at least 4"):
        fit_curve(line, Curve(curve.x[::2], curve.y[::2]), Weighting.REPLICATE_SD)
    with pytest.raises(ModelError, match="at least three"):
        fit_curve(line, Curve(np.arange(9.0), np.arange(9.0)), Weighting.VARIANCE_FUNCTION)


def test_counting_variance_is_taken_at_the_fitted_response(line):
    law = CountingVariance(constant=2.0, per_signal=0.5, per_square=0.0009)
    found = fit_curve(line, proportional(line), law)
    y = found.curve.fitted
    assert found.curve.weights == pytest.approx(1 / (2.0 + 0.5 * y + 0.0009 * y**2), rel=1e-8)
    assert law.variance(np.array([-5.0])) == pytest.approx([2.0])
    assert fit_curve(line, proportional(line), CountingVariance(2.0, 0.5, 0.0, scale_known=True)).scale_known


def test_given_weights_stay(line):
    first = fit_curve(line, proportional(line), Weighting.FITTED)
    again = fit_curve(line, proportional(line), GivenWeights.of(first))
    assert again.values == pytest.approx(first.values, rel=1e-9)
    assert again.weighting == first.weighting
    with pytest.raises(ModelError, match="do not belong"):
        fit_curve(line, Curve(np.arange(3.0), np.arange(3.0)), GivenWeights.of(first))


def test_known_sd_must_be_given(line):
    with pytest.raises(ModelError, match="an SD for every point"):
        fit_curve(line, proportional(line), Weighting.KNOWN_SD)
    nothing = fit_curve(line, Curve(np.arange(5.0), np.zeros(5)), Weighting.OBSERVED)
    assert (nothing.curve.weights == 1).all()
