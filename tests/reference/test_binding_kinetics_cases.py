"""The worked numbers of the science specification on binding kinetics, and other ways to the same laws."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from prusoff.affinity.kinetics import (
    ENOUGH_HALF_LIVES,
    fraction_reached,
    half_time,
    kinetic_kd,
    observed_rate,
    time_to_reach,
)
from prusoff.core.curves import Curve
from prusoff.core.errors import InputError
from prusoff.core.measured import Measured
from prusoff.equations import catalog
from prusoff.fitting.solve import fit_curve
from prusoff.fitting.weights import Weighting


def test_s17_the_label_alone(science_cases):
    case = science_cases["S17"]
    given, expected, rtol = case["inputs"], case["expected"], case["rtol"]
    rate = observed_rate(given["kon_per_nM_min"], given["koff_per_min"], given["L_nM"])
    answer = {
        "kobs_per_min": rate,
        "t_half_min": half_time(rate),
        "t_target_min": time_to_reach(given["target_fraction"], rate),
        "five_half_lives_min": ENOUGH_HALF_LIVES * half_time(rate),
        "fraction_at_incubation": fraction_reached(rate, given["incubation_min"]),
        "t_half_dissociation_min": half_time(given["koff_per_min"]),
        "Kd_kinetic_nM": given["koff_per_min"] / given["kon_per_nM_min"],
    }
    for name, value in answer.items():
        assert value == pytest.approx(expected[name], rel=rtol), name


def test_s18_observed_rates_on_a_line(science_cases):
    case = science_cases["S18"]
    given, expected, rtol = case["inputs"], case["expected"], case["rtol"]
    per_second, per_molar_second = 1 / 60, 1e9 / 60
    curve = Curve(
        np.array(given["L_nM"]) * 1e-9,
        np.array(given["kobs_per_min"]) * per_second,
        np.array(given["se"]) * per_second,
    )
    line = fit_curve(catalog["observed_rate_line"], curve, weighting=Weighting.KNOWN_SD)
    kon, koff = (Measured(line.value(name), line.standard_error(name)) for name in ("kon", "koff"))
    covariance = float(line.covariance[line.index("kon"), line.index("koff")])
    kd = kinetic_kd(kon, koff, covariance)
    answer = {
        "kon_per_nM_min": kon.value / per_molar_second,
        "se_kon": kon.se / per_molar_second,
        "koff_per_min": koff.value / per_second,
        "se_koff": koff.se / per_second,
        "cov": covariance / per_molar_second / per_second,
        "Kd_nM": kd.value * 1e9,
        "se_Kd_nM": kd.se * 1e9,
        "chi2": line.sum_of_squares,
    }
    for name, value in answer.items():
        assert value == pytest.approx(expected[name], rel=rtol), name


def test_a_fraction_that_is_never_reached_is_refused():
    for fraction in (0.0, 1.0, 97.0):
        with pytest.raises(InputError, match="between 0 and 1"):
            time_to_reach(fraction, 0.01)


def integrated(added, p, before, after):
    """What is bound when the bimolecular reaction is integrated; then an excess of unlabelled ligand."""
    bmax, log_kon, log_koff, ns, drift = p
    kon, koff = 10**log_kon, 10**log_koff

    def slope(_, bound):
        return kon * (bmax - bound) * (added - bound) / (1 + ns) - koff * bound

    found = solve_ivp(slope, (0, before), [0.0], rtol=1e-11, atol=1e-22, method="LSODA").y[0, -1]
    specific = found * math.exp(-koff * after)
    return specific + (ns + drift * (before + after)) * (added - specific) / (1 + ns)


@pytest.mark.parametrize("added", [0.2e-9, 1e-9, 1.0001e-9, 20e-9])
def test_the_closed_form_of_the_used_up_label_is_the_integrated_reaction(added):
    law, p = catalog["bimolecular_association"], np.array([1e-9, 5.5, -3.6, 0.02, 1e-7])
    for before, after in ((10.0, 0.0), (900.0, 0.0), (1e5, 0.0), (3000.0, 1200.0)):
        found = float(law.function(np.array([[before], [after], [added]]), p)[0])
        assert found == pytest.approx(integrated(added, p, before, after), rel=1e-8)


def test_with_few_sites_the_used_up_label_is_the_pseudo_first_order_law():
    x = np.array([[60.0, 600.0, 6000.0, 6000.0], [0.0, 0.0, 0.0, 900.0], [1e-9, 2e-9, 1e-9, 3e-9]])
    used_up = catalog["bimolecular_association"].function(x, np.array([1e-16, 5.5, -3.6, 0.0, 0.0]))
    plain = catalog["association_dissociation"].function(
        x, np.array([1e-16, 5.5, -3.6, 0.0, 0.0, 1.0, 0.0, 0.0])
    )
    np.testing.assert_allclose(used_up, plain, rtol=1e-6)


def test_after_a_long_time_the_used_up_label_is_at_its_equilibrium():
    added, ns, kd = np.array([0.3e-9, 1e-9, 5e-9]), 0.03, 10**-3.6 / 10**5.5
    late = catalog["bimolecular_association"].function(
        np.array([np.full(3, 1e9), np.zeros(3), added]), np.array([0.6e-9, 5.5, -3.6, ns, 0.0])
    )
    settled = catalog["one_site_depletion"].function(added, np.array([0.6e-9, math.log10(kd), ns]))
    np.testing.assert_allclose(late, settled, rtol=1e-9)


def test_without_a_chase_both_global_laws_agree():
    time, ligand = np.array([60.0, 600.0, 6000.0]), np.array([1e-9, 2e-9, 3e-9])
    plain = catalog["global_association"].function(
        np.array([time, ligand]), np.array([900.0, 5.5, -3.6, 1e10, 1e6])
    )
    phases = catalog["association_dissociation"].function(
        np.array([time, np.zeros(3), ligand]), np.array([900.0, 5.5, -3.6, 0.0, 0.0, 1.0, 1e10, 1e6])
    )
    np.testing.assert_allclose(plain, phases, rtol=1e-13)
