"""`assays.md`: what every assay does, what it uses, and its settings."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

from prusoff.core.assay import Assay
from prusoff.workbench import shelves

from .markdown import anchor, bullets, code, number, page, table


def text() -> str:
    """The page."""
    assays = shelves.shelf("assays")
    about = (
        "An assay takes the wells of one or several independent experiments to constants with their intervals and "
        "checks. A run file names it in `[run] assay`, and its settings stand in `[settings]`."
    )
    return page("Assays", about, *(_assay(one) for one in assays.values()))


def _assay(assay: Assay) -> str:
    laws = (f"[{law.name}](equations.md#{anchor(law.name)}): {law.title}" for law in assay.equations)
    checks = (f"[{check.name}](checks.md#{anchor(check.name)}): {check.title}" for check in assay.checks)
    drawn = (f"`figures/{figure.name}`: {figure.title}" for figure in assay.figures)
    truth = (f"`{name}` {number(value)}" for name, value in assay.truth.items())
    parts = [
        f"## {assay.name}",
        f"{assay.title}.",
        inspect.getdoc(assay.run) or "",
        "### Settings",
        table(("setting", "type", "default", "meaning"), _settings(assay)),
        "### Laws it fits",
        bullets(laws),
        "### Checks it makes",
        bullets(checks),
        "### Figures it draws",
        bullets(drawn),
        "### The truth its own simulation starts from",
        "Inside units; the contract tests simulate with it and ask for it back: " + ", ".join(truth) + ".",
        f"Reference: {assay.reference}.",
    ]
    return "\n\n".join(parts)


def _settings(assay: Assay) -> Iterator[tuple[str, ...]]:
    hints, said = get_type_hints(assay.settings), _said(assay.settings)
    for one in dataclasses.fields(assay.settings):
        required = one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
        default = "required" if required else code(_spelled(one.default))
        yield code(one.name), _kind(hints[one.name]), default, said.get(one.name, "")


def _kind(hint: Any) -> str:
    if get_origin(hint) is Literal:
        return " or ".join(code(_spelled(choice)) for choice in get_args(hint))
    return {bool: "true or false", float: "number", int: "whole number", str: "text"}.get(hint, hint.__name__)


def _spelled(value: Any) -> str:
    """A value as TOML spells it."""
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def _said(settings: type) -> dict[str, str]:
    """What the docstring says of each setting: a sentence that begins with `name`:."""
    found: dict[str, str] = {}
    words = " ".join((inspect.getdoc(settings) or "").split())
    names = [one.name for one in dataclasses.fields(settings)]
    starts = sorted((words.find(f"`{name}`:"), name) for name in names if f"`{name}`:" in words)
    for (start, name), after in zip(starts, [*starts[1:], (len(words), "")], strict=True):
        found[name] = words[start + len(name) + 3 : after[0]].strip()
    return found
