"""A report as one HTML file that opens anywhere, prints on A4 and asks nothing of the network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ..core.report import Document, FigureBlock
from ._svg import inline_svg

if TYPE_CHECKING:
    from jinja2 import Environment

_SYMBOL = re.compile(r"\b(p?)(K|IC|EC|B|E|V)(i|(?<=K)r|d|B|m|50|max|(?<=V)1/2)(?![\w])")
_NUCLIDE = re.compile(r"\[(\d{1,3})([A-Z][a-z]?)\]")
_POWER = re.compile(r"10\^(\([^()]*(?:\([^()]*\)[^()]*)*\)|−?\d+)")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def to_html(document: Document, svg_by_figure: Mapping[str, bytes]) -> str:
    """The report as one self-contained page, without scripts; figures are looked up by the name of their spec.

    A figure without a drawing is printed as its description. All text of the report is text: a compound called
    '<b>x</b>' is printed so. Raises InputError where a drawing is not SVG.
    """
    specs = (
        block.spec
        for section in document.sections
        for block in section.blocks
        if isinstance(block, FigureBlock)
    )
    drawings = [
        inline_svg(svg_by_figure[spec.name], f"figure-{number}", spec.title, spec.description)
        if spec.name in svg_by_figure
        else None
        for number, spec in enumerate(specs, start=1)
    ]
    return _environment().get_template("report.html.j2").render(document=document, drawings=drawings)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = files(__package__) / "templates"
    environment = Environment(
        loader=FileSystemLoader(str(folder)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["symbols"] = _symbols
    environment.filters["kind"] = lambda block: type(block).__name__
    environment.tests["digest"] = lambda text: bool(_DIGEST.fullmatch(text))
    environment.globals["css"] = (folder / "report.css").read_text(encoding="utf-8")
    return environment


def _symbols(text: str) -> Any:
    """Ki, IC50, Bmax with subscripts, [3H] and 10^(x) with superscripts; everything else stays the text it was."""
    from markupsafe import Markup, escape

    marked = _SYMBOL.sub(r"\1\2<sub>\3</sub>", str(escape(text)))
    marked = _NUCLIDE.sub(r"[<sup>\1</sup>\2]", marked)
    return Markup(_POWER.sub(_power, marked))  # the text was escaped one line above


def _power(match: re.Match[str]) -> str:
    exponent = match[1]
    return f"10<sup>{exponent[1:-1] if exponent.startswith('(') else exponent}</sup>"
