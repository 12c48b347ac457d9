"""The picture of the speed page: curves per second of every program, drawn by the project's own drawing room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from prusoff.core.figure import FigureSpec, Panel, Points, Scale
from prusoff.drawing import draw_svg

SCREENS = ("W1", "W1b", "W2", "hard")


class Timed(Protocol):
    """What is drawn of a timing."""

    screen: str
    contender: str

    @property
    def rate(self) -> float:
        """Curves per second."""
        ...


def drawn(timings: Sequence[Timed]) -> bytes:
    """The figure as SVG; the same timings give the same bytes."""
    return draw_svg(spec(timings))


def spec(timings: Sequence[Timed]) -> FigureSpec:
    """Programs from below, slow ones first; one mark a screen, on a log axis."""
    shown = [one for one in timings if one.screen in SCREENS]
    typical = {name: np.median([one.rate for one in shown if one.contender == name])
               for name in dict.fromkeys(one.contender for one in shown)}  # fmt: skip
    order = sorted(typical, key=lambda name: typical[name])
    marks = tuple(
        Points(
            np.array([one.rate for one in shown if one.screen == screen]),
            np.array([float(order.index(one.contender)) for one in shown if one.screen == screen]),
            label=screen,
            colour=colour,
        )
        for colour, screen in enumerate(SCREENS)
    )
    places = Scale(
        "",
        limits=(-0.6, len(order) - 0.4),
        ticks=tuple((float(place), name) for place, name in enumerate(order)),
    )
    told = "; ".join(f"{name} {typical[name]:,.0f}" for name in reversed(order))
    return FigureSpec(
        name="engine",
        title="Curves per second on one core",
        description=f"Curves that each program fits in a second, four kinds, on a logarithmic axis. Medians: {told}.",
        panels=(Panel(Scale("curves per second", log10=True), places, marks),),
        panel_size=(4.6, 0.32 * len(order) + 1.0),
    )
