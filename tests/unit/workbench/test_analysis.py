"""From a run file to a result in Python: opening, the Kd of another run, settings, figures, files."""

import json
import math
import shutil
from pathlib import Path

import pytest

from prusoff.core.errors import BrokenFile, FileError, InputError, UnknownName
from prusoff.core.estimate import Relation
from prusoff.workbench import analysis, saving

EXAMPLE = Path(__file__).parents[3] / "examples" / "net_imipramine"


@pytest.fixture
def folder(tmp_path):
    """A copy of the example without its results."""
    return shutil.copytree(
        EXAMPLE, tmp_path / "net", ignore=shutil.ignore_patterns("results", "*.py", "*.md")
    )


@pytest.fixture
def changed(folder):
    """The example with pieces of text of one file replaced."""

    def change(*pairs, file="competition.toml"):
        path = folder / file
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return folder

    return change


@pytest.fixture(scope="module")
def done():
    return analysis.open(EXAMPLE / "saturation.toml").analyse()


def test_a_run_knows_its_name_and_its_wells_before_anything_is_computed():
    run = analysis.open(EXAMPLE / "competition.toml")
    assert (run.name, run.folder) == ("competition", EXAMPLE)
    assert [one.name for one in run.experiments()] == ["day 1", "day 2", "day 3"]


def test_a_folder_gives_its_run_files_in_the_order_of_their_names(folder):
    assert [run.name for run in analysis.open_all(folder)] == ["competition", "saturation"]
    with pytest.raises(
        InputError, match=r"there are 2 run files: competition.toml, saturation.toml. Name one"
    ):
        analysis.open(folder)
    (folder / "notes.toml").write_text("[other]\n", encoding="utf-8")
    assert len(analysis.open_all(folder)) == 2


def test_what_is_not_there_or_no_run_is_said(tmp_path):
    with pytest.raises(FileError, match="there is no such file or folder"):
        analysis.open(tmp_path / "none.toml")
    with pytest.raises(FileError, match="there is no run file in this folder"):
        analysis.open_all(tmp_path)
    (tmp_path / "broken.toml").write_text("[run\n", encoding="utf-8")
    (run,) = analysis.open_all(tmp_path)
    with pytest.raises(BrokenFile, match=r"broken.toml: this is not TOML"):
        run.analyse()
    with pytest.raises(BrokenFile):
        analysis.open(tmp_path)


def test_a_kd_that_another_run_gives_has_its_error_and_its_source(done):
    constant, pooled = done.constant("Kd"), done.result.pool("[3H]nisoxetine", "Kd")
    assert constant.value == pooled.estimate.value
    assert constant.log10_se == pooled.estimate.log10_se > 0
    assert constant.se == pytest.approx(constant.value * math.log(10) * constant.log10_se)
    assert "(n = 1)" in constant.source
    with pytest.raises(InputError, match="gives no value of Ki"):
        done.constant("Ki")


def test_the_saturation_is_analysed_once_for_a_folder(folder, monkeypatch):
    from prusoff.workbench.analysis import Run

    seen = []
    fresh = Run._fresh
    monkeypatch.setattr(Run, "_fresh", lambda run, behind: seen.append(run.name) or fresh(run, behind))
    results = [run.analyse() for run in analysis.open_all(folder)]
    assert sorted(seen) == ["competition", "saturation"]
    kd = results[1].constant("Kd")
    used = results[0].result.experiments[0].radioligand.kd
    assert used == kd


def test_the_inputs_of_both_runs_are_in_the_provenance(folder):
    names = [
        one.name for one in analysis.open(folder / "competition.toml").analyse().result.provenance.inputs
    ]
    assert names[0] == "competition.toml"
    assert {"day1.csv", "day2.csv", "day3.csv", "layout.csv", "saturation.toml", "saturation.csv"} <= set(
        names
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("competition.toml", "'competition.toml' takes its Kd from this run, which takes it from there"),
        ("saturated.toml", "there is no run file 'saturated.toml'"),
    ],
)
def test_a_kd_from_itself_or_from_nowhere_is_refused(changed, source, words):
    folder = changed(('from = "saturation.toml"', f'from = "{source}"'))
    with pytest.raises((InputError, FileError), match=words) as caught:
        analysis.open(folder / "competition.toml").analyse()
    assert caught.value.problems[0].where == "competition.toml > radioligand > kd > from"


def test_a_circle_over_two_run_files_is_found(changed, folder):
    text = (folder / "competition.toml").read_text(encoding="utf-8")
    changed(
        ('koff = "0.016 /min"', 'koff = "0.016 /min"\nkd = { from = "competition.toml" }'),
        file="saturation.toml",
    )
    assert "from = " in text
    with pytest.raises(
        InputError, match=r"saturation.toml > radioligand > kd > from: 'competition.toml' takes its Kd"
    ):
        analysis.open(folder / "competition.toml").analyse()


def test_a_saturation_that_gives_no_kd_stops_the_run_with_its_reason(folder):
    path = folder / "saturation.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    one_dose = [",".join([*row.split(",")[:2], "1.0", row.split(",")[3]]) for row in rows]
    path.write_text("\n".join([header, *one_dose]) + "\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"competition.toml > .* > from: 'Saturation .*' gives no value of Kd: 1 "
    ):
        analysis.open(folder / "competition.toml").analyse()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('hill_slop = "one"', r"has no setting 'hill_slop'. Did you mean 'hill_slope'\?"),
        ('hill_slope = "two"', r"'two' is not a choice here. .*One of: free, one"),
        ('level = "high"', r"'high' is not a number. Write a number"),
        ("level = true", r"'True' is not a number"),
        ("level = 1.2", r"settings > level: a level of 1.2 is no confidence level"),
    ],
)
def test_wrong_settings_are_refused(changed, line, words):
    folder = changed(("[units]", f"[settings]\n{line}\n\n[units]"))
    with pytest.raises(InputError, match=words):
        analysis.open(folder / "competition.toml").analyse()


def test_all_wrong_settings_are_told_at_once(changed):
    folder = changed(("[units]", '[settings]\nhill = 1\nlevel = "x"\nspeed = 3\n\n[units]'))
    with pytest.raises(InputError) as caught:
        analysis.open(folder / "competition.toml").analyse()
    assert len(caught.value.problems) == 3


def test_settings_are_used_and_recorded(changed):
    folder = changed(("[units]", '[settings]\nhill_slope = "one"\nlevel = 0.9\n\n[units]'))
    result = analysis.open(folder / "competition.toml").analyse().result
    assert result.provenance.settings == {
        "assay": "radioligand_competition", "hill_slope": "one", "level": 0.9,
    }  # fmt: skip
    assert result.pool("imipramine", "Ki").estimate.level == 0.9


def test_an_unknown_assay_is_refused_with_the_nearest(changed):
    folder = changed(('assay = "radioligand_competition"', 'assay = "radioligand_competion"'))
    with pytest.raises(UnknownName, match="Did you mean 'radioligand_competition'"):
        analysis.open(folder / "competition.toml").analyse()


def test_figures_and_the_report_are_data(done):
    names = [spec.name for spec in done.figures]
    assert done.figure(names[0]).title
    with pytest.raises(UnknownName, match="there is no figure"):
        done.figure("binding_isotherms_")
    assert done.document.title
    assert done.as_dict()["kind"] == "assay_result"
    assert [one[0] for one in done.estimates]


def test_the_files_lie_where_they_are_said_to(done, tmp_path):
    written = done.save(tmp_path / "out")
    assert written[0].name == "report.html"
    assert written[-1].name == "results.json"
    assert sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file()) == sorted(written)
    assert json.loads(written[-1].read_bytes())["assay"] == "radioligand_saturation"


def test_a_second_save_replaces_the_first_and_leaves_nothing_behind(done, tmp_path):
    first = {path: path.read_bytes() for path in done.save(tmp_path)}
    assert {path: path.read_bytes() for path in done.save(tmp_path)} == first
    assert not list(tmp_path.rglob("*.part"))


def test_a_disk_that_fills_up_leaves_no_half_written_file_and_no_results_json(done, tmp_path, monkeypatch):
    done.save(tmp_path)
    write = Path.write_bytes

    def full(path, data):
        if "results.xlsx" in path.name:
            write(path, data[:100])
            raise OSError(28, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(
        FileError, match=r"results.xlsx: \d+ bytes cannot be written \(No space left on device\)"
    ):
        done.save(tmp_path)
    assert not (tmp_path / saving.LAST).exists()
    assert not list(tmp_path.rglob("*.part"))
    assert len((tmp_path / "results.xlsx").read_bytes()) > 1000


def test_a_kd_from_another_run_that_is_only_a_bound_is_refused(done):
    from dataclasses import replace

    kd = done.result.pool("[3H]nisoxetine", "Kd")
    bound = replace(kd, estimate=replace(kd.estimate, relation=Relation.ABOVE))
    with pytest.raises(InputError, match="gives no value of Kd"):
        analysis.Analysis(replace(done.result, pooled=(bound,))).constant("Kd")
