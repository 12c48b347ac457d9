"""Worked numbers S01 to S03 and the counting part of S30."""

import pytest

from prusoff.core.experiment import QuenchStandard
from prusoff.core.measured import Measured
from prusoff.counting import amount, decay, efficiency, rate

CI_PER_MMOL = 2.22e15


def agrees(case, **found):
    for name, value in found.items():
        assert value == pytest.approx(case["expected"][name], rel=case["rtol"]), name


def test_s01(science_cases):
    case = science_cases["S01"]
    given = case["inputs"]
    gross = rate.count_rate(given["gross_counts"], given["count_time_min"] * 60)
    background = rate.count_rate(given["background_counts"], given["background_time_min"] * 60)
    net = rate.net_rate(gross, background)
    dpm = amount.disintegrations(net, efficiency.fixed_efficiency(given["efficiency"]))
    now = decay.decayed(
        given["specific_activity_Ci_per_mmol"] * CI_PER_MMOL,
        given["nuclide"],
        given["elapsed_days"],
        labelled_atoms=3,
        mode=given["decay_mode"],
    )
    bound = amount.moles(dpm, now.specific_activity_dpm_per_mol)
    density = amount.per_protein(bound, Measured(given["protein_ug"] * 1e-6))
    agrees(
        case,
        net_cpm=net.value,
        se_net_cpm=net.se,
        dpm=dpm.value,
        se_dpm=dpm.se,
        decay_factor=now.factor,
        specific_activity_now_Ci_per_mmol=now.specific_activity_dpm_per_mol / CI_PER_MMOL,
        dpm_per_fmol=now.specific_activity_dpm_per_mol * 1e-15,
        bound_fmol=bound.value * 1e15,
        se_bound_fmol=bound.se * 1e15,
        bound_fmol_per_mg=density.value * 1e12,
        se_bound_fmol_per_mg=density.se * 1e12,
    )


def test_s02(science_cases):
    case = science_cases["S02"]
    given = case["inputs"]
    pairs = zip(given["quench_indicator"], given["efficiency"], strict=True)
    curve = efficiency.quench_curve([QuenchStandard(x, e) for x, e in pairs])
    a0, a1, a2 = curve.coefficients
    found = curve.read(given["unknown_indicator"])
    dpm = amount.disintegrations(Measured(given["net_cpm"]), found)
    agrees(
        case,
        a0=a0,
        a1=a1,
        a2=a2,
        efficiency_unknown=found.value,
        dpm=dpm.value,
        residual_sd=curve.residual_sd,
    )


def test_s03(science_cases):
    case = science_cases["S03"]
    given = case["inputs"]
    specific_activity = given["specific_activity_Ci_per_mmol"] * CI_PER_MMOL
    volume = given["well_volume_uL"] * 1e-6
    added = amount.added_ligand(
        Measured(given["aliquot_dpm"]),
        given["ligand_volume_uL"] * 1e-6,
        given["aliquot_uL"] * 1e-6,
        specific_activity,
        volume,
    )
    bound = Measured(given["total_bound_dpm"])
    agrees(
        case,
        added_dpm=added.activity.value,
        added_fmol=added.amount.value * 1e15,
        added_nM=added.molar.value * 1e9,
        bound_fmol=amount.moles(bound, specific_activity).value * 1e15,
        free_nM=amount.free_ligand(added.molar, bound, specific_activity, volume).value * 1e9,
        depletion_percent=100 * amount.bound_fraction(bound, added.activity).value,
    )
