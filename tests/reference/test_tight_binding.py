"""The exact law of competition: the published worked numbers, and the simpler laws that it holds as limits."""

import math

import numpy as np
import pytest

from prusoff.affinity.conversion import munson_rodbard, nikolovska_coleska
from prusoff.core.mass_balance import free_sites
from prusoff.equations import catalog

TIGHT = catalog["tight_binding_competition"]


def parameters(bmax, kd, ns, ki, added):
    return np.array([bmax, math.log10(kd), ns, math.log10(ki), math.log10(added)])


def test_s08_the_exact_equilibrium_with_nonspecific_uptake(science_cases):
    case = science_cases["S08"]
    given, expected = case["inputs"], case["expected"]
    sites, label, kd, ns = (
        given[name] for name in ("receptor_total_nM", "radioligand_total_nM", "Kd_nM", "NS")
    )
    competitor, ki = given["inhibitor_total_nM"], given["Ki_nM"]
    free = float(free_sites(sites, (label, competitor), ((1 + ns) * kd, ki)))
    assert free == pytest.approx(expected["free_receptor_nM"], rel=1e-10)
    p = parameters(sites * 1e-9, kd * 1e-9, ns, ki * 1e-9, label * 1e-9)
    bound = float(TIGHT.function(np.array([math.log10(competitor * 1e-9)]), p)[0])
    assert bound == pytest.approx(expected["total_bound_nM"] * 1e-9, rel=1e-10)
    nonspecific = float(TIGHT.function(np.array([math.inf]), p)[0])
    assert nonspecific == pytest.approx(ns * label * 1e-9 / (1 + ns), rel=1e-12)


def test_s07_the_midpoint_of_the_law_is_the_ic50_from_which_both_formulas_give_ki(science_cases):
    case = science_cases["S07"]
    given, expected = case["inputs"], case["expected"]
    sites, label, kd, ki = (
        given[name] for name in ("receptor_total_nM", "radioligand_total_nM", "Kd_nM", "true_Ki_nM")
    )
    p = parameters(sites * 1e-9, kd * 1e-9, 0.0, ki * 1e-9, label * 1e-9)
    ic50 = expected["IC50_total_nM"]
    whole, half = TIGHT.function(np.array([-math.inf, math.log10(ic50 * 1e-9)]), p)
    assert whole == pytest.approx(expected["B0_nM"] * 1e-9, rel=1e-10)
    assert half == pytest.approx(whole / 2, rel=1e-10)
    y0 = expected["y0_bound_over_free"]
    one, other = (formula(ic50, label, kd, y0) for formula in (munson_rodbard, nikolovska_coleska))
    assert one == pytest.approx(ki, rel=case["rtol"])
    assert other == pytest.approx(one, rel=1e-9)


@pytest.mark.parametrize("ns", [0.0, 0.012, 0.3])
@pytest.mark.parametrize("sites", [1e-12, 0.4e-9, 30e-9])
def test_without_competitor_the_cubic_is_the_quadratic(sites, ns):
    alone = catalog["one_site_depletion"]
    quadratic = alone.function(np.array([1e-9]), np.array([sites, math.log10(0.8e-9), ns]))
    cubic = TIGHT.function(np.array([-math.inf]), parameters(sites, 0.8e-9, ns, 5e-9, 1e-9))
    assert cubic == pytest.approx(quadratic, rel=1e-12)


def test_where_the_sites_are_few_against_ki_it_is_the_law_of_swillens():
    x, swillens = np.linspace(-9, -5, 9), catalog["swillens_competition"]
    p = parameters(0.6e-9, 0.8e-9, 0.03, 1e-3, 1.2e-9)
    np.testing.assert_allclose(TIGHT.function(x + 4, p), swillens.function(x + 4, p), rtol=2e-6)


def test_where_label_and_sites_are_few_it_is_the_law_of_cheng_and_prusoff():
    """1e-15 M sites: the midpoint is Ki (1 + [L]/Kd)."""
    p = parameters(1e-15, 0.8e-9, 0.0, 5e-9, 1e-9)
    ends = TIGHT.function(np.array([-math.inf, math.log10(5e-9 * 2.25)]), p)
    assert ends[1] == pytest.approx(ends[0] / 2, rel=1e-5)


def test_a_thousandfold_excess_of_competitor_keeps_every_digit():
    """What is left on the sites falls with 1/[I]; the usual cosine form of the cubic gives nothing but noise here."""
    p = parameters(1e-12, 1e-9, 0.0, 1e-12, 1e-9)
    far, further = TIGHT.function(np.array([-2.0, -1.0]), p)
    assert far / further == pytest.approx(10.0, rel=1e-9)


def test_morrison_and_titration_are_one_law_read_from_two_sides():
    x = np.array([-10.0, -9.0, -8.5])
    free = catalog["morrison"].function(x, np.array([0.0, 1.0, -9.0, -8.7]))
    bound = catalog["quadratic_titration"].function(10.0**x, np.array([0.0, 1.0, -9.0, -8.7, 0.0]))
    np.testing.assert_allclose(free + bound, 1.0, rtol=1e-14)
    sites = 10.0**-8.7
    label = free_sites(sites, (10.0**x, 0.0), (1e-9, 1.0)) / sites
    np.testing.assert_allclose(free, label, rtol=1e-12)
