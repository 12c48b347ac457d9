"""From the recordings of an amplifier to an IC50: simulated sweeps as NWB, a run file, the command line, the report."""

import json

import numpy as np
import openpyxl
import pytest

from prusoff.core.recording import Tag
from prusoff.simulation.voltage_clamp import Gated, Patch, Rig, recorded, steps
from prusoff.workbench.written_recording import write_recording

IC50, HILL, CELLS = 3e-6, 1.0, 6
MOLAR = (1e-6, 3e-6, 1e-5, 3e-5)
SOLUTION = 6  # sweeps in each solution
# rest, a small step (membrane test, P/N), rest, the test step, rest
COMMAND = steps((0.01, -0.120), (0.02, -0.130), (0.02, -0.120), (0.02, -0.010), (0.005, -0.120))
HEAD = """
[run]
title = "Block of a sodium current by atomoxetine, simulated recordings"
assay = "channel_block"
simulated = true
[target]
name = "Nav1.5"
species = "human"
system = "HEK cells"
[conditions]
temperature = "22 C"
[measure.default]
end_point = "peak"
sign = "inward"
epoch = 4
leak = "P/N"
leak_epoch = 2
membrane_test = 2
voltage = "holding"
"""
BY_SWEEPS = "".join(
    f"""
[[experiment.applied]]
sweeps = "{SOLUTION * at}-{SOLUTION * at + SOLUTION - 1}"
{what}"""
    for at, what in enumerate(
        (
            'role = "control"',
            *(f'compound = "atomoxetine"\nconcentration = "{1e6 * molar:g} uM"' for molar in MOLAR),
            'role = "wash"',
        )
    )
)
BY_TAGS = (
    """
[[experiment.applied]]
until = "1 uM"
role = "control"
"""
    + "".join(
        f"""
[[experiment.applied]]
since = "atomoxetine {1e6 * molar:g} uM"
compound = "atomoxetine"
concentration = "{1e6 * molar:g} uM"
"""
        for molar in MOLAR
    )
    + """
[[experiment.applied]]
since = "wash"
role = "wash"
"""
)


def cell(number):
    """One cell with its own IC50, run-down of 8 % and series resistance."""
    rng = np.random.default_rng(100 + number)
    own = IC50 * 10 ** rng.normal(0.0, 0.06)
    left = [1.0, *(1 / (1 + (molar / own) ** HILL) for molar in MOLAR), 1.0]
    size = rng.uniform(0.7e-9, 1.4e-9)
    count = SOLUTION * len(left)
    peaks = [-size * left[n // SOLUTION] * (1 - 0.08 * n / count) for n in range(count)]
    patch = Patch(rng.uniform(4e6, 7e6), rng.uniform(1e9, 2e9), rng.uniform(8e-12, 14e-12), noise_a=4e-12)
    changes = [*(f"atomoxetine {1e6 * molar:g} uM" for molar in MOLAR), "wash"]
    tags = tuple(Tag(10.0 * SOLUTION * at - 1.0, what) for at, what in enumerate(changes, start=1))
    rig = Rig(patch, Gated(0.25e-3, 1.2e-3), 25e3)
    return recorded(
        f"cell{number}", [COMMAND] * count, [{4: one} for one in peaks], rig, seed=number, tags=tags
    )


def experiments(applied):
    one = '\n[[experiment]]\nname = "cell {0}"\nfile = "cell{0}.nwb"\ncell = {{ compensation = "60 %" }}\n'
    return "".join(one.format(number) + applied for number in range(1, CELLS + 1))


@pytest.fixture(scope="module")
def finished(tmp_path_factory, process):
    """Six recorded cells, analysed by their sweeps and by their tags."""
    folder = tmp_path_factory.mktemp("recorded")
    for number in range(1, CELLS + 1):
        write_recording(cell(number), folder / f"cell{number}.nwb")
    told = {}
    for name, applied in (("sweeps", BY_SWEEPS), ("tags", BY_TAGS)):
        (folder / f"{name}.toml").write_text(HEAD + experiments(applied), encoding="utf-8")
        done = process("run", folder / f"{name}.toml", "--out", folder / name)
        assert done.returncode == 0, done.stderr
        told[name] = done.stdout.decode("utf-8")
    return folder, told


def results(folder):
    (path,) = folder.rglob("results.json")
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_ic50_comes_back_from_the_recordings(finished):
    folder, told = finished
    pooled = {(one["subject"], one["estimate"]["name"]): one for one in results(folder / "sweeps")["pooled"]}
    subject = next(subject for subject, name in pooled if name == "IC50")
    assert subject.startswith("atomoxetine (peak")
    estimate = pooled[subject, "IC50"]["estimate"]
    assert estimate["low"] < IC50 < estimate["high"]
    assert estimate["value"] == pytest.approx(IC50, rel=0.2)
    assert len(pooled[subject, "IC50"]["experiments"]) == CELLS
    assert "(peak)" in told["sweeps"]
    assert f"{CELLS * SOLUTION * (len(MOLAR) + 2)} used + 0 set aside" in told["sweeps"].replace("\n", " ")


def test_tags_and_numbers_of_sweeps_say_the_same(finished):
    folder, _ = finished
    assert results(folder / "sweeps")["pooled"] == results(folder / "tags")["pooled"]


def test_every_sweep_is_accounted_for(finished):
    folder, _ = finished
    (path,) = (folder / "sweeps").rglob("results.xlsx")
    sheets = openpyxl.load_workbook(path, read_only=True)
    rows = [row for sheet in sheets for row in sheet.iter_rows(values_only=True)]
    sources = {cell for row in rows for cell in row if isinstance(cell, str) and ".nwb > sweep" in cell}
    assert len(sources) == CELLS * SOLUTION * (len(MOLAR) + 2)


def test_every_check_of_a_recording_finds_its_facts(finished):
    folder, _ = finished
    flags = results(folder / "sweeps")["flags"]
    codes = {"W-RS", "W-RS-CHANGE", "W-LEAK", "W-SEAL", "W-HOLD", "W-CLIP", "W-RUNDOWN", "W-WASH"}
    ends = {(one["code"], one["severity"]) for one in flags if one["code"] in codes}
    assert ends == {(code, "pass") for code in codes}


def test_sweeps_and_time_courses_are_drawn(finished):
    folder, _ = finished
    drawn = {path.name for path in (folder / "sweeps").rglob("*.svg")}
    assert drawn >= {"trace_overlay.svg", "time_course.svg"}
    (page,) = (folder / "sweeps").rglob("report.html")
    text = page.read_text(encoding="utf-8")
    assert "Sweeps and the windows they were read in" in text
    assert "as its peak (the inward extreme, mean of 3 samples)" in text
    assert "by the scaled mean of part 2 (P/N)" in text
    assert "series resistance" in text.lower()


def test_a_cell_that_fails_its_gates_is_named_in_the_report(finished, process, tmp_path):
    folder, _ = finished
    text = HEAD + '[measure.default.gates]\nseries_resistance = "6 MOhm"\n'
    for number in range(1, CELLS + 1):
        (tmp_path / f"cell{number}.nwb").write_bytes((folder / f"cell{number}.nwb").read_bytes())
    (tmp_path / "gated.toml").write_text(text + experiments(BY_SWEEPS), encoding="utf-8")
    done = process("run", tmp_path / "gated.toml", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    found = results(tmp_path / "out")
    assert found["rows"]["set_aside"] >= SOLUTION * (len(MOLAR) + 2)
    (page,) = (tmp_path / "out").rglob("report.html")
    assert "(limit 6 MΩ)" in page.read_text(encoding="utf-8")


def test_what_is_wrong_with_a_run_file_of_recordings_is_told(finished, process):
    folder, _ = finished
    broken = HEAD.replace("epoch = 4", "epoch = 14") + experiments(BY_SWEEPS.replace("24-29", "23-29"))
    (folder / "broken.toml").write_text(broken, encoding="utf-8")
    done = process("run", folder / "broken.toml", "--out", folder / "broken")
    said = done.stderr.decode("utf-8")
    assert done.returncode != 0
    assert "has no part 14" in said
    assert "sweep 23 is named here and at applied" in said
    assert "Traceback" not in said


def test_a_simulated_bench_can_be_had_as_recordings(process, tmp_path):
    written = process("simulate", "channel_block", "--recordings", "--out", tmp_path, "--seed", 2)
    assert written.returncode == 0, written.stderr
    assert len(list(tmp_path.glob("*.nwb"))) == 7
    done = process("run", tmp_path / "channel_block.toml", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))["truth"]
    pooled = {(one["subject"], one["estimate"]["name"]): one for one in results(tmp_path / "out")["pooled"]}
    estimate = pooled["terfenadine (peak)", "IC50"]["estimate"]
    assert estimate["low"] < truth["IC50 of terfenadine (peak)"] < estimate["high"]


def test_a_bench_without_sweeps_has_no_recordings(process, tmp_path):
    done = process("simulate", "radioligand_competition", "--recordings", "--out", tmp_path / "none")
    said = done.stderr.decode("utf-8")
    assert done.returncode != 0
    assert "makes no peaks of sweeps" in said
    assert "Traceback" not in said
