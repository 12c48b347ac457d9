from dataclasses import replace

import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.core.errors import ModelError
from prusoff.core.fit import Outcome
from prusoff.equations import catalog
from prusoff.fitting import choice
from prusoff.fitting.choice import choose
from prusoff.fitting.compare import aicc, compare_nested
from prusoff.fitting.solve import Options, fit_curve
from prusoff.fitting.weights import GivenWeights, Weighting

QUICK = Options(intervals="wald")
SIGMOID_LAWS = ("four_parameter_logistic", "weibull_type_1", "weibull_type_2", "log_normal")


def fits_of(curve, names=SIGMOID_LAWS, weighting=Weighting.NONE):
    return [fit_curve(catalog[name], curve, weighting, options=QUICK) for name in names]


def with_slopes(sigmoid, curve):
    """Slope held at 1, and free."""
    return [fit_curve(sigmoid, curve, sharing=held, options=QUICK) for held in ({"slope": 1.0}, {})]


def test_weights_are_those_of_akaike(simulated):
    fits = fits_of(simulated(1))
    found = choose(fits)
    assert {id(one.fit) for one in found.ranked} == {id(fit) for fit in fits}
    values = np.array([aicc(one.fit) for one in found.ranked])
    assert (np.diff(values) >= 0).all()
    likely = np.exp(-(values - values[0]) / 2)
    np.testing.assert_allclose([one.aicc for one in found.ranked], values)
    np.testing.assert_allclose([one.delta for one in found.ranked], values - values[0])
    np.testing.assert_allclose([one.weight for one in found.ranked], likely / likely.sum())
    assert found.preferred is found.ranked[0].fit
    assert not found.comparisons  # none of these contains another
    assert f"(weight {found.ranked[0].weight:.2f})" in found.sentence


def test_two_laws_share_the_evidence_as_in_a_comparison(sigmoid, simulated):
    """For two laws the weight is the probability 1/(1 + exp(delta/2)) of Motulsky and Christopoulos 2004."""
    plain, free = with_slopes(sigmoid, simulated(2))
    found = choose([plain, free])
    delta = aicc(free) - aicc(plain)
    weight = next(one.weight for one in found.ranked if one.fit is free)
    assert weight == pytest.approx(1 / (1 + np.exp(delta / 2)))


@pytest.mark.parametrize(("slope", "kept"), [(1.0, 0), (2.0, 1)])
def test_nested_laws_are_decided_by_f(sigmoid, simulated, slope, kept):
    fits = with_slopes(sigmoid, simulated(3, slope=slope))
    found = choose(fits)
    assert found.preferred is fits[kept]
    assert [one.p for one in found.comparisons] == [compare_nested(*fits).p]
    assert "no F test against a nested law turns it down" in found.sentence
    assert found.comparisons[0].sentence in str(found)


def test_f_overrules_aicc_between_nested_laws(sigmoid, simulated):
    plain, free = with_slopes(sigmoid, simulated(3, slope=1.5))
    assert aicc(free) < aicc(plain)
    strict = choose([plain, free], alpha=1e-12)
    assert strict.preferred is plain
    assert strict.ranked[0].fit is free
    assert "its additional parameters are not worth it beside Sigmoid (slope = 1)" in strict.sentence
    plain, free = with_slopes(sigmoid, simulated(3))
    assert aicc(plain) < aicc(free)
    lenient = choose([plain, free], alpha=1 - 1e-12)
    assert lenient.preferred is free
    assert "Sigmoid (nothing fixed), which contains it, fits better by more than chance" in lenient.sentence


def test_f_tests_in_a_circle_are_left_aside(simulated, monkeypatch):
    names = ("three_parameter_logistic", "four_parameter_logistic", "five_parameter_logistic")
    three, four, five = fits_of(simulated(4), names)
    wins = {(id(three), id(four)): three, (id(four), id(five)): four, (id(three), id(five)): five}

    def contradictory(simple, richer, alpha):
        return replace(compare_nested(simple, richer, alpha), fit=wins[id(simple), id(richer)])

    monkeypatch.setattr(choice, "compare_nested", contradictory)
    found = choose([three, four, five])
    assert found.preferred is found.ranked[0].fit
    assert "contradict one another" in found.sentence


def test_order_of_the_fits_does_not_matter(simulated):
    fits = fits_of(simulated(5, slope=1.4), ("three_parameter_logistic", *SIGMOID_LAWS))
    first = choose(fits)
    for order in ([4, 3, 2, 1, 0], [2, 0, 4, 1, 3]):
        again = choose([fits[k] for k in order])
        assert str(again) == str(first)
        assert again.preferred is first.preferred


def test_different_points_or_weights_are_refused(simulated):
    curve = simulated(6)
    plain = fits_of(curve)
    with pytest.raises(ModelError, match="different points"):
        choose([plain[0], *fits_of(simulated(7), ("log_normal",))])
    with pytest.raises(ModelError, match="different weights"):
        choose([plain[0], *fits_of(curve, ("log_normal",), Weighting.OBSERVED)])
    with pytest.raises(ModelError, match="different weights"):  # the weights follow from each curve
        choose(fits_of(curve, weighting=Weighting.FITTED))
    with pytest.raises(ModelError, match="at least two laws"):
        choose(plain[:1])
    known = Curve(curve.x, curve.y, np.ones(len(curve)))  # equal weights, but the scale is known
    with pytest.raises(ModelError, match="different weights"):
        choose([plain[0], *fits_of(known, ("log_normal",), Weighting.KNOWN_SD)])


def test_given_weights_make_laws_comparable(simulated):
    curve = simulated(6)
    first = fits_of(curve, SIGMOID_LAWS[:1], Weighting.FITTED)[0]
    found = choose([first, *fits_of(curve, SIGMOID_LAWS[1:], GivenWeights.of(first))])
    assert len(found.ranked) == 4


def test_known_errors_are_judged_by_chi_square(simulated):
    curve = simulated(8)
    fits = fits_of(Curve(curve.x, curve.y, np.full(len(curve), 3.0)), weighting=Weighting.KNOWN_SD)
    found = choose(fits)
    best = found.ranked[0]
    assert best.fit.sum_of_squares == min(fit.sum_of_squares for fit in fits)
    assert best.aicc == pytest.approx(best.fit.sum_of_squares + 8 + 40 / 25)


def test_laws_without_a_usable_fit_are_listed_with_the_reason(simulated):
    curve = simulated(9)
    flat = Curve(curve.x, np.random.default_rng(1).normal(100.0, 3.0, len(curve)))
    none = choose(fits_of(flat))
    assert none.preferred is None
    assert not none.ranked
    assert none.sentence == "No law can be chosen: none of the 4 has a usable fit."
    assert [one.law for one in none.out] == sorted(catalog[name].title for name in SIGMOID_LAWS)
    for one in none.out:
        assert one.reason == one.fit.reason
        assert f"{one.law}: {one.reason}" in str(none)


def test_one_law_that_can_be_judged_is_kept_and_said_to_be_alone():
    """Six points are too few for the AICc of four parameters, and seven cannot be fitted to them."""
    x = np.arange(-9.5, -6.9, 0.5)
    noise = np.array([0.5, -0.4, 0.3, -0.6, 0.4, -0.2])
    curve = Curve(x, 100 / (1 + 10 ** (x + 8.2)) + noise)
    three, four, seven = fits_of(curve, ("three_parameter_logistic", "four_parameter_logistic", "biphasic"))
    assert four.outcome.usable
    assert seven.outcome is Outcome.FAILED
    found = choose([three, four, seven])
    assert found.preferred is three
    assert (
        found.sentence
        == f"{three.equation.title} is kept: of 3 laws it is the only one whose fit can be judged."
    )
    assert {one.law: one.reason for one in found.out} == {
        seven.equation.title: seven.reason,
        four.equation.title: "6 points are too few for the AICc of 4 parameters.",
    }


def test_a_law_that_meets_every_point_leaves_nothing_to_judge_by(simulated):
    exact = simulated(1, sd=0.0)
    found = choose(fits_of(exact, ("four_parameter_logistic", "five_parameter_logistic", "log_normal")))
    assert found.preferred.equation.name == "four_parameter_logistic"
    assert "meets every point" in found.sentence
    assert sum(one.weight for one in found.ranked) == pytest.approx(1.0)


def test_a_law_of_the_concentration_is_compared_with_one_of_its_logarithm(simulated):
    curve = simulated(2)
    linear = fit_curve(catalog["michaelis_menten"], Curve(10.0**curve.x, 100.0 - curve.y), options=QUICK)
    rising = Curve(curve.x, 100.0 - curve.y)
    logged = fits_of(rising, ("four_parameter_logistic",))[0]
    assert linear.outcome.usable
    assert len(choose([linear, logged]).ranked) == 2
    elsewhere = fit_curve(catalog["michaelis_menten"], Curve(2 * 10.0**curve.x, rising.y), options=QUICK)
    with pytest.raises(ModelError, match="different points"):
        choose([elsewhere, logged])
