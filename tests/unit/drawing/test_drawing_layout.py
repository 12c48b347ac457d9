import numpy as np
import pytest

from prusoff.core.figure import FigureSpec, Heat, Line, Panel, Points, Rule, Scale
from prusoff.drawing._layout import arrange
from prusoff.drawing._scales import Ruled, round_ticks, ruled, thinned
from prusoff.drawing._text import shortened, text_width, wrapped

X = np.array([1.0, 2.0, 3.0])


def panel(*marks, x=Scale("x"), y=Scale("y"), **more):  # noqa: B008 (frozen)
    return Panel(x, y, marks or (Line(X, X, "curve"),), **more)


def page(panels, **more):
    return arrange(FigureSpec("name", "title", "description", tuple(panels), **more))


@pytest.mark.parametrize("most", [3, 5, 8])
@pytest.mark.parametrize("low", [-1e5, -3.3, 0.0, 0.017, 1234.5])
@pytest.mark.parametrize("span", [1e-6, 0.02, 1.0, 7.0, 99.0, 1e4, 3e8])
def test_ticks_are_few_inside_and_different(low, span, most):
    ticks = round_ticks(low, low + span, most)
    assert 1 <= len(ticks) <= most + 1
    assert all(low - 1e-6 * span <= at <= low + span * (1 + 1e-6) for at, _ in ticks)


def test_ticks_read_like_numbers():
    assert [text for _, text in round_ticks(-0.5, 0.5, 4)] == ["−0.50", "−0.25", "0.00", "0.25", "0.50"]
    assert [text for _, text in round_ticks(0.0, 41000.0, 5)] == ["0", "10,000", "20,000", "30,000", "40,000"]


def test_limits_follow_the_marks_with_a_little_room():
    marks = (Points(X, X, error=np.array([0.5, 0.5, np.nan])), Rule(y=5.0))
    rule = ruled(panel(*marks), "y", 5)
    assert 0.2 < rule.low < 0.5
    assert 5.0 < rule.high < 5.5


def test_limits_of_one_value_are_apart():
    same = np.array([2.0, 2.0])
    assert ruled(panel(Line(same, same)), "x", 5).low < 2.0 < ruled(panel(Line(same, same)), "x", 5).high
    log = ruled(panel(Line(same, same), x=Scale("x", log10=True)), "x", 5)
    assert 0 < log.low < 2.0 < log.high


def test_a_log_axis_has_decades_of_its_own():
    rule = ruled(panel(Line(10.0**X, X), x=Scale("x", log10=True)), "x", 5)
    assert rule.texts == ("10", "100", "1000")


def test_names_that_would_touch_are_left_out_but_never_a_control():
    scale = Scale("x", limits=(0.0, 100.0), breaks=(85.0,))
    rule = Ruled(0.0, 100.0, (20.0, 40.0, 60.0, 80.0, 95.0), ("100 pM", "1 nM", "10 nM", "100 nM", "NSB"))
    assert thinned(rule, scale, 300.0, 7.0).texts == ("100 pM", "1 nM", "10 nM", "100 nM", "NSB")
    assert thinned(rule, scale, 100.0, 7.0).texts == ("100 pM", "", "10 nM", "", "NSB")


def test_panels_stand_row_by_row_without_touching():
    placed = page([panel(title="t", note="n") for _ in range(5)], columns=2).panels
    assert [one.axes.left for one in placed[:2]] == [one.axes.left for one in placed[2:4]]
    assert placed[0].axes.left + placed[0].axes.width < placed[1].axes.left
    assert placed[2].axes.bottom + placed[2].axes.height < placed[0].axes.bottom
    assert placed[4].axes.bottom > 0
    assert len({(one.axes.width, one.axes.height) for one in placed}) == 1


def test_a_note_makes_the_figure_higher_not_the_panel_smaller():
    plain, noted = page([panel()]), page([panel(note="one line\nand another")])
    assert noted.height > plain.height
    assert noted.panels[0].axes.height == plain.panels[0].axes.height
    (first, _), (second, _) = noted.panels[0].notes
    assert first > second > noted.panels[0].axes.bottom + noted.panels[0].axes.height


def test_the_legend_names_everything_once_below_the_panels():
    laid = page(
        [
            panel(
                Line(X, X, "day 1", 1),
                Points(X, X, "day 1", 1),
                Points(X, X, "set aside", 1, filled=False),
                Line(X, X, "day 2", 2),
            )
        ]
        * 2
    )
    assert [entry.label for entry in laid.legend] == ["day 1", "day 2", "set aside"]
    assert laid.legend[0].points is not None
    assert laid.legend[0].line is not None
    assert all(entry.baseline < min(one.axes.bottom for one in laid.panels) for entry in laid.legend)


def test_a_long_legend_takes_several_rows():
    laid = page([panel(*(Line(X, X, f"a rather long compound name {number}") for number in range(9)))])
    assert len({entry.baseline for entry in laid.legend}) > 3
    assert all(entry.left < laid.width for entry in laid.legend)


def test_no_legend_where_none_is_wanted():
    assert page([panel(legend=False)]).legend == ()


def test_cells_of_a_plate_are_square():
    heat = Heat(np.zeros((8, 12)), tuple("ABCDEFGH"), tuple(map(str, range(1, 13))), "cpm")
    box = page([panel(heat, x=Scale(""), y=Scale(""))]).panels[0].axes
    assert box.width / 12 == pytest.approx(box.height / 8)


def test_texts_fit_their_room():
    assert shortened("short", 8.0, 100.0) == "short"
    assert text_width(shortened("word " * 40, 8.0, 100.0), 8.0) <= 100.0
    lines = wrapped("one two three four five six\nseven " + "x" * 90, 7.0, 60.0)
    assert all(text_width(line, 7.0) <= 60.0 for line in lines)
    assert wrapped("a b c d e f g h", 7.0, 9.0, most=2)[-1].endswith("…")
    assert wrapped("", 7.0, 60.0) == []
