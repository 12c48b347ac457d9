"""Leak, current against potential, conductance, reversal, and what part of a current is lost."""

import math

import numpy as np
import pytest

from prusoff.core.errors import InputError
from prusoff.core.estimate import Relation
from prusoff.core.membrane_current import capacitance_of, chord_conductance, current_density
from prusoff.core.plate import Role, Treatment, Well
from prusoff.electrophysiology.leak import ohmic_leak, p_over_n
from prusoff.electrophysiology.loss import part_lost
from prusoff.electrophysiology.reversal import reversal_potential


class TestLeak:
    def test_two_potentials_give_the_line(self):
        leak = ohmic_leak([-0.12, -0.10], [-60e-12, -50e-12])
        assert leak.conductance == pytest.approx(0.5e-9)
        assert leak.at([-0.02, 0.0]) == pytest.approx([-10e-12, 0.0])

    def test_sweeps_have_a_line_each(self):
        leak = ohmic_leak([[-0.12, -0.10], [-0.12, -0.10]], [[-60e-12, -50e-12], [-12e-12, -10e-12]])
        assert leak.conductance == pytest.approx([0.5e-9, 0.1e-9])
        assert leak.at([-0.02, -0.02]) == pytest.approx([-10e-12, -2e-12])

    def test_more_potentials_are_a_straight_line_by_least_squares(self):
        volts = np.array([-0.13, -0.12, -0.11, -0.10])
        amperes = 2e-9 * volts + 1e-12 * np.array([1, -1, -1, 1])
        slope, height = np.polyfit(volts, amperes, 1)
        leak = ohmic_leak(volts, amperes)
        assert leak.conductance == pytest.approx(slope)
        assert leak.at_zero == pytest.approx(height)

    def test_one_potential_is_not_enough(self):
        with pytest.raises(InputError, match="two potentials"):
            ohmic_leak([-0.12, -0.12], [-60e-12, -50e-12])

    def test_p_over_n_scales_the_mean_of_the_small_pulses(self):
        found = p_over_n([5.0, 3.0], [[-1.0, -0.4], [-1.2, -0.6]], 0.1, -0.025)
        assert found == pytest.approx([5.0 - 4.4, 3.0 - 2.0])
        with pytest.raises(InputError, match="are no steps"):
            p_over_n([1.0], [[1.0]], 0.1, 0.0)


class TestCurrentAndPotential:
    def test_density_is_current_over_capacitance(self):
        assert current_density(-1.2e-9, 12e-12) == pytest.approx(-100.0)

    def test_the_capacitance_of_a_cell_is_the_median_of_its_sweeps(self):
        told = [
            Well("cell", "", "A1", Treatment(Role.TOTAL), 0.0, "A", quality=q)
            for q in ({"capacitance": 9e-12}, {}, {"capacitance": 11e-12})
        ]
        assert capacitance_of(told) == pytest.approx(10e-12)
        assert math.isnan(capacitance_of(told[1:2]))

    def test_chord_conductance(self):
        found = chord_conductance([-1e-9, 0.0, 1e-9], [0.0, 0.05, 0.1], 0.05)
        assert found[[0, 2]] == pytest.approx([20e-9, 20e-9])
        assert math.isnan(found[1])

    def test_the_reversal_potential_comes_back_with_its_interval(self):
        volts = np.arange(-0.04, 0.09, 0.01)
        rng = np.random.default_rng(7)
        covered = 0
        for _ in range(400):
            amperes = 20e-9 * (volts - 0.055) + rng.normal(0.0, 4e-12, volts.size)
            found = reversal_potential(volts, amperes)
            covered += found.low <= 0.055 <= found.high
            assert found.value == pytest.approx(0.055, abs=3e-3)
        assert 0.92 < covered / 400 < 0.98

    def test_the_order_of_the_potentials_does_not_matter(self):
        volts = np.array([0.02, 0.04, 0.06, 0.08])
        amperes = np.array([-0.7, -0.3, 0.12, 0.5]) * 1e-9
        one, two = reversal_potential(volts, amperes), reversal_potential(volts[::-1], amperes[::-1])
        assert one == two

    def test_sweeps_at_one_potential_count_each(self):
        volts = np.repeat([0.02, 0.04, 0.06, 0.08], 5)
        amperes = 20e-9 * (volts - 0.055) + 4e-12 * np.tile([1.0, -1.0, 0.5, -0.5, 0.0], 4)
        assert reversal_potential(volts, amperes).value == pytest.approx(0.055)

    @pytest.mark.parametrize(("shift", "relation"), [(0.2, Relation.ABOVE), (-0.2, Relation.BELOW)])
    def test_it_is_never_extrapolated(self, shift, relation):
        volts = np.arange(-0.04, 0.05, 0.01)
        found = reversal_potential(volts, 20e-9 * (volts - shift))
        assert found.relation is relation
        assert found.value == pytest.approx(0.04 if shift > 0 else -0.04)
        assert "no sign of the current changes" in found.method

    def test_noise_without_a_slope_leaves_the_limits_open(self):
        found = reversal_potential([0.0, 0.01, 0.02, 0.03], [1e-12, -1e-12, 1e-12, -1e-12])
        assert (found.low, found.high) == (-math.inf, math.inf)

    def test_two_potentials_are_not_enough(self):
        with pytest.raises(InputError, match="three potentials"):
            reversal_potential([0.0, 0.1], [-1e-9, 1e-9])


class TestLoss:
    def test_block_is_the_part_of_the_control_that_is_gone(self):
        assert part_lost([-4.0, -2.0], [-3.0, -2.0]) == pytest.approx([0.25, 0.0])

    def test_the_peaks_of_s23_lose_what_the_case_says(self, science_cases):
        left = np.array(science_cases["S23"]["expected"]["relative_peak"])
        assert part_lost(-3e-9, -3e-9 * left) == pytest.approx(1.0 - left)
