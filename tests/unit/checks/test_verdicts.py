import math

import pytest

from prusoff.checks import catalog
from prusoff.checks._verdict import fold, molar, percent, verdict
from prusoff.core.check import Severity


def test_the_first_case_that_holds_decides():
    cases = ((False, Severity.FAIL, "a"), (True, Severity.WARN, "b"), (True, Severity.NOTE, "c"))
    assert verdict(1.0, "fine", *cases).sentence == "b"
    assert verdict(1.0, "fine", *cases[:1]).severity is Severity.PASS


def test_an_infinite_number_is_not_handed_on():
    assert verdict(math.inf, "fine").number is None


def test_numbers_in_words():
    assert (percent(0.0793), molar(1.2e-9), fold(1.24999)) == ("7.93 %", "1.2 nM", "1.25")


@pytest.mark.parametrize(
    ("code", "facts", "severity"),
    [
        ("W-DEP", {"bound_fraction": 0.10}, Severity.PASS),
        ("W-DEP", {"bound_fraction": 0.1001}, Severity.WARN),
        ("W-LKD", {"ligand_molar": 1e-9, "kd_molar": 1e-9}, Severity.PASS),
        ("W-LKD", {"ligand_molar": 3e-9, "kd_molar": 1e-9}, Severity.NOTE),
        ("W-LKD", {"ligand_molar": 3.01e-9, "kd_molar": 1e-9}, Severity.WARN),
        ("W-SPEC", {"specific_fraction": 0.8}, Severity.PASS),
        ("W-SPEC", {"specific_fraction": 0.5}, Severity.NOTE),
        ("W-HILL", {"hill_slope": 0.9, "hill_low": 0.8, "hill_high": 1.0}, Severity.PASS),
        ("W-SPAN", {"least_inhibition": 0.5, "most_inhibition": 0.9}, Severity.PASS),
        ("W-Z", {"z_prime": 0.4}, Severity.WARN),
        ("W-SW", {"signal_window": 2.0}, Severity.WARN),
        ("W-CV", {"cv_total": 0.2, "cv_nsb": 0.1}, Severity.PASS),
        ("W-SAT-TOP", {"highest_molar": 3e-9, "kd_molar": 1e-9}, Severity.PASS),
        ("W-LADD", {"planned_molar": 1e-9, "measured_molar": 0.81e-9}, Severity.PASS),
        ("W-LADD", {"planned_molar": 1e-9, "measured_molar": 2.99e-9}, Severity.WARN),
        ("W-LADD", {"planned_molar": 1e-9, "measured_molar": 3.01e-9}, Severity.FAIL),
        ("W-LKD", {"ligand_molar": 0.51e-10, "kd_molar": 1e-9}, Severity.PASS),
        ("W-LKD", {"ligand_molar": 0.49e-10, "kd_molar": 1e-9}, Severity.NOTE),
        ("W-KD-SE", {"kd_molar": 1e-9, "kd_relative_se": 0.5}, Severity.PASS),
        ("W-KD-SE", {"kd_molar": 1e-9, "kd_relative_se": 0.51}, Severity.WARN),
        ("W-KD-SE", {"kd_molar": 1e-9, "kd_relative_se": 1.01}, Severity.FAIL),
        ("W-EFF", {"efficiency": 0.05}, Severity.PASS),
        ("W-EFF", {"efficiency": 0.01}, Severity.WARN),
        ("W-OVER", {"most_inhibition": 1.14, "most_inhibition_se": 0.02}, Severity.PASS),
    ],
)
def test_the_limit_itself(code, facts, severity):
    assert catalog[code].apply(facts).severity is severity


def test_equilibrium_asks_for_koff_and_says_how_long():
    check = catalog["W-EQ"]
    asked = check.apply({"incubation_s": 3600.0})
    assert "radioligand.koff" in asked.sentence
    koff = math.log(2) / 600  # a half-life of ten minutes
    flag = check.apply({"incubation_s": 1800.0, "koff_per_s": koff})
    assert flag.number == pytest.approx(3.0)
    assert "50 min" in flag.sentence
    assert check.apply({"incubation_s": 3000.001, "koff_per_s": koff}).severity is Severity.PASS


def test_a_thousandfold_slip_is_sent_to_the_units():
    tight = catalog["W-TIGHT"].apply({"receptor_molar": 6e-8, "ki_molar": 4e-10}).sentence
    assert tight.startswith("Check the units of the protein")
    little = catalog["W-LKD"].apply({"ligand_molar": 9.2e-10, "kd_molar": 8e-7}).sentence
    assert "little label is bound. Check the unit of Kd" in little
    much = catalog["W-LADD"].apply({"planned_molar": 1e-9, "measured_molar": 9.55e-7})
    assert "(955 times as much), beyond three-fold" in much.sentence
    assert (round(much.number), much.limit) == (95400, 20.0)


def test_dispersion_shows_its_probability_against_its_limit():
    facts = {"dispersion_ratio": 2.93, "dispersion_p": 0.05, "replicate_groups": 2, "replicate_wells": 6}
    passed = catalog["W-DISP"].apply(facts)
    assert (passed.severity, passed.number, passed.limit) == (Severity.PASS, 0.05, 0.01)
    assert "(ratio of variances 2.93, 6 wells in 2 sets of replicates)" in passed.sentence


def test_kd_conditions_compare_only_what_is_stated():
    check = catalog["W-KD"]
    assert check.apply({"kd_species": "Rat", "assay_species": "rat"}).severity is Severity.PASS
    both = {
        "kd_species": "rat",
        "assay_species": "human",
        "kd_temperature_c": 4.0,
        "assay_temperature_c": 25.0,
    }
    flag = check.apply(both)
    assert flag.number == 2
    assert "rat against human" in flag.sentence
    assert "4 °C against 25 °C" in flag.sentence
    nan = float("nan")
    assert check.apply({**both, "kd_temperature_c": nan, "kd_species": ""}).severity is Severity.NOT_ASSESSED


def test_a_bottom_below_the_controls_is_told_from_one_above():
    facts = {"nsb_low": 100, "nsb_high": 120}
    above = catalog["W-NSB"].apply({**facts, "bottom_low": 130, "bottom_high": 150})
    below = catalog["W-NSB"].apply({**facts, "bottom_low": 10, "bottom_high": 90})
    assert "above" in above.sentence
    assert "below" in below.sentence
