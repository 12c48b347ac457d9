"""Recordings of cells become wells: what was applied in which sweep, measured and gated, nothing dropped."""

import datetime as dt
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from prusoff.core.assay import Needs
from prusoff.core.errors import InputError, PrusoffError
from prusoff.core.plate import QUALITIES, Role
from prusoff.core.reader import RawData
from prusoff.core.recording import Channel, Recording, Sweep, Tag
from prusoff.electrophysiology.measurement import measured
from prusoff.electrophysiology.plan import Plan
from prusoff.simulation.voltage_clamp import Gated, Patch, Rig, recorded, steps
from prusoff.workbench.applications import Application
from prusoff.workbench.experiments import experiments_of
from prusoff.workbench.runfile import parse_runfile
from prusoff.workbench.traces import MOST_POINTS, thinned, traces_of
from prusoff.workbench.wells import NOTHING

NEEDS = Needs((Role.TOTAL,), "", ("time", "voltage", "end_point", "pulse", *QUALITIES), (Role.WASH,))
# rest, membrane test, rest, test step, rest
COMMAND = steps((0.01, -0.100), (0.02, -0.110), (0.02, -0.100), (0.02, -0.010), (0.005, -0.100))
PATCH = Patch(series_ohm=6e6, membrane_ohm=1.5e9, noise_a=1e-12)
PEAKS = [-1e-9] * 6 + [-0.5e-9] * 6 + [-0.95e-9] * 4
TAGS = (Tag(61.0, "+ atomoxetine 3 uM"), Tag(121.0, "wash"))
HEAD = """
[run]
title = "Block of a sodium current"
assay = "none yet"
"""
MEASURE = """
[measure.default]
end_point = "peak"
sign = "inward"
epoch = 4
leak = "P/N"
leak_epoch = 2
membrane_test = 2
"""
CELL = """
[[experiment]]
file = "cell1.nwb"
name = "cell 1"
cell = { compensation = "70 %" }
"""
APPLIED = """
[[experiment.applied]]
sweeps = "0-5"
role = "control"
[[experiment.applied]]
sweeps = "6-11"
compound = "atomoxetine"
concentration = "3 uM"
[[experiment.applied]]
sweeps = "12-"
role = "wash"
"""


def cell(name="cell1", peaks=PEAKS, patch=PATCH, tags=TAGS, seed=4, **more):
    made = recorded(
        name, [COMMAND] * len(peaks), [{4: one} for one in peaks], Rig(patch, Gated()), seed=seed, tags=tags
    )
    return replace(made, **more)


def experiments(text, *recordings, needs=NEEDS):
    recordings = recordings or (cell(),)
    by_file = {f"{one.name}.nwb": one for one in recordings}

    def read(path: Path, reader: str | None) -> RawData:
        return RawData("nwb", path.name, f"sha of {path.name}", recordings=(by_file[path.name],))

    return experiments_of(parse_runfile(text, "run.toml"), Path(), read, needs)


def test_every_sweep_becomes_a_well_with_what_was_applied():
    (found,) = experiments(
        HEAD + MEASURE.replace("leak_epoch", "blank = '0 ms'\nleak_epoch") + CELL + APPLIED
    )
    assert found.name == "cell 1"
    assert len(found.wells) == 16
    assert [well.treatment.role for well in found.wells] == [Role.TOTAL] * 6 + [Role.COMPOUND] * 6 + [
        Role.WASH
    ] * 4
    well = found.wells[6]
    assert (well.position, well.source, well.unit) == ("sweep 6", "cell1.nwb > sweep 6", "A")
    assert (well.treatment.compound, well.treatment.concentration_molar) == ("atomoxetine", 3e-6)
    assert (well.treatment.time_s, well.treatment.end_point) == (60.0, "peak")
    assert well.signal == pytest.approx(-0.5e-9, rel=0.05)
    assert well.quality["series_resistance"] == pytest.approx(6e6, rel=0.1)
    assert well.quality["seal_resistance"] == pytest.approx(1.5e9, rel=0.1)
    assert well.quality["compensation"] == 0.7
    assert all(one.used for one in found.wells)
    assert {one.extra["gates"] for one in found.wells} == {"passed"}


def test_tags_of_the_recording_say_the_same():
    by_tags = """
[[experiment.applied]]
until = "+ atomoxetine"
role = "control"
[[experiment.applied]]
since = "+ atomoxetine"
compound = "atomoxetine"
concentration = "3 uM"
[[experiment.applied]]
since = "wash"
role = "wash"
"""
    (told,) = experiments(HEAD + MEASURE + CELL + by_tags)
    roles = [well.treatment.role for well in told.wells]
    # the sweep at 60 s began before the tag at 61 s
    assert roles == [Role.TOTAL] * 7 + [Role.COMPOUND] * 6 + [Role.WASH] * 3


def test_a_cell_that_has_not_settled_is_set_aside():
    settle = APPLIED.replace('"3 uM"', '"3 uM"\nsettle = "25 s"').replace(
        'role = "wash"', 'role = "wash"\nlast = 2'
    )
    (found,) = experiments(HEAD + MEASURE + CELL + settle)
    aside = {well.position: well.set_aside for well in found.wells if not well.used}
    assert aside == {
        "sweep 6": "within 25 s of the start of atomoxetine 3 µM",
        "sweep 7": "within 25 s of the start of atomoxetine 3 µM",
        "sweep 8": "within 25 s of the start of atomoxetine 3 µM",
        "sweep 12": "before the last 2 sweeps of wash",
        "sweep 13": "before the last 2 sweeps of wash",
    }


def test_a_sweep_that_nobody_names_is_kept_and_says_so():
    (found,) = experiments(HEAD + MEASURE + CELL + APPLIED.replace("12-", "14-"))
    aside = [well.set_aside for well in found.wells if not well.used]
    assert aside == ["no [[experiment.applied]] names this sweep"] * 2
    assert len(found.wells) == 16


def test_sweeps_can_be_left_out_with_a_reason():
    text = (
        APPLIED.replace("12-", "13-")
        + "[[experiment.applied]]\nsweeps = 12\nset_aside = 'solution exchange'\n"
    )
    (found,) = experiments(HEAD + MEASURE + CELL + text)
    assert [well.set_aside for well in found.wells if not well.used] == ["solution exchange"]


LOOSE = replace(PATCH, series_ohm=30e6, membrane_ohm=200e6)


def test_gates_set_sweeps_aside_by_the_limits_of_the_run_file():
    with pytest.raises(InputError, match="no cell has a control that can be used; cell 1: series resistance"):
        experiments(HEAD + MEASURE + CELL + APPLIED, cell(patch=LOOSE))
    gates = """
[measure.default.gates]
voltage_error = "100 mV"
series_resistance = "100 MOhm"
seal = "50 MOhm"
leak = "2 nA"
"""
    (wide,) = experiments(HEAD + MEASURE + gates + CELL + APPLIED, cell(patch=LOOSE))
    assert all(well.used for well in wide.wells)


def test_one_cell_that_fails_stops_none_of_the_others():
    text = (
        HEAD + MEASURE + CELL + APPLIED + CELL.replace("cell 1", "cell 2").replace("cell1", "cell2") + APPLIED
    )
    good, bad = experiments(text, cell(), cell("cell2", patch=LOOSE))
    assert all(well.used for well in good.wells)
    assert len(bad.wells) == 16
    assert all("seal or membrane resistance" in well.set_aside for well in bad.wells)
    assert bad.notes == (
        "cell 2 is set aside whole: no control before the compound of the cell is in use "
        f"({bad.wells[0].set_aside})",
    )


def test_peak_and_plateau_stand_apart():
    text = MEASURE.replace('"peak"', '["peak", "plateau"]')
    (found,) = experiments(HEAD + text + CELL + APPLIED)
    assert len(found.wells) == 32
    assert [well.position for well in found.wells[:2]] == ["sweep 0, peak", "sweep 0, plateau"]
    assert [well.treatment.end_point for well in found.wells[:2]] == ["peak", "plateau"]


def test_the_potential_is_that_of_the_level_that_is_named():
    (found,) = experiments(HEAD + MEASURE + "voltage = 'holding'\n" + CELL + APPLIED)
    assert {well.treatment.voltage_v for well in found.wells} == {-0.1}
    (told,) = experiments(HEAD + MEASURE + CELL + APPLIED.replace("role", "voltage = '-60 mV'\nrole", 1))
    assert told.wells[0].treatment.voltage_v == -0.06


def test_a_second_file_of_the_cell_has_its_times_from_the_clock():
    start = dt.datetime(2026, 3, 9, 10, 0, 0)
    control = cell("cell1", PEAKS[:6], started=start)
    drug = cell("cell1_drug", PEAKS[6:12], seed=5, started=start + dt.timedelta(minutes=3))
    text = """
[[experiment.applied]]
role = "control"
[[experiment.applied]]
file = "cell1_drug.nwb"
compound = "atomoxetine"
concentration = "3 uM"
"""
    (found,) = experiments(HEAD + MEASURE + CELL + text, control, drug)
    assert [well.treatment.time_s for well in found.wells[5:8]] == [50.0, 180.0, 190.0]
    assert found.wells[6].source == "cell1_drug.nwb > sweep 0"
    (untimed,) = experiments(HEAD + MEASURE + CELL + text, control, replace(drug, started=None))
    assert np.isnan(untimed.wells[6].treatment.time_s)
    assert "does not say when it was recorded" in untimed.notes[0]


def test_traces_of_every_application_are_kept_thinned():
    (found,) = experiments(HEAD + MEASURE + CELL + APPLIED)
    assert [(one.sweep, one.applied) for one in found.traces] == [
        (5, "control"),
        (11, "atomoxetine 3 µM"),
        (15, "wash"),
    ]
    trace = found.traces[0]
    assert trace.times.size <= MOST_POINTS
    inside = (trace.times >= trace.reads[0].start_s) & (trace.times < trace.reads[0].end_s)
    assert trace.currents[inside].min() == pytest.approx(-1e-9, rel=0.2)
    assert trace.reads[0].value == found.wells[5].signal


def test_thinning_loses_no_peak():
    values = np.zeros(100_000)
    values[777] = -5.0
    times, thin = thinned(np.arange(values.size) / 50e3, values)
    assert thin.size <= MOST_POINTS + 2
    assert thin.min() == -5.0
    assert (np.diff(times) > 0).all()


def test_two_cells_of_one_file_lie_in_their_channels():
    one = cell()
    both = replace(
        one,
        channels=(replace(one.channels[0], name="left"), replace(one.channels[0], name="right")),
        sweeps=tuple(replace(s, samples=np.concatenate((s.samples, 0.5 * s.samples))) for s in one.sweeps),
    )
    text = HEAD + MEASURE + "channel = 'left'\n" + MEASURE.replace("default", "right") + "channel = 'right'\n"
    text += "[measure.right.gates]\nvoltage_error = '1 V'\nseries_resistance = '1 GOhm'\n"
    text += CELL + APPLIED + CELL.replace("cell 1", "cell 2") + "measure = 'right'\n" + APPLIED
    left, right = experiments(text, both)
    assert right.wells[0].signal == pytest.approx(left.wells[0].signal / 2, rel=1e-6)
    assert left.wells[0].source == "cell1.nwb > sweep 0 > left"
    with pytest.raises(InputError, match="has 2 channels with a current"):
        experiments(HEAD + MEASURE + CELL + APPLIED, both)


@pytest.mark.parametrize(
    ("measure", "applied", "said"),
    [
        ("", APPLIED, "there is no table"),
        (MEASURE, "", "nothing says what was on the cell"),
        (MEASURE, APPLIED.replace("6-11", "5-11"), "sweep 5 is named here and at applied 1"),
        (MEASURE, APPLIED.replace("12-", "40-"), "no sweep of cell1 lies there; its sweeps are 0 to 15"),
        (MEASURE, APPLIED.replace("6-11", "11-6"), "ends before it begins"),
        (MEASURE, APPLIED.replace("6-11", "six"), "'six' names no sweeps"),
        (MEASURE, APPLIED.replace('sweeps = "12-"', 'since = "washout"'), "has no tag 'washout'"),
        (MEASURE, APPLIED.replace('sweeps = "12-"', 'sweeps = "12-"\nsince = "wash"'), "named twice"),
        (MEASURE, APPLIED.replace('concentration = "3 uM"', ""), "has no concentration"),
        (MEASURE.replace("epoch = 4", "epoch = 9"), APPLIED, "has no part 9"),
        (MEASURE.replace("epoch = 4", "epoch = 0"), APPLIED, "is no part of a command"),
        (MEASURE.replace('sign = "inward"\n', ""), APPLIED, "nobody says of which sign"),
        (MEASURE.replace("peak", "summit"), APPLIED, "there is no end point 'summit'"),
        (MEASURE + "channel = 'IN 7'\n", APPLIED, "has no channel 'IN 7'"),
        (MEASURE.replace("epoch = 4", "start = '20 ms'"), APPLIED, "nothing says where the current is read"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(measure, applied, said):
    with pytest.raises(PrusoffError, match=said) as caught:
        experiments(HEAD + measure + CELL + applied)
    assert "run.toml" in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_the_same_recording_twice_is_not_two_cells():
    text = HEAD + MEASURE + CELL + APPLIED + CELL.replace("cell 1", "cell 2") + APPLIED
    with pytest.raises(InputError, match="are those of experiment 'cell 1' again"):
        experiments(text)


def test_a_window_that_cannot_be_read_says_so():
    with pytest.raises(InputError, match="the window of 20 ms is blanked whole"):
        experiments(HEAD + MEASURE + "blank = '30 ms'\n" + CELL + APPLIED)


def test_a_recording_without_sweeps_is_refused():
    with pytest.raises(InputError, match=r"cell1\.nwb holds no sweep"):
        experiments(HEAD + MEASURE + CELL + APPLIED, replace(cell(), sweeps=()))


def test_an_assay_that_reads_no_potential_says_so():
    with pytest.raises(PrusoffError, match="wells state 'voltage'"):
        experiments(
            HEAD + MEASURE + "voltage = 'test'\n" + CELL + APPLIED,
            needs=Needs((Role.TOTAL,), "", (), (Role.WASH,)),
        )


def _continuous():
    """Twenty seconds of agonist every minute in one sweep; a blocker lowers the plateau and leaves the peak."""
    hz, times = 1000.0, np.arange(240_000) / 1000.0
    current = np.full(times.size, -20.0)
    for start, plateau in ((10.0, 0.5), (70.0, 0.2), (130.0, 0.48)):
        since = times - start
        on = (since >= 0) & (since < 20.0)
        current[on] -= 400.0 * (plateau + (1 - plateau) * np.exp(-since[on] / 2.0))
    sweep = Sweep(0, 0.0, current.astype(np.float32)[None])
    return Recording("cell1", (Channel("I", "pA", 1e-12),), hz, (sweep,))


CONTINUOUS = (
    """
[measure.default]
end_point = ["peak", "plateau"]
sign = "inward"
blank = "0 ms"
baseline = "2 s"
leak = "holding"
""",
    """
[[experiment.applied]]
start = "10 s"
end = "30 s"
role = "control"
[[experiment.applied]]
start = "70 s"
end = "90 s"
compound = "atomoxetine"
concentration = "25 uM"
second_compound = "NMDA"
second_concentration = "100 uM"
[[experiment.applied]]
start = "130 s"
end = "150 s"
role = "wash"
""",
)


def test_applications_of_a_continuous_recording_are_cut_out():
    measure, applied = CONTINUOUS
    needs = replace(NEEDS, columns=(*NEEDS.columns, "second_compound", "second_conc"))
    (found,) = experiments(HEAD + measure + CELL + applied, _continuous(), needs=needs)
    assert [well.position for well in found.wells[:3]] == [
        "application 1, peak",
        "application 1, plateau",
        "application 2, peak",
    ]
    peaks, plateaus = ([1e12 * well.signal for well in found.wells[at::2]] for at in (0, 1))
    assert peaks == pytest.approx([-400, -400, -400], rel=2e-3)
    assert plateaus == pytest.approx([-200, -80, -192], rel=2e-3)
    assert [well.treatment.time_s for well in found.wells[::2]] == [10.0, 70.0, 130.0]
    assert [well.quality["leak"] for well in found.wells] == pytest.approx([-20e-12] * 6)
    assert found.wells[2].treatment.second_compound == "NMDA"
    assert [one.applied for one in found.traces] == ["control", "atomoxetine 25 µM", "wash"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('end = "150 s"', 'end = "400 s"', "no sweep of cell1 holds 130 to 400 s"),
        ('end = "150 s"', "", "has no start and end"),
        ('start = "130 s"\nend = "150 s"', "sweeps = 0", "others by sweeps"),
        ('end = "150 s"', 'end = "150 s"\nsweeps = 0', "is named twice"),
        ('leak = "holding"', 'leak = "holding"\nepoch = 2', "time of each application already"),
    ],
)
def test_what_is_wrong_with_times_is_told(old, new, said):
    measure, applied = (one.replace(old, new) for one in CONTINUOUS)
    needs = replace(NEEDS, columns=(*NEEDS.columns, "second_compound", "second_conc"))
    with pytest.raises(PrusoffError, match=said):
        experiments(HEAD + measure + CELL + applied, _continuous(), needs=needs)


def test_of_families_of_steps_as_many_sweeps_are_drawn_of_everything_applied():
    levels = np.arange(-0.08, 0.001, 0.01)
    commands = [steps((0.01, -0.12), (0.01, level)) for level in levels] * 3
    found = recorded("cell", commands, [{2: -1e-9}] * len(commands), seed=1)
    labels = [name for name in ("control", "lidocaine 100 µM", "wash") for _ in levels]
    applied = {number: Application(NOTHING, label, "default") for number, label in enumerate(labels)}
    amplitudes = measured(found, Plan(epochs=(2,), voltage="test"))
    traces = traces_of(found, 0, amplitudes, applied)
    assert [one.applied for one in traces] == [name for name in dict.fromkeys(labels) for _ in range(4)]
    assert {one.potential for one in traces[:4]} == {one.potential for one in traces[4:8]}
    assert [traces[0].potential, traces[3].potential] == pytest.approx([-0.08, 0.0])
    single = traces_of(found, 0, [replace(one, potential=-0.12) for one in amplitudes], applied)
    assert [one.sweep for one in single] == [8, 17, 26]
    assert all(math.isnan(one.potential) for one in single)
