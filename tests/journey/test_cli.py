"""`prusoff fit`, `show`, `read` and `convert`: what they print, what they refuse, and their exit codes."""

import csv
import io
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from prusoff.workbench.shelves import SHELVES, items

EXAMPLE = Path(__file__).parents[2] / "examples" / "net_imipramine"
HEADINGS = ("compound", "conc (nM)", "response")


def curve(name, ic50=20.0):
    concentrations = (0, 0.1, 1, 3, 10, 30, 100, 300, 1000, 10000)
    return [
        (name, conc, round(4 + 96 / (1 + conc / ic50) + 0.7 * math.sin(7.0 * conc), 4))
        for conc in concentrations
    ]


def text_of(rows, headings=HEADINGS):
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue()


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "curves.csv"
    rows = [
        *curve("good"),
        *((f"=cmd()|' /C calc'!A{i}", 10, 50) for i in range(2)),
        ("words", "ten", "n.d."),
    ]
    path.write_text(text_of(rows), encoding="utf-8")
    return path


def one_message(result, *words):
    """Exit code 2, nothing on the output, one message on the error stream."""
    code, out, err = result
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    for word in words:
        assert word in err
    return err


# fit


def test_fit_prints_one_row_a_curve_with_its_outcome(prusoff, table):
    code, out, err = prusoff("fit", table, "--by", "compound")
    assert (code, err) == (0, "")
    for word in ("good", "words", "ok", "failed", "nM"):
        assert word in out


def test_fit_counts_its_curves(prusoff, table):
    one = prusoff("fit", table, "--out", table.parent / "one.csv")[1]
    assert "1 curve fitted: " in one
    assert "4 curves" in prusoff("fit", table, "--by", "compound")[1]
    assert "1 curve " in prusoff("fit", table)[1]


def test_fit_takes_another_level_for_a_response(prusoff, tmp_path):
    path = tmp_path / "hint.csv"
    hint = (0.9, 0.7, 1.0, 0.5, 0.8, 0.3, 0.7, 0.0, 0.4, 0.1, -0.2, 0.2)
    path.write_text(text_of([(10 ** (k / 3), y) for k, y in enumerate(hint)], HEADINGS[1:]), encoding="utf-8")
    code, out, _ = prusoff("fit", path, "--json")
    assert (code, json.loads(out)["response_level"]) == (1, None)
    assert "A response is not certain" in json.loads(out)["curves"][0]["reason"]
    code, out, _ = prusoff("fit", path, "--json", "--response-level", "0.05")
    assert (code, json.loads(out)["response_level"]) == (0, 0.05)


def test_fit_without_a_usable_curve_ends_with_1(prusoff, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(text_of([("words", "ten", "n.d.")] * 5), encoding="utf-8")
    assert prusoff("fit", path, "--by", "compound")[0] == 1


def test_fit_as_json(prusoff, table):
    code, out, _ = prusoff("fit", table, "--by", "compound", "--fix", "hill_slope=1", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["kind"], found["equation"], len(found["curves"])) == (
        "fit_table",
        "four_parameter_logistic",
        4,
    )
    slope = found["curves"][0]["parameters"]["hill_slope"]
    assert (slope["value"], slope["se"]) == (1.0, 0.0)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_fit_writes_a_file(prusoff, table, tmp_path, kind):
    out_file = tmp_path / "new" / f"fits.{kind}"
    code, out, _ = prusoff("fit", table, "--by", "compound", "--out", out_file)
    assert code == 0
    assert "4 curves fitted: 1 ok, 2 failed, 1 untested" in out
    assert out_file.is_file()
    if kind == "csv":
        assert "'=cmd()" in out_file.read_text(encoding="utf-8")


def test_fit_reads_standard_input(table):
    command = [
        sys.executable,
        "-c",
        "from prusoff.cli import main; main()",
        "fit",
        "-",
        "--by",
        "compound",
        "--json",
    ]
    done = subprocess.run(command, input=table.read_bytes(), capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["curves"][0]["outcome"] == "ok"


REFUSED = {
    "no unit": (("plain.csv", "--by", "compound"), "column 'conc' has no unit", "--x-unit nM"),
    "an unknown law": (
        ("curves.csv", "--equation", "four_parameter_logstic"),
        "Did you mean 'four_parameter_logistic'",
    ),
    "an unknown column": (("curves.csv", "--by", "compond"), "Did you mean 'compound'?"),
    "an unknown parameter": (("curves.csv", "--fix", "hill_slop=1"), "Did you mean 'hill_slope'?"),
    "nothing to hold": (("curves.csv", "--fix", "hill_slope"), "Write it as hill_slope=1"),
    "an unknown weighting": (("curves.csv", "--weighting", "relativ"), "Did you mean 'relative'?"),
    "a level that is none": (("curves.csv", "--response-level", "0"), "is no probability"),
    "a mass": (("plain.csv", "--x-unit", "mg/L"), "takes a molar concentration", "prusoff convert", "--mw"),
    "no file": (("none.csv",), "none.csv: there is no such file"),
    "an unknown ending": (("curves.csv", "--by", "compound", "--out", "fits.doc"), "Write .csv or .parquet"),
    "units that differ": (
        ("curves.csv", "--by", "compound", "--x-unit", "uM"),
        "the heading says nM, --x-unit says uM",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_fit_refuses_with_one_message(prusoff, table, monkeypatch, case):
    (table.parent / "plain.csv").write_text(
        text_of(curve("good"), ("compound", "conc", "response")), encoding="utf-8"
    )
    monkeypatch.chdir(table.parent)
    arguments, *words = REFUSED[case]
    one_message(prusoff("fit", *arguments), *words)


def test_fit_into_a_place_that_cannot_be_written(prusoff, table):
    one_message(
        prusoff("fit", table, "--by", "compound", "--out", table / "fits.csv"),
        "bytes cannot be written",
        "E-WRITE",
    )


# show


def test_show_lists_the_shelves(prusoff):
    code, out, err = prusoff("show")
    assert (code, err) == (0, "")
    assert all(shelf in out for shelf in SHELVES)
    listed = json.loads(prusoff("show", "--json")[1])
    assert [one["shelf"] for one in listed] == list(SHELVES)
    assert all(one["items"] > 0 for one in listed)


@pytest.mark.parametrize("shelf", SHELVES)
def test_show_prints_every_item_of_every_shelf(prusoff, shelf):
    code, out, _ = prusoff("show", shelf)
    listed = json.loads(prusoff("show", shelf, "--json")[1])
    assert code == 0
    assert [one["name"] for one in listed] == [name for name, _ in items(shelf)]
    for name, title in items(shelf):
        assert name in out
        code, text, err = prusoff("show", shelf, name)
        assert (code, err) == (0, "")
        assert text.startswith(f"{name}: {title}\n")
        assert "<" not in text.partition("\n")[0]
        facts = json.loads(prusoff("show", shelf, name, "--json")[1])
        assert facts["name"] == name
        assert facts["shelf"] == shelf


def test_show_tells_formula_parameters_and_source_of_a_law(prusoff):
    _, out, _ = prusoff("show", "equations", "four_parameter_logistic")
    for word in ("formula:", "parameters:", "hill_slope:", "reference:", "worked cases:"):
        assert word in out


def test_show_refuses_what_is_not_there(prusoff):
    one_message(prusoff("show", "equation"), "there is no shelf 'equation'. Did you mean 'equations'?")
    one_message(prusoff("show", "assays", "radioligand"), "there is no", "radioligand_competition")
    code, out, err = prusoff("show", "checks", "W-HIL", "--json")
    assert (code, err) == (2, "")
    assert json.loads(out)["error"] == "UnknownName"


# read


@pytest.mark.parametrize("name", ["day1.csv", "saturation.csv", "layout.csv"])
def test_read_shows_what_is_in_a_file(prusoff, name):
    code, out, err = prusoff("read", EXAMPLE / name)
    assert (code, err) == (0, "")
    assert f"{name}: read as " in out
    found = json.loads(prusoff("read", EXAMPLE / name, "--json")[1])
    assert found["kind"] == "raw_data"
    assert found["plates"] or found["tables"]


def test_read_as_another_format(prusoff):
    code, out, _ = prusoff("read", EXAMPLE / "saturation.csv", "--as", "delimited", "--json")
    assert code == 0
    assert json.loads(out)["reader"] == "delimited"
    one_message(prusoff("read", EXAMPLE / "saturation.csv", "--as", "delimted"), "Did you mean 'delimited'?")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_neither_read_nor_run(prusoff, tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    one_message(prusoff("read", tmp_path / "pipe.toml"), "a device or a pipe")
    one_message(prusoff("run", tmp_path / "pipe.toml"), "a device or a pipe")
    one_message(prusoff("run", tmp_path), "no run file in this folder")


def test_results_are_not_written_into_a_file(prusoff, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    one_message(prusoff("run", EXAMPLE / "saturation.toml", "--out", tmp_path / "notes.txt"), "not a folder")
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_read_refuses_what_it_cannot_read(prusoff, tmp_path):
    one_message(prusoff("read", tmp_path / "none.csv"), "there is no such file")
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 8)
    one_message(prusoff("read", tmp_path / "noise.bin"), "noise.bin")
    one_message(prusoff("read", tmp_path), tmp_path.name)
    (tmp_path / "empty.csv").write_bytes(b"")
    one_message(prusoff("read", tmp_path / "empty.csv"), "empty.csv")


# convert


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("10", "nM", "--to", "uM"), "0.01 uM"),
        (("36250", "dpm", "--to", "fmol", "--specific-activity", "82.0 Ci/mmol"), "199.132 fmol"),
        (("10", "ng/mL", "--to", "nM", "--mw", "300 g/mol"), "33.3333 nM"),
        (("4200", "cpm", "--to", "dpm", "--efficiency", "42 %"), "10000 dpm"),
        (("0.2", "nM", "--to", "fmol", "--volume", "200 uL"), "40 fmol"),
    ],
)
def test_convert_prints_the_value(prusoff, arguments, answer):
    assert prusoff("convert", *arguments) == (0, answer + "\n", "")


def test_convert_as_json(prusoff):
    code, out, _ = prusoff("convert", "10", "nM", "--to", "uM", "--json")
    assert code == 0
    assert json.loads(out)["value"] == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("10", "nN", "--to", "uM"), "'nN' is not a unit that is known"),
        (("10", "nM", "--to", "fmol"), "Give the volume"),
        (("10", "dpm", "--to", "nM"), "Give the specific activity and the volume"),
        (("10", "min", "--to", "nM"), "These are different kinds of quantity"),
        (("10", "nM", "--to", "ng/mL", "--mw", "0 g/mol"), "g/mol"),
        (("10", "nM", "--to", "ng/mL", "--mw", "300"), "'300' has no unit"),
    ],
)
def test_convert_refuses_with_one_message(prusoff, arguments, words):
    one_message(prusoff("convert", *arguments), words)


# the front itself


def test_help_and_wrong_usage(prusoff):
    code, out, _ = prusoff("--help")
    assert code == 0
    assert all(verb in out for verb in ("run", "fit", "show", "read", "convert"))
    code, _, err = prusoff("analyse")
    assert code == 2
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "arguments", [("show",), ("show", "equations", "four_parameter_logistic"), ("show", "x", "--json")]
)
@pytest.mark.parametrize("end", ["| true", ">&-"])
def test_nobody_listens_and_there_is_no_traceback(arguments, end):
    command = f'"{sys.executable}" -c "from prusoff.cli import main; main()" {" ".join(arguments)} {end}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=60, check=False)
    assert done.stderr == b""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_without_greek_letters_gets_the_text_all_the_same(process, encoding):
    done = process("show", "equations", "four_parameter_logistic", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    record = process("show", "equations", "four_parameter_logistic", "--json", PYTHONIOENCODING=encoding)
    assert json.loads(record.stdout.decode(encoding))["name"] == "four_parameter_logistic"
