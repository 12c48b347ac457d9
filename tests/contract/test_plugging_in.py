"""An equation, an assay and a reader are each one file: a toy of each, installed by an entry point alone, is found."""

import json
import subprocess
import sys
import textwrap

EQUATION = '''
"""A toy law: proportion."""
import numpy as np
from prusoff.core.equation import Axis, Case, Equation, Parameter

proportion = Equation(
    name="toy_proportion",
    title="A toy proportion",
    formula="slope * x",
    axes=(Axis("dose", "arbitrary"),),
    response=Axis("effect", "signal"),
    parameters=(Parameter("slope", "a", "signal", "effect of one unit", linear=True),),
    function=lambda x, p: p[0] * x,
    jacobian=lambda x, p: np.stack([np.broadcast_to(x, np.broadcast(x, p[0]).shape)]),
    start=lambda x, y: np.array([float(np.mean(y) / np.mean(x))]),
    reference="a toy",
    cases=(Case((2.0,), {"slope": 3.0}, 6.0, "by hand"),),
)
'''
READER = '''
"""A toy format: the word TOY and a number."""
from prusoff.core.plate import FORMATS
from prusoff.core.reader import PlateReading, RawData, Reader


def _read(raw):
    value = float(raw.data.split()[1])
    plate = PlateReading("toy", FORMATS[96], {"A01": value}, "cpm")
    return RawData("toy_counter", raw.name, raw.sha256, plates=(plate,))


toy = Reader(
    name="toy_counter",
    title="A toy counter",
    extensions=(".toy",),
    sniff=lambda raw: raw.data.startswith(b"TOY "),
    read=_read,
    described_in="nowhere",
)
'''
ASSAY = '''
"""A toy assay: the mean of all wells."""
from dataclasses import dataclass

from prusoff.core.assay import Assay
from prusoff.core.estimate import Estimate
from prusoff.core.fit import Outcome
from prusoff.core.result import AssayResult, Series


@dataclass(frozen=True)
class Settings:
    """Nothing to choose."""


def run(experiments, settings):
    """The mean of all wells that are used."""
    series = []
    for one in experiments:
        values = [well.signal for well in one.used]
        mean = Estimate("mean", sum(values) / len(values), one.used[0].unit)
        series.append(Series("all wells", one.name, Outcome.OK, "", (), (mean,)))
    return AssayResult("toy_mean", "A toy mean", experiments, tuple(series), (), (), (), ())


toy = Assay(
    name="toy_mean", title="A toy mean", settings=Settings, run=run, simulate=lambda truth, seed: (), truth={},
    example_settings=Settings(), equations=(), checks=(), figures=(), reference="a toy",
)
'''
RUN_FILE = """
[run]
title = "toy"
assay = "toy_mean"
[radioligand]
name = "[3H]toy"
nuclide = "3H"
[layout.default]
format = 96
wells = [{ wells = "A01", role = "total" }, { wells = "A02", role = "nsb" }]
[[experiment]]
name = "day 1"
file = "counts.csv"
"""


def install(folder):
    for name, text in {"toy_law": EQUATION, "toy_counter": READER, "toy_assay": ASSAY}.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
    info = folder / "toy-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(
        "[prusoff.equations]\ntoy = toy_law\n[prusoff.readers]\ntoy = toy_counter\n[prusoff.assays]\ntoy = toy_assay\n",
        encoding="utf-8",
    )


def prusoff(folder, *arguments):
    program = "import sys; sys.path.insert(0, sys.argv.pop(1)); from prusoff.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, str(folder), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_law_is_found_and_fits(tmp_path):
    install(tmp_path)
    (tmp_path / "c.csv").write_text("dose,effect\n1,2\n2,4.1\n3,5.9\n4,8\n", encoding="utf-8")
    shown = prusoff(tmp_path, "show", "equations", "toy_proportion")
    assert "slope * x" in shown.stdout, shown.stderr
    fitted = prusoff(
        tmp_path,
        "fit",
        tmp_path / "c.csv",
        "--equation",
        "toy_proportion",
        "--x",
        "dose",
        "--y",
        "effect",
        "--json",
    )
    assert fitted.returncode == 0, fitted.stderr
    (curve,) = json.loads(fitted.stdout)["curves"]
    assert abs(curve["parameters"]["slope"]["value"] - 2.0) < 0.02


def test_a_reader_is_found_and_reads(tmp_path):
    install(tmp_path)
    (tmp_path / "plate.toy").write_text("TOY 42", encoding="utf-8")
    done = prusoff(tmp_path, "read", tmp_path / "plate.toy", "--json")
    found = json.loads(done.stdout)
    assert (found["reader"], found["plates"][0]["values"]) == ("toy_counter", {"A01": 42.0}), done.stderr


def test_an_assay_is_found_and_runs(tmp_path):
    install(tmp_path)
    (tmp_path / "counts.csv").write_text("well,signal (cpm)\nA01,100\nA02,20\n", encoding="utf-8")
    (tmp_path / "toy.toml").write_text(RUN_FILE, encoding="utf-8")
    done = prusoff(tmp_path, "run", tmp_path / "toy.toml", "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    assert json.loads(done.stdout)["series"][0]["estimates"][0]["value"] == 60.0


def test_a_broken_plug_in_is_warned_about_and_breaks_nothing(tmp_path):
    install(tmp_path)
    (tmp_path / "toy_law.py").write_text("raise RuntimeError('broken on purpose')", encoding="utf-8")
    done = prusoff(tmp_path, "show", "equations")
    assert done.returncode == 0
    assert "four_parameter_logistic" in done.stdout
    assert "broken on purpose" in done.stderr
