"""`checks.md`: every check with its limit, what it looks at, its source, and what it says on its own examples."""

from __future__ import annotations

from collections.abc import Iterable

from prusoff.core.check import Check, Fact
from prusoff.workbench import shelves

from .markdown import anchor, bullets, page, table


def text() -> str:
    """The page."""
    checks = shelves.shelf("checks")
    about = (
        "A check looks at numbers of an assay and ends as *pass*, *note*, *warn*, *fail* or *not assessed* "
        "(a number it needs is not known; nothing is guessed). A failed check makes "
        "`prusoff run` end with exit code 1. The sentences below are what the checks say of the examples they carry."
    )
    rows = [(f"[{name}](#{anchor(name)})", check.title, check.limit_text) for name, check in checks.items()]
    return page("Checks", about, table(("code", "check", "limit"), rows), *map(_check, checks.values()))


def _check(check: Check) -> str:
    looked_at = [f"Needs {_facts(check.needs)}."] if check.needs else []
    looked_at += [f"Looks at {_facts(check.uses)} where known."] if check.uses else []
    limit = [f"Limit: {check.limit_text}."] if check.limit is not None else []
    said = (
        f"*{example.severity.value}*: {check.apply(example.facts).sentence}" for example in check.examples
    )
    about = " ".join((*limit, *looked_at, f"Source: {check.source}."))
    return "\n\n".join((f"## {check.name}", f"**{check.title}.** {about}", bullets(said)))


def _facts(facts: Iterable[Fact]) -> str:
    return "; ".join(f"{fact.meaning} ({fact.unit})" if fact.unit else fact.meaning for fact in facts)
