"""Workbooks that are unsafe, damaged, or show something else than they hold."""

import datetime as dt
import io
import re
import time
import tracemalloc
import zipfile

import numpy as np
import pytest
import xlsxwriter

from prusoff.core.errors import FileError
from prusoff.readers._choose import read_file
from prusoff.readers._shown import shown

SAVE = "Open it in Excel and save it again as .xlsx, or export the sheet as CSV."
COMPUTED = b' fullCalcOnLoad="1"'


def table(book, name="Layout"):
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, ["well", "cpm"])
    for row in range(1, 10):
        sheet.write_row(row, 0, [f"A{row:02d}", 100 + row])
    return sheet


def made(build):
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    build(book)
    book.close()
    return edited(data.getvalue(), lambda name, part: part.replace(COMPUTED, b""))


def edited(data, edit, method=zipfile.ZIP_DEFLATED):
    """The same archive with each part changed by `edit(name, part)`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", method) as target:
        for name in source.namelist():
            target.writestr(name, edit(name, source.read(name)))
    return out.getvalue()


def added(data, name, part=b"<a/>", mode=0o100644, method=zipfile.ZIP_DEFLATED):
    """The same archive with one entry more."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as target:
        entry = zipfile.ZipInfo(name)
        entry.external_attr, entry.compress_type = mode << 16, method
        target.writestr(entry, part)
    return out.getvalue()


def written(tmp_path, data, name="b.xlsx"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def refusal(tmp_path, data):
    """The words of the refusal, which must come within two seconds."""
    path = written(tmp_path, data)
    start = time.perf_counter()
    with pytest.raises(FileError) as refused:
        read_file(path)
    assert time.perf_counter() - start < 2.0
    return str(refused.value)


@pytest.fixture
def plain():
    return made(table)


CELLS = {
    "merged": (
        lambda book: table(book).merge_range("A07:A08", "A06"),
        "b.xlsx > sheet 'Layout' > A07: 2 cells are merged into one. Unmerge them and write a value into each. "
        "[E-MERGED]",
    ),
    "error": (
        lambda book: table(book).write_formula("B7", "=1/0", None, "#DIV/0!"),
        "b.xlsx > sheet 'Layout' > B07: the cell holds the error #DIV/0! Correct the cell, or empty it if there is no "
        "value. [E-CELL]",
    ),
    "formula": (
        lambda book: table(book).write_formula("B7", "=1+1", None, ""),
        "b.xlsx > sheet 'Layout' > B07: the formula has no computed value. Open the workbook in Excel and save it, or "
        "write the value instead of the formula. [E-FORMULA]",
    ),
    "hidden row": (
        lambda book: table(book).set_row(6, None, None, {"hidden": True}),
        "b.xlsx > sheet 'Layout' > row 7: the row is hidden but holds values. Show or delete it, and save the workbook "
        "again. [E-HIDDEN]",
    ),
    "hidden column": (
        lambda book: table(book).set_column("B:B", None, None, {"hidden": True}),
        "b.xlsx > sheet 'Layout' > column B: the column is hidden but holds values. Show or delete it, and save the "
        "workbook again. [E-HIDDEN]",
    ),
    "doubled column": (
        lambda book: table(book).write("C1", "cpm"),
        "b.xlsx > sheet 'Layout' > C01: the column name 'cpm' is used twice. Give every column a name of its own. "
        "[E-COLUMNS]",
    ),
    "far away": (
        lambda book: table(book).write("XFD1048576", 1),
        "b.xlsx: sheet 'Layout' is too large (two million cells are read at most). Delete what is not needed, also far "
        "below and to the right, or export the sheet as CSV. [E-SIZE]",
    ),
    "all hidden": (
        lambda book: (table(book).hide(), book.add_worksheet("Empty").activate()),
        "b.xlsx: no visible sheet holds anything. Show the sheet, or export the data again. [E-EMPTY]",
    ),
}


@pytest.mark.parametrize("case", CELLS)
def test_cells_that_show_something_else_than_they_hold(tmp_path, case):
    build, message = CELLS[case]
    assert refusal(tmp_path, made(build)) == message


def test_a_title_may_be_merged(tmp_path):
    def build(book):
        sheet = book.add_worksheet("Plate")
        sheet.merge_range("A1:M1", "Plate 3 (cpm)")
        sheet.write_row(1, 1, range(1, 13))
        for row, letter in enumerate("ABCDEFGH"):
            sheet.write_row(2 + row, 0, [letter, *(10 * row + n for n in range(12))])

    (plate,) = read_file(written(tmp_path, made(build))).plates
    assert (plate.name, plate.unit, plate.values["B02"]) == ("Plate 3", "cpm", 11.0)
    assert plate.places["B02"] == "b.xlsx > sheet 'Plate' > C04"

    def build_merged(book):
        build(book)
        book.worksheets()[0].merge_range("C5:C6", 5)

    assert refusal(tmp_path, made(build_merged)) == (
        "b.xlsx > sheet 'Plate' > C05: 2 cells are merged into one. Unmerge them and write a value into each. "
        "[E-MERGED]"
    )


def test_a_plate_of_one_sheet_is_called_like_it(tmp_path):
    def build(book):
        sheet = book.add_worksheet("Filter 12")
        sheet.write_row(0, 1, range(1, 13))
        for row, letter in enumerate("ABCDEFGH"):
            sheet.write_row(1 + row, 0, [letter, *range(12)])

    assert read_file(written(tmp_path, made(build))).plates[0].name == "Filter 12"


def test_computed_formulas_and_hidden_sheets_are_said(tmp_path):
    def build(book):
        table(book).write_formula("B7", "=1+1", None, 2)
        table(book, "Old").hide()

    found = read_file(written(tmp_path, made(build)))
    assert found.tables[0].rows[5] == ("A06", "2")
    assert found.notes == (
        "b.xlsx > sheet 'Layout': the stored results of its 1 formulas were read.",
        "b.xlsx > sheet 'Old': is hidden and was left out.",
    )


def test_formulas_that_no_spreadsheet_ever_computed(tmp_path):
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    table(book).write_formula("B7", "=1+1")  # the library stores 0 and asks for a computation on opening
    book.close()
    assert "sheet 'Layout' > B07: the formula has no computed value" in refusal(tmp_path, data.getvalue())


def test_two_sheets_two_tables_and_one_of_prose(tmp_path):
    def build(book):
        table(book, "First")
        table(book, "Second")
        book.add_worksheet("Read me").write(0, 0, "Nothing here was measured.")

    found = read_file(written(tmp_path, made(build)))
    assert [one.name for one in found.tables] == ["First", "Second"]
    assert found.notes == ("b.xlsx > sheet 'Read me': holds no table and was left out.",)


def test_words_dates_and_shares_stay_as_the_sheet_shows_them(tmp_path):
    words = ["00123", "1E5", "=cmd()", "<b>x</b>", "NA", "nan", "Mar-1"]

    def build(book):
        sheet = book.add_worksheet("S")
        day, share = book.add_format({"num_format": "mmm-d"}), book.add_format({"num_format": "0%"})
        sheet.write_row(0, 0, ["compound", "day", "share"])
        for row, word in enumerate(words, start=1):
            sheet.write_string(row, 0, word)
            sheet.write_datetime(row, 1, dt.datetime(2026, 3, 1), day)
            sheet.write_number(row, 2, 0.42, share)

    (found,) = read_file(written(tmp_path, made(build))).tables
    assert [row[0] for row in found.rows] == words
    assert {row[1:] for row in found.rows} == {("Mar-1", "42%")}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("yyyy-mm-dd", "2026-03-01"),
        ("d/m/yy", "1/3/26"),
        ("dd.mm.yyyy", "01.03.2026"),
        ("[$-409]d-mmm-yy;@", "1-Mar-26"),
        ("dddd, mmmm d", "Sunday, March 1"),
        ("h:mm AM/PM", "2:05 PM"),
        ("yyyy\\-mm\\-dd hh:mm:ss", "2026-03-01 14:05:09"),
        ('"day "d', "day 1"),
        ("", "2026-03-01T14:05:09"),
    ],
)
def test_dates_in_the_format_of_their_cell(code, text):
    assert shown(dt.datetime(2026, 3, 1, 14, 5, 9), code) == text


def test_a_workbook_that_is_cut_off(tmp_path, plain):
    for size in (4, 30, len(plain) // 2, len(plain) - 1):
        assert refusal(tmp_path, plain[:size]) == (
            "b.xlsx: the workbook is cut off or damaged. Copy or export it again. [E-TRUNCATED]"
        )


def test_a_part_whose_checksum_is_wrong(tmp_path, plain):
    stored = bytearray(edited(plain, lambda name, part: part, zipfile.ZIP_STORED))
    at = stored.index(b"<sheetData>")
    stored[at + 1 : at + 6] = b"SHEET"
    assert refusal(tmp_path, bytes(stored)) == (
        "b.xlsx: the workbook is cut off or damaged. Copy or export it again. [E-TRUNCATED]"
    )


def test_xml_that_is_broken(tmp_path, plain):
    broken = edited(plain, lambda name, part: part[:-20] if name.endswith("sheet1.xml") else part)
    assert refusal(tmp_path, broken) == (
        "b.xlsx: the part 'xl/worksheets/sheet1.xml' of the workbook is damaged. Copy or export it again. [E-TRUNCATED]"
    )


def test_a_document_type_is_refused(tmp_path, plain):
    evil = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    for part_name in ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"):
        data = edited(
            plain,
            lambda name, part, at=part_name: part.replace(b"?>", b"?>" + evil, 1) if name == at else part,
        )
        assert refusal(tmp_path, data) == (
            f"b.xlsx: an XML part has a document type (DTD), which workbooks never have. {SAVE} [E-DTD]"
        )


def test_a_bomb_is_not_unpacked(tmp_path, plain):
    bomb = added(plain, "xl/bomb.xml", bytes(200_000_000))
    tracemalloc.start()
    message = refusal(tmp_path, bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert message == (
        f"b.xlsx: the entry 'xl/bomb.xml' would unpack to more than 100 times its size; it was not opened. {SAVE} "
        "[E-BOMB]"
    )
    assert peak < 20_000_000


def test_a_bomb_that_lies_about_its_size(tmp_path, plain):
    bomb = bytearray(added(plain, "xl/bomb.xml", bytes(50_000_000)))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = bomb.rindex(mark) + offset
        bomb[at : at + 4] = (900).to_bytes(4, "little")
    assert "[E-TRUNCATED]" in refusal(tmp_path, bytes(bomb))


def test_an_archive_that_unpacks_to_too_much(tmp_path, plain, monkeypatch):
    monkeypatch.setattr("prusoff.readers._archive.MOST_UNPACKED", 1_000_000)
    data = added(
        plain, "xl/large.xml", b"<a>" + bytes(range(32, 60)) * 50_000 + b"</a>", method=zipfile.ZIP_STORED
    )
    assert (
        refusal(tmp_path, data)
        == f"b.xlsx: the archive would unpack to more than 1 MB; it was not opened. {SAVE} [E-BOMB]"
    )


def test_too_many_entries(tmp_path, plain):
    out = io.BytesIO(plain)
    with zipfile.ZipFile(out, "a") as target:
        for number in range(1000):
            target.writestr(f"xl/media/{number}.png", b"")
    entries = len(zipfile.ZipFile(out).namelist())
    assert refusal(tmp_path, out.getvalue()) == (
        f"b.xlsx: the archive has {entries} entries; the limit is 1000. {SAVE} [E-ZIP]"
    )


@pytest.mark.parametrize("name", ["../../evil.xml", "/etc/evil.xml", "..\\evil.xml", "C:/evil.xml"])
def test_entries_that_point_outside(tmp_path, plain, name):
    shown_name = name.replace("\\", "/")
    assert refusal(tmp_path, added(plain, name)) == (
        f"b.xlsx: the entry '{shown_name}' points outside the archive. {SAVE} [E-ZIP]"
    )


def test_an_entry_that_is_a_link(tmp_path, plain):
    assert refusal(tmp_path, added(plain, "xl/link.xml", b"/etc/hostname", 0o120777)) == (
        f"b.xlsx: the entry 'xl/link.xml' is a link. {SAVE} [E-ZIP]"
    )


def test_two_entries_of_one_name(tmp_path, plain):
    with pytest.warns(UserWarning, match="Duplicate name"):
        doubled = added(plain, "xl/workbook.xml")
    assert (
        refusal(tmp_path, doubled) == f"b.xlsx: two entries of the archive have the same name. {SAVE} [E-ZIP]"
    )


def test_an_encrypted_entry(tmp_path, plain):
    locked = bytearray(plain)
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    assert refusal(tmp_path, bytes(locked)) == (
        "b.xlsx: the workbook is encrypted. Remove the password and save it again. [E-ENCRYPTED]"
    )


def test_an_archive_that_is_no_workbook(tmp_path):
    assert refusal(tmp_path, added(b"", "content.xml")) == (
        "b.xlsx: the archive is no .xlsx workbook (it may be .xlsb or .ods, or something else). "
        + SAVE
        + " [E-TYPE]"
    )


def test_a_part_that_states_more_than_it_holds(tmp_path, plain):
    data = edited(plain, lambda name, part: part.replace(b'uniqueCount="', b'uniqueCount="9999999'))
    assert "the part 'xl/sharedStrings.xml' of the workbook is damaged" in refusal(tmp_path, data)


def test_macros_and_pictures_are_left_behind(tmp_path, plain):
    path = written(tmp_path, added(plain, "xl/vbaProject.bin", b"Sub Auto_Open()"), "b.xlsm")
    assert read_file(path).tables[0].rows[0] == ("A01", "101")


ODD = [b"99999", b"-1", b"", b"inlineStr", b"XFD1048576", b"e", b"4294967295", b"nan", b"A0", b"1E400"]


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml"]
)
def test_odd_values_within_the_xml_never_break_the_reading(tmp_path, plain, part):
    random = np.random.default_rng(20260312)

    def odd(match):
        return match[0] if random.random() > 0.05 else ODD[random.integers(len(ODD))]

    for _ in range(30):
        data = edited(
            plain,
            lambda name, xml: re.sub(rb'(?<=[">])[A-Za-z]*\d*(?=["<])', odd, xml) if name == part else xml,
        )
        try:
            read_file(written(tmp_path, data))
        except FileError as refused:
            assert str(refused).startswith("b.xlsx")  # noqa: PT017 - a reading is as good as a refusal
