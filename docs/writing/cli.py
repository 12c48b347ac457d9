"""`cli.md`: the help of every verb, as the command line prints it."""

from __future__ import annotations

import typer.main

from prusoff.cli import app

from .markdown import block, bullets, page

WIDTH = 100
EXITS = (
    "0: fine",
    "1: finished, but a check failed (`run`) or no curve gave usable values (`fit`)",
    "2: wrong input; the message says what, where and what to do",
)


def text() -> str:
    """The page."""
    group = typer.main.get_command(app)
    whole = typer.Context(group, info_name="prusoff", max_content_width=WIDTH, terminal_width=WIDTH)
    parts = ["Exit codes:", bullets(EXITS), block(group.get_help(whole), "text")]
    for name in group.list_commands(whole):
        verb = group.get_command(whole, name)
        inside = typer.Context(
            verb, parent=whole, info_name=name, max_content_width=WIDTH, terminal_width=WIDTH
        )
        parts += [f"## prusoff {name}", block(verb.get_help(inside), "text")]
    return page("Command line", *parts)
