"""Text files as they come: encodings, line ends, delimiters, decimal commas, words that look like something else."""

import pytest

from prusoff.readers._choose import read_file
from prusoff.readers._sheet import cell_name, number
from prusoff.readers._shown import shown

WANTED = (("nisoxetine", "1.5", "200"), ("reboxetine", "2.25", "150"))


def table(tmp_path, data, name="a.csv"):
    path = tmp_path / name
    path.write_bytes(data)
    found = read_file(path)
    assert found.reader == "delimited"
    return found, found.tables[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_same_table_in_every_dress(tmp_path, encoding, end, delimiter):
    rows = [("compound", "dose µM", "cpm"), *WANTED]
    found, read = table(tmp_path, (end.join(delimiter.join(row) for row in rows) + end).encode(encoding))
    assert read.columns == rows[0]
    assert read.rows == WANTED
    assert read.places == ("a.csv > line 2", "a.csv > line 3")
    assert bool(found.notes) == (encoding == "cp1252")


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_decimal_commas_are_read_as_points_and_said(tmp_path, delimiter):
    rows = [
        ("compound", "dose", "cpm"),
        ("1,4-dioxane", "1,5 nM", "200"),
        ("x", "<0,25 nM", "1,5e3"),
        ("y", "", "NaN"),
    ]
    found, read = table(tmp_path, "\n".join(delimiter.join(row) for row in rows).encode())
    assert read.rows == (("1,4-dioxane", "1.5 nM", "200"), ("x", "<0.25 nM", "1.5e3"), ("y", "", "NaN"))
    assert found.notes == ("a.csv: decimal commas were read as points.",)


def test_a_comma_file_has_no_decimal_commas(tmp_path):
    _, read = table(tmp_path, b'dose,cpm\n"1,5",2\n"2,5",3\n')
    assert read.rows == (("1,5", "2"), ("2,5", "3"))


WORDS = (
    "00123",
    "1E5",
    "=cmd()",
    "<b>x</b>",
    "NA",
    "nan",
    "Mar-1",
    "(+)-JQ1",
    "-12.5",
    "\u202eabc",
    "e\u0301",
)


def test_words_stay_words_exactly(tmp_path):
    _, read = table(
        tmp_path, "\n".join(["compound,cpm", *(f"{word},{n}.5" for n, word in enumerate(WORDS))]).encode()
    )
    assert tuple(row[0] for row in read.rows) == WORDS


def test_lines_above_the_table_are_kept(tmp_path):
    data = b"Assay: binding\nOperator,nobody\nwritten for a test\n\nwell,conc,cpm\nA01,1,200\nA02,3,150\n"
    found, read = table(tmp_path, data)
    assert read.columns == ("well", "conc", "cpm")
    assert {key: found.header[key] for key in ("Assay", "Operator")} == {
        "Assay": "binding",
        "Operator": "nobody",
    }
    assert found.notes == ("a.csv > line 3: written for a test",)


def test_a_role_called_total_is_no_summary(tmp_path):
    _, read = table(tmp_path, b"role,well,cpm\nnsb,A01,100\ncompound,A02,150\ntotal,A03,200\n")
    assert read.rows[-1] == ("total", "A03", "200")


def test_a_separator_line_and_trailing_commas_of_a_spreadsheet(tmp_path):
    _, read = table(tmp_path, b"sep=,\nwell,cpm,,\nA01,200,,\n,,,\nA02,150,,\n")
    assert (read.columns, read.rows) == (("well", "cpm"), (("A01", "200"), ("A02", "150")))
    assert read.places == ("a.csv > line 3", "a.csv > line 5")


def test_a_quoted_cell_may_hold_the_delimiter_and_line_ends(tmp_path):
    _, read = table(tmp_path, b'name,cpm\n"a, b",1.5\n"two\nlines",2.5\nc,3\n')
    assert read.rows == (("a, b", "1.5"), ("two\nlines", "2.5"), ("c", "3"))
    assert read.places == ("a.csv > line 2", "a.csv > line 3", "a.csv > line 5")


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12.0), ("-1.5e3", -1500.0), ("\u22122", -2.0), (".5", 0.5), ("5.", 5.0), (" 7 ", 7.0)],
)
def test_numbers(text, value):
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["", "<50", ">10", "OVRFLW", "NaN", "inf", "1e999", "1,5", "0x1F", "1_000", "١٢", "1 2"]
)
def test_what_is_no_number(text):
    assert number(text) is None


def test_names_of_cells():
    assert [cell_name(0, 0), cell_name(6, 1), cell_name(9, 26), cell_name(1048575, 16383)] == [
        "A01",
        "B07",
        "AA10",
        "XFD1048576",
    ]


def test_numbers_of_a_sheet_keep_their_digits():
    values = [0.1 + 0.2, 1e21, 123456789.25, -0.0, 3, True, 12345678901234567890.0]
    assert [shown(value) for value in values] == [
        "0.30000000000000004",
        "1e+21",
        "123456789.25",
        "0",
        "3",
        "TRUE",
        "1.2345678901234567e+19",
    ]
