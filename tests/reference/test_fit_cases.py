"""The worked fits of the science specification, one test each, and two independent programs as oracles."""

import iminuit
import lmfit
import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.core.equation import Axis, Equation, Parameter
from prusoff.core.fit import FittedCurve
from prusoff.equations import catalog
from prusoff.fitting.compare import aicc, compare_nested, compare_sites, evidence
from prusoff.fitting.intervals import profile_curve, profile_interval, wald_interval
from prusoff.fitting.problem import Fixed, Individual, Problem, Shared
from prusoff.fitting.quality import replicates_test, runs_test
from prusoff.fitting.solve import fit, fit_curve
from prusoff.fitting.weights import Weighting

FOUR = catalog["four_parameter_logistic"]


def curve_of(case):
    return Curve(
        np.array(case["inputs"]["log10_M"], dtype=float), np.array(case["inputs"]["bound"], dtype=float)
    )


def test_s11(science_cases):
    case = science_cases["S11"]
    expected, rtol = case["expected"], case["rtol"]
    found = fit_curve(FOUR, curve_of(case))
    wald = wald_interval(found, "log_ic50")
    answer = {
        "bottom": found.value("bottom"),
        "top": found.value("top"),
        "logIC50": found.value("log_ic50"),
        "nH": found.value("hill_slope"),
        "se_bottom": found.standard_error("bottom"),
        "se_top": found.standard_error("top"),
        "se_logIC50": found.standard_error("log_ic50"),
        "se_nH": found.standard_error("hill_slope"),
        "IC50_M": 10 ** found.value("log_ic50"),
        "weighted_SS": found.sum_of_squares,
        "Sy_x": found.residual_sd,
        "df": found.df,
        "logIC50_ci95_low": wald.low,
        "logIC50_ci95_high": wald.high,
        "IC50_ci95_low_M": 10**wald.low,
        "IC50_ci95_high_M": 10**wald.high,
        "AICc": aicc(found),
    }
    assert set(answer) == set(expected)
    assert answer == pytest.approx(expected, rel=rtol)


def test_s12(science_cases):
    case = science_cases["S12"]
    expected, rtol = case["expected"], case["rtol"]
    problem = Problem(FOUR, (curve_of(case),))
    found = fit(problem)
    ic50, slope = profile_interval(problem, found, "log_ic50"), profile_interval(problem, found, "hill_slope")
    assert (ic50.low, ic50.high) == pytest.approx(
        (expected["logIC50_ci_low"], expected["logIC50_ci_high"]), rel=rtol
    )
    assert (slope.low, slope.high) == pytest.approx((expected["nH_ci_low"], expected["nH_ci_high"]), rel=rtol)
    assert found.intervals["log_ic50"] == ic50
    assert found.sum_of_squares == pytest.approx(expected["SS_min"], rel=rtol)
    drawn = profile_curve(problem, found, "log_ic50")
    assert drawn.threshold == pytest.approx(expected["SS_threshold"], rel=rtol)
    assert drawn.sums_of_squares.min() == pytest.approx(found.sum_of_squares)
    inside = drawn.values[drawn.sums_of_squares <= drawn.threshold]
    assert ic50.low <= inside.min() < inside.max() <= ic50.high


def test_s13(science_cases):
    case = science_cases["S13"]
    expected, rtol = case["expected"], case["rtol"]
    one = fit_curve(catalog["three_parameter_logistic"], curve_of(case))
    two = fit_curve(catalog["two_site_competition"], curve_of(case))
    compared = compare_nested(one, two)
    answer = {
        "one_bottom": one.value("bottom"),
        "one_top": one.value("top"),
        "one_logIC50": one.value("log_ic50"),
        "SS_one": one.sum_of_squares,
        "two_bottom": two.value("bottom"),
        "two_top": two.value("top"),
        "two_logIC50_high": two.value("log_ic50_high"),
        "two_logIC50_low": two.value("log_ic50_high") + two.value("log_ratio"),
        "fraction_high": two.value("fraction_high"),
        "SS_two": two.sum_of_squares,
        "F": compared.f,
        "df_num": one.df - two.df,
        "df_den": two.df,
        "p_value": compared.p,
        "AICc_one": aicc(one),
        "AICc_two": aicc(two),
        "delta_AICc_two_minus_one": compared.delta_aicc,
        "probability_two_site": evidence(compared.delta_aicc),
    }
    assert set(answer) == set(expected)
    assert answer == pytest.approx(expected, rel=rtol)
    assert compare_sites(one, two).sentence.startswith("Two sites are kept")


def test_s14(science_cases):
    case = science_cases["S14"]
    expected, rtol = case["expected"], case["rtol"]
    x = np.array(case["inputs"]["free_nM"]) * 1e-9
    total, nsb = (
        Curve(x, case["inputs"]["total"], label="total"),
        Curve(x, case["inputs"]["nsb"], label="nsb"),
    )
    sharing = {
        "bmax": (Individual(), Fixed(0.0)),
        "log_kd": (Individual(), Fixed(-9.0)),
        "ns": Shared(),
        "background": Shared(),
    }
    found = fit(Problem(catalog["one_site_total_binding"], (total, nsb), sharing))
    assert found.names == ("bmax[total]", "log_kd[total]", "ns", "background")
    kd = 1e9 * 10 ** found.value("log_kd[total]")
    answer = {
        "Bmax": found.value("bmax[total]"),
        "Kd_nM": kd,
        "NS": found.value("ns") * 1e-9,
        "background": found.value("background"),
        "SS": found.sum_of_squares,
        "df": found.df,
        "se_Bmax": found.standard_error("bmax[total]"),
        "se_Kd": found.standard_error("log_kd[total]") * np.log(10) * kd,
        "se_NS": found.standard_error("ns") * 1e-9,
        "se_background": found.standard_error("background"),
    }
    assert set(answer) == set(expected)
    assert answer == pytest.approx(expected, rel=rtol)


def test_s15(science_cases):
    case = science_cases["S15"]
    expected, rtol = case["expected"], case["rtol"]
    assert case["inputs"]["weighting"] == "1/Y_observed^2"
    added, bound = (1e-9 * np.array(case["inputs"][key]) for key in ("added_nM", "total_bound_nM"))
    curve, ns = Curve(added, bound), case["inputs"]["NS"]
    found = fit_curve(catalog["one_site_depletion"], curve, Weighting.OBSERVED, sharing={"ns": Fixed(ns)})
    naive = fit_curve(
        catalog["one_site_total_binding"],
        curve,
        Weighting.OBSERVED,
        sharing={"ns": Fixed(ns), "background": Fixed(0.0)},
    )
    answer = {
        "Bmax_nM": found.value("bmax") * 1e9,
        "Kd_nM": 1e9 * 10 ** found.value("log_kd"),
        "weighted_SS": found.sum_of_squares,
        "naive_Bmax_nM": naive.value("bmax") * 1e9,
        "naive_Kd_nM": 1e9 * 10 ** naive.value("log_kd"),
    }
    assert set(answer) == set(expected)
    assert answer == pytest.approx(expected, rel=rtol)


def test_s34(science_cases):
    case = science_cases["S34"]
    given, expected, rtol = case["inputs"], case["expected"], case["rtol"]
    x = np.repeat(np.array(given["log10_M"], dtype=float), 3)
    data = Curve(x, np.array(given["replicates"], dtype=float).ravel())
    parameters = np.array([given[key] for key in ("bottom", "top", "logIC50", "nH")])
    curve = FittedCurve(data, np.ones(x.size), FOUR.function(x, parameters), parameters)
    lack, runs = replicates_test(curve, given["fitted_parameters"]), runs_test(curve)
    answer = {
        "F": lack.statistic,
        "df_num": lack.df[0],
        "df_den": lack.df[1],
        "p_lack_of_fit": lack.p,
        "runs": runs.statistic,
        "n_above": runs.df[0],
        "n_below": runs.df[1],
        "p_runs_too_few": runs.p,
    }
    assert answer == pytest.approx({key: expected[key] for key in answer}, rel=rtol)
    assert float(np.sum(curve.residuals**2)) == pytest.approx(expected["SS_total"], rel=rtol)


def simulated(seed, sd=4.0, log_ic50=-7.4, hill=1.0):
    """A simulated inhibition curve of ten concentrations in triplicate."""
    x = np.repeat(np.arange(-10.0, -5.4, 0.5), 3)
    truth = np.array([4.0, 101.0, log_ic50, hill])
    return Curve(x, FOUR.function(x, truth) + np.random.default_rng(seed).normal(0.0, sd, x.size))


SIMULATED = [(1, 4.0, -7.4, 1.0), (2, 6.0, -7.0, 0.8), (3, 2.0, -8.5, 1.6)]


@pytest.mark.parametrize("truth", SIMULATED)
def test_profile_agrees_with_minos(truth):
    curve = simulated(*truth)
    found = fit_curve(FOUR, curve)
    variance = found.sum_of_squares / found.df

    def cost(p):
        return float(np.sum((curve.y - FOUR.function(curve.x, np.asarray(p))) ** 2)) / variance

    minuit = iminuit.Minuit(cost, found.values, name=found.names)
    minuit.errordef = (minuit.errordef or 1.0) * wald_quantile(found.df) ** 2
    minuit.strategy = 2
    minuit.tol = 1e-5
    minuit.migrad()
    minuit.minos(cl=None)
    for name in found.names:
        interval, error = found.intervals[name], minuit.merrors[name]
        assert interval.low == pytest.approx(
            found.value(name) + error.lower, abs=2e-3 * found.standard_error(name)
        )
        assert interval.high == pytest.approx(
            found.value(name) + error.upper, abs=2e-3 * found.standard_error(name)
        )


@pytest.mark.parametrize("truth", SIMULATED)
def test_fit_and_profile_agree_with_lmfit(truth):
    curve = simulated(*truth)
    found = fit_curve(FOUR, curve)
    parameters = lmfit.Parameters()
    for name, value in zip(found.names, (0.0, 100.0, truth[2] + 0.2, 1.0), strict=True):
        parameters.add(name, value=value)

    def residuals(p):
        return curve.y - FOUR.function(curve.x, np.array([p[name].value for name in found.names]))

    minimizer = lmfit.Minimizer(residuals, parameters)
    other = minimizer.minimize(ftol=1e-14, xtol=1e-14, gtol=1e-14)
    for name in found.names:
        assert other.params[name].value == pytest.approx(
            found.value(name), abs=1e-3 * found.standard_error(name)
        )
        assert other.params[name].stderr == pytest.approx(found.standard_error(name), rel=1e-4)
    limits = lmfit.conf_interval(minimizer, other, sigmas=[0.95])
    for name in found.names:
        low, _, high = (value for _, value in limits[name])
        error = found.standard_error(name)
        assert found.intervals[name].low == pytest.approx(low, abs=5e-3 * error)
        assert found.intervals[name].high == pytest.approx(high, abs=5e-3 * error)


def wald_quantile(df):
    from scipy.stats import t

    return t.ppf(0.975, df)


def test_the_small_minimiser_agrees_with_scipy_on_a_law_of_its_own():
    """A sum of two decays, far from any law of the shelf."""
    from scipy.optimize import least_squares

    def function(x, p):
        return p[0] * np.exp(-p[1] * x) + p[2] * np.exp(-p[3] * x)

    def jacobian(x, p):
        a, b = np.exp(-p[1] * x), np.exp(-p[3] * x)
        return np.stack([a, -p[0] * x * a, b, -p[2] * x * b])

    law = Equation(
        "two_decays",
        "Two decays",
        "",
        (Axis("t", "s"),),
        Axis("y", ""),
        tuple(Parameter(name, name, "", "", linear=name in "ac") for name in "abcd"),
        function,
        jacobian,
        lambda x, y: np.array([1.0, 0.5, 1.0, 3.0]),
        "",
        (),
    )
    x = np.linspace(0.0, 6.0, 40)
    y = function(x, [2.0, 0.4, 3.0, 2.5]) + np.random.default_rng(5).normal(0, 0.02, x.size)
    found = fit_curve(law, Curve(x, y))
    other = least_squares(
        lambda p: function(x, p) - y, [1.0, 0.5, 1.0, 3.0], lambda p: jacobian(x, p).T, x_scale="jac",
        xtol=1e-15, ftol=1e-15, gtol=1e-15,
    )  # fmt: skip
    assert found.values == pytest.approx(other.x, rel=1e-7)
    assert found.sum_of_squares == pytest.approx(2 * other.cost, rel=1e-12)
