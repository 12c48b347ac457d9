"""Plates drawn as grids: sizes, titles, units, words in wells, blocks below and beside one another."""

import pytest

from prusoff.core.errors import BrokenFile
from prusoff.core.plate import FORMATS, row_label
from prusoff.readers._choose import read_file


def grid(size=96, value=lambda row, column: str(100 * row + column), delimiter=","):
    plate = FORMATS[size]
    lines = [delimiter.join(["", *(str(n + 1) for n in range(plate.columns))])]
    for row in range(plate.rows):
        lines.append(delimiter.join([row_label(row), *(value(row, n) for n in range(plate.columns))]))
    return lines


def read(tmp_path, lines, name="a.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes("\n".join(lines).encode(encoding))
    found = read_file(path)
    assert found.reader == "plate_grid"
    return found


@pytest.mark.parametrize("size", FORMATS)
def test_every_size_of_plate(tmp_path, size):
    (plate,) = read(tmp_path, grid(size)).plates
    last = list(plate.format.positions())[-1]
    assert plate.format == FORMATS[size]
    assert len(plate.values) == size
    assert plate.values["B03"] == 102.0
    assert plate.values[last] == 100 * (plate.format.rows - 1) + plate.format.columns - 1
    assert plate.places["B03"] == "a.csv > line 3, column 4"
    assert (plate.name, plate.unit) == ("Plate 1", "signal")


@pytest.mark.parametrize(
    ("title", "name", "unit"),
    [
        ("Plate 7 (cpm)", "Plate 7", "cpm"),
        ("NET day 2 [CCPM1]", "NET day 2", "cpm"),
        ("Counts of plate 3", "Counts of plate 3", "signal"),
        ("Plate 3 (Counts)", "Plate 3", "counts"),
        ("counts", "counts", "counts"),
        ("Total DPM", "Total DPM", "dpm"),
        ("Plate A", "Plate A", "signal"),
        ("CPM", "CPM", "cpm"),
    ],
)
def test_the_title_gives_name_and_unit(tmp_path, title, name, unit):
    (plate,) = read(tmp_path, [title, "", *grid()]).plates
    assert (plate.name, plate.unit) == (name, unit)


@pytest.mark.parametrize("line", ["Unit,cpm", "Units: CCPM", "CPM"])
def test_a_line_beside_the_plates_gives_the_unit(tmp_path, line):
    plates = read(tmp_path, [line, "", "First", *grid(), "", "Second", *grid()]).plates
    assert [(plate.name, plate.unit) for plate in plates] == [("First", "cpm"), ("Second", "cpm")]


def test_words_in_wells_are_notes_and_empty_wells_are_absent(tmp_path):
    words = {(0, 0): "OVRFLW", (0, 1): "<50", (0, 2): "NaN", (0, 3): "", (0, 4): "1e999", (0, 5): "1 200"}
    (plate,) = read(tmp_path, grid(value=lambda row, column: words.get((row, column), "7"))).plates
    assert dict(plate.notes) == {"A01": "OVRFLW", "A02": "<50", "A03": "NaN", "A05": "1e999", "A06": "1 200"}
    assert "A04" not in plate.places
    assert len(plate.values) == 90


def test_plates_of_the_same_title_are_told_apart(tmp_path):
    plates = read(tmp_path, ["Raw data", *grid(), "", "Raw data", *grid()]).plates
    assert [plate.name for plate in plates] == ["Raw data", "Raw data (2)"]


def test_plates_beside_one_another(tmp_path):
    left, right = grid(), grid(value=lambda row, column: "5")
    plates = read(tmp_path, [f"{a},,{b}" for a, b in zip(left, right, strict=True)]).plates
    assert [plate.values["H12"] for plate in plates] == [711.0, 5.0]


def test_what_stands_beside_the_plates_is_kept(tmp_path):
    found = read(tmp_path, ["Operator,nobody", "a,b,c", "", *grid(), "", "Mean,1,2,3"])
    assert found.header["Operator"] == "nobody"
    assert found.notes == ("a.csv > line 2: a | b | c", "a.csv > line 14: Mean | 1 | 2 | 3")


def test_a_column_beside_the_plate_is_said_and_not_read(tmp_path):
    lines = grid()
    found = read(tmp_path, [f"{lines[0]},Mean", *(f"{line},55" for line in lines[1:])])
    assert len(found.plates[0].values) == 96
    assert found.notes[:2] == (
        "a.csv > line 1: Mean (beside the plate, not read)",
        "a.csv > line 2: 55 (beside the plate, not read)",
    )


def test_a_grid_of_words_says_so(tmp_path):
    found = read(tmp_path, ["Layout", *grid(value=lambda row, column: "nisoxetine")])
    assert len(found.plates[0].notes) == 96
    assert found.notes == ("a.csv: the grid 'Layout' holds words, not counts.",)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "cp1252"])
def test_decimal_commas_in_wells(tmp_path, encoding):
    found = read(tmp_path, grid(value=lambda row, column: f"{row},5", delimiter=";"), encoding=encoding)
    assert found.plates[0].values["H01"] == 7.5
    assert found.notes == ("a.csv: decimal commas were read as points.",)


def refusal(tmp_path, lines):
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BrokenFile) as refused:
        read_file(path)
    return str(refused.value)


ROWS = (
    "A plate of 96 wells has the rows A to H, one below the other; leave the cells of wells without a count empty. "
    "[E-ROWS]"
)


def test_a_missing_row_is_named(tmp_path):
    lines = ["Plate 1 (cpm)", *grid()]
    assert refusal(tmp_path, lines[:6] + lines[7:]) == (
        f"a.csv > line 7, column 1: row E of plate 'Plate 1' is missing: 'F' stands in its place. {ROWS}"
    )
    assert refusal(tmp_path, lines[:-1]) == (
        f"a.csv: row H of plate 'Plate 1' is missing: there is nothing in its place. {ROWS}"
    )
    assert refusal(tmp_path, lines[:2] + lines[3:]) == (
        f"a.csv > line 3, column 1: row A of plate 'Plate 1' is missing: 'B' stands in its place. {ROWS}"
    )


def test_numbers_with_marks_for_thousands_are_refused(tmp_path):
    lines = grid(value=lambda row, column: "1,234", delimiter="\t")
    assert refusal(tmp_path, lines) == (
        "a.csv > line 2, column 2: '1,234' may mean 1.234 or 1234. Export the file with decimal points and without "
        "marks for thousands. [E-DECIMAL]"
    )
