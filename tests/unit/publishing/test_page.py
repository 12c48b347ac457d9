import html.parser
import itertools
import re

import pytest

from prusoff.core.errors import InputError
from prusoff.core.figure import FigureSpec
from prusoff.core.report import (
    Answer,
    Document,
    FigureBlock,
    FormulaBlock,
    Paragraph,
    References,
    Section,
    TableBlock,
)
from prusoff.publishing._svg import inline_svg
from prusoff.publishing.html import to_html

SVG = b"""<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="324pt" height="200pt"
 viewBox="0 0 324 200" onload="steal()">
 <title>old</title>
 <metadata><x xmlns="http://example.org/">http://example.org/licence</x></metadata>
 <defs><style type="text/css">*{stroke-linecap:butt} #dot, .a{fill:url(#clip)}</style>
 <clipPath id="clip"><rect width="9" height="9"/></clipPath><path id="dot" d="M0 0"/></defs>
 <script>steal()</script>
 <g clip-path="url(#clip)" style="fill: url('#clip')"><use xlink:href="#dot" x="3"/></g>
 <image href="http://example.org/spy.png"/><rect style="fill: url(http://example.org/spy)"/>
 <text>&lt;b&gt;x&lt;/b&gt;</text>
</svg>"""
SPEC = FigureSpec("curve", "Displacement by <b>x</b>", "What is seen: <i>", (), "n = 3")


def _document(*blocks):
    return Document(
        "T <1>", "S", (Section("First", blocks), Section("Second", blocks)), {"Target": "NET <x>"}
    )


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.ids, self.open = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in ("meta", "br", "rect", "path", "use", "image"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in ("rect", "path", "use", "image"):
            assert self.open.pop() == tag


def _read(text):
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


ALL = (
    Paragraph("<script>alert(1)</script>", "warn"),
    Answer("Ki of <b>x</b>", "5.8 nM (4.5–7.7)", "pKi", "fail"),
    TableBlock(
        "C <", ("Verdict", "IC50", "'=cmd()"), (("failed", "5.0 nM (4–6)", "<td>"),), ("fail",), (1,), 0
    ),
    FormulaBlock("Y = 10^((X − log IC50)·nH)", "(1)"),
    FigureBlock(SPEC),
    References(("Cheng & Prusoff",)),
)


def test_every_block_is_printed_and_all_text_is_text():
    text = to_html(_document(*ALL), {"curve": SVG})
    reader = _read(text)
    assert "<b>" not in text
    assert "<script" not in text
    assert "&lt;b&gt;x&lt;/b&gt;" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert not {"script", "link", "img", "iframe", "form"} & {tag for tag, _ in reader.tags}
    assert "Cheng &amp; Prusoff" in text


def test_the_page_asks_nothing_of_the_network():
    text = to_html(_document(*ALL), {"curve": SVG})
    assert "http:" not in text
    assert "https:" not in text
    assert re.findall(r"url\((?!#)", text) == []
    policy = next(
        a["content"] for tag, a in _read(text).tags if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy


def test_headings_are_in_order_tables_have_scope_and_figures_have_words():
    reader = _read(to_html(_document(*ALL), {"curve": SVG}))
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in reader.tags if tag == "th")
    drawings = [attrs for tag, attrs in reader.tags if tag == "svg"]
    assert [one["role"] for one in drawings] == ["img", "img"]
    assert all(set(one["aria-labelledby"].split()) <= set(reader.ids) for one in drawings)
    assert len(reader.ids) == len(set(reader.ids))


def test_the_verdict_is_a_word_and_numbers_are_lined_up():
    text = to_html(_document(*ALL), {})
    assert '<span class="badge fail">failed</span>' in text
    assert '<td class="number">5.0 nM <span class="interval">(4–6)</span></td>' in text


def test_symbols_get_their_subscripts_and_the_text_stays_the_same():
    text = to_html(_document(Paragraph("pKi, IC50, Bmax, Kd, [3H]x, WIN50, Kilo, 10^(a(b)c)")), {})
    shown = "pK<sub>i</sub>, IC<sub>50</sub>, B<sub>max</sub>, K<sub>d</sub>, [<sup>3</sup>H]x, WIN50, Kilo, "
    assert shown + "10<sup>a(b)c</sup>" in text


def test_a_figure_without_a_drawing_is_described():
    text = to_html(_document(FigureBlock(SPEC)), {})
    assert "What is seen: &lt;i&gt;" in text
    assert "Figure 2." in text


def test_a_drawing_gets_ids_of_its_own_and_loses_what_runs_or_fetches():
    drawing = inline_svg(SVG, "figure-7", "T", "D <")
    assert drawing.width == "324pt"
    assert 'id="figure-7-clip"' in drawing.markup
    assert 'clip-path="url(#figure-7-clip)"' in drawing.markup
    assert 'href="#figure-7-dot"' in drawing.markup
    assert "#figure-7 *" in drawing.markup
    assert "#figure-7 #figure-7-dot" in drawing.markup
    for gone in ("example.org", "script", "steal", "old", "xlink", "metadata"):
        assert gone not in drawing.markup
    assert '<desc id="figure-7-desc">D &lt;</desc>' in drawing.markup
    assert "&lt;b&gt;x&lt;/b&gt;" in drawing.markup


@pytest.mark.parametrize("data", [b"PNG", b"<html/>"])
def test_what_is_not_a_drawing_is_refused_with_the_name_of_the_figure(data):
    with pytest.raises(InputError, match=r"figure 'Displacement by <b>x</b>': the drawing is not"):
        to_html(_document(FigureBlock(SPEC)), {"curve": data})


def test_the_same_document_gives_the_same_page():
    assert to_html(_document(*ALL), {"curve": SVG}) == to_html(_document(*ALL), {"curve": SVG})
