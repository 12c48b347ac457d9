import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.core.errors import InputError, ModelError
from prusoff.fitting.outliers import rout
from prusoff.fitting.problem import Prior, Problem, Shared
from prusoff.fitting.robust_statistics import outlier_test, robust_sd
from prusoff.fitting.search import Options
from prusoff.fitting.solve import fit_curve
from prusoff.fitting.weights import GivenWeights, Weighting

QUICK = Options(intervals="")
TRUTH = np.array([5.0, 100.0, -7.5, 1.0])
STEPS = np.linspace(-10.0, -5.5, 10)


def spoiled(curve, *changes):
    y = curve.y.copy()
    for point, change in changes:
        y[point] += change
    return Curve(curve.x, y, curve.sd, curve.label)


def removal(equation, curve, weighting=Weighting.NONE, q=0.01):
    return rout(Problem(equation, (curve,)), weighting, q, options=QUICK)


def points(found):
    return [one.point for one in found.excluded]


def test_an_outlier_of_ten_sd_is_found(sigmoid, simulated):
    for seed in range(20):
        place = (7 * seed) % 30
        curve = spoiled(simulated(seed), (place, 30.0 if seed % 2 else -30.0))
        found = removal(sigmoid, curve)
        assert place in points(found), seed
        assert found.without.points == 30 - len(found.excluded)


def test_both_fits_and_every_point_are_named(sigmoid, simulated):
    curve = spoiled(simulated(2), (7, 40.0))
    found = removal(sigmoid, curve)
    (outlier,) = found.excluded
    assert (outlier.point, outlier.x, outlier.y) == (7, (curve.x[7],), curve.y[7])
    fitted = found.robust.fit.curve.fitted[7]
    assert outlier.residual == pytest.approx((curve.y[7] - fitted) / found.robust.scale, rel=1e-12)
    assert outlier.p < 1e-6
    assert outlier.reason.startswith(f"{outlier.residual:.1f} robust SD above the curve (P = ")
    kept = np.arange(30) != 7
    np.testing.assert_array_equal(found.with_all.values, fit_curve(sigmoid, curve).values)
    np.testing.assert_array_equal(
        found.without.values, fit_curve(sigmoid, Curve(curve.x[kept], curve.y[kept])).values
    )
    assert found.sentence == "1 of 30 points is an outlier and was set aside (ROUT, Q = 1 %)."


def test_a_clean_curve_is_untouched(sigmoid, simulated):
    curve = simulated(2)
    found = removal(sigmoid, curve)
    assert found.excluded == found.suspects == ()
    assert found.without is found.with_all
    assert found.with_all.values.tobytes() == fit_curve(sigmoid, curve).values.tobytes()
    assert found.sentence == "None of 30 points is an outlier (ROUT, Q = 1 %)."
    assert not found.refused


def test_two_outliers_in_ten_points(sigmoid, simulated):
    curve = spoiled(simulated(11, x=STEPS, sd=2.0), (3, 60.0), (8, 60.0))
    found = removal(sigmoid, curve)
    assert points(found) == [3, 8]
    assert found.without.value("log_ic50") == pytest.approx(-7.5, abs=0.1)


@pytest.mark.slow
def test_two_outliers_in_ten_points_are_found_more_often_than_not(sigmoid, simulated):
    """15 standard deviations each, 100 curves (seed 5): with four parameters only eight points speak for the curve."""
    rng, both, wrong = np.random.default_rng(5), 0, 0
    for seed in range(100):
        places = rng.choice(10, 2, replace=False)
        curve = simulated(7000 + seed, x=STEPS)
        curve = spoiled(curve, (places[0], 45.0), (places[1], 45.0 * rng.choice([-1, 1])))
        found = set(points(removal(sigmoid, curve)))
        both += found == set(places)
        wrong += bool(found - set(places))
    assert both >= 65
    assert wrong <= 4


@pytest.mark.slow
def test_clean_curves_of_thirty_points_are_rarely_flagged(sigmoid, simulated):
    """Q = 1 %: in fewer than 4 % of 500 clean curves (seed 20261125) is any point called an outlier."""
    rng, flagged = np.random.default_rng(20261125), 0
    for seed in range(500):
        location, slope = rng.uniform(-9.5, -6.0), float(np.exp(0.25 * rng.standard_normal()))
        curve = simulated(10_000 + seed, sd=5.0, location=location, slope=slope)
        flagged += bool(removal(sigmoid, curve).suspects)
    assert flagged < 20


def test_unit_scale_order_and_direction_change_nothing(sigmoid, simulated):
    curve = spoiled(simulated(4), (7, 40.0), (20, -35.0))
    found = removal(sigmoid, curve)
    assert points(found) == [7, 20]
    order = np.random.default_rng(8).permutation(30)
    for other, sign, places in (
        (Curve(curve.x + 6.0, curve.y), 1.0, [7, 20]),
        (Curve(curve.x, 1e6 * curve.y), 1.0, [7, 20]),
        (Curve(curve.x, 1e-7 * curve.y), 1.0, [7, 20]),
        (Curve(curve.x, 105.0 - curve.y), -1.0, [7, 20]),
        (Curve(curve.x[order], curve.y[order]), 1.0, sorted(np.argsort(order)[[7, 20]])),
    ):
        again = removal(sigmoid, other)
        assert points(again) == places
        here = sorted(sign * one.residual for one in again.excluded)
        np.testing.assert_allclose(here, sorted(one.residual for one in found.excluded), rtol=1e-9)
        assert again.without.value("slope") == pytest.approx(found.without.value("slope"), rel=1e-9)


@pytest.mark.parametrize(
    "weighting", [Weighting.NONE, Weighting.FITTED, Weighting.KNOWN_SD, Weighting.VARIANCE_FUNCTION]
)
def test_weights_are_applied_before(sigmoid, weighting):
    """Errors of 5 %: a well 80 % above its low level is an outlier there; unweighted it is as good as the others."""
    x = np.tile(STEPS, 5)
    level = sigmoid.function(x, TRUTH)
    y = level * (1.0 + 0.05 * np.random.default_rng(2).standard_normal(x.size))
    y[28] = 1.8 * level[28]
    found = removal(sigmoid, Curve(x, y, 0.05 * level), weighting)
    assert (28 in points(found)) is (weighting is not Weighting.NONE)
    assert len(found.excluded) <= 2
    assert found.without.weighting == weighting.value
    assert found.without.scale_known is (weighting is Weighting.KNOWN_SD)
    assert found.without.value("log_ic50") == pytest.approx(-7.5, abs=0.06)


def test_given_weights_lose_those_of_the_points_set_aside(sigmoid, simulated):
    curve = spoiled(simulated(4), (12, 60.0))
    weights = np.linspace(0.5, 2.0, 30)
    found = removal(sigmoid, curve, GivenWeights((weights,), "given"))
    assert points(found) == [12]
    np.testing.assert_array_equal(found.without.curve.weights, np.delete(weights, 12))


def test_too_many_outliers_are_left_where_they_are(sigmoid, simulated):
    """Seven wells of 30 far away: the law does not suit these data, and nothing is removed."""
    curve = spoiled(simulated(9, sd=0.5), *((k, 60.0 + k) for k in (1, 5, 8, 13, 17, 22, 27)))
    found = removal(sigmoid, curve)
    assert found.excluded == ()
    assert len(found.suspects) == 7
    assert found.without is found.with_all
    assert found.without.points == 30
    assert "7 of 30 would be, more than 20 %" in found.refused
    assert found.sentence.startswith("No point was set aside: 7 of 30 would be")


def test_four_concentrations_must_remain(line, sigmoid, simulated):
    x = np.array([1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0])
    y = 2.0 * x + 0.1 * np.array([1.0, -1.0, 0.5, 0.3, -0.7, 1.0, -0.2, 0.9, -1.0, 80.0])
    found = removal(line, Curve(x, y))
    assert [one.point for one in found.suspects] == [9]
    assert found.excluded == ()
    assert found.refused == "3 different concentrations would remain; at least 4 are needed."
    wells = np.concatenate([np.repeat([-8.5, -7.5, -6.5], 3), [-5.5], [-np.inf] * 4, [np.inf] * 4])
    with_controls = spoiled(simulated(2, x=wells, sd=1.0), (9, 60.0))
    assert removal(sigmoid, with_controls).refused.startswith("3 different concentrations would remain")


def test_a_curve_that_keeps_its_points_is_not_counted(sigmoid, simulated):
    """Two curves with common plateaus: the outlier is named by its curve, the short other one is no obstacle."""
    curves = (
        Curve(*np.array([[-9.0, -9.0, -7.0, -7.0], [96.0, 95.0, 25.0, 26.5]]), label="short"),
        spoiled(Curve(simulated(2).x, simulated(2).y, label="long"), (10, 60.0)),
    )
    problem = Problem(sigmoid, curves, {"top": Shared(), "bottom": Shared(), "slope": Shared()})
    found = rout(problem, options=QUICK)
    assert [(one.curve, one.point) for one in found.excluded] == [("long", 10)]
    assert [len(curve.data) for curve in found.without.curves] == [4, 29]


def test_all_points_equal(sigmoid):
    for level in (0.0, 7.0):
        found = removal(sigmoid, Curve(np.repeat(STEPS, 3), np.full(30, level)))
        assert found.suspects == ()
        assert np.isfinite(found.robust.scale)


def test_exact_points_and_one_that_is_not(sigmoid):
    x = np.repeat(STEPS, 3)
    curve = spoiled(Curve(x, sigmoid.function(x, TRUTH)), (7, 50.0))
    found = removal(sigmoid, curve)
    assert points(found) == [7]
    np.testing.assert_allclose(found.without.values, TRUTH, rtol=1e-9)
    assert np.isfinite(found.excluded[0].residual)


def test_what_cannot_be_fitted_is_left_alone(sigmoid):
    found = removal(sigmoid, Curve(np.full(9, -8.0), np.arange(9.0)))
    assert found.excluded == ()
    assert found.sentence.startswith("No point was set aside: 1 value of log concentration cannot define")


def test_a_weighting_that_the_rest_cannot_carry(sigmoid):
    """Replicate SDs need four wells: without one of them they cannot be had, and the outlier stays."""
    pattern = np.tile(np.array([-1.2, -0.4, 0.4, 1.2])[:, None], 10)
    pattern[:, 2] = [3.2, 3.25, 3.3, 5.2]
    x = np.tile(STEPS, 4)
    curve = Curve(x, sigmoid.function(x, TRUTH) + pattern.reshape(-1))
    found = removal(sigmoid, curve, Weighting.REPLICATE_SD, q=0.05)
    assert [one.point for one in found.suspects] == [32]
    assert found.excluded == ()
    assert "at least 4 unequal replicates" in found.refused


def test_wrong_use_raises(sigmoid, simulated):
    with pytest.raises(InputError, match="false discovery rate of 1"):
        removal(sigmoid, simulated(1), q=1.5)
    with pytest.raises(ModelError, match="without priors"):
        rout(Problem(sigmoid, (simulated(1),), priors={"slope": Prior(1.0, 0.1)}))


class TestScan:
    RESIDUALS = np.array([1.2, -0.8, 0.3, -1.9, 0.7, 15.4, -0.2, 1.1, -1.4, 0.9, -0.5, -11.8, 0.4, 2.1, -0.9])

    def test_many_curves_are_the_curves_one_by_one(self):
        rng = np.random.default_rng(6)
        table = rng.standard_normal((24, 40))
        table[rng.integers(0, 24, 40), np.arange(40)] *= 30.0
        table[20:, ::3] = np.nan
        scale = robust_sd(table, 4)
        df = np.isfinite(table).sum(axis=0) - 4
        flags, p = outlier_test(table, scale, df, 0.01)
        assert flags.shape == p.shape == table.shape
        assert not flags[~np.isfinite(table)].any()
        assert flags.any(axis=0).mean() > 0.5
        for c in range(40):
            there = np.isfinite(table[:, c])
            one, chance = outlier_test(table[there, c], scale[c], df[c], 0.01)
            np.testing.assert_array_equal(flags[there, c], one)
            np.testing.assert_array_equal(p[there, c], chance)

    def test_order_and_sign_do_not_matter(self):
        scale = robust_sd(self.RESIDUALS, 4)
        flags, _ = outlier_test(self.RESIDUALS, scale, 11, 0.01)
        order = np.random.default_rng(1).permutation(15)
        np.testing.assert_array_equal(outlier_test(-self.RESIDUALS[order], scale, 11, 0.01)[0], flags[order])

    def test_only_the_largest_third_is_looked_at(self):
        """However small the scale is said to be, the smaller 70 % of the points are never outliers."""
        flags, _ = outlier_test(self.RESIDUALS, 1e-6, 11, 0.01)
        assert flags.sum() == 6
