"""Occupancy in the living brain: plasma, unbound brain and what both predict (science cases S25, S26, S37)."""

import numpy as np
import pytest

from prusoff.affinity import exposure
from prusoff.affinity.lassen import lassen_line
from prusoff.core.curves import Curve
from prusoff.core.estimate import Estimate
from prusoff.core.experiment import Compound, Constant
from prusoff.equations.occupancy import lassen_plot
from prusoff.fitting.solve import fit_curve
from prusoff.simulation.pharmacokinetics import OneCompartment, repeated, volume_of

NG_PER_ML, NANOMOLAR, HOUR = 1e-6, 1e-9, 3600.0


def stated(value):
    return Constant(value, 0.0, "", "science case")


def close(expected, rtol):
    return pytest.approx(expected, rel=rtol)


def test_s25_from_mass_to_unbound_brain_and_back_to_the_bench(science_cases):
    given, wanted, rtol = (science_cases["S25"][key] for key in ("inputs", "expected", "rtol"))
    drug = Compound("atomoxetine", given["MW_free_base"], given["MW_salt"])
    plasma, half = (
        exposure.molar_of_mass(given[key] * NG_PER_ML, drug, "base")
        for key in ("plasma_ng_per_mL", "EC50_ng_per_mL")
    )
    assert plasma / NANOMOLAR == close(wanted["plasma_nM"], rtol)
    assert half / NANOMOLAR == close(wanted["EC50_nM_total"], rtol)
    fu, kp = stated(given["fu_plasma"]), stated(given["Kp_uu"])
    total = Estimate("EC50", half, "M")
    unbound = exposure.unbound_plasma(total, fu, "EC50, unbound")
    assert unbound.value / NANOMOLAR == close(wanted["EC50_nM_unbound_plasma"], rtol)
    in_vivo = exposure.unbound_brain(total, fu, kp, "Ki in vivo")
    assert in_vivo.value / NANOMOLAR == close(wanted["in_vivo_Ki_unbound_brain_nM"], rtol)
    bench = Constant(given["Ki_nM"] * NANOMOLAR, 0.0, "M", "seed document")
    ratio = exposure.in_vivo_over_in_vitro(in_vivo, bench)
    assert np.log10(ratio.value) == close(wanted["log10_ratio_in_vivo_over_in_vitro"], rtol)
    brain = exposure.unbound_brain(Estimate("C", plasma, "M"), fu, kp, "C, unbound in brain").value
    assert brain / NANOMOLAR == close(wanted["unbound_brain_nM"], rtol)
    assert exposure.base_of_salt(given["salt_mg"], drug) == close(wanted["free_base_mg"], rtol)


def test_s37_plasma_of_a_day_and_unbound_brain(science_cases):
    given, wanted, rtol = (science_cases["S37"][key] for key in ("inputs", "expected", "rtol"))
    clearance = given["CL_over_F_L_per_h_per_kg"] * given["weight_kg"] / HOUR
    body = OneCompartment.of_clearance(clearance, given["t_half_h"] * HOUR, given["ka_per_h"] / HOUR)
    assert body.elimination_per_s * HOUR == close(wanted["ke_per_h"], rtol)
    assert body.volume_l == close(wanted["V_over_F_L"], rtol)
    assert body.time_of_peak_s / HOUR == close(wanted["tmax_single_h"], rtol)
    assert body.accumulation(given["tau_h"] * HOUR) == close(wanted["accumulation_ratio"], rtol)
    once = body.oral(given["dose_mg_free_base"] * 1e-3)
    course = repeated(once, given["tau_h"] * HOUR, given["n_doses"])
    plasma = course(np.array(given["times_h"]) * HOUR)
    np.testing.assert_allclose(plasma / NG_PER_ML, wanted["plasma_ng_per_mL"], rtol)
    drug = Compound("atomoxetine", given["MW"])
    fu, kp = stated(given["fu"]), stated(given["Kp_uu"])
    for grams, brain in zip(plasma, wanted["unbound_brain_nM"], strict=True):
        total = Estimate("C", exposure.molar_of_mass(float(grams), drug, "base"), "M")
        assert exposure.unbound_brain(total, fu, kp, "C").value / NANOMOLAR == close(brain, rtol)


def test_the_identity_of_clearance_half_life_and_volume_rejects_a_misprint(science_cases):
    """Litres per kg: 2.63 of an extensive metaboliser and 0.93 of a poor one; a clearance of 0.3 for 0.03 gives 9.3."""
    given = science_cases["S37"]["inputs"]
    extensive = volume_of(given["CL_over_F_L_per_h_per_kg"], given["t_half_h"])
    poor, misprint = volume_of(0.03, 21.6), volume_of(0.3, 21.6)
    assert (extensive, poor, misprint) == pytest.approx((2.63, 0.93, 9.35), abs=0.01)
    true_volumes = 0.63 * extensive, 0.94 * poor, 0.94 * misprint  # V = F (V/F), beside 0.85 L/kg by vein
    assert [volume / 0.85 < 3 for volume in true_volumes] == [True, True, False]


def test_s26_lassen_plot(science_cases):
    given, wanted, rtol = (science_cases["S26"][key] for key in ("inputs", "expected", "rtol"))
    baseline, drug = (np.array(given[key]) for key in ("VT_baseline", "VT_drug"))
    found = fit_curve(lassen_plot, Curve(baseline, baseline - drug))
    assert 100 * found.value("occupancy") == close(wanted["occupancy_percent"], rtol)
    assert 100 * found.standard_error("occupancy") == close(wanted["se_occupancy_percent"], rtol)
    free = found.value("nondisplaceable")
    assert free == close(wanted["VND"], rtol)
    potentials = {name: volumes / free - 1 for name, volumes in (("baseline", baseline), ("drug", drug))}
    for name, potential in potentials.items():
        np.testing.assert_allclose(potential, wanted[f"BPND_{name}"], rtol)
    occupied = 100 * (1 - potentials["drug"] / potentials["baseline"])
    np.testing.assert_allclose(occupied, wanted["regional_occupancy_percent"], rtol)
    both = lassen_line(baseline, drug)  # errors in both scans: within a tenth of the standard error here
    assert both.occupancy.value == pytest.approx(found.value("occupancy"), abs=1e-4)
    assert both.nondisplaceable.value == pytest.approx(free, abs=1e-3)
