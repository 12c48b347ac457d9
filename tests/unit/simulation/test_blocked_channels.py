"""The simulated channels do what the constants they were given say."""

import numpy as np
import pytest

from prusoff.simulation.blocked_channels import (
    Amplifier,
    Blocker,
    Train,
    blocked_over_time,
    inactivated_in_train,
    kd_at,
    left_in_train,
)

DRUG = Blocker(0.6e6, 0.8)


def test_a_drug_that_always_has_access_comes_to_its_equilibrium():
    left = left_in_train(DRUG, 1e-5, Train(0.02, 0.08, 200), kept_open=1.0)
    assert left[-1] == pytest.approx(0.8 / 6.8, rel=1e-9)  # KD/(KD + [D]) with KD 1.33 uM


def test_block_grows_with_frequency_and_not_at_all_without_pulses_worth_of_time():
    slow, fast = (left_in_train(DRUG, 1e-5, Train(0.02, rest, 60))[-1] for rest in (1.0, 0.05))
    assert fast < slow < 1.0
    assert left_in_train(DRUG, 0.0, Train(0.02, 0.08, 5)) == pytest.approx(np.ones(5))


def test_inactivation_goes_its_part_of_the_way_at_every_pulse():
    assert inactivated_in_train(0.2, 0.5, 4) == pytest.approx([1.0, 0.9, 0.85, 0.825])


def test_onset_and_offset_have_the_time_constants_of_the_rates():
    times = np.array([0.0, 1.0 / 6.8, 100.0])
    onset = blocked_over_time(DRUG, 1e-5, times)
    assert onset == pytest.approx(6.0 / 6.8 * np.array([0.0, 1.0 - np.exp(-1.0), 1.0]), abs=1e-12)
    assert blocked_over_time(DRUG, 0.0, np.array([1.25]), 0.5) == pytest.approx([0.5 * np.exp(-1.0)])


def test_kd_changes_e_fold_over_the_thermal_potential():
    thermal = 8.31446261815324 * 295.15 / 96485.33212
    assert kd_at(1e-4, 1.0, -thermal, 22.0) == pytest.approx(1e-4 / np.e)
    assert kd_at(1e-4, 0.0, -0.1, 22.0) == 1e-4


def test_reading_adds_the_noise_that_is_stated():
    read = Amplifier(5e-12, 0.02).read(np.full(20000, -1e-9), np.random.default_rng(1))
    assert read.mean() == pytest.approx(-1e-9, rel=1e-3)
    assert read.std() == pytest.approx(np.hypot(5e-12, 0.02e-9), rel=0.03)
