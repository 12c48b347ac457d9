"""What is said about files that cannot be trusted: the place, what was found, what to do."""

from pathlib import Path

import pytest

from prusoff.core.errors import BrokenFile, FileError, UnknownFormat, UnknownName
from prusoff.core.reader import RawData, Reader
from prusoff.readers import catalog
from prusoff.readers._choose import choose, read_file
from prusoff.readers._load import MOST_BYTES, MOST_RECORDED, load

TABLE = "well,cpm\nA01,200\nA02,150\nA03,160\n"
AGAIN = "Export it again. [E-EMPTY]"
SAVE = "Export the data as CSV, TSV or XLSX. [E-TYPE]"
RAGGED = "Give every row one cell for each column; quote a text that holds the delimiter. [E-RAGGED]"
POINTS = "Export the file with decimal points and without marks for thousands. [E-DECIMAL]"
SUMMARY = "looks like a summary under the table. Delete it: means and totals are computed from the rows. [E-SUMMARY]"

TEXTS = {
    "empty": ("a.csv", b"", f"a.csv: the file is empty. {AGAIN}"),
    "blank": ("a.csv", b"\n \n\n", f"a.csv: the file holds blank lines only. {AGAIN}"),
    "heading alone": (
        "a.csv",
        b"well,cpm\n",
        "a.csv > line 1: there is a heading but no row below it. Write one row for each observation below it. "
        "[E-NOROWS]",
    ),
    "picture": (
        "a.csv",
        b"\x89PNG\r\n\x1a\n\0\0",
        f"a.csv: the file is a PNG picture although its name ends in '.csv'. {SAVE}",
    ),
    "workbook named csv": (
        "a.csv",
        b"PK\x03\x04\0\0",
        "a.csv: the file is an Excel workbook although its name ends in '.csv'. Give it the ending .xlsx. [E-TYPE]",
    ),
    "text named xlsx": (
        "a.xlsx",
        TABLE.encode(),
        "a.xlsx: the file is text although its name ends in '.xlsx'. Give it the ending .csv or .txt. [E-TYPE]",
    ),
    "old workbook": (
        "a.xls",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
        "a.xls: the file is an old or password-protected Office file. Open it in Excel, remove the password, and save "
        "it as .xlsx. [E-TYPE]",
    ),
    "web page": (
        "a.txt",
        b"<HTML><table>",
        f"a.txt: the file is a web page although its name ends in '.txt'. {SAVE}",
    ),
    "doubled column": (
        "a.csv",
        b"well,cpm,cpm\nA01,1,2\nA02,3,4\n",
        "a.csv > line 1, column 3: the column name 'cpm' is used twice. Give every column a name of its own. "
        "[E-COLUMNS]",
    ),
    "column without a name": (
        "a.csv",
        b"well,,cpm\nA01,1,2\nA02,3,4\n",
        "a.csv > line 1, column 2: column 2 has no name. Name it, or delete it if it is empty. [E-COLUMNS]",
    ),
    "ragged": (
        "a.csv",
        b"a,b,c\n1,x,3\n4,x\n6,x,8,9\n",
        f"a.csv > line 3: the row has 2 cells, the heading 3. {RAGGED}\n"
        f"a.csv > line 4: the row has 4 cells, the heading 3. {RAGGED}",
    ),
    "no heading": (
        "a.csv",
        b"nisoxetine,1 nM,200\nnisoxetine,3 nM,180\n",
        "a.csv > line 1: the heading is missing: 'nisoxetine | 1 nM | 200' looks like data. Write one heading with a "
        "name for every column above the rows. [E-HEADING]",
    ),
    "row of units": (
        "a.csv",
        b"compound,concentration,cpm\n,nM,cpm\nx,1,200\nx,10,150\n",
        "a.csv > line 2: the row under the heading holds units ('nM', 'cpm'). Write the unit into the heading, as in "
        "'concentration (nM)', and delete this row. [E-UNITROW]",
    ),
    "means below": (
        "a.csv",
        f"{TABLE}\nMean,170\nSD,26\n".encode(),
        f"a.csv > line 6: 'Mean' {SUMMARY}\na.csv > line 7: 'SD' {SUMMARY}",
    ),
    "total below": (
        "a.csv",
        b"well,compound,cpm\nA01,x,2\nA02,x,3\nTotal,,5\n",
        f"a.csv > line 4: 'Total' {SUMMARY}",
    ),
    "second table": (
        "a.csv",
        f"{TABLE}\n{TABLE}".encode(),
        "a.csv > line 6: the heading stands here again: a second table begins. Put the second table into a file or a "
        "sheet of its own. [E-SECOND]",
    ),
    "NUL byte": (
        "a.csv",
        b"well,cpm\nA01,2\nA02,\x003\n",
        "a.csv > line 3: a NUL byte stands in the text. The file is damaged or no text; export it again. [E-TEXT]",
    ),
    "half a UTF-16 file": (
        "a.csv",
        TABLE.encode("utf-16")[:-1],
        "a.csv: the text is cut off or damaged at byte 66. The file is damaged or no text; export it again. [E-TEXT]",
    ),
    "open quotation mark": (
        "a.csv",
        b'well,cpm\n"A01,2\nA02,3\n',
        'a.csv > line 2: a quotation mark (") is not closed, or a cell is far too long. Remove the quotation mark, or '
        "export the file again. [E-QUOTE]",
    ),
    "thousands or decimals": (
        "a.csv",
        b"dose;cpm\n1,234;2\n2,345;3\n",
        f"a.csv > line 2, column 1: '1,234' may mean 1.234 or 1234. {POINTS}",
    ),
    "both marks in one number": (
        "a.csv",
        b"dose;cpm\n1.234,5;2\n",
        f"a.csv > line 2, column 1: '1.234,5' has marks for thousands. {POINTS}",
    ),
    "both marks in one file": (
        "a.tsv",
        b"dose\tcpm\n1,5\t2\n2.5\t3\n",
        "a.tsv > line 2, column 1: '1,5' has a decimal comma but '2.5' (a.tsv > line 3, column 1) a decimal point. "
        f"{POINTS}",
    ),
}


@pytest.mark.parametrize("case", TEXTS)
def test_the_refusal_says_where_what_and_what_to_do(tmp_path, case):
    name, data, message = TEXTS[case]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(FileError) as refusal:
        read_file(path)
    assert str(refusal.value) == message


def test_a_file_that_no_reader_knows(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary.\nToday nothing was counted.\n", encoding="utf-8")
    with pytest.raises(UnknownFormat) as refusal:
        read_file(path)
    text = str(refusal.value)
    assert text.startswith(
        "notes.txt: no reader knows this file: it holds no plate with column numbers above row letters, no table with "
        f"a heading, and names no instrument that is known. Known formats: {next(iter(catalog))} ("
    )
    assert all(f"{name} ({catalog[name].title})" in text for name in catalog)
    assert text.endswith("Export it as one of them, or name the reader with --as. [E-FORMAT]")


def test_two_readers_that_claim_one_file(tmp_path, monkeypatch):
    first, second = (
        Reader(name, "Takes all", (".csv",), lambda file: True, lambda file: RawData("", "", ""), "test")
        for name in ("greedy", "hungry")
    )
    monkeypatch.setattr(catalog, "_items", {**catalog, "greedy": first, "hungry": second})
    path = tmp_path / "a.csv"
    path.write_text(TABLE, encoding="utf-8")
    with pytest.raises(UnknownFormat) as refusal:
        choose(load(path))
    assert str(refusal.value) == (
        "a.csv: 2 readers claim this file: 'greedy' and 'hungry'. Say which with --as greedy or --as hungry. [E-FORMAT]"
    )


def test_a_named_reader_is_taken_and_an_unknown_one_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(TABLE, encoding="utf-8")
    assert read_file(path, reader="delimited").reader == "delimited"
    with pytest.raises(UnknownName, match=r"there is no reader 'delimted'\. Did you mean 'delimited'"):
        read_file(path, reader="delimted")
    with pytest.raises(BrokenFile) as refusal:
        read_file(path, reader="plate_grid")
    assert str(refusal.value) == (
        "a.csv: no plate found: looked for column numbers (1 to 12, 24 or 48) above row letters (A, B, ...). Name the "
        "reader that fits, with --as, or export the plate as a grid. [E-NOPLATE]"
    )
    with pytest.raises(BrokenFile, match="the columns of a Wizard2 table are missing"):
        read_file(path, reader="wizard")
    with pytest.raises(BrokenFile, match="the report holds no plate"):
        read_file(path, reader="microbeta")


def test_what_is_no_readable_file(tmp_path):
    with pytest.raises(FileError) as refusal:
        load(tmp_path / "absent.csv")
    assert (
        str(refusal.value) == "absent.csv: there is no such file. Check the name and the folder. [E-MISSING]"
    )
    with pytest.raises(FileError, match=r"this is a folder, not a file. Name a file in it. \[E-FOLDER\]"):
        load(tmp_path)
    with pytest.raises(FileError, match=r"\[E-FILE\]"):
        load("a\0b.csv")


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(FileError) as refusal:
        load(path)
    assert str(refusal.value) == (
        "large.csv: the file has 100 MB; the limit is 100 MB. Split it, or leave out what is not needed. [E-SIZE]"
    )


def test_a_recording_may_be_larger(tmp_path):
    path = tmp_path / "large.abf"
    with path.open("wb") as file:
        file.write(b"ABF2")
        file.truncate(MOST_BYTES + 1)
    assert len(load(path).data) == MOST_BYTES + 1
    with path.open("r+b") as file:
        file.truncate(MOST_RECORDED + 1)
    with pytest.raises(FileError, match=r"the file has 1000 MB; the limit is 1000 MB"):
        load(path)


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = tmp_path / "secret.csv"
    path.write_text(TABLE, encoding="utf-8")

    def forbid(_):
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", forbid)
    with pytest.raises(FileError) as refusal:
        load(path)
    assert str(refusal.value) == (
        "secret.csv: you may not read this file. Ask for the right to read it, or close the program that holds it. "
        "[E-PERMISSION]"
    )


def test_at_most_twenty_problems_are_printed(tmp_path):
    rows = ["a,b,c", *("1,x,3" for _ in range(60)), *("1,x" for _ in range(50))]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(BrokenFile) as refusal:
        read_file(path)
    assert len(refusal.value.problems) == 50
    assert str(refusal.value).splitlines()[-1] == "... and 30 more problems of this kind."


def test_the_hash_is_that_of_the_bytes(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"abc")
    assert load(path).sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
