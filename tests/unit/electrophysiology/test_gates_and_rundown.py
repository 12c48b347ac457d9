"""Gates say why a sweep is not used; run-down is corrected between controls, or left as a range without a wash."""

import math

import numpy as np
import pytest

from prusoff.checks import recording as checks
from prusoff.core.check import Severity
from prusoff.core.errors import InputError
from prusoff.core.plate import Role, Treatment, Well
from prusoff.electrophysiology.gates import Limits, gate, gate_facts, gated, quality_at_start
from prusoff.electrophysiology.rundown import inhibition, rundown_of
from prusoff.electrophysiology.series_resistance import voltage_error


def _well(current=-1e-9, time=0.0, unit="A", set_aside="", **quality):
    what = Treatment(Role.TOTAL, time_s=time)
    return Well("cell", "", f"sweep {time:g}", what, current, unit, set_aside=set_aside, quality=quality)


GOOD = {"series_resistance": 8e6, "seal_resistance": 1e9, "leak": -30e-12, "compensation": 0.7}


class TestGates:
    def test_the_error_of_the_potential(self):
        assert voltage_error(-2e-9, 8e6, 0.7) == pytest.approx(-4.8e-3)
        assert voltage_error(-2e-9, 8e6) == pytest.approx(-16e-3)
        assert voltage_error(-2e-9, 8e6, math.nan) == pytest.approx(-16e-3)

    def test_a_good_sweep_passes(self):
        assert gated(_well(**GOOD)) == ""

    def test_what_was_not_measured_is_not_judged(self):
        assert gated(_well()) == ""
        assert gated(_well(unit="%", series_resistance=8e6)) == ""

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"compensation": 0.0}, "series resistance makes an error of 8 mV (limit 5 mV)"),
            ({"series_resistance": 30e6, "compensation": 0.9}, "series resistance 30 MΩ (limit 25 MΩ)"),
            ({"seal_resistance": 90e6}, "seal or membrane resistance 90 MΩ (at least 500 MΩ)"),
            ({"leak": -340e-12}, "leak −340 pA (limit 200 pA)"),
        ],
    )
    def test_a_bad_sweep_says_which_gate(self, change, said):
        assert gated(_well(**{**GOOD, **change})) == said

    def test_all_gates_that_fail_are_told(self):
        assert gated(_well(**{**GOOD, "seal_resistance": 9e7, "leak": -4e-10})).count(";") == 1

    def test_changes_count_from_the_first_sweep_by_time(self):
        start = _well(**GOOD, time=0.0)
        late = _well(**{**GOOD, "series_resistance": 12e6, "leak": -150e-12}, time=60.0)
        judged = gate((late, start))
        assert judged[1].set_aside == ""
        assert judged[0].set_aside == (
            "series resistance changed by 50 % (limit 25 %); holding current drifted by −120 pA (limit 100 pA)"
        )
        assert judged[0].extra["gates"] == judged[0].set_aside
        assert judged[1].extra["gates"] == "passed"

    def test_without_times_the_median_is_the_start(self):
        wells = [_well(**{**GOOD, "series_resistance": rs}, time=math.nan) for rs in (7e6, 8e6, 20e6)]
        assert quality_at_start(wells)["series_resistance"] == 8e6
        assert [bool(well.set_aside) for well in gate(wells)] == [False, False, True]
        assert [bool(well.set_aside) for well in gate(wells[::-1])] == [True, False, False]

    def test_a_sweep_is_judged_once(self):
        bad = _well(**{**GOOD, "leak": -340e-12})
        wide = gate((bad,), Limits(leak_a=1e-9))
        assert wide[0].set_aside == ""
        assert gate(wide) == wide

    def test_an_earlier_reason_stays(self):
        bad = gate((_well(**{**GOOD, "leak": -340e-12}, set_aside="clipped"),))[0]
        assert bad.set_aside == "clipped; leak −340 pA (limit 200 pA)"

    def test_the_checks_find_their_facts(self):
        wells = gate(
            (
                _well(**GOOD, time=0.0),
                _well(**{**GOOD, "compensation": 0.0}, time=1.0),
                _well(set_aside="clipped at the top of the range", time=2.0),
            )
        )
        facts = gate_facts(wells)
        assert facts["gated"] == 1
        ends = {check.name: check.apply(facts).severity for check in checks.OF_SWEEPS}
        assert ends == {
            "W-RS": Severity.WARN,
            "W-RS-CHANGE": Severity.PASS,
            "W-LEAK": Severity.PASS,
            "W-SEAL": Severity.PASS,
            "W-HOLD": Severity.PASS,
            "W-CLIP": Severity.WARN,
        }
        unknown = gate_facts((_well(),))
        assert checks.SERIES.apply(unknown).severity is Severity.NOT_ASSESSED
        assert checks.CLIP.apply(unknown).severity is Severity.PASS


class TestRundown:
    @pytest.mark.parametrize("shape", ["linear", "exponential"])
    def test_one_control_on_each_side_is_met(self, shape):
        found = rundown_of([-800.0], [0.0], [-600.0], [100.0], shape)
        assert found.control_at([0.0, 100.0]) == pytest.approx([-800.0, -600.0])
        middle = -700.0 if shape == "linear" else -math.sqrt(800.0 * 600.0)
        assert found.control_at(50.0) == pytest.approx(middle)
        assert found.lost == pytest.approx(0.25)

    def test_controls_on_the_line_are_met_whatever_their_number(self):
        times = np.array([0.0, 10.0, 20.0, 90.0, 100.0])
        linear, falling = 900.0 - 2.0 * times, 900.0 * np.exp(-times / 300.0)
        for shape, controls in (("linear", linear), ("exponential", falling)):
            found = rundown_of(controls[:3], times[:3], controls[3:], times[3:], shape)
            assert found.control_at(times) == pytest.approx(controls)

    def test_the_order_of_the_controls_does_not_matter(self):
        one = rundown_of([5.0, 4.8, 4.9], [0.0, 1.0, 2.0], [4.0, 4.2], [50.0, 51.0])
        two = rundown_of([4.9, 5.0, 4.8], [2.0, 0.0, 1.0], [4.2, 4.0], [51.0, 50.0])
        assert one.control_at(30.0) == pytest.approx(two.control_at(30.0), rel=1e-12)

    def test_a_true_block_comes_back_through_run_down(self):
        times = np.array([30.0, 60.0])
        control = lambda at: -1000.0 * (1 - 0.002 * np.asarray(at))  # noqa: E731
        found = inhibition(
            control(times) * [0.7, 0.4],
            times,
            rundown_of(control([0.0]), [0.0], control([90.0]), [90.0]),
        )
        assert found.value == pytest.approx([0.3, 0.6])
        assert found.accepted.all()
        assert (found.low == found.value).all()
        assert found.uncorrected == pytest.approx([1 - 0.7 * 0.94, 1 - 0.4 * 0.88])

    def test_a_wash_that_fails_leaves_a_range(self):
        rundown = rundown_of([-1000.0], [0.0], [-500.0], [100.0])
        found = inhibition(-300.0, 50.0, rundown)
        assert not found.accepted
        assert rundown.recovery(50.0) == pytest.approx(500 / 750)
        assert (found.low, found.high) == (pytest.approx(1 - 300 / 750), pytest.approx(1 - 300 / 1000))
        assert found.value == pytest.approx((found.low + found.high) / 2)

    def test_eighty_percent_is_enough(self):
        rundown = rundown_of([100.0], [0.0], [100 * 2 / 3], [100.0])
        assert rundown.recovery(50.0) == pytest.approx(0.8)
        assert rundown_of([100.0], [0.0], [67.0], [100.0]).accepted(50.0)
        assert not rundown_of([100.0], [0.0], [66.0], [100.0]).accepted(50.0)

    @pytest.mark.parametrize(
        ("after", "times", "said"),
        [
            ([], [], "no control after the drug"),
            ([4.0], [math.nan], "times of the controls are not stated"),
            ([4.0], [0.0], "all controls stand at one time"),
        ],
    )
    def test_without_controls_nothing_is_corrected(self, after, times, said):
        rundown = rundown_of([5.0], [0.0], after, times)
        assert said in rundown.reason
        found = inhibition([2.0], [10.0], rundown)
        assert not found.accepted.any()
        assert found.low == found.high == found.value == pytest.approx(0.6)

    def test_no_exponential_changes_its_sign(self):
        assert "sign" in rundown_of([5.0], [0.0], [-1.0], [10.0], "exponential").reason
        assert rundown_of([5.0], [0.0], [-1.0], [10.0]).reason == ""

    def test_a_control_before_the_drug_is_needed(self):
        with pytest.raises(InputError, match="no control before the drug"):
            rundown_of([], [], [4.0], [1.0])
