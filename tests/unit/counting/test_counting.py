import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prusoff.core.errors import InputError, UnknownName
from prusoff.core.experiment import Added, Counting, QuenchStandard, Radioligand
from prusoff.core.measured import Measured
from prusoff.core.plate import FORMATS
from prusoff.counting import amount, decay, efficiency, plate_quality, protein, rate

CI_PER_MMOL = 2.22e15
STANDARDS = tuple(
    QuenchStandard(x, e)
    for x, e in (
        (150, 0.182),
        (220, 0.271),
        (300, 0.352),
        (380, 0.421),
        (450, 0.463),
        (520, 0.497),
        (600, 0.521),
    )
)


class TestMeasured:
    @given(st.floats(0.1, 1e6), st.floats(0.0, 10.0), st.floats(0.1, 1e6), st.floats(0.0, 10.0))
    def test_quotient_and_product_carry_relative_errors(self, a, sa, b, sb):
        relative = math.hypot(sa / a, sb / b)
        for result in (Measured(a, sa) * Measured(b, sb), Measured(a, sa) / Measured(b, sb)):
            assert result.relative == pytest.approx(relative, rel=1e-9, abs=1e-12)

    def test_a_value_of_zero_keeps_its_error(self):
        assert Measured(0.0, 2.0) / Measured(4.0, 1.0) == Measured(0.0, 0.5)
        assert Measured(0.0, 2.0).relative == math.inf
        assert Measured(0.0).relative == 0.0

    def test_an_unknown_error_stays_unknown(self):
        assert math.isnan((Measured(1.0, math.nan) - Measured(1.0, 1.0)).se)

    def test_log10_se(self):
        assert Measured(0.8, 0.12).log10_se == pytest.approx(0.15 / math.log(10))


class TestRate:
    def test_net_rate_may_be_negative(self):
        net = rate.net_rate(rate.count_rate(20, 60), rate.count_rate(300, 600))
        assert net.value == -10
        assert net.se == pytest.approx(math.sqrt(20 + 3))

    def test_printed_rate_has_the_error_of_its_counts(self):
        assert rate.rate_with_error(12450.0, 120).se == pytest.approx(rate.count_rate(24900, 120).se)

    def test_unknown_time_means_unknown_error_but_a_zero_background_is_exact(self):
        assert math.isnan(rate.rate_with_error(20.0, math.nan).se)
        assert rate.rate_with_error(0.0, math.nan) == Measured(0.0, 0.0)

    def test_no_counts_have_the_error_of_one(self):
        assert rate.count_rate(0, 60) == Measured(0.0, 1.0)

    @pytest.mark.parametrize(("counts", "time"), [(-1, 60), (10, 0), (math.nan, 60)])
    def test_impossible_counts_are_refused(self, counts, time):
        with pytest.raises(InputError, match="E-COUNTS"):
            rate.count_rate(counts, time)

    def test_mean_takes_the_larger_error(self):
        tight = [Measured(100.0, 10.0), Measured(100.0, 10.0)]
        assert rate.mean_rate(tight).se == pytest.approx(10 / math.sqrt(2))
        wide = [Measured(50.0, 1.0), Measured(150.0, 1.0)]
        assert rate.mean_rate(wide).se == pytest.approx(50.0)
        assert rate.mean_rate(tight[:1]) == tight[0]
        with pytest.raises(InputError):
            rate.mean_rate([])

    def test_currie_limits(self):
        # equal times, b t = 100 counts: L_C = 2.33 sqrt(100) counts, L_D = 2.71 + 4.65 sqrt(100) counts
        limits = rate.detection_limits(100.0, 60.0, 60.0)
        assert limits.decision == pytest.approx(23.3, abs=0.05)
        assert limits.detection == pytest.approx(49.2, abs=0.05)

    def test_decision_limit_keeps_its_false_alarms(self):
        rng = np.random.default_rng(1968)
        gross, background = rng.poisson(200, 40_000), rng.poisson(2000, 40_000)
        limit = rate.detection_limits(200.0, 60.0, 600.0).decision
        assert np.mean(gross - background / 10 > limit) == pytest.approx(0.05, abs=0.005)

    def test_dead_time(self):
        true = rate.dead_time_corrected(Measured(600_000.0, 775.0), 1e-6)
        assert true.value == pytest.approx(600_000 / (1 - 1e4 * 1e-6))
        assert true.se == pytest.approx(775 / 0.99**2)
        with pytest.raises(InputError, match="dead time"):
            rate.dead_time_corrected(Measured(6e7), 1.0)

    def test_spill_over_is_undone(self):
        efficiencies = [[0.35, 0.10], [0.01, 0.60]]
        low, high = 0.35 * 1000 + 0.10 * 400, 0.01 * 1000 + 0.60 * 400
        first, second = rate.without_spill_over((Measured(low, 20.0), Measured(high, 16.0)), efficiencies)
        assert (first.value, second.value) == pytest.approx((1000.0, 400.0))
        assert first.se > 20 / 0.35
        with pytest.raises(InputError, match="E-SPILL"):
            rate.without_spill_over((Measured(1), Measured(1)), [[0.4, 0.4], [0.4, 0.4]])

    def test_dispersion_of_poisson_counts_is_uniform(self):
        rng = np.random.default_rng(5)
        found = [rate.dispersion(rng.poisson(5000, 6)) for _ in range(1500)]
        assert np.mean([one.ratio for one in found]) == pytest.approx(1.0, abs=0.06)
        assert np.mean([one.p < 0.05 for one in found]) == pytest.approx(0.05, abs=0.02)

    def test_pipetting_shows(self):
        rng = np.random.default_rng(6)
        counts = rng.poisson(20_000 * (1 + 0.04 * rng.standard_normal(8)))
        assert rate.dispersion(counts).ratio > 5
        with pytest.raises(InputError):
            rate.dispersion([100.0])

    def test_sets_of_replicates_are_asked_together(self):
        rng = np.random.default_rng(7)
        found = [
            rate.pooled_dispersion([rate.dispersion(rng.poisson(mean, 3)) for mean in (200, 2000, 9000)])
            for _ in range(1500)
        ]
        assert {one.df for one in found} == {6}
        assert np.mean([one.p < 0.05 for one in found]) == pytest.approx(0.05, abs=0.02)


class TestEfficiency:
    def test_quench_curve_is_read_a_little_beyond_its_ends_only(self):
        curve = efficiency.quench_curve(STANDARDS)
        assert curve.read(150 - 0.05 * 450).value > 0
        for outside in (150 - 0.051 * 450, 600 + 0.051 * 450, math.nan):
            with pytest.raises(InputError, match="outside the quench curve"):
                curve.read(outside)

    def test_errors_of_the_curve_grow_towards_its_ends(self):
        curve = efficiency.quench_curve(STANDARDS)
        assert curve.read(600).se > curve.read(400).se > curve.residual_sd

    def test_a_curve_needs_five_standards(self):
        with pytest.raises(InputError, match="at least 5"):
            efficiency.quench_curve(STANDARDS[:4])

    def test_internal_standard(self):
        found = efficiency.internal_standard(
            Measured(1000.0, 20.0), Measured(5000.0, 50.0), Measured(1e4, 200.0)
        )
        assert found.value == pytest.approx(0.4)
        assert found.se == pytest.approx(math.hypot(math.hypot(20, 50) / 1e4, 0.4 * 0.02))

    def test_what_an_experiment_states_is_used(self):
        fixed = efficiency.efficiency_by_quench(Counting(efficiency=0.42, efficiency_se=0.01))
        assert fixed(math.nan) == Measured(0.42, 0.01)
        curve = efficiency.efficiency_by_quench(Counting(efficiency=0.42, quench_curve=STANDARDS))
        assert curve(410).value == pytest.approx(0.4404178, rel=1e-6)
        with pytest.raises(InputError, match="no quench indicator"):
            curve(math.nan)
        with pytest.raises(InputError, match="no counting efficiency"):
            efficiency.efficiency_by_quench(Counting())

    @pytest.mark.parametrize("fraction", [0.0, -0.1, 42.0])
    def test_impossible_efficiencies_are_refused(self, fraction):
        with pytest.raises(InputError, match="E-EFFICIENCY"):
            efficiency.fixed_efficiency(fraction)


class TestProtein:
    MASS = np.array([0, 2, 4, 8, 12, 16, 20]) * 1e-6
    ABSORBANCE = np.array([0.050, 0.148, 0.243, 0.420, 0.580, 0.722, 0.845])

    def test_reads_back_what_it_reads(self):
        curve = protein.protein_curve(self.MASS, self.ABSORBANCE)
        for mass in (1e-6, 9e-6, 19e-6):
            assert curve.read_back(curve.read(mass).value).value == pytest.approx(mass, rel=1e-9)

    def test_error_of_the_mass_agrees_with_simulation(self):
        rng = np.random.default_rng(3)
        truth = protein.protein_curve(self.MASS, self.ABSORBANCE)
        clean = np.array([truth.read(mass).value for mass in self.MASS])
        sd, sample = 0.01, truth.read(9e-6).value
        found, claimed = [], []
        for _ in range(600):
            curve = protein.protein_curve(self.MASS, clean + sd * rng.standard_normal(clean.size))
            one = curve.read_back(sample + sd / math.sqrt(3) * rng.standard_normal(), replicates=3)
            found.append(one.value)
            claimed.append(one.se**2)
        assert math.sqrt(np.mean(claimed)) == pytest.approx(np.std(found), rel=0.12)

    def test_a_sample_outside_is_refused(self):
        with pytest.raises(InputError, match="Dilute"):
            protein.protein_curve(self.MASS, self.ABSORBANCE).read_back(1.5)


class TestDecay:
    @pytest.mark.parametrize(
        ("nuclide", "ci_per_mmol", "rtol"),
        [("3H", 29.0, 0.002), ("125I", 2198.0, 1e-4), ("35S", 1494.0, 0.002), ("14C", 0.0627, 0.005)],
    )
    def test_carrier_free_maxima(self, nuclide, ci_per_mmol, rtol):
        most = decay.nuclide_named(nuclide).carrier_free_dpm_per_mol
        assert most / CI_PER_MMOL == pytest.approx(ci_per_mmol, rel=rtol)

    def test_defaults(self):
        tritium = decay.decayed(82 * CI_PER_MMOL, "3H", 400, 3)
        assert tritium.mode == "dilution"
        assert tritium.active == 1.0
        iodine = decay.decayed(2200 * CI_PER_MMOL, "125I", 59.407)
        assert iodine.mode == "catastrophe"
        assert iodine.active == pytest.approx(0.5)
        assert iodine.specific_activity_dpm_per_mol == pytest.approx(2200 * CI_PER_MMOL)

    @pytest.mark.parametrize("mode", list(decay.DECAY_MODES))
    def test_activity_in_solution_is_the_same_in_all_modes(self, mode):
        found = decay.decayed(70 * CI_PER_MMOL, "3H", 900, 3, mode)
        assert found.active * found.specific_activity_dpm_per_mol == pytest.approx(
            70 * CI_PER_MMOL * found.factor, rel=1e-12
        )

    def test_general_lies_between_its_limits(self):
        active = [decay.decayed(45 * CI_PER_MMOL, "3H", 900, 3, mode).active for mode in decay.DECAY_MODES]
        dilution, catastrophe, general = active
        assert catastrophe < general < dilution == 1.0

    def test_too_high_a_specific_activity_is_an_error(self):
        with pytest.raises(InputError, match=r"number of labelled atoms"):
            decay.decayed(82 * CI_PER_MMOL, "3H", 0, labelled_atoms=1)
        assert decay.decayed(82 * CI_PER_MMOL, "3H", 0, labelled_atoms=3).factor == 1.0

    def test_before_calibration_there_is_more(self):
        assert decay.decayed(1000 * CI_PER_MMOL, "125I", -10).factor > 1
        early = decay.decayed(82 * CI_PER_MMOL, "3H", -30, labelled_atoms=3)
        assert early.specific_activity_dpm_per_mol > 82 * CI_PER_MMOL
        assert decay.decayed(2200 * CI_PER_MMOL, "125I", -10).specific_activity_dpm_per_mol == pytest.approx(
            2200 * CI_PER_MMOL
        )

    def test_a_calibration_years_after_the_experiment_is_refused(self):
        with pytest.raises(
            InputError, match=r"calibrated 3645 days after .* 143[.]8 Ci/mmol, more than 3 3H"
        ):
            decay.decayed(82 * CI_PER_MMOL, "3H", -3645, labelled_atoms=3)

    def test_wrong_names(self):
        with pytest.raises(UnknownName, match="125I, 14C, 35S, 3H"):
            decay.decayed(1.0, "H3", 0)
        with pytest.raises(UnknownName, match="dilution"):
            decay.decayed(1.0, "3H", 0, mode="dilute")
        with pytest.raises(InputError, match="E-SA"):
            decay.decayed(math.nan, "3H", 0)

    def test_dates(self):
        ligand = Radioligand("[3H]X", "3H", 80 * CI_PER_MMOL, dt.date(2024, 1, 1), 3)
        assert decay.decay_of(ligand, dt.date(2025, 2, 4)).factor == pytest.approx(2 ** (-400 / 4499.88))
        assert decay.decay_of(ligand, None).factor == 1.0


class TestAmount:
    ADDED = Added(
        aliquot_rates_cpm=(15250.0, 15400.0, 15100.0),
        aliquot_volume_l=50e-6,
        ligand_volume_l=50e-6,
        aliquot_count_time_s=60.0,
    )

    def test_counted_ligand(self):
        found = amount.counted_ligand(
            self.ADDED, Measured(25.0, 1.0), Measured(0.42, 0.008), 80.4 * CI_PER_MMOL, 200e-6
        )
        assert found.activity.value == pytest.approx((15250 - 25) / 0.42)
        assert found.molar.value == pytest.approx(found.amount.value / 200e-6)
        assert found.molar.relative == pytest.approx(
            math.hypot(150 / math.sqrt(3) / 15225, 0.008 / 0.42), rel=0.01
        )

    def test_all_that_is_missing_is_named_at_once(self):
        with pytest.raises(InputError) as caught:
            amount.counted_ligand(Added(), Measured(0.0), Measured(0.4), 80 * CI_PER_MMOL, math.nan)
        assert len(caught.value.problems) == 4

    def test_sites_per_cell(self):
        assert amount.sites_per_cell(Measured(100e-15), 50_000).value == pytest.approx(
            100 * 6.02214076e8 / 50_000
        )


class TestPlateQuality:
    def test_controls_without_scatter(self):
        quality = plate_quality.plate_quality([10, 10], [2, 2])
        assert quality.z_prime == 1.0
        assert quality.signal_window == math.inf
        assert quality.separation == math.inf

    def test_equal_controls(self):
        quality = plate_quality.plate_quality([10, 12], [12, 10])
        assert quality.z_prime == -math.inf
        assert quality.separation == 0.0

    def test_net_background_below_zero_has_no_ratio(self):
        quality = plate_quality.plate_quality([100, 110], [-3, -1])
        assert math.isnan(quality.signal_to_background)
        assert math.isnan(quality.cv_low)

    def test_one_well_is_not_enough(self):
        with pytest.raises(InputError, match="E-CONTROLS"):
            plate_quality.plate_quality([1.0], [2.0, 3.0])

    def test_a_turned_plate_is_seen(self):
        plate = FORMATS[96]
        rng = np.random.default_rng(9)
        high, low = [f"{row}01" for row in "ABCD"], [f"{row}01" for row in "EFGH"]
        truth = {name: 1000.0 for name in plate.positions()} | {name: 100.0 for name in low}
        signals = {name: value * (1 + 0.03 * rng.standard_normal()) for name, value in truth.items()}
        upright = plate_quality.rotation_separations(signals, high, low, plate)
        turned = plate_quality.rotation_separations(
            {plate.rotate(name): value for name, value in signals.items()}, high, low, plate
        )
        assert upright[0] > 20
        assert abs(upright[1]) < 5
        assert turned == (upright[1], upright[0])

    def test_missing_wells_give_no_number(self):
        first, second = plate_quality.rotation_separations({"A01": 1.0}, ["A01"], ["B01"], FORMATS[96])
        assert math.isnan(first)
        assert math.isnan(second)
