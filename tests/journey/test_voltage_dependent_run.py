"""Simulated block at several potentials as a person analyses it: from the files of a bench to the report."""

import json

import pytest


@pytest.fixture(scope="module")
def folder(tmp_path_factory, process):
    """The simulated example as a run file with its currents, analysed."""
    made = tmp_path_factory.mktemp("pore")
    written = process("simulate", "voltage_dependent_block", "--out", made, "--seed", 4)
    assert written.returncode == 0, written.stderr
    finished = process("run", made / "voltage_dependent_block.toml", "--out", made / "results")
    assert finished.returncode == 0, finished.stderr
    return made


def test_the_constants_come_back_from_the_files(folder):
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["truth"]
    (path,) = (folder / "results").rglob("results.json")
    result = json.loads(path.read_text(encoding="utf-8"))
    found = {one["estimate"]["name"]: one["estimate"] for one in result["pooled"]}
    for name in ("KD(0 mV)", "electrical distance"):
        assert found[name]["low"] < truth[f"{name} of blocker"] < found[name]["high"], name


def test_the_report_shows_kd_against_the_potential(folder):
    (page,) = (folder / "results").rglob("report.html")
    text = page.read_text(encoding="utf-8")
    assert "Dissociation constant against the potential" in text
    assert "electrical distance" in text
    names = {path.name for path in (folder / "results").rglob("*.svg")}
    assert {"kd_potential.svg", "block_families.svg"} <= names


def test_a_run_without_a_temperature_is_refused_and_says_what_to_write(folder, prusoff, tmp_path):
    for path in folder.glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    run = tmp_path / "voltage_dependent_block.toml"
    lines = run.read_text(encoding="utf-8").splitlines()
    run.write_text("\n".join(line for line in lines if not line.startswith("temperature")), encoding="utf-8")
    code, _, err = prusoff("run", run, "--out", tmp_path / "results")
    assert code != 0
    assert 'temperature = "22 C"' in err
    assert "Traceback" not in err
