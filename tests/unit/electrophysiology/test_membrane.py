"""The membrane test gives back the circuit that made the current, filtered or not."""

import numpy as np
import pytest
from scipy import signal

from prusoff.electrophysiology.membrane_test import membrane_test
from prusoff.simulation.voltage_clamp import Gated, Patch, steps, sweep_current

HZ = 20e3
STEP = steps((0.02, -0.070), (0.1, -0.080))
CELLS = [
    Patch(10e6, 500e6, 33e-12),
    Patch(17e6, 80e6, 220e-12),
    Patch(5e6, 2e9, 60e-12),
    Patch(25e6, 120e6, 40e-12),
]


def _sweeps(patch, hz=HZ, noise=0.0, sweeps=1, corner=None):
    current = sweep_current(STEP, {}, patch, Gated(), hz)
    if corner:
        b, a = signal.bessel(4, corner, fs=hz, norm="mag")
        current = signal.lfilter(b, a, current - current[0]) + current[0]
    found = current + np.random.default_rng(5).normal(0.0, noise, (sweeps, current.size))
    first = round(STEP[1].start_s * hz)
    return found[:, :first], found[:, first:]


@pytest.mark.parametrize("patch", CELLS)
def test_a_step_gives_back_the_circuit(patch):
    found = membrane_test(*_sweeps(patch, hz=200e3), -0.010, 200e3)
    assert found.series == pytest.approx(patch.series_ohm, rel=5e-3)
    assert found.membrane == pytest.approx(patch.membrane_ohm, rel=1e-3)
    assert found.capacitance == pytest.approx(patch.capacitance_f, rel=5e-3)
    assert found.tau == pytest.approx(patch.tau_s, rel=1e-3)
    assert found.series + found.membrane == pytest.approx(patch.series_ohm + patch.membrane_ohm, rel=1e-4)


@pytest.mark.parametrize("patch", CELLS[:2])
def test_the_filter_of_the_amplifier_changes_nothing(patch):
    found = membrane_test(*_sweeps(patch, hz=100e3, corner=5e3), -0.010, 100e3)
    assert found.series == pytest.approx(patch.series_ohm, rel=0.03)
    assert found.capacitance == pytest.approx(patch.capacitance_f, rel=0.03)


def test_extrapolating_from_the_peak_and_leaving_out_the_membrane_reads_wrong():
    # what 'Ra = dV / (peak - steady)' and 'Cm = tau / Ra' give even without noise and filter: off by Rt/Rm and more
    patch = Patch(17e6, 80e6, 220e-12)
    before, step = _sweeps(patch, hz=200e3)
    steady, peak = step[0, -1], step[0].min()
    series = -0.010 / (peak - steady)
    assert series / patch.series_ohm == pytest.approx(97 / 80, rel=1e-3)
    assert patch.tau_s / series / patch.capacitance_f == pytest.approx((80 / 97) ** 2, rel=1e-3)
    right = membrane_test(before, step, -0.010, 200e3)
    assert right.capacitance == pytest.approx(patch.capacitance_f, rel=5e-3)


def test_noise_scatters_and_does_not_shift():
    patch = Patch(10e6, 500e6, 33e-12)
    found = membrane_test(*_sweeps(patch, noise=5e-12, sweeps=200), -0.010, HZ)
    clean = membrane_test(*_sweeps(patch), -0.010, HZ)
    for name in ("series", "membrane", "capacitance"):
        noisy, true = getattr(found, name), float(getattr(clean, name)[0])
        assert np.mean(noisy) == pytest.approx(true, rel=0.01)
        assert np.std(noisy) < 0.1 * true


def test_the_sign_of_the_step_does_not_matter():
    patch = CELLS[0]
    before, step = _sweeps(patch)
    up = membrane_test(2 * before[:, :1] - before, 2 * before[:, -1:] - step, 0.010, HZ)
    down = membrane_test(before, step, -0.010, HZ)
    assert up.series == pytest.approx(down.series, rel=1e-9)
    assert up.capacitance == pytest.approx(down.capacitance, rel=1e-9)


def test_sweeps_are_measured_alone_or_together_alike():
    before, step = _sweeps(CELLS[0], noise=3e-12, sweeps=6)
    together = membrane_test(before, step, -0.010, HZ)
    alone = [membrane_test(before[row], step[row], -0.010, HZ) for row in range(6)]
    assert together.series == pytest.approx([float(one.series[0]) for one in alone], rel=1e-6)


def test_a_step_without_response_is_not_a_cell():
    found = membrane_test(np.zeros((1, 100)), np.zeros((1, 500)), -0.010, HZ)
    assert np.isnan(found.series).all()
    assert np.isnan(found.capacitance).all()
    assert found.holding == 0
