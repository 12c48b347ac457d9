import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.core.equation import Axis, Equation, Parameter
from prusoff.core.errors import ModelError
from prusoff.fitting.problem import Fixed, Problem
from prusoff.fitting.robust import Lorentzian, StudentT, fit_robust
from prusoff.fitting.search import Options
from prusoff.fitting.weights import Weighting
from prusoff.fitting.winning_model import half_response, no_response_aic, winning_model

T4 = StudentT()
QUICK = Options(intervals="", response_level=1.0)
X = np.repeat(np.arange(1.0, 11.0), 2)


def fitted(equation, y, errors=T4, weighting=Weighting.NONE, **rules):
    return fit_robust(Problem(equation, (Curve(X, y),), rules), errors, weighting, options=QUICK)


def proportional():
    """A line through zero."""
    return Equation(
        "proportional",
        "Line through zero",
        "",
        (Axis("x", ""),),
        Axis("y", "signal"),
        (Parameter("slope", "b", "", "slope", linear=True),),
        lambda x, p: p[0] * x,
        lambda x, p: np.stack([x + 0.0 * p[0]]),
        lambda x, y: np.array([1.0]),
        "",
        (),
    )


def noise(seed):
    return np.random.default_rng(seed).standard_normal(X.size)


def test_the_lowest_aic_wins(line, growth):
    y = 20.0 * (1.0 - np.exp(-0.4 * X)) + 0.3 * noise(1)
    fits = [fitted(line, y), fitted(growth, y), fitted(proportional(), y)]
    found = winning_model(fits)
    assert found.fit.fit.equation.name == "growth"
    assert found.aic == {one.fit.equation.name: one.aic for one in fits}
    assert found.probability == pytest.approx(1.0)
    assert found.sentence == "Growth to a level fits best of 3 laws."
    assert winning_model(fits[::-1]).fit is found.fit


def test_no_response_has_the_likelihood_of_a_flat_zero(line):
    """A line held at zero but for its slope, which finds next to nothing, against no line at all."""
    y = noise(2)
    held = fitted(line, y, level=Fixed(0.0))
    nothing = no_response_aic(held)
    assert nothing <= held.aic
    assert nothing >= held.aic - 2.0
    found = winning_model([held])
    assert found.probability == pytest.approx(1.0 / (1.0 + np.exp((held.aic - nothing) / 2.0)))
    assert found.probability < 0.5
    assert found.sentence.startswith("Straight line fits best, but a response is not certain (probability 0.")


def test_a_richer_law_must_be_worth_its_parameters(line):
    """An intercept that lowers AIC by less than the likelihood ratio asks (3.84 - 2 = 1.84) is left out."""
    both = [("proportional", "line")]
    for offset, kept in ((0.0, "proportional"), (0.75, "line")):
        y = 2.0 * X + offset + 0.3 * noise(3)
        fits = [fitted(proportional(), y), fitted(line, y)]
        assert winning_model(fits, both).fit.fit.equation.name == kept
    for offset in np.linspace(0.0, 0.6, 25):
        y = 2.0 * X + offset + 0.3 * noise(3)
        fits = [fitted(proportional(), y), fitted(line, y)]
        if 0.1 < fits[0].aic - fits[1].aic < 1.7:
            assert winning_model(fits, both).fit is fits[0]
            assert winning_model(fits).fit is fits[1]
            break
    else:
        pytest.fail("no offset lies between the two rules")


def test_weights_count_in_the_likelihood_of_no_response(line):
    y = 2.0 * X + 0.1 * X * noise(4)
    found = fitted(line, y, weighting=Weighting.OBSERVED)
    scaled = fitted(line, 10.0 * y, weighting=Weighting.OBSERVED)
    assert scaled.aic - found.aic == pytest.approx(2.0 * X.size * np.log(10.0), rel=1e-9)
    assert no_response_aic(scaled) - no_response_aic(found) == pytest.approx(
        2.0 * X.size * np.log(10.0), rel=1e-9
    )


def test_what_cannot_be_compared_is_refused(line, growth):
    y = 2.0 * X + noise(5)
    one = fitted(line, y)
    with pytest.raises(ModelError, match="Student t errors"):
        no_response_aic(fitted(line, y, Lorentzian()))
    with pytest.raises(ModelError, match="No law was fitted"):
        winning_model([fitted(line, y, Lorentzian())])
    with pytest.raises(ModelError, match="degrees of freedom"):
        winning_model([one, fitted(growth, y, StudentT(7.0))])
    with pytest.raises(ModelError, match="different points or weights"):
        winning_model([one, fitted(growth, y + 1.0)])
    with pytest.raises(ModelError, match="different points or weights"):
        winning_model([one, fitted(growth, y, weighting=Weighting.OBSERVED)])


def test_half_the_response_is_sought_from_below(sigmoid, line):
    x = np.repeat(np.arange(-9.0, -4.9, 0.5), 2)
    y = sigmoid.function(x, np.array([80.0, 0.0, -7.2, 1.0])) + 0.01 * np.random.default_rng(
        6
    ).standard_normal(x.size)
    curve = fit_robust(Problem(sigmoid, (Curve(x, y),), {"top": 0.0}), StudentT(), options=QUICK)
    found = half_response(curve.fit)
    assert found.top == pytest.approx(80.0 / (1.0 + 10.0**-2.2), rel=1e-3)
    assert found.concentration == pytest.approx(10.0**-7.2 / (1.0 + 2.0 * 10.0**-2.2), rel=1e-3)
    down = fit_robust(Problem(sigmoid, (Curve(x, -y),), {"top": 0.0}), StudentT(), options=QUICK)
    assert half_response(down.fit).top == pytest.approx(-found.top, rel=1e-9)
    assert half_response(down.fit).concentration == pytest.approx(found.concentration, rel=1e-9)
    rising = half_response(fitted(line, 3.0 * X, level=Fixed(0.0)).fit)
    assert (rising.top, rising.concentration) == (pytest.approx(30.0, rel=1e-9), pytest.approx(5.0, rel=1e-9))
    flat = half_response(fitted(line, np.full(X.size, 7.0) + 0.01 * noise(7)).fit)
    assert np.isnan(flat.concentration)
