"""The wells of a block run: which are read, rows that are cells of their own, and what is refused."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...core.errors import InputError, Problems
from ...core.experiment import Experiment
from ...core.plate import Role, Well
from .._recorded_cells import gated_cell
from .cells import PERCENT, ROLES


def require_unit(experiments: Sequence[Experiment], signal: str) -> None:
    """Refuse percentages where currents are expected, currents where percentages are, and runs without controls."""
    problems = Problems()
    for cell in experiments:
        percent = any(well.unit == PERCENT for well in cell.wells)
        if percent and signal == "current":
            problems.add(
                "the readings are in percent, and currents are expected",
                cell.name,
                'Write signal = "block" under [settings], or signal = "left" where they are percent of the control',
                "E-UNIT",
            )
        elif not percent and signal != "current":
            unit = next((well.unit for well in cell.wells), "")
            problems.add(
                f"the readings are in '{unit}', and percent of {'block' if signal == 'block' else 'control'} is "
                "expected",
                cell.name,
                'Write signal = "%" under [units], or signal = "current" under [settings]',
                "E-UNIT",
            )
    if signal == "current" and not any(
        well.used and well.treatment.role is Role.TOTAL for cell in experiments for well in cell.wells
    ):
        problems.add(
            "there are no controls, so no current can be told as block",
            ", ".join(cell.name for cell in experiments),
            "Give the sweeps before the drug the role 'control'",
            "E-CONTROLS",
        )
    problems.raise_if_any(InputError)


def rows_as_cells(experiments: tuple[Experiment, ...], signal: str) -> tuple[tuple[Experiment, ...], str]:
    """Percentages of which nothing names the cells: every row is a cell then; the cells, and a sentence about it.

    That is so where a single experiment holds the same drug at the same concentration and time more than once.
    """
    if signal == "current" or len({one.name for one in experiments}) != len(experiments):
        return experiments, ""
    repeated = [one for one in experiments if _repeats(one)]
    members = Counter(one.member for one in experiments)
    if not repeated or max(members.values()) > 1:
        return experiments, ""
    told = (
        "No column names the cells and concentrations are repeated, so every row is taken as one cell. Name them in a "
        "column 'cell' where one cell saw several concentrations."
    )
    return tuple(cell for one in experiments for cell in _rows(one)), told


def _repeats(one: Experiment) -> bool:
    seen = Counter(
        (what.compound, what.concentration_molar, what.end_point, str(what.voltage_v), str(what.time_s))
        for what in (well.treatment for well in one.wells)
        if what.role is Role.COMPOUND
    )
    return max(seen.values(), default=0) > 1


def _rows(one: Experiment) -> Iterator[Experiment]:
    places = Counter((well.plate, well.position) for well in one.wells)
    for number, well in enumerate(one.wells, start=1):
        alone = places[well.plate, well.position] == 1
        place = f"{well.plate} {well.position}".strip() if alone else f"row {number}"
        name = f"{one.name}, {place}"
        yield replace(one, name=name, wells=(replace(well, experiment=name),))


def readable(cell: Experiment, signal: str) -> Experiment:
    """The cell with everything set aside that cannot be read: no number, bad clamp, no concentration, another role."""
    roles = ROLES if signal == "current" else (Role.COMPOUND,)
    judged = gated_cell(cell, roles)
    return replace(judged, wells=tuple(_with_concentration(well) for well in judged.wells))


def _with_concentration(well: Well) -> Well:
    what = well.treatment
    if not well.used or what.role is not Role.COMPOUND or what.concentration_molar > 0:
        return well
    return replace(well, set_aside="there is no concentration of the drug")


def held_apart(experiments: Sequence[Experiment]) -> bool:
    """Whether cells were held at several potentials while the drug was there."""
    held = {
        round(well.treatment.voltage_v, 6)
        for cell in experiments
        for well in cell.wells
        if well.used and well.treatment.role is Role.COMPOUND and not math.isnan(well.treatment.voltage_v)
    }
    return len(held) > 1


def unread_aside(cell: Experiment, read: bool) -> Experiment:
    """The cell with all its wells set aside where no drug could be read in it."""
    if read:
        return cell
    reason = "no drug could be read in this cell"
    return replace(
        cell, wells=tuple(replace(well, set_aside=reason) if well.used else well for well in cell.wells)
    )
