"""Km and mechanism as a person finds them: run file and wells through the command line to the report."""

import csv
import json

import pytest

pytestmark = pytest.mark.slow  # whole runs of the program

ASSAYS = {
    "uptake_kinetics": {"velocity", "lineweaver_burk", "residuals", "profile", "plate_map"},
    "uptake_mechanism": {
        *(f"{name}_{page}" for name in ("velocity", "inhibition_surface", "dixon") for page in (1, 2)),
        *("lineweaver_burk_1", "lineweaver_burk_2", "residuals", "plate_map"),
    },
}


@pytest.fixture(scope="module", params=list(ASSAYS))
def finished(request, tmp_path_factory, process):
    """The simulated bench of one assay as a run file with its wells, analysed."""
    made = tmp_path_factory.mktemp(request.param)
    written = process("simulate", request.param, "--out", made, "--seed", 5)
    assert written.returncode == 0, written.stderr
    done = process("run", made / f"{request.param}.toml", "--out", made / "results")
    assert (done.returncode, done.stderr) == (0, b"")
    return request.param, made, done.stdout.decode("utf-8")


def results(folder):
    (path,) = (folder / "results").rglob("results.json")
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_truth_comes_back_from_the_files(finished):
    assay, folder, _ = finished
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["truth"]
    pooled = {(one["subject"], one["estimate"]["name"]): one for one in results(folder)["pooled"]}
    asked = [key.split(" of ", 1) for key in truth if " of " in key]
    assert len(asked) == 2
    for quantity, subject in asked:
        one = pooled[subject, quantity]
        assert one["estimate"]["low"] < truth[f"{quantity} of {subject}"] < one["estimate"]["high"], quantity
        assert len(one["experiments"]) == 3, assay


def test_every_figure_is_written_and_the_answer_told(finished):
    assay, folder, told = finished
    assert {path.stem for path in (folder / "results").rglob("*.svg")} == ASSAYS[assay]
    (page,) = (folder / "results").rglob("report.html")
    text = page.read_text(encoding="utf-8")
    assert "nothing was regressed here" in text
    if assay == "uptake_kinetics":
        assert "pmol/mg/min" in told
        assert "pmol/10⁵ cells/min" in text
    else:
        for words in (
            "blocker: Competitive inhibition",
            "trapper: Noncompetitive inhibition",
            "not identified",
        ):
            assert words in " ".join(told.split())


def test_wrong_wells_are_refused_in_words(prusoff, tmp_path):
    folder = tmp_path / "spoilt"
    assert prusoff("simulate", "uptake_kinetics", "--out", folder)[0] == 0
    path = folder / "day_1.csv"
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    column = head.index("substrate (nM)")
    for row in rows:
        row[column] = "5"  # less than the 20 nM that carry the label
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    code, _, err = prusoff("run", folder / "uptake_kinetics.toml", "--out", folder / "results")
    assert code == 2
    assert "the whole substrate is less than its labelled part" in " ".join(err.split())
    assert "Traceback" not in err


def test_wells_that_state_a_time_are_refused(prusoff, tmp_path):
    folder = tmp_path / "timed"
    assert prusoff("simulate", "uptake_mechanism", "--out", folder)[0] == 0
    path = folder / "day_1.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    timed = [f"{line},{'time (min)' if number == 0 else '3'}" for number, line in enumerate(lines)]
    path.write_text("\n".join(timed) + "\n", encoding="utf-8")
    run = folder / "uptake_mechanism.toml"
    run.write_text(run.read_text(encoding="utf-8") + '\n[columns]\ntime = "time (min)"\n', encoding="utf-8")
    code, _, err = prusoff("run", run, "--out", folder / "results")
    assert code == 2
    assert "which 'uptake_mechanism' does not read" in " ".join(err.split())
