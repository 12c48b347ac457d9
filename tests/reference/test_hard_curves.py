"""Hard simulated curves with the truth and the best fit known: no failure, no false IC50, no missed minimum."""

import csv
import json
from collections import Counter, defaultdict

import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.core.fit import Outcome
from prusoff.equations import catalog
from prusoff.fitting.solve import Options, fit_curve

LAW = catalog["four_parameter_logistic"]


def hard_curves(shared):
    folder = shared / "data" / "hard_curves"
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    points = defaultdict(list)
    with (folder / "curves.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            points[row["curve"]].append((float(row["concentration_M"]), float(row["response"])))
    for name, known in truth.items():
        x, y = np.array(points[name]).T
        with np.errstate(divide="ignore"):
            yield known, Curve(np.log10(x), y, label=name)


def missed_minima(shared, count):
    found = Counter()
    for known, curve in list(hard_curves(shared))[:count]:
        if known["class"] != "flat":
            fit = fit_curve(LAW, curve, options=Options(intervals=""))
            found[fit.sum_of_squares > known["best_rss"] * 1.001] += 1
    return found


def test_the_lowest_minimum_is_found(shared):
    assert missed_minima(shared, 200) == {False: 180}


@pytest.mark.slow
def test_the_lowest_minimum_is_found_in_all(shared):
    missed = missed_minima(shared, 2000)
    assert missed[True] <= 1
    assert missed.total() == 1800


def outcomes(shared, count):
    """Outcomes by class, and of each class the share of intervals that hold the true log IC50."""
    kinds, covered = defaultdict(Counter), defaultdict(list)
    for known, curve in list(hard_curves(shared))[:count]:
        fit = fit_curve(LAW, curve)
        kinds[known["class"]][fit.outcome] += 1
        assert fit.outcome is not Outcome.FAILED, curve.label
        if known["class"] != "flat" and fit.intervals:
            interval = fit.intervals["log_ic50"]
            covered[known["class"]].append(interval.low <= known["log_ic50"] <= interval.high)
            assert not (fit.outcome is Outcome.OK and not np.isfinite([interval.low, interval.high]).all())
    return kinds, {name: float(np.mean(values)) for name, values in covered.items()}


def test_no_flat_curve_gets_an_ic50(shared):
    kinds, _ = outcomes(shared, 200)
    assert kinds["flat"] == {Outcome.NO_RESPONSE: 20}


@pytest.mark.slow
def test_outcomes_and_coverage_of_all(shared):
    kinds, covered = outcomes(shared, 2000)
    assert kinds["flat"] == {Outcome.NO_RESPONSE: 200}
    for name in ("full_3pct", "full_10pct", "partial", "left_truncated"):
        assert covered[name] >= 0.93, name
    for name in ("full_3pct", "zero_dose_wells", "raw_counts"):
        assert kinds[name][Outcome.OK] >= 198
