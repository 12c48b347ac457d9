import itertools
import time
import tracemalloc

import numpy as np
import pytest
from scipy import stats

from prusoff.core.curves import Curve
from prusoff.core.fit import FittedCurve, Outcome
from prusoff.fitting.quality import (
    chi_square_test,
    normality_test,
    replicates_test,
    runs_test,
)
from prusoff.fitting.response import response_test
from prusoff.fitting.solve import fit_curve
from prusoff.fitting.weights import Weighting


@pytest.mark.parametrize(("seed", "n"), [(1, 20), (2, 37), (3, 400)])
def test_normality_is_that_of_scipy(seed, n):
    for residuals in (
        np.random.default_rng(seed).normal(size=n),
        np.random.default_rng(seed).exponential(size=n),
    ):
        ours, theirs = normality_test(residuals), stats.normaltest(residuals)
        assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-9)
        assert ours.p == pytest.approx(theirs.pvalue, rel=1e-9)


def test_normality_needs_twenty():
    assert normality_test(np.arange(19.0)) is None
    assert normality_test(np.zeros(30)) is None


def residuals_of(signs, x=None):
    y = np.array(signs, dtype=float)
    x = np.arange(y.size, dtype=float) if x is None else np.asarray(x, dtype=float)
    return FittedCurve(Curve(x, y), np.ones(y.size), np.zeros(y.size), np.zeros(1))


def test_runs_by_counting_all_orders():
    """Three above and three below: 2 of the 20 orders have two runs, 6 have three or fewer."""
    assert runs_test(residuals_of([1, 1, 1, -1, -1, -1])).p == pytest.approx(2 / 20)
    assert runs_test(residuals_of([1, 1, -1, -1, -1, 1])).p == pytest.approx(6 / 20)
    assert runs_test(residuals_of([1, 2, 3])) is None


@pytest.mark.parametrize(("above", "below"), [(1, 1), (1, 4), (3, 5), (6, 2)])
def test_the_probability_of_runs_is_that_of_all_orders(above, below):
    places = range(above + below)
    orders = [
        [1.0 if k in chosen else -1.0 for k in places] for chosen in itertools.combinations(places, above)
    ]
    runs = [sum(a != b for a, b in itertools.pairwise(order)) + 1 for order in orders]
    for order, count in zip(orders, runs, strict=True):
        expected = sum(one <= count for one in runs) / len(runs)
        assert runs_test(residuals_of(order)).p == pytest.approx(expected, rel=1e-12)


def test_runs_follow_x_not_the_rows():
    sorted_rows = runs_test(residuals_of([1, 1, 1, -1, -1, -1]))
    shuffled = runs_test(residuals_of([1, -1, 1, -1, 1, -1], [0, 3, 1, 4, 2, 5]))
    assert shuffled == sorted_rows


def test_replicates_find_the_wrong_law(line):
    x = np.repeat(np.arange(6.0), 3)
    y = x**2 + np.random.default_rng(2).normal(0, 0.3, x.size)
    wrong = fit_curve(line, Curve(x, y))
    test = next(test for test in wrong.tests if test.name == "replicates")
    assert test.p < 1e-6
    assert test.df == (4.0, 12.0)
    assert replicates_test(residuals_of([1, -1, 1]), 1) is None


def test_chi_square_speaks_when_errors_are_known(line):
    x = np.arange(12.0)
    y = 2 * x + np.random.default_rng(4).normal(0, 1, 12)
    honest, boastful = (
        fit_curve(line, Curve(x, y, np.full(12, sd)), Weighting.KNOWN_SD) for sd in (1.0, 0.2)
    )
    p = {
        name: next(t.p for t in f.tests if t.name == "chi-square")
        for name, f in (("h", honest), ("b", boastful))
    }
    assert p["h"] > 0.05 > p["b"]
    assert p["b"] == pytest.approx(stats.chi2.sf(boastful.sum_of_squares, 10))
    assert chi_square_test(1.0, 0) is None


# What the test gave when every pattern was written out point by point: seed, distinct x, replicates, P.
def test_a_curve_of_ten_thousand_points_takes_little_time_and_memory(sigmoid):
    x = np.linspace(-10.0, -5.0, 10_000)
    rng = np.random.default_rng(1)
    y = sigmoid.function(x, np.array([5.0, 100.0, -7.5, 1.0])) + rng.normal(0.0, 10.0, x.size)
    started = time.process_time()
    found = fit_curve(sigmoid, Curve(x, y))
    seconds = time.process_time() - started
    tracemalloc.start()
    response_test(Curve(x, y))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.outcome is Outcome.OK
    assert most < 50e6
    assert seconds < 2.0
    flat = response_test(Curve(x, rng.normal(0.0, 1.0, x.size)))
    assert flat.p > 1e-3
