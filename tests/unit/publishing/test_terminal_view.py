import io

from rich.console import Console

from prusoff.core.fit import Outcome
from prusoff.core.result import AssayResult, Series
from prusoff.publishing.terminal import to_terminal


def _shown(result, *files, width=140):
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(to_terminal(result, files))
    return console.file.getvalue()


def test_answers_bounds_and_no_response_are_printed(sample_result):
    text = _shown(sample_result, "out/report.html")
    for expected in (
        "4.4 nM (2.9–6.5)",
        "> 85.7 nM",
        "< 7.07",
        "no response",
        "=cmd()",
        "<b>x</b>",
        "00123",
        "Mar-1",
    ):
        assert expected in text
    assert "Simulated data" in text
    assert "288 wells = 286 used + 2 set aside" in text
    assert "out/report.html" in text


def test_failed_checks_and_warnings_come_first_and_passed_ones_are_only_counted(sample_result):
    text = _shown(sample_result)
    assert text.index("W-SPAN") < text.index("W-HILL")
    assert "W-DEP" not in text
    assert "7 checks: 3 passed, 1 warned, 1 noted, 1 failed, 1 not assessed." in text


def test_a_run_that_determined_nothing_says_so(sample_result):
    series = Series("x", "day 1", Outcome.FAILED, "no isotherm", ())
    assert "No constant was determined for any compound" in _shown(
        AssayResult("none", "t", (), (series,), (), (), (), ())
    )
    assert "No constant was determined" not in _shown(sample_result)


def test_square_brackets_in_a_name_are_not_markup():
    series = Series("[bold]x[/bold]", "", Outcome.FAILED, "", ())
    result = AssayResult("none", "[3H]x [/] at NET", (), (series,), (), (), (), ())
    text = _shown(result)
    assert "[bold]x[/bold]" in text
    assert "[3H]x [/] at NET" in text


def test_a_narrow_terminal_loses_nothing(sample_result):
    assert "…" not in _shown(sample_result, width=60)
