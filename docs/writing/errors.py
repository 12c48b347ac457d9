"""`errors.md`: the tree of errors, the form of a message, and every code with what it is said of."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import prusoff
from prusoff.core import errors
from prusoff.core.errors import InputError, Problem, PrusoffError
from prusoff.core.fit import Outcome

from .markdown import block, code, codes, page, table

CODE = re.compile(r"^E-[A-Z]+$")
SOURCE = Path(inspect.getfile(prusoff)).parent
MOST_SAYINGS = 3
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Said:
    """One place in the source where a problem is told: its code, the room, and the words ('…' is filled in)."""

    code: str
    room: str
    words: str


def text() -> str:
    """The page."""
    example = Problem(
        "concentration '10' has no unit",
        "counts.xlsx > sheet 'Layout' > B07",
        "Write '10 nM', or set units.concentration in the run file",
        "E-UNIT",
    )
    form = (
        "A message says what was found, where, and what to do; the code in brackets stays the same when words "
        f"change. All problems of an input are collected and raised once; at most {errors.MOST_PRINTED} are printed, "
        "then a count. The words are the same in Python, on the command line and, with `--json`, in this shape:"
    )
    shape = "{'error': 'UnitError', 'problems': [{'what', 'where', 'fix', 'code'}, ...]}"
    parts = [
        block(str(InputError(example)), "text"),
        form,
        block(shape, "text"),
        "Wrong input ends the command line with exit code 2 and never with a traceback. A curve that cannot be fitted "
        f"is no error but an outcome ({codes(one.code for one in Outcome)}) with a sentence.",
        "## The tree",
        "\n".join(_tree(PrusoffError, 0)),
        "`PrusoffWarning` (a UserWarning): " + _first(errors.PrusoffWarning),
        "## Codes",
        "What stands where the values go is shown as …",
        table(("code", "told by", "said of"), _codes()),
    ]
    return page("Errors", *parts)


def _tree(kind: type[PrusoffError], depth: int) -> Iterator[str]:
    others = [base.__name__ for base in kind.__bases__ if not issubclass(base, PrusoffError)]
    also = f", also {code(others[0])}" if others and others[0] != "Exception" else ""
    yield f"{'  ' * depth}- {code(kind.__name__)}{also}, {code(kind.code)}: {_first(kind)}"
    for one in sorted(kind.__subclasses__(), key=lambda each: each.__name__):
        if one.__module__ == errors.__name__:
            yield from _tree(one, depth + 1)


def _first(kind: type) -> str:
    return (inspect.getdoc(kind) or "").splitlines()[0]


def _codes() -> Iterator[tuple[str, str, str]]:
    said = sorted({one for path in SOURCE.rglob("*.py") for one in _in_file(path)}, key=_order)
    for name in sorted({one.code for one in said}):
        mine = [one for one in said if one.code == name]
        words = list(dict.fromkeys(one.words for one in mine if one.words))
        more = f"; and {len(words) - MOST_SAYINGS} more" if len(words) > MOST_SAYINGS else ""
        rooms = ", ".join(sorted({one.room for one in mine}))
        yield code(name), rooms, "; ".join(words[:MOST_SAYINGS]) + more


def _order(one: Said) -> tuple[str, str, str]:
    return one.code, one.words, one.room


def _in_file(path: Path) -> Iterator[Said]:
    """Every code in a file, with the words of the problem that it belongs to where the source has them as text."""
    tree, room = ast.parse(path.read_text(encoding="utf-8")), path.relative_to(SOURCE).parts[0]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for function in (node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)):
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            for name in filter(_is_code, _given(call)):
                yield from (Said(name.value, room, words) for words in _what(call, function, calls))
    for row in (node for node in ast.walk(tree) if isinstance(node, ast.Tuple) and len(node.elts) > 2):
        if _is_code(row.elts[-1]):  # a table of what can be wrong: test, words, what to do, code
            yield from (Said(row.elts[-1].value, room, _words(one)) for one in row.elts[-3:-2])
    for kind in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for line in (node for node in kind.body if isinstance(node, ast.Assign) and _is_code(node.value)):
            yield Said(line.value.value, room, (ast.get_docstring(kind) or "").splitlines()[0].rstrip("."))


def _what(call: ast.Call, function: Function, calls: list[ast.Call]) -> list[str]:
    """The words of a problem: the first text it is given, itself, through a name, or through who calls the function."""
    for one in _given(call):
        if isinstance(one, ast.Name):
            one = _assigned(one, function) or one
        if isinstance(one, ast.Name):
            found = _passed(one.id, function, calls)
        else:
            found = [] if _is_code(one) else [_words(one)]
        if any(found):
            return [words for words in found if words]
    return [""]


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _assigned(name: ast.Name, function: Function) -> ast.expr | None:
    """What a name in a function was last set to above the place where it is used."""
    lines = [
        node for node in ast.walk(function) if isinstance(node, ast.Assign) and node.lineno < name.lineno
    ]
    mine = [node for node in lines if isinstance(node.targets[0], ast.Name) and node.targets[0].id == name.id]
    return max(mine, key=lambda node: node.lineno).value if mine else None


def _passed(name: str, function: Function, calls: list[ast.Call]) -> list[str]:
    """What the callers of a function pass for one of its arguments."""
    names = [argument.arg for argument in function.args.args]
    if name not in names:
        return []
    at = names.index(name)
    mine = [one for one in calls if isinstance(one.func, ast.Name) and one.func.id == function.name]
    return [_words(one.args[at]) for one in mine if len(one.args) > at]


def _is_code(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(CODE.match(node.value))


def _words(node: ast.AST) -> str:
    """The text of a literal; what is filled in is an ellipsis."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_words(part) or "…" for part in node.values)
    return ""
