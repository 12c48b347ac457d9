"""Functional assays through the command line: a run file and tables made by the simulated bench, to a report."""

import csv
import json
import math

import pytest

from prusoff.assays import catalog
from prusoff.core.plate import Role

pytestmark = pytest.mark.slow  # whole runs of the program

HEAD = """[run]
title = "{title}"
assay = "{assay}"
simulated = true

[target]
name = "{target}"
species = "human"
system = "simulated cells"

[conditions]
temperature = "37 C"
incubation = "30 min"

[units]
signal = "RLU"
concentration = "nM"
"""
COLUMNS = ("well", "role", "compound", "conc", "second_compound", "second_conc (nM)", "signal")


def rows(experiment):
    """The wells of an experiment as a person would type them, vehicle wells by their name."""
    for well in experiment.wells:
        what = well.treatment
        role = {Role.TOTAL: "vehicle", Role.BLANK: "blank"}.get(what.role, "compound")
        conc, second = (f"{molar * 1e9:.6g}" if molar == molar else "" for molar in _molar(what))
        yield well.position, role, what.compound, conc, what.second_compound, second, f"{well.signal:g}"


def _molar(what):
    return what.concentration_molar, what.second_molar


def written(folder, assay, title, settings=""):
    """A folder with the run file and one table a day; the columns of a second compound only where there is one."""
    experiments = catalog[assay].simulate(catalog[assay].truth, 11)
    text = HEAD.format(title=title, assay=assay, target=experiments[0].conditions.target) + settings
    kept = COLUMNS if assay == "schild" else tuple(name for name in COLUMNS if not name.startswith("second"))
    for number, experiment in enumerate(experiments, start=1):
        with (folder / f"day{number}.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(kept)
            for row in rows(experiment):
                table.writerow([cell for name, cell in zip(COLUMNS, row, strict=True) if name in kept])
        text += f'\n[[experiment]]\nname = "{experiment.name}"\ndate = {experiment.date}\nfile = "day{number}.csv"\n'
    path = folder / "run.toml"
    path.write_text(text, encoding="utf-8")
    return path


def results(folder):
    (found,) = folder.rglob("results.json")
    return json.loads(found.read_bytes()), found.parent


def test_an_antagonist_run_gives_kb_report_and_figures(prusoff, tmp_path):
    path = written(tmp_path, "schild", "Blocker at M3")
    code, out, err = prusoff("run", path, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "KB" in out
    assert "288 wells = 288 used + 0 set aside" in " ".join(out.split())
    found, folder = results(tmp_path / "out")
    pooled = {one["estimate"]["name"]: one for one in found["pooled"]}
    kb = pooled["KB"]["estimate"]
    assert kb["low"] < kb["value"] < kb["high"]
    assert kb["value"] == pytest.approx(catalog["schild"].truth["KB of blocker"], rel=0.2)
    assert pooled["KB"]["n"] == 3
    assert pooled["KB"]["p_estimate"]["value"] == pytest.approx(-math.log10(kb["value"]))
    assert pooled["Schild slope"]["estimate"]["value"] == pytest.approx(1.0, abs=0.1)
    drawn = {one.stem for one in (folder / "figures").glob("*.png")}
    assert {"antagonist_curves", "schild_plot", "residuals", "profile", "plate_map"} <= drawn
    page = (folder / "report.html").read_text(encoding="utf-8")
    for words in ("Schild", "Gaddum", "Arunlakshana", "blocker"):
        assert words in page


def test_an_agonist_run_gives_ec50_and_ratios(prusoff, tmp_path):
    path = written(tmp_path, "functional_response", "Agonists", '\n[settings]\nreference = "full"\n')
    code, _, err = prusoff("run", path, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    found, folder = results(tmp_path / "out")
    truth = catalog["functional_response"].truth
    for one in found["pooled"]:
        key = f"{one['estimate']['name']} of {one['subject']}"
        assert one["estimate"]["low"] < one["estimate"]["value"] < one["estimate"]["high"], key
        assert one["estimate"]["value"] == pytest.approx(truth[key], rel=0.3), key
    assert {(one["name"], one["subject"]) for one in found["ratios"]} == {
        ("relative activity", "partial"),
        ("relative activity", "weak"),
        ("fold potency", "weak"),
    }
    page = (folder / "report.html").read_text(encoding="utf-8")
    for words in ("relative activity", "Black JW", "partial has no fold potency"):
        assert words in page


def test_an_agonist_run_sets_wells_with_a_second_compound_aside(prusoff, tmp_path):
    path = written(tmp_path, "schild", "Blocker at M3")
    path.write_text(
        path.read_text(encoding="utf-8").replace('"schild"', '"functional_response"'), encoding="utf-8"
    )
    code, out, err = prusoff("run", path, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "288 wells = 72 used + 216 set aside" in " ".join(out.split())
    found, folder = results(tmp_path / "out")
    (ec50,) = found["pooled"]
    assert ec50["estimate"]["value"] == pytest.approx(catalog["schild"].truth["ec50_molar"], rel=0.3)
    assert "it holds blocker too" in (folder / "report.html").read_text(encoding="utf-8")


def test_an_antagonist_run_without_vehicle_is_refused(prusoff, tmp_path):
    path = written(tmp_path, "schild", "Blocker at M3")
    table = tmp_path / "day2.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("vehicle", "-"), encoding="utf-8")
    code, _, err = prusoff("run", path, "--out", tmp_path / "out")
    assert code != 0
    assert "experiment 2" in err
    assert "no well with vehicle (without compound) is in use" in " ".join(err.split())
    assert "Traceback" not in err


def test_two_spellings_of_an_antagonist_are_one_compound(prusoff, tmp_path):
    path = written(tmp_path, "schild", "Blocker at M3")
    table = tmp_path / "day2.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("blocker", "bloc\u200bker"), encoding="utf-8")
    code, _, _ = prusoff("run", path, "--out", tmp_path / "out")
    assert code == 0
    found, _ = results(tmp_path / "out")
    assert {(one["subject"], one["n"]) for one in found["pooled"]} == {("blocker", 3)}
    assert any("taken as one compound" in note for note in found["notes"])
