"""`prusoff run`: from the files of the example to a report, again and again, and under every kind of trouble."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # whole runs of the program

EXAMPLE = Path(__file__).parents[2] / "examples" / "net_imipramine"
FIGURES = {
    "competition": ("normalised_curve", "plate_map", "profile", "residuals", "response_curve"),
    "saturation": ("binding_isotherm", "plate_map", "profile", "residuals"),
}
COMPOUNDS = ("imipramine", "desipramine", "atomoxetine")


def test_the_example_runs_and_writes_every_file(finished, contents):
    process, out = finished
    assert (process.returncode, process.stderr) == (0, b"")
    written = set(contents(out))
    for run, figures in FIGURES.items():
        names = ("report.html", "results.json", "results.csv", "results.xlsx")
        wanted = {f"{run}/{name}" for name in names}
        wanted |= {f"{run}/figures/{name}.{kind}" for name in figures for kind in ("svg", "png")}
        assert wanted <= written, run
    told = " ".join(process.stdout.decode().split())
    for word in (*COMPOUNDS, "288 wells = 288 used + 0 set aside", "These are simulated data."):
        assert word in told


def test_the_true_constants_lie_inside_the_intervals(finished):
    _, out = finished
    truth = json.loads((EXAMPLE / "truth.json").read_text(encoding="utf-8"))["truth"]
    results = {run: json.loads((out / run / "results.json").read_bytes()) for run in FIGURES}
    found = {
        (one["subject"], one["estimate"]["name"]): one["estimate"]
        for result in results.values()
        for one in result["pooled"]
    }
    for compound in COMPOUNDS:
        ki = found[compound, "Ki"]
        assert ki["low"] < truth[f"Ki of {compound} (nM)"] * 1e-9 < ki["high"], compound
    kd = found["[3H]nisoxetine", "Kd"]
    assert kd["low"] < truth["Kd of [3H]nisoxetine (nM)"] * 1e-9 < kd["high"]
    bmax = found["[3H]nisoxetine", "Bmax"]
    assert bmax["low"] < truth["Bmax (fmol/mg)"] * 1e-12 < bmax["high"]
    assert results["competition"]["rows"] == {"wells": 288, "used": 288, "set_aside": 0}
    assert {one["n"] for one in results["competition"]["pooled"]} == {3}


def test_results_json_fits_its_schema(finished):
    from pydantic import TypeAdapter

    from prusoff.publishing.schema import ResultRecord

    for run in FIGURES:
        record = json.loads((finished[1] / run / "results.json").read_bytes())
        TypeAdapter(ResultRecord).validate_python(record, strict=True)


@pytest.mark.slow
def test_again_elsewhere_with_another_clock_language_and_hash_seed_gives_the_same_bytes(
    finished, process, contents, tmp_path
):
    copy = tmp_path / "Prüf stand – NET µ 試料" / "run 1"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("results"))
    odd = {
        "PYTHONHASHSEED": "4711",
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "LANG": "de_DE.UTF-8",
        "COLUMNS": "200",
    }
    other = process("run", "run 1", cwd=copy.parent, **odd)
    assert (other.returncode, other.stderr) == (0, b"")
    assert contents(copy / "results") == contents(finished[1])


@pytest.mark.slow
def test_in_the_same_folder_again_gives_the_same_bytes(finished, process, contents):
    _, out = finished
    before = contents(out)
    assert process("run", EXAMPLE, "--out", out, PYTHONHASHSEED="1").returncode == 0
    assert contents(out) == before


@pytest.mark.slow
@pytest.mark.parametrize("seen", [1, 4, 9, 14, 20])
def test_a_run_that_is_killed_leaves_only_whole_files(finished, contents, tmp_path, seen):
    """Killed when so many files are there: each is whole, and results.json is there only where all are."""
    whole = contents(finished[1])
    command = [
        sys.executable,
        "-c",
        "from prusoff.cli import main; main()",
        "run",
        str(EXAMPLE),
        "--out",
        str(tmp_path),
    ]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while running.poll() is None and _there(tmp_path) < seen and time.monotonic() < deadline:
            time.sleep(0.0005)
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()
    left = _final(contents(tmp_path))
    assert all(whole[name] == data for name, data in left.items())
    for run in FIGURES:
        if f"{run}/results.json" in left:
            assert {name for name in whole if name.startswith(run)} <= set(left)


def _there(folder):
    return sum(path.suffix not in ("", ".part") for path in folder.rglob("*"))


def _final(files):
    return {name: data for name, data in files.items() if not name.endswith(".part")}


def test_a_folder_that_cannot_be_written_is_named(prusoff, tmp_path):
    (tmp_path / "taken").write_text("a file, not a folder", encoding="utf-8")
    code, _, err = prusoff("run", EXAMPLE / "saturation.toml", "--out", tmp_path / "taken")
    assert code == 2
    assert err.strip().endswith("taken: this is a file, not a folder. Name a folder with --out. [E-FOLDER]")
    assert len(err.splitlines()) == 1


def test_a_full_disk_is_told_with_path_and_size(tmp_path):
    limited = (
        f'ulimit -f 8; exec "{sys.executable}" -c "from prusoff.cli import main; main()" run "$0" --out "$1"'
    )
    done = subprocess.run(
        ["bash", "-c", limited, str(EXAMPLE / "saturation.toml"), str(tmp_path)],
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    told = done.stderr.decode()
    assert done.returncode == 2
    assert "report.html" in told
    assert "bytes cannot be written" in told
    assert "Traceback" not in told
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_broken_run_file_stops_none_of_the_others(prusoff, example):
    (example / "broken.toml").write_text("[run]\ntitle = 'no assay'\n", encoding="utf-8")
    code, out, err = prusoff("run", example)
    assert code == 2
    assert err.startswith("broken.toml")
    assert "imipramine" in out
    for run in FIGURES:
        assert (example / "results" / run / "results.json").is_file()


def test_a_saturation_that_fails_stops_only_what_needs_its_kd(prusoff, example):
    (example / "saturation.csv").unlink()
    (example / "other.toml").write_text(
        (example / "competition.toml")
        .read_text(encoding="utf-8")
        .replace(
            'kd = { from = "saturation.toml" }', 'kd = { value = "0.8 nM", se = "0.1 nM", source = "stated" }'
        ),
        encoding="utf-8",
    )
    code, _, err = prusoff("run", example)
    assert code == 2
    assert err.count("saturation.csv") == 2, (
        "once for the saturation, once for the competition that asks for its Kd"
    )
    assert (example / "results" / "other" / "results.json").is_file()
    assert not (example / "results" / "competition").exists()


def test_json_is_one_document(prusoff, example, tmp_path):
    code, out, err = prusoff("run", example / "saturation.toml", "--out", tmp_path, "--json")
    assert (code, err) == (0, "")
    file = (tmp_path / "saturation" / "results.json").read_text(encoding="utf-8")
    assert json.loads(out, parse_int=float) == json.loads(file, parse_int=float)


def test_json_of_a_folder_is_a_list_with_errors_in_their_places(prusoff, example, tmp_path):
    (example / "broken.toml").write_text("[run]\ntitle = 'no assay'\n", encoding="utf-8")
    code, out, err = prusoff("run", example, "--out", tmp_path, "--json")
    broken, competition, saturation = json.loads(out)
    assert (code, err) == (2, "")
    assert broken["problems"][0]["where"].startswith("broken.toml")
    assert [competition["assay"], saturation["assay"]] == [
        "radioligand_competition",
        "radioligand_saturation",
    ]


def test_json_of_one_run_that_fails_is_the_error(prusoff, tmp_path):
    code, out, err = prusoff("run", tmp_path / "none.toml", "--json")
    assert (code, err) == (2, "")
    assert json.loads(out)["error"] == "FileError"


SPOILED = {
    "an unknown setting": (
        ("[units]", "[settings]\nhil_slope = 'one'\n[units]"), "has no setting 'hil_slope'. Did you mean 'hill_slope'?",
    ),
    "an unknown assay": (
        ('"radioligand_competition"', '"radioligand_competiton"'), "Did you mean 'radioligand_competition'",
    ),
    "a circle": (('from = "saturation.toml"', 'from = "competition.toml"'), "takes its Kd from this run"),
    "a Kd from nowhere": (('from = "saturation.toml"', 'from = "none.toml"'), "there is no run file 'none.toml'"),
    "a missing data file": (('file = "day2.csv"', 'file = "day9.csv"'), "day9.csv"),
    "a missing layout": (('file = "layout.csv"', 'file = "map.csv"'), "map.csv"),
    "a file outside the folder": (('file = "day2.csv"', 'file = "../day2.csv"'), "../day2.csv"),
    "an unknown key": (("aliquots =", "aliqots ="), "there is no key 'aliqots' here. Did you mean 'aliquots'"),
}  # fmt: skip


@pytest.mark.parametrize("case", SPOILED)
def test_wrong_input_ends_with_one_message_and_exit_code_2(prusoff, example, case):
    (old, new), words = SPOILED[case]
    path = example / "competition.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    code, out, err = prusoff("run", path)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err
    assert not (example / "results").exists()


def test_a_plate_counted_upside_down_fails_its_check_and_exit_code_is_1(prusoff, example):
    path = example / "competition.toml"
    text = path.read_text(encoding="utf-8")
    first = text.index("[[experiment]]")
    path.write_text(
        text[:first] + text[first:].replace("date = 2026-03-09", "date = 2026-03-09\nrotated = true"),
        encoding="utf-8",
    )
    code, out, _ = prusoff("run", path)
    assert code == 1
    assert "W-ROT" in out


def test_nobody_reads_the_output_and_the_work_is_done_all_the_same(process, tmp_path, contents):
    start = f'"{sys.executable}" -c "from prusoff.cli import main; main()" run "$0" --out "$1"'
    command = f"{start} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command, str(EXAMPLE / "saturation.toml"), str(tmp_path)],
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert "saturation/results.json" in contents(tmp_path)
