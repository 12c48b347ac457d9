"""Standard curves of the literature: nasturtium (calibration with R investr), a DNase ELISA and a cortisol RIA."""

import csv
import json
import math

import numpy as np
import pytest
from scipy import stats

from prusoff.core.curves import Curve
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.equations import catalog
from prusoff.fitting.inverse import StandardCurve, inverse_prediction
from prusoff.fitting.problem import Between
from prusoff.fitting.quantitation import working_range
from prusoff.fitting.solve import fit_curve
from prusoff.fitting.weights import Weighting

FOUR, FIVE = catalog["four_parameter_logistic"], catalog["five_parameter_logistic"]
LN10 = math.log(10.0)

# Weights of nasturtium plants, six at each dose (g/ha). Racine-Poon A. Biometrics 1988;44:1073-1091; calibration of
# the mean of 309, 296 and 419 in Greenwell BM, Schubert Kabban CM. R J 2014;6:90-100.
DOSES = np.repeat([0.0, 0.025, 0.075, 0.25, 0.75, 2.0, 4.0], 6)
PLANTS = np.array(
    [920, 889, 866, 930, 992, 1017, 919, 878, 882, 854, 851, 850, 870, 825, 953, 834, 810, 875, 880, 834, 795,
     837, 834, 810, 693, 690, 722, 738, 563, 591, 429, 395, 435, 412, 273, 257, 200, 244, 209, 225, 128, 221],
    dtype=float,
)  # fmt: skip


def log10(doses):
    with np.errstate(divide="ignore"):
        return np.log10(doses)


@pytest.fixture(scope="module")
def nasturtium():
    return fit_curve(FOUR, Curve(log10(DOSES), PLANTS), sharing={"bottom": 0.0})


def test_nasturtium_estimate_and_its_limits(nasturtium):
    """Printed there: 2.263854 (1.772244 to 2.969355), with t of n + m - p - 1 = 41 degrees of freedom.

    The residual variance is that of the 39 degrees of freedom of the curve, so 39 are used here; for the comparison
    the level is taken at which t of 39 is the t of 41 that was used there.
    """
    level = 2.0 * stats.t.cdf(stats.t.ppf(0.975, 41), 39) - 1.0
    found = inverse_prediction(nasturtium, [309.0, 296.0, 419.0], level=level, method="inversion").estimate()
    assert found.value == pytest.approx(2.263854, abs=5e-6)
    assert (found.low, found.high) == pytest.approx((1.772244, 2.969355), abs=1e-4)
    own = inverse_prediction(nasturtium, [309.0, 296.0, 419.0]).estimate()
    assert (own.low, own.high) == pytest.approx((1.7716, 2.9732), abs=2e-4)  # profile, t of 39


def test_nasturtium_standard_error(nasturtium):
    """The standard error of the calibrated dose is printed as 0.2847019: the Wald error of curve and sample."""
    curve = StandardCurve.of(nasturtium)
    narrow = curve.read(float(np.mean([309.0, 296.0, 419.0])), 3, 1e-3, "inversion").estimate()
    quantile = stats.t.ppf(0.5 + 5e-4, nasturtium.df)
    assert (narrow.high - narrow.low) / (2.0 * quantile) == pytest.approx(0.2847019, rel=2e-4)


def elisa(shared, run):
    with (shared / "data" / "dnase_elisa" / "DNase.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["Run"] == run]
    return np.array([(float(row["conc"]), float(row["density"])) for row in rows]).T


@pytest.mark.parametrize("run", [str(run) for run in range(1, 12)])
def test_every_run_of_the_elisa_is_fitted_as_by_r_nls(shared, run):
    """Asym, xmid and scal of a logistic in ln(conc), with profile intervals of R nls."""
    expected = json.loads((shared / "data" / "dnase_elisa" / "expected.json").read_text(encoding="utf-8"))[
        run
    ]
    conc, density = elisa(shared, run)
    found = fit_curve(FOUR, Curve(log10(conc), density), sharing={"top": 0.0})
    assert found.sum_of_squares == pytest.approx(expected["rss"], rel=1e-8)
    to_r = {
        "Asym": ("bottom", lambda v: v),
        "xmid": ("log_ic50", lambda v: v * LN10),
        "scal": ("hill_slope", lambda v: 1.0 / v),
    }
    for one in expected["coefficients"]:
        name, turned = to_r[one["name"]]
        interval = found.intervals[name]
        assert turned(found.value(name)) == pytest.approx(one["estimate"], rel=1e-5)
        limits = sorted((turned(interval.low), turned(interval.high)))
        printed = [one["profile_ci95_lower"], one["profile_ci95_upper"]]
        assert limits == pytest.approx(printed, rel=2e-3)  # R reads its limits off a spline


def test_the_elisa_reads_its_own_standards(shared):
    """Run 1 back-calculated: all standards from 0.195 to 12.5 ng/ml within 20 % (25 % at the LLOQ), the lowest not."""
    conc, density = elisa(shared, "1")
    fit = fit_curve(FOUR, Curve(log10(conc), density), sharing={"top": 0.0})
    asym, xmid, scal = fit.value("bottom"), fit.value("log_ic50") * LN10, 1.0 / fit.value("hill_slope")
    found = working_range(fit)
    for standard in found.standards:
        wells = density[np.isclose(conc, standard.nominal)]
        exact = np.exp(xmid - scal * np.log(asym / wells - 1.0))
        assert standard.found == pytest.approx(exact.mean(), rel=1e-6)
    assert (found.lloq, found.uloq) == pytest.approx((0.1953125, 12.5))
    assert found.run_accepted
    lowest = found.standards[0]
    assert lowest.bias == pytest.approx(-0.446, abs=1e-3)
    assert not lowest.within_at_lloq


def test_the_elisa_gives_bounds_outside_its_standards(shared):
    conc, density = elisa(shared, "1")
    fit = fit_curve(FOUR, Curve(log10(conc), density), sharing={"top": 0.0})
    assert inverse_prediction(fit, 2.2).estimate().relation is Relation.ABOVE
    assert inverse_prediction(fit, 0.005).estimate().relation is Relation.BELOW
    inside = inverse_prediction(fit, [0.5, 0.52]).estimate()
    assert inside.low < inside.value < inside.high
    assert inside.value == pytest.approx(1.157, abs=5e-3)


def cortisol(shared):
    with (shared / "data" / "ria_cortisol" / "Cortisol.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    x, y = np.array([(float(row["lDose"]), float(row["Y"])) for row in rows]).T
    return Curve(np.where(x == -3.0, -np.inf, x), y)  # -3 stands for the zero standard


def test_the_cortisol_assay_is_fitted_as_by_r(shared):
    """The five-parameter curve with the zero standard at minus infinity does no worse than with it at 0.001 ng."""
    expected = json.loads((shared / "data" / "ria_cortisol" / "expected.json").read_text(encoding="utf-8"))
    curve = cortisol(shared)
    with_zero = fit_curve(FIVE, curve, sharing={"hill_slope": Between(0.1, 10.0)})
    as_there = fit_curve(
        FIVE,
        Curve(np.where(np.isinf(curve.x), -3.0, curve.x), curve.y),
        sharing={"hill_slope": Between(0.1, 10.0)},
    )
    richards = expected["richards_nls"]
    values = {one["name"]: one["estimate"] for one in richards["coefficients"]}
    assert as_there.sum_of_squares == pytest.approx(richards["rss"], rel=1e-8)
    assert as_there.value("bottom") == pytest.approx(values["t1"], rel=1e-4)
    assert as_there.value("top") == pytest.approx(values["t2"], rel=1e-6)
    assert as_there.value("hill_slope") == pytest.approx(values["t4"] / LN10, rel=1e-4)
    assert as_there.value("asymmetry") == pytest.approx(values["t5"], rel=1e-4)
    assert with_zero.sum_of_squares < as_there.sum_of_squares


def test_weights_widen_the_range_of_the_cortisol_assay(shared):
    """Counts scatter more the higher they are: weighted by their variance the low counts of high doses can be used."""
    curve = cortisol(shared)
    plain, weighted = (fit_curve(FIVE, curve, one) for one in (Weighting.NONE, Weighting.VARIANCE_FUNCTION))
    assert plain.outcome.usable
    assert weighted.outcome is Outcome.OK
    narrow, wide = working_range(plain), working_range(weighted)
    assert (narrow.lloq, narrow.uloq) == pytest.approx((0.04, 1.5))
    assert (wide.lloq, wide.uloq) == pytest.approx((0.04, 4.0))
    assert not narrow.run_accepted
    assert wide.run_accepted
