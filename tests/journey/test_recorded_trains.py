"""From recorded trains of pulses to the rates of a use-dependent blocker: NWB files through the command line."""

import json

import openpyxl
import pytest

from prusoff.assays import catalog

ASSAY = catalog["use_dependent_block"]
SEED = 4


@pytest.fixture(scope="module")
def finished(tmp_path_factory, process):
    folder = tmp_path_factory.mktemp("trains")
    made = process("simulate", ASSAY.name, "--recordings", "--seed", SEED, "--out", folder)
    assert made.returncode == 0, made.stderr
    done = process("run", folder / f"{ASSAY.name}.toml", "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    (path,) = (folder / "out").rglob("results.json")
    return folder, json.loads(path.read_text(encoding="utf-8"))


def test_every_pulse_is_a_well_of_its_train(finished):
    folder, found = finished
    cells = ASSAY.simulate(ASSAY.truth, SEED)
    rows = found["rows"]
    assert (rows["used"], rows["set_aside"]) == (sum(len(cell.wells) for cell in cells), 0)
    (path,) = (folder / "out").rglob("results.xlsx")
    sheets = openpyxl.load_workbook(path, read_only=True)
    told = {cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row}
    trains = {well.plate for well in cells[0].wells}
    assert {f"cell_1.nwb > sweep {number}" for number in range(len(trains))} <= told
    assert {f"pulse {number}" for number in range(1, int(ASSAY.truth["pulses"]) + 1)} <= told


def test_the_rates_come_back(finished):
    _, found = finished
    told = {(one["subject"], one["estimate"]["name"]): one["estimate"] for one in found["pooled"]}
    asked = [key.split(" of ", 1) for key in ASSAY.truth if " of " in key]
    assert asked
    for quantity, subject in asked:
        estimate = told[subject, quantity]
        assert estimate["low"] < ASSAY.truth[f"{quantity} of {subject}"] < estimate["high"], quantity


def test_sweeps_are_drawn(finished):
    folder, _ = finished
    drawn = {path.name for path in (folder / "out").rglob("*.svg")}
    assert drawn >= {"trace_overlay.svg", "pulse_train.svg"}
