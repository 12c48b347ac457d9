import numpy as np
import pytest

from prusoff.core.errors import InputError, ModelError, UnknownName
from prusoff.equations import catalog
from prusoff.workbench.model_choice import USUAL, choose

X = np.repeat(np.linspace(-10.0, -5.0, 11), 3)
SHAPES = ("four_parameter_logistic", "weibull_type_1", "weibull_type_2")


def simulated(name, parameters, seed=1, sd=2.0):
    return catalog[name].function(X, np.array(parameters)) + np.random.default_rng(seed).normal(0, sd, X.size)


@pytest.mark.parametrize("name", SHAPES)
def test_the_law_that_made_the_points_is_found(name):
    found = choose(X, simulated(name, [5.0, 100.0, -7.4, 1.5]), SHAPES)
    assert found.preferred.equation.name == name
    assert found.ranked[0].weight > 0.9
    assert abs(found.preferred.value("log_ic50") + 7.4) < 0.1


def test_a_slope_of_one_is_kept_when_no_law_is_named():
    found = choose(X, simulated("three_parameter_logistic", [0.0, 100.0, -7.5]))
    assert len(found.ranked) == len(USUAL)
    assert found.preferred.equation.name == "three_parameter_logistic"
    assert found.comparisons
    assert str(found).startswith(found.sentence)


@pytest.mark.parametrize("weighting", ["none", "relative"])
def test_order_units_scale_and_direction_change_nothing(weighting):
    y = simulated("weibull_type_2", [20.0, 100.0, -7.5, 1.1], seed=4)
    first = choose(X, y, SHAPES, weighting=weighting)

    def same(other):
        assert other.sentence == first.sentence
        assert [one.law for one in other.ranked] == [one.law for one in first.ranked]
        np.testing.assert_allclose(
            [one.weight for one in other.ranked], [one.weight for one in first.ranked], rtol=1e-5, atol=1e-9
        )

    same(choose(X, y, SHAPES[::-1], weighting=weighting))
    same(choose(X + np.log10(250.0), y, SHAPES, weighting=weighting))
    same(choose(X, 1e-7 * y, SHAPES, weighting=weighting))
    rows = np.random.default_rng(2).permutation(X.size)
    same(choose(X[rows], y[rows], SHAPES, weighting=weighting))
    if weighting == "none":
        same(choose(X, 500.0 - y, SHAPES))


def test_all_laws_have_the_weights_of_the_likeliest():
    found = choose(X, simulated("weibull_type_1", [20.0, 100.0, -7.5, 1.5]), SHAPES, weighting="relative")
    weights = [one.fit.curve.weights for one in found.ranked]
    np.testing.assert_array_equal(weights[0], weights[1])
    np.testing.assert_allclose(1 / np.sqrt(weights[0]), found.preferred.curve.fitted, rtol=1e-6)


def test_held_parameters_are_held_where_a_law_has_them():
    y = simulated("four_parameter_logistic", [0.0, 100.0, -7.5, 1.5])
    found = choose(X, y, SHAPES, fixed={"bottom": 0.0, "hill_slope": 1.5})
    for one in found.ranked:
        assert one.fit.fixed["bottom"] == 0.0
        assert ("hill_slope" in one.fit.fixed) == (one.fit.equation.name == "four_parameter_logistic")


def test_a_law_of_the_concentration_gets_the_concentration():
    y = 100.0 - simulated("three_parameter_logistic", [0.0, 100.0, -7.5])
    found = choose(X, y, ("log_normal", "zero_baseline_hill"), response_level=1.0)
    assert {one.fit.equation.axes[0].log10 for one in found.ranked} == {True, False}


def test_wrong_use_is_refused():
    y = simulated("four_parameter_logistic", [0.0, 100.0, -7.5, 1.5])
    with pytest.raises(ModelError, match="at least two laws"):
        choose(X, y, ("log_normal", "log_normal"))
    with pytest.raises(ModelError, match="not all laws of one and the same quantity"):
        choose(X, y, ("log_normal", "straight_line"))
    with pytest.raises(UnknownName, match="weibull_type_1"):
        choose(X, y, ("log_normal", "weibull_typ_1"))
    with pytest.raises(UnknownName, match="hill_slope"):
        choose(X, y, SHAPES, fixed={"hill_slop": 1.0})
    with pytest.raises(UnknownName, match="relative"):
        choose(X, y, SHAPES, weighting="relativ")
    with pytest.raises(InputError, match="no probability"):
        choose(X, y, SHAPES, response_level=2.0)
