"""Simulated onset and wash-out of a block as a person analyses them: from the files of a bench to the report."""

import csv
import json

import pytest


@pytest.fixture(scope="module")
def folder(tmp_path_factory, process):
    """The simulated example as a run file with its currents, analysed."""
    made = tmp_path_factory.mktemp("onset")
    written = process("simulate", "block_kinetics", "--out", made, "--seed", 4)
    assert written.returncode == 0, written.stderr
    finished = process("run", made / "block_kinetics.toml", "--out", made / "results")
    assert finished.returncode == 0, finished.stderr
    return made


def test_the_rates_come_back_and_agree_with_the_ic50(folder):
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["truth"]
    (path,) = (folder / "results").rglob("results.json")
    result = json.loads(path.read_text(encoding="utf-8"))
    found = {one["estimate"]["name"]: one["estimate"] for one in result["pooled"]}
    for name in ("kon", "koff"):
        assert found[name]["low"] < truth[f"{name} of blocker"] < found[name]["high"], name
    (ratio,) = result["ratios"]
    assert ratio["verdict"] == "agrees"
    assert "time to 90 % (10 µM)" in found


def test_the_report_shows_onset_wash_recovery_and_the_line_of_rates(folder):
    (page,) = (folder / "results").rglob("report.html")
    text = page.read_text(encoding="utf-8")
    assert "Observed rates of association" in text
    assert "depth of block" in text
    names = {path.name for path in (folder / "results").rglob("*.svg")}
    assert {"kinetic_trace.svg", "observed_rate.svg"} <= names
    (trace,) = (folder / "results").rglob("kinetic_trace.svg")
    drawn = trace.read_text(encoding="utf-8")
    assert all(f"cell 1: {title}" in drawn for title in ("onset", "wash", "recovery"))


def test_a_table_without_times_is_refused_and_says_what_to_do(folder, prusoff, tmp_path):
    for path in folder.glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    first = next(path for path in sorted(tmp_path.glob("cell*.csv")))
    rows = list(csv.DictReader(first.open(newline="", encoding="utf-8")))
    with first.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(
            file, [name for name in rows[0] if "time (min)" not in name], extrasaction="ignore"
        )
        writer.writeheader()
        writer.writerows(rows)
    code, _, err = prusoff("run", tmp_path / "block_kinetics.toml", "--out", tmp_path / "results")
    assert code != 0
    assert "column 'time'" in err
    assert "Traceback" not in err
