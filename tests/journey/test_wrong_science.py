"""The example spoiled as laboratories spoil it: the files are in order, the science is not, and the report says so."""

import csv
import io

import pytest

from prusoff.core.check import Severity
from prusoff.workbench import analysis

DAYS = ("day1.csv", "day2.csv", "day3.csv")


def grid(path):
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    return rows[:2], [row[:1] for row in rows[2:]], [row[1:] for row in rows[2:]]


def write(path, head, labels, cells):
    out = io.StringIO()
    csv.writer(out).writerows([*head, *(label + row for label, row in zip(labels, cells, strict=True))])
    path.write_text(out.getvalue(), encoding="utf-8")


@pytest.fixture
def spoiled(example):
    """spoiled(run=((old, new), ...), cells=change of one day's grid, day=file) -> the analysis."""

    def analyse(run=(), cells=None, day="day1.csv"):
        path = example / "competition.toml"
        text = path.read_text(encoding="utf-8")
        for old, new in run:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        if cells is not None:
            head, labels, found = grid(example / day)
            write(example / day, head, labels, cells(found))
        return analysis.open(path).analyse()

    return analyse


def turned(cells):
    return [row[::-1] for row in cells[::-1]]


def flags(done, code, subject=""):
    return [flag for flag in done.result.flags if flag.code == code and subject in flag.subject]


def test_a_plate_counted_upside_down_is_found_and_rotated_true_puts_it_right(spoiled):
    wrong = spoiled(cells=turned)
    (flag,) = flags(wrong, "W-ROT", "day 1")
    assert flag.severity is Severity.FAIL
    assert "set 'rotated' for this plate if so. Nothing was turned by itself." in flag.sentence
    assert {one.severity for one in flags(wrong, "W-ROT") if one is not flag} == {Severity.PASS}
    right = spoiled(run=[("date = 2026-03-09\n", "date = 2026-03-09\nrotated = true\n")])
    assert {one.severity for one in flags(right, "W-ROT")} == {Severity.PASS}
    assert right.result.pool("imipramine", "Ki").n == 3


def test_turned_and_told_gives_the_numbers_of_the_plate_as_it_was(spoiled, finished):
    import json

    done = spoiled([("date = 2026-03-09\n", "date = 2026-03-09\nrotated = true\n")], turned)
    straight = json.loads((finished[1] / "competition" / "results.json").read_bytes())
    for one in straight["pooled"]:
        estimate = done.result.pool(one["subject"], "Ki").estimate
        for name in ("value", "low", "high"):
            assert getattr(estimate, name) == pytest.approx(one["estimate"][name], rel=1e-9)


def test_without_kd_every_answer_is_an_ic50(spoiled):
    done = spoiled([('kd = { from = "saturation.toml" }\n', "")])
    assert {pooled.estimate.name for pooled in done.result.pooled} == {"IC50 (relative)"}
    assert (
        "No Kd of the radioligand is given, so no Ki is computed; it is never guessed." in done.result.notes
    )


def test_an_overflow_of_the_counter_is_set_aside_with_its_text(spoiled):
    def overflow(cells):
        cells[0][0] = "OVRFLW"
        return cells

    done = spoiled(cells=overflow)
    assert done.result.rows == (288, 287, 1)
    (well,) = [well for one in done.result.experiments for well in one.wells if not well.used]
    assert (well.position, well.set_aside) == ("A01", "the counter gave 'OVRFLW', not a number")


def test_wells_set_aside_by_the_run_file_keep_their_reason_in_every_file(spoiled, tmp_path):
    aside = 'date = 2026-03-09\nset_aside = [{ wells = "B03", reason = "filter disc torn" }]\n'
    done = spoiled([("date = 2026-03-09\n", aside)])
    assert done.result.rows == (288, 287, 1)
    files = {path.name: path for path in done.save(tmp_path)}
    for name in ("report.html", "results.json"):
        assert "filter disc torn" in files[name].read_text(encoding="utf-8"), name


def test_too_short_an_incubation_and_a_foreign_kd_are_warned_of(spoiled):
    stated = (
        'kd = { value = "0.8 nM", se = "0.1 nM", source = "stated", temperature = "25 C", species = "rat" }'
    )
    done = spoiled(
        [('incubation = "240 min"', 'incubation = "60 min"'), ('kd = { from = "saturation.toml" }', stated)]
    )
    (equilibrium, *_) = flags(done, "W-EQ")
    assert equilibrium.severity is Severity.WARN
    assert "five, 217 min, are needed" in equilibrium.sentence
    (kd, *_) = flags(done, "W-KD")
    assert kd.severity is Severity.WARN
    assert "temperature (25 °C against 4 °C)" in kd.sentence
    assert "species (rat against human)" in kd.sentence


def test_names_that_differ_in_capitals_only_are_told(spoiled, example):
    path = example / "layout.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("imipramine 1 nM", "Imipramine 1 nM"), encoding="utf-8")
    done = spoiled()
    assert {"imipramine", "Imipramine"} <= set(done.result.subjects)
    assert any(
        "differ in capitals only and are analysed as two compounds" in note for note in done.result.notes
    )


def test_one_day_is_not_three(spoiled, example):
    path = example / "competition.toml"
    text = path.read_text(encoding="utf-8")
    first, second = (
        text.index("[[experiment]]"),
        text.index("[[experiment]]", text.index("[[experiment]]") + 1),
    )
    path.write_text(text[:second], encoding="utf-8")
    assert first < second
    pooled = spoiled().result.pool("imipramine", "Ki")
    assert pooled.n == 1
    assert "says nothing about reproducibility" in pooled.sentence


def test_the_same_day_twice_is_no_second_experiment(spoiled):
    from prusoff.core.errors import InputError

    with pytest.raises(InputError, match="readings are those of experiment 'day 1' again"):
        spoiled([('file = "day2.csv"', 'file = "day1.csv"')])


SWAPPED = [(",total,", ",first,"), (",nsb,", ",total,"), (",first,", ",nsb,")]


def rewrite(path, pairs):
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def run_and_exit(prusoff, path, tmp_path):
    code, out, err = prusoff("run", path, "--out", tmp_path / "out")
    assert "Traceback" not in out + err
    return code, " ".join((out + err).split())


def test_a_saturation_with_its_wells_swapped_ends_in_a_sentence(example, prusoff, tmp_path):
    rewrite(example / "saturation.csv", SWAPPED)
    code, said = run_and_exit(prusoff, example / "saturation.toml", tmp_path)
    assert code == 1
    assert "they look swapped" in said
    code, said = run_and_exit(prusoff, example / "competition.toml", tmp_path)
    assert code == 2
    assert "gives no value of Kd: The nonspecific wells read higher than the total wells" in said


@pytest.mark.parametrize("reading", ["0", "500"])
def test_a_dead_counter_ends_in_a_sentence(example, prusoff, tmp_path, reading):
    for day in DAYS:
        head, labels, cells = grid(example / day)
        write(example / day, head, labels, [[reading] * len(row) for row in cells])
    rewrite(example / "competition.toml", [])
    path = example / "competition.toml"
    text = path.read_text(encoding="utf-8")
    first = text.index("[[experiment]]")
    path.write_text(text[: text.index("[[experiment]]", first + 1)], encoding="utf-8")
    code, said = run_and_exit(prusoff, path, tmp_path)
    assert code == 1
    assert "All wells read the same" in said


def test_a_specific_activity_in_the_wrong_unit_fails_the_run(spoiled):
    done = spoiled([("82.0 Ci/mmol", "82.0 Ci/mol"), ('kd = { from = "saturation.toml" }', KD)])
    (first, *_) = flags(done, "W-LADD")
    assert first.severity is Severity.FAIL
    assert "Check the units of the specific activity" in first.sentence


KD = 'kd = { value = "0.8 nM", se = "0.08 nM", source = "stated" }'


def test_an_error_of_kd_in_the_wrong_unit_fails_the_run(spoiled):
    done = spoiled([('kd = { from = "saturation.toml" }', KD.replace("0.08 nM", "0.08 uM"))])
    assert {flag.severity for flag in flags(done, "W-KD-SE")} == {Severity.FAIL}


def test_a_kd_in_the_wrong_unit_is_asked_about(spoiled):
    done = spoiled([('kd = { from = "saturation.toml" }', KD.replace("0.8 nM", "0.8 uM"))])
    assert {flag.severity for flag in flags(done, "W-LKD")} == {Severity.NOTE}
    assert all("check the unit of kd" in flag.sentence.lower() for flag in flags(done, "W-LKD"))


def test_a_calibration_ten_years_after_the_assay_is_refused(spoiled):
    from prusoff.core.errors import InputError

    with pytest.raises(
        InputError, match=r"day 1: the radioligand was calibrated .* days after this experiment"
    ):
        spoiled([("date = 2026-03-09\n", "date = 2016-03-09\n"), ('kd = { from = "saturation.toml" }', KD)])


def test_what_is_not_stated_is_noted(spoiled):
    done = spoiled([('background = "22 cpm"\n', ""), ('pipetting_cv = "2 %"\n', "")])
    assert "day 1: No background is stated; none is subtracted." in done.result.notes
    assert "day 1: The pipetting CV is not stated; 3 % is assumed." in done.result.notes
