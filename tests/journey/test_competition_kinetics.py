"""Competition kinetics as a person analyses them: written by the bench, run from files, read in the results."""

import csv
import json

import pytest


@pytest.fixture(scope="module")
def folder(tmp_path_factory, process):
    """The simulated example as a run file with its wells, analysed."""
    made = tmp_path_factory.mktemp("competition_kinetics")
    written = process("simulate", "competition_kinetics", "--out", made, "--seed", 5)
    assert written.returncode == 0, written.stderr
    finished = process("run", made / "competition_kinetics.toml", "--out", made / "results")
    assert finished.returncode == 0, finished.stderr
    return made


def test_the_constants_of_both_competitors_come_back_from_the_files(folder):
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["truth"]
    (path,) = (folder / "results").rglob("results.json")
    result = json.loads(path.read_text(encoding="utf-8"))
    found = {(one["estimate"]["name"], one["subject"]): one["estimate"] for one in result["pooled"]}
    for subject in ("slow", "fast"):
        for name in ("Ki", "kon", "koff"):
            one = found[name, subject]
            assert one["low"] < truth[f"{name} of {subject}"] < one["high"], (name, subject)
        assert "min" in found["residence time", subject]["text"]


def test_the_report_shows_the_traces_and_what_an_early_ic50_is_worth(folder):
    (page,) = (folder / "results").rglob("report.html")
    text = page.read_text(encoding="utf-8")
    assert "Motulsky HJ, Mahan LC" in text
    assert "The label overshoots" in text
    names = {path.name for path in (folder / "results").rglob("*.svg")}
    assert {"kinetic_trace.svg", "incubation_bias.svg", "plate_map.svg"} <= names


def test_one_concentration_in_the_file_is_refused_in_words(folder, prusoff, tmp_path):
    for path in folder.glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    rows = list(csv.DictReader((folder / "day_1.csv").open(newline="", encoding="utf-8")))
    kept = [row for row in rows if row["compound"] != "slow" or float(row["conc (nM)"]) < 0.5]
    with (tmp_path / "day_1.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)
    code, _, err = prusoff("run", tmp_path / "competition_kinetics.toml", "--out", tmp_path / "results")
    assert code != 0
    assert "'slow' was tested at one concentration" in " ".join(err.split())
    assert "Traceback" not in err
