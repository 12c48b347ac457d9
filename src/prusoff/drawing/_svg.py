"""Makes a plain, small, stable SVG of what matplotlib writes, with a title and a description for screen readers."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from ..core.figure import FigureSpec
from ._style import FONTS

_DROPPED = frozenset({"metadata", "style"})
_PLACES = frozenset({"d", "x", "y", "transform"})
_LONG = re.compile(r"-?\d+\.\d{3,}")
_NO_TURN = re.compile(r"rotate\(-?0 ")
_POINTER = re.compile(r"#([\w.-]+)")
_NAMESPACE = re.compile(r"\{[^}]*\}")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")


def polished(text: str, spec: FigureSpec) -> str:
    """The SVG without dates, versions, style sheets and empty groups; coordinates to a hundredth of a point.

    Styles become attributes, so that a page that forbids inline styles shows the figure as it is; the fonts are named
    once, at the top.
    """
    written = ET.fromstring(_NOT_XML.sub("", text))
    pointers = {
        name
        for element in written.iter()
        for value in element.attrib.values()
        for name in _POINTER.findall(value)
    }
    name = _NOT_A_NAME.sub("-", spec.name)
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "xmlns:xlink": "http://www.w3.org/1999/xlink",
            **{key: written.attrib[key] for key in ("width", "height", "viewBox")},
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-desc",
            "font-family": FONTS,
            "stroke-linejoin": "round",
        },
    )
    for tag, words in (("title", spec.title), ("desc", spec.description)):
        ET.SubElement(root, tag, {"id": f"{name}-{tag}"}).text = _NOT_XML.sub("", words)
    root.extend(part for child in written for part in _plain(child, pointers))
    ET.indent(root, "")
    return ET.tostring(root, encoding="unicode") + "\n"


def _plain(element: ET.Element, pointers: set[str]) -> Iterator[ET.Element]:
    """An element with plain attributes; a group or a list of definitions that says nothing gives way to its content."""
    tag = _NAMESPACE.sub("", element.tag)
    if tag in _DROPPED:
        return
    content = [part for child in element for part in _plain(child, pointers)]
    plain = ET.Element(tag, dict(_attributes(element, pointers)))
    if tag in ("g", "defs") and (not content or (tag == "g" and not plain.attrib)):
        yield from content
        return
    plain.text = element.text if tag == "text" else None
    plain.extend(content)
    yield plain


def _attributes(element: ET.Element, pointers: set[str]) -> Iterator[tuple[str, str]]:
    for key, value in element.attrib.items():
        if key == "style":
            yield from _styles(value)
        elif key in _PLACES and not _NO_TURN.match(value):
            yield key, " ".join(_LONG.sub(_short, value).split())
        elif key not in _PLACES and (key != "id" or value in pointers):
            yield ("xlink:href" if key.endswith("}href") else key), value


def _styles(style: str) -> Iterator[tuple[str, str]]:
    for part in style.split(";"):
        key, _, value = (piece.strip() for piece in part.partition(":"))
        if key == "font":  # how older versions write it: [weight] size family
            size = re.search(r"([\d.]+px)", value)
            yield from (("font-weight", "700"),) if re.match(r"bold|700", value) else ()
            yield "font-size", size[1] if size else "7px"
        elif key and key != "font-family":
            yield key, value


def _short(number: re.Match[str]) -> str:
    short = f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short
