"""Simulated trains of pulses as a person analyses them: written by the bench, run from files, read in the results."""

import csv
import json

import pytest


@pytest.fixture(scope="module")
def folder(tmp_path_factory, process):
    """The simulated example as a run file with its currents, analysed."""
    made = tmp_path_factory.mktemp("trains")
    written = process("simulate", "use_dependent_block", "--out", made, "--seed", 4)
    assert written.returncode == 0, written.stderr
    finished = process("run", made / "use_dependent_block.toml", "--out", made / "results")
    assert finished.returncode == 0, finished.stderr
    return made


def pooled(folder):
    (path,) = (folder / "results").rglob("results.json")
    result = json.loads(path.read_text(encoding="utf-8"))
    return {one["estimate"]["name"]: one["estimate"] for one in result["pooled"]}


def test_the_rates_come_back_from_the_files(folder):
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["truth"]
    found = pooled(folder)
    for name in ("kon", "koff"):
        assert found[name]["low"] < truth[f"{name} of blocker"] < found[name]["high"], name
    assert "µM" in found["KD"]["text"]
    assert found["use-dependent block (10 µM, 10 Hz)"]["unit"] == "%"


def test_the_report_shows_the_trains_and_names_the_steady_state(folder):
    (page,) = (folder / "results").rglob("report.html")
    text = page.read_text(encoding="utf-8")
    assert "Currents along trains of pulses" in text
    assert "guarded receptor" in text
    assert "pulse_train.svg" in {path.name for path in (folder / "results").rglob("*.svg")}


def test_a_table_without_pulse_numbers_is_refused_and_says_what_to_do(folder, prusoff, tmp_path):
    for path in folder.glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    first = next(path for path in sorted(tmp_path.glob("cell*.csv")))
    rows = list(csv.DictReader(first.open(newline="", encoding="utf-8")))
    with first.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [name for name in rows[0] if name != "pulse"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    code, _, err = prusoff("run", tmp_path / "use_dependent_block.toml", "--out", tmp_path / "results")
    assert code != 0
    assert "column 'pulse'" in err
    assert "Traceback" not in err
