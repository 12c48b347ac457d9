"""Worked numbers of uptake: IC50 by mechanism and back from it to the constant, and the linear phase."""

import math

import numpy as np
import pytest

from prusoff.affinity.inhibition import ic50_mixed, ki_by_mechanism
from prusoff.assays._uptake_time_course.course import linear_phase, usable_time
from prusoff.core.curves import Curve
from prusoff.core.estimate import Estimate
from prusoff.core.measured import Measured
from prusoff.fitting.weights import GivenWeights


def test_ic50_by_mechanism_s19(science_cases):
    case = science_cases["S19"]
    given, expected = case["inputs"], case["expected"]
    kic, kiu = given["Kic_nM"], given["Kiu_nM"]
    at = given["substrate_nM"], given["Km_nM"]
    found = {
        "IC50_competitive": ic50_mixed(kic, math.inf, *at),
        "IC50_uncompetitive": ic50_mixed(math.inf, kiu, *at),
        "IC50_noncompetitive": ic50_mixed(kic, kic, *at),
        "IC50_mixed": ic50_mixed(kic, kiu, *at),
    }
    for name, value in found.items():
        assert value == pytest.approx(expected[name], rel=case["rtol"]), name


@pytest.mark.parametrize(
    ("mechanism", "constant"),
    [("competitive", "Kic_nM"), ("uncompetitive", "Kiu_nM"), ("noncompetitive", "Kic_nM")],
)
def test_the_constant_comes_back_from_the_ic50_of_s19(science_cases, mechanism, constant):
    case = science_cases["S19"]
    given, expected = case["inputs"], case["expected"]
    ic50 = Estimate("IC50", expected[f"IC50_{mechanism}"] * 1e-9, "M")
    substrate, km = (Measured(given[name] * 1e-9) for name in ("substrate_nM", "Km_nM"))
    found = ki_by_mechanism(ic50, substrate, km, mechanism).ki
    assert found.value == pytest.approx(given[constant] * 1e-9, rel=case["rtol"])


def test_linear_phase_s39(science_cases):
    case = science_cases["S39"]
    given, expected, rtol = case["inputs"], case["expected"], case["rtol"]
    sd = np.array(given["sd"])
    curve = Curve(60.0 * np.array(given["t_min"]), np.array(given["uptake"]), label="uptake")
    weights = GivenWeights((1.0 / sd**2,), "1/SD^2")
    found = linear_phase((curve,), {"leak": 0.0, "background": 0.0}, weights)
    assert 60.0 * found.line.value("v0") == pytest.approx(expected["line_slope"], rel=rtol)
    assert found.line.sum_of_squares == pytest.approx(expected["chi2_line"], rel=rtol)
    assert 60.0 * found.levelling.value("v0") == pytest.approx(expected["initial_rate"], rel=rtol)
    assert 60.0 * 10.0 ** found.rate[0] == pytest.approx(expected["k_per_min"], rel=rtol)
    assert found.levelling.sum_of_squares == pytest.approx(expected["chi2_exponential"], rel=rtol)
    assert found.comparison.f == pytest.approx(expected["F"], rel=rtol)
    assert found.comparison.p == pytest.approx(expected["p_value"], rel=rtol)
    limit = usable_time(10.0 ** found.rate[0]) / 60.0
    assert limit == pytest.approx(expected["linear_time_10_percent_min"], rel=rtol)
    assert not found.is_linear
