"""Every plate as it was counted: the counts as colours, what was in each well, and the wells set aside."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from ..core.figure import Figure, FigureSpec, Heat, Panel, Scale
from ..core.plate import FORMATS, PlateFormat, Role, Well, row_and_column, row_label
from ..core.result import AssayResult
from ._series import columns, counted

_INITIALS = {
    Role.TOTAL: "T",
    Role.NSB: "N",
    Role.ICE: "I",
    Role.BLANK: "–",
    Role.BACKGROUND: "Bg",
    Role.WASH: "W",
}
_ROLE_WORDS = {
    Role.TOTAL: "total",
    Role.NSB: "nonspecific",
    Role.ICE: "on ice",
    Role.COMPOUND: "compound",
    Role.BLANK: "blank",
    Role.BACKGROUND: "background",
    Role.WASH: "wash",
}
_WELL = re.compile(r"^[A-Z]{1,2}[0-9]+$")  # the sweeps of a cell, or the rows of a table, lie on no plate
_MOST_PLATES = 6
_MOST_LABELLED = 96


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel per plate, all on one colour scale; nothing for a result without wells that have a place."""
    wells = [
        well for experiment in result.experiments for well in experiment.wells if _WELL.match(well.position)
    ]
    if not any(np.isfinite(well.signal) for well in wells):
        return ()
    initials = _initials(dict.fromkeys(well.treatment.compound for well in wells if well.treatment.compound))
    limits = _limits(wells)
    plates: dict[tuple[str, str], list[Well]] = {}
    for well in wells:
        plates.setdefault((well.experiment, well.plate), []).append(well)
    parts = [list(plates)[start : start + _MOST_PLATES] for start in range(0, len(plates), _MOST_PLATES)]
    return tuple(
        FigureSpec(
            "plate_map" if len(parts) == 1 else f"plate_map_{number}",
            "Plates as counted",
            _description({plate: plates[plate] for plate in part}),
            tuple(_panel(plate, plates[plate], initials, limits) for plate in part),
            _caption(wells, initials),
            columns=columns(len(part)),
            panel_size=(3.4, 1.85),
        )
        for number, part in enumerate(parts, start=1)
    )


def _panel(
    plate: tuple[str, str], wells: list[Well], initials: dict[str, str], limits: tuple[float, float]
) -> Panel:
    format_ = _format(wells)
    values = np.full((format_.rows, format_.columns), np.nan)
    texts = [[""] * format_.columns for _ in range(format_.rows)]
    for well in wells:
        row, column = row_and_column(well.position)
        values[row, column] = well.signal
        texts[row][column] = _initial(well, initials) if format_.size <= _MOST_LABELLED else ""
    heat = Heat(
        values,
        tuple(row_label(row) for row in range(format_.rows)),
        _column_labels(format_.columns),
        wells[0].unit,
        tuple(tuple(row) for row in texts),
        tuple(row_and_column(well.position) for well in wells if not well.used),
        limits,
    )
    title = " ".join(dict.fromkeys(part for part in plate if part))
    return Panel(Scale(""), Scale(""), (heat,), title=title, legend=False)


def _format(wells: list[Well]) -> PlateFormat:
    """The smallest plate that has all of these wells."""
    places = [row_and_column(well.position) for well in wells]
    rows, across = (1 + max(place[side] for place in places) for side in (0, 1))
    return next(
        (one for _, one in sorted(FORMATS.items()) if rows <= one.rows and across <= one.columns),
        PlateFormat(rows, across),
    )


def _column_labels(count: int) -> tuple[str, ...]:
    """Every column number of a 96-well plate, fewer of larger ones."""
    step = max(1, round(count / 12))
    return tuple(str(number) if (number - 1) % step == 0 else "" for number in range(1, count + 1))


def _limits(wells: list[Well]) -> tuple[float, float]:
    signals = [well.signal for well in wells if np.isfinite(well.signal)]
    low, high = min(0.0, *signals), max(signals)
    return (low, high) if high > low else (low, low + 1.0)


def _initial(well: Well, initials: dict[str, str]) -> str:
    treatment = well.treatment
    return _INITIALS.get(treatment.role) or initials.get(treatment.compound, "C")


def _initials(compounds: Iterable[str]) -> dict[str, str]:
    """A short name for every compound: its first letters where they differ, else its last ones, else a number.

    >>> _initials(["imipramine", "desipramine", "imidazole", "imidazole B"])
    {'imipramine': 'Im', 'desipramine': 'De', 'imidazole': 'Imi', 'imidazole B': 'B'}
    """
    given: dict[str, str] = {}
    for number, compound in enumerate(compounds, start=1):
        letters = "".join(char for char in compound if char.isalnum()) or "C"
        last = compound.split()[-1][-3:] if " " in compound else letters[-2:]
        starts = [letters[:2].capitalize(), letters[:3].capitalize(), last, f"C{number}"]
        if any(other != compound and other.startswith(compound.split()[0]) for other in given):
            starts = [last, *starts]
        taken = {*given.values(), *_INITIALS.values()}
        given[compound] = next((start for start in starts if start not in taken), f"C{number}")
    return given


def _caption(wells: list[Well], initials: dict[str, str]) -> str:
    roles = dict.fromkeys(well.treatment.role for well in wells)
    key = [f"{_INITIALS[role]} {_ROLE_WORDS[role]}" for role in roles if role in _INITIALS]
    key += [f"{short} {compound}" for compound, short in initials.items()]
    aside = sum(not well.used for well in wells)
    return f"Signal of every well ({wells[0].unit}) as counted. {', '.join(key)}. " + (
        f"{counted(aside, 'well')} set aside, crossed out." if aside else "No well was set aside."
    )


def _description(plates: dict[tuple[str, str], list[Well]]) -> str:
    each = []
    for (experiment, plate), wells in plates.items():
        aside = sum(not well.used for well in wells)
        each.append(
            f"{' '.join(filter(None, (experiment, plate)))}: {counted(len(wells), 'well')}, {aside} set aside"
        )
    return f"Heat map of the counts of each plate, with what was in every well. {'; '.join(each)}."


plate_map = Figure("plate_map", "Plates as counted", build)
