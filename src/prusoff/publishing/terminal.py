"""A result for a terminal: the answers, the checks that ask for attention, and what was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..core.check import Severity, cases
from ..core.headline import headlines, nothing_determined
from ..core.result import AssayResult

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

_MOST_RATIOS = 24
_STYLES: Mapping[Severity, str] = {Severity.FAIL: "bold red", Severity.WARN: "yellow"}
_WORDS: Mapping[Severity, str] = {Severity.FAIL: "failed", Severity.WARN: "warning"}

_COUNTED: Mapping[Severity, str] = {
    Severity.PASS: "passed",
    Severity.WARN: "warned",
    Severity.NOTE: "noted",
    Severity.FAIL: "failed",
    Severity.NOT_ASSESSED: "not assessed",
}


def to_terminal(result: AssayResult, files: Iterable[str] = ()) -> RenderableType:
    """What rich prints: title, answers, failed checks and warnings, the count of wells, and the files written.

    Names are printed as they are; square brackets in them are never read as markup.
    """
    from rich.console import Group
    from rich.text import Text

    wells, used, aside = result.rows
    parts: list[RenderableType] = [
        Text(result.title, "bold"),
        *(Text(note, "italic") for note in result.notes),
    ]
    parts.append(_answers(result))
    nothing = nothing_determined(headlines(result))
    if nothing:
        parts.append(Text(nothing, _STYLES[Severity.FAIL]))
    if result.ratios:
        parts.append(_ratios(result))
    if any(flag.severity in _WORDS for flag in result.flags):
        parts.append(_checks(result))
    parts.append(Text(f"{_tally(result)} {wells} wells = {used} used + {aside} set aside."))
    parts.extend(Text(f"  {file}", "dim") for file in files)
    return Group(*parts)


def _answers(result: AssayResult) -> Table:
    table = _table(
        ("Compound", "left"), ("Quantity", "left"), ("Value", "right"), ("p-value", "right"), ("n", "right")
    )
    table.add_column("Remark", overflow="fold")
    for line in headlines(result):
        remark = "; ".join(one.rstrip(".") for one in line.left_out) or (
            "" if line.outcome.usable else line.sentence
        )
        cells = (
            line.subject,
            line.estimate.name if line.estimate else "",
            line.text,
            line.p_estimate.amount if line.p_estimate else "",
            str(line.n),
            remark,
        )
        verdict = Severity.FAIL if line.is_missing else line.worst
        table.add_row(*map(_text, cells), style=_STYLES.get(verdict, ""))
    return table


def _ratios(result: AssayResult) -> RenderableType:
    """Constants set against each other; of a long list the first ones, and where the rest stands."""
    from rich.console import Group

    table = _table(("Ratio", "left"), ("Of", "left"), ("Over", "left"), ("Value", "right"))
    table.add_column("What it says", overflow="fold")
    for one in result.ratios[:_MOST_RATIOS]:
        cells = (one.name, one.subject, one.reference, one.estimate.amount, one.verdict or one.sentence)
        table.add_row(*map(_text, cells))
    more = len(result.ratios) - _MOST_RATIOS
    return Group(table, _text(f"{more} more ratios stand in the report.", "dim")) if more > 0 else table


def _checks(result: AssayResult) -> Table:
    """A row for every code and verdict: its gravest case, and how many more the report lists."""
    table = _table(
        ("Verdict", "left"), ("Code", "left"), ("Of", "left"), ("Number", "right"), ("Limit", "right")
    )
    table.add_column("What it says", overflow="fold")
    for one in cases(result.flags):
        flag = one.worst
        if flag.severity in _WORDS:
            cells = (flag.code, one.subject, flag.number_text, flag.limit_text, flag.sentence)
            table.add_row(_text(_WORDS[flag.severity], _STYLES[flag.severity]), *map(_text, cells))
    return table


def _tally(result: AssayResult) -> str:
    counts = Counter(flag.severity for flag in result.flags)
    told = ", ".join(f"{counts[one]} {word}" for one, word in _COUNTED.items())
    return f"{len(result.flags)} checks: {told}."


def _table(*columns: tuple[str, str]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title, justify in columns:
        table.add_column(title, justify=justify, overflow="fold")  # type: ignore[arg-type]
    return table


def _text(content: str, style: str = "") -> RenderableType:
    from rich.text import Text

    return Text(content, style)
