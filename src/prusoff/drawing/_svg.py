"""Makes a plain, small, stable SVG of what matplotlib writes, with a title and a description for screen readers."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from ..core.figure import FigureSpec
from ._style import FONTS

_HEAD = re.compile(r"\A.*?<svg[^>]*?(?P<size>width=.*?viewBox=\"[^\"]*\")[^>]*>", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_STYLE_SHEET = re.compile(r"\s*<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)
_COMMENT = re.compile(r"\s*<!--.*?-->", re.DOTALL)
_ID = re.compile(r' id="([^"]*)"')
_REFERENCE = re.compile(r"#([\w.-]+)")
_NUMBERS = re.compile(r'(?<= )(?:d|x|y|transform)="[^"]*"')
_LONG = re.compile(r"-?\d+\.\d{3,}")
_STYLE = re.compile(r' style="([^"]*)"')
_FONT = re.compile(r"font: (?:(?P<weight>bold|\d+) )?(?P<size>[\d.]+)px [^;]*")
_NO_TURN = re.compile(r' transform="rotate\(-?0 [^"]*"')
_SAFE = re.compile(r"[^A-Za-z0-9_-]+")


def polished(text: str, spec: FigureSpec) -> str:
    """The SVG without dates, versions, document type and style sheet; coordinates to a hundredth of a point."""
    text = _COMMENT.sub("", _STYLE_SHEET.sub("", _METADATA.sub("", text)))
    text = _HEAD.sub(lambda found: _opening(spec, found["size"]), text, count=1)
    text = _STYLE.sub(lambda found: _attributes(found[1]), text)
    text = _NO_TURN.sub("", text)
    used = {*_REFERENCE.findall(text), *_labels(spec)}
    text = _ID.sub(lambda found: found[0] if found[1] in used else "", text)
    return _NUMBERS.sub(lambda found: _LONG.sub(_short, found[0].replace("\n", " ").replace(' "', '"')), text)


def _labels(spec: FigureSpec) -> tuple[str, str]:
    name = _SAFE.sub("-", spec.name)
    return f"{name}-title", f"{name}-description"


def _opening(spec: FigureSpec, size: str) -> str:
    title, description = _labels(spec)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" {size}'
        f' role="img" aria-labelledby="{title} {description}" font-family="{FONTS}"'
        f' stroke-linejoin="round" stroke-linecap="butt">\n'
        f' <title id="{title}">{escape(spec.title)}</title>\n'
        f' <desc id="{description}">{escape(spec.description)}</desc>'
    )


def _attributes(style: str) -> str:
    """A style as attributes: they need no permission for inline styles from the page that shows the figure."""
    parts = []
    for part in style.split(";"):
        found = _FONT.fullmatch(part.strip())
        if found:
            parts.append(f'font-size="{found["size"]}"')
            if found["weight"]:
                parts.append(f'font-weight="{found["weight"]}"')
            continue
        key, _, value = part.partition(":")
        if key.strip() not in ("", "font-family"):  # the fonts are named once, at the top
            parts.append(f'{key.strip()}="{value.strip()}"')
    return "".join(f" {part}" for part in parts)


def _short(number: re.Match[str]) -> str:
    short = f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short
