"""How much room a text takes, by arithmetic: the same on every machine, without a font being opened."""

from __future__ import annotations

_NARROW = frozenset(" .,:;'|!()[]ijlftrI")
_WIDE = frozenset("mwMWµ%@QO−–>")
_FIRST_IDEOGRAPH = "\u2e80"
_ELLIPSIS = "…"


def text_width(text: str, size: float) -> float:
    """About how wide a text is in DejaVu Sans, the widest of the fonts a figure is shown in."""
    return size * sum(map(_ems, text))


def _ems(char: str) -> float:
    if char >= _FIRST_IDEOGRAPH:
        return 1.05
    return 0.4 if char in _NARROW else 0.9 if char in _WIDE else 0.63


def shortened(text: str, size: float, room: float) -> str:
    """The text, or as much of its beginning as there is room for, with an ellipsis.

    >>> shortened("imipramine", 8.0, 40.0)
    'imipram…'
    """
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + _ELLIPSIS, size) > room:
        text = text[:-1]
    return text.rstrip() + _ELLIPSIS


def wrapped(text: str, size: float, room: float, most: int = 8) -> list[str]:
    """A text in at most `most` lines that fit the room: broken between words, or cut with an ellipsis."""
    lines: list[str] = []
    for part in text.splitlines():
        line = ""
        for word in part.split():
            longer = f"{line} {word}".strip()
            if line and text_width(longer, size) > room:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]} {_ELLIPSIS}"]
    return [shortened(line, size, room) for line in lines]
