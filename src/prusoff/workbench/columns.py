"""Which column of a table is what: by the usual headings, by units in headings, or as the run file says."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..core.errors import Problems, did_you_mean
from ..core.kinds import kinds_of
from ..core.plate import QUALITIES
from .headings import split_heading
from .treatments import STATED

if TYPE_CHECKING:
    from .run_wells import UnitsPart


@dataclass(frozen=True)
class Known:
    """A column that is understood: its usual headings, and the kinds of quantity whose units its heading may carry."""

    headings: tuple[str, ...]
    kinds: tuple[str, ...] = ()


KNOWN: Mapping[str, Known] = {
    "plate": Known(("plate", "plate id", "plate name", "barcode", "scan", "train")),
    "well": Known(("well", "well id", "position", "well position")),
    "role": Known(("role", "well role", "well type", "type")),
    "compound": Known(("compound", "compound name", "compound id", "competitor", "inhibitor", "drug")),
    "conc": Known(
        ("conc", "concentration", "dose", "plasma", "plasma conc", "plasma concentration"),
        ("molar concentration", "mass concentration"),
    ),
    "conc_unit": Known(("conc unit", "concentration unit")),
    "signal": Known(
        ("signal", "cpm", "ccpm", "dpm", "counts", "count rate", "current", "amplitude"),
        ("count rate", "counts", "activity", "current"),
    ),
    "signal_unit": Known(("signal unit",)),
    "replicate": Known(("replicate",)),
    "count_time": Known(("count time", "counting time", "count"), ("time",)),
    "quench": Known(("quench", "tsie", "sqp(e)", "sqpe")),
    "radioligand": Known(
        ("radioligand", "radioligand conc", "radioligand concentration"), ("molar concentration",)
    ),
    "experiment": Known(("experiment", "day", "group", "cell", "subject", "animal")),
    "set_aside": Known(("set aside",)),
    "member": Known(("member", "target", "transporter", "variant", "mutant", "construct")),
    "time": Known(("time", "incubation time", "elapsed time", "minutes", "time after start"), ("time",)),
    "phase": Known(("phase",)),
    "substrate": Known(
        ("substrate", "substrate conc", "substrate concentration", "total substrate"),
        ("molar concentration",),
    ),
    "second_compound": Known(("second compound", "modulator", "antagonist")),
    "second_conc": Known(
        ("second conc", "second concentration", "modulator conc", "antagonist conc"), ("molar concentration",)
    ),
    "protein": Known(("protein", "protein per well"), ("mass",)),
    "cells": Known(("cells", "cells per well", "cell number", "cell count")),
    "voltage": Known(
        (
            "voltage",
            "holding potential",
            "test potential",
            "conditioning potential",
            "prepulse potential",
            "potential",
            "holding",
            "vm",
        ),
        ("voltage",),
    ),
    "pulse": Known(("pulse", "pulse number")),
    "end_point": Known(("end point", "endpoint", "read at")),
    "region": Known(("region", "brain region", "roi")),
    "dose": Known(("dose", "dose given"), ("dose",)),
    "tissue": Known(("tissue", "tissue mass", "weight", "wet weight"), ("mass",)),
    "signal_se": Known(("signal se", "se")),
    "series_resistance": Known(("series resistance", "rs", "access resistance", "ra"), ("resistance",)),
    "seal_resistance": Known(("seal resistance", "seal", "membrane resistance", "rm"), ("resistance",)),
    "leak": Known(("leak", "leak current"), ("current",)),
    "capacitance": Known(("capacitance", "cm", "cslow"), ("capacitance",)),
    "compensation": Known(("compensation", "rs compensation"), ("fraction",)),
}
ASKED = ("member", *STATED, "signal_se", *QUALITIES)  # looked for only where they are asked for


@dataclass(frozen=True)
class Columns:
    """Where each understood column stands, with its heading and the unit in it; `others` are kept as they are."""

    at: Mapping[str, int]
    units: Mapping[str, str]
    headings: tuple[str, ...]
    others: tuple[int, ...]

    def __contains__(self, name: str) -> bool:
        return name in self.at

    def cell(self, row: Sequence[str], name: str) -> str:
        """The text of a row in this column; '' where there is no such column."""
        return row[self.at[name]].strip() if name in self.at else ""

    def place(self, where: str, name: str) -> str:
        """The place of a cell: 'day1.csv > line 7, column 'conc''."""
        return f"{where}, column '{self.headings[self.at[name]]}'" if name in self.at else where

    def unit(self, name: str) -> str:
        """The unit in the heading of this column."""
        return self.units.get(name, "")

    def remark(self) -> str:
        """A sentence about the columns that are kept but not used, '' where there are none."""
        if not self.others:
            return ""
        free = {name for name in KNOWN if name not in self.at}
        words = []
        for column in self.others:
            heading = self.headings[column]
            near = difflib.get_close_matches(
                _plain(heading), [_plain(name) for name in free], n=1, cutoff=0.75
            )
            words.append(f"'{heading}' (meant as '{near[0].replace(' ', '_')}'?)" if near else f"'{heading}'")
        return f"columns kept but not used: {', '.join(words)}"


def recognise(
    headings: Sequence[str],
    named: Mapping[str, str],
    where: str,
    problems: Problems,
    asked: Collection[str] = (),
) -> Columns:
    """Find the columns of a table; `named` says which heading a column has where it is not a usual one.

    Of the columns in ASKED only those are looked for that are `asked` for or named.
    """
    at: dict[str, int] = {}
    units: dict[str, str] = {}
    for name, heading in named.items():
        if heading not in headings:
            fix = did_you_mean(heading, headings)
            problems.add(
                f"there is no column '{heading}', which [columns] gives for '{name}'", where, fix, "E-COLUMN"
            )
            continue
        at[name] = list(headings).index(heading)
        units[name] = split_heading(heading)[1]
    candidates: dict[str, list[tuple[int, int, str]]] = {}
    for column, heading in enumerate(headings):
        found = _meaning(heading) if column not in at.values() else None
        if found and found[0] not in named and (found[0] not in ASKED or found[0] in asked):
            candidates.setdefault(found[0], []).append((found[1], column, found[2]))
    for name, choices in candidates.items():
        choices.sort()
        if len(choices) > 1 and choices[0][0] > 0 and name != "experiment":
            both = " and ".join(f"'{headings[column]}'" for _, column, _ in choices)
            fix = f"Say which in the run file: [columns] {name} = '{headings[choices[0][1]]}'"
            problems.add(f"columns {both} may each be '{name}'", where, fix, "E-COLUMN")
        _, at[name], units[name] = choices[0]
    others = tuple(column for column in range(len(headings)) if column not in at.values())
    return Columns(at, units, tuple(headings), others)


def require(columns: Columns, names: Sequence[str], where: str, problems: Problems) -> bool:
    """Whether all these columns are there; those that are missing are noted with the nearest heading."""
    missing = [name for name in names if name not in columns]
    for name in missing:
        near = did_you_mean(name, columns.headings)
        fix = f"{near} Rename it, or say in the run file which it is: [columns] {name} = '...'"
        problems.add(f"there is no column '{name}'", where, fix, "E-COLUMN")
    return not missing


def _meaning(heading: str) -> tuple[str, int, str] | None:
    """What a heading means: the column, how usual this heading is for it (0 is its own name), and the unit in it."""
    base, unit = split_heading(heading)
    for name, known in KNOWN.items():
        if _plain(heading) in known.headings:
            own_unit = heading.strip() if kinds_of(heading.strip()) else ""
            return name, known.headings.index(_plain(heading)), own_unit
        fits = any(kind in known.kinds for kind in kinds_of(unit))
        if fits and _plain(base) in known.headings:
            return name, known.headings.index(_plain(base)), unit
    return None


def _plain(heading: str) -> str:
    return re.sub(r"[\s_]+", " ", heading).strip().lower()


def stated_units(columns: Columns, said: UnitsPart, who: str = "the heading") -> dict[str, dict[str, str]]:
    """Who states which unit for each column with amounts: its heading (called `who`) and the run file."""
    of_run = {
        "conc": said.concentration,
        "radioligand": said.radioligand,
        "substrate": said.substrate or said.radioligand,
        "second_conc": said.concentration,
        "time": said.time,
        "protein": said.protein,
        "cells": "cells",
        "voltage": said.voltage,
        "dose": said.dose,
        "tissue": said.tissue,
        **dict.fromkeys(QUALITIES),
    }
    return {name: {who: columns.unit(name), "the run file": unit or ""} for name, unit in of_run.items()}
