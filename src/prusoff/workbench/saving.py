"""Writes an analysis into a folder: report, figures, results. A run that is killed leaves no half-written file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import FileError, Problem
from .drawings import draw_all

if TYPE_CHECKING:
    from ..core.figure import FigureSpec
    from ..core.report import Document
    from ..core.result import AssayResult

LAST = "results.json"


def save(
    result: AssayResult, figures: tuple[FigureSpec, ...], document: Document, folder: Path
) -> tuple[Path, ...]:
    """Write `report.html`, `results.json`, `.csv`, `.xlsx` and `figures/*.svg, *.png`; returns the paths, report first.

    Every file is written under a temporary name and then renamed. `results.json` is removed first and comes last:
    where it is, all of this run is.
    """
    contents = list(_contents(result, figures, document))
    if (folder / LAST).exists():
        _attempt(folder / LAST, 0, (folder / LAST).unlink)
    for name, data in contents:
        write_whole(folder / name, data)
    return tuple(folder / name for name, _ in contents)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file under a temporary name, then rename it: it is there whole, or as it was before."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    _attempt(path, len(data), path.parent.mkdir, 0o777, True, True)
    try:
        _attempt(path, len(data), part.write_bytes, data)
        _attempt(path, len(data), part.replace, path)
    finally:
        part.unlink(missing_ok=True)


def _attempt(path: Path, size: int, action: Callable[..., object], *arguments: object) -> None:
    """Do something to a path; when the disk refuses, say which path and how many bytes were to be written."""
    try:
        action(*arguments)
    except OSError as failure:
        what = f"{size} bytes cannot be written ({failure.strerror})"
        fix = "Make room, or choose another folder with --out"
        raise FileError(Problem(what, str(path), fix, "E-WRITE")) from None


def _contents(
    result: AssayResult, figures: tuple[FigureSpec, ...], document: Document
) -> Iterator[tuple[str, bytes]]:
    from ..publishing.csv import to_csv
    from ..publishing.html import to_html
    from ..publishing.json import to_json
    from ..publishing.xlsx import to_xlsx

    drawn = draw_all(figures)
    yield "report.html", to_html(document, {name: one.svg for name, one in drawn.items()}).encode()
    for name, one in drawn.items():
        yield f"figures/{name}.svg", one.svg
        yield f"figures/{name}.png", one.png
    yield "results.xlsx", to_xlsx(result, document)
    yield "results.csv", to_csv(result)
    yield LAST, to_json(result)
