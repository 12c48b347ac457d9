"""Homologous competition: the worked numbers S10 come back from a fit, and the simple law is the limit of the exact."""

import math

import numpy as np
import pytest

from prusoff.affinity.conversion import homologous_bmax, homologous_kd
from prusoff.core.curves import Curve
from prusoff.equations import catalog
from prusoff.fitting.solve import Options, fit_curve


def test_s10_kd_and_bmax_are_recovered_from_the_curve(science_cases):
    case = science_cases["S10"]
    given, expected = case["inputs"], case["expected"]
    with np.errstate(divide="ignore"):
        x = np.log10(np.array(given["cold_nM"]) * 1e-9)
    hot = given["hot_nM"] * 1e-9
    law, held = catalog["homologous_competition"], {"log_ligand": math.log10(hot)}
    found = fit_curve(law, Curve(x, np.array(expected["bound"])), sharing=held, options=Options(intervals=""))
    assert 1e9 * 10 ** found.value("log_kd") == pytest.approx(expected["Kd_from_curve_nM"], rel=case["rtol"])
    assert found.value("bmax") == pytest.approx(expected["Bmax_from_curve"], rel=case["rtol"])
    ic50 = expected["IC50_nM"]
    assert homologous_kd(ic50, given["hot_nM"]) == pytest.approx(given["Kd_nM"], rel=case["rtol"])
    span = expected["bound"][0] - given["NSB"]
    assert homologous_bmax(span, ic50, given["hot_nM"]) == pytest.approx(given["Bmax"], rel=case["rtol"])


def test_with_few_sites_the_exact_law_is_the_simple_one():
    x = np.array([-np.inf, -10.0, -9.0, -8.0, np.inf])
    exact = catalog["homologous_depletion"].function(x, np.array([1e-15, -9.1, 0.0, -9.15]))
    simple = catalog["homologous_competition"].function(x, np.array([1e-15, -9.1, 0.0, -9.15]))
    np.testing.assert_allclose(exact, simple, rtol=2e-6, atol=1e-30)


def test_hot_and_cold_together_are_one_ligand_that_is_used_up():
    """Model 6: the bound label is the hot part of what one ligand of the total concentration binds."""
    hot, cold = 0.7e-9, np.array([0.0, 1e-9, 2e-8])
    p = np.array([0.6e-9, math.log10(0.8e-9), 0.03])
    alone = catalog["one_site_depletion"].function(hot + cold, p)
    with np.errstate(divide="ignore"):
        x = np.log10(cold)
    together = catalog["homologous_depletion"].function(x, np.append(p, math.log10(hot)))
    np.testing.assert_allclose(together, alone * hot / (hot + cold), rtol=1e-12)
