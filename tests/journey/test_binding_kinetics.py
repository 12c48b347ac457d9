"""A simulated time course as a person analyses it: written by the bench, run from its files, read in its results."""

import csv
import json

import pytest


@pytest.fixture(scope="module")
def folder(tmp_path_factory, process):
    """The simulated example as a run file with its wells, analysed."""
    made = tmp_path_factory.mktemp("kinetics")
    written = process("simulate", "binding_kinetics", "--out", made, "--seed", 5)
    assert written.returncode == 0, written.stderr
    finished = process("run", made / "binding_kinetics.toml", "--out", made / "results")
    assert finished.returncode == 0, finished.stderr
    return made


def plain(folder):
    (path,) = (folder / "results").rglob("results.json")
    return json.loads(path.read_text(encoding="utf-8"))


def pooled(result):
    return {one["estimate"]["name"]: one["estimate"] for one in result["pooled"]}


def test_the_rate_constants_come_back_from_the_files(folder):
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    kon, koff = (truth["truth"][f"{name} of [3H]simulated"] for name in ("kon", "koff"))
    found = pooled(plain(folder))
    for name, told in (("kon", kon), ("koff", koff), ("Kd", koff / kon)):
        assert found[name]["low"] < told < found[name]["high"], name
    assert "min⁻¹" in found["koff"]["text"]
    assert "µM⁻¹ min⁻¹" in found["kon"]["text"]


def test_the_report_shows_traces_and_observed_rates(folder):
    (page,) = (folder / "results").rglob("report.html")
    text = page.read_text(encoding="utf-8")
    assert "Observed rates of association" in text
    assert "residence time" in text
    names = {path.name for path in (folder / "results").rglob("*.svg")}
    assert {"kinetic_trace.svg", "observed_rate.svg", "plate_map.svg"} <= names


def test_a_table_without_times_is_refused_and_says_what_to_do(folder, prusoff, tmp_path):
    for path in folder.glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    rows = list(csv.DictReader((folder / "day_1.csv").open(newline="", encoding="utf-8")))
    with (tmp_path / "day_1.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(
            file, [name for name in rows[0] if "time (min)" not in name], extrasaction="ignore"
        )
        writer.writeheader()
        writer.writerows(rows)
    code, _, err = prusoff("run", tmp_path / "binding_kinetics.toml", "--out", tmp_path / "results")
    assert code != 0
    assert "day 1" in err
    assert "column 'time'" in err
    assert "Traceback" not in err
