"""Whatever finite numbers a counter gives, a fit ends in an outcome, and what is asked of it in a refusal at most."""

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prusoff.core.curves import Curve
from prusoff.core.errors import ModelError
from prusoff.equations import catalog
from prusoff.fitting.band import confidence_band, difference_band, prediction_band
from prusoff.fitting.compare import compare_nested, compare_sites
from prusoff.fitting.intervals import delta_interval, profile_curve, profile_interval, wald_interval
from prusoff.fitting.problem import Problem
from prusoff.fitting.quality import quality_tests
from prusoff.fitting.response import response_test
from prusoff.fitting.solve import Options, fit_curve
from prusoff.fitting.weights import CountingVariance, Weighting

TESTED = np.repeat(np.arange(-10.0, -5.4, 0.5), 2)
PLAIN = [name for name, law in sorted(catalog.items()) if len(law.axes) == 1]
RNG = np.random.default_rng(5)
NOISE = RNG.standard_normal(TESTED.size)
POOR = {
    "all zero": np.zeros(TESTED.size),
    "constant": np.full(TESTED.size, 7.0),
    "constant with an inexact mean": np.full(TESTED.size, 0.1),
    "two values": np.where(np.arange(TESTED.size) < 10, 3.0, 900.0),
    "two values in turn": np.where(np.arange(TESTED.size) % 2, 3.0, 900.0),
    "one huge outlier": np.where(np.arange(TESTED.size) == 7, 1e90, 100.0 + NOISE),
    "one point off zero": np.where(np.arange(TESTED.size) == 7, 1.0, 0.0),
    "1e300": 1e300 * (1.0 + 0.1 * NOISE),
    "1e-300": 1e-300 * (1.0 + 0.1 * NOISE),
    "1e99": 1e99 * (1.0 + 0.1 * NOISE),
    "1e-99": 1e-99 * (1.0 + 0.1 * NOISE),
    "smallest numbers": np.full(TESTED.size, 5e-324),
    "no scatter": 100.0 / (1.0 + 10.0 ** (TESTED + 7.5)),
    "huge and tiny": np.where(np.arange(TESTED.size) % 2, 1e-90, 1e90),
}
NESTED = (
    ("three_parameter_logistic", "four_parameter_logistic"),
    ("four_parameter_logistic", "five_parameter_logistic"),
    ("three_parameter_logistic", "two_site_competition"),
)
every_kind = pytest.mark.parametrize("kind", POOR)


def curve_for(law, y):
    """The points on the axis of the law: concentrations where it takes no logarithm."""
    return Curve(TESTED if law.axes[0].log10 else 10.0**TESTED, y)


def compared(compare, simple, richer):
    """The comparison, none where it is refused."""
    try:
        return compare(simple, richer)
    except ModelError:
        return None


def asked(law, curve, fit):
    """Everything that a report asks of a fit."""
    problem = Problem(law, (curve,))
    for band in (confidence_band, prediction_band, difference_band):
        where = {"curves": (0, 0)} if band is difference_band else {}
        band(fit, curve.x, **where)
    quality_tests(fit)
    response_test(curve)
    for name in fit.names:
        wald_interval(fit, name)
        if law.parameters[law.index(name)].log10:
            delta_interval(fit, name)
    for name in fit.names[-2:]:
        profile_interval(problem, fit, name)
        profile_curve(problem, fit, name, points=5)


@pytest.mark.parametrize(
    ("name", "kind"),
    # every law meets a third of the kinds, every kind a third of the laws
    [(name, kind) for i, name in enumerate(PLAIN) for j, kind in enumerate(POOR) if (i + j) % 3 == 0],
)
def test_any_finite_data_end_in_an_outcome(name, kind):
    law = catalog[name]
    curve = curve_for(law, POOR[kind])
    fit = fit_curve(law, curve)
    assert fit.outcome.code == "ok" or fit.reason
    asked(law, curve, fit)


@every_kind
@pytest.mark.parametrize(
    "weighting", [Weighting.FITTED, Weighting.OBSERVED, CountingVariance(1.0, 1.0, 1e-4)], ids=str
)
def test_weights_of_poor_data_do_not_stop_a_fit(kind, weighting):
    law = catalog["four_parameter_logistic"]
    fit = fit_curve(law, Curve(TESTED, POOR[kind]), weighting)
    assert fit.outcome.code == "ok" or fit.reason
    asked(law, fit.curve.data, fit)


@every_kind
@pytest.mark.parametrize("names", NESTED, ids="-".join)
def test_laws_are_compared_or_the_comparison_is_refused(kind, names):
    curve = Curve(TESTED, POOR[kind])
    simple, richer = (fit_curve(catalog[name], curve, options=Options(response_level=1.0)) for name in names)
    for compare in (compare_nested, compare_sites) if names[1].startswith("two_site") else (compare_nested,):
        found = compared(compare, simple, richer)
        if found is not None:
            assert 0.0 <= found.p <= 1.0
            assert not np.isnan(found.delta_aicc)
            assert not re.search(r"\b(nan|inf)\b", found.sentence)


def test_laws_that_meet_every_point_are_not_compared():
    curve = Curve(TESTED, POOR["all zero"])
    with pytest.raises(
        ModelError, match=r"there is no scatter to compare them by. Check whether the counter"
    ):
        compare_nested(*(fit_curve(catalog[name], curve) for name in NESTED[0]))


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=14),
    st.sampled_from(
        ["four_parameter_logistic", "one_site_total_binding", "one_phase_decay", "straight_line"]
    ),
)
def test_any_list_of_numbers_is_fitted_or_has_a_reason(values, name):
    law = catalog[name]
    x = np.linspace(-9.0, -5.0, len(values))
    curve = Curve(x if law.axes[0].log10 else 10.0**x, np.array(values))
    fit = fit_curve(law, curve)
    assert fit.outcome.code == "ok" or fit.reason
    response_test(curve)
