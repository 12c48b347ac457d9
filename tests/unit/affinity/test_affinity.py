import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prusoff.affinity import conversion
from prusoff.affinity.agreement import replicate_experiment
from prusoff.affinity.pooling import censored_mean, geometric_mean, pool
from prusoff.affinity.propagation import ki_estimate, propagate
from prusoff.core.errors import InputError
from prusoff.core.estimate import Estimate, Relation
from prusoff.core.experiment import Constant
from prusoff.core.measured import Measured

NM = 1e-9
nanomolar = st.floats(-3, 5).map(lambda x: 10**x)


def ki(value, relation=Relation.EQUAL):
    return Estimate("Ki", value, "M", relation=relation)


class TestConversion:
    @given(nanomolar, nanomolar, nanomolar)
    def test_implied_kd_inverts_cheng_prusoff(self, constant, ligand, kd):
        ic50 = constant * (1 + ligand / kd)
        assert conversion.cheng_prusoff(ic50, ligand, kd) == pytest.approx(constant, rel=1e-12)
        if ligand / kd > 1e-3:
            assert conversion.implied_kd(ic50, constant, ligand) == pytest.approx(kd, rel=1e-9)

    @given(nanomolar, nanomolar, nanomolar, st.floats(0.3, 3.0))
    def test_inhibitor_hill_halves_the_cooperative_law(self, ic50, ligand, kd, slope):
        found = conversion.inhibitor_hill(ic50, ligand, kd, slope)

        def bound(inhibitor):
            return ligand / (ligand + kd * (1 + (inhibitor / found) ** slope))

        assert bound(ic50) == pytest.approx(bound(0.0) / 2, rel=1e-9)

    @given(nanomolar, st.floats(0.05, 50), st.floats(0.4, 3.0))
    def test_leff_dougall_halves_the_response(self, ec50, times, slope):
        agonist, kb = times * ec50, 3.0

        def response(inhibitor):
            shifted = agonist**slope / (agonist**slope + (ec50 * (1 + inhibitor / kb)) ** slope)
            return shifted

        ic50 = kb * ((2 + times**slope) ** (1 / slope) - 1)
        assert response(ic50) == pytest.approx(response(0.0) / 2, rel=1e-9)
        assert conversion.leff_dougall(ic50, agonist, ec50, slope) == pytest.approx(kb, rel=1e-9)

    def test_the_plus_that_circulates_is_not_used(self):
        right = conversion.munson_rodbard(19.148612567149, 1.0, 0.8, 1.7110721925562)
        assert right == pytest.approx(5.0, rel=1e-9)
        assert right + 2 * 0.8 * 1.7110721925562 / 3.7110721925562 == pytest.approx(5.74, abs=0.01)

    def test_arrays_go_through(self):
        found = conversion.cheng_prusoff(np.array([35.0, 70.0]), np.array([1.0, 1.0]), np.array([0.8, 0.8]))
        assert found == pytest.approx([15.5555556, 31.1111111])

    def test_receptor_total_from_bound_over_free(self):
        assert conversion.receptor_total(1.7110721925562, 1.0, 0.8) == pytest.approx(2.0, rel=1e-9)

    def test_homologous(self):
        assert conversion.homologous_kd(5.0, 1.0) == 4.0
        assert conversion.homologous_bmax(200.0, 5.0, 1.0) == 1000.0
        with pytest.raises(InputError, match="less radioligand"):
            conversion.homologous_kd(0.9, 1.0)

    def test_all_that_is_wrong_is_said_at_once(self):
        with pytest.raises(InputError) as caught:
            conversion.cheng_prusoff(-1.0, -2.0, 0.0)
        assert len(caught.value.problems) == 3

    def test_an_ic50_that_only_titrates_is_refused(self):
        with pytest.raises(InputError, match="E-TIGHT"):
            conversion.munson_rodbard(0.5, 1.0, 0.8, 1.711)
        with pytest.raises(InputError, match="E-TIGHT"):
            conversion.nikolovska_coleska(0.5, 1.0, 0.8, 1.711)
        with pytest.raises(InputError, match="smaller one"):
            conversion.implied_kd(10.0, 12.0, 1.0)


class TestPropagation:
    IC50 = Estimate("IC50", 35 * NM, "M", 28 * NM, 47 * NM, method="profile likelihood", log10_se=0.05)

    def test_shares_add_up_with_correlation(self):
        for correlation in (0.0, 0.5, -0.5):
            found = propagate(Measured(-7.456, 0.045), Measured(1.0, 0.05), Measured(0.8, 0.12), correlation)
            assert sum(found.shares.values()) == pytest.approx(1.0)
            assert ("[L] with Kd" in found.shares) == (correlation != 0)

    def test_a_shared_specific_activity_narrows(self):
        log_ic50, ligand, kd = Measured(-7.456, 0.045), Measured(1.0, 0.1), Measured(0.8, 0.08)
        together = propagate(log_ic50, ligand, kd, 1.0)
        assert together.se == pytest.approx(0.045, rel=1e-9)
        assert propagate(log_ic50, ligand, kd, 0.0).se > together.se

    def test_large_errors_are_drawn_and_agree_with_numerical_integration(self):
        log_ic50, ligand, kd = Measured(-7.456, 0.045), Measured(1.0, 0.05), Measured(0.8, 0.4)
        drawn = propagate(log_ic50, ligand, kd, seed=7)
        assert drawn.method.startswith("Monte Carlo")
        assert drawn == propagate(log_ic50, ligand, kd, seed=7)
        z = np.linspace(-8, 8, 4001)
        weight = np.exp(-z * z / 2)
        weight /= weight.sum()
        spread = math.hypot(ligand.log10_se, kd.log10_se)
        shift = -np.log10(1 + 10 ** (math.log10(1.25) + spread * z))
        variance = weight @ shift**2 - (weight @ shift) ** 2 + 0.045**2
        assert drawn.se == pytest.approx(math.sqrt(variance), rel=0.02)
        assert -drawn.low > 7.75
        assert abs((drawn.high + drawn.low) / 2 - drawn.log10_ki) > 0.01  # lopsided

    def test_exact_constants_leave_the_interval_of_the_ic50(self):
        found = ki_estimate(self.IC50, Measured(1 * NM), Measured(0.8 * NM))
        factor = 1 / 2.25
        assert found.ki.value == pytest.approx(35 * NM * factor)
        assert (found.ki.low, found.ki.high) == pytest.approx((28 * NM * factor, 47 * NM * factor))
        assert found.ki_without_kd_error.high == pytest.approx(found.ki.high)
        assert found.pki.value == pytest.approx(7.8081144737611)
        assert found.pki.se == pytest.approx(0.05)

    def test_symmetric_small_errors_give_the_delta_interval(self):
        half = 1.959963985 * 0.045
        ic50 = Estimate("IC50", 10**-7.456, "M", 10 ** (-7.456 - half), 10 ** (-7.456 + half), log10_se=0.045)
        ligand, kd = Measured(1 * NM, 0.01 * NM), Measured(0.8 * NM, 0.012 * NM)
        exact = ki_estimate(ic50, ligand, kd).ki
        delta = propagate(Measured(-7.456, 0.045), ligand, kd)
        assert math.log10(exact.low) == pytest.approx(delta.low, abs=2e-4)
        assert math.log10(exact.high) == pytest.approx(delta.high, abs=2e-4)

    def test_the_error_of_kd_widens(self):
        kd = Constant(0.8 * NM, 0.12 * NM, "M", "saturation, same membranes")
        found = ki_estimate(self.IC50, Measured(1 * NM, 0.05 * NM), kd)
        assert found.ki.low < found.ki_without_kd_error.low < 28 * NM / 2.25
        assert found.ki.high > found.ki_without_kd_error.high > 47 * NM / 2.25
        assert found.ki_without_kd_error.value == found.ki.value

    def test_the_log_error_of_a_constant_goes_first(self):
        plain = Constant(0.8 * NM, 0.12 * NM, "M", "x")
        logged = Constant(0.8 * NM, math.nan, "M", "x", log10_se=0.15 / math.log(10))
        first, second = (ki_estimate(self.IC50, Measured(1 * NM), kd) for kd in (plain, logged))
        assert first.ki.high == pytest.approx(second.ki.high)

    @pytest.mark.parametrize(("low", "high"), [(0.0, 47 * NM), (28 * NM, math.inf), (math.nan, math.nan)])
    def test_open_sides_stay_open(self, low, high):
        ic50 = Estimate("IC50", 35 * NM, "M", low, high, log10_se=0.1)
        found = ki_estimate(ic50, Measured(1 * NM, 0.1 * NM), Measured(0.8 * NM, 0.1 * NM))
        for before, after in ((low, found.ki.low), (high, found.ki.high)):
            if math.isnan(before):
                assert math.isnan(after)
            elif before in (0.0, math.inf):
                assert after == before
        if high == math.inf:
            assert found.pki.low == -math.inf

    def test_a_bound_stays_a_bound(self):
        bound = Estimate("IC50", 1e-5, "M", relation=Relation.ABOVE)
        found = ki_estimate(bound, Measured(1 * NM, 0.1 * NM), Measured(0.8 * NM, 0.1 * NM))
        assert found.ki.relation is Relation.ABOVE
        assert found.pki.relation is Relation.BELOW
        assert str(found.ki) == "Ki > 4.44 µM"

    @pytest.mark.parametrize("kd_se", [0.1, 0.4])
    def test_a_bound_has_no_shares(self, kd_se):
        bound = Estimate("IC50", 1e-5, "M", relation=Relation.ABOVE)
        found = ki_estimate(bound, Measured(1 * NM, 0.1 * NM), Measured(0.8 * NM, kd_se * NM))
        assert found.shares == {}
        assert math.isnan(found.ki.log10_se)

    def test_an_ic50_of_nothing_is_refused(self):
        for value in (0.0, math.nan):
            with pytest.raises(InputError, match="gives no Ki"):
                ki_estimate(Estimate("IC50", value, "M"), Measured(1 * NM), Measured(0.8 * NM))

    def test_missing_errors_are_asked_for(self):
        with pytest.raises(InputError, match="E-SE"):
            ki_estimate(self.IC50, Measured(1 * NM, math.nan), Measured(0.8 * NM))
        with pytest.raises(InputError, match="E-CONVERSION"):
            ki_estimate(self.IC50, Measured(1 * NM), Measured(0.0))

    def test_coverage_of_the_combined_interval(self):
        rng = np.random.default_rng(33)
        truth, ligand, kd, hits, n = -8.0, 1.0, 0.8, 0, 1500
        for _ in range(n):
            log_ic50 = truth + math.log10(1 + ligand / kd) + 0.06 * rng.standard_normal()
            half = 1.959963985 * 0.06
            ic50 = Estimate(
                "IC50",
                10**log_ic50,
                "M",
                10 ** (log_ic50 - half),
                10 ** (log_ic50 + half),
                log10_se=0.06,
            )
            found = ki_estimate(
                ic50,
                _lognormal(ligand, 0.03, rng),
                _lognormal(kd, 0.07, rng),
            )
            hits += found.ki.low <= 10**truth <= found.ki.high
        assert hits / n == pytest.approx(0.95, abs=0.015)


def _lognormal(value, log10_se, rng):
    seen = value * 10 ** (log10_se * rng.standard_normal())
    return Measured(seen, seen * log10_se * math.log(10))


class TestPooling:
    def test_values(self):
        found = pool("x", ("a", "b", "c"), (ki(4e-9), ki(5e-9), ki(7e-9)))
        assert found.estimate.value == pytest.approx((4 * 5 * 7) ** (1 / 3) * 1e-9)
        assert found.p_estimate.name == "pKi"
        assert found.p_estimate.se == pytest.approx(found.estimate.log10_se)
        assert found.n == 3
        assert "Geometric mean of 3" in found.sentence

    def test_only_concentrations_have_a_p_value(self):
        bmax = Estimate("Bmax", 4e-10, "mol/g", 3e-10, 5e-10)
        assert pool("x", ("a", "b"), (bmax, bmax)).p_estimate is None

    def test_one_experiment_says_nothing_about_reproducibility(self):
        one = Estimate("Ki", 4e-9, "M", 3e-9, 5e-9, method="profile likelihood")
        found = pool("x", ("a",), (one,))
        assert found.estimate == one
        assert "nothing about reproducibility" in found.sentence
        mean = geometric_mean([4e-9])
        assert math.isnan(mean.low)
        assert math.isnan(mean.sd_factor)

    def test_without_bounds_the_likelihood_gives_the_t_interval(self):
        values = np.array([4.1e-9, 5.9e-9, 5.2e-9, 3.6e-9, 6.4e-9])
        plain, likely = geometric_mean(values), censored_mean(np.log10(values))
        assert 10**likely.log10_mean == pytest.approx(plain.value, rel=1e-6)
        assert 10**likely.low == pytest.approx(plain.low, rel=1e-5)
        assert 10**likely.high == pytest.approx(plain.high, rel=1e-5)

    def test_directions_mirror_each_other(self):
        logs, bound = np.array([-5.07, -5.2, -5.04]), np.array([-5.0])
        up, down = censored_mean(logs, above=bound), censored_mean(-logs, below=-bound)
        assert up.log10_mean == pytest.approx(-down.log10_mean, abs=1e-7)
        assert up.low == pytest.approx(-down.high, abs=1e-6)
        assert up.high == pytest.approx(-down.low, abs=1e-6)

    def test_a_far_bound_that_agrees_changes_nothing(self):
        logs = np.array([-5.07, -5.2, -5.04])
        assert censored_mean(logs, above=np.array([-9.0])).log10_mean == pytest.approx(logs.mean(), abs=1e-6)

    def test_values_and_bounds(self):
        each = (ki(8.5e-6), ki(6.2e-6), ki(9.1e-6), ki(1e-5, Relation.ABOVE), ki(1e-5, Relation.ABOVE))
        found = pool("x", tuple("abcde"), each)
        assert found.estimate.value == pytest.approx(9.305e-6, rel=1e-3)
        assert found.estimate.relation is Relation.EQUAL
        assert found.estimate.low < 9.305e-6 < found.estimate.high
        assert "2 gave only a bound" in found.sentence

    @pytest.mark.parametrize(
        ("each", "value", "relation"),
        [
            ((ki(1e-5, Relation.ABOVE), ki(3e-6, Relation.ABOVE)), 1e-5, Relation.ABOVE),
            ((ki(1e-10, Relation.BELOW), ki(3e-11, Relation.BELOW)), 3e-11, Relation.BELOW),
            ((ki(1e-6, Relation.ABOVE), ki(1e-4, Relation.BELOW)), 1e-5, Relation.ABOUT),
            ((ki(1e-4, Relation.ABOVE), ki(1e-6, Relation.BELOW)), math.nan, Relation.ABOUT),
            ((ki(2e-5), ki(1e-5, Relation.ABOVE)), 2e-5, Relation.EQUAL),
            ((ki(8e-6), ki(1e-5, Relation.ABOVE)), 8e-6, Relation.ABOVE),
            ((ki(2e-10), ki(1e-10, Relation.BELOW)), 2e-10, Relation.BELOW),
            ((ki(5e-6), ki(1e-5, Relation.ABOVE), ki(1e-6, Relation.BELOW)), 5e-6, Relation.ABOUT),
            ((ki(2e-5, Relation.ABOUT), ki(3e-5)), math.sqrt(6) * 1e-5, Relation.ABOUT),
        ],
    )
    def test_what_bounds_leave(self, each, value, relation):
        found = pool("x", tuple(str(i) for i in range(len(each))), each)
        assert found.estimate.value == pytest.approx(value, nan_ok=True)
        assert found.estimate.relation is relation
        assert found.p_estimate.relation is relation.flipped
        assert found.sentence.endswith(".")

    def test_the_order_does_not_matter(self):
        each = [ki(8.5e-6), ki(1e-5, Relation.ABOVE), ki(6.2e-6), ki(9.1e-6)]
        first = pool("x", tuple("abcd"), each).estimate
        second = pool("x", tuple("dcba"), each[::-1]).estimate
        assert second.value == pytest.approx(first.value, rel=1e-6)
        assert second.high == pytest.approx(first.high, rel=1e-5)

    @pytest.mark.slow
    def test_coverage_with_bounds(self):
        rng = np.random.default_rng(36)
        truth, limit, hits, n = -5.1, -5.0, 0, 300
        for _ in range(n):
            logs = truth + 0.15 * rng.standard_normal(6)
            seen = logs[logs < limit]
            if np.unique(seen).size < 2:
                hits += 1  # refused: nothing wrong is claimed
                continue
            found = censored_mean(seen, above=np.full(6 - seen.size, limit))
            hits += found.low <= truth <= found.high
        assert hits / n >= 0.92

    def test_wrong_use(self):
        with pytest.raises(InputError, match="E-POOL"):
            pool("x", ("a",), ())
        with pytest.raises(InputError, match="positive"):
            geometric_mean([1.0, -2.0])
        with pytest.raises(InputError, match="two different"):
            censored_mean(np.array([-5.0]), above=np.array([-5.0]))


class TestAgreement:
    def test_the_same_run_twice_agrees_fully(self):
        study = replicate_experiment([1, 10, 100], [1, 10, 100])
        assert (study.msr, study.mean_ratio, study.passes) == (1.0, 1.0, True)

    def test_a_noisy_assay_does_not_pass(self):
        assert not replicate_experiment([1, 10, 100, 1000], [3, 4, 300, 300]).passes

    def test_runs_must_match(self):
        with pytest.raises(InputError, match="same compounds"):
            replicate_experiment([1, 2, 3], [1, 2, 3, 4])
        with pytest.raises(InputError, match="at least 3"):
            replicate_experiment([1, 2], [1, 2])
