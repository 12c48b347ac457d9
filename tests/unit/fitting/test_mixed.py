"""Groups that differ at random: closed forms of the linear case, published fits, and the borders of the model."""

import math

import numpy as np
import pytest
from scipy.special import stdtrit
from scipy.stats import multivariate_normal

from prusoff.core.curves import Curve
from prusoff.core.errors import ModelError
from prusoff.core.fit import Outcome
from prusoff.equations.concentration_response import four_parameter_logistic
from prusoff.equations.straight_line import straight_line
from prusoff.fitting.mixed import fit_mixed
from prusoff.fitting.problem import Fixed, Problem, Shared
from prusoff.fitting.solve import fit
from prusoff.fitting.weights import Weighting

# travel time of ultrasound in six rails, three times each (ns - 36100): Pinheiro JC, Bates DM 2000, section 1.1
RAILS = [[55, 53, 54], [26, 37, 32], [78, 91, 85], [92, 100, 96], [49, 51, 50], [80, 85, 83]]
# trunk circumference (mm) of five orange trees: Draper NR, Smith H 1981; Lindstrom MJ, Bates DM 1990
AGES = np.array([118, 484, 664, 1004, 1231, 1372, 1582]) / 1000.0
TREES = [
    [30, 58, 87, 115, 120, 142, 145],
    [33, 69, 111, 156, 172, 203, 203],
    [30, 51, 75, 108, 115, 139, 140],
    [32, 62, 112, 167, 179, 209, 214],
    [30, 49, 81, 125, 142, 174, 177],
]
BLOCK = {"top": Fixed(0.0), "bottom": Fixed(100.0), "hill_slope": Shared()}
LOGS = np.array([-8.0, -7.5, -7.0, -6.5])


def levels(groups, sd=None):
    curves = [
        Curve(np.arange(len(y), dtype=float), np.array(y, float), sd and np.full(len(y), sd), f"g{k}")
        for k, y in enumerate(groups)
    ]
    return Problem(straight_line, curves, {"slope": Fixed(0.0)})


def cells(seed, count=8, between=0.15, scatter=3.0, middle=-7.2):
    rng = np.random.default_rng(seed)
    curves = []
    for k in range(count):
        own = middle + between * rng.standard_normal()
        block = four_parameter_logistic.function(LOGS, np.array([100.0, 0.0, own, 1.0]))
        curves.append(Curve(LOGS, block + scatter * rng.standard_normal(LOGS.size), label=f"cell {k}"))
    return curves


def test_rails_as_published():
    """Pinheiro & Bates 2000, section 1.1: restricted and full likelihood of the same data."""
    found = fit_mixed(levels(RAILS), "intercept")
    assert found.fit.value("intercept") == pytest.approx(66.5, rel=1e-9)
    assert found.fit.standard_error("intercept") == pytest.approx(10.17104, rel=1e-6)
    assert found.between_sd == pytest.approx(24.80547, rel=1e-6)
    assert found.residual_sd == pytest.approx(4.020779, rel=1e-6)
    assert -found.deviance / 2 == pytest.approx(-61.0885, abs=5e-5)
    full = fit_mixed(levels(RAILS), "intercept", restricted=False)
    assert full.between_sd == pytest.approx(22.62435, rel=1e-6)
    assert -full.deviance / 2 == pytest.approx(-64.28002, abs=5e-6)


def test_interval_of_balanced_groups_is_that_of_their_means():
    """With as many measurements in every group, the mean and its interval are those of the group means alone."""
    means = np.mean(RAILS, axis=1)
    half = stdtrit(5, 0.975) * means.std(ddof=1) / math.sqrt(6)
    found = fit_mixed(levels(RAILS), "intercept")
    assert found.df == 5
    assert found.interval.low == pytest.approx(means.mean() - half, rel=1e-6)
    assert found.interval.high == pytest.approx(means.mean() + half, rel=1e-6)


def test_groups_are_drawn_to_the_mean_by_their_reliability():
    found = fit_mixed(levels(RAILS), "intercept")
    means, n = np.mean(RAILS, axis=1), 3
    share = found.between_sd**2 / (found.between_sd**2 + found.residual_sd**2 / n)
    expected = 66.5 + share * (means - 66.5)
    assert [one.location for one in found.groups] == pytest.approx(expected, rel=1e-7)
    conditional = (
        found.between_sd**2 * (1 - share) + (1 - share) ** 2 * found.fit.standard_error("intercept") ** 2
    )
    assert found.groups[0].location_se == pytest.approx(math.sqrt(conditional), rel=1e-6)


def test_unequal_groups_by_the_formulas_of_moments_of_the_likelihood():
    """At the optimum the score of the restricted likelihood (from its closed form) is zero in both variances."""
    groups = [[10.0, 12.0, 11.0], [15.0, 14.0], [9.0, 8.5, 9.5, 10.0], [13.0, 12.0, 12.5]]
    found = fit_mixed(levels(groups), "intercept")

    def deviance(between, within):
        sizes = np.array([len(one) for one in groups])
        means = np.array([np.mean(one) for one in groups])
        v = between + within / sizes
        mean = (means / v).sum() / (1 / v).sum()
        inside = sum(((np.array(one) - np.mean(one)) ** 2).sum() for one in groups)
        return (
            np.log(v).sum()
            + ((means - mean) ** 2 / v).sum()
            + math.log((1 / v).sum())
            + inside / within
            + (sizes - 1).sum() * math.log(within)
        )

    b, w = found.between_sd**2, found.residual_sd**2
    for step in (1e-3, -1e-3):
        assert deviance(b * (1 + step), w) > deviance(b, w)
        assert deviance(b, w * (1 + step)) > deviance(b, w)


def test_orange_trees_beside_the_exact_likelihood():
    """Beside SAS/STAT NLMIXED (exact likelihood; b1 192.05, b2 727.90, b3 348.07, variances 999.88 and 61.51, 263.1).

    The variances agree; the values, which follow from penalised least squares (as in Lindstrom & Bates 1990), lie
    within a tenth of a standard error, and the deviance within 0.05.
    """
    curves = [Curve(AGES, np.array(y, float), label=f"tree {k}") for k, y in enumerate(TREES)]
    sharing = {"top": Fixed(0.0), "log_ic50": Shared(), "hill_slope": Shared()}
    found = fit_mixed(Problem(four_parameter_logistic, curves, sharing), "bottom", restricted=False)
    assert found.between_sd**2 == pytest.approx(999.88, rel=2e-3)
    assert found.residual_sd**2 == pytest.approx(61.5139, rel=2e-3)
    assert found.fit.value("bottom") == pytest.approx(192.05, abs=0.1 * 15.65)
    assert 1000 * found.fit.value("log_ic50") == pytest.approx(727.90, abs=0.2 * 35.25)
    assert 1000 / math.log(10) / found.fit.value("hill_slope") == pytest.approx(348.07, abs=0.2 * 27.08)
    assert found.deviance == pytest.approx(263.14, abs=0.05)
    # the parameter that differs enters linearly: the deviance is exact, and is found again from the density
    values = dict(zip(found.fit.names, found.fit.values, strict=True))
    p = np.array([values["bottom"], 0.0, values["log_ic50"], values["hill_slope"]])
    shape = four_parameter_logistic.jacobian(AGES, p)[0]
    spread = found.residual_sd**2 * np.eye(7) + found.between_sd**2 * np.outer(shape, shape)
    density = multivariate_normal(four_parameter_logistic.function(AGES, p), spread)
    assert found.deviance == pytest.approx(-2 * sum(density.logpdf(y) for y in TREES), rel=1e-6)


def test_without_differences_the_values_are_those_of_the_plain_fit():
    curves = cells(3, between=0.0)
    problem = Problem(four_parameter_logistic, curves, {**BLOCK, "log_ic50": Shared()})
    mixed = next(
        one
        for one in (
            fit_mixed(Problem(four_parameter_logistic, cells(seed, between=0.0), BLOCK)) for seed in range(20)
        )
        if one.between_sd == 0
    )
    again = fit(Problem(four_parameter_logistic, [one.data for one in mixed.fit.curves], problem.sharing))
    assert mixed.fit.values == pytest.approx(again.values, rel=1e-10)
    assert mixed.fit.se == pytest.approx(again.se, rel=1e-9)
    assert mixed.fit.values is mixed.plain.values or np.array_equal(mixed.fit.values, mixed.plain.values)
    assert mixed.residual_sd == pytest.approx(again.residual_sd, rel=1e-10)
    assert all(one.location == mixed.fit.value("log_ic50") for one in mixed.groups)


def test_differences_between_cells_are_found_and_widen_the_interval():
    mixed = fit_mixed(Problem(four_parameter_logistic, cells(1), BLOCK))
    assert mixed.fit.outcome is Outcome.OK
    assert 0.07 < mixed.between_sd < 0.3
    assert mixed.residual_sd == pytest.approx(3.0, abs=1.2)
    assert mixed.interval.low < -7.2 < mixed.interval.high
    plain = fit(
        Problem(
            four_parameter_logistic, [one.data for one in mixed.fit.curves], {**BLOCK, "log_ic50": Shared()}
        )
    )
    assert mixed.fit.standard_error("log_ic50") > 1.3 * plain.standard_error("log_ic50")
    assert mixed.fit.standard_error("hill_slope") < plain.standard_error("hill_slope")


def test_measurements_of_groups_that_agree_to_the_last_digit_leave_the_scatter_of_groups():
    groups = [[10.0, 10.0], [14.0, 14.0], [12.0, 12.0]]
    found = fit_mixed(levels(groups), "intercept")
    assert found.between_sd == pytest.approx(2.0, rel=1e-5)
    assert found.fit.standard_error("intercept") == pytest.approx(2.0 / math.sqrt(3), rel=1e-5)


def test_known_errors_are_the_whole_scatter_within():
    """With SD 4 known, the restricted likelihood of balanced groups has tau^2 = variance of means - 16/3."""
    found = fit_mixed(levels(RAILS, sd=4.0), "intercept", Weighting.KNOWN_SD)
    means = np.mean(RAILS, axis=1)
    assert found.residual_sd == 1.0
    assert found.between_sd == pytest.approx(math.sqrt(means.var(ddof=1) - 16 / 3), rel=1e-6)
    assert found.interval.high - found.interval.low == pytest.approx(
        2 * stdtrit(5, 0.975) * means.std(ddof=1) / math.sqrt(6), rel=1e-6
    )


@pytest.mark.parametrize("count", [1, 8])
def test_what_shows_no_groups_is_the_plain_fit(count):
    """One cell, or one measurement in each."""
    curves = cells(1, count=count)
    if count == 8:
        curves = [
            Curve(one.x[k % 4 : k % 4 + 1], one.y[k % 4 : k % 4 + 1], label=one.label)
            for k, one in enumerate(curves)
        ]
    found = fit_mixed(Problem(four_parameter_logistic, curves, BLOCK))
    assert found.fit is found.plain
    assert math.isnan(found.between_sd)
    assert found.interval is not None


def test_no_response_has_no_groups_either():
    rng = np.random.default_rng(1)
    curves = [Curve(LOGS, rng.normal(0, 2.0, 4), label=str(k)) for k in range(5)]
    found = fit_mixed(Problem(four_parameter_logistic, curves, BLOCK))
    assert found.fit.outcome is Outcome.NO_RESPONSE
    assert math.isnan(found.between_sd)


def test_less_than_half_at_the_highest_is_a_bound():
    found = fit_mixed(Problem(four_parameter_logistic, cells(2, middle=-6.0, scatter=2.0), BLOCK))
    assert found.fit.outcome is Outcome.CENSORED


def test_a_held_parameter_cannot_differ():
    with pytest.raises(ModelError, match="held"):
        fit_mixed(Problem(four_parameter_logistic, cells(1), {**BLOCK, "log_ic50": -7.0}))


def test_the_order_of_groups_does_not_matter():
    curves = cells(4)
    one, other = (
        fit_mixed(Problem(four_parameter_logistic, order, BLOCK)) for order in (curves, curves[::-1])
    )
    assert one.fit.values == pytest.approx(other.fit.values, rel=1e-9)
    assert one.between_sd == pytest.approx(other.between_sd, rel=1e-7)
