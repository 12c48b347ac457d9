"""ROUT for many curves is ROUT for each of them, and no curve sees the others."""

import numpy as np
import pytest

from prusoff.core.curves import Curve, Curves
from prusoff.core.errors import InputError
from prusoff.core.fit import Outcome
from prusoff.fitting.batch import fit_batch
from prusoff.fitting.batch.outliers import rout_batch
from prusoff.fitting.batch.robust import fit_robust_batch
from prusoff.fitting.outliers import rout
from prusoff.fitting.problem import Problem
from prusoff.fitting.search import Options
from prusoff.fitting.weights import Weighting

QUICK = Options(intervals="")
WALD = Options(intervals="wald")
TESTED = np.repeat(np.linspace(-10.0, -5.5, 10), 3)


def spoiled_screen(law, count, seed, gross=0.02, x=TESTED):
    """Inhibition curves from 100 to 0 with SD 5, a part of the points 30 to 60 off."""
    rng, ys = np.random.default_rng(seed), []
    for _ in range(count):
        truth = np.array([0.0, 100.0, rng.uniform(-9.5, -6.0), np.exp(0.25 * rng.standard_normal())])
        y = law.function(x, truth) + 5.0 * rng.standard_normal(x.size)
        hit = rng.random(x.size) < gross
        y[hit] += rng.choice([-1.0, 1.0], hit.sum()) * rng.uniform(30.0, 60.0, hit.sum())
        ys.append(y)
    return Curves(np.tile(x, count), np.concatenate(ys), np.arange(count + 1) * x.size)


def points(curves, k):
    return slice(curves.starts[k], curves.starts[k + 1])


def merit(found):
    away = found.robust.fit.curve.weighted_residuals
    return away.size * np.log(found.robust.scale) + np.log1p((away / found.robust.scale) ** 2).sum()


def agreement(law, curves, weighting=Weighting.NONE):
    """How many curves lose the same points in both ways, and whether each other one has the lower merit in one."""
    together = rout_batch(law, curves, weighting, options=QUICK)
    robust = fit_robust_batch(law, curves, together.fits, weighting)
    same, lower, higher = 0, 0, 0
    for k in range(len(curves)):
        alone = rout(Problem(law, (curves[k],)), weighting, options=QUICK)
        mine = np.flatnonzero(together.excluded[points(curves, k)]).tolist()
        if mine == [one.point for one in alone.excluded] and together.refused[k] == alone.refused:
            same += 1
            assert together.without.outcome_of(k) is alone.without.outcome
            if alone.without.outcome.usable:
                np.testing.assert_allclose(
                    together.without.sum_of_squares[k], alone.without.sum_of_squares, rtol=1e-9
                )
        else:
            lower += robust.merit[k] < merit(alone) - 1e-6
            higher += robust.merit[k] > merit(alone) + 1e-6
    return same, lower, higher


def test_the_points_set_aside_are_those_of_the_single_curves(sigmoid):
    same, _, _ = agreement(sigmoid, spoiled_screen(sigmoid, 12, seed=4))
    assert same == 12


def test_weights_by_the_curve_follow_the_robust_curve(sigmoid):
    """Errors of 5 % of the level, from 100 down to 5, and one well half as high again in every curve."""
    level = sigmoid.function(TESTED, np.array([5.0, 100.0, -7.5, 1.0]))
    rng, x = np.random.default_rng(21), TESTED
    ys = level * (1.0 + 0.05 * rng.standard_normal((8, 30)))
    ys[np.arange(8), rng.integers(0, 30, 8)] *= 1.5
    same, _, _ = agreement(sigmoid, Curves.of([Curve(x, y) for y in ys]), Weighting.FITTED)
    assert same == 8


def test_probabilities_and_scale_are_those_of_the_single_curve(sigmoid, simulated):
    y = simulated(2).y.copy()
    y[7] += 40.0
    curve = Curve(simulated(2).x, y)
    together = rout_batch(sigmoid, Curves.of([curve, simulated(4)]), options=QUICK)
    alone = rout(Problem(sigmoid, (curve,)), options=QUICK)
    (outlier,) = alone.excluded
    assert np.flatnonzero(together.excluded).tolist() == [7]
    np.testing.assert_allclose(together.p[7], outlier.p, rtol=1e-5)
    np.testing.assert_allclose(together.without.values[:, 0], alone.without.values, rtol=1e-8)
    assert (together.without.points[0], together.without.df[0]) == (29, 25)
    response = next(test.p for test in alone.robust.fit.tests if test.name == "response")
    np.testing.assert_allclose(together.p_response[0], response, rtol=1e-6)


def test_clean_curves_keep_their_fits(sigmoid, simulated):
    curves = Curves.of([simulated(seed) for seed in (2, 4)])
    found = rout_batch(sigmoid, curves, options=WALD)
    assert not found.excluded.any()
    assert found.without is found.fits
    assert found.refused == ("", "")
    assert found.fits.values.tobytes() == fit_batch(sigmoid, curves, options=WALD).values.tobytes()


def test_the_rest_is_fitted_as_if_the_outliers_had_never_been(sigmoid):
    curves = spoiled_screen(sigmoid, 40, seed=6)
    found = rout_batch(sigmoid, curves)
    kept = [
        Curve(curve.x[~found.excluded[points(curves, k)]], curve.y[~found.excluded[points(curves, k)]])
        for k, curve in enumerate(curves)
    ]
    plain = fit_batch(sigmoid, Curves.of(kept))
    assert found.excluded.sum() > 15
    assert found.without.outcome.tobytes() == plain.outcome.tobytes()
    assert found.without.points.tolist() == [len(curve) for curve in kept]
    for name in ("values", "se", "low", "high"):
        np.testing.assert_allclose(
            getattr(found.without, name), getattr(plain, name), rtol=1e-5, atol=1e-6, err_msg=name
        )


def test_no_curve_sees_its_neighbours(sigmoid):
    curves = spoiled_screen(sigmoid, 60, seed=3)
    whole = rout_batch(sigmoid, curves, options=WALD)
    for first, last in ((0, 1), (5, 8), (31, 60)):
        part = rout_batch(sigmoid, curves.part(first, last), options=WALD)
        rows = slice(curves.starts[first], curves.starts[last])
        assert part.p.tobytes() == whole.p[rows].tobytes()
        assert part.excluded.tobytes() == whole.excluded[rows].tobytes()
        for name in ("values", "se", "low", "high", "p_response"):
            here = np.ascontiguousarray(getattr(whole.without, name)[..., first:last])
            assert getattr(part.without, name).tobytes() == here.tobytes(), name


def test_a_poisoned_neighbour_changes_nothing(sigmoid):
    curves = spoiled_screen(sigmoid, 30, seed=5)
    whole = rout_batch(sigmoid, curves, options=WALD)
    y = curves.y.copy()
    y[points(curves, 10)][3] = np.nan
    y[points(curves, 11)] = 1e300
    y[points(curves, 12)] = 0.0
    poisoned = rout_batch(sigmoid, Curves(curves.x, y, curves.starts), options=WALD)
    others = np.ones(30, dtype=bool)
    others[10:13] = False
    rows = np.repeat(others, 30)
    assert poisoned.p[rows].tobytes() == whole.p[rows].tobytes()
    assert poisoned.excluded[rows].tobytes() == whole.excluded[rows].tobytes()
    assert poisoned.without.values[:, others].tobytes() == whole.without.values[:, others].tobytes()
    assert poisoned.refused[10] == "a value is missing or not a number"
    assert poisoned.refused[11].startswith("A largest response of 1.0e+300")
    assert np.isnan(poisoned.p[points(curves, 10)]).all()
    assert poisoned.fits.outcome_of(12) is Outcome.NO_RESPONSE
    assert not poisoned.excluded[~rows].any()


def test_the_order_of_points_and_unequal_x_change_nothing(sigmoid, simulated):
    """One curve shuffled, one with four wells missing, one at other concentrations: each as it is alone."""
    order = np.random.default_rng(8).permutation(30)
    first, second, third = (simulated(seed) for seed in (4, 5, 6))
    y = first.y.copy()
    y[7] += 40.0
    shuffled = Curve(first.x[order], y[order])
    fewer = Curve(second.x[4:], np.where(np.arange(26) == 20, second.y[4:] - 45.0, second.y[4:]))
    moved = Curve(third.x + 0.1, third.y)
    curves = Curves.of([shuffled, fewer, moved])
    found = rout_batch(sigmoid, curves, options=QUICK)
    assert np.flatnonzero(found.excluded).tolist() == [int(np.argwhere(order == 7)[0, 0]), 30 + 20]
    for k, curve in enumerate((shuffled, fewer, moved)):
        alone = rout(Problem(sigmoid, (curve,)), options=QUICK)
        assert np.flatnonzero(found.excluded[points(curves, k)]).tolist() == [
            one.point for one in alone.excluded
        ]
        np.testing.assert_allclose(found.without.values[:, k], alone.without.values, rtol=1e-7)


def test_why_nothing_is_set_aside_is_said_as_for_one_curve(sigmoid, simulated):
    few = simulated(1, x=np.linspace(-9.0, -6.0, 4))
    seven = simulated(9, sd=0.5)
    y = seven.y.copy()
    y[[1, 5, 8, 13, 17, 22, 27]] += 60.0 + np.array([1, 5, 8, 13, 17, 22, 27])
    curves = Curves.of([few, Curve(seven.x, y)])
    found = rout_batch(sigmoid, curves, options=QUICK)
    alone = [rout(Problem(sigmoid, (curve,)), options=QUICK) for curve in curves]
    assert found.refused == tuple(one.refused for one in alone)
    assert "nothing is left to tell outliers by" in found.refused[0]
    assert "of 30 would be, more than 20 %" in found.refused[1]
    assert found.without is found.fits


def test_a_response_is_looked_for_without_the_weight_of_far_points(sigmoid):
    """No response but one far point at the top dose: it is drawn in, or set aside, and no potency is given."""
    rng = np.random.default_rng(12)
    y = 50.0 + 3.0 * rng.standard_normal(30)
    y[29] += 80.0
    found = rout_batch(sigmoid, Curves.of([Curve(TESTED, y)]), options=QUICK)
    alone = rout(Problem(sigmoid, (Curve(TESTED, y),)), options=QUICK)
    response = next(test.p for test in alone.robust.fit.tests if test.name == "response")
    assert min(found.p_response[0], response) > 0.05
    assert np.flatnonzero(found.excluded).tolist() == [one.point for one in alone.excluded] == [29]
    assert found.without.outcome_of(0) is alone.without.outcome is Outcome.NO_RESPONSE


@pytest.mark.parametrize("weighting", [Weighting.OBSERVED, Weighting.KNOWN_SD, Weighting.VARIANCE_FUNCTION])
def test_weights_are_applied_before(sigmoid, weighting):
    """Errors of 5 %: a well 80 % above its low level is an outlier, though nearer than the scatter of the top."""
    x = np.tile(np.linspace(-10.0, -5.5, 10), 5)
    level = sigmoid.function(x, np.array([5.0, 100.0, -7.5, 1.0]))
    y = level * (1.0 + 0.05 * np.random.default_rng(2).standard_normal(x.size))
    y[28] = 1.8 * level[28]
    curve = Curve(x, y, 0.05 * level)
    found = rout_batch(sigmoid, Curves.of([curve]), weighting, options=QUICK)
    alone = rout(Problem(sigmoid, (curve,)), weighting, options=QUICK)
    assert np.flatnonzero(found.excluded).tolist() == [one.point for one in alone.excluded]
    assert found.excluded[28]
    assert found.without.weighting == weighting.value
    np.testing.assert_allclose(found.without.values[:, 0], alone.without.values, rtol=1e-7)


def test_fixed_parameters_stay_where_they_are(sigmoid):
    curves = spoiled_screen(sigmoid, 6, seed=8)
    found = rout_batch(sigmoid, curves, sharing={"bottom": 0.0, "slope": 1.0}, options=QUICK)
    assert found.without.names == ("top", "log_ic50")
    for k in range(6):
        problem = Problem(sigmoid, (curves[k],), {"bottom": 0.0, "slope": 1.0})
        alone = rout(problem, options=QUICK)
        assert np.flatnonzero(found.excluded[points(curves, k)]).tolist() == [
            one.point for one in alone.excluded
        ]


def test_a_rate_that_is_no_probability_is_refused(sigmoid):
    with pytest.raises(InputError, match="false discovery rate of 1"):
        rout_batch(sigmoid, spoiled_screen(sigmoid, 1, seed=1), q=1.0)


@pytest.mark.slow
def test_three_hundred_spoiled_curves_lose_the_same_points(sigmoid):
    """At least 98 % the same; where not, the batch must not be the one that stopped at a higher merit more often."""
    same, lower, higher = agreement(sigmoid, spoiled_screen(sigmoid, 300, seed=7))
    assert same >= 294
    assert higher <= lower + 3


@pytest.mark.slow
def test_single_points_at_ten_concentrations(sigmoid):
    """Six points speak for the curve beside four parameters, and 6 % are gross: several valleys are as deep."""
    x = np.linspace(-10.0, -5.5, 10)
    same, lower, higher = agreement(sigmoid, spoiled_screen(sigmoid, 150, seed=7, gross=0.06, x=x))
    assert same >= 144
    assert higher <= lower + 3


@pytest.mark.slow
def test_clean_curves_are_rarely_flagged(sigmoid):
    """Q = 1 %: in fewer than 4 % of 2000 clean curves is any point called an outlier."""
    curves = spoiled_screen(sigmoid, 2000, seed=20261125, gross=0.0)
    found = rout_batch(sigmoid, curves, options=QUICK)
    assert found.excluded.reshape(2000, 30).any(axis=1).mean() < 0.04
