"""Uptake as a person analyses it: time course first, then inhibition, from run file and wells to the report."""

import csv
import json

import pytest

ASSAYS = ("uptake_time_course", "uptake_inhibition")


@pytest.fixture(scope="module", params=ASSAYS)
def finished(request, tmp_path_factory, process):
    """The simulated bench of one assay as a run file with its wells, analysed."""
    made = tmp_path_factory.mktemp(request.param)
    written = process("simulate", request.param, "--out", made, "--seed", 5)
    assert written.returncode == 0, written.stderr
    done = process("run", made / f"{request.param}.toml", "--out", made / "results")
    assert done.returncode == 0, done.stderr
    return request.param, made, done.stdout.decode("utf-8")


def results(folder):
    (path,) = (folder / "results").rglob("results.json")
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_truth_comes_back_from_the_files(finished):
    _, folder, _ = finished
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["truth"]
    pooled = {(one["subject"], one["estimate"]["name"]): one for one in results(folder)["pooled"]}
    asked = [key.split(" of ", 1) for key in truth if " of " in key]
    assert asked
    for quantity, subject in asked:
        estimate = pooled[subject, quantity]["estimate"]
        assert estimate["low"] < truth[f"{quantity} of {subject}"] < estimate["high"], quantity


def test_terminal_and_report_tell_the_answer_in_units_of_the_bench(finished):
    assay, folder, told = finished
    (page,) = (folder / "results").rglob("report.html")
    text = page.read_text(encoding="utf-8")
    if assay == "uptake_time_course":
        assert "pmol/mg/min" in told
        assert "usable time" in text
        assert {path.name for path in (folder / "results").rglob("*.svg")} >= {"kinetic_trace.svg"}
    else:
        assert "fold potency" in told
        assert "Competitive inhibition" in text
        assert "pmol/mg/min" in text
        assert {path.name for path in (folder / "results").rglob("*.svg")} >= {"response_curve.svg"}


RUN = """
[run]
title = "Two inhibitors of the uptake of noradrenaline"
assay = "uptake_inhibition"
simulated = true
[target]
name = "NET"
[substrate]
name = "[3H]noradrenaline"
nuclide = "3H"
labelled_atoms = 3
specific_activity = "50 Ci/mmol"
KM
[conditions]
incubation = "5 min"
volume = "200 uL"
cells = "50000 cells"
[counting]
efficiency = "42 %"
time = "2 min"
background = "22 cpm"
background_time = "10 min"
pipetting_cv = "2 %"
[units]
signal = "counts"
[columns]
second_compound = "vehicle"
[settings]
SETTINGS
[[experiment]]
name = "day 1"
file = "wells.csv"
radioligand = "20 nM"
radioligand_se = "0.4 nM"
substrate = "50 nM"
"""
KM = 'km = { value = "457 nM", se = "40 nM", source = "uptake kinetics on the same cells" }'


@pytest.fixture
def by_hand(finished, tmp_path):
    """One day of the simulated bench as a person writes it: cells of the whole plate, a column of vehicles."""

    def write(settings, km=KM):
        _, folder, _ = finished
        rows = list(csv.DictReader((folder / "day_1.csv").open(newline="", encoding="utf-8")))
        keys = ("plate", "well", "role", "compound", "conc (nM)", "signal")
        with (tmp_path / "wells.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([*keys, "vehicle"])
            for number, row in enumerate(rows):
                controls = row["role"] == "total"
                vehicle = "ethanol" if row["compound"] == "second" or (controls and number % 2) else "DMSO"
                named = vehicle if controls or row["role"] == "compound" else ""
                writer.writerow([*(row[key] for key in keys), named])
        run = tmp_path / "run.toml"
        run.write_text(RUN.replace("KM", km).replace("SETTINGS", settings), encoding="utf-8")
        return run

    return write


inhibition_only = pytest.mark.parametrize("finished", ["uptake_inhibition"], indirect=True)


@inhibition_only
def test_a_run_file_by_hand_with_cells_and_vehicles(by_hand, prusoff, tmp_path):
    code, _, err = prusoff("run", by_hand('mechanism = "noncompetitive"'), "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    (path,) = (tmp_path / "out").rglob("results.json")
    found = json.loads(path.read_text(encoding="utf-8"))
    for one in found["pooled"]:
        assert one["estimate"]["name"] == "Ki"
        assert "Noncompetitive inhibition: Ki = IC50." in one["sentence"]
    velocity = [
        one["text"] for one in found["series"][0]["estimates"] if one["name"] == "velocity without inhibitor"
    ]
    assert len(velocity) == 1
    assert "10⁵ cells/min" in velocity[0]


@inhibition_only
@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('mechanism = "mixed"', "two constants, Kic and Kiu"),
        ('per = "protein"', "the protein of"),
        ('reference = "frist"', "Did you mean 'first'"),
        ("usable_time = 7.0", "Did you mean 'usable_minutes'"),
    ],
)
def test_what_is_wrong_is_one_message_and_no_traceback(by_hand, prusoff, tmp_path, settings, words):
    code, out, err = prusoff("run", by_hand(settings), "--out", tmp_path / "out")
    assert code == 2
    assert out == ""
    assert words in " ".join(err.split())
    assert "Traceback" not in err


@inhibition_only
def test_without_a_km_the_report_says_that_there_is_no_ki(by_hand, prusoff, tmp_path):
    code, out, _ = prusoff("run", by_hand("", km=""), "--out", tmp_path / "out")
    assert code == 0
    assert "IC50 (relative)" in out
    (page,) = (tmp_path / "out").rglob("report.html")
    assert "It is never guessed" in page.read_text(encoding="utf-8")
