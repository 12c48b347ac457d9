import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.core.errors import ModelError, UnknownName
from prusoff.core.fit import Outcome
from prusoff.fitting.problem import Between, Fixed, Individual, Prior, Problem, Shared, measured_range
from prusoff.fitting.solve import Options, fit, fit_curve
from prusoff.fitting.weights import Weighting


def pair(simulated):
    one, two = simulated(1, location=-8.0), simulated(2, location=-6.5)
    return Curve(one.x, one.y, label="desipramine"), Curve(two.x, two.y, label="citalopram")


def test_names_say_what_is_shared(sigmoid, simulated):
    problem = Problem(
        sigmoid, pair(simulated), {"bottom": Shared(), "top": Shared(), "slope": (Fixed(1.0), Individual())}
    )
    assert problem.names == (
        "bottom",
        "top",
        "log_ic50[desipramine]",
        "log_ic50[citalopram]",
        "slope[citalopram]",
    )
    assert problem.fixed == {"slope[desipramine]": 1.0}
    assert Problem(sigmoid, pair(simulated)[:1]).names == sigmoid.names


def test_what_is_fixed_everywhere_has_a_plain_name(sigmoid, simulated):
    assert Problem(sigmoid, pair(simulated), {"slope": 1.0}).fixed == {"slope": 1.0}


def test_shared_parameters_agree_and_own_ones_do_not(sigmoid, simulated):
    found = fit(Problem(sigmoid, pair(simulated), {"bottom": Shared(), "top": Shared(), "slope": Fixed(1.0)}))
    assert found.outcome is Outcome.OK
    assert found.df == 60 - 4
    assert found.value("log_ic50[desipramine]") == pytest.approx(-8.0, abs=0.1)
    assert found.value("log_ic50[citalopram]") == pytest.approx(-6.5, abs=0.1)
    first, second = found.curves
    assert first.parameters[:2] == pytest.approx(second.parameters[:2], abs=0)


def test_curves_that_share_nothing_fit_as_if_alone(sigmoid, simulated):
    together = fit(Problem(sigmoid, pair(simulated)))
    for curve in pair(simulated):
        alone = fit_curve(sigmoid, curve)
        assert together.value(f"log_ic50[{curve.label}]") == pytest.approx(alone.value("log_ic50"), abs=1e-9)


def test_unlabelled_curves_are_numbered(sigmoid, simulated):
    problem = Problem(
        sigmoid, (simulated(1), simulated(2)), {"slope": 1.0, "top": Shared(), "bottom": Shared()}
    )
    assert problem.names[2:] == ("log_ic50[1]", "log_ic50[2]")


def test_the_problem_of_a_fit_is_the_one_it_solved(sigmoid, simulated):
    problem = Problem(sigmoid, pair(simulated), {"bottom": Shared(), "slope": (Fixed(1.0), Individual())})
    again = Problem.of(fit(problem, options=Options(intervals="")))
    assert again.names == problem.names
    assert again.fixed == problem.fixed


def test_limits_hold(sigmoid, simulated):
    found = fit_curve(sigmoid, simulated(3), sharing={"bottom": Between(20.0, 30.0)})
    assert found.value("bottom") == 20.0
    assert found.at_bounds == ("bottom",)
    assert found.outcome is Outcome.FLAGGED
    assert "stands at its limit" in found.reason
    assert np.isnan(found.standard_error("bottom"))
    assert found.intervals["bottom"].open_sides[0] == "low"


def test_a_shared_limit_is_one_parameter(sigmoid, simulated):
    problem = Problem(sigmoid, pair(simulated), {"slope": Between(0.5, 2.0, shared=True)})
    assert "slope" in problem.names


def test_a_prior_pulls(sigmoid, simulated):
    curve = simulated(4)
    curve = Curve(curve.x, curve.y, np.full(curve.y.size, 3.0))
    free = fit(Problem(sigmoid, (curve,)), Weighting.KNOWN_SD)
    held = fit(Problem(sigmoid, (curve,), priors={"log_ic50": Prior(-7.0, 1e-4)}), Weighting.KNOWN_SD)
    assert held.value("log_ic50") == pytest.approx(-7.0, abs=1e-3)
    assert held.standard_error("log_ic50") == pytest.approx(1e-4, rel=1e-3)
    assert held.df == free.df + 1


@pytest.mark.parametrize(
    ("sharing", "priors", "error", "words"),
    [
        ({"slop": Shared()}, {}, UnknownName, "Did you mean 'slope'"),
        ({"slope": (Shared(),)}, {}, ModelError, "1 rules for 2 curves"),
        ({"slope": Between(2.0, 1.0)}, {}, ModelError, "leave no room"),
        (
            {name: 1.0 for name in ("bottom", "top", "log_ic50", "slope")},
            {},
            ModelError,
            "every parameter is fixed",
        ),
        ({}, {"log_ic50": Prior(0, 1)}, UnknownName, "fitted parameter"),
    ],
)
def test_rules_that_cannot_be_followed(sigmoid, simulated, sharing, priors, error, words):
    with pytest.raises(error, match=words):
        Problem(sigmoid, pair(simulated), sharing, priors)


def test_wrong_use_raises(sigmoid, simulated):
    with pytest.raises(ModelError, match="no curve"):
        Problem(sigmoid, ())
    with pytest.raises(ModelError, match="absolute"):
        fit(Problem(sigmoid, (simulated(1),), priors={"slope": Prior(1.0, 0.1)}))
    with pytest.raises(UnknownName):
        fit_curve(sigmoid, simulated(1), options=Options(start={"ic50": -7.0}))


def test_control_wells_are_no_tested_concentration(sigmoid):
    curve = Curve(np.array([-np.inf, -9.0, -6.0, np.inf]), np.ones(4))
    assert measured_range(sigmoid, (curve,)) == (-9.0, -6.0)
