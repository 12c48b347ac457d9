"""Puts a drawing inside a page: ids of its own, words for those who cannot see it, nothing that runs or is fetched."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from ..core.errors import InputError, Problem

_SVG = "http://www.w3.org/2000/svg"
_DROPPED = frozenset({"script", "foreignObject", "metadata", "iframe", "a", "set", "animate"})
_POINTER = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")
_ANY_URL = re.compile(r"url\(\s*['\"]?(?!#)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")

_NARROW = 550.0


@dataclass(frozen=True)
class Drawing:
    """Markup for the body of a page and the width it was drawn for ('324pt'), empty where the drawing has none."""

    markup: str
    width: str

    @property
    def is_narrow(self) -> bool:
        """Whether there is room for words beside it on a page."""
        number = self.width.removesuffix("pt")
        return number != self.width and float(number) < _NARROW


def inline_svg(data: bytes, prefix: str, title: str, description: str) -> Drawing:
    """The drawing as markup for the body of a page.

    Every id gets the prefix, so that two figures cannot share a clipping path; style rules hold inside this figure
    only; scripts, links and anything fetched from elsewhere are left out. Raises InputError if it is not SVG.
    """
    root = _parsed(data, title)
    drawing = _clean(root, prefix)
    for old in [child for child in drawing if child.tag in ("title", "desc")]:
        drawing.remove(old)
    drawing.set("id", prefix)
    drawing.set("role", "img")
    drawing.set("aria-labelledby", f"{prefix}-title {prefix}-desc")
    width = _take_width(drawing)
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        words = ET.Element(tag, {"id": f"{prefix}-{tag}"})
        words.text = text
        drawing.insert(place, words)
    return Drawing(ET.tostring(drawing, encoding="unicode", short_empty_elements=False), width)


def _parsed(data: bytes, title: str) -> ET.Element:
    try:
        root = ET.fromstring(data)
    except ET.ParseError as error:
        raise InputError(
            Problem(f"the drawing is not XML ({error})", f"figure '{title}'", code="E-SVG")
        ) from None
    if root.tag not in (f"{{{_SVG}}}svg", "svg"):
        raise InputError(Problem("the drawing is not SVG", f"figure '{title}'", code="E-SVG"))
    return root


def _clean(element: ET.Element, prefix: str) -> ET.Element:
    copy = ET.Element(_local(element.tag), _attributes(element, prefix))
    copy.text, copy.tail = element.text, element.tail
    if copy.tag == "style":
        copy.text = _scoped(element.text or "", prefix)
    copy.extend(_clean(child, prefix) for child in element if _is_drawing(child))
    return copy


def _is_drawing(element: ET.Element) -> bool:
    if not isinstance(element.tag, str) or _local(element.tag) in _DROPPED:
        return False
    return element.tag.startswith(f"{{{_SVG}}}") or "}" not in element.tag


def _attributes(element: ET.Element, prefix: str) -> dict[str, str]:
    kept = {}
    for name, value in element.attrib.items():
        plain = _local(name)
        if plain.lower().startswith("on") or _ANY_URL.search(value):
            continue
        if plain == "href":
            if value.startswith("#"):
                kept[plain] = f"#{prefix}-{value[1:]}"
            elif value.startswith("data:image/png"):
                kept[plain] = value
        elif plain == "id":
            kept[plain] = f"{prefix}-{value}"
        elif plain not in ("aria-labelledby", "aria-describedby", "space"):
            kept[plain] = _pointed(value, prefix)
    return kept


def _scoped(rules: str, prefix: str) -> str:
    if "@" in rules or _ANY_URL.search(rules):
        return ""
    scoped = []
    for selectors, body in _RULE.findall(rules):
        inside = (f"#{prefix} {one.strip().replace('#', f'#{prefix}-')}" for one in selectors.split(","))
        scoped.append(f"{', '.join(inside)} {{{_pointed(body, prefix)}}}")
    return "\n".join(scoped)


def _pointed(text: str, prefix: str) -> str:
    return _POINTER.sub(lambda found: f"url(#{prefix}-{found[1]})", text)


def _take_width(drawing: ET.Element) -> str:
    width = drawing.attrib.pop("width", "")
    drawing.attrib.pop("height", None)
    found = re.fullmatch(r"([\d.]+)(pt|px|mm|cm|in)?", width)
    return f"{found[1]}{found[2] or 'px'}" if found else ""


def _local(name: str) -> str:
    return name.rpartition("}")[2]
