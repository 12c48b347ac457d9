"""The run file: what was done, with what, and where the numbers lie. TOML, kept beside its raw data."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

from pydantic import (
    Field,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from ..core.errors import BrokenFile, FileError, Problem, Problems, did_you_mean
from ..core.experiment import Constant
from .parts import Part, about
from .run_compounds import CompoundPart
from .run_recordings import MeasurePart
from .run_tables import (
    ConditionsPart,
    ConstantPart,
    CountingPart,
    ExperimentPart,
    PanelPart,
    RadioligandPart,
    RunPart,
    SubstratePart,
    TargetPart,
)
from .run_wells import ColumnsPart, LayoutPart, UnitsPart
from .values import (
    without_null,
)
from .wording import raise_all, translated

MOST_BYTES = 5_000_000


class RunFile(Part):
    """A run: one assay, one radioligand or a panel of targets, one or several independent experiments."""

    run: RunPart = Field(description="What this run is.")
    target: TargetPart = about("What the ligands bind to.", TargetPart())
    radioligand: RadioligandPart | None = about("The labelled ligand; an assay of binding needs it.")
    substrate: SubstratePart | None = about("The labelled substrate; an assay of uptake needs it.")
    conditions: ConditionsPart = about("Where the binding took place and for how long.", ConditionsPart())
    counting: CountingPart = about("How the wells were counted.", CountingPart())
    settings: dict[str, Any] = about("Settings of the assay, by name.", {})
    units: UnitsPart = about("Units of columns that state none.", UnitsPart())
    columns: ColumnsPart = about("Which column is what, where headings differ.", ColumnsPart())
    panel: dict[str, PanelPart] = about(
        "Targets, or variants of one, by name, with what differs between them.", {}
    )
    compound: dict[str, CompoundPart] = about("What is known of compounds beforehand, by name.", {})
    layout: dict[str, LayoutPart] = about("Plate maps by name; 'default' is used where none is named.", {})
    measure: dict[str, MeasurePart] = about(
        "What is read from the sweeps of recordings, by name; 'default' is used where none is named.", {}
    )
    experiment: tuple[ExperimentPart, ...] = Field(min_length=1, description="The independent experiments.")

    _file: str = PrivateAttr(default="run file")

    @property
    def file(self) -> str:
        """The name of the run file, for messages."""
        return self._file

    @property
    def files(self) -> tuple[str, ...]:
        """All files that are read for this run, once each: raw data, then layouts."""
        layouts = (layout.file for layout in self.layout.values() if layout.file)
        further = (entry.file for one in self.experiment for entry in one.applied if entry.file)
        return tuple(dict.fromkeys((*(one.file for one in self.experiment), *further, *layouts)))

    @model_validator(mode="after")
    def _consistent(self) -> RunFile:
        problems = Problems()
        if self.radioligand is not None and self.substrate is not None:
            fix = "An assay of binding has a radioligand, an assay of uptake a substrate: keep one"
            problems.add("there are a radioligand and a substrate", "substrate", fix, "E-LAYOUT")
        first: dict[str, int] = {}
        for number, one in enumerate(self.experiment, start=1):
            place = f"experiment {number}"
            if one.layout is not None and one.layout not in self.layout:
                fix = did_you_mean(one.layout, self.layout)
                problems.add(f"there is no layout '{one.layout}'", f"{place} > layout", fix, "E-NAME")
            if one.member is not None and one.member not in self.panel:
                fix = did_you_mean(one.member, self.panel) if self.panel else "Add a [panel] to the run file"
                problems.add(f"the panel has no '{one.member}'", f"{place} > member", fix, "E-NAME")
            if one.name is not None and first.setdefault(one.name, number) != number:
                what = f"experiment {first[one.name]} is called '{one.name}' too"
                problems.add(
                    what, f"{place} > name", "Give every independent experiment its own name", "E-NAME"
                )
        problems.raise_if_any()
        return self


def load_runfile(path: Path) -> RunFile:
    """Read a run file. Raises FileError, BrokenFile, or an InputError that holds everything that is wrong with it."""
    try:
        if path.exists() and not path.is_file():
            what = "this is a device or a pipe, not a run file" if not path.is_dir() else "this is a folder"
            raise FileError(Problem(what, path.name, "Name a run file (TOML)", "E-FILE"))
        if path.stat().st_size > MOST_BYTES:
            what = f"the run file is larger than {MOST_BYTES / 1e6:g} MB"
            raise FileError(Problem(what, path.name, "Keep raw data in files of their own", "E-SIZE"))
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        what = f"the run file is not UTF-8 text (byte {failure.start})"
        raise BrokenFile(Problem(what, path.name, "Save it as UTF-8", "E-TEXT")) from None
    except OSError as failure:
        what = f"the run file cannot be read ({failure.strerror})"
        raise FileError(Problem(what, path.name, "Check the name and the folder", "E-FILE")) from None
    return parse_runfile(text, path.name)


def parse_runfile(text: str, file: str = "run file") -> RunFile:
    """Read the text of a run file; `file` is its name in messages."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        fix = "Texts stand in quotes, tables in [brackets], lists of tables in [[double brackets]]"
        raise BrokenFile(Problem(f"this is not TOML: {failure}", file, fix, "E-TOML")) from None
    except RecursionError:
        raise BrokenFile(
            Problem("the brackets are nested too deeply", file, "Remove them", "E-TOML")
        ) from None
    try:
        runfile = RunFile.model_validate(found)
    except ValidationError as failure:
        raise_all(translated(failure.errors(include_url=False), RunFile, file))
        raise
    runfile._file = file
    return runfile


def schema() -> dict[str, Any]:
    """The JSON Schema of the run file, with a description of every key; editors complete and check with it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "prusoff run file",
        **without_null(RunFile.model_json_schema()),
    }


def constant_of(stated: ConstantPart | None) -> Constant | None:
    """The constant that is stated, in mol/L, with error and source; None where none is, or a run is named for it."""
    if stated is None or stated.value is None:
        return None
    log10_se = math.nan if stated.log10_se is None else stated.log10_se
    return Constant(
        stated.value.value,
        stated.value.value * math.log(10) * log10_se if stated.se is None else stated.se.value,
        "M",
        stated.source or "",
        log10_se,
        math.nan if stated.temperature is None else stated.temperature.value,
        stated.species,
        stated.system,
    )
