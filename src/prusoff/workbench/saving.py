"""Writes an analysis into a folder: report, figures, results. A run that is killed leaves no half-written file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ..core.assay import AssayResult
from ..core.errors import FileError, Problem
from ..core.figure import FigureSpec
from ..core.report import Document


def save(
    result: AssayResult, figures: tuple[FigureSpec, ...], document: Document, folder: Path
) -> tuple[Path, ...]:
    """Write `report.html`, `results.json`, `.csv`, `.xlsx` and `figures/*.svg, *.png`; returns the paths, report first.

    Every file is written under a temporary name and then renamed. `results.json` comes last: where it is, all is.
    """
    written = []
    for name, data in _contents(result, figures, document):
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f".{path.name}.{os.getpid()}.part")
            part.write_bytes(data)
            part.replace(path)
        except OSError as failure:
            what = f"{len(data)} bytes cannot be written ({failure.strerror})"
            raise FileError(
                Problem(what, str(path), "Make room, or choose another folder with --out", "E-WRITE")
            ) from None
        written.append(path)
    return tuple(written)


def _contents(
    result: AssayResult, figures: tuple[FigureSpec, ...], document: Document
) -> Iterator[tuple[str, bytes]]:
    from ..drawing.canvas import draw
    from ..publishing.csv import to_csv
    from ..publishing.html import to_html
    from ..publishing.json import to_json
    from ..publishing.xlsx import to_xlsx

    drawn = {spec.name: draw(spec) for spec in figures}
    yield "report.html", to_html(document, {name: one.svg for name, one in drawn.items()}).encode()
    for name, one in drawn.items():
        yield f"figures/{name}.svg", one.svg
        yield f"figures/{name}.png", one.png
    yield "results.xlsx", to_xlsx(result)
    yield "results.csv", to_csv(result)
    yield "results.json", to_json(result)
