"""Published and worked numbers of uptake: IC50 by mechanism, and back from it to the constant."""

import math

import pytest

from prusoff.affinity.inhibition import ic50_mixed, ki_by_mechanism
from prusoff.core.estimate import Estimate
from prusoff.core.measured import Measured


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
