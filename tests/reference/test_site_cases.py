"""Worked numbers S27 to S29: enantiomers, mutants, the allosteric ternary complex."""

import math

import numpy as np
import pytest

from prusoff.affinity import enantiomers, mutants
from prusoff.core.measured import Measured
from prusoff.equations.allosteric import allosteric_dissociation_rate, allosteric_ternary_complex


def agrees(case, **found):
    for name, value in found.items():
        assert value == pytest.approx(case["expected"][name], rel=case["rtol"]), name


def test_s27(science_cases):
    case = science_cases["S27"]
    r, s, racemate = (case["inputs"][f"Ki_{name}_nM"] for name in ("R", "S", "racemate"))
    found, predicted = enantiomers.eudismic(r, s), enantiomers.racemate_ki(r, s)
    limit = enantiomers.most_eutomer_in(s, r)
    agrees(
        case,
        eudismic_ratio=found.ratio,
        eudismic_index_log10=found.index,
        predicted_racemate_nM=predicted,
        log10_reported_over_predicted=math.log10(racemate / predicted),
        max_eutomer_fraction_in_distomer=limit,
        ee_percent_limit=enantiomers.enantiomeric_excess(limit),
        eutomer_fraction_if_true_distomer_10x_weaker=enantiomers.eutomer_fraction(s, r, 10 * s),
    )
    assert found.eutomer_first
    assert (racemate < min(r, s)) is case["expected"]["racemate_below_both_enantiomers"]


def test_s28(science_cases):
    case = science_cases["S28"]
    celsius = case["inputs"]["temperature_K"] - 273.15
    wild, a, b, ab = (
        Measured(p, se) for p, se in zip(case["inputs"]["pKi_wt_A_B_AB"], case["inputs"]["se"], strict=True)
    )
    shifts = {name: mutants.fold_shift(wild, one) for name, one in (("A", a), ("B", b), ("AB", ab))}
    coupling = mutants.double_mutant_cycle(wild, a, b, ab, celsius)
    agrees(
        case,
        **{f"fold_{name}": one.value for name, one in shifts.items()},
        fold_A_ci95_low=shifts["A"].low,
        fold_A_ci95_high=shifts["A"].high,
        coupling_log10=coupling.log10.value,
        coupling_kJ_per_mol=coupling.energy.value,
        se_coupling_kJ_per_mol=coupling.energy.se,
        z=coupling.z,
        Omega=coupling.omega,
        ddG_A_kJ_per_mol=mutants.free_energy_kj(math.log10(shifts["A"].value), celsius),
    )


def test_s29(science_cases):
    case = science_cases["S29"]
    given = {name.rpartition("_")[0]: value for name, value in case["inputs"].items()}
    ka, kb, alpha = (case["inputs"][name] for name in ("KA_nM", "KB_nM", "alpha"))
    koff, slowed = (case["inputs"][f"koff_{name}_per_min"] for name in ("free", "modulator_bound"))
    log_modulator = np.log10(given["modulator"] * 1e-9)
    complex_ = np.array([0.0, 1.0, *np.log10([ka * 1e-9, kb * 1e-9, alpha])])
    ligand = given["ligand"] * 1e-9
    occupancy = float(allosteric_ternary_complex.function(np.array([log_modulator, ligand]), complex_))
    far = float(allosteric_ternary_complex.function(np.array([np.inf, ligand]), complex_))
    ec50 = kb / alpha
    rate = float(
        allosteric_dissociation_rate.function(
            np.array(log_modulator), np.array([np.log10(koff), slowed / koff, np.log10(ec50 * 1e-9)])
        )
    )
    agrees(
        case,
        occupancy=occupancy,
        KA_apparent_nM=given["ligand"] * (1 / occupancy - 1),
        affinity_limit_KA_over_alpha_nM=given["ligand"] * (1 / far - 1),
        koff_observed_per_min=rate,
        modulator_EC50_for_dissociation_nM=ec50,
        dissociation_half_life_min=math.log(2) / rate,
    )


def test_a_modulator_without_cooperativity_leaves_kd_and_one_without_affinity_for_the_complex_competes():
    """alpha = 1 changes nothing; alpha -> 0 is competition, whose apparent Kd is that of Gaddum, Cheng and Prusoff."""
    log_modulator, ligand = np.linspace(-10.0, -4.0, 25), np.full(25, 2e-9)
    x = np.array([log_modulator, ligand])
    neutral = allosteric_ternary_complex.function(x, np.array([0.0, 1.0, -9.0, -7.0, 0.0]))
    np.testing.assert_allclose(neutral, 2e-9 / (2e-9 + 1e-9), rtol=1e-14)
    competing = allosteric_ternary_complex.function(x, np.array([0.0, 1.0, -9.0, -7.0, -300.0]))
    apparent = 1e-9 * (1.0 + 10.0 ** (log_modulator + 7.0))
    np.testing.assert_allclose(competing, 2e-9 / (2e-9 + apparent), rtol=1e-12)
