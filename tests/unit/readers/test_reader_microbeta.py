"""MicroBeta reports that disagree with themselves, are cut off, or lack a part."""

from pathlib import Path

import pytest

from prusoff.core.errors import BrokenFile
from prusoff.readers._choose import read_file

SAMPLES = Path(__file__).parents[2] / "golden" / "readers"
DAMAGED = "The report is damaged or was changed; export it again."


@pytest.fixture
def report():
    return (SAMPLES / "microbeta__both_parts.txt").read_text(encoding="utf-8")


def refusal(tmp_path, text):
    path = tmp_path / "r.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenFile) as refused:
        read_file(path)
    return str(refused.value)


def test_the_wells_where_the_parts_disagree_are_named(tmp_path, report):
    changed = report.replace("\tUnk_19\tB07\t", "\tUnk_19\tB07\t1").replace(
        "\tUnk_97\tA01\t2462\t", "\tUnk_97\tA01\t\t"
    )
    fix = "One of them was changed after counting; take the original report. [E-PARTS]"
    first, second = refusal(tmp_path, changed).splitlines()
    assert (
        first == f"r.txt > line 30: Plate 1 well B07: the list part says '1936', the plate part '936'. {fix}"
    )
    assert (
        second == f"r.txt > line 108: Plate 2 well A01: the list part says '', the plate part '2462'. {fix}"
    )


def test_a_total_that_is_not_that_of_the_wells(tmp_path, report):
    assert refusal(tmp_path, report.replace("rate:  249645.3", "rate:  249945.3")) == (
        "r.txt: the wells add up to 249645.0 CCPM, but the counter states a total of 249945.3. Plates were removed or "
        "changed after counting; take the original report. [E-TOTAL]"
    )


def test_rounding_may_move_the_total_by_half_a_count_a_well(tmp_path, report):
    path = tmp_path / "r.txt"
    path.write_text(report.replace("rate:  249645.3", "rate:  249700.3"), encoding="utf-8")
    assert len(read_file(path).plates) == 2


def test_a_report_that_ends_in_a_plate(tmp_path, report):
    cut = report[: report.index("End of plate 2")]
    assert refusal(tmp_path, cut).splitlines()[0] == (
        f"r.txt > line 225: plate 2 is cut off: the line 'End of plate 2' is missing. {DAMAGED} [E-TRUNCATED]"
    )


def test_a_report_that_ends_in_the_list(tmp_path, report):
    cut = report[: report.index("\tH05\t")]
    assert (
        refusal(tmp_path, cut)
        == f"r.txt > line 100: the line has 1 cells under a heading of 4. {DAMAGED} [E-RAGGED]"
    )


def test_a_row_that_is_missing_in_a_plate(tmp_path, report):
    lines = report.split("\n")
    row = next(at for at, line in enumerate(lines) if line.startswith("C\t"))
    message = refusal(tmp_path, "\n".join(lines[:row] + lines[row + 1 :])).splitlines()[0]
    assert message == (
        f"r.txt > line {row + 1}: row C of Plate 1 is missing or has more than 12 wells. {DAMAGED} [E-ROWS]"
    )


def test_a_plate_that_only_one_part_has(tmp_path, report):
    lines = report.split("\n")
    start, end = lines.index("Plate 2"), lines.index("End of plate 2")
    message = refusal(tmp_path, "\n".join(lines[:start] + lines[end + 1 :]))
    assert message == f"r.txt: the list part has 2 plates, the plate part 1. {DAMAGED} [E-PARTS]"


def test_a_plate_of_unknown_shape(tmp_path, report):
    message = refusal(tmp_path, report.replace("Shelf: 1/8*12", "Shelf: 1/9*12")).splitlines()[0]
    assert message.endswith(
        "Plate 1 has 9 rows and 12 columns. Known are plates of 4 x 6, 8 x 12, 16 x 24 and 32 x 48 wells. [E-SHAPE]"
    )


def test_an_overflow_is_a_note_and_no_number():
    (plate,) = read_file(SAMPLES / "microbeta__overflow.txt").plates
    assert dict(plate.notes) == {"B07": "OVRFLW"}
    assert "B07" not in plate.values
    assert len(plate.values) == 95


def test_list_and_plates_give_the_same_wells(tmp_path, report):
    both = read_file(SAMPLES / "microbeta__both_parts.txt")
    path = tmp_path / "list.txt"
    path.write_text(report[: report.index("PLATES:")], encoding="utf-8")
    listed = read_file(path)
    assert [plate.values for plate in listed.plates] == [plate.values for plate in both.plates]
    assert listed.plates[1].places["A01"] == "list.txt > line 108"
    path.write_text(
        report[: report.index("COLUMNS:")] + report[report.index("PLATES:") :],
        encoding="utf-8",
    )
    assert [plate.values for plate in read_file(path).plates] == [plate.values for plate in both.plates]


def test_two_quantities_of_one_plate(tmp_path, report):
    start = report.index("CCPM1\n\n")
    grid = report[start : report.index("End of plate 1")]
    path = tmp_path / "r.txt"
    text = report[: report.index("COLUMNS:")] + report[report.index("PLATES:") : report.index("Plate 2")]
    path.write_text(
        text.replace("End of plate 1", grid.replace("CCPM1", "DPM1") + "End of plate 1"), encoding="utf-8"
    )
    first, second = read_file(path).plates
    assert (first.name, first.unit) == ("Plate 1", "cpm")
    assert (second.name, second.unit) == ("Plate 1 DPM1", "dpm")
    assert first.values == second.values


def test_a_report_without_its_last_line_is_read_with_a_remark(tmp_path, report):
    path = tmp_path / "r.txt"
    path.write_text(report.replace("END\n", ""), encoding="utf-8")
    assert read_file(path).notes == ("The report has no last line 'END': it may be cut off.",)
