"""Writes every page, figure and schema that comes from the program itself: `python -m docs.build`.

Pages are compared by `tests/architecture/test_docs.py`, so that they cannot drift from the program.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from prusoff.drawing.canvas import draw_svg
from prusoff.publishing.schema import result_schema
from prusoff.workbench.runfile import schema as run_file_schema

from .writing import assays, checks, cli, console, equations, errors, readers, results, run_file, units

DOCS = Path(__file__).resolve().parent
PAGES: Mapping[str, Callable[[], str]] = {
    "reference/equations.md": equations.text,
    "reference/checks.md": checks.text,
    "reference/readers.md": readers.text,
    "reference/run_file.md": run_file.text,
    "reference/results.md": results.text,
    "reference/cli.md": cli.text,
    "reference/errors.md": errors.text,
    "reference/units.md": units.text,
}
SCHEMAS = {"run_file.schema.json": run_file_schema, "results.schema.json": result_schema}
WALKS = ("first_ki.md",)


def pages() -> dict[str, bytes]:
    """Every file of the reference by its place under `docs/`."""
    texts = {name: make() for name, make in PAGES.items()}
    texts |= {name: json.dumps(make(), indent=2, ensure_ascii=False) + "\n" for name, make in SCHEMAS.items()}
    drawn = {f"reference/figures/{spec.name}.svg": draw_svg(spec) for spec in equations.figures()}
    analysed = {f"reference/{name}": data for name, data in assays.pages().items()}
    return {name: text.encode() for name, text in texts.items()} | drawn | analysed


def walks() -> dict[str, bytes]:
    """The pages with commands in them, with what the commands print now."""
    return {name: console.renewed((DOCS / name).read_text(encoding="utf-8")).encode() for name in WALKS}


def main() -> int:
    """Write what has changed and say so."""
    made = pages() | walks()
    for stale in sorted(set(_written()) - set(made)):
        (DOCS / stale).unlink()
        sys.stdout.write(f"removed docs/{stale}\n")
    for name, data in made.items():
        path = DOCS / name
        if not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            sys.stdout.write(f"wrote docs/{name}\n")
    return 0


def _written() -> list[str]:
    """The files of the reference as they lie there."""
    return [path.relative_to(DOCS).as_posix() for path in (DOCS / "reference").rglob("*") if path.is_file()]


if __name__ == "__main__":
    sys.exit(main())
