"""`prusoff show`: what is on a shelf; formula, parameters and source of an item."""

from __future__ import annotations

from typing import Annotated

import typer

from ._output import print_json, print_lines, print_table


def command(
    shelf: Annotated[
        str, typer.Argument(help="A shelf: equations, assays, checks, readers, figures, reports.")
    ] = "",
    name: Annotated[str, typer.Argument(help="An item on it.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what prusoff knows: the shelves, the items of a shelf, or one item with its formula and source."""
    from ..workbench import shelves

    if not shelf:
        rows = shelves.overview()
        if json:
            print_json([{"shelf": one, "items": count, "what": what} for one, count, what in rows])
        else:
            print_table(
                "Shelves", ("shelf", "items", "what stands there"), [(a, str(b), c) for a, b, c in rows]
            )
        return
    if not name:
        items = shelves.items(shelf)
        if json:
            print_json([{"name": one, "title": title} for one, title in items])
        else:
            print_table(shelf, ("name", "title"), items)
        return
    facts = shelves.item(shelf, name)
    if json:
        print_json(facts)
    else:
        print_lines(shelves.as_text(facts))
