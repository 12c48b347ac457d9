"""The worked numbers of the science specification on competition kinetics, and other ways to the same laws."""

import math

import numpy as np
import pytest
from scipy.linalg import expm

from prusoff.assays._early_ic50 import early_over_late
from prusoff.equations import catalog
from prusoff.simulation.competition_kinetics import Mixture, label_over_time
from prusoff.simulation.equilibrium import slow_rate

MOTULSKY_MAHAN, BY_KI = catalog["motulsky_mahan"], catalog["order_of_addition_ki"]


@pytest.fixture
def s16(science_cases):
    """Inputs in inside units, expected values and tolerance of case S16."""
    case = science_cases["S16"]
    given = case["inputs"]
    rates = {
        "log_kon": math.log10(given["k1_per_nM_min"] * 1e9 / 60),
        "log_koff": math.log10(given["k2_per_min"] / 60),
        "log_kon_competitor": math.log10(given["k3_per_nM_min"] * 1e9 / 60),
        "log_koff_competitor": math.log10(given["k4_per_min"] / 60),
    }
    parameters = {"bmax": given["Bmax"], "ns": 0.0, "log_ligand": math.log10(given["L_nM"] * 1e-9)} | rates
    p = np.array([parameters[name] for name in MOTULSKY_MAHAN.names])
    return given, p, case["expected"], case["rtol"]


def at(times, molar):
    times = np.asarray(times, dtype=float)
    return np.stack([times, np.full(times.size, math.log10(molar))])


def test_s16_label_bound_over_time(s16):
    given, p, expected, rtol = s16
    times = 60 * np.array(given["t_min"], dtype=float)
    bound = MOTULSKY_MAHAN.function(at(times, given["I_nM"] * 1e-9), p)
    np.testing.assert_allclose(bound, expected["bound"], rtol=rtol)
    end = MOTULSKY_MAHAN.function(at([1e9], given["I_nM"] * 1e-9), p)
    np.testing.assert_allclose(end, expected["equilibrium_bound"], rtol=rtol)


def test_s16_rates_ki_residence_time_and_overshoot(s16):
    given, p, expected, rtol = s16
    k1, k2, k3, k4 = 10.0 ** p[3:]
    ligand, competitor = given["L_nM"] * 1e-9, given["I_nM"] * 1e-9
    slow = slow_rate((k1, k3), (k2, k4), (ligand, competitor))
    fast = k1 * ligand + k2 + k3 * competitor + k4 - slow
    assert 60 * slow == pytest.approx(expected["kS_per_min"], rel=rtol)
    assert 60 * fast == pytest.approx(expected["kF_per_min"], rel=rtol)
    assert k4 / k3 == pytest.approx(expected["Ki_nM"] * 1e-9, rel=rtol)
    assert 1 / k4 / 60 == pytest.approx(expected["residence_time_min"], rel=rtol)
    bound = MOTULSKY_MAHAN.function(at(np.linspace(0, 3e4, 2001), competitor), p)
    assert (bound.max() > bound[-1] * 1.01) == expected["overshoot"] == (k4 < k2)


def test_s17_the_slow_mode_with_a_competitor(science_cases):
    case = science_cases["S17"]
    given, expected, rtol = case["inputs"], case["expected"], case["rtol"]
    slow = slow_rate(
        (given["kon_per_nM_min"], given["k3_per_nM_min"]),
        (given["koff_per_min"], given["k4_per_min"]),
        (given["L_nM"], given["I_nM"]),
    )
    assert slow == pytest.approx(expected["kS_with_competitor_per_min"], rel=rtol)
    needed = 5 * math.log(2) / slow
    assert needed == pytest.approx(expected["five_half_lives_slow_mode_min"], rel=rtol)
    assert (given["incubation_min"] >= needed) == expected["passes"]


@pytest.mark.parametrize("head_start", [0.0, 1800.0, -1800.0])
def test_after_a_long_time_it_is_the_equilibrium_of_cheng_and_prusoff(head_start):
    rng = np.random.default_rng(4)
    for _ in range(200):
        log_kd, log_ki, log_ligand, log_competitor = rng.uniform(-11, -6, 4)
        log_koff, log_k4 = rng.uniform(-5, -1, 2)
        p = np.array([1.0, 0.0, log_ligand, log_kd, log_koff, log_ki, log_k4])
        x = np.array([[1e12], [log_competitor], [head_start]])
        kd = 10**log_kd * (1 + 10 ** (log_competitor - log_ki))
        assert BY_KI.function(x, p)[0] == pytest.approx(10**log_ligand / (10**log_ligand + kd), rel=1e-9)


def exact(rates, time, start):
    """Label and competitor on the sites by the exponential of the matrix of the rate equations."""
    a, k2, b, k4 = rates
    matrix = np.array([[-(a + k2), -a, a], [-b, -(b + k4), b], [0.0, 0.0, 0.0]])
    return expm(matrix * time) @ np.array([*start, 1.0])


@pytest.mark.parametrize("head_start", [0.0, 900.0, -900.0])
def test_any_order_of_addition_is_the_matrix_exponential(head_start):
    rng = np.random.default_rng(7)
    for _ in range(100):
        kd, ki, ligand, molar = 10 ** rng.uniform(-10, -8, 4)
        koff, k4 = 10 ** rng.uniform(-4, -2, 2)
        a, b, time = koff * ligand / kd, k4 * molar / ki, float(rng.uniform(10, 7200))
        alone = (0.0, koff, b, k4) if head_start > 0 else (a, koff, 0.0, k4)
        start = exact(alone, abs(head_start), (0.0, 0.0))[:2]
        p = np.array([1.0, 0.0, *np.log10([ligand, kd, koff, ki, k4])])
        x = np.array([[time], [math.log10(molar)], [head_start]])
        expected = exact((a, koff, b, k4), time, start)[0]
        assert BY_KI.function(x, p)[0] == pytest.approx(expected, rel=1e-9, abs=1e-14)


def test_nearly_equal_rates_lose_no_digits():
    """With KA = KB and hardly any link the two rates agree; the law is the limit t exp(-K t) of them, and smooth."""
    k = 1e-3
    time = np.array([0.0, 1.0, 1e3, 1e4])
    values = []
    for off in (k * (1 - 1e-13), k, k * (1 + 1e-13)):
        p = np.array([1.0, 0.0, -9.0, math.log10(k * 1e-9 * 1e9), math.log10(k), -9.0, math.log10(off)])
        values.append(MOTULSKY_MAHAN.function(np.stack([time, np.full(4, -20.0)]), p))
    np.testing.assert_allclose(values[0], values[1], rtol=1e-11)
    np.testing.assert_allclose(values[2], values[1], rtol=1e-11)


@pytest.mark.parametrize("head_start", [0.0, 1800.0, -3600.0])
def test_wells_of_the_simulated_bench_follow_the_law_where_nothing_is_used_up(head_start):
    kd, koff, ki, k4, ligand = 0.8e-9, 5e-4, 0.5e-9, 1e-4, 1e-9
    time, sites = np.linspace(0, 1e4, 9), 1e-16
    for molar in (0.0, 1e-9, math.inf):
        wells = Mixture.of(
            9, on=koff / kd, off=koff, competitor_on=k4 / ki, competitor_off=k4, sites=sites, label=ligand,
            competitor=molar,
        )  # fmt: skip
        found = label_over_time(wells, time, np.full(9, head_start)) / sites
        p = np.array([1.0, 0.0, *np.log10([ligand, kd, koff, ki, k4])])
        log = -math.inf if molar == 0 else math.log10(molar)
        law = BY_KI.function(np.stack([time, np.full(9, log), np.full(9, head_start)]), p)
        np.testing.assert_allclose(found, law, atol=1e-6)


def test_an_ic50_read_early_is_that_of_a_curve_simulated_at_that_time():
    """S17's label and a competitor of koff 0.004 /min at 120 min, read off a fine curve of the rate equations."""
    koff, kd, ligand, k4, time = 0.016 / 60, 0.8e-9, 1e-9, 0.004 / 60, 7200.0
    found = float(early_over_late(koff, ligand / kd, np.array(k4), np.array(time)))
    ki = 1e-8
    logs = np.linspace(-10, -5, 2001)
    a = koff * ligand / kd
    bound = [exact((a, koff, k4 * 10**log / ki, k4), time, (0.0, 0.0))[0] for log in logs]
    half = exact((a, koff, 0.0, k4), time, (0.0, 0.0))[0] / 2
    ic50 = 10 ** float(np.interp(-half, -np.array(bound), logs))
    assert found == pytest.approx(ic50 / (ki * (1 + ligand / kd)), rel=1e-4)
    assert found == pytest.approx(2.05, abs=0.01)


def test_at_equilibrium_an_ic50_is_right_for_every_competitor():
    offs = np.geomspace(1e-6, 1e-1, 7)
    np.testing.assert_allclose(early_over_late(3e-4, 1.25, offs, np.array(1e9)), 1.0, rtol=1e-9)
