"""How it was done: methods paragraph, formulas and works cited, and where the numbers come from."""

from __future__ import annotations

import math
from enum import Enum
from typing import Any

from ..core.report import FormulaBlock, Paragraph, References, Section, TableBlock
from ..core.result import AssayResult
from ._references import Citations


def method_sections(result: AssayResult) -> tuple[Section, ...]:
    """The paragraph ready to be pasted into a paper with its numbered formulas, and the works cited in it."""
    if not result.steps:
        return ()
    citations = Citations()
    sentences: list[str] = []
    formulas: list[FormulaBlock] = []
    for step in result.steps:
        sentence = step.sentence.rstrip().removesuffix(".")
        pointer = ""
        if step.formula:
            formulas.append(FormulaBlock(step.formula, f"({len(formulas) + 1})"))
            pointer = f" (equation {len(formulas)})"
        sentences.append(f"{sentence}{pointer}{citations.mark(step.citations)}.")
    methods = Section("Methods", (Paragraph(" ".join(sentences)), *formulas))
    works = citations.entries
    return (methods, Section("References", (References(works),))) if works else (methods,)


def provenance_section(result: AssayResult) -> Section:
    """The input files with their SHA-256, and settings, versions and seed with which the numbers can be made again."""
    made = result.provenance
    tables = [
        TableBlock(
            "Input files.",
            ("File", "Bytes", "SHA-256"),
            tuple((one.name, str(one.bytes), one.sha256) for one in made.inputs),
            numeric=(1,),
        ),
        TableBlock(
            "Settings.",
            ("Setting", "Value"),
            tuple((name, _said(value)) for name, value in made.settings.items()),
        ),
        TableBlock("Versions.", ("Program", "Version"), tuple(made.versions.items())),
    ]
    machine = f" on {made.platform}" if made.platform else ""
    seed = Paragraph(f"Random numbers began with the seed {made.seed}{machine}.")
    return Section("Provenance", (*(table for table in tables if table.rows), seed))


def _said(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    return "not stated" if isinstance(value, float) and math.isnan(value) else str(value)
