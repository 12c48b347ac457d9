"""Worked numbers S04 to S08, S33, S36, and the identities that tie the conversions together."""

import math

import numpy as np
import pytest

from prusoff.affinity import conversion
from prusoff.affinity.pooling import censored_mean
from prusoff.affinity.propagation import propagate
from prusoff.core.measured import Measured
from prusoff.simulation.equilibrium import (
    competitive_binding,
    ic50_under_depletion,
    receptor_for_depletion,
    slow_rate,
)


def agrees(case, **found):
    for name, value in found.items():
        assert value == pytest.approx(case["expected"][name], rel=case["rtol"]), name


def test_s04(science_cases):
    case = science_cases["S04"]
    given = case["inputs"]
    density, volume = given["Bmax_pmol_per_mg"] * 1e-9, given["volume_uL"] * 1e-6
    receptor = density * given["protein_ug_per_well"] * 1e-6 / volume
    ligand, kd = given["radioligand_nM"] * 1e-9, given["Kd_nM"] * 1e-9
    bound = competitive_binding(receptor, ligand, kd).bound
    most = receptor_for_depletion(0.1, ligand, kd)
    agrees(
        case,
        receptor_nM=receptor * 1e9,
        bound_nM=bound * 1e9,
        depletion_percent=100 * bound / ligand,
        max_protein_ug_for_10_percent=most * volume / density * 1e6,
    )


def test_s05(science_cases):
    case = science_cases["S05"]
    given = case["inputs"]
    ic50, ligand, kd = given["IC50_nM"], given["radioligand_nM"], given["Kd_nM"]
    ki = conversion.cheng_prusoff(ic50, ligand, kd)
    implied = conversion.implied_kd(ic50, given["reported_Ki_nM"], ligand)
    agrees(
        case,
        Ki_nM=ki,
        pKi=-math.log10(ki * 1e-9),
        pIC50=-math.log10(ic50 * 1e-9),
        implied_L_over_Kd=ligand / implied,
        implied_Kd_nM=implied,
    )


def test_s06(science_cases):
    case = science_cases["S06"]
    given = case["inputs"]
    ic50, ligand, kd = given["IC50_nM"], given["radioligand_nM"], given["Kd_nM"]
    agonist, ec50 = given["agonist_nM"], given["EC50_nM"]
    agrees(
        case,
        Ki_plain_nM=conversion.cheng_prusoff(ic50, ligand, kd),
        Ki_inhibitor_hill_nM=conversion.inhibitor_hill(ic50, ligand, kd, given["nH_inhibitor"]),
        KB_leff_dougall_nM=conversion.leff_dougall(ic50, agonist, ec50, given["nH_agonist"]),
        KB_plain_gaddum_nM=conversion.cheng_prusoff(ic50, agonist, ec50),
    )


def test_s07(science_cases):
    case = science_cases["S07"]
    given = case["inputs"]
    receptor, ligand = given["receptor_total_nM"], given["radioligand_total_nM"]
    kd, ki = given["Kd_nM"], given["true_Ki_nM"]
    start = competitive_binding(receptor, ligand, kd)
    ic50 = ic50_under_depletion(receptor, ligand, kd, ki)
    y0 = start.bound_over_free
    plain = conversion.cheng_prusoff(ic50, ligand, kd)
    agrees(
        case,
        B0_nM=start.bound,
        y0_bound_over_free=y0,
        free_receptor_at_zero_nM=start.free_receptor,
        IC50_total_nM=ic50,
        Ki_cheng_prusoff_total_L_nM=plain,
        Ki_cheng_prusoff_free_L_nM=conversion.cheng_prusoff(ic50, start.free_ligand, kd),
        Ki_munson_rodbard_nM=conversion.munson_rodbard(ic50, ligand, kd, y0),
        Ki_nikolovska_coleska_nM=conversion.nikolovska_coleska(ic50, ligand, kd, y0),
        cheng_prusoff_fold_error=plain / ki,
    )


def test_s08(science_cases):
    case = science_cases["S08"]
    given = case["inputs"]
    found = competitive_binding(
        given["receptor_total_nM"],
        given["radioligand_total_nM"],
        given["Kd_nM"],
        inhibitor_total=given["inhibitor_total_nM"],
        ki=given["Ki_nM"],
        nonspecific=given["NS"],
    )
    expected = {
        "free_receptor_nM": found.free_receptor,
        "RL_nM": found.bound,
        "RI_nM": found.inhibitor_bound,
        "free_label_nM": found.free_ligand,
        "NSB_nM": found.nonspecific,
        "total_bound_nM": found.total_bound,
        "free_inhibitor_nM": found.free_inhibitor,
    }
    agrees(case, **expected)


def test_s17_slow_mode(science_cases):
    case = science_cases["S17"]
    given = case["inputs"]
    rate = slow_rate(
        (given["kon_per_nM_min"], given["k3_per_nM_min"]),
        (given["koff_per_min"], given["k4_per_min"]),
        (given["L_nM"], given["I_nM"]),
    )
    agrees(case, kS_with_competitor_per_min=rate, five_half_lives_slow_mode_min=5 * math.log(2) / rate)


def test_s33(science_cases):
    case = science_cases["S33"]
    given = case["inputs"]
    found = propagate(
        Measured(given["logIC50_M"], given["se_logIC50"]),
        Measured(given["L_nM"], given["se_L_nM"]),
        Measured(given["Kd_nM"], given["se_Kd_nM"]),
        given["corr_L_Kd"],
    )
    agrees(
        case,
        Ki_nM=10**found.log10_ki * 1e9,
        pKi=-found.log10_ki,
        se_pKi=found.se,
        Ki_low95_nM=10**found.low * 1e9,
        Ki_high95_nM=10**found.high * 1e9,
        share_IC50=found.shares["IC50"],
        share_L=found.shares["[L]"],
        share_Kd=found.shares["Kd"],
    )


def test_s36(science_cases):
    case = science_cases["S36"]
    given = case["inputs"]
    measured = np.log10(np.array(given["Ki_nM"]) * 1e-9)
    above = np.log10(np.array(given["Ki_greater_than_nM"]) * 1e-9)
    found = censored_mean(measured, above=above)
    agrees(
        case,
        pKi_ML=-found.log10_mean,
        sd_ML=found.log10_sd,
        geometric_mean_Ki_nM=10**found.log10_mean * 1e9,
        neg_log_likelihood=found.negative_log_likelihood,
    )
    naive = -np.concatenate([measured, above]).mean()
    assert naive == pytest.approx(case["expected"]["naive_pKi_substituting_limits"], rel=1e-9)
    assert abs(-found.log10_mean - naive) > 0.03


@pytest.mark.parametrize("receptor", [0.01, 0.5, 2.0, 40.0])
@pytest.mark.parametrize("ki", [1e-3, 0.7, 5.0, 900.0])
def test_exact_conversions_agree_and_return_ki(receptor, ki):
    ligand, kd = 1.0, 0.8
    ic50 = ic50_under_depletion(receptor, ligand, kd, ki)
    y0 = competitive_binding(receptor, ligand, kd).bound_over_free
    munson = conversion.munson_rodbard(ic50, ligand, kd, y0)
    assert munson == pytest.approx(conversion.nikolovska_coleska(ic50, ligand, kd, y0), rel=1e-9)
    assert munson == pytest.approx(ki, rel=1e-9)


@pytest.mark.parametrize("nonspecific", [0.0, 0.05])
def test_cubic_without_inhibitor_is_the_quadratic(nonspecific):
    receptor, ligand, kd = 2.0, 1.0, 0.8
    kd_apparent = kd * (1 + nonspecific)
    total = receptor + ligand + kd_apparent
    quadratic = 2 * receptor * ligand / (total + math.sqrt(total**2 - 4 * receptor * ligand))
    found = competitive_binding(receptor, ligand, kd, inhibitor_total=0.0, ki=3.0, nonspecific=nonspecific)
    assert found.bound == pytest.approx(quadratic, rel=1e-12)


def test_leff_dougall_with_slope_one_is_cheng_prusoff():
    assert conversion.leff_dougall(40.0, 3.0, 1.5, 1.0) == pytest.approx(
        conversion.cheng_prusoff(40.0, 3.0, 1.5), rel=1e-12
    )
