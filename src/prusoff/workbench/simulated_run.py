"""Simulated experiments of an assay as a user would keep them: a run file, a table of wells a day, and the truth."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.errors import InputError, Problem, Problems, UnknownName
from ..core.kinds import kinds_of
from ..core.units import parse
from .saving import write_whole
from .shelves import shelf
from .simulated_recordings import protocol_of
from .written_recording import recording_bytes
from .written_run import Written, run_text
from .written_wells import wells_text

if TYPE_CHECKING:
    from ..core.assay import Assay


def simulate(
    name: str, folder: Path, seed: int = 1, stated: Sequence[str] = (), *, as_recorded: bool = False
) -> tuple[Path, Mapping[str, float]]:
    """Write the simulated example of an assay into a folder; returns the run file and the truth it was made from.

    `as_recorded` writes cells as recordings (NWB) in place of tables of amplitudes. `stated` are values of the truth in
    place of its own, such as 'Ki of first = 20 nM'. The same seed writes the same bytes. Files that are already there
    are not touched: then InputError. UnknownName for an assay that is not on the shelf, or a value that its truth does
    not have.
    """
    assay = shelf("assays")[name]
    truth = {**assay.truth, **_stated(assay, stated)}
    files: Mapping[str, str | bytes] = (recorded_files if as_recorded else files_of)(assay, truth, seed)
    taken = [file for file in files if (folder / file).exists()]
    if taken:
        fix = "Name another folder with --out"
        raise InputError(Problem(f"{', '.join(taken)} would be written over", str(folder), fix, "E-WRITE"))
    for file, content in files.items():
        write_whole(folder / file, content.encode() if isinstance(content, str) else content)
    return folder / f"{name}.toml", truth


def files_of(assay: Assay, truth: Mapping[str, float], seed: int) -> dict[str, str]:
    """The text of every file by its name: the tables of wells first, the run file last (where it is, all is)."""
    experiments = assay.simulate(truth, seed)
    tables = {experiment.name: f"{_plain(experiment.name)}.csv" for experiment in experiments}
    found = {tables[experiment.name]: wells_text(experiment) for experiment in experiments}
    found["truth.json"] = _record(assay, truth, seed)
    found[f"{assay.name}.toml"] = run_text(_about(assay), experiments, tables)
    return found


def recorded_files(assay: Assay, truth: Mapping[str, float], seed: int) -> dict[str, str | bytes]:
    """The same with a recording (NWB) of every cell in place of its table. Raises InputError for an assay without."""
    import tomlkit

    experiments = assay.simulate(truth, seed)
    protocol = protocol_of(assay.name, experiments, getattr(assay.example_settings, "pulse_s", math.nan))
    names = {experiment.name: _plain(experiment.name) for experiment in experiments}
    found: dict[str, str | bytes] = {
        f"{names[cell.name]}.nwb": recording_bytes(protocol.recording(cell, names[cell.name], seed + number))
        for number, cell in enumerate(experiments)
    }
    found["truth.json"] = _record(assay, truth, seed)
    text = run_text(_about(assay), experiments, {cell: f"{file}.nwb" for cell, file in names.items()})
    document = tomlkit.parse(text)
    document.pop("units", None)
    listed = document.pop("experiment")
    for part, cell in zip(listed, experiments, strict=True):
        if protocol.cell(cell):
            part["cell"] = protocol.cell(cell)
        part["applied"] = protocol.applied(cell)
    document["measure"] = protocol.measure
    document["experiment"] = listed
    found[f"{assay.name}.toml"] = tomlkit.dumps(document)
    return found


def _record(assay: Assay, truth: Mapping[str, float], seed: int) -> str:
    """What the bench was given, as JSON."""
    record = {"simulated": True, "assay": assay.name, "seed": seed, "truth": dict(truth)}
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def _about(assay: Assay) -> Written:
    return Written(f"{assay.title} (simulated)", assay, _settings(assay))


def _settings(assay: Assay) -> dict[str, Any]:
    """The settings of the example that are not the usual ones; one that is not stated (nan) is usual."""
    usual = {one.name: one.default for one in fields(assay.settings)}
    found = asdict(assay.example_settings).items()
    return {name: value for name, value in found if value != usual[name] and value == value}


def _stated(assay: Assay, stated: Sequence[str]) -> dict[str, float]:
    """Values of the truth as a user wrote them, in inside units."""
    found: dict[str, float] = {}
    problems = Problems()
    for text in stated:
        name, equals, value = (part.strip() for part in text.partition("="))
        try:
            if not equals:
                raise InputError(Problem(f"'{text}' has no '='", fix="Write 'Ki of first = 20 nM'"))
            if name not in assay.truth:
                raise UnknownName.among(name, assay.truth, f"value in the truth of {assay.name}")
            found[name] = _number(value)
        except (InputError, UnknownName) as error:
            problems.take(error, "--set")
    problems.raise_if_any()
    return found


def _number(text: str) -> float:
    """A number, or a number with a unit of any kind, in the inside unit."""
    try:
        return float(text)
    except ValueError:
        words = text.split(maxsplit=1)
        kinds = kinds_of(words[1]) if len(words) == 2 else []
        if not kinds:
            fix = "Write a number, or a number and a unit such as '20 nM'"
            raise InputError(Problem(f"'{text}' is no amount", fix=fix, code="E-NUMBER")) from None
        return parse(text, next(iter(kinds))).value


def _plain(name: str) -> str:
    """The name of an experiment as that of a file: 'day 1' is 'day_1'."""
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_") or "experiment"
