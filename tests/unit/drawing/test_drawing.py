import re
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from prusoff.core.figure import Band, FigureSpec, Heat, Line, Panel, Points, Rule, Scale
from prusoff.drawing import draw, draw_png, draw_svg, matplotlib_figure
from prusoff.drawing._style import colour_of, marker_of

X = np.array([1e-9, 1e-8, 1e-7])
Y = np.array([1.0, 2.0, 3.0])
LOG = Scale("dose", log10=True, ticks=((1e-9, "1 nM"), (1e-8, ""), (1e-7, "100 nM")))


def spec(*marks, x=LOG, y=Scale("bound (cpm)"), **more):  # noqa: B008 (frozen)
    return FigureSpec("one", "One", "One panel.", (Panel(x, y, marks, **more),))


def words(svg):
    return [element.text for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_all_marks_are_drawn():
    drawn = draw(
        spec(
            Band(X, Y - 1, Y + 1, "band", 1),
            Line(X, Y, "curve", 1, dashed=True),
            Points(X, Y, "wells", 2, error=np.array([0.1, np.nan, 0.2])),
            Points(X, Y, "set aside", 2, filled=False),
            Rule(y=2.0, label="half"),
            Rule(x=1e-8, label="IC50"),
            title="Panel",
            note="n = 3",
        )
    )
    said = words(drawn.svg)
    for text in ("band", "curve", "wells", "set aside", "half", "IC50", "Panel", "n = 3", "1 nM", "dose"):
        assert text in said
    assert colour_of(1).lower() in drawn.svg.decode()


def test_a_heat_map_is_drawn_with_gaps_texts_and_crosses():
    values = np.array([[1.0, np.nan], [3.0, 4.0]])
    heat = Heat(values, ("A", "B"), ("1", "2"), "cpm", (("T", ""), ("N", "x")), ((1, 1),))
    said = words(draw_svg(spec(heat, x=Scale(""), y=Scale(""))))
    assert {"T", "N", "x", "A", "B", "1", "2", "cpm"} <= set(said)
    empty = Heat(np.full((2, 2), np.nan), ("A", "B"), ("1", "2"), "cpm")
    assert draw_png(spec(empty, x=Scale(""), y=Scale("")))


def test_an_svg_is_plain():
    text = draw_svg(spec(Line(X, Y, "curve"))).decode("utf-8")
    assert text.startswith("<svg ")
    for unwanted in ("<!", "<?", "style=", "<metadata", "Matplotlib", "<script", 'href="http'):
        assert unwanted not in text
    assert re.search(r'width="244\.8pt" height="[\d.]+pt" viewBox="0 0 244\.8 ', text)
    assert text.count("font-family") == 1
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_two_figures_on_a_page_share_no_clip_path():
    one, other = (draw_svg(FigureSpec(name, "T", "D", spec(Line(X, Y)).panels)) for name in ("one", "other"))
    assert not set(re.findall(rb' id="([^"]+)"', one)) & set(re.findall(rb' id="([^"]+)"', other))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "name", ["$x$", "a\x0bb", "<b>&amp;", "化合物", "\\alpha", "=1+1", "'\"", "x" * 400, "%s {}"]
)
def test_any_name_is_only_a_name(name):
    figure = FigureSpec(
        name, name, name, (Panel(Scale(name), Scale(name), (Line(X, Y, name),), title=name, note=name),)
    )
    drawn = draw(figure)
    title = ET.fromstring(drawn.svg).find("{http://www.w3.org/2000/svg}title")
    assert title.text == name.replace("\x0b", "")


def test_settings_of_other_plots_neither_change_the_bytes_nor_are_changed():
    import matplotlib

    figure = spec(Line(X, Y, "curve"), Points(X, Y))
    before = draw(figure)
    with matplotlib.rc_context({"axes.facecolor": "red", "font.size": 30, "svg.fonttype": "path"}):
        assert draw(figure) == before
        assert matplotlib.rcParams["font.size"] == 30


def test_threads_draw_the_same():
    figures = [FigureSpec(f"f{k}", "T", "D", spec(Line(X, Y * (k + 1))).panels) for k in range(4)]
    alone = [draw_svg(figure) for figure in figures]
    together = {}
    threads = [
        threading.Thread(target=lambda k=k: together.update({k: draw_svg(figures[k])})) for k in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[k] for k in range(4)] == alone


def test_another_process_gives_the_same_bytes():
    code = (
        "import hashlib, numpy as np\n"
        "from prusoff.core.figure import *\n"
        "from prusoff.drawing import draw\n"
        "x = np.array([1.0, 2.0, 3.0])\n"
        "d = draw(FigureSpec('a', 'T', 'D', (Panel(Scale('x'), Scale('y'), (Line(x, x, 'l'), Points(x, x))),)))\n"
        "print(hashlib.sha256(d.svg + d.png).hexdigest())"
    )
    runs = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(runs) == 1


def test_matplotlib_is_imported_only_when_something_is_drawn():
    code = "import sys, prusoff.drawing; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_pyplot_is_never_imported():
    code = (
        "import sys, numpy as np\n"
        "from prusoff.core.figure import *\n"
        "from prusoff.drawing import draw\n"
        "x = np.array([1.0, 2.0])\n"
        "draw(FigureSpec('a', 'T', 'D', (Panel(Scale('x'), Scale('y'), (Line(x, x),)),)))\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_dots_per_inch():
    small, large = (draw_png(spec(Line(X, Y)), dpi) for dpi in (100, 200))
    width = [int.from_bytes(png[16:20]) for png in (small, large)]
    assert width == [340, 680]


def test_a_notebook_gets_true_axes():
    (axes,) = matplotlib_figure(spec(Line(X, Y, "curve"))).axes
    assert axes.get_xscale() == "log"
    assert axes.get_xlabel() == "dose"
    assert [text.get_text() for text in axes.get_xticklabels()] == ["1 nM", "", "100 nM"]


def test_colours_and_shapes_differ_by_index_and_grey_is_kept():
    assert len({colour_of(index) for index in range(8)}) == 8
    assert colour_of(7) not in {colour_of(index) for index in (*range(7), *range(8, 40))}
    looks = {(colour_of(index), marker_of(index)) for index in range(40) if index != 7}
    assert len(looks) == 39
