"""The same data give the same potency and the same verdict, however they are written down."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prusoff.core.curves import Curve
from prusoff.equations import catalog
from prusoff.fitting.solve import fit_curve
from prusoff.fitting.weights import Weighting

LAW = catalog["four_parameter_logistic"]
CONCENTRATIONS = np.repeat(np.arange(-10.0, -5.4, 0.5), 2)
few = settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@st.composite
def curves(draw):
    """Simulated curves: shallow and steep, in and beyond the tested range, with and without controls."""
    x = CONCENTRATIONS
    if draw(st.booleans()):
        x = np.concatenate([x, [-np.inf, -np.inf, np.inf, np.inf]])
    location = draw(st.floats(-10.0, -5.0))
    slope = draw(st.sampled_from([0.6, 1.0, 1.7]))
    noise = draw(st.sampled_from([0.5, 3.0, 8.0]))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    y = LAW.function(x, np.array([5.0, 100.0, location, slope])) + noise * rng.standard_normal(x.size)
    return Curve(x, y)


def same(curve, other, shift=0.0, weighting=Weighting.NONE):
    """Both fits have the same outcome and, where a location means something, the same one to 1e-9."""
    one, two = fit_curve(LAW, curve, weighting), fit_curve(LAW, other, weighting)
    assert one.outcome is two.outcome
    if one.outcome.usable:
        location = one.value("log_ic50")
        assert abs(two.value("log_ic50") - shift - location) <= 1e-9 * abs(location)


@few
@given(curves(), st.sampled_from([3.0, 6.0, 9.0]))
def test_unit_of_the_concentration(curve, decades):
    same(curve, Curve(curve.x + decades, curve.y), shift=decades)


@few
@given(curves(), st.integers(0, 100))
def test_order_of_the_rows(curve, seed):
    order = np.random.default_rng(seed).permutation(curve.y.size)
    same(curve, Curve(curve.x[order], curve.y[order]))


@few
@given(curves(), st.floats(-6.0, 6.0))
def test_scale_of_the_response(curve, decades):
    same(curve, Curve(curve.x, curve.y * 10.0**decades))


@few
@given(curves())
def test_direction_of_the_response(curve):
    same(curve, Curve(curve.x, 105.0 - curve.y))


@few
@given(curves())
def test_points_written_twice_at_half_their_weight(curve):
    sd = np.full(curve.y.size, 3.0)
    twice = Curve(np.repeat(curve.x, 2), np.repeat(curve.y, 2), np.repeat(sd, 2) * np.sqrt(2.0))
    once = Curve(curve.x, curve.y, sd)
    one, two = (fit_curve(LAW, data, Weighting.KNOWN_SD) for data in (once, twice))
    if one.outcome.usable and two.outcome.usable:
        location = one.value("log_ic50")
        assert abs(two.value("log_ic50") - location) <= 1e-9 * abs(location)
        assert np.allclose(one.se, two.se, rtol=1e-6, equal_nan=True)
        assert one.outcome is two.outcome


@few
@given(curves())
def test_numbers_of_a_usable_fit_are_finite(curve):
    found = fit_curve(LAW, curve)
    if found.outcome.code == "ok":
        numbers = [*found.values, *found.se, found.sum_of_squares]
        numbers += [limit for interval in found.intervals.values() for limit in (interval.low, interval.high)]
        assert np.isfinite(numbers).all()
