"""Drug-response files of R nplr through the reader and the command line, and their least-squares fit."""

import json
import sys

import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.equations import catalog
from prusoff.readers._choose import read_file

LAW = catalog["four_parameter_logistic"]
ENDINGS = {"mdan.txt": b"\n", "pc3.txt": b"\r"}
every_file = pytest.mark.parametrize("name", ENDINGS)


@pytest.fixture(scope="module")
def folder(shared):
    return shared / "data" / "nplr"


@pytest.fixture(scope="module")
def expected(folder):
    return json.loads((folder / "expected.json").read_text(encoding="utf-8"))["fits"]


def as_ours(minimum):
    """Bottom, top, log IC50 and Hill slope from the letters of drc; a falling curve may have b < 0 and c above d."""
    bottom, top = (minimum["c"], minimum["d"]) if minimum["b"] > 0 else (minimum["d"], minimum["c"])
    return np.array([bottom, top, np.log10(minimum["e"]), abs(minimum["b"])])


@every_file
def test_the_table_is_read_whatever_ends_its_lines(folder, expected, name):
    written = (folder / name).read_bytes()
    assert ENDINGS[name] in written
    assert ENDINGS[name] == b"\n" or b"\n" not in written
    found = read_file(folder / name)
    (table,) = found.tables
    assert found.reader == "delimited"
    assert table.columns == ("CONC", "GIPROP")
    assert len(table.rows) == expected[name]["all"]["n"]


@every_file
def test_parameters(folder, expected, both_engines, name):
    (table,) = read_file(folder / name).tables
    x, y = np.array(table.rows, dtype=float).T
    (found,) = both_engines.ask_both(LAW, [Curve(np.log10(x), y)])
    theirs = expected[name]["all"]["LL4"]
    assert found.outcome.code == "ok"
    assert found.sum_of_squares == pytest.approx(theirs["rss"], rel=1e-9)
    assert found.sum_of_squares <= theirs["rss"] * (1 + 1e-13)
    assert found.values == pytest.approx(as_ours(theirs), rel=1e-4)


@every_file
def test_the_command_line_fits_the_file_as_it_is(folder, expected, monkeypatch, capsys, name):
    from prusoff.cli import main

    columns = ("--x", "CONC", "--x-unit", "M", "--y", "GIPROP", "--json")
    monkeypatch.setattr(sys, "argv", ["prusoff", "fit", str(folder / name), *columns])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    (curve,) = json.loads(capsys.readouterr().out)["curves"]
    known = expected[name]["all"]
    assert curve["outcome"] == "ok"
    assert curve["rows"] == {"used": known["n"], "set_aside": []}
    fitted = [curve["parameters"][one]["value"] for one in LAW.names]
    assert fitted == pytest.approx(as_ours(known["LL4"]), rel=1e-4)
