"""What wells say beyond compound and concentration, and experiments at several targets."""

import math
from pathlib import Path

import pytest

from prusoff.core.assay import Needs
from prusoff.core.errors import InputError
from prusoff.core.plate import Role
from prusoff.core.reader import RawData, Table
from prusoff.workbench.experiments import experiments_of
from prusoff.workbench.runfile import parse_runfile

RUN = """
[run]
title = "A panel"
assay = "radioligand_competition"
[radioligand]
name = "[3H]nisoxetine"
nuclide = "3H"
[conditions]
temperature = "4 C"
volume = "200 uL"
"""
PANEL = """
[panel.NET]
target = { name = "NET" }
[panel.SERT]
target = { name = "SERT", variant = "S438T" }
radioligand = { name = "[3H]citalopram" }
conditions = { temperature = "22 C" }
"""
DAY = '[[experiment]]\nfile = "day1.csv"\n'
EVERYTHING = Needs(
    columns=("time", "phase", "substrate", "second_compound", "second_conc", "protein", "cells"),
    also=(Role.ICE,),
)


def experiments(text, columns, rows, needs=EVERYTHING):
    places = tuple(f"day1.csv > line {number + 2}" for number in range(len(rows)))
    raw = RawData("test", "day1.csv", "day1.csv", (), (Table("", columns, rows, places),))
    return experiments_of(parse_runfile(text, "exp.toml"), Path(), lambda path, reader: raw, needs)


COLUMNS = ("role", "compound", "conc (nM)", "cpm", "time (min)", "phase", "substrate (nM)", "antagonist",
           "antagonist conc (uM)", "protein (ug)", "cells")  # fmt: skip
ROWS = (
    ("total", "", "", "2500", "1.5", "Association", "50", "", "", "30", "100000"),
    ("nsb", "", "", "120", "1.5", "dissociation", "", "", "", "", ""),
    ("", "imipramine", "10", "900", "", "", "", "talopram", "2", "", ""),
    ("4 C", "", "", "80", "", "", "", "", "", "", ""),
)


def test_further_columns_are_read_in_inside_units():
    (one,) = experiments(RUN + DAY, COLUMNS, ROWS)
    total, nsb, tested, ice = (well.treatment for well in one.wells)
    assert total.further == {
        "substrate_molar": pytest.approx(50e-9),
        "time_s": pytest.approx(90.0),
        "phase": "association",
        "protein_g": pytest.approx(30e-6),
        "cells": 100000.0,
    }
    assert nsb.further == {"time_s": pytest.approx(90.0), "phase": "dissociation"}
    assert tested.further == {"second_compound": "talopram", "second_molar": pytest.approx(2e-6)}
    assert ice.role is Role.ICE
    assert ice.further == {}


def test_columns_that_the_assay_does_not_ask_for_are_kept_and_not_read():
    (one,) = experiments(RUN + DAY, COLUMNS, ROWS[:3], Needs())
    assert all(well.treatment.further == {} for well in one.wells)
    assert one.wells[0].extra["time (min)"] == "1.5"
    assert any("columns kept but not used" in note and "'time (min)'" in note for note in one.notes)


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("time", "1.5", "the time '1.5' has no unit"),
        ("phase", "later", "there is no phase 'later'"),
        ("antagonist conc (uM)", "2", "the second compound has no name"),
    ],
)
def test_what_is_wrong_with_a_further_column_is_told(column, cell, told):
    columns = ("role", "compound", "conc (nM)", "cpm", column)
    rows = (("total", "", "", "2500", cell), ("nsb", "", "", "120", ""))
    with pytest.raises(InputError, match=told):
        experiments(RUN + DAY, columns, rows)


def test_a_column_sorts_the_rows_to_the_members_of_the_panel():
    columns = ("role", "compound", "conc (nM)", "cpm", "target")
    rows = tuple((role, "", "", "100", target) for target in ("NET", "SERT") for role in ("total", "nsb"))
    net, sert = experiments(RUN + PANEL + DAY, columns, rows)
    assert (net.name, sert.name) == ("day1, NET", "day1, SERT")
    assert (net.conditions.site, sert.conditions.site) == ("NET", "SERT S438T")
    assert (net.radioligand.name, sert.radioligand.name) == ("[3H]nisoxetine", "[3H]citalopram")
    assert (net.conditions.temperature_c, sert.conditions.temperature_c) == (4.0, 22.0)
    assert math.isclose(sert.conditions.volume_l, 200e-6)


def test_a_member_that_the_panel_does_not_have_is_told():
    rows = (("total", "", "", "100", "NTE"), ("nsb", "", "", "100", "NET"))
    with pytest.raises(InputError, match=r"the panel has no 'NTE'.*Did you mean 'NET'"):
        experiments(RUN + PANEL + DAY, ("role", "compound", "conc (nM)", "cpm", "target"), rows)
    with pytest.raises(InputError, match="the panel has no 'DAT'"):
        parse_runfile(RUN + PANEL + DAY + 'member = "DAT"\n')


def test_a_radioligand_and_a_substrate_exclude_each_other():
    text = RUN + '[substrate]\nname = "[3H]noradrenaline"\nnuclide = "3H"\n' + DAY
    with pytest.raises(InputError, match="there are a radioligand and a substrate"):
        parse_runfile(text)


def test_a_label_that_is_needed_and_not_stated_is_told():
    text = '[run]\ntitle = "x"\nassay = "radioligand_competition"\n' + DAY
    rows = (("total", "", "", "100"), ("nsb", "", "", "100"))
    with pytest.raises(InputError, match="the labelled ligand is not stated"):
        experiments(text, ("role", "compound", "conc (nM)", "cpm"), rows)
    (one,) = experiments(text, ("role", "compound", "conc (nM)", "cpm"), rows, Needs(label=""))
    assert one.radioligand.name == ""


def test_what_the_assay_does_not_read_is_no_silent_part_of_a_layout():
    layout = """
[layout.default]
wells = [
    {wells = "A01", role = "total", time = "5 min"},
    {wells = "A02", role = "nsb", second_compound = "talopram", second_concentration = "1 uM"},
    {wells = "A03", role = "ice"},
]
"""
    columns, rows = ("well", "cpm"), (("A01", "2500"), ("A02", "120"), ("A03", "80"))
    with pytest.raises(InputError) as caught:
        experiments(RUN + layout + DAY, columns, rows, Needs())
    told = [one.what for one in caught.value.problems]
    assert told == [
        "wells state 'time', which 'radioligand_competition' does not read",
        "wells state 'second_compound', which 'radioligand_competition' does not read",
        "wells state 'second_conc', which 'radioligand_competition' does not read",
        "wells have the role 'ice', which 'radioligand_competition' does not read",
    ]
    (one,) = experiments(RUN + layout + DAY, columns, rows)
    assert one.wells[0].treatment.time_s == pytest.approx(300.0)


def test_a_label_that_the_assay_does_not_take_is_told():
    substrate = RUN.replace("[radioligand]", "[substrate]") + DAY
    rows = (("total", "", "", "100"), ("nsb", "", "", "100"))
    columns = ("role", "compound", "conc (nM)", "cpm")
    with pytest.raises(InputError, match=r"has a \[substrate\].*takes a \[radioligand\]"):
        experiments(substrate, columns, rows)
    (one,) = experiments(substrate, columns, rows, Needs(label="substrate"))
    assert one.radioligand.name == "[3H]nisoxetine"


def test_a_new_lot_has_its_own_activity_and_date():
    run = RUN.replace(
        'nuclide = "3H"', 'nuclide = "3H"\nspecific_activity = "80 Ci/mmol"\nlabelled_atoms = 3'
    )
    lot = 'lot = { specific_activity = "40 Ci/mmol", calibration_date = 2026-03-02 }\n'
    (one,) = experiments(run + DAY + lot, COLUMNS, ROWS)
    assert one.radioligand.specific_activity_dpm_per_mol == pytest.approx(40 * 2.22e15)
    assert one.radioligand.calibration_date.isoformat() == "2026-03-02"
    assert one.radioligand.labelled_atoms == 3


def test_a_lot_that_cannot_be_is_told():
    lot = 'lot = { specific_activity = "4000 Ci/mmol" }\n'
    with pytest.raises(InputError) as told:
        experiments(RUN + DAY + lot, COLUMNS, ROWS)
    assert "experiment 1 > lot" in str(told.value)
    unlabelled = RUN.replace('[radioligand]\nname = "[3H]nisoxetine"\nnuclide = "3H"\n', "")
    with pytest.raises(InputError, match="nothing is labelled"):
        experiments(
            unlabelled + DAY + lot,
            COLUMNS,
            ROWS,
            Needs(label="", columns=EVERYTHING.columns, also=(Role.ICE,)),
        )
