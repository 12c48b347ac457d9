"""Bootstrap against textbook answers: what a linear law must give, and how often the truth is covered."""

import time

import numpy as np
import pytest
from scipy import stats

from prusoff.core.curves import Curve
from prusoff.core.errors import ModelError
from prusoff.core.fit import Outcome
from prusoff.fitting.bootstrap import Resampling, bootstrap
from prusoff.fitting.problem import Between, Prior, Problem, Shared
from prusoff.fitting.solve import fit
from prusoff.fitting.weights import Weighting

WAYS = pytest.mark.parametrize("way", list(Resampling), ids=lambda one: one.name.lower())


def of(equation, curve, way=Resampling.PARAMETRIC, replicates=400, **rules):
    problem = Problem(equation, (curve,), rules)
    return bootstrap(problem, fit(problem), way, replicates)


def test_a_parametric_bootstrap_of_a_line_scatters_as_its_covariance(line):
    x = np.repeat(np.arange(8.0), 3)
    curve = Curve(x, 2.0 * x + 1.0 + np.random.default_rng(3).standard_normal(24))
    problem = Problem(line, (curve,))
    found = fit(problem)
    drawn = bootstrap(problem, found, replicates=2000)
    assert np.cov(drawn.values.T) == pytest.approx(found.covariance, rel=0.12, abs=1e-4)
    half = stats.norm.ppf(0.975) * found.standard_error("slope")
    interval = drawn.percentile["slope"]
    assert interval.low == pytest.approx(found.value("slope") - half, abs=0.06 * half)
    assert interval.high == pytest.approx(found.value("slope") + half, abs=0.06 * half)
    assert drawn.bca["slope"].low == pytest.approx(interval.low, abs=0.15 * half)


@WAYS
def test_the_same_data_give_the_same_digits_in_any_order(sigmoid, simulated, way):
    curve, order = simulated(4), np.random.default_rng(1).permutation(30)
    one, same = of(sigmoid, curve, way, 60), of(sigmoid, curve, way, 60)
    assert one.values.tobytes() == same.values.tobytes()
    other = of(sigmoid, Curve(curve.x[order], curve.y[order]), way, 60)
    assert other.seed == one.seed
    assert other.values == pytest.approx(one.values, rel=1e-6, abs=1e-5)


@WAYS
def test_another_unit_gives_the_same_answer_in_that_unit(sigmoid, simulated, way):
    curve = simulated(5)
    one = of(sigmoid, curve, way, 200)
    other = of(sigmoid, Curve(curve.x + 9.0, 1000.0 * curve.y), way, 200)
    for name, factor, shift in (("top", 1000.0, 0.0), ("log_ic50", 1.0, 9.0), ("slope", 1.0, 0.0)):
        for mine, theirs in ((one.percentile, other.percentile), (one.bca, other.bca)):
            assert theirs[name].low == pytest.approx(factor * mine[name].low + shift, rel=1e-5)
            assert theirs[name].high == pytest.approx(factor * mine[name].high + shift, rel=1e-5)


@WAYS
def test_the_limits_lie_near_those_of_the_profile(sigmoid, simulated, way):
    curve = simulated(6)
    problem = Problem(sigmoid, (curve,))
    found = fit(problem)
    drawn = bootstrap(problem, found, way, 400)
    assert (drawn.failed, drawn.no_response, drawn.replicates) == (0, 0, 400)
    assert way.value in drawn.sentence
    profile = found.intervals["log_ic50"]
    for interval in (drawn.percentile["log_ic50"], drawn.bca["log_ic50"]):
        assert interval.low < found.value("log_ic50") < interval.high
        assert 0.6 < (interval.high - interval.low) / (profile.high - profile.low) < 1.4


def test_cases_within_replicates_keep_the_means_scatter_of_replicates(line):
    """Means of n replicates must scatter with the variance of the replicates over n, not with (n - 1)/n of it."""
    x, rng = np.repeat([0.0, 1.0], 3), np.random.default_rng(8)
    curve = Curve(x, x + rng.standard_normal(6))
    drawn = of(line, curve, Resampling.WITHIN_REPLICATES, 2000)
    pure = curve.y[:3].var(ddof=1) / 3
    assert drawn.values[:, 1].var(ddof=1) == pytest.approx(pure, rel=0.1)


def test_a_potency_at_the_edge_of_the_tested_range_has_no_finite_limit(sigmoid, simulated):
    drawn = of(sigmoid, simulated(6, sd=6.0, location=-5.6))
    for interval in (drawn.percentile["log_ic50"], drawn.bca["log_ic50"]):
        assert interval.high == np.inf
        assert np.isfinite(interval.low)


def test_a_side_that_is_open_in_the_profile_stays_open(sigmoid, simulated):
    curve = simulated(6, sd=6.0, location=-5.4)
    problem = Problem(sigmoid, (curve,))
    found = fit(problem)
    assert found.intervals["log_ic50"].high == np.inf
    assert bootstrap(problem, found, replicates=100).percentile["log_ic50"].high == np.inf


def test_a_parameter_that_often_stands_at_its_limit_is_open_there(sigmoid, simulated):
    drawn = of(sigmoid, simulated(7), slope=Between(0.98, 1.02))
    assert drawn.percentile["slope"].low == -np.inf
    assert drawn.percentile["slope"].high == np.inf
    assert np.isfinite(drawn.percentile["log_ic50"].low)


def test_repeats_without_a_response_are_counted_and_open_both_sides(sigmoid):
    """A response that is just seen: many repeats of it are not."""
    x = np.repeat(np.arange(-9.0, -5.0), 2)
    y = np.array([10.0, 9.0, 9.5, 8.0, 6.5, 7.5, 2.0, 4.0])
    problem = Problem(sigmoid, (Curve(x, y),), {"slope": 1.0})
    found = fit(problem)
    assert found.outcome is not Outcome.NO_RESPONSE
    drawn = bootstrap(problem, found, Resampling.CASES, 400)
    assert drawn.no_response > 10
    assert drawn.failed + drawn.no_response >= np.isnan(drawn.values).any(axis=1).sum()
    assert f"{drawn.no_response} showed no response" in drawn.sentence
    assert drawn.percentile["log_ic50"].low == -np.inf
    assert drawn.percentile["log_ic50"].high == np.inf


def test_too_few_repeats_give_no_limit(line):
    x = np.arange(8.0)
    drawn = of(line, Curve(x, x + np.sin(9.0 * x)), replicates=30)
    assert drawn.percentile["slope"].low == -np.inf


def test_known_errors_are_drawn_as_they_are_known(line):
    x = np.arange(10.0)
    curve = Curve(x, 2.0 * x, np.full(10, 3.0))  # on the line, though each point may be off by 3
    problem = Problem(line, (curve,))
    found = fit(problem, Weighting.KNOWN_SD)
    drawn = bootstrap(problem, found, replicates=2000)
    assert drawn.values[:, 0].std() == pytest.approx(found.standard_error("slope"), rel=0.06)


def test_shared_parameters_are_drawn_together(sigmoid, simulated):
    curves = (simulated(1, location=-8.0), simulated(2, location=-7.0))
    problem = Problem(sigmoid, curves, {"bottom": Shared(), "top": Shared(), "slope": Shared()})
    drawn = bootstrap(problem, fit(problem), replicates=200)
    assert drawn.values.shape == (200, 5)
    assert drawn.percentile["log_ic50[1]"].high < drawn.percentile["log_ic50[2]"].low


def test_what_cannot_be_drawn_is_said(sigmoid, line, simulated):
    flat = Problem(sigmoid, (Curve(simulated(1).x, np.random.default_rng(5).standard_normal(30)),))
    found = fit(flat)
    assert found.outcome is Outcome.NO_RESPONSE
    none = bootstrap(flat, found)
    assert none.replicates == 0
    assert none.sentence == "There is no bootstrap: There is no response to fit."
    single = Problem(line, (Curve(np.arange(6.0), np.arange(6.0) ** 2),))
    with pytest.raises(ModelError, match="need replicates"):
        bootstrap(single, fit(single), Resampling.WITHIN_REPLICATES)
    with pytest.raises(ModelError, match="does not belong"):
        bootstrap(flat, fit(single))
    known = Curve(np.arange(6.0), np.arange(6.0), np.ones(6))
    prior = Problem(line, (known,), priors={"slope": Prior(1.0, 0.1)})
    with pytest.raises(ModelError, match="priors"):
        bootstrap(prior, fit(prior, Weighting.KNOWN_SD))


@pytest.mark.slow
def test_two_thousand_refits_take_three_seconds_at_most(sigmoid, simulated):
    problem = Problem(sigmoid, (simulated(9, sd=5.0),))
    found = fit(problem)
    taken = []
    for _ in range(3):
        start = time.process_time()  # of this process alone, whatever else the machine does
        bootstrap(problem, found, replicates=2000)
        taken.append(time.process_time() - start)
    assert min(taken) <= 3.0


@pytest.mark.slow
@WAYS
def test_the_truth_is_covered_at_the_stated_rate(sigmoid, simulated, way):
    """300 curves of 10 concentrations in triplicate, seeds 1000 to 1299: within what chance gives in 999 of 1000.

    Drawing cases is known to fall short with few points (Davison & Hinkley 1997): it is held to 92 %.
    """
    curves, rate = 300, 0.95 if way is Resampling.PARAMETRIC else 0.92
    least, most = stats.binom.interval(0.999, curves, rate)
    covered = np.zeros(2)
    for seed in range(1000, 1000 + curves):
        drawn = of(sigmoid, simulated(seed, sd=5.0), way, 250)
        for k, intervals in enumerate((drawn.percentile, drawn.bca)):
            covered[k] += intervals["log_ic50"].low <= -7.5 <= intervals["log_ic50"].high
    assert ((least <= covered) & (covered <= max(most, curves))).all(), covered / curves
