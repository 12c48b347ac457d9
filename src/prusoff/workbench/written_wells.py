"""The wells of an experiment as a table that the run file can name: one row a well, units in the headings."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Mapping, Sequence

from ..core.experiment import Experiment
from ..core.plate import QUALITIES, WELL_NAME, Well
from ..core.units import to_unit

UNITS: Mapping[str, str] = {
    "molar concentration": "nM",
    "time": "min",
    "mass": "ug",
    "cell count": "cells",
    "voltage": "mV",
    "resistance": "MOhm",
    "current": "pA",
    "capacitance": "pF",
    "fraction": "%",
    "dose": "mg/kg",
}
# heading, kind of quantity ('' for text), what a well says
_COLUMNS: Sequence[tuple[str, str, Callable[[Well], float | str]]] = (
    ("plate", "", lambda well: well.plate),
    ("well", "", lambda well: well.position),
    ("role", "", lambda well: well.treatment.role.value),
    ("compound", "", lambda well: well.treatment.compound),
    ("conc", "molar concentration", lambda well: well.treatment.concentration_molar),
    ("radioligand", "molar concentration", lambda well: well.treatment.radioligand_molar),
    ("substrate", "molar concentration", lambda well: well.treatment.substrate_molar),
    ("time", "time", lambda well: well.treatment.time_s),
    ("phase", "", lambda well: well.treatment.phase),
    ("second_compound", "", lambda well: well.treatment.second_compound),
    ("second_conc", "molar concentration", lambda well: well.treatment.second_molar),
    ("protein", "mass", lambda well: well.treatment.protein_g),
    ("cells", "cell count", lambda well: well.treatment.cells),
    ("voltage", "voltage", lambda well: well.treatment.voltage_v),
    ("pulse", "", lambda well: well.treatment.pulse),
    ("end_point", "", lambda well: well.treatment.end_point),
    ("region", "", lambda well: well.treatment.region),
    ("dose", "dose", lambda well: well.treatment.dose_g_per_kg),
    ("tissue", "mass", lambda well: well.treatment.tissue_g),
    ("count time", "time", lambda well: well.count_time_s),
    ("quench", "", lambda well: well.quench),
    ("signal_se", "", lambda well: well.signal_se),
    *(
        (name, kind, lambda well, name=name: well.quality.get(name, math.nan))
        for name, kind in QUALITIES.items()
    ),
    ("set aside", "", lambda well: well.set_aside),
)
ALWAYS = ("well", "role", "compound")


def wells_text(experiment: Experiment) -> str:
    """A CSV table; columns in which no well says anything are left out, but for well, role and compound.

    Readings that stand in no wells of a plate (sweeps of a cell, scans of a subject) are rows without such a column.
    """
    columns = [(_heading(name, kind), [_cell(read(well), kind) for well in experiment.wells], name)
               for name, kind, read in _COLUMNS]  # fmt: skip
    placed = all(
        WELL_NAME.match(well.position) for well in experiment.wells
    )  # sweeps of a cell stand in no wells
    kept = [
        (heading, cells)
        for heading, cells, name in columns
        if (any(cells) or name in ALWAYS) and (placed or name != "well")
    ]
    kept.append(("signal", [_cell(well.signal, "") for well in experiment.wells]))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([heading for heading, _ in kept])
    writer.writerows(zip(*(cells for _, cells in kept), strict=True))
    return text.getvalue()


def _heading(name: str, kind: str) -> str:
    return f"{name} ({UNITS[kind]})" if kind else name


def _cell(value: float | str, kind: str) -> str:
    if isinstance(value, str):
        return value
    if math.isnan(value):
        return ""
    return f"{to_unit(value, kind, UNITS[kind]) if kind else value:.12g}"
