"""Draws a FigureSpec: print (SVG, PNG)."""
