"""The budgets of the house: nothing grows until nobody likes to read it."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "prusoff"
FILES = sorted(SOURCE.rglob("*.py"))
LINES, FUNCTION, METHODS = 400, 60, 12
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "tools"}


def ids(path):
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_a_file_keeps_its_budget(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LINES, "split the file by a word of the field"
    assert path.stem not in VAGUE, "name the file by what is in it"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            assert length <= FUNCTION, f"{node.name} is {length} lines long"
        if isinstance(node, ast.ClassDef):
            public = [
                one for one in node.body if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")
            ]
            assert len(public) <= METHODS, f"{node.name} has {len(public)} public methods"


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), "begin the file with one sentence"
