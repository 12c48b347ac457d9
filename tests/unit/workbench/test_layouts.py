import math

import pytest

from prusoff.core.errors import Problems
from prusoff.core.plate import FORMATS, Role
from prusoff.workbench.layouts import expand, layouts_of
from prusoff.workbench.runfile import parse_runfile

HEAD = """
[run]
title = "NET binding"
assay = "radioligand_competition"
[radioligand]
name = "[3H]nisoxetine"
nuclide = "3H"
[[experiment]]
file = "day1.csv"
"""


def layout(text, folder=None):
    problems = Problems()
    found = layouts_of(parse_runfile(HEAD + text, "exp.toml"), folder, problems)
    assert problems.items == []
    return found["default"]


def problems_of(text, folder=None):
    problems = Problems()
    layouts_of(parse_runfile(HEAD + text, "exp.toml"), folder, problems)
    return [str(problem) for problem in problems.items]


def grid(text):
    return f'[layout.default]\ngrid = """\n{text}\n"""\n'


def test_blocks_of_wells():
    assert expand(["B2:C03", "a1"], FORMATS[96]) == ("B02", "B03", "C02", "C03", "A01")


SAME = {
    "bars with row letters and column numbers": """
|   | 1     | 2   | 3                 | 4 |
|---|-------|-----|-------------------|---|
| A | total | nsb | WIN 35,428 10 nM  | - |
| B | total | nsb | WIN 35,428 1 nM   |   |
""",
    "bars alone": "total | nsb | WIN 35,428 10 nM\ntotal | nsb | WIN 35,428 1 nM",
    "tabs": "A\ttotal\tnsb\tWIN 35,428 10 nM\nB\ttotal\tnsb\tWIN 35,428 1 nM",
    "two spaces": "    1      2    3\nA   total  nsb  WIN 35,428 10 nM\nB   total  nsb  WIN 35,428 1 nM",
    "commas": '1,2,3\ntotal, nsb, "WIN 35,428 10 nM"\ntotal, nsb, "WIN 35,428 1 nM"',
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_a_grid_of_text(text):
    found = layout(grid(text)).treatments
    assert list(found) == ["A01", "A02", "A03", "B01", "B02", "B03"]
    assert [found[well].role for well in ("A01", "B02", "A03")] == [Role.TOTAL, Role.NSB, Role.COMPOUND]
    assert (found["A03"].compound, found["A03"].concentration_molar) == ("WIN 35,428", 1e-8)
    assert found["B03"].concentration_molar == 1e-9


def test_a_grid_says_the_radioligand_behind_an_at():
    found = layout(grid("total @ 0.1 nM | nsb @ 0.1 nM\ntotal @ 0.3 nM | -")).treatments
    assert [found[well].radioligand_molar for well in found] == [1e-10, 1e-10, 3e-10]


def test_a_dilution_series_down_the_rows():
    entry = '{wells = "A04:H06", compound = "x", series = {top = "10 uM", steps = 8, factor = 10}}'
    found = layout(f"[layout.default]\nwells = [{entry}]\n").treatments
    assert len(found) == 24
    assert found["A04"].concentration_molar == found["A06"].concentration_molar == 1e-5
    assert found["H05"].concentration_molar == pytest.approx(1e-12)


def test_a_dilution_series_along_the_columns():
    series = '{top = "1 uM", steps = 5, factor = 3.1623, along = "columns"}'
    entry = f'{{wells = "A01:C05", compound = "x", series = {series}}}'
    found = layout(f"[layout.default]\nwells = [{entry}]\n").treatments
    assert found["B05"].concentration_molar == pytest.approx(1e-6 / 3.1623**4)


def test_saturation_entries_have_their_own_radioligand():
    entries = '{wells = "A01:A03", role = "total", radioligand = "0.1 nM"}, {wells = "B1", role = "nsb"}'
    found = layout(f"[layout.default]\nwells = [{entries}]\n").treatments
    assert found["A02"].radioligand_molar == 1e-10
    assert math.isnan(found["B01"].radioligand_molar)


def test_a_file_with_one_grid(tmp_path):
    rows = [",".join(["", *map(str, range(1, 13))])]
    for row in "ABCDEFGH":
        rows.append(",".join([row, "total", "nsb", f"007 {ord(row)} nM", *["-"] * 9]))
    (tmp_path / "layout.csv").write_text("\n".join(rows) + "\n")
    found = layout('[layout.default]\nfile = "layout.csv"\n', tmp_path).treatments
    assert len(found) == 24
    assert (found["B03"].compound, found["B03"].concentration_molar) == ("007", 6.6e-8)


def test_a_file_with_a_grid_for_each_field(tmp_path):
    def block(title, cell):
        rows = [title, ",".join(["", *map(str, range(1, 13))])]
        return [
            *rows,
            *(",".join([row, *(cell(row, column) for column in range(12))]) for row in "ABCDEFGH"),
            "",
        ]

    role = block(
        "role", lambda row, column: ("total", "nsb", "compound")[min(column, 2)] if column < 4 else ""
    )
    compound = block("compound", lambda row, column: "1-2" if column in (2, 3) else "")
    amount = block("concentration (nM)", lambda row, column: "5" if column in (2, 3) else "")
    (tmp_path / "layout.csv").write_text("\n".join(role + compound + amount))
    found = layout('[layout.default]\nfile = "layout.csv"\n', tmp_path).treatments
    assert len(found) == 32
    assert (found["H04"].compound, found["H04"].concentration_molar) == ("1-2", 5e-9)


def test_a_file_with_a_list(tmp_path):
    lines = [
        "well,role,compound,concentration,radioligand (nM)",
        "a1,total,,,1",
        "A2,nsb,,,1",
        "A3,,x,10 nM,1",
        "A4,,,,",
    ]
    (tmp_path / "layout.csv").write_text("\n".join(lines))
    found = layout('[layout.default]\nfile = "layout.csv"\n', tmp_path).treatments
    assert list(found) == ["A01", "A02", "A03"]
    assert found["A03"].concentration_molar == 1e-8
    assert found["A01"].radioligand_molar == 1e-9


def test_a_sheet_beside_the_data(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "counts.xlsx") as book:
        book.add_worksheet("Counts").write_row(0, 0, ["well", "cpm"])
        sheet = book.add_worksheet("Layout")
        for row, cells in enumerate(
            [["well", "role", "compound", "conc_nM"], ["A01", "total"], ["A02", "", "x", 10]]
        ):
            sheet.write_row(row, 0, cells)
    found = layout('[layout.default]\nfile = "counts.xlsx"\nsheet = "Layout"\n', tmp_path).treatments
    assert found["A02"].concentration_molar == 1e-8


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            grid("total | imipramine"),
            "exp.toml > layout > default > grid > A2: 'imipramine' has no concentration. "
            "Write its final concentration with a unit, such as '10 nM'. [E-LAYOUT]",
        ),
        (
            grid("total | imipramine 5000 M"),
            "exp.toml > layout > default > grid > A2: molar concentration '5000 M' is implausible. "
            "The largest plausible value is 10 mol/L; check the unit. [E-IMPLAUSIBLE]",
        ),
        (
            grid("total 1 nM | nsb"),
            "exp.toml > layout > default > grid > A1: 'total 1 nM' cannot be read. "
            "For the concentration of radioligand write 'total @ 1 nM'. [E-LAYOUT]",
        ),
        (
            '[layout.default]\nwells = [{wells = "A06", role = "total"}, {wells = "a6", role = "nsb"}]\n',
            "exp.toml > layout > default > wells 2: well A06 is given twice. Keep one of them. [E-WELL]",
        ),
        (
            '[layout.default]\nwells = [{wells = "H13", role = "total"}]\n',
            "exp.toml > layout > default > wells 1: well 'H13' is outside a 96-well plate. "
            "Its wells are A01 to H12. [E-WELL]",
        ),
        (
            '[layout.default]\nwells = [{wells = "A1:G3", compound = "x", series = '
            '{top = "1 uM", steps = 8, factor = 3}}]\n',
            "exp.toml > layout > default > wells 1: the series has 8 steps but the wells 7 rows. "
            "Give one of the rows to each concentration, or change 'along'. [E-LAYOUT]",
        ),
        (
            '[layout.default]\nwells = [{wells = "B2:A1", role = "nsb"}]\n',
            "exp.toml > layout > default > wells 1: the block 'B2:A1' runs backwards. "
            "Write the upper left well first. [E-WELL]",
        ),
        (
            '[layout.default]\nwells = [{wells = "A1"}]\n',
            "exp.toml > layout > default > wells 1: the well has neither a role nor a compound. "
            "Name a compound, or a role: total, nsb, compound, ice, blank, background. [E-ROLE]",
        ),
    ],
)
def test_what_is_wrong_with_a_map_is_said(text, message):
    assert problems_of(text) == [message]


def test_what_is_wrong_with_a_list_in_a_file_is_said(tmp_path):
    lines = ["well,role,compound,conc", "A6,total,,", "a06,nsb,,", "A7,totl,,", "A8,,x,ten", "A9,,x,10"]
    (tmp_path / "layout.csv").write_text("\n".join(lines))
    assert problems_of('[layout.default]\nfile = "layout.csv"\n', tmp_path) == [
        "layout.csv > line 3: well A06 is given twice ('A6' and 'a06'). Keep one of them. [E-WELL]",
        "layout.csv > line 4: there is no role 'totl'. Did you mean 'total'? [E-ROLE]",
        "layout.csv > line 5: 'ten' is not a molar concentration. "
        "Write a number and a unit, such as '10 nM'. [E-NUMBER]",
        "layout.csv > line 6: concentration '10' has no unit. "
        "Write '10 nM' (or whatever it is), or say it for all in [units] of the run file. [E-UNIT]",
    ]
