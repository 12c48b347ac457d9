import math
from pathlib import Path

import pytest

from prusoff.core.errors import InputError, UnitError
from prusoff.core.plate import FORMATS, Role
from prusoff.core.reader import PlateReading, RawData, Table
from prusoff.workbench.experiments import experiments_of
from prusoff.workbench.runfile import parse_runfile

HEAD = """
[run]
title = "NET binding"
assay = "radioligand_competition"
[target]
name = "NET"
species = "human"
[radioligand]
name = "[3H]nisoxetine"
nuclide = "3H"
labelled_atoms = 3
specific_activity = "82.0 Ci/mmol"
"""
LAYOUT = """
[layout.default]
wells = [
    {wells = "A01:A02", role = "total"},
    {wells = "B01:B02", role = "nsb"},
    {wells = "C01:D02", compound = "imipramine", series = {top = "1 uM", steps = 2, factor = 10}},
]
"""
TIDY = ("plate", "Well", "role", "compound", "conc (nM)", "CPM", "comment")
ROWS = (
    ("P1", "a1", "total", "", "", "2500", "first"),
    ("P1", "A2", "nsb", "", "", "120", ""),
    ("P1", "A3", "compound", "imipramine", "10", "1200", ""),
    ("P1", "A4", "", "imipramine", "100", "OVRFLW", ""),
)


def plate(name="Plate 1", unit="cpm", notes=None, **more):
    values = {f"{row}{column:02d}": 100.0 for row in "ABCDE" for column in (1, 2)}
    for well in notes or {}:
        values.pop(well)
    return PlateReading(name, FORMATS[96], values, unit, notes or {}, **more)


def table(columns=TIDY, rows=ROWS, name=""):
    return Table(name, columns, rows, tuple(f"day1.csv > line {number + 2}" for number in range(len(rows))))


def experiments(text, *raw, head=HEAD):
    """The experiments of a run file whose files hold these plates or tables, in order."""
    run = parse_runfile(head + text, "exp.toml")
    files = dict(zip(run.files, raw, strict=True))

    def read(path, reader):
        found = files[path.name]
        parts = found if isinstance(found, tuple) else (found,)
        plates = tuple(part for part in parts if isinstance(part, PlateReading))
        tables = tuple(part for part in parts if isinstance(part, Table))
        return RawData("test", path.name, path.name, plates, tables)

    return experiments_of(run, Path(), read)


DAY = '[[experiment]]\nfile = "day1.csv"\n'


def test_every_well_of_the_map_becomes_a_well():
    (one,) = experiments(LAYOUT + DAY, plate())
    assert (one.name, len(one.wells), len(one.used)) == ("day1", 10, 8)
    assert {well.experiment for well in one.wells} == {"day1"}
    last = one.used[-1]
    assert (last.position, last.treatment.compound, last.treatment.concentration_molar) == (
        "D02",
        "imipramine",
        1e-7,
    )
    assert one.notes == ("day1.csv > plate 'Plate 1': 2 readings are not in the layout (E01, E02)",)
    assert [(well.position, well.signal, well.set_aside) for well in one.wells if not well.used] == [
        ("E01", 100.0, "not in the layout"),
        ("E02", 100.0, "not in the layout"),
    ]
    assert one.layouts[0][0] == "Plate 1"


def test_halves_of_one_plate_may_be_two_experiments():
    half = '[layout.{0}]\nwells = [{{wells = "A0{1}", role = "total"}}, {{wells = "B0{1}", role = "nsb"}}, '
    half += '{{wells = "C0{1}", compound = "x", concentration = "1 nM"}}]\n'
    day = '[[experiment]]\nname = "{0}"\nfile = "day1.csv"\nlayout = "{0}"\n'
    run = "".join(text.format(name, column) for text in (half, day) for name, column in (("l", 1), ("r", 2)))
    found = experiments(run, plate())
    assert [(len(one.wells), len(one.used)) for one in found] == [(10, 3), (10, 3)]


def test_a_row_that_holds_nothing_is_set_aside():
    rows = (*ROWS, ("P1", "B1", "-", "", "", "3", ""), ("P1", "B2", "", "", "", "4", ""))
    (one,) = experiments(DAY, table(rows=rows))
    assert [(well.position, well.signal, well.set_aside) for well in one.wells[4:]] == [
        ("B01", 3.0, "not in use (layout)"),
        ("B02", 4.0, "not in use (layout)"),
    ]


def test_a_map_that_cannot_be_read_is_the_only_thing_told():
    wrong = '[layout.default]\ngrid = "TB | nsb | x 1 nM"\n'
    with pytest.raises(InputError) as caught:
        experiments(wrong + DAY, plate())
    (problem,) = caught.value.problems
    assert problem.fix == "Did you mean 'total' (total binding) or 'nsb' (nonspecific binding)?"


def test_one_wrong_word_in_many_rows_is_told_once():
    rows = tuple(("P1", f"{row}{column}", "totl", "", "", "5", "") for row in "AB" for column in range(1, 13))
    with pytest.raises(InputError) as caught:
        experiments(DAY, table(rows=rows))
    told = [str(one) for one in caught.value.problems]
    assert told[0] == (
        "day1.csv > line 2: there is no role 'totl' (24 times, also at line 3, line 4, ...). "
        "Did you mean 'total'? [E-ROLE]"
    )
    assert len([one for one in told if "totl" in one]) == 1


@pytest.mark.parametrize("text", ["-8", "-7.5", "-6"])
def test_logarithms_are_recognised(text):
    columns = ("well", "role", "compound", "conc", "cpm")
    rows = (("A1", "total", "", "", "9"), ("A2", "nsb", "", "", "9"), ("A3", "", "x", text, "9"))
    rows = (*rows, ("A4", "", "x", "1 nM", "9"))
    with pytest.raises(
        UnitError, match=r"looks like a logarithm. Logarithms are not read: write 10 nM, not -8"
    ):
        experiments(DAY, table(columns, rows))


def test_a_reading_that_is_no_number_is_set_aside_with_its_reason():
    (one,) = experiments(LAYOUT + DAY, plate(notes={"C01": "OVRFLW"}))
    aside = [well for well in one.wells if not well.used and well.position < "E"]
    assert [(well.position, well.set_aside) for well in aside] == [
        ("C01", "the counter gave 'OVRFLW', not a number")
    ]
    assert math.isnan(aside[0].signal)


def test_a_well_of_the_map_without_a_reading_is_set_aside():
    reading = plate()
    values = {well: value for well, value in reading.values.items() if well != "D02"}
    (one,) = experiments(LAYOUT + DAY, PlateReading("Plate 1", FORMATS[96], values, "cpm"))
    assert [(well.position, well.set_aside) for well in one.wells if not well.used] == [
        ("D02", "there is no reading"),
        ("E01", "not in the layout"),
        ("E02", "not in the layout"),
    ]


def test_the_run_file_sets_wells_aside():
    aside = '[[experiment.set_aside]]\nwells = ["A1", "C1:C2"]\nreason = "spilled"\n'
    (one,) = experiments(LAYOUT + DAY + aside, plate(notes={"C01": "NaN"}))
    assert {well.position: well.set_aside for well in one.wells if not well.used} == {
        "A01": "spilled",
        "C01": "the counter gave 'NaN', not a number; spilled",
        "C02": "spilled",
        "E01": "not in the layout",
        "E02": "not in the layout",
    }
    assert len(one.wells) == len(one.used) + 5


def test_a_filter_counted_upside_down():
    values = {FORMATS[96].rotate(f"{row}{column:02d}"): 1.0 for row in "ABCD" for column in (1, 2)}
    reading = PlateReading("Plate 1", FORMATS[96], values, "cpm")
    (one,) = experiments(LAYOUT + DAY + "rotated = true\n", reading)
    assert one.rotated
    assert all(well.used for well in one.wells)
    assert next(well for well in one.wells if well.position == "H12").treatment.role is Role.TOTAL


def test_units_of_the_signal_are_brought_inside():
    (one,) = experiments(LAYOUT + '[units]\nsignal = "kcpm"\n' + DAY, plate(unit="signal"))
    assert (one.wells[0].signal, one.wells[0].unit) == (1e5, "cpm")


def test_counts_keep_their_counting_time():
    times = {f"{row}{column:02d}": 120.0 for row in "ABCD" for column in (1, 2)}
    (one,) = experiments(LAYOUT + DAY, plate(unit="counts", count_time_s=times))
    assert (one.wells[0].unit, one.wells[0].count_time_s) == ("counts", 120.0)


def test_the_bench_in_inside_units_and_what_differed_on_a_day():
    general = '[conditions]\nvolume = "200 uL"\nprotein = "30 ug"\n[counting]\nefficiency = "42 %"\ntime = "2 min"\n'
    day = """date = 2026-03-09
radioligand = "1.0 nM"
aliquots = {rates = ["15225 cpm", "15190 cpm"], volume = "50 uL", ligand_volume = "40 uL", time = "1 min"}
conditions = {volume = "250 uL"}
counting = {background = "22 cpm"}
"""
    (one,) = experiments(general + LAYOUT + DAY + day, plate())
    assert (one.conditions.target, one.conditions.volume_l, one.conditions.protein_g) == ("NET", 2.5e-4, 3e-5)
    assert (one.counting.efficiency, one.counting.time_s, one.counting.background_cpm) == (0.42, 120.0, 22.0)
    assert math.isnan(one.counting.pipetting_cv), "not stated; the assay says what it assumes"
    assert one.added.aliquot_rates_cpm == (15225.0, 15190.0)
    assert (one.added.planned_molar, one.added.aliquot_volume_l, one.added.ligand_volume_l) == (
        1e-9,
        5e-5,
        4e-5,
    )
    assert one.radioligand.labelled_atoms == 3
    assert one.date.isoformat() == "2026-03-09"


def test_a_tidy_table():
    (one,) = experiments(DAY, table())
    assert [well.position for well in one.wells] == ["A01", "A02", "A03", "A04"]
    assert [well.treatment.role for well in one.wells[:3]] == [Role.TOTAL, Role.NSB, Role.COMPOUND]
    assert one.wells[2].treatment.concentration_molar == 1e-8
    assert (one.wells[3].set_aside, one.wells[3].source) == (
        "the counter gave 'OVRFLW', not a number",
        "day1.csv > line 5",
    )
    assert one.wells[0].extra == {"comment": "first"}
    assert one.notes == ("day1.csv: columns kept but not used: 'comment'",)
    assert one.layouts == ()


def test_units_may_stand_in_cells_columns_headings_or_the_run_file():
    columns = ("well", "role", "compound", "conc", "conc_unit", "counts", "count_min", "radioligand_nM")
    rows = (
        ("A1", "total", "", "", "", "5000", "2", "0.5"),
        ("A2", "nsb", "", "", "", "300", "2", "0.5"),
        ("A3", "", "x", "10", "nM", "900", "2", "0.5"),
        ("A4", "", "x", "0.01 uM", "", "900", "2", "0.5"),
        ("A5", "", "x", "1e-8", "M", "900", "2", "0.5"),
    )
    (one,) = experiments(DAY, table(columns, rows))
    assert {well.treatment.concentration_molar for well in one.wells[2:]} == {1e-8}
    assert {(well.unit, well.count_time_s, well.treatment.radioligand_molar) for well in one.wells} == {
        ("counts", 120.0, 5e-10)
    }


def test_a_list_of_wells_takes_its_treatments_from_the_layout():
    rows = tuple((f"{row}{column}", "100") for row in "ABCDE" for column in (1, 2))
    (one,) = experiments(LAYOUT + DAY, table(("well", "cpm"), rows))
    assert (len(one.wells), len(one.used)) == (10, 8)
    assert one.notes == ("day1.csv: 2 readings are not in the layout (E01, E02)",)
    assert len(one.layouts) == 1


def two_days():
    columns = ("day", "well", "role", "compound", "conc_nM", "cpm")
    rows = [(day, *row[1:6]) for day in ("mon", "tue", "wed") for row in ROWS]
    return table(columns, tuple(rows))


def test_a_column_of_days_gives_independent_experiments():
    found = experiments(DAY, two_days())
    assert [(one.name, len(one.wells)) for one in found] == [("mon", 4), ("tue", 4), ("wed", 4)]


def test_named_experiments_take_their_rows_and_the_rest_is_said():
    days = (
        '[[experiment]]\nname = "tue"\nfile = "day1.csv"\n[[experiment]]\nname = "mon"\nfile = "day1.csv"\n'
    )
    found = experiments(days, two_days())
    assert [(one.name, len(one.wells)) for one in found] == [("tue", 4), ("mon", 4)]
    assert found[0].notes[-1] == "day1.csv: 4 rows ('wed') belong to no experiment of the run file"


def test_plates_can_be_chosen():
    day = '[[experiment]]\nname = "a"\nfile = "day1.csv"\nplate = "P1"\n'
    (one,) = experiments(LAYOUT + day, (plate("P1"), plate("P2")))
    assert one.plates == ("P1",)


def test_a_grid_of_words_in_the_same_file_is_no_reading():
    words = PlateReading("Layout", FORMATS[96], {}, "signal", {"A01": "total"})
    (one,) = experiments(LAYOUT + DAY, (plate(), words))
    assert one.plates == ("Plate 1",)


NAMES = ("1-2", "007", "1E5", "3/4", "=SUM(A1)", "<b>x</b>", "SEPT2", "../x", "NA", "+1", "ab\u202edc")


def test_names_that_look_like_something_else_are_kept_exactly():
    rows = tuple((f"P{i}", f"B{i + 1}", "", name, "10", "100", "") for i, name in enumerate(NAMES))
    controls = tuple(
        (f"P{i}", well, role, "", "", "100", "")
        for i in range(len(NAMES))
        for well, role in (("A1", "total"), ("A2", "nsb"))
    )
    (one,) = experiments(DAY, table(rows=rows + controls))
    assert (
        tuple(well.treatment.compound for well in one.wells if well.treatment.role is Role.COMPOUND) == NAMES
    )


def test_unicode_twins_are_one_compound_and_it_is_said():
    composed, split = "citaloprám", "citalopra\u0301m"
    rows = (*ROWS[:2], ("P1", "B1", "", composed, "1", "9", ""), ("P1", "B2", "", split, "1", "9", ""))
    (one,) = experiments(DAY, table(rows=rows))
    assert {well.treatment.compound for well in one.wells[2:]} == {composed}
    assert any("taken as one compound" in note for note in one.notes)


@pytest.mark.parametrize(
    "twin", ["imipramine\u200b HCl", "imipramine  HCl", "imipramine\u00a0HCl", "\ufeffimipramine HCl"]
)
def test_a_hidden_character_or_a_second_space_does_not_split_a_compound(twin):
    plain = "imipramine HCl"
    rows = (*ROWS[:2], ("P1", "B1", "", twin, "1", "9", ""), ("P1", "B2", "", plain, "1", "9", ""))
    (one,) = experiments(DAY, table(rows=rows))
    assert {well.treatment.compound for well in one.wells[2:]} == {plain}
    assert sum("taken as one compound" in note for note in one.notes) == 1


def test_names_that_differ_in_a_space_look_alike_and_it_is_said():
    rows = (*ROWS[:3], ("P1", "B1", "", "imi pramine", "1", "9", ""))
    (one,) = experiments(DAY, table(rows=rows))
    assert one.notes[-1] == (
        "'imi pramine' and 'imipramine' look alike (a space) and are analysed as two compounds"
    )


def test_names_that_differ_in_capitals_are_two_compounds_and_it_is_said():
    rows = (*ROWS[:3], ("P1", "B1", "", "Imipramine", "1", "9", ""))
    (one,) = experiments(DAY, table(rows=rows))
    assert any("differ in capitals only" in note for note in one.notes)


def test_a_compound_at_zero_is_total_binding():
    rows = (*ROWS, ("P1", "B1", "", "imipramine", "0", "2400", ""))
    (one,) = experiments(DAY, table(rows=rows))
    assert one.wells[-1].treatment.role is Role.TOTAL
    assert one.notes[-1] == "wells with a compound at concentration zero, counted as total binding: 1"


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_the_order_of_rows_does_not_matter(order):
    (one,) = experiments(DAY, table(rows=tuple(ROWS[at] for at in order)))
    assert sorted((well.position, well.treatment.role, well.used) for well in one.wells) == [
        ("A01", Role.TOTAL, True),
        ("A02", Role.NSB, True),
        ("A03", Role.COMPOUND, True),
        ("A04", Role.COMPOUND, False),
    ]
