"""Trains of pulses of a cell are told apart by the column 'train' of a table of amplitudes."""

import pytest

from prusoff.core.assay import Needs
from prusoff.core.plate import Role
from prusoff.workbench.experiments import experiments_of
from prusoff.workbench.reading import read_file
from prusoff.workbench.runfile import parse_runfile

RUN = """
[run]
title = "Use-dependent block"
assay = "use_dependent_block"
[[experiment]]
file = "cells.csv"
"""
TABLE = """cell,train,role,compound,conc (uM),pulse,time (ms),current (pA)
c1,before,control,,,1,0,-850
c1,before,control,,,2,100,-845
c1,with drug,,lidocaine,30,1,0,-800
c1,with drug,,lidocaine,30,2,100,-700
"""


def test_wells_know_their_train_and_times_in_milliseconds(tmp_path):
    (tmp_path / "cells.csv").write_text(TABLE, encoding="utf-8")
    needs = Needs((), "", ("pulse", "time"), (Role.TOTAL,))
    (cell,) = experiments_of(parse_runfile(RUN), tmp_path, read_file, needs)
    assert [well.plate for well in cell.wells] == ["before", "before", "with drug", "with drug"]
    assert [well.treatment.time_s for well in cell.wells] == pytest.approx([0.0, 0.1, 0.0, 0.1])
    assert [well.treatment.pulse for well in cell.wells] == [1.0, 2.0, 1.0, 2.0]
