"""What the files of a run look like, pinned. `pytest --rewrite-golden` writes them anew; the difference is reviewed."""

import csv
import io
import json
import math
from pathlib import Path

import pytest
from rich.console import Console

from prusoff.publishing.csv import to_csv
from prusoff.publishing.html import to_html
from prusoff.publishing.schema import result_schema
from prusoff.publishing.terminal import to_terminal
from prusoff.reports.assay_run import REPORT

HERE = Path(__file__).parent


@pytest.fixture
def golden(request):
    def compare(name, text):
        path = HERE / name
        if request.config.getoption("--rewrite-golden"):
            path.write_text(text, encoding="utf-8", newline="\n")
        return path.read_text(encoding="utf-8")

    return compare


def test_the_page(golden, sample, sample_result):
    text = to_html(REPORT.build(sample_result, sample.simple_figures(sample_result)), {})
    assert text == golden("report.html", text)


def test_the_terminal(golden, sample_result):
    console = Console(file=io.StringIO(), width=120, color_system=None)
    console.print(to_terminal(sample_result, ("report.html",)))
    text = "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n"
    assert text == golden("terminal.txt", text)


def test_the_schema(golden):
    text = json.dumps(result_schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    assert json.loads(text) == json.loads(golden("results.schema.json", text))


def test_the_table(golden, sample_result):
    text = to_csv(sample_result).decode("utf-8-sig").replace("\r\n", "\n")
    rows, kept = (list(csv.reader(io.StringIO(one))) for one in (text, golden("results.csv", text)))
    assert len(rows) == len(kept)
    for row, old in zip(rows, kept, strict=True):
        assert all(_same(a, b) for a, b in zip(row, old, strict=True))


def _same(a, b):
    """Equal texts, or numbers that differ in no more than the last digits of a logarithm on another platform."""
    if a == b:
        return True
    try:
        return math.isclose(float(a), float(b), rel_tol=1e-12)
    except ValueError:
        return False
