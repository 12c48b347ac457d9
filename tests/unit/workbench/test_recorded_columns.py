"""Columns of a table of recorded currents: potentials, pulses, end points, quality of the recording."""

import math

import pytest

from prusoff.core.assay import Needs
from prusoff.core.errors import PrusoffError
from prusoff.core.plate import Role
from prusoff.workbench.experiments import experiments_of
from prusoff.workbench.reading import read_file
from prusoff.workbench.runfile import parse_runfile

RUN = """
[run]
title = "Block of a current"
assay = "recorded"
[[experiment]]
file = "cells.csv"
"""
TABLE = """cell,role,compound,conc (uM),holding (mV),current (pA),se,pulse,end point,rs (MOhm),leak (pA)
c1,control,,,-120,-850,5,1,peak,8.5,-20
c1,,atomoxetine,3,-120,-425,,2,peak,8.6,-21
c1,wash,,,-120,-800,,3,plateau,8.6,
c2,control,,,-120,-900,,1,peak,,
"""
COLUMNS = ("voltage", "pulse", "end_point", "signal_se", "series_resistance", "leak")
NEEDS = Needs((Role.TOTAL,), "", COLUMNS, (Role.WASH,))


def read(folder, text=TABLE, needs=NEEDS):
    (folder / "cells.csv").write_text(text, encoding="utf-8")
    return experiments_of(parse_runfile(RUN), folder, read_file, needs)


def test_a_row_is_a_current_of_a_cell_in_inside_units(tmp_path):
    first, second = read(tmp_path)
    assert (first.name, second.name) == ("c1", "c2")
    control, blocked, washed = first.wells
    assert control.signal == pytest.approx(-850e-12, rel=1e-12)
    assert control.signal_se == pytest.approx(5e-12, rel=1e-12)
    assert control.unit == "A"
    assert control.treatment.voltage_v == pytest.approx(-0.12)
    assert control.quality == pytest.approx({"series_resistance": 8.5e6, "leak": -20e-12})
    assert (blocked.treatment.pulse, blocked.treatment.end_point) == (2.0, "peak")
    assert blocked.treatment.concentration_molar == pytest.approx(3e-6)
    assert washed.treatment.role is Role.WASH
    assert washed.quality == pytest.approx({"series_resistance": 8.6e6})
    assert math.isnan(washed.signal_se)
    assert second.wells[0].quality == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("holding (mV)", "holding", "the voltage '-120' has no unit"),
        ("rs (MOhm)", "rs (Mohm)", ""),
        ("1,peak,8.5", "1.5,peak,8.5", "'1.5' is no number of a pulse"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(tmp_path, old, new, said):
    assert old in TABLE
    if not said:
        assert read(tmp_path, TABLE.replace(old, new))[0].wells[0].quality["series_resistance"] == 8.5e6
        return
    with pytest.raises(PrusoffError) as failure:
        read(tmp_path, TABLE.replace(old, new))
    assert said in str(failure.value)


def test_a_column_of_the_wrong_unit_is_kept_and_named(tmp_path):
    first, _ = read(tmp_path, TABLE.replace("leak (pA)", "leak (mV)"))
    assert "leak" not in first.wells[0].quality
    assert any("'leak (mV)'" in note for note in first.notes)


def test_a_wash_is_refused_where_the_assay_does_not_read_it(tmp_path):
    needs = Needs((Role.TOTAL,), "", NEEDS.columns)
    with pytest.raises(PrusoffError, match="role 'wash'"):
        read(tmp_path, needs=needs)
