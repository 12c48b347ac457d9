import math

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import t as student

from prusoff.core.curves import Curve
from prusoff.core.errors import InputError, ModelError
from prusoff.core.fit import Outcome
from prusoff.fitting.problem import Between, Prior, Problem, Shared
from prusoff.fitting.robust import Lorentzian, StudentT, fit_robust
from prusoff.fitting.robust_statistics import (
    lorentzian_weights,
    robust_sd,
    student_log_likelihood,
    student_scale,
    student_weights,
)
from prusoff.fitting.search import Options
from prusoff.fitting.solve import fit_curve
from prusoff.fitting.weights import CountingVariance, Weighting

TRUTH = np.array([5.0, 100.0, -7.5, 1.0])
both = pytest.mark.parametrize("errors", [Lorentzian(), StudentT(), StudentT(7.0)], ids=str)


def spoiled(curve, *changes):
    y = curve.y.copy()
    for point, change in changes:
        y[point] += change
    return Curve(curve.x, y, curve.sd)


def robust(equation, curve, errors, weighting=Weighting.NONE, **rules):
    return fit_robust(Problem(equation, (curve,), rules), errors, weighting)


def close(found, expected, shift=0.0, scale=1.0):
    """Both robust fits are the same to 1e-9 but for a shift of the location and a scale of the response."""
    np.testing.assert_allclose(found.fit.values[2:] - [shift, 0.0], expected.fit.values[2:], rtol=1e-9)
    np.testing.assert_allclose(
        found.fit.values[:2], scale * expected.fit.values[:2], rtol=1e-9, atol=1e-9 * scale
    )
    np.testing.assert_allclose(found.scale, scale * expected.scale, rtol=1e-9)
    np.testing.assert_allclose(found.fit.se[2:], expected.fit.se[2:], rtol=1e-7)


@both
def test_one_outlier_hardly_moves_the_curve(sigmoid, simulated, errors):
    clean, curve = simulated(8), spoiled(simulated(8), (12, 200.0))
    plain = abs(fit_curve(sigmoid, curve).value("log_ic50") - fit_curve(sigmoid, clean).value("log_ic50"))
    found = robust(sigmoid, curve, errors)
    moved = abs(found.fit.value("log_ic50") - robust(sigmoid, clean, errors).fit.value("log_ic50"))
    assert moved < 0.02 < 0.06 < plain
    assert found.counted[0][12] < 0.01 * found.counted[0].max()
    assert found.fit.outcome is Outcome.OK
    assert found.fit.intervals["log_ic50"].low < -7.5 < found.fit.intervals["log_ic50"].high


def test_an_outlier_does_not_hide_the_response(sigmoid, simulated):
    """Least squares is no longer sure of a response beside a point 200 away; the robust fit judges without it."""
    curve = spoiled(simulated(8), (12, 200.0))
    assert fit_curve(sigmoid, curve).outcome is Outcome.NO_RESPONSE
    found = robust(sigmoid, curve, Lorentzian()).fit
    assert found.outcome is Outcome.OK
    np.testing.assert_array_equal(found.curve.data.y, curve.y)


@pytest.mark.slow
def test_flat_curves_get_no_potency(sigmoid):
    """Of 100 flat curves of 30 points (seeds 0 to 99) none shows a response when it is fitted robustly."""
    x = np.repeat(np.linspace(-10.0, -5.5, 10), 3)
    options = Options(intervals="", starts=1)
    for seed in range(100):
        curve = Curve(x, 100.0 + 5.0 * np.random.default_rng(seed).standard_normal(30))
        found = fit_robust(Problem(sigmoid, (curve,)), options=options)
        assert found.fit.outcome is Outcome.NO_RESPONSE, seed


@both
def test_unit_scale_order_and_direction_change_nothing(sigmoid, simulated, errors):
    curve = spoiled(simulated(3), (7, 30.0), (20, -25.0))
    found = robust(sigmoid, curve, errors)
    order = np.random.default_rng(8).permutation(len(curve))
    close(robust(sigmoid, Curve(curve.x + 6.0, curve.y), errors), found, shift=6.0)
    close(robust(sigmoid, Curve(curve.x, 1e6 * curve.y), errors), found, scale=1e6)
    close(robust(sigmoid, Curve(curve.x, 1e-7 * curve.y), errors), found, scale=1e-7)
    close(robust(sigmoid, Curve(curve.x[order], curve.y[order]), errors), found)
    mirrored = robust(sigmoid, Curve(curve.x, 105.0 - curve.y), errors)
    np.testing.assert_allclose(mirrored.fit.values[2:], found.fit.values[2:], rtol=1e-9)
    np.testing.assert_allclose(105.0 - mirrored.fit.values[:2], found.fit.values[:2], rtol=1e-9, atol=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_t_errors_reach_the_greatest_likelihood(sigmoid, simulated, seed):
    """Against a general minimiser over curve and scale at once, with the density of another library."""
    curve = spoiled(simulated(seed), (3, 40.0), (20, -60.0))

    def misfit(p):
        residuals = curve.y - sigmoid.function(curve.x, p[:4])
        return -float(student.logpdf(residuals, 4.0, scale=math.exp(p[4])).sum())

    found = robust(sigmoid, curve, StudentT())
    best = min(
        (
            minimize(
                misfit,
                [*start, 1.0],
                method="Nelder-Mead",
                options={"maxiter": 8000, "xatol": 1e-9, "fatol": 1e-11},
            )
            for start in (TRUTH, found.fit.values)
        ),
        key=lambda one: one.fun,
    )
    assert found.log_likelihood == pytest.approx(-best.fun, abs=1e-7)
    assert found.log_likelihood >= -best.fun - 1e-9
    assert found.aic == pytest.approx(10.0 + 2.0 * best.fun, abs=1e-6)


def test_a_lorentzian_fit_has_no_slope_at_its_end(sigmoid, simulated):
    curve = spoiled(simulated(5), (4, 60.0))
    found = robust(sigmoid, curve, Lorentzian())
    ratio = found.fit.curve.residuals / found.scale
    slopes = sigmoid.jacobian(curve.x, found.fit.values)
    pull = slopes @ (ratio / (1.0 + ratio**2))
    size = np.sqrt((slopes**2).sum(axis=1) * (ratio**2).sum())
    assert np.abs(pull / size).max() < 1e-9
    assert found.scale == pytest.approx(float(robust_sd(found.fit.curve.residuals, 4)), rel=1e-9)


@pytest.mark.slow
def test_standard_errors_are_the_scatter_of_the_values(sigmoid, simulated):
    """Over 200 simulated curves (seeds 0 to 199): normal errors, and t errors for the fit that expects them."""
    options = Options(intervals="", starts=1)
    for errors, noise in ((Lorentzian(), "normal"), (StudentT(), "normal"), (StudentT(), "t")):
        found = []
        for seed in range(200):
            rng = np.random.default_rng(seed)
            clean = simulated(seed, sd=0.0)
            scatter = rng.standard_normal(30) if noise == "normal" else rng.standard_t(4.0, 30)
            curve = Curve(clean.x, clean.y + 3.0 * scatter)
            one = fit_robust(Problem(sigmoid, (curve,)), errors, options=options)
            found.append((one.fit.value("log_ic50"), one.fit.standard_error("log_ic50")))
        values, se = np.array(found).T
        assert np.sqrt(np.mean(se**2)) == pytest.approx(values.std(), rel=0.15), (errors, noise)


@pytest.mark.parametrize("weighting", list(Weighting), ids=lambda one: one.name)
@both
def test_every_weighting_can_be_robust(sigmoid, errors, weighting):
    """Errors of 5 %, one well 60 % too high; a replicate SD takes in its own outlier and so hides it."""
    x = np.tile(np.arange(-10.0, -5.4, 0.5), 5)
    y = sigmoid.function(x, TRUTH)
    rng = np.random.default_rng(2)
    y = y * (1.0 + 0.05 * rng.standard_normal(x.size))
    y[22] *= 1.6
    curve = Curve(x, y, 0.05 * sigmoid.function(x, TRUTH))
    found = robust(sigmoid, curve, errors, weighting)
    assert found.fit.outcome is Outcome.OK
    assert found.fit.value("log_ic50") == pytest.approx(-7.5, abs=0.06)
    assert found.fit.weighting.startswith(weighting.value)
    if weighting is not Weighting.REPLICATE_SD:
        assert found.counted[0].argmin() == 22
    if weighting is Weighting.FITTED:
        np.testing.assert_allclose(found.fit.curve.weights, 1.0 / found.fit.curve.fitted**2, rtol=1e-8)
        assert found.scale == pytest.approx(0.05, rel=0.3)


def test_counting_errors_can_be_robust(sigmoid, simulated):
    curve = spoiled(simulated(2), (15, 40.0))
    found = robust(sigmoid, curve, Lorentzian(), CountingVariance(4.0, 0.05, 1e-4))
    assert found.fit.outcome is Outcome.OK
    assert found.counted[0].argmin() == 15


@both
def test_responses_without_scatter(sigmoid, errors):
    x = np.repeat(np.arange(-10.0, -5.4, 0.5), 3)
    exact = robust(sigmoid, Curve(x, sigmoid.function(x, TRUTH)), errors)
    np.testing.assert_allclose(exact.fit.values, TRUTH, rtol=1e-9)
    for level in (7.0, 0.0):
        flat = robust(sigmoid, Curve(x, np.full(x.size, level)), errors)
        assert flat.fit.outcome is Outcome.NO_RESPONSE
        assert np.isfinite(flat.fit.values).all()
        np.testing.assert_allclose(flat.fit.curve.fitted, level, atol=1e-9)
        assert np.isfinite(flat.scale)
        assert all(np.isfinite(one).all() for one in flat.counted)


@both
def test_what_cannot_be_fitted_says_so(sigmoid, errors):
    few = robust(
        sigmoid, Curve(np.array([-9.0, -8.0, -7.0, -6.0]), np.array([99.0, 80.0, 20.0, 3.0])), errors
    )
    assert few.fit.outcome is Outcome.FAILED
    assert "nothing is left to tell outliers by" in few.fit.reason
    narrow = robust(sigmoid, Curve(np.full(9, -8.0), np.arange(9.0)), errors)
    assert narrow.fit.outcome is Outcome.FAILED
    assert narrow.rounds == 0
    assert math.isnan(narrow.scale)


def test_a_value_at_its_limit_has_no_error(sigmoid, simulated):
    curve = spoiled(simulated(4, slope=2.0), (9, 30.0))
    found = robust(sigmoid, curve, Lorentzian(), slope=Between(0.1, 1.2))
    assert "slope" in found.fit.at_bounds
    assert math.isnan(found.fit.standard_error("slope"))
    assert math.isfinite(found.fit.standard_error("log_ic50"))


def test_curves_that_share_plateaus_share_the_scale(sigmoid, simulated):
    curves = (simulated(1), spoiled(simulated(2, location=-8.5), (10, 70.0)))
    found = fit_robust(Problem(sigmoid, curves, {"top": Shared(), "bottom": Shared()}))
    assert found.fit.names == ("bottom", "top", "log_ic50[1]", "log_ic50[2]", "slope[1]", "slope[2]")
    assert [one.shape for one in found.counted] == [(30,), (30,)]
    assert found.counted[1].argmin() == 10
    assert found.fit.value("log_ic50[2]") == pytest.approx(-8.5, abs=0.1)


def test_priors_are_refused(sigmoid, simulated):
    with pytest.raises(ModelError, match="no priors"):
        fit_robust(Problem(sigmoid, (simulated(1),), priors={"slope": Prior(1.0, 0.1)}))


@pytest.mark.parametrize("df", [0.0, -1.0, math.nan, math.inf])
def test_degrees_of_freedom_must_be_a_number_above_zero(df):
    with pytest.raises(InputError, match="make no t errors"):
        StudentT(df)


def test_the_same_bytes_twice(sigmoid, simulated):
    one, two = (robust(sigmoid, spoiled(simulated(6), (2, 50.0)), StudentT()) for _ in range(2))
    assert one.fit.values.tobytes() == two.fit.values.tobytes()
    assert one.scale == two.scale


class TestStatistics:
    def test_many_curves_are_the_curves_one_by_one(self):
        rng = np.random.default_rng(3)
        table = rng.standard_t(4.0, (20, 6)) * np.array([1.0, 5.0, 1e-4, 1e5, 2.0, 3.0])
        table[15:, 1] = table[:3, 2] = np.nan
        each = [column[np.isfinite(column)] for column in table.T]
        np.testing.assert_allclose(robust_sd(table, 4), [robust_sd(one, 4) for one in each], rtol=1e-14)
        scale = student_scale(table, 4.0)
        np.testing.assert_allclose(scale, [student_scale(one, 4.0) for one in each], rtol=1e-12)
        likely = student_log_likelihood(table, scale, 4.0)
        np.testing.assert_allclose(
            likely,
            [student_log_likelihood(one, s, 4.0) for one, s in zip(each, scale, strict=True)],
            rtol=1e-12,
        )
        for weights in (lorentzian_weights(table), student_weights(table, 4.0)):
            assert weights.shape == table.shape

    def test_robust_sd_of_normal_residuals_is_their_sd(self):
        residuals = 3.0 * np.random.default_rng(1).standard_normal((1000, 200))
        assert robust_sd(residuals, 0).mean() == pytest.approx(3.0, rel=0.01)

    def test_robust_sd_needs_more_points_than_parameters(self):
        assert math.isnan(robust_sd(np.array([1.0, -2.0, 3.0]), 3))
        assert math.isnan(robust_sd(np.array([np.nan, np.nan]), 1))

    def test_the_scale_of_t_errors_is_the_most_likely_one(self):
        residuals = 3.0 * np.random.default_rng(5).standard_t(4.0, 500)
        scale = float(student_scale(residuals, 4.0))
        assert scale == pytest.approx(3.0, rel=0.1)
        expected = [
            float(student.logpdf(residuals, 4.0, scale=scale * by).sum()) for by in (0.999, 1.0, 1.001)
        ]
        assert expected[1] > max(expected[0], expected[2])
        assert float(student_log_likelihood(residuals, scale, 4.0)) == pytest.approx(expected[1], rel=1e-12)
        assert float(student_scale(residuals, 4.0, start=1e-3 * scale)) == pytest.approx(scale, rel=1e-12)

    def test_too_many_zeros_leave_no_scale(self):
        assert student_scale(np.zeros(5), 4.0) == 0.0
        assert student_scale(np.array([0.0, 0.0, 0.0, 0.0, 1.0]), 4.0) == 0.0
        assert student_scale(np.array([0.0, 0.0, 1.0, 1.0]), 4.0) > 0.0
