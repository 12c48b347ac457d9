"""Simulated currents over NMDA and glycine as a person analyses them: from the files of a bench to the report."""

import csv
import json

import pytest


@pytest.fixture(scope="module")
def folder(tmp_path_factory, process):
    """The simulated example as a run file with its currents, analysed."""
    made = tmp_path_factory.mktemp("coagonist")
    written = process("simulate", "coagonist_response", "--out", made, "--seed", 4)
    assert written.returncode == 0, written.stderr
    finished = process("run", made / "coagonist_response.toml", "--out", made / "results")
    assert finished.returncode == 0, finished.stderr
    return made


def test_both_ec50_come_back_from_the_files(folder):
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["truth"]
    (path,) = (folder / "results").rglob("results.json")
    result = json.loads(path.read_text(encoding="utf-8"))
    found = {f"{one['estimate']['name']} of {one['subject']}": one["estimate"] for one in result["pooled"]}
    asked = [key for key in truth if key.startswith("EC50 (")]
    assert len(asked) == 4
    for key in asked:
        assert found[key]["value"] == pytest.approx(truth[key], rel=0.3), key


def test_the_report_shows_the_grid_and_keeps_peak_and_plateau_apart(folder):
    (page,) = (folder / "results").rglob("report.html")
    text = page.read_text(encoding="utf-8")
    assert "NMDA with glycine (peak)" in text
    assert "NMDA with glycine (plateau)" in text
    names = {path.name for path in (folder / "results").rglob("*.svg")}
    assert any(name.startswith("coagonist_curves") for name in names)


def test_a_table_without_the_co_agonist_is_refused_and_says_what_to_do(folder, prusoff, tmp_path):
    for path in folder.glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    first = next(path for path in sorted(tmp_path.glob("cell*.csv")))
    rows = list(csv.DictReader(first.open(newline="", encoding="utf-8")))
    kept = [name for name in rows[0] if not name.startswith("second")]
    with first.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, kept, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    code, _, err = prusoff("run", tmp_path / "coagonist_response.toml", "--out", tmp_path / "results")
    assert code != 0
    assert "'second_conc'" in err
    assert "Traceback" not in err
