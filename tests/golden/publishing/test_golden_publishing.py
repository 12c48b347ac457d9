"""What the files of a run look like, pinned. `pytest --rewrite-golden` writes them anew; the difference is reviewed."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from prusoff.publishing.html import to_html
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
