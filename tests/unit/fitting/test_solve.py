import time

import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.core.equation import Axis, Equation, Parameter
from prusoff.core.fit import Outcome
from prusoff.fitting.solve import Options, fit_curve
from prusoff.fitting.weights import Weighting


def test_the_same_bytes_twice(sigmoid, simulated):
    one, two = (fit_curve(sigmoid, simulated(1, sd=9.0)) for _ in range(2))
    assert one.values.tobytes() == two.values.tobytes()
    assert one.intervals == two.intervals


def test_control_wells_inform_the_plateaus(sigmoid, simulated):
    x = np.concatenate([np.repeat(np.arange(-9.0, -6.9, 0.5), 2), [-np.inf] * 3, [np.inf] * 3])
    with_controls = simulated(2, location=-8.0, x=x)
    tested = np.isfinite(x)
    without = fit_curve(sigmoid, Curve(x[tested], with_controls.y[tested]))
    found = fit_curve(sigmoid, with_controls, Weighting.FITTED)
    assert found.outcome is Outcome.OK
    plain = fit_curve(sigmoid, with_controls)
    for plateau in ("top", "bottom"):
        assert plain.standard_error(plateau) < without.standard_error(plateau)


def test_a_rising_curve_is_the_falling_one_upside_down(sigmoid, simulated):
    falling = simulated(3)
    rising = fit_curve(sigmoid, Curve(falling.x, 105.0 - falling.y))
    assert rising.value("log_ic50") == pytest.approx(fit_curve(sigmoid, falling).value("log_ic50"), rel=1e-10)
    assert rising.value("bottom") > rising.value("top")


def test_a_bad_start_does_not_matter(sigmoid, simulated):
    curve = simulated(4)
    good = fit_curve(sigmoid, curve)
    bad = fit_curve(sigmoid, curve, options=Options(start={"log_ic50": -12.9, "slope": 5.0, "top": -1e4}))
    assert bad.values == pytest.approx(good.values, rel=1e-8)


def test_a_lower_minimum_met_by_a_profile_is_taken(sigmoid, simulated):
    """From one start, and that a bad one, the search may end in a side valley; the profile finds the way out."""
    for seed in range(12):
        curve = simulated(seed, sd=25.0)
        thorough = fit_curve(sigmoid, curve, options=Options(response_level=1.0))
        hasty = fit_curve(sigmoid, curve, options=Options(response_level=1.0, starts=1))
        assert hasty.sum_of_squares <= 1.02 * thorough.sum_of_squares


def test_a_law_without_values_is_a_failure(simulated):
    broken = Equation(
        "broken",
        "Broken",
        "",
        (Axis("x", ""),),
        Axis("y", ""),
        (Parameter("a", "a", "", ""),),
        lambda x, p: np.full_like(x, np.nan),
        lambda x, p: np.full((1, x.size), np.nan),
        lambda x, y: np.array([1.0]),
        "",
        (),
    )
    found = fit_curve(broken, simulated(1))
    assert found.outcome is Outcome.FAILED
    assert found.reason == "The law has no finite value for these data."


def test_parameters_that_cannot_be_told_apart_are_flagged():
    """The sum of two levels: only their sum can be known."""
    law = Equation(
        "sum",
        "Sum of two levels",
        "",
        (Axis("x", ""),),
        Axis("y", "signal"),
        (Parameter("a", "a", "", "first level"), Parameter("b", "b", "", "second level")),
        lambda x, p: p[0] + p[1] + 0.0 * x,
        lambda x, p: np.stack(np.broadcast_arrays(1.0 + 0.0 * x * p[0], 1.0 + 0.0 * x * p[0])),
        lambda x, y: np.array([1.0, 2.0]),
        "",
        (),
    )
    found = fit_curve(law, Curve(np.arange(8.0), np.random.default_rng(1).normal(5, 1, 8)))
    assert found.outcome is Outcome.FLAGGED
    assert found.condition > 1e8
    assert "do not identify" in found.reason
    assert "a (first level) is not defined" in found.verdict


def test_the_wald_way_is_labelled(sigmoid, simulated):
    found = fit_curve(sigmoid, simulated(5), options=Options(intervals="wald"))
    assert {interval.method for interval in found.intervals.values()} == {"Wald"}


def test_a_fit_with_all_profiles_is_quick(sigmoid, simulated):
    curves = [simulated(seed) for seed in range(8)]
    fit_curve(sigmoid, curves[0])
    taken = []
    for curve in curves:
        begin = time.process_time()
        fit_curve(sigmoid, curve)
        taken.append(time.process_time() - begin)
    assert min(taken) < 0.05
