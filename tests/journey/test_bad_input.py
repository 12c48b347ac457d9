"""Wrong input from files on disk: the verdict, the place and the words that a person at the bench reads."""

import pytest

from prusoff.core.errors import InputError, LayoutError, UnitError
from prusoff.readers._choose import read_file
from prusoff.workbench.experiments import experiments_of
from prusoff.workbench.runfile import load_runfile

RUN = """
[run]
title = "NET binding, simulated"
assay = "radioligand_competition"
simulated = true
[radioligand]
name = "[3H]nisoxetine"
nuclide = "3H"
labelled_atoms = 3
specific_activity = "82.0 Ci/mmol"
calibration_date = 2026-03-02
[radioligand.kd]
value = "0.80 nM"
se = "0.06 nM"
source = "saturation binding, n = 3"
[conditions]
volume = "200 uL"
[counting]
time = "2 min"
[[experiment]]
name = "day 1"
date = 2026-03-09
file = "day1.csv"
radioligand = "1.0 nM"
"""
TIDY = """plate,well,role,compound,conc (nM),cpm
P1,A01,total,,,2481
P1,A02,total,,,2502
P1,A03,nsb,,,121
P1,A04,nsb,,,118
P1,B01,compound,imipramine,1,2210
P1,B02,compound,imipramine,10,1302
P1,B03,compound,imipramine,100,301
"""
LAYOUT = """
[layout.default]
wells = [
    {wells = "A01:A03", role = "total"},
    {wells = "B01:B03", role = "nsb"},
    {wells = "C01:F03", compound = "imipramine", series = {top = "1 uM", steps = 4, factor = 10}},
]
"""
GRID = "Plate 1 (cpm)\n," + ",".join(map(str, range(1, 13))) + "\n"
GRID += "".join(
    f"{row}," + ",".join(str(900 + 10 * column) for column in range(12)) + "\n" for row in "ABCDEFGH"
)


@pytest.fixture
def analysed(tmp_path):
    """Reads a run file and its data, each with pieces of text replaced, up to the experiments."""

    def read(run=(), data=(), text=TIDY, more=""):
        for name, content, changes in (("exp.toml", RUN + more, run), ("day1.csv", text, data)):
            for old, new in changes:
                assert old in content
                content = content.replace(old, new)
            (tmp_path / name).write_text(content, encoding="utf-8")
        return experiments_of(load_runfile(tmp_path / "exp.toml"), tmp_path, read_file)

    return read


@pytest.fixture
def refused(analysed):
    """The message and the kind of error of a run that cannot be read."""

    def messages(**changes):
        with pytest.raises(InputError) as caught:
            analysed(**changes)
        return type(caught.value), str(caught.value)

    return messages


def test_nothing_is_wrong_to_begin_with(analysed):
    assert len(analysed()[0].used) == 7
    assert len(analysed(text=GRID, more=LAYOUT)[0].used) == 18


RUN_FILE = {
    "an unknown key": (
        ("radioligand = ", "rotatd = "),
        InputError,
        "exp.toml > experiment 1: there is no key 'rotatd' here. Did you mean 'rotated'? [E-KEY]",
    ),
    "zero volume": (
        ('"200 uL"', '"0 uL"'),
        UnitError,
        "exp.toml > conditions > volume: volume '0 uL' is zero. It must be above zero. [E-ZERO]",
    ),
    "a zero window": (
        ('time = "2 min"', 'time = "0 min"'),
        UnitError,
        "exp.toml > counting > time: time '0 min' is zero. It must be above zero. [E-ZERO]",
    ),
    "Kd zero": (
        ('value = "0.80 nM"', 'value = "0 nM"'),
        UnitError,
        "exp.toml > radioligand > kd > value: molar concentration '0 nM' is zero. It must be above zero. [E-ZERO]",
    ),
    "Kd missing": (
        ('value = "0.80 nM"\n', ""),
        InputError,
        'exp.toml > radioligand > kd: the constant has no value. Write value = "0.80 nM" with its se and source, or '
        'from = "saturation.toml"; it is never guessed. [E-MISSING]',
    ),
    "Kd without its error": (
        ('se = "0.06 nM"\n', ""),
        InputError,
        'exp.toml > radioligand > kd: the constant has no standard error. Write se = "..." from the same source; '
        "without it the interval of a Ki would be too narrow. [E-MISSING]",
    ),
    "Kd with a negative error": (
        ('se = "0.06 nM"', 'se = "-0.06 nM"'),
        UnitError,
        "exp.toml > radioligand > kd > se: molar concentration '-0.06 nM' is negative. "
        "It cannot be below zero. [E-NEGATIVE]",
    ),
    "Kd without its source": (
        ('source = "saturation binding, n = 3"\n', ""),
        InputError,
        'exp.toml > radioligand > kd: the constant has no source. Write source = "...": '
        "the experiment, paper or database it comes from. [E-MISSING]",
    ),
    "negative radioligand": (
        ('radioligand = "1.0 nM"', 'radioligand = "-1.0 nM"'),
        UnitError,
        "exp.toml > experiment 1 > radioligand: molar concentration '-1.0 nM' is negative. "
        "It cannot be below zero. [E-NEGATIVE]",
    ),
    "a number without a unit": (
        ('"1.0 nM"', "1.0"),
        UnitError,
        "exp.toml > experiment 1 > radioligand: molar concentration 1.0 has no unit. "
        "Write a number and a unit, such as '10 nM', in quotes. [E-UNIT]",
    ),
    "a unit of another kind": (
        ('"1.0 nM"', '"1.0 nm"'),
        UnitError,
        "exp.toml > experiment 1 > radioligand: 'nm' is not a unit of molar concentration. "
        "Did you mean 'nM' or 'M'? [E-UNIT]",
    ),
    "an implausible concentration": (
        ('"1.0 nM"', '"5000 M"'),
        UnitError,
        "exp.toml > experiment 1 > radioligand: molar concentration '5000 M' is implausible. "
        "The largest plausible value is 10 mol/L; check the unit. [E-IMPLAUSIBLE]",
    ),
    "an ambiguous date": (
        ("date = 2026-03-09", 'date = "03/09/2026"'),
        InputError,
        "exp.toml > experiment 1 > date: '03/09/2026' is not a date that can be read one way only. "
        "Write year-month-day, such as 2026-03-09. [E-DATE]",
    ),
    "a file outside the folder": (
        ('file = "day1.csv"', 'file = "/etc/passwd"'),
        InputError,
        "exp.toml > experiment 1 > file: '/etc/passwd' does not lie beside the run file. "
        "Name a file in the folder of the run file, or in a folder below it. [E-PATH]",
    ),
    "more activity than three tritium atoms have": (
        ('"82.0 Ci/mmol"', '"820 Ci/mmol"'),
        InputError,
        "exp.toml > radioligand: a specific activity of 820 Ci/mmol is more than 3 3H per molecule can have",
    ),
    "set aside without a reason": (
        ('radioligand = "1.0 nM"', 'set_aside = [{wells = "B03"}]'),
        InputError,
        "exp.toml > experiment 1 > set_aside 1: 'reason' is missing. Add it: Why; it is printed in every report. "
        "[E-MISSING]",
    ),
    "set aside where there is nothing": (
        ('radioligand = "1.0 nM"', 'set_aside = [{wells = "H12", reason = "spilled"}]'),
        LayoutError,
        "exp.toml > experiment 1 > set_aside 1: there is no well H12 in this experiment. "
        "Name wells that hold something. [E-LAYOUT]",
    ),
}


@pytest.mark.parametrize(("change", "kind", "message"), RUN_FILE.values(), ids=RUN_FILE)
def test_a_wrong_run_file(refused, change, kind, message):
    found, text = refused(run=[change])
    assert found is kind
    assert message in text
    assert "\n" not in text


DATA = {
    "a misspelt column": (
        ("compound,conc", "compuond,conc"),
        InputError,
        "day1.csv: there is no column 'compound'. Did you mean 'compuond'? Rename it, or say in the run file which "
        "it is: [columns] compound = '...'. [E-COLUMN]",
    ),
    "no unit of concentration": (
        ("conc (nM)", "conc"),
        UnitError,
        "day1.csv, column 'conc': the concentrations have no unit. Write the heading as 'conc (nM)', or add "
        'concentration = "nM" to [units] in the run file. [E-UNIT]',
    ),
    "no unit of the signal": (
        (",cpm", ",signal"),
        UnitError,
        'day1.csv: the signal has no unit. Add signal = "cpm" (or counts, dpm) to [units] in the run file. [E-UNIT]',
    ),
    "mixed units": (
        ("imipramine,10,", "imipramine,10 uM,"),
        UnitError,
        "day1.csv > line 7, column 'conc (nM)': the units are mixed: the heading says nM, the cell says uM. "
        "State one unit. [E-UNIT]",
    ),
    "an implausible concentration": (
        ("conc (nM)", "conc (M)"),
        UnitError,
        "day1.csv > line 8, column 'conc (M)': molar concentration '100 M' is implausible. "
        "The largest plausible value is 10 mol/L; check the unit. [E-IMPLAUSIBLE]",
    ),
    "a concentration that is text": (
        ("imipramine,10,", "imipramine,ten,"),
        UnitError,
        "day1.csv > line 7, column 'conc (nM)': 'ten' is not a molar concentration. "
        "Write a number and a unit, such as '10 nM'. [E-NUMBER]",
    ),
    "a concentration that is a bound": (
        ("imipramine,10,", "imipramine,<50,"),
        UnitError,
        "day1.csv > line 7, column 'conc (nM)': '<50' is not a molar concentration. "
        "Write a number and a unit, such as '10 nM'. [E-NUMBER]",
    ),
    "a logarithm as concentration": (
        ("imipramine,10,", "imipramine,-8,"),
        UnitError,
        "day1.csv > line 7, column 'conc (nM)': molar concentration '-8 nM' is negative. "
        "It cannot be below zero. Logarithms are not read: write 1 nM, not -9. [E-NEGATIVE]",
    ),
    "no concentration": (
        ("imipramine,10,", "imipramine,,"),
        LayoutError,
        "day1.csv > line 7: 'imipramine' has no concentration. "
        "Write its final concentration with a unit, such as '10 nM'. [E-LAYOUT]",
    ),
    "a well twice": (
        ("P1,A02", "P1,a1"),
        LayoutError,
        "day1.csv > line 3, column 'well': well A01 stands twice: 'a1' here and 'A01' at day1.csv > line 2. "
        "Correct one, or name the plate of each. [E-WELL]",
    ),
    "a well outside the plate": (
        ("P1,B03", "P1,H13"),
        LayoutError,
        "day1.csv > line 8, column 'well': well 'H13' is outside a 96-well plate. Its wells are A01 to H12. [E-WELL]",
    ),
    "no well": (
        ("P1,B03", "P1,3B"),
        LayoutError,
        "day1.csv > line 8, column 'well': '3B' is not a well. Write wells as A01 to H12. [E-WELL]",
    ),
    "an unknown role": (
        ("A03,nsb", "A03,nbs"),
        InputError,
        "day1.csv > line 4: there is no role 'nbs'. Did you mean 'nsb'? [E-ROLE]",
    ),
    "no total binding": (
        ("total", "blank"),
        LayoutError,
        "exp.toml > experiment 1 > plate 'P1': no well with total binding is in use. "
        "Give wells the role 'total' in the layout, or keep one that is set aside. [E-LAYOUT]",
    ),
    "no nonspecific binding": (
        ("nsb", "blank"),
        LayoutError,
        "exp.toml > experiment 1 > plate 'P1': no well with nonspecific binding is in use. "
        "Give wells the role 'nsb' in the layout, or keep one that is set aside. [E-LAYOUT]",
    ),
    "a negative count": (
        (",cpm\nP1,A01,total,,,2481", ",counts\nP1,A01,total,,,-5"),
        UnitError,
        "day1.csv > line 2, column 'counts': -5 counts: counts cannot be negative. "
        "Only a net rate may be negative: give counts as counted, or the unit cpm. [E-NEGATIVE]",
    ),
}


@pytest.mark.parametrize(("change", "kind", "message"), DATA.values(), ids=DATA)
def test_a_wrong_table(refused, change, kind, message):
    found, text = refused(data=[change])
    assert found is kind
    assert text == message


@pytest.mark.parametrize("value", ["NaN", "OVRFLW", "<50", "inf", "1e999", ""])
def test_a_signal_that_is_no_number_sets_its_well_aside(analysed, value):
    (one,) = analysed(data=[("10,1302", f"10,{value}")])
    aside = [well for well in one.wells if not well.used]
    assert [well.position for well in aside] == ["B02"]
    assert aside[0].set_aside in (f"the counter gave '{value}', not a number", "there is no reading")
    assert len(one.wells) == 7


def test_a_net_rate_may_be_negative(analysed):
    (one,) = analysed(data=[("100,301", "100,-12.5")])
    assert (one.wells[-1].signal, one.wells[-1].used) == (-12.5, True)


def test_a_counting_time_of_zero(refused):
    data = TIDY.replace("cpm\n", "cpm,count_min\n").replace("01\n", "01,0\n")
    lines = [line if line.count(",") == 6 else f"{line},2" for line in data.splitlines()]
    _, text = refused(text="\n".join(lines))
    assert (
        "column 'count_min': the counting time is zero. Give the time for which the well was counted. [E-ZERO]"
        in text
    )


def test_counts_without_a_counting_time(refused):
    found, text = refused(run=[('time = "2 min"\n', "")], data=[("cpm", "counts")])
    assert found is InputError
    assert text == (
        "exp.toml > experiment 1: the signal is in counts but the counting time is missing. "
        'Write time = "2 min" (or whatever it was) under [counting]. [E-MISSING]'
    )


def test_a_column_that_the_run_file_names_and_the_file_has_not(refused):
    _, text = refused(more='[columns]\nwell = "Wel"\n')
    assert text == (
        "day1.csv: there is no column 'Wel', which [columns] gives for 'well'. Did you mean 'well'? [E-COLUMN]"
    )


def test_two_columns_that_may_be_the_signal(refused):
    lines = [f"{line},{'dpm' if line.endswith('cpm') else 1}" for line in TIDY.splitlines()]
    _, text = refused(text="\n".join(lines))
    assert text == (
        "day1.csv: columns 'cpm' and 'dpm' may each be 'signal'. "
        "Say which in the run file: [columns] signal = 'cpm'. [E-COLUMN]"
    )


def test_the_same_readings_twice(refused):
    twice = '[[experiment]]\nname = "day 2"\nfile = "day1.csv"\n'
    _, text = refused(more=twice)
    assert text == (
        "exp.toml > experiment 2 > file: 7 readings are those of experiment 'day 1' again. An experiment is an "
        "independent day with its own readings: remove it, or name its own file or plate. [E-TWICE]"
    )


def test_a_plate_without_a_map(refused):
    found, text = refused(text=GRID)
    assert found is LayoutError
    assert text == (
        "day1.csv > plate 'Plate 1': there is no plate map for this plate. "
        "Add a plate map, such as [layout.default], to the run file. [E-LAYOUT]"
    )


def test_a_map_of_another_plate(refused):
    _, text = refused(text=GRID, more=LAYOUT.replace("[layout.default]", "[layout.default]\nformat = 384"))
    assert text == (
        "day1.csv > plate 'Plate 1': the plate has 96 wells, its map 384. "
        "Correct 'format' of the layout, or name another layout. [E-LAYOUT]"
    )


def test_a_map_without_controls(refused):
    found, text = refused(text=GRID, more=LAYOUT.replace("nsb", "blank"))
    assert found is LayoutError
    assert "no well with nonspecific binding is in use" in text


def test_a_data_file_that_is_not_there(analysed, tmp_path):
    with pytest.raises(InputError) as caught:
        analysed(run=[("day1.csv", "day2.csv")])
    assert str(caught.value) == "day2.csv: there is no such file. Check the name and the folder. [E-MISSING]"


def test_everything_wrong_with_the_data_is_said_at_once(refused):
    changes = [("imipramine,1,", "imipramine,one,"), ("P1,A02", "P1,Z99"), ("A03,nsb", "A03,nbs")]
    found, text = refused(data=changes, more=LAYOUT.replace("steps = 4", "steps = 5"))
    assert found is InputError
    lines = text.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "exp.toml > layout > default > wells 3",
        "day1.csv > line 3, column 'well'",
        "day1.csv > line 4",
        "day1.csv > line 6, column 'conc (nM)'",
    ]


def test_twenty_problems_are_printed_and_the_rest_counted(refused):
    rows = "".join(f"P2,A{column},totl{column},,,5\n" for column in range(1, 13))
    _, text = refused(text=TIDY + rows + rows.replace("P2", "P3").replace("totl", "ttl"))
    assert text.splitlines()[-1] == "... and 4 more problems of this kind."


def test_a_workbook_with_counts_and_a_map_in_grids_is_no_bad_input(tmp_path):
    import xlsxwriter

    def grid(sheet, top, title, cell):
        sheet.write(top, 0, title)
        sheet.write_row(top + 1, 1, range(1, 13))
        for row in range(8):
            sheet.write_row(top + 2 + row, 0, ["ABCDEFGH"[row], *(cell(row, column) for column in range(12))])

    with xlsxwriter.Workbook(tmp_path / "counts.xlsx") as book:
        grid(book.add_worksheet("Counts"), 0, "Plate 1 (cpm)", lambda row, column: 100 + row)
        sheet = book.add_worksheet("Layout")
        grid(sheet, 0, "role", lambda row, column: ("total", "nsb")[column] if column < 2 else "compound")
        grid(sheet, 12, "compound", lambda row, column: "x" if column > 1 else "")
        grid(sheet, 24, "concentration (nM)", lambda row, column: 10.0**row if column > 1 else "")
    text = (
        RUN.replace("day1.csv", "counts.xlsx") + '[layout.default]\nfile = "counts.xlsx"\nsheet = "Layout"\n'
    )
    (tmp_path / "exp.toml").write_text(text)
    (one,) = experiments_of(load_runfile(tmp_path / "exp.toml"), tmp_path, read_file)
    assert (len(one.wells), len(one.used), one.plates) == (96, 96, ("Plate 1",))
    assert one.wells[-1].treatment.concentration_molar == 0.01
