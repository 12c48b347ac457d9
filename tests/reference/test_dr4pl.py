"""The sample and hard data sets of R dr4pl: our fit is the least-squares minimum, and says where that means nothing."""

import csv
import json

import mpmath
import numpy as np
import pytest

from prusoff.core.curves import Curve, Curves
from prusoff.core.fit import Outcome
from prusoff.equations import catalog
from prusoff.fitting.batch import fit_batch
from prusoff.fitting.problem import Between
from prusoff.fitting.solve import Options, fit_curve

LAW = catalog["four_parameter_logistic"]
TELL = Options(response_level=1.0)  # fit whatever there is
BARE = Options(response_level=1.0, intervals="")
OUTCOMES = {
    "sample_data_1": Outcome.OK,
    "sample_data_2": Outcome.CENSORED,
    "sample_data_3": Outcome.OK,
    "sample_data_4": Outcome.CENSORED,
    "sample_data_9": Outcome.NO_RESPONSE,
    "sample_data_10": Outcome.CENSORED,
    "sample_data_11": Outcome.NO_RESPONSE,
    "drc_error_1": Outcome.FLAGGED,
    "drc_error_2": Outcome.NO_RESPONSE,
}
WITHIN = (
    "sample_data_1",
    "sample_data_3",
    "sample_data_4",
    "drc_error_1",
)  # their minimum lies inside our limits
WITH_ZERO = ("sample_data_1", "sample_data_2", "sample_data_3", "sample_data_4", "drc_error_1")
SHALLOW = ("sample_data_4", "drc_error_1")  # what stands for a dose of zero moves their minimum
THEIR_ZERO = np.exp(-60.0)  # stood for a dose of zero in the search for the expected minimum
every_set = pytest.mark.parametrize("name", OUTCOMES)


@pytest.fixture(scope="module")
def expected(shared):
    return json.loads((shared / "data" / "dr4pl" / "expected.json").read_text(encoding="utf-8"))


def points(shared, name):
    with (shared / "data" / "dr4pl" / f"{name}.csv").open(encoding="utf-8") as file:
        rows = [(float(row["Dose"]), float(row["Response"])) for row in csv.DictReader(file)]
    return np.array(rows).T


def curve_of(shared, name, zero=0.0):
    """The points, with this dose written for zero."""
    dose, response = points(shared, name)
    with np.errstate(divide="ignore"):
        return Curve(np.log10(np.where(dose == 0.0, zero, dose)), response, label=name)


def as_ours(minimum):
    """Bottom, top, log IC50 and Hill slope of a minimum in the letters of drc; a falling curve has b > 0 there."""
    bottom, top = (minimum["c"], minimum["d"]) if minimum["b"] > 0 else (minimum["d"], minimum["c"])
    return np.array([bottom, top, np.log10(minimum["e"]), abs(minimum["b"])])


def exact_sum(curve, parameters):
    """The sum of squares at these parameters in 50 digits."""
    total = mpmath.mpf(0)
    with mpmath.workdps(50):
        bottom, top, log_ic50, slope = map(mpmath.mpf, map(float, parameters))
        for x, y in zip(curve.x.tolist(), curve.y.tolist(), strict=True):
            left = 1 / (1 + mpmath.power(10, (x - log_ic50) * slope)) if np.isfinite(x) else 1
            total += (mpmath.mpf(y) - (bottom + (top - bottom) * left)) ** 2
    return float(total)


@every_set
def test_no_set_without_a_potency_gets_one(shared, both_engines, name):
    (found,) = both_engines.ask_both(LAW, [curve_of(shared, name)])
    assert found.outcome is OUTCOMES[name]
    if found.outcome is Outcome.CENSORED:
        assert found.reason.startswith("IC50 lies above")
        assert found.value("log_ic50") > found.curve.data.x.max() - 1.0
        assert found.intervals["log_ic50"].high > found.curve.data.x.max()
    if found.outcome is Outcome.FLAGGED:
        tested = np.ptp(found.curve.data.x[np.isfinite(found.curve.data.x)])
        interval = found.intervals["log_ic50"]
        assert "is not defined" in found.verdict
        assert interval.high - interval.low > tested or interval.open_sides


@pytest.mark.parametrize("name", ["sample_data_9", "sample_data_11", "drc_error_2"])
def test_without_the_test_for_a_response_the_flat_sets_are_no_better_defined(shared, name):
    curve = curve_of(shared, name)
    alone, together = fit_curve(LAW, curve, options=TELL), fit_batch(LAW, Curves.of([curve]), options=TELL)
    for outcome, reason in ((alone.outcome, alone.reason), (together.outcome_of(0), together.reason_of(0))):
        assert outcome in (Outcome.FLAGGED, Outcome.CENSORED)
        assert "is not defined" in reason


@pytest.mark.parametrize("name", WITH_ZERO)
def test_what_stood_for_a_dose_of_zero_in_their_search(shared, expected, name):
    theirs = expected[name]["global_minimum"]
    assert exact_sum(curve_of(shared, name, THEIR_ZERO), as_ours(theirs)) == pytest.approx(
        theirs["rss"], rel=1e-13
    )


@pytest.mark.parametrize("name", WITHIN)
def test_the_global_minimum_is_reached(shared, expected, both_engines, name):
    theirs, curve = expected[name]["global_minimum"], curve_of(shared, name, THEIR_ZERO)
    (found,) = both_engines.ask_both(LAW, [curve])
    assert found.sum_of_squares == pytest.approx(theirs["rss"], rel=1e-10)
    assert found.sum_of_squares <= theirs["rss"] * (1 + 1e-13)
    assert found.values == pytest.approx(as_ours(theirs), rel=1e-4)


@pytest.mark.parametrize("name", WITHIN)
def test_with_a_dose_of_zero_our_minimum_is_lower_than_theirs(shared, expected, both_engines, name):
    theirs, curve = as_ours(expected[name]["global_minimum"]), curve_of(shared, name)
    (found,) = both_engines.ask_both(LAW, [curve])
    assert found.sum_of_squares == pytest.approx(exact_sum(curve, found.values), rel=1e-12)
    assert found.sum_of_squares <= exact_sum(curve, theirs) * (1 + 1e-13)
    if name in SHALLOW:
        assert np.abs(found.values - theirs).max() > 1.0
    else:
        assert found.values == pytest.approx(theirs, rel=1e-4)


def test_the_documented_answer_of_the_package_is_no_minimum(shared, expected, both_engines):
    known = expected["sample_data_3"]["dr4pl_documented"]
    printed = (known["LowerLimit"], known["UpperLimit"], np.log10(known["IC50"]), -known["Slope"])
    (found,) = both_engines.ask_both(LAW, [curve_of(shared, "sample_data_3")])
    assert exact_sum(curve_of(shared, "sample_data_3"), printed) == pytest.approx(690704274, rel=1e-6)
    assert found.sum_of_squares == pytest.approx(423110415.88, rel=1e-9)
    assert 10 ** found.value("log_ic50") == pytest.approx(8.7597, abs=1e-4)


@pytest.mark.parametrize("name", [name for name in OUTCOMES if name not in WITHIN])
def test_their_minimum_beyond_our_limits_is_reached_where_the_limits_are_lifted(shared, expected, name):
    """Their minimum has a slope above 5, or an IC50 more than three decades above the highest dose."""
    curve, theirs = curve_of(shared, name), as_ours(expected[name]["global_minimum"])
    at_theirs, steep = exact_sum(curve, theirs), theirs[3] > 5.0
    held_at = "hill_slope" if steep else "log_ic50"
    held = fit_curve(LAW, curve, options=BARE)
    if name != "drc_error_2":  # a rise at the last dose alone, as steep as one likes: the sums are the same
        assert held.value(held_at) == pytest.approx(5.0 if steep else curve.x.max() + 3.0, abs=1e-9)
        assert held.sum_of_squares > at_theirs * (1 + 1e-8)
    lifted = {
        "hill_slope": Between(0.01, 50.0),
        "log_ic50": Between(-10.0, max(theirs[2], curve.x.max() + 3.0)),
    }
    found = fit_curve(LAW, curve, sharing=lifted, options=BARE)
    assert found.sum_of_squares <= at_theirs * (1 + 1e-9)
    assert found.sum_of_squares == pytest.approx(at_theirs, rel=1e-8)
    assert found.sum_of_squares == pytest.approx(exact_sum(curve, found.values), rel=1e-9)
    if not steep:
        assert found.values == pytest.approx(theirs, rel=2e-4)  # along a valley: the sums are equal to 1e-8
    for alone, rules in ((held, {}), (found, lifted)):
        together = fit_batch(LAW, Curves.of([curve]), sharing=rules, options=BARE).sum_of_squares[0]
        assert together == pytest.approx(alone.sum_of_squares, rel=1e-7)
