"""How a page of measured figures is written: Markdown tables, and what it was measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable

import numpy as np


def row(cells: Iterable[str]) -> str:
    """One line of a table."""
    return f"| {' | '.join(cells)} |"


def table(heads: tuple[str, ...], cells: Iterable[tuple[str, ...]]) -> list[str]:
    """A table, line by line."""
    return [row(heads), row(("---",) * len(heads)), *map(row, cells)]


def machine() -> str:
    """Cores, system and versions."""
    import matplotlib
    import scipy

    versions = ", ".join(f"{one.__name__} {one.__version__}" for one in (np, scipy, matplotlib))
    python = f"Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, {python}, {versions}"
