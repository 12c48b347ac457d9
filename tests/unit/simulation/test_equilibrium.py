import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from mpmath import mp, mpf

from prusoff.core.errors import InputError
from prusoff.simulation.equilibrium import (
    competitive_binding,
    ic50_under_depletion,
    receptor_for_depletion,
    slow_rate,
)

concentration = st.floats(-13, -3).map(lambda x: 10**x)
constant = st.floats(-12, -4).map(lambda x: 10**x)


def exact_free_receptor(rt, lt, kd, it, ki, ns):
    """Bisection in 60 digits."""
    with mp.workdps(60):
        rt, lt, kd, it, ki, ns = (mpf(value) for value in (rt, lt, kd, it, ki, ns))
        ka, low, high = (1 + ns) * kd, mpf(0), rt
        for _ in range(220):
            r = (low + high) / 2
            if r + r * lt / (ka + r) + r * it / (ki + r) > rt:
                high = r
            else:
                low = r
        return float(r)


@given(concentration, concentration, constant, concentration, constant, st.sampled_from([0.0, 0.02, 1.0]))
def test_free_receptor_to_ten_digits(rt, lt, kd, it, ki, ns):
    found = competitive_binding(rt, lt, kd, it, ki, ns)
    expected = exact_free_receptor(rt, lt, kd, it, ki, ns)
    # what double precision of the totals themselves allows where the sites are titrated to the last one
    condition = rt / (
        expected * (1 + lt * (1 + ns) * kd / ((1 + ns) * kd + expected) ** 2 + it * ki / (ki + expected) ** 2)
    )
    assume(condition < 1e4)
    assert found.free_receptor == pytest.approx(expected, rel=1e-10)


@given(concentration, concentration, constant, concentration, constant, st.sampled_from([0.0, 0.02, 1.0]))
def test_nothing_is_lost(rt, lt, kd, it, ki, ns):
    found = competitive_binding(rt, lt, kd, it, ki, ns)
    assert found.free_receptor + found.bound + found.inhibitor_bound == pytest.approx(rt, rel=1e-9)
    assert found.free_ligand + found.total_bound == pytest.approx(lt, rel=1e-9)
    assert found.free_inhibitor + found.inhibitor_bound == pytest.approx(it, rel=1e-9)


def test_far_more_competitor_than_sites_keeps_its_digits():
    found = competitive_binding(1e-12, 1e-9, 8e-10, 1e-2, 5e-9)
    expected = 1e-12 / (1 + 1e-9 / 8e-10 + 1e-2 / 5e-9)
    assert found.free_receptor == pytest.approx(expected, rel=1e-9)


def test_without_sites_or_ligand():
    empty = competitive_binding(0.0, 1e-9, 1e-9, 1e-6, 1e-9, 0.01)
    assert empty.bound == 0
    assert empty.nonspecific == pytest.approx(0.01 * empty.free_ligand)
    assert competitive_binding(1e-9, 0.0, 1e-9).bound == 0


def test_a_competitor_that_does_not_bind():
    plain = competitive_binding(1e-9, 1e-9, 1e-9)
    inert = competitive_binding(1e-9, 1e-9, 1e-9, 1e-5, math.inf)
    assert inert.bound == pytest.approx(plain.bound, rel=1e-15)  # two starts of one root: the last digit
    assert inert.free_inhibitor == 1e-5


@pytest.mark.parametrize("wrong", [(-1, 1, 1), (1, 1, 0), (1, math.nan, 1), (math.inf, 1, 1)])
def test_impossible_amounts_are_refused(wrong):
    with pytest.raises(InputError, match="E-EQUILIBRIUM"):
        competitive_binding(*wrong)


@given(concentration, concentration, constant, constant, st.sampled_from([0.0, 0.05]))
def test_the_midpoint_halves_specific_binding(rt, lt, kd, ki, ns):
    ic50 = ic50_under_depletion(rt, lt, kd, ki, ns)
    without, half = (
        competitive_binding(rt, lt, kd, nonspecific=ns),
        competitive_binding(rt, lt, kd, ic50, ki, ns),
    )
    assert half.bound == pytest.approx(without.bound / 2, rel=1e-6)


def test_few_sites_give_cheng_prusoff():
    assert ic50_under_depletion(1e-15, 1e-9, 8e-10, 5e-9) == pytest.approx(5e-9 * (1 + 1 / 0.8), rel=1e-5)


def test_receptor_for_depletion_depletes_by_that_much():
    sites = receptor_for_depletion(0.1, 1e-9, 8e-10)
    assert competitive_binding(sites, 1e-9, 8e-10).bound == pytest.approx(1e-10, rel=1e-9)


def test_slow_rate_is_the_smaller_eigenvalue():
    k1, k2, k3, k4, label, competitor = 1e6, 1e-3, 2e5, 7e-5, 1e-9, 4e-9
    system = np.array([[k1 * label + k2, k1 * label], [k3 * competitor, k3 * competitor + k4]])
    expected = min(np.linalg.eigvals(system).real)
    assert slow_rate((k1, k3), (k2, k4), (label, competitor)) == pytest.approx(expected, rel=1e-12)
    # with next to nothing bound, each ligand lets go at its own pace and the slower one rules
    assert slow_rate((k1, k3), (k2, k4), (1e-20, 1e-20)) == pytest.approx(k4, rel=1e-6)
