"""Regulated curves of CurveCurator (Bayer et al., Nat Commun 2023;14:7902): proteins pulled down and cell viability.

It fits the ratios to the control with a four-parameter logistic: slope up to 10, plateaus from 0.0001, pEC50 within two
decades of the doses, the control a point at dose zero. All doses are entered a second time with points on the straight
lines between them, no further apart than half of log10(10/3): the same points are fitted here.
"""

import csv
import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.equations import catalog
from prusoff.fitting.problem import Between, Problem
from prusoff.fitting.solve import Options, fit
from prusoff.fitting.verdict import bounds_at

LAW = catalog["four_parameter_logistic"]
GAP = np.log10(10.0 / 3.0) / 2.0
PLATEAU = Between(1e-4, 1e6)
SEARCH = Options(intervals="", response_level=1.0)
PARTS = {
    "kinobeads": ("kinobeads_dasatinib_expected.tsv", 1e-9),
    "ctrp": ("viability_CTRP_40_expected.tsv", 1e-6),
}


def table(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def measured(folder):
    return table(folder / "viability_CTRP_40_input.tsv")


def once(folder, name, rows):
    """The rows of cells that were measured once: of the others the results do not say which curve they are of."""
    seen = Counter(row["Name"] for row in measured(folder)) if name == "ctrp" else Counter()
    return [row for row in rows if name != "ctrp" or seen[row["Name"]] == 1]


def responses(folder, name, rows):
    """The ratios to the control of every row, nan where one is missing: one for each dose."""
    if name == "kinobeads":
        return [[float(row[key]) for key in row if key.startswith("Ratio")] for row in rows]
    raw = {row["Name"]: row for row in measured(folder)}
    return [[float(raw[row["Name"]][f"Raw {k}"] or "nan") for k in range(17)] for row in rows]


def regulated(shared, name):
    """Row and measured curve of all that it calls regulated."""
    folder, (file, unit) = shared / "data" / "curvecurator", PARTS[name]
    doses = np.array(json.loads((folder / "doses.json").read_text(encoding="utf-8"))[name]["doses"]) * unit
    with np.errstate(divide="ignore"):
        x = np.log10(doses)
    rows = [row for row in table(folder / file) if row["Curve Regulation"] in ("up", "down")]
    rows = once(folder, name, rows)
    for row, y in zip(rows, np.array(responses(folder, name, rows)), strict=True):
        there = np.isfinite(y)
        yield row, Curve(x[there], y[there]), x[1:]


def with_helpers(curve, doses):
    """The points that were fitted: the measured ones, again all at a dose, and those on lines between them."""
    x = sorted(doses)
    while (wide := np.flatnonzero(np.diff(x) > GAP + 1e-9)).size:
        x = sorted([*x, *((x[k] + x[k + 1]) / 2.0 for k in wide)])
    x = np.array([one for one in x if curve.x[1] <= one <= curve.x[-1]])
    y = np.interp(x, curve.x[1:], curve.y[1:])
    return Curve(np.append(curve.x, x), np.append(curve.y, y))


def refitted(points, doses):
    """The problem, the fit from the start of the law, and the lowest one that steep starts lead to.

    A slope of 10 is twice the limit of the law.
    """
    low, high = doses.min(), doses.max()
    location = Between(low - 2.0, high + 2.0)
    rules = {"hill_slope": Between(0.01, 10.0), "bottom": PLATEAU, "top": PLATEAU, "log_ic50": location}
    problem = Problem(LAW, (points,), rules)
    plain = fit(problem, options=SEARCH)
    steep = [{"hill_slope": 9.0, "log_ic50": float(one)} for one in np.linspace(low, high, 9)[1:-1]]
    found = [plain, *(fit(problem, options=replace(SEARCH, start=one)) for one in steep)]
    return problem, plain, min(found, key=lambda one: one.sum_of_squares)


def theirs(row):
    return np.array(
        [float(row["Curve Back"]), float(row["Curve Front"]), -float(row["pEC50"]), float(row["Curve Slope"])]
    )


@pytest.mark.slow
@pytest.mark.parametrize(("name", "curves", "censored"), [("kinobeads", 88, 0), ("ctrp", 274, 7)], ids=PARTS)
def test_all_regulated_curves_end_at_the_same_minimum(shared, name, curves, censored):
    """No curve of theirs is better, none worse by more than 1e-6: nothing is left to explain but bounds.

    `censored` counts potencies that we would print as a bound: the middle of the curve lies above the highest dose.
    """
    count = Counter()
    for row, curve, doses in regulated(shared, name):
        points = with_helpers(curve, doses)
        problem, plain, found = refitted(points, doses)
        residuals = points.y - LAW.function(points.x, theirs(row))
        assert found.sum_of_squares == pytest.approx(float(residuals @ residuals), rel=1e-6)
        np.testing.assert_allclose(found.values[:3], theirs(row)[:3], atol=5e-5, rtol=1e-5)
        assert found.value("hill_slope") == pytest.approx(float(row["Curve Slope"]), rel=1e-3)
        left = curve.y - LAW.function(curve.x, found.values)
        spread = curve.y - curve.y.mean()
        assert 1.0 - left @ left / (spread @ spread) == pytest.approx(float(row["Curve R2"]), abs=1e-6)
        flat = curve.y - points.y.mean()
        f_value = (flat @ flat / (left @ left) - 1.0) * len(curve) / 4.0
        assert f_value == pytest.approx(float(row["Curve F_Value"]), rel=1e-4)
        count["curves"] += 1
        count["censored"] += bool(bounds_at(problem, found.values))
        assert plain.sum_of_squares <= 1.001 * found.sum_of_squares  # no start of ours is needed
    assert (count["curves"], count["censored"]) == (curves, censored)
