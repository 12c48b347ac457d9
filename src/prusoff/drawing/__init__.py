"""Draws a FigureSpec for print: as SVG, as PNG, or as a matplotlib figure to go on with."""

from .canvas import Drawing, draw, draw_png, draw_svg, matplotlib_figure

__all__ = ["Drawing", "draw", "draw_png", "draw_svg", "matplotlib_figure"]
