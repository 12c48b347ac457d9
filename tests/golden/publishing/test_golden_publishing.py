"""What the files of a run look like, pinned. `pytest --rewrite-golden` writes them anew; the difference is reviewed."""

import io
from pathlib import Path

from rich.console import Console

from prusoff.publishing.html import to_html
from prusoff.publishing.terminal import to_terminal
from prusoff.reports.assay_run import REPORT

HERE = Path(__file__).parent


def test_the_page(golden_text, sample, sample_result):
    text = to_html(REPORT.build(sample_result, sample.simple_figures(sample_result)), {})
    assert text == golden_text(HERE / "report.html", text)


def test_the_terminal(golden_text, sample_result):
    console = Console(file=io.StringIO(), width=120, color_system=None)
    console.print(to_terminal(sample_result, ("report.html",)))
    text = "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n"
    assert text == golden_text(HERE / "terminal.txt", text)
