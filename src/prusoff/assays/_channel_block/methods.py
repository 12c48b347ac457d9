"""How a block was analysed, sentence by sentence, and what was met on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.estimate import Relation, figures
from ...core.result import Step
from .cells import Reading
from .fits import BlockFit


def steps(
    fits: Sequence[BlockFit], reading: Reading, held: tuple[str, str], level: float
) -> tuple[Step, ...]:
    """The steps of the analysis."""
    return tuple(_steps(fits, reading, held, level))


def _steps(fits: Sequence[BlockFit], reading: Reading, held: tuple[str, str], level: float) -> Iterator[Step]:
    hill_slope, imax = held
    if reading.signal == "current":
        leak = "The leak was taken off every current. " if reading.subtract_leak else ""
        yield Step(
            f"{leak}The control at the time of every sweep with the drug was interpolated between the controls before "
            f"the drug and the last {reading.last_sweeps} sweeps of its wash-out ({reading.rundown} run-down). This "
            "correction was kept where the wash brought the current back to at least 80 % of the interpolated control; "
            "elsewhere block is the middle of the range from no correction to the full one, and limits reach over "
            "both.",
            "block = 100 % · (1 − I(drug) / I(control))",
        )
        yield Step(
            f"Block is the mean of the last {reading.last_sweeps} sweeps at each concentration; whether it had come to "
            "its steady state is judged by a time constant for each concentration that all cells share.",
        )
    else:
        yield Step("Block in percent of the control of each cell was taken as the source gives it.")
    top = "held at 100 %" if imax == "full" else "fitted"
    slope = "common to all cells" if hill_slope == "free" else "held at 1"
    yield Step(
        f"Block against the logarithm of the concentration was fitted to the readings of all cells at once: Imax {top},"
        f" nH {slope}, log IC50 normal between cells (mixed model, restricted likelihood of the linearised model). "
        "Where no cell saw two concentrations the readings were fitted as they are.",
        "block = Imax · [D]^nH / (IC50^nH + [D]^nH)",
        ("hill_1910", "lindstrom_bates_1990"),
    )
    yield Step(
        f"n counts cells; sweeps and concentrations of one cell do not increase it. The {level:.0%} interval of the "
        "IC50 is that of the profile of the penalised sum of squares by Student's t with n − 1 degrees of freedom; "
        "that of nH uses the readings left within cells.".replace("%", " %"),
        citations=("bates_watts_1988", "venzon_moolgavkar_1988", "neubig_2003"),
    )
    if any(one.ending.relation is not Relation.EQUAL for one in fits):
        yield Step(
            "Where less than half of the current was blocked at the highest concentration, or more than half at the "
            "lowest, the IC50 is told as a bound at that concentration, with the block there; an IC50 by slope 1 and "
            "full block is marked as about (~) and extrapolated.",
        )


def notes(fits: Sequence[BlockFit], place: str) -> Iterator[str]:
    """What was met: end points without a name, times to 90 % of the block, run-down that could not be corrected.

    `place` is ' at SERT' where there are several targets, else ''.
    """
    nameless = [one.subject for one in fits if "(" not in one.subject]
    if nameless:
        yield (
            f"The end point is not named ({', '.join(nameless)}{place}). Peak and plateau can have different IC50; "
            "name the one that was read in a column 'end point'."
        )
    for one in fits:
        told = [
            f"{'more than ' if each.open else ''}{figures(each.time_to_90, 2, 's')} at {figures(each.molar, unit='M')}"
            for each in one.onsets
            if each.time_constant > 0
        ]
        if told:
            yield f"{one.subject}{place}: 90 % of the block takes {', '.join(told)} from the first sweep."
        yield from _uncorrected(one, place)


def _uncorrected(one: BlockFit, place: str) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for cell in one.cells:
        if cell.rundown is not None and cell.rundown.reason:
            reasons.setdefault(cell.rundown.reason, []).append(cell.name)
    for reason, names in reasons.items():
        yield f"{one.subject}{place}, {', '.join(names)}: run-down is not corrected, because {reason}."
    if one.usable and one.ends:
        less, more = (figures(10.0 ** end.fit.value("log_ic50"), unit="M") for end in one.ends)
        yield (
            f"{one.subject}{place}: in some cells the wash did not bring the current back. The IC50 lies between "
            f"{less} (no correction for run-down) and {more} (full correction); the value in between is printed as "
            "about (~), with limits that reach over both."
        )
