"""Functional assays against published numbers: Schild regression, Leff-Dougall, and rabbits with a 5-HT3 antagonist."""

import csv
import itertools
import json
import math

import numpy as np
import pytest
from scipy.optimize import brentq

from prusoff.affinity.conversion import cheng_prusoff, leff_dougall
from prusoff.affinity.schild import schild_regression
from prusoff.core.curves import Curve
from prusoff.core.estimate import Estimate
from prusoff.equations.agonist_response import agonist_response
from prusoff.equations.gaddum_schild import allosteric_ec50_shift, gaddum_schild
from prusoff.equations.operational_allosterism import operational_allosterism
from prusoff.equations.operational_model import operational_activity, operational_model
from prusoff.fitting.problem import Between, Problem, Shared
from prusoff.fitting.solve import Options, fit, fit_curve


def test_schild_regression_s21(science_cases):
    case = science_cases["S21"]
    given, wanted = case["inputs"], case["expected"]
    found = schild_regression(given["antagonist_M"], given["dose_ratio"])
    ours = {
        "slope": found.slope,
        "intercept": found.intercept,
        "pA2": found.pa2,
        "se_slope": found.slope_se,
        "slope_ci95_low": found.slope_low,
        "slope_ci95_high": found.slope_high,
        "pKB_unit_slope": found.pkb,
        "pKB_ci95_low": found.pkb_low,
        "pKB_ci95_high": found.pkb_high,
    }
    for name, value in ours.items():
        assert value == pytest.approx(wanted[name], rel=case["rtol"]), name
    assert found.unit_slope_holds is wanted["unit_slope_not_rejected"]


def test_leff_dougall_s06_is_the_half_effect_of_gaddum(science_cases):
    case = science_cases["S06"]
    given = case["inputs"]
    kb = leff_dougall(given["IC50_nM"], given["agonist_nM"], given["EC50_nM"], given["nH_agonist"])
    assert kb == pytest.approx(case["expected"]["KB_leff_dougall_nM"], rel=case["rtol"])
    truth = {
        "log_ec50": math.log10(given["EC50_nM"]),
        "log_kb": math.log10(kb),
        "hill_slope": given["nH_agonist"],
    }
    parameters = np.array([0.0, 1.0, truth["log_ec50"], truth["hill_slope"], truth["log_kb"], 1.0])
    agonist = math.log10(given["agonist_nM"])

    def response(log_b):
        return float(gaddum_schild.function(np.array([[agonist], [log_b]]), parameters)[0])

    half = brentq(lambda log_b: response(log_b) - response(-math.inf) / 2.0, -3.0, 6.0, xtol=1e-14)
    assert 10.0**half == pytest.approx(given["IC50_nM"], rel=1e-9)


def test_gaddum_of_slope_one_is_cheng_prusoff():
    """The antagonist that halves the response to an agonist of slope 1 does so at KB (1 + [A]/EC50)."""
    kb, ec50, agonist = 4e-9, 3e-9, 2e-8
    parameters = np.array([5.0, 105.0, math.log10(ec50), 1.0, math.log10(kb), 1.0])
    ic50 = kb * (1.0 + agonist / ec50)
    at = np.log10([[agonist, agonist], [1e-300, ic50]])
    without, halved = gaddum_schild.function(at, parameters) - 5.0
    assert halved == pytest.approx(without / 2.0, rel=1e-12)
    assert cheng_prusoff(ic50, agonist, ec50) == pytest.approx(kb, rel=1e-12)


@pytest.mark.parametrize(("tau", "n"), [(0.3, 1.0), (10.0, 1.0), (4.0, 1.7), (30.0, 0.6)])
def test_operational_model_has_the_ec50_and_maximum_of_black_and_leff(tau, n):
    """Emax = Em tau^n/(1 + tau^n), EC50 = KA/((2 + tau^n)^(1/n) - 1): Black & Leff 1983."""
    parameters = np.array([0.0, 1.0, math.log10(tau), -6.0, n])
    emax = tau**n / (1.0 + tau**n)
    ec50 = 1e-6 / ((2.0 + tau**n) ** (1.0 / n) - 1.0)
    at = operational_model.function(np.array([math.inf, math.log10(ec50)]), parameters)
    np.testing.assert_allclose(at, [emax, emax / 2.0], rtol=1e-12)
    by_activity = np.array([0.0, 1.0, math.log10(tau) + 6.0, math.log10(tau), n])
    x = np.linspace(-9.0, -3.0, 25)
    np.testing.assert_allclose(
        operational_activity.function(x, by_activity), operational_model.function(x, parameters), rtol=1e-12
    )


def test_operational_allosterism_holds_competition_and_its_opposite():
    a, b = (grid.ravel() for grid in np.meshgrid(np.linspace(-9, -4, 11), np.linspace(-9, -5, 9)))
    tau, ka, kb = 10.0, 1e-6, 1e-7

    def response(log_alpha, log_beta):
        p = np.array([0.0, 1.0, math.log10(tau), -6.0, -7.0, log_alpha, log_beta, -300.0, 1.0])
        return operational_allosterism.function(np.stack([a, b]), p)

    agonist, blocked = 10.0**a, 1.0 + 10.0**b / kb
    competing = tau * agonist / (ka * blocked + agonist * (1.0 + tau))
    np.testing.assert_allclose(response(-300.0, 0.0), competing, rtol=1e-12)
    gaddum = np.array([0.0, tau / (1.0 + tau), math.log10(ka / (1.0 + tau)), 1.0, -7.0, 1.0])
    np.testing.assert_allclose(gaddum_schild.function(np.stack([a, b]), gaddum), competing, rtol=1e-12)
    left = tau / blocked
    np.testing.assert_allclose(
        response(0.0, -300.0), left * agonist / (ka + agonist * (1.0 + left)), rtol=1e-12
    )
    np.testing.assert_allclose(response(0.0, 0.0), tau * agonist / (ka + agonist * (1.0 + tau)), rtol=1e-12)


def test_an_allosteric_modulator_moves_the_ec50_no_further_than_one_over_alpha():
    p = np.array([0.0, 1.0, -8.0, 1.0, -7.0, -1.5])
    half = allosteric_ec50_shift.function(np.array([[-8.0 + 1.5], [math.inf]]), p)
    assert half == pytest.approx(0.5, rel=1e-12)
    competing = np.array([0.0, 1.0, -8.0, 1.0, -7.0, 1.0])
    x = np.array([[-8.0, -7.0, -6.0], [-9.0, -7.5, -7.0]])
    nearly = np.array([*p[:5], -300.0])
    np.testing.assert_allclose(
        allosteric_ec50_shift.function(x, nearly), gaddum_schild.function(x, competing), rtol=1e-12
    )


@pytest.fixture(scope="module")
def rabbits(shared):
    """Log dose and response of every rabbit by treatment, and what R found: Ludbrook 1994, repeated measures."""
    folder = shared / "data" / "pbg_rabbit_5ht3"
    if not folder.is_dir():
        pytest.skip("the reference data 'pbg_rabbit_5ht3' are not there")
    curves = {}
    with (folder / "PBG.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            x, y = curves.setdefault((row["Rabbit"], row["Treatment"]), ([], []))
            x.append(math.log10(float(row["dose"])))
            y.append(float(row["deltaBP"]))
    return (
        {key: (np.array(x), np.array(y)) for key, (x, y) in curves.items()},
        json.loads((folder / "expected.json").read_text(encoding="utf-8")),
    )


def coefficients(expected):
    """R's LL.4 in our names: its b is minus the slope, its e the EC50."""
    return {one["name"]: one for one in expected["coefficients"]}


def response_of_r(x, told, treatment=""):
    """The response by R's own coefficients, through our law."""
    slope, ec50 = (told[f"{name}:{treatment or '(Intercept)'}"]["estimate"] for name in "be")
    return ll4(x, slope, told["c:(Intercept)"]["estimate"], told["d:(Intercept)"]["estimate"], ec50)


def ll4(x, b, c, d, e):
    """R's LL.4 through our law: its b is minus the slope."""
    return agonist_response.function(x, np.array([c, d, math.log10(e), -b]))


def agrees(ours, theirs):
    """R stops short of the minimum: its numbers lie within a hundredth of its standard error of ours."""
    return ours == pytest.approx(theirs["estimate"], abs=0.01 * theirs["se"])


def hessian_errors(squares, at, df):
    """Standard errors from the second derivatives of the sum of squares, which is how R's LL.4 gets them."""
    at = np.array(at)
    step, size = np.diag(1e-4 * np.abs(at)), at.size
    hessian = np.empty((size, size))
    for i, j in itertools.product(range(size), repeat=2):
        corners = [squares(at + a * step[i] + b * step[j]) * a * b for a in (1, -1) for b in (1, -1)]
        hessian[i, j] = sum(corners) / (4 * step[i, i] * step[j, j])
    return np.sqrt(np.diag(np.linalg.inv(hessian)) * 2 * squares(at) / df)


def test_every_rabbit_has_the_curve_that_r_found(rabbits):
    """Our sum of squares is that of R or lower; a step between two doses has no slope, only its plateaus agree."""
    curves, expected = rabbits
    steps = []
    for (rabbit, treatment), (x, y) in curves.items():
        wanted = expected[f"{rabbit}|{treatment}"]
        told = coefficients(wanted)
        assert ((y - response_of_r(x, told)) ** 2).sum() == pytest.approx(wanted["rss"], rel=1e-7)
        found = fit_curve(
            agonist_response, Curve(x, y), sharing={"hill_slope": Between(0.1, 40.0)}, options=Options("")
        )
        assert found.sum_of_squares <= wanted["rss"] * (1 + 1e-9)
        assert agrees(found.value("top"), told["d:(Intercept)"])
        assert agrees(found.value("bottom"), told["c:(Intercept)"])
        if told["b:(Intercept)"]["se"] > abs(told["b:(Intercept)"]["estimate"]):
            steps.append((rabbit, treatment))
            continue
        assert found.sum_of_squares == pytest.approx(wanted["rss"], rel=1e-5)
        assert agrees(-found.value("hill_slope"), told["b:(Intercept)"])
        ec50 = 10.0 ** found.value("log_ec50")
        assert agrees(ec50, told["e:(Intercept)"])

        def squares(p, x=x, y=y):
            return float(((y - ll4(x, *p)) ** 2).sum())

        theirs = hessian_errors(squares, [one["estimate"] for one in told.values()], df=2)
        assert theirs == pytest.approx([one["se"] for one in told.values()], rel=2e-3)
        # ours come from the first derivatives; on six points the two differ by a few percent
        error = found.standard_error("log_ec50") * math.log(10.0) * ec50
        assert error == pytest.approx(told["e:(Intercept)"]["se"], rel=0.15)
    assert sorted(steps) == [("3", "MDL 72222"), ("5", "MDL 72222")]


def test_pooled_rabbits_with_shared_limits_have_the_dose_ratio_that_r_found(rabbits):
    curves, expected = rabbits
    treatments = ("Placebo", "MDL 72222")
    pooled = [
        Curve(
            *(np.concatenate(part) for part in zip(*(curves[r, name] for r in "12345"), strict=True)),
            label=name,
        )
        for name in treatments
    ]
    wanted = expected["pooled_shared_limits"]
    told = coefficients(wanted)
    by_r = sum(((one.y - response_of_r(one.x, told, f"Treatment{one.label}")) ** 2).sum() for one in pooled)
    assert by_r == pytest.approx(wanted["rss"], rel=1e-9)
    found = fit(
        Problem(agonist_response, pooled, {"bottom": Shared(), "top": Shared()}), options=Options("wald")
    )
    assert wanted["rss"] * (1 - 1e-5) < found.sum_of_squares < by_r
    assert found.df == wanted["residual_df"]
    for name in treatments:
        ec50 = 10.0 ** found.value(f"log_ec50[{name}]")
        assert agrees(ec50, told[f"e:Treatment{name}"])
        error = found.standard_error(f"log_ec50[{name}]") * math.log(10.0) * ec50
        assert error == pytest.approx(told[f"e:Treatment{name}"]["se"], rel=0.03)
        assert agrees(-found.value(f"hill_slope[{name}]"), told[f"b:Treatment{name}"])
    assert agrees(found.value("top"), told["d:(Intercept)"])
    assert agrees(found.value("bottom"), told["c:(Intercept)"])
    ratio = 10.0 ** (found.value("log_ec50[MDL 72222]") - found.value("log_ec50[Placebo]"))
    assert ratio == pytest.approx(2.09, abs=0.005)


def test_dose_ratios_within_rabbits_are_paired(rabbits):
    """Repeated measures: the mean of the five log ratios excludes 1, and agrees with the ratio of the pooled curves."""
    from prusoff.assays._days import plain_mean

    _, expected = rabbits
    ec50 = {
        key: coefficients(one)["e:(Intercept)"]["estimate"] for key, one in expected.items() if "|" in key
    }
    each = {
        rabbit: Estimate("dose ratio", ec50[f"{rabbit}|MDL 72222"] / ec50[f"{rabbit}|Placebo"], "")
        for rabbit in "12345"
    }
    pooled = plain_mean("MDL 72222", each)
    assert pooled.n == 5
    assert 1.0 < pooled.estimate.low < 2.09 < pooled.estimate.high
    assert pooled.estimate.value == pytest.approx(
        np.prod([one.value for one in each.values()]) ** 0.2, rel=1e-12
    )
