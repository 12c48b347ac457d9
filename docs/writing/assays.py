"""`assays.md`: which assay takes which experiment; and a page for each, with its example analysed."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints

from prusoff.core.assay import Assay
from prusoff.core.estimate import figures as digits
from prusoff.core.figure import FigureSpec
from prusoff.core.result import AssayResult, Pooled
from prusoff.core.units import readable_unit
from prusoff.drawing.canvas import draw_svg
from prusoff.workbench import shelves
from prusoff.workbench.simulated_run import files_of

from .markdown import anchor, block, bullets, code, codes, page, table

SEED = 1
SHOWN = 6  # rows of a table of wells
JUDGED = (
    "residuals",
    "profile",
    "plate_map",
)  # figures that judge a fit or a plate; the page shows the others


def pages() -> dict[str, bytes]:
    """The list, the page of every assay, and its pictures, by their place under `reference/`."""
    assays = shelves.shelf("assays")
    found = {"assays.md": _list(assays).encode()}
    for assay in assays.values():
        result = assay.run(assay.simulate(assay.truth, SEED), assay.example_settings)
        pictures = {f"{assay.name}_{spec.name}": spec for spec in _pictures(assay, result)}
        found[f"assays/{assay.name}.md"] = _page(assay, result, pictures).encode()
        found |= {f"figures/{name}.svg": draw_svg(spec) for name, spec in pictures.items()}
    return found


def _list(assays: Mapping[str, Assay]) -> str:
    about = (
        "An assay takes the wells of one or several independent experiments to constants with their intervals and "
        "checks. A run file names it in `[run] assay`, and its settings stand in `[settings]`."
    )
    rows = (
        (f"[`{one.name}`](assays/{one.name}.md)", one.title, _label(one), _wells(one))
        for one in assays.values()
    )
    return page("Assays", about, table(("assay", "what it gives", "label", "wells say"), rows))


def _page(assay: Assay, result: AssayResult, pictures: Mapping[str, FigureSpec]) -> str:
    files = files_of(assay, assay.truth, SEED)
    wells = next(name for name in files if name.endswith(".csv"))
    laws = (f"[{law.name}](../equations.md#{anchor(law.name)}): {law.title}" for law in assay.equations)
    checks = (f"[{check.name}](../checks.md#{anchor(check.name)}): {check.title}" for check in assay.checks)
    drawn = (f"`figures/{figure.name}`: {figure.title}" for figure in (*assay.figures, *assay.occasional))
    return page(
        assay.title,
        inspect.getdoc(assay.run) or "",
        "## Try it",
        block(f"prusoff simulate {assay.name}\nprusoff run {assay.name}/{assay.name}.toml"),
        f"Simulated wells (seed {SEED}) and what comes back; n counts independent experiments:",
        table(("subject", "quantity", "truth", "found (95 % interval)", "n"), _back(assay, result)),
        *(f"![{spec.title or spec.name}](../figures/{name}.svg)" for name, spec in pictures.items()),
        "## The run file",
        block(files[f"{assay.name}.toml"], "toml"),
        f"And the beginning of `{wells}`:",
        block("\n".join(files[wells].splitlines()[: SHOWN + 1])),
        "## What the wells must say",
        bullets(_needed(assay)),
        "## Settings",
        table(("setting", "type", "default", "meaning"), _settings(assay)),
        "## Laws it fits",
        bullets(laws),
        "## Checks it makes",
        bullets(checks),
        "## Figures it draws",
        bullets(drawn),
        f"Reference: {assay.reference}.",
    )


def _pictures(assay: Assay, result: AssayResult) -> Iterator[FigureSpec]:
    """The first panel of every figure that shows what was measured."""
    for figure in assay.figures:
        if figure.name not in JUDGED:
            yield from (
                dataclasses.replace(spec, panels=spec.panels[:1]) for spec in figure.build(result)[:1]
            )


def _back(assay: Assay, result: AssayResult) -> Iterator[tuple[str, ...]]:
    for one in result.pooled:
        truth = assay.truth.get(f"{one.estimate.name} of {one.subject}")
        yield one.subject, one.estimate.name, _told(truth, one), one.estimate.amount, str(one.n)


def _told(value: float | None, one: Pooled) -> str:
    if value is None:
        return ""
    size, unit = readable_unit(value, one.estimate.unit)
    return f"{digits(value / size)} {unit}".strip()


def _label(assay: Assay) -> str:
    return f"`[{assay.needs.label}]`" if assay.needs.label else "none"


def _wells(assay: Assay) -> str:
    return codes((*assay.needs.controls, *assay.needs.also, *assay.needs.columns))


def _needed(assay: Assay) -> Iterator[str]:
    needs = assay.needs
    if needs.controls:
        yield f"control wells on every plate with compounds, or in every experiment: {codes(needs.controls)}"
    if needs.also:
        yield f"control wells that are read where they are: {codes(needs.also)}"
    if needs.columns:
        yield f"columns beyond compound and concentration: {codes(needs.columns)}"
    yield (
        f"a labelled ligand or substrate, in `[{needs.label}]`"
        if needs.label
        else "nothing is labelled: the signal is taken as it was read"
    )


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
