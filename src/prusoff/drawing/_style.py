"""How figures look: colours, markers, type and line widths, all in one place."""

from __future__ import annotations

from typing import Any

NEUTRAL = 7
"""The colour index of what belongs to no series: rules, means of controls."""

# Okabe M, Ito K (2008), Color Universal Design: told apart with every common colour blindness. Its yellow is left out,
# too pale for a thin line on white; grey is the neutral colour. For eight and nine series wine and olive follow (Tol P,
# Colour Schemes, SRON/EPS/TN/09-002, 2021: muted).
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#882255", "#999933")
_GREY = "#6E6E6E"
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p")

INK = "#1A1A1A"
TICK_SIZE = 7.0
LABEL_SIZE = 8.0
TITLE_SIZE = 8.5
NOTE_SIZE = 6.5
CELL_SIZE = 5.0
AXIS_WIDTH = 0.7
CURVE_WIDTH = 1.3
RULE_WIDTH = 0.8
ERROR_WIDTH = 0.9
REPLICATE_SIZE = 3.6
MEAN_SIZE = 5.0
TICK_LENGTH = 3.0
TICK_PAD = 2.5

FONTS = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
"""The fonts of an SVG, best first. None is wider than DejaVu Sans, after which the room for text is measured."""

SETTINGS: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": TICK_SIZE,
    "svg.fonttype": "none",
    "text.parse_math": False,  # a compound may be called $x$
    "axes.linewidth": AXIS_WIDTH,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": LABEL_SIZE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": TICK_SIZE,
    "ytick.labelsize": TICK_SIZE,
    "xtick.major.size": TICK_LENGTH,
    "ytick.major.size": TICK_LENGTH,
    "xtick.major.width": AXIS_WIDTH,
    "ytick.major.width": AXIS_WIDTH,
    "xtick.major.pad": TICK_PAD,
    "ytick.major.pad": TICK_PAD,
    "lines.solid_capstyle": "round",
}


def colour_of(index: int) -> str:
    """The colour of a series: 0 to 6, 8 and 9 differ, 7 is the neutral grey; then they repeat with other markers."""
    if index == NEUTRAL:
        return _GREY
    return _COLOURS[_number(index) % len(_COLOURS)]


def marker_of(index: int) -> str:
    """The shape of a series, so that colour is never the only difference."""
    return _MARKERS[0 if index == NEUTRAL else _number(index) % len(_MARKERS)]


def _number(index: int) -> int:
    return index if index < NEUTRAL else index - 1
