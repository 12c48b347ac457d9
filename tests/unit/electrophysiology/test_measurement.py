"""Amplitudes come back from simulated sweeps: peak, plateau, leak, pulses; a sweep that cannot be read says why."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from prusoff.core.errors import InputError
from prusoff.core.recording import Channel, Recording, Sweep
from prusoff.electrophysiology.end_points import blanked, peak, plateau
from prusoff.electrophysiology.measurement import measured
from prusoff.electrophysiology.plan import Plan
from prusoff.simulation.voltage_clamp import Gated, Patch, Rig, recorded, steps
from prusoff.workbench.reading import read

GOLDEN = Path(__file__).parents[2] / "golden" / "readers"
QUIET = Patch(noise_a=0.0)
LEAKY = Patch(membrane_ohm=300e6, leak_reversal_v=-0.02, noise_a=0.0, cancelled=1.0)
TIGHT = Patch(membrane_ohm=1e12, noise_a=0.0, cancelled=1.0)
# rest, a small step for the leak, rest, the test step, rest
COMMAND = steps((0.02, -0.120), (0.02, -0.130), (0.02, -0.120), (0.02, -0.010), (0.01, -0.120))
SLOW = Gated(rise_s=0.3e-3, fall_s=3e-3, stays=0.4)


def _one(patch=QUIET, gated=SLOW, peaks=(-2e-9,), command=COMMAND, test=4):
    commands = [command] * len(peaks)
    return recorded("cell", commands, [{test: one} for one in peaks], Rig(patch, gated), seed=3)


def test_the_peak_is_the_mean_of_three_samples_around_the_extreme():
    values, at = peak(np.array([[0.0, -1.0, -5.0, -3.0, 0.0], [0.0, 2.0, 1.0, 0.0, -9.0]]), "inward")
    assert list(at) == [2, 4]
    assert list(values) == [-3.0, -4.5]
    assert peak(np.array([0.0, 2.0, 7.0]), "outward")[0] == 4.5
    values, at = peak(np.array([[0.0, -1.0, -5.0, -3.0, 1.0], [0.0, 2.0, 4.0, 0.0, -3.0]]), "either")
    assert (values.tolist(), at.tolist()) == ([-3.0, 2.0], [2, 2])


def test_the_plateau_is_the_mean_of_the_last_tenth():
    assert plateau(np.arange(100.0)) == np.mean(np.arange(90, 100))
    assert plateau(np.array([1.0, 2.0, 4.0])) == 4.0


def test_blanking_takes_off_the_first_samples():
    assert list(blanked(np.arange(6.0), 10e3, 0.3e-3)) == [3.0, 4.0, 5.0]


def test_peak_and_plateau_come_back():
    plan = Plan(("peak", "plateau"), epochs=(4,), leak="holding", blank_s=0.4e-3)
    found = measured(_one(TIGHT, peaks=(-2e-9, -1e-9)), plan)
    assert [(one.sweep, one.end_point) for one in found] == [
        (0, "peak"),
        (0, "plateau"),
        (1, "peak"),
        (1, "plateau"),
    ]
    assert found[0].current == pytest.approx(-2e-9, rel=2e-3)
    assert found[2].current == pytest.approx(found[0].current / 2, rel=1e-3)
    assert found[1].current == pytest.approx(-2e-9 * SLOW.shape(np.array([0.019]))[0], rel=0.01)
    assert found[2].time_s == 10.0
    assert found[0].window == (pytest.approx(0.0604), pytest.approx(0.08))
    assert 0.0604 <= found[0].at_s < 0.064


@pytest.mark.parametrize(
    ("leak", "right"), [("none", False), ("holding", False), ("ohmic", True), ("P/N", True)]
)
def test_only_an_ohmic_leak_is_right_at_another_potential(leak, right):
    plan = Plan(("peak",), epochs=(4,), leak=leak, leak_epochs=(2,) if leak in ("ohmic", "P/N") else ())
    found = measured(_one(LEAKY, peaks=(-400e-12,)), plan)[0]
    assert (found.current == pytest.approx(-400e-12, rel=3e-3)) is right
    assert found.quality["leak"] == pytest.approx(-0.1 / 308e6, rel=1e-3)


def test_p_over_n_takes_off_the_capacitive_current_too():
    patch = replace(LEAKY, cancelled=0.0)
    found = {
        leak: measured(
            _one(patch, peaks=(-400e-12,)), Plan(epochs=(4,), leak=leak, leak_epochs=(2,), blank_s=0.0)
        )[0].current
        for leak in ("ohmic", "P/N")
    }
    assert found["P/N"] == pytest.approx(-400e-12, rel=3e-3)
    assert abs(found["ohmic"] + 400e-12) > 1e-11 or found["ohmic"] == pytest.approx(-400e-12, rel=0.05)


def test_the_potential_is_the_one_that_is_asked_for():
    command = steps((0.01, -0.120), (0.05, -0.070), (0.02, -0.010), (0.01, -0.120))
    recording = _one(command=command, test=3)
    levels = {
        name: measured(recording, Plan(epochs=(3,), voltage=name))[0].potential
        for name in ("holding", "prepulse", "test")
    }
    assert levels == {"holding": -0.120, "prepulse": -0.070, "test": -0.010}
    assert np.isnan(measured(recording, Plan(epochs=(3,)))[0].potential)


def test_a_train_gives_one_amplitude_for_each_pulse():
    parts = [(0.01, -0.1)] + [(0.01, -0.01), (0.04, -0.1)] * 3
    recording = recorded("cell", [steps(*parts)], [{2: -1e-9, 4: -0.8e-9, 6: -0.7e-9}], Rig(TIGHT), seed=1)
    found = measured(recording, Plan(epochs=(2, 4, 6), leak="holding"))
    assert [one.pulse for one in found] == [1, 2, 3]
    assert [one.time_s for one in found] == pytest.approx([0.0, 0.05, 0.1])
    assert [one.current / found[0].current for one in found] == pytest.approx([1, 0.8, 0.7], rel=0.02)


def test_the_membrane_test_stands_in_the_quality():
    command = steps((0.02, -0.07), (0.03, -0.08), (0.02, -0.07), (0.02, 0.0))
    found = measured(
        _one(Patch(10e6, 400e6, 20e-12, noise_a=0.0), command=command), Plan(epochs=(4,), membrane_epoch=2)
    )[0]
    assert found.quality["series_resistance"] == pytest.approx(10e6, rel=0.02)
    assert found.quality["seal_resistance"] == pytest.approx(400e6, rel=0.01)
    assert found.quality["capacitance"] == pytest.approx(20e-12, rel=0.02)


def test_times_do_where_the_file_knows_no_command():
    recording = _one()
    bare = replace(
        recording, sweeps=tuple(replace(one, command=()) for one in recording.sweeps), command_unit=""
    )
    by_times = measured(bare, Plan(start_s=0.06, end_s=0.08, leak="holding"))[0]
    by_epoch = measured(recording, Plan(epochs=(4,), leak="holding"))[0]
    assert by_times.current == by_epoch.current
    assert by_times.quality["leak"] == pytest.approx(by_epoch.quality["leak"], rel=1e-2)


def test_sweeps_that_cannot_be_read_are_kept_and_say_why():
    recording = _one(peaks=(-2e-9, -2e-9, -2e-9, -2e-9))
    first, second, third, fourth = recording.sweeps
    holed = third.samples.copy()
    holed[0, 3300] = np.nan
    sweeps = (
        replace(first, set_aside="it holds no samples"),
        replace(second, samples=second.samples[:, :3500]),
        replace(third, samples=holed),
        fourth,
    )
    found = measured(replace(recording, sweeps=sweeps), Plan(epochs=(4,)))
    assert [one.sweep for one in found] == [0, 1, 2, 3]
    assert found[0].set_aside == "it holds no samples"
    assert found[1].set_aside == "the window ends at 80 ms, the sweep at 70 ms"
    assert found[2].set_aside == "a sample of the window is no number"
    assert found[3].set_aside == ""


def _clipped(low_pa):
    """A sweep that leaves the range of the converter below so many pA, as a reader hands it over."""
    recording = _one(Patch(membrane_ohm=1e12, noise_a=0.0))
    samples = np.maximum(recording.sweeps[0].samples, low_pa)
    sweep = replace(
        recording.sweeps[0], samples=samples, set_aside="channel 'current' stands ...: it is clipped"
    )
    return replace(recording, sweeps=(sweep,))


def test_a_sweep_that_is_clipped_where_nothing_is_read_is_measured():
    plan = Plan(("peak",), epochs=(4,), leak="holding", blank_s=0.5e-3)
    found = measured(_clipped(-3000.0), plan)[
        0
    ]  # the transients of some 14 nA are clipped, the current is not
    assert found.set_aside == ""
    assert found.current == measured(_one(Patch(membrane_ohm=1e12, noise_a=0.0)), plan)[0].current
    over = measured(_clipped(-1500.0), plan)[0]
    assert over.set_aside.endswith("it is clipped")
    step = measured(_clipped(-1000.0), replace(plan, membrane_epoch=2))[0]
    assert step.set_aside.endswith("it is clipped")


def test_a_real_reader_and_the_measurement_speak_of_the_same_clipping():
    recording = read(GOLDEN / "axon_abf__clipped.abf").recordings[0]
    at = 106 / recording.sampling_hz  # the first of 34 clipped samples of sweep 0
    over = measured(recording, Plan(start_s=at - 1e-3, end_s=at + 2e-3, blank_s=0.0))
    apart = measured(recording, Plan(start_s=at + 5e-3, end_s=at + 10e-3, blank_s=0.0, baseline_s=1e-3))
    assert [bool(one.set_aside) for one in over] == [True, False]
    assert [bool(one.set_aside) for one in apart] == [False, False]


def test_a_window_that_is_blanked_whole_is_no_window():
    found = measured(_one(), Plan(epochs=(4,), blank_s=0.02))[0]
    assert found.set_aside == "the window of 20 ms is blanked whole"


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan(), "nothing says where"),
        (Plan(epochs=(4,), start_s=0.0, end_s=0.1), "stated twice"),
        (Plan((), epochs=(4,)), "no end point"),
        (Plan(epochs=(9,)), "the command of sweep 0 has no part 9"),
        (Plan(epochs=(4,), leak="ohmic"), "needs the parts of the command"),
        (Plan(epochs=(4,), leak="ohmic", leak_epochs=(3,)), "needs currents at two potentials"),
        (Plan(epochs=(4,), leak="P/N", leak_epochs=(5,)), "differ in length"),
        (Plan(epochs=(4,), membrane_epoch=3, channel=1), "channel 2 of cell holds no current"),
        (Plan(start_s=0.0, end_s=0.02, leak="holding"), "needs the current before the window"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(plan, said):
    with pytest.raises(InputError, match=said):
        measured(_one(), plan)


def test_a_potential_is_no_current():
    recording = _one()
    volts = replace(recording, channels=(Channel("Vm", "mV", 1e-3),))
    with pytest.raises(InputError, match="holds no current"):
        measured(volts, Plan(epochs=(4,)))


def test_sweeps_are_measured_alone_or_together_alike():
    recording = recorded(
        "cell", [COMMAND] * 5, [{4: -1e-9 * n} for n in range(1, 6)], Rig(Patch(), SLOW), seed=8
    )
    plan = Plan(("peak", "plateau"), epochs=(4,), leak="P/N", leak_epochs=(2,), membrane_epoch=2)
    together = measured(recording, plan)
    alone = [one for sweep in recording.sweeps for one in measured(replace(recording, sweeps=(sweep,)), plan)]
    assert [one.current for one in together] == [one.current for one in alone]
    assert [one.quality["capacitance"] for one in together] == pytest.approx(
        [one.quality["capacitance"] for one in alone], rel=1e-6
    )


def test_thousands_of_sweeps_are_measured_at_once():
    samples = np.zeros((1, 1000), dtype=np.float32)
    command = steps((0.01, -0.1), (0.01, 0.0))
    sweeps = tuple(Sweep(n, float(n), samples, command) for n in range(3000))
    recording = Recording("cell", (Channel("I", "pA", 1e-12),), 50e3, sweeps, command_unit="V")
    found = measured(recording, Plan(epochs=(2,)))
    assert [one.sweep for one in found] == list(range(3000))


def test_levels_of_32_bit_are_the_levels_that_were_commanded():
    recording = _one()
    rounded = tuple(
        replace(part, level=float(np.float32(part.level)), end_level=float(np.float32(part.end_level)))
        for part in COMMAND
    )
    sweeps = tuple(replace(one, command=rounded) for one in recording.sweeps)
    plan = Plan(epochs=(4,), voltage="holding", membrane_epoch=2)
    found, plain = (measured(one, plan)[0] for one in (replace(recording, sweeps=sweeps), recording))
    assert found.potential == -0.12
    assert found.quality == plain.quality
    assert {"leak", "series_resistance", "seal_resistance", "capacitance"} == set(found.quality)
