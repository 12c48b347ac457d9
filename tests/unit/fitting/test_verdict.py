import math

import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.equations import catalog
from prusoff.fitting.intervals import Profiler, quantile
from prusoff.fitting.problem import Problem
from prusoff.fitting.response import response_test
from prusoff.fitting.solve import Options, fit_curve
from prusoff.fitting.verdict import bounds_at, location_bounds

DOSES = np.repeat(np.arange(-10.0, -5.4, 0.5), 3)
WITH_CONTROLS = np.concatenate([DOSES, np.repeat([-np.inf, np.inf], 3)])


def test_a_full_curve_is_ok(sigmoid, simulated):
    found = fit_curve(sigmoid, simulated(1))
    assert found.outcome is Outcome.OK
    assert found.reason == ""
    assert found.verdict == "All parameters are defined by the data."


def test_a_flat_curve_has_no_ic50(sigmoid):
    found = fit_curve(sigmoid, Curve(DOSES, 100 + np.random.default_rng(1).normal(0, 5, DOSES.size)))
    assert found.outcome is Outcome.NO_RESPONSE
    assert found.reason.startswith("No response is seen")
    assert found.intervals == {}


HINT = np.array([0.9, 0.7, 1.0, 0.5, 0.8, 0.3, 0.7, 0.0, 0.4, 0.1, -0.2, 0.2])


def test_a_response_between_the_limit_and_one_in_twenty_is_called_uncertain(sigmoid):
    curve = Curve(np.linspace(-9.0, -5.0, 12), HINT)
    p = response_test(curve).p
    assert 1e-3 < p < 0.05
    found = fit_curve(sigmoid, curve)
    assert found.outcome is Outcome.NO_RESPONSE
    assert found.reason == (
        f"A response is not certain (P = {p:.2g}; below 0.001 is asked of 12 points so that flat curves get no IC50): "
        "more concentrations or replicates are needed."
    )
    assert fit_curve(sigmoid, curve, options=Options(response_level=0.05)).outcome is not Outcome.NO_RESPONSE
    strict = fit_curve(sigmoid, curve, options=Options(response_level=1e-6))
    assert f"A response is not certain (P = {p:.2g}; below 1e-06 is asked" in strict.reason


def test_equal_responses_are_no_response(sigmoid):
    assert fit_curve(sigmoid, Curve(DOSES, np.full(DOSES.size, 7.0))).outcome is Outcome.NO_RESPONSE


@pytest.mark.parametrize(
    ("location", "relation", "bound"), [(-4.2, Relation.ABOVE, -5.5), (-11.0, Relation.BELOW, -10.0)]
)
def test_a_location_outside_the_measured_range_is_censored(sigmoid, simulated, location, relation, bound):
    curve = simulated(2, sd=1.0, location=location, x=WITH_CONTROLS)
    found = fit_curve(sigmoid, curve)
    assert found.outcome is Outcome.CENSORED
    only = bounds_at(Problem(sigmoid, (curve,)), found.values)["log_ic50"]
    assert only.relation is relation
    assert only.value == pytest.approx(bound)
    assert only.sentence in found.reason


def test_an_interval_without_a_second_end_makes_a_bound_near_the_end_of_the_range(sigmoid, simulated):
    """Half way at -8.8 with doses from -9 on: the bound is the limit that there is, and holds the truth."""
    curve = simulated(4, sd=4.0, location=-8.8, x=np.repeat(np.arange(-9.0, -7.1, 0.5), 3))
    found = fit_curve(sigmoid, curve)
    assert found.outcome is Outcome.CENSORED
    assert found.intervals["log_ic50"].open_sides == ("low",)
    only = location_bounds(Problem(sigmoid, (curve,)), found)["log_ic50"]
    assert only.relation is Relation.BELOW
    assert -8.8 < only.value == found.intervals["log_ic50"].high
    assert only.sentence.endswith(
        "no lower bound is certain, and the data do not exclude that it lies below the lowest one tested."
    )
    assert only.sentence in found.reason
    plain = fit_curve(sigmoid, curve, options=Options(intervals="wald"))
    assert plain.outcome.usable


def test_a_value_near_the_end_of_the_range_must_exclude_what_lies_beyond(sigmoid, simulated):
    """Half way 0.6 decades before the highest dose: noise decides whether an IC50 beyond can be excluded at 99.9 %."""
    doubtful = simulated(37, sd=6.0, location=-6.1)
    found = fit_curve(sigmoid, doubtful)
    assert found.intervals["log_ic50"].high < -5.5
    assert found.outcome is Outcome.CENSORED
    only = location_bounds(Problem(sigmoid, (doubtful,)), found)["log_ic50"]
    assert (only.relation, only.value) == (Relation.ABOVE, found.intervals["log_ic50"].low)
    assert only.sentence.endswith("and the data do not exclude that it lies beyond the highest one tested.")
    assert found.reason.startswith(only.sentence)
    profiler = Profiler.of(Problem(sigmoid, (doubtful,)), found)
    assert quantile(0.95, found.df) < profiler.rise_beyond(2, -5.5, upward=True) < quantile(0.999, found.df)
    assert math.isinf(profiler.rise_beyond(2, 50.0, upward=True))
    assert fit_curve(sigmoid, simulated(37, sd=1.0, location=-6.1)).outcome is Outcome.OK


def test_a_bound_is_the_limit_of_the_profile_where_that_lies_inside_the_tested_range(sigmoid, simulated):
    curve = simulated(4, sd=6.0, location=-5.3)
    found = fit_curve(sigmoid, curve)
    assert found.outcome is Outcome.CENSORED
    limit = found.intervals["log_ic50"].low
    assert limit < -5.5
    only = location_bounds(Problem(sigmoid, (curve,)), found)["log_ic50"]
    assert (only.relation, only.value) == (Relation.ABOVE, limit)
    assert "no higher bound is certain, and the curve is not yet half way at the highest" in found.reason
    assert bounds_at(Problem(sigmoid, (curve,)), found.values)["log_ic50"].value == pytest.approx(-5.5)


def test_more_than_half_of_the_control_span_at_the_lowest_dose_is_censored(sigmoid):
    """What is left of the response falls well inside the tested range, but most was gone before."""
    mean = sigmoid.function(DOSES, np.array([5.0, 40.0, -8.0, 1.0]))
    curve = Curve(DOSES, mean + np.random.default_rng(3).normal(0, 1.5, DOSES.size))
    assert fit_curve(sigmoid, curve).outcome is Outcome.OK
    found = fit_curve(sigmoid, curve, options=Options(controls=(100.0, 5.0)))
    assert found.outcome is Outcome.CENSORED
    assert "IC50 lies below 0.1 nM: 64 % of the control span is gone already at the lowest" in found.reason


def test_less_than_half_of_the_control_span_is_censored(sigmoid):
    """A partial inhibitor whose own IC50 lies well inside the tested range."""
    mean = sigmoid.function(DOSES, np.array([65.0, 100.0, -8.0, 1.0]))
    curve = Curve(DOSES, mean + np.random.default_rng(3).normal(0, 1.5, DOSES.size))
    assert fit_curve(sigmoid, curve).outcome is Outcome.OK
    found = fit_curve(sigmoid, curve, options=Options(controls=(100.0, 5.0)))
    assert found.outcome is Outcome.CENSORED
    assert "IC50 lies above 3.16 µM: 36 % of the control span" in found.reason


def test_a_ki_is_censored_by_its_curve_not_by_its_own_number():
    """[L]/Kd = 9: the Ki lies one decade left of the IC50, even below the lowest tested concentration."""
    law = catalog["one_site_competition_ki"]
    held = {"log_ligand": -9.0 + np.log10(9.0), "log_kd": -9.0}
    x = np.repeat(np.arange(-9.0, -5.4, 0.5), 3)

    def fitted(log_ki):
        mean = law.function(x, np.array([5.0, 100.0, log_ki, held["log_ligand"], -9.0]))
        return Curve(x, mean + np.random.default_rng(5).normal(0, 1.0, x.size))

    assert fit_curve(law, fitted(-9.5), sharing=held).outcome is Outcome.OK
    beyond = fit_curve(law, fitted(-6.2), sharing=held)
    assert beyond.outcome is Outcome.CENSORED
    only = bounds_at(Problem(law, (fitted(-6.2),), held), beyond.values)["log_ki"]
    assert only.value == pytest.approx(-6.5)
    assert only.sentence.startswith("Ki lies above 316 nM: the curve is not yet half way")


def test_the_missing_plateau_is_named(sigmoid, simulated):
    short = np.repeat(np.arange(-9.0, -7.1, 0.5), 3)
    found = fit_curve(sigmoid, simulated(4, sd=4.0, location=-8.4, x=short))
    assert found.outcome is Outcome.CENSORED
    assert "Top (upper plateau) is not defined: no points below 1 nM." in found.verdict


def test_a_failure_has_a_reason(sigmoid):
    few = fit_curve(sigmoid, Curve(np.array([-9.0, -8.0, -7.0]), np.array([3.0, 2.0, 1.0])))
    assert few.outcome is Outcome.FAILED
    assert (
        few.reason
        == "3 different values of log concentration cannot define 4 parameters: 4 or more are needed."
    )
    assert np.isnan(few.values).all()


def test_as_many_points_as_parameters_is_flagged(sigmoid):
    found = fit_curve(sigmoid, Curve(np.array([-9.0, -8.0, -7.0, -6.0]), np.array([99.0, 80.0, 22.0, 3.0])))
    assert found.outcome is Outcome.FLAGGED
    assert "no errors can be given" in found.reason


def test_a_parameter_that_is_not_felt_is_never_ok(growth):
    """BoxBOD of NIST StRD: from this start plain descents end on a plateau where the rate plays no part."""
    x, y = np.array([1.0, 2.0, 3.0, 5.0, 7.0, 10.0]), np.array([109.0, 149.0, 149.0, 191.0, 213.0, 224.0])
    found = fit_curve(
        growth, Curve(x, y), options=Options(intervals="wald", start={"level": 1.0, "rate": 100.0})
    )
    if found.sum_of_squares > 1169.0:
        assert found.outcome is Outcome.FLAGGED
        assert "rate" in found.reason


def test_a_limit_is_printed_as_a_concentration_or_with_its_unit():
    law, x = catalog["four_parameter_logistic"], np.repeat(np.arange(-9.0, -4.9, 0.5), 3)
    curve = Curve(x, law.function(x, np.array([0.0, 100.0, -1.0, 1.0])))
    held, options = {"bottom": 0.0, "hill_slope": 1.0}, Options(response_level=1.0)
    found = fit_curve(law, curve, sharing=held, options=options)
    assert "log_ic50" in found.at_bounds
    assert "stands at its limit, 10 mM." in found.reason
    decay, t = catalog["one_phase_decay"], np.arange(1.0, 11.0)
    slow = fit_curve(decay, Curve(t, 100.0 - 1e-4 * t), sharing={"plateau": 0.0}, options=options)
    assert "log_rate" in slow.at_bounds
    assert "k (rate constant) stands at its limit, 0.006 min⁻¹." in slow.reason


def test_few_different_x_say_how_many_stand_at_zero():
    """Of a label that is used up nothing stays free, and all these wells stand at one place."""
    x = np.array([0.0, 0.0, 0.0, 0.0, 1e-9, 2e-9])
    found = fit_curve(catalog["one_site_total_binding"], Curve(x, np.arange(6.0)))
    assert found.reason == (
        "3 different values of free ligand cannot define 4 parameters: 4 or more are needed; "
        "4 of 6 points stand at zero."
    )
    one = fit_curve(catalog["straight_line"], Curve(np.ones(3), np.arange(3.0)))
    assert one.reason == "1 value of x cannot define 2 parameters: 2 or more are needed."
