"""Neutralisation curves of Doud et al. (2018, Nat Commun 9:1386) as neutcurve 2.5.0 fits them: top 1, bottom 0."""

import csv
from collections import defaultdict

import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.core.fit import Outcome
from prusoff.equations import catalog
from prusoff.fitting.solve import Options

LAW = catalog["four_parameter_logistic"]
PLATEAUS = {"top": 1.0, "bottom": 0.0}
FOLDER, NAME = "data/neutcurve", "Doud_et_al_2018-neutdata"
AVERAGE = "average"


def rows_of(shared, name):
    with (shared / FOLDER / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def expected(shared):
    """What neutcurve gives for every replicate and for their averages."""
    return rows_of(shared, f"{NAME}.expected.csv")


@pytest.fixture(scope="module")
def curves(shared, expected):
    """The curves in the order of what is expected."""
    points = defaultdict(lambda: defaultdict(list))
    for row in rows_of(shared, f"{NAME}.csv"):
        for replicate in (row["replicate"], AVERAGE):
            at = points[row["serum"], row["virus"], replicate]
            at[float(row["concentration"])].append(float(row["fraction infectivity"]))
    found = []
    for row in expected:
        at = points[row["serum"], row["virus"], row["replicate"]]
        x = np.array(sorted(at))
        found.append(Curve(np.log10(x), np.array([np.mean(at[one]) for one in x])))
    return found


def sum_of_squares(curve, row):
    parameters = np.array([0.0, 1.0, np.log10(float(row["midpoint"])), float(row["slope"])])
    return float(((curve.y - LAW.function(curve.x, parameters)) ** 2).sum())


def test_parameters(curves, expected, both_engines):
    """Midpoints and slopes; where neutcurve stops a little above the minimum its answer lies that much off."""
    found = both_engines.ask_both(LAW, curves, sharing=PLATEAUS, options=Options(response_level=1.0))
    assert len(found) == 48
    for fit, row in zip(found, expected, strict=True):
        theirs = sum_of_squares(fit.curve.data, row)
        assert theirs == pytest.approx(float(row["rmsd"]) ** 2 * fit.points, rel=1e-12)
        assert fit.sum_of_squares <= theirs * (1 + 1e-13)
        assert fit.sum_of_squares == pytest.approx(theirs, rel=2e-9)
        stopped_short = 1.5 * np.sqrt(max(theirs / fit.sum_of_squares - 1.0, 0.0) * fit.df)
        assert 10 ** fit.value("log_ic50") == pytest.approx(float(row["midpoint"]), rel=1e-4)
        within = max(1e-4 * float(row["slope"]), stopped_short * fit.standard_error("hill_slope"))
        assert fit.value("hill_slope") == pytest.approx(float(row["slope"]), abs=within)


def test_which_potencies_are_bounds(curves, expected, both_engines):
    """'lower' is an IC50 above the highest concentration; there is no other kind of bound in this set."""
    found = both_engines.ask_both(LAW, curves, sharing=PLATEAUS, options=Options(response_level=1.0))
    for fit, row in zip(found, expected, strict=True):
        if row["ic50_bound"] == "interpolated":
            assert fit.outcome.usable
            assert 10 ** fit.value("log_ic50") == pytest.approx(float(row["ic50"]), rel=1e-4)
        else:
            assert row["ic50_bound"] == "lower"
            assert fit.outcome is Outcome.CENSORED
            assert "the curve is not yet half way at the highest one tested." in fit.reason
            highest, low = fit.curve.data.x.max(), fit.intervals["log_ic50"].low
            assert 10**highest == pytest.approx(float(row["ic50"]), rel=1e-9)
            inside = low < highest  # what our bound leaves to chance, and theirs does not
            assert fit.reason.startswith(f"IC50 lies above {10 ** min(low, highest):.3g} M: ")
            assert ("no higher bound is certain" in fit.reason) == inside


def test_a_weak_response_is_not_taken_for_a_potency(curves, expected, both_engines):
    """Those bounds rest on a fall of the last point or two, which chance alone may give."""
    found = both_engines.ask_both(LAW, curves, sharing=PLATEAUS)
    for fit, row in zip(found, expected, strict=True):
        assert fit.outcome.usable is (row["ic50_bound"] == "interpolated")
        if not fit.outcome.usable:
            assert fit.outcome is Outcome.NO_RESPONSE
            assert fit.tests[0].p > 0.01
