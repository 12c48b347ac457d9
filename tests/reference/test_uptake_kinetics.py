"""Published velocities and worked numbers: Km and Vmax with errors, and mechanisms of inhibition over a grid.

Puromycin: Treloar MA 1974, in Bates DM, Watts DG, Nonlinear Regression Analysis and Its Applications, Wiley 1988.
Uptake of nitrogen by Lemna minor: Cedergreen N, Madsen TV, New Phytol 2002;155:285.
"""

import csv
import json
import math

import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.equations.enzyme_inhibition import (
    competitive_inhibition,
    mixed_inhibition,
    noncompetitive_inhibition,
    uncompetitive_inhibition,
)
from prusoff.equations.uptake_kinetics import michaelis_menten
from prusoff.fitting.choice import choose
from prusoff.fitting.compare import aicc, compare_nested
from prusoff.fitting.intervals import delta_interval, quantile
from prusoff.fitting.problem import Problem, Shared
from prusoff.fitting.solve import Options, fit, fit_curve

ALL = Options(response_level=1.0)
LAWS = {
    "competitive": (competitive_inhibition, {"Ki": "log_kic"}),
    "noncompetitive": (noncompetitive_inhibition, {"Ki": "log_ki"}),
    "uncompetitive": (uncompetitive_inhibition, {"Ki": "log_kiu"}),
    "mixed": (mixed_inhibition, {"Ki": "log_kic", "Kiu": "log_kiu"}),
}


def rows(shared, name):
    text = (shared / "data" / "mm_kinetics" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.fixture(scope="module")
def expected(shared):
    return json.loads((shared / "data" / "mm_kinetics" / "expected.json").read_text(encoding="utf-8"))


def puromycin(shared, state):
    own = [one for one in rows(shared, "Puromycin.csv") if one["state"] == state]
    return Curve(
        np.array([float(one["conc"]) for one in own]),
        np.array([float(one["rate"]) for one in own]),
        label=state,
    )


def agrees_with_nls(found, reference):
    """Values, standard errors and profile limits as R gives them; its Km is not fitted on the log scale.

    nls stops at a small offset from the minimum (our sum of squares is never above its own), and confint reads the
    limits off a spline through a coarse profile: they agree to 0.002 standard errors.
    """
    vmax, km = reference["coefficients"]
    assert found.value("vmax") == pytest.approx(vmax["estimate"], abs=1e-4 * vmax["se"])
    assert 10.0 ** found.value("log_km") == pytest.approx(km["estimate"], abs=1e-4 * km["se"])
    assert found.sum_of_squares <= reference["rss"] * (1.0 + 1e-12)
    assert found.standard_error("vmax") == pytest.approx(vmax["se"], rel=2e-5)
    half = quantile(0.95, found.df) * km["se"]
    delta = delta_interval(found, "log_km")
    assert (delta.high - delta.low) / 2.0 == pytest.approx(half, rel=2e-5)
    assert found.sum_of_squares == pytest.approx(reference["rss"], rel=1e-9)
    assert found.df == reference["residual_df"]
    for name, one, back in (("vmax", vmax, float), ("log_km", km, lambda log: 10.0**log)):
        interval = found.intervals[name]
        assert back(interval.low) == pytest.approx(one["profile_ci95_lower"], abs=2e-3 * one["se"])
        assert back(interval.high) == pytest.approx(one["profile_ci95_upper"], abs=2e-3 * one["se"])


@pytest.mark.parametrize("state", ["treated", "untreated"])
def test_puromycin_as_published_and_as_nls_fits_it(shared, expected, state):
    found = fit_curve(michaelis_menten, puromycin(shared, state), options=ALL)
    published = expected["published"][f"Puromycin_{state}"]
    assert found.value("vmax") == pytest.approx(published["Vmax"], abs=0.05)
    assert 10.0 ** found.value("log_km") == pytest.approx(published["Km"], abs=5e-5)
    agrees_with_nls(found, expected["Puromycin"][state])


def test_puromycin_raises_vmax_and_may_leave_km_as_it_is(shared, expected):
    curves = [puromycin(shared, state) for state in ("treated", "untreated")]
    one_km = fit(Problem(michaelis_menten, curves, {"log_km": Shared()}), options=ALL)
    two = fit(Problem(michaelis_menten, curves), options=ALL)
    rss = sum(expected["Puromycin"][state]["rss"] for state in ("treated", "untreated"))
    assert two.sum_of_squares == pytest.approx(rss, rel=1e-9)
    compared = compare_nested(one_km, two)
    # the analysis of variance of both fits in the examples of R for these data: F(1, 19) = 1.718, P = 0.206
    assert compared.f == pytest.approx(1.718, abs=5e-4)
    assert compared.p == pytest.approx(0.206, abs=5e-4)
    assert compared.fit is one_km
    ratio = two.value("vmax[treated]") / two.value("vmax[untreated]")
    assert ratio == pytest.approx(212.7 / 160.3, abs=5e-4)


def test_nitrogen_uptake_of_lemna_minor(shared, expected):
    own = rows(shared, "L_minor_uptake.csv")
    curve = Curve(
        np.array([float(one["conc"]) for one in own]), np.array([float(one["rate"]) for one in own])
    )
    agrees_with_nls(fit_curve(michaelis_menten, curve, options=ALL), expected["L_minor_uptake"])


def test_velocities_by_mechanism_s19(science_cases):
    case = science_cases["S19"]
    given = case["inputs"]
    at = np.array([[given["substrate_nM"] * 1e-9], [given["inhibitor_nM"] * 1e-9]])
    log = {name: math.log10(given[f"{name}_nM"] * 1e-9) for name in ("Km", "Kic", "Kiu")}
    constants = {
        "competitive": [log["Kic"]],
        "uncompetitive": [log["Kiu"]],
        "noncompetitive": [log["Kic"]],
        "mixed": [log["Kic"], log["Kiu"]],
    }
    for name, own in constants.items():
        law = LAWS[name][0]
        velocity = law.function(at, np.array([given["Vmax_pmol_per_mg_min"], log["Km"], *own]))[0]
        assert velocity == pytest.approx(case["expected"][f"v_{name}"], rel=case["rtol"]), name


@pytest.fixture(scope="module")
def grid(science_cases):
    """The grid of S20 fitted by the four mechanisms."""
    given = science_cases["S20"]["inputs"]
    substrate, inhibitor = np.meshgrid(given["substrate_nM"], given["inhibitor_nM"])
    x = np.stack([substrate.ravel(), inhibitor.ravel()]) * 1e-9
    curve = Curve(x, np.array(given["velocity_rows_by_inhibitor"], dtype=float).ravel())
    return {name: fit_curve(law, curve, options=ALL) for name, (law, _) in LAWS.items()}


@pytest.mark.parametrize("name", list(LAWS))
def test_the_four_mechanisms_of_s20(grid, science_cases, name):
    case = science_cases["S20"]
    expected, rtol, found = case["expected"], case["rtol"], grid[name]
    assert found.value("vmax") == pytest.approx(expected[f"{name}_Vmax"], rel=rtol)
    assert 1e9 * 10.0 ** found.value("log_km") == pytest.approx(expected[f"{name}_Km_nM"], rel=rtol)
    for called, parameter in LAWS[name][1].items():
        assert 1e9 * 10.0 ** found.value(parameter) == pytest.approx(
            expected[f"{name}_{called}_nM"], rel=rtol
        )
    assert found.sum_of_squares == pytest.approx(expected[f"{name}_SS"], rel=rtol)
    assert aicc(found) == pytest.approx(expected[f"{name}_AICc"], rel=rtol)


def test_the_grid_of_s20_asks_for_mixed_inhibition(grid, science_cases):
    chosen = choose(list(grid.values()))
    assert chosen.preferred is grid[science_cases["S20"]["expected"]["preferred"]]
    assert {one.simple for one in chosen.comparisons} == {
        grid[name].equation.title for name in ("competitive", "noncompetitive", "uncompetitive")
    }


def test_hexokinase_over_two_substrates_has_one_km_for_each_glucose(shared):
    """No reference answer exists; held here: at every glucose a hyperbola in MgATP, and the family beats one curve."""
    own = rows(shared, "hexokinase_two_substrate.csv")
    a, b, v = (np.array([float(one[name]) for one in own]) for name in ("a", "b", "rate"))
    curves = [Curve(a[b == level], v[b == level], label=f"{level}") for level in np.unique(b)]
    each = fit(Problem(michaelis_menten, curves), options=ALL)
    whole = fit_curve(michaelis_menten, Curve(a, v), options=ALL)
    vmax = [each.value(f"vmax[{curve.label}]") for curve in curves]
    assert vmax == sorted(vmax)
    assert each.sum_of_squares < 0.05 * whole.sum_of_squares
    scatter = float(np.sum((v - v.mean()) ** 2))
    assert 1.0 - each.sum_of_squares / scatter > 0.99
