"""The bench that stops wells over time: its integration against closed forms, its chases and its nonspecific wells."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.core.plate import Role, Treatment
from prusoff.equations import catalog
from prusoff.simulation.bench import Bench
from prusoff.simulation.kinetics import BindingRates, bound_over_time, count_kinetic_wells

RATES = BindingRates(kon=3e5, koff=3e-4, receptor_molar=25e-12, nonspecific=0.002)
EXACT = Bench(82 * 2.22e15, pipetting_cv=0.0, background_cpm=0.0, count_time_s=6e7)  # counts without error
INCUBATION, DILUTION = 7200.0, 100.0


def dpm(*treatments, truth=RATES):
    counts = count_kinetic_wells(treatments, truth, EXACT, (INCUBATION, DILUTION), np.random.default_rng(1))
    return np.array(counts) / (EXACT.efficiency * EXACT.count_time_s / 60)


def well(minutes, phase="association", role=Role.TOTAL, chaser="cold"):
    second = chaser if phase == "dissociation" else ""
    return Treatment(role, radioligand_molar=1e-9, time_s=60.0 * minutes, phase=phase, second_compound=second)


def test_the_integration_is_the_closed_form_of_the_bimolecular_reaction():
    time = np.array([0.0, 60.0, 900.0, 9000.0])
    law = catalog["bimolecular_association"].function(
        np.array([time, np.zeros(4), np.full(4, 1e-9)]),
        np.array([0.8e-9, math.log10(3e5), math.log10(3e-4), 0, 0]),
    )
    rates = np.full(4, 3e5), np.full(4, 3e-4)
    found = bound_over_time(rates, np.full(4, 0.8e-9), np.full(4, 1e-9), np.zeros(4), time)
    np.testing.assert_allclose(found, law, rtol=1e-6, atol=1e-17)


def test_wells_hold_what_the_law_of_used_up_label_says():
    minutes = (2.0, 30.0, 120.0)
    law = catalog["bimolecular_association"].function(
        np.array([60 * np.array(minutes), np.zeros(3), np.full(3, 1e-9)]),
        np.array([25e-12, math.log10(3e5), math.log10(3e-4), 0.002, 0.0]),
    )
    counted = dpm(*map(well, minutes))
    np.testing.assert_allclose(counted, law * EXACT.volume_l * 82 * 2.22e15, rtol=2e-3)


def test_an_excess_leaves_an_exponential_above_the_nonspecific_wells():
    total = dpm(*(well(minutes, "dissociation") for minutes in (0.0, 20.0, 60.0)))
    floor = dpm(*(well(minutes, "dissociation", Role.NSB) for minutes in (0.0, 20.0, 60.0)))
    specific = total - floor
    np.testing.assert_allclose(specific / specific[0], np.exp(-3e-4 * np.array([0, 1200, 3600])), rtol=5e-3)
    np.testing.assert_allclose(floor, floor[0], rtol=5e-3)


def test_a_dilution_lowers_nonspecific_binding_and_lets_a_little_label_bind_again():
    diluted = dpm(well(0.0, "dissociation", Role.NSB, ""))[0]
    assert diluted == pytest.approx(dpm(well(0.0, "dissociation", Role.NSB))[0] / DILUTION, rel=0.05)
    late = dpm(well(2000.0, "dissociation", chaser=""))[0] - diluted
    start = dpm(well(0.0, "dissociation", chaser=""))[0] - diluted
    again = (1e-11 / (1e-11 + 1e-9)) / (1e-9 / (1e-9 + 1e-9)) / -math.expm1(-6e-4 * INCUBATION)
    assert late / start == pytest.approx(again, rel=0.05)


def test_a_part_may_leave_faster_and_a_dilution_may_be_slower():
    times = [well(20.0, "dissociation"), well(20.0, "dissociation", Role.NSB)]
    plain, fast = (
        np.subtract(*dpm(*times, truth=truth)) for truth in (RATES, _with(fast_part=0.5, fast_fold=8.0))
    )
    expected = (math.exp(-0.36) + math.exp(-8 * 0.36)) / 2 / math.exp(-0.36)
    assert fast / plain == pytest.approx(expected, rel=0.01)
    slow = [well(20.0, "dissociation", chaser=""), well(20.0, "dissociation", Role.NSB, "")]
    assert np.subtract(*dpm(*slow, truth=_with(dilution_fold=0.5))) > np.subtract(*dpm(*slow))


def test_nonspecific_binding_drifts():
    early, late = dpm(well(0.0, role=Role.NSB), well(100.0, role=Role.NSB), truth=_with(drift_per_s=1e-4))
    assert late / early == pytest.approx(1.6, rel=0.01)


def _with(**changes):
    return replace(RATES, **changes)
