"""`run_file.md`: every key of a run file, and a whole one to begin with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from prusoff.core.kinds import KINDS
from prusoff.workbench.runfile import schema

from .markdown import block, code, codes, page, table

EXAMPLE = Path(__file__).parent.parent / "run_file_example.toml"
RECORDINGS = EXAMPLE.with_name("run_file_recordings.toml")
KIND_OF = {kind.example: kind.name for kind in KINDS.values()}
TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "table",
}


def text() -> str:
    """The page."""
    form = schema()
    about = (
        "A run is a TOML file kept beside its raw data. It says what was measured, with what, and where the numbers "
        "lie; nothing that was not measured has a default. A value with a unit is text in quotes; the spellings of "
        "units are in [units.md](units.md), the names of files are those beside the run file or in folders below it. "
        "Unknown keys are refused. Editors complete and check the file with "
        "[run_file.schema.json](../run_file.schema.json)."
    )
    tables = [
        "\n\n".join((f"## {heading}", part.get("description", ""), _keys(form, part)))
        for heading, part in _tables(form)
    ]
    plates, cells = (block(one.read_text(encoding="utf-8"), "toml") for one in (EXAMPLE, RECORDINGS))
    examples = ("## A whole run file", plates, "## A run of recorded cells", cells)
    return page("The run file", about, *tables, *examples)


def _tables(form: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every table with its heading as it stands in the file, in the order of the file; each kind of table once."""
    seen: set[str] = set()

    def walk(part: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for name, key in part["properties"].items():
            heading, target = _target(key, f"{path}{name}")
            if target is None or target in seen:
                continue
            seen.add(target)
            inner = form["$defs"][target]
            yield heading, inner
            yield from walk(inner, heading.strip("[]") + ".")

    yield from walk(form, "")


def _target(key: Mapping[str, Any], path: str) -> tuple[str, str | None]:
    """How a key that holds a table is headed, and which table it is."""
    if "$ref" in key:
        return f"[{path}]", _named(key)
    items, values = key.get("items", {}), key.get("additionalProperties", {})
    if "$ref" in items:
        return f"[[{path}]]", _named(items)
    if isinstance(values, dict) and "$ref" in values:
        return f"[{path}.NAME]", _named(values)
    return path, None


def _named(key: Mapping[str, Any]) -> str:
    return str(key["$ref"]).rsplit("/", 1)[-1]


def _keys(form: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    required = part.get("required", ())
    rows = [
        (
            code(name),
            _type(form, key),
            "required" if name in required else _default(key),
            key.get("description", ""),
        )
        for name, key in part["properties"].items()
    ]
    return table(("key", "value", "default", "meaning"), rows)


def _type(form: Mapping[str, Any], key: Mapping[str, Any]) -> str:
    _, target = _target(key, "")
    if target is not None:
        return "tables" if "items" in key else "table"
    if "anyOf" in key:
        return " or ".join(dict.fromkeys(_type(form, one) for one in key["anyOf"]))
    if "prefixItems" in key:
        return f"[{', '.join(_type(form, one) for one in key['prefixItems'])}]"
    if "items" in key:
        return f"list of {_type(form, key['items'])}"
    if "enum" in key:
        return _choice(key["enum"])
    if key.get("format") == "date":
        return "date"
    if key.get("examples"):
        return " or ".join(f"{KIND_OF[one]}, such as {code(repr(one))}" for one in key["examples"])
    return TYPES[key["type"]] + _limits(key)


def _choice(choices: list[Any]) -> str:
    for kind in KINDS.values():
        if choices == sorted(kind.spellings):
            return f"unit of {kind.name}"
    return codes(f'"{one}"' if isinstance(one, str) else str(one) for one in choices)


def _limits(key: Mapping[str, Any]) -> str:
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    return "".join(f", {sign} {key[name]:g}" for name, sign in signs.items() if name in key)


def _default(key: Mapping[str, Any]) -> str:
    if "default" not in key:
        return ""
    value = key["default"]
    return code(f'"{value}"' if isinstance(value, str) else str(value).lower())
