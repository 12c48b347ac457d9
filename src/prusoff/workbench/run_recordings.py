"""The tables of a run file about recordings: what is measured in a sweep, and what was on the cell in which sweep."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, StrictInt, model_validator

from ..core.errors import InputError, Problem
from ..core.units import Quantity
from .parts import Part, about
from .values import (
    TEXTS,
    Duration,
    FileName,
    Molar,
    Read,
    Share,
    Stated,
    Time,
    Voltage,
    measured,
    names,
)

Resistance: TypeAlias = Annotated[Quantity, measured("resistance", above_zero=True)]
Capacitance: TypeAlias = Annotated[Quantity, measured("capacitance", above_zero=True)]
Current: TypeAlias = Annotated[Quantity, measured("current", least=0.0)]
Fold: TypeAlias = Annotated[Quantity, measured("fraction", least=0.0)]
_STRETCH = re.compile(r"(\d+)\s*(?:(-)\s*(\d+)?)?")


@dataclass(frozen=True)
class Sweeps:
    """Numbers of sweeps, as stretches from one to another; the last may be open."""

    stretches: tuple[tuple[int, float], ...]
    text: str

    def __contains__(self, number: int) -> bool:
        return any(first <= number <= last for first, last in self.stretches)


def sweeps(value: Any) -> Sweeps:
    """Sweeps such as '3', '0-9', '12-', or a list of these."""
    texts = (str(value),) if isinstance(value, int) and not isinstance(value, bool) else names(value)
    found = []
    for text in texts:
        match = _STRETCH.fullmatch(text.strip())
        if match is None:
            fix = "Write '3', '0-9', '12-' (to the last), or a list of these"
            raise InputError(Problem(f"'{text}' names no sweeps", fix=fix, code="E-SWEEP"))
        first = int(match[1])
        last = math.inf if match[2] and not match[3] else int(match[3] or first)
        if last < first:
            fix = f"Write '{match[3]}-{match[1]}'"
            raise InputError(Problem(f"'{text}' ends before it begins", fix=fix, code="E-SWEEP"))
        found.append((first, last))
    return Sweeps(tuple(found), ", ".join(texts))


Numbers: TypeAlias = Annotated[Sweeps, Read(sweeps, TEXTS)]


def parts(value: Any) -> tuple[int, ...]:
    """The number of a part of the command, counted from 1, or a list of them."""
    listed = value if isinstance(value, list | tuple) else [value]
    for one in listed:
        if isinstance(one, bool) or not isinstance(one, int) or one < 1:
            fix = "Count the parts of the command from 1, as prusoff read lists them"
            raise InputError(Problem(f"{one!r} is no part of a command", fix=fix, code="E-NUMBER"))
    return tuple(listed)


_PARTS = {
    "anyOf": [
        {"type": "integer", "minimum": 1},
        {"type": "array", "items": {"type": "integer", "minimum": 1}},
    ]
}
Epochs: TypeAlias = Annotated[tuple[int, ...], Read(parts, _PARTS)]


def end_points(value: Any) -> tuple[str, ...]:
    """'peak', 'plateau', or both in a list."""
    found = names(value)
    for one in found:
        if one not in ("peak", "plateau"):
            fix = "Write peak or plateau"
            raise InputError(Problem(f"there is no end point '{one}'", fix=fix, code="E-NAME"))
    return tuple(dict.fromkeys(found))


EndPoints: TypeAlias = Annotated[tuple[str, ...], Read(end_points, TEXTS)]


class GatesPart(Part):
    """How far a sweep may be from a perfect one before it is set aside; limits of the field where none is stated."""

    voltage_error: Voltage | None = about(
        "Largest error of the potential by series resistance; 5 mV by default."
    )
    series_resistance: Resistance | None = about("Largest series resistance; 25 MOhm by default.")
    series_change: Fold | None = about(
        "Largest change of the series resistance since the start; 25 % by default."
    )
    seal: Resistance | None = about("Smallest seal or membrane resistance; 500 MOhm by default.")
    leak: Current | None = about("Largest leak at the holding potential; 200 pA by default.")
    drift: Current | None = about("Largest drift of the holding current; 100 pA by default.")


class MeasurePart(Part):
    """What is read from every sweep of a recording."""

    end_point: EndPoints = Field(description="Where the current is read: peak, plateau, or both in a list.")
    called: Stated | None = about(
        "What the current is called in place of its end point, where an assay asks: activation, availability."
    )
    sign: Literal["inward", "outward", "either"] | None = about(
        "Which way the current flows; a peak needs it. 'either' takes the larger extreme, for families of steps that "
        "pass the reversal potential."
    )
    channel: Stated | None = about("The channel with the current, where the file has several.")
    epoch: Epochs = about(
        "The part of the command in which the current is read, counted from 1 as prusoff read lists them; "
        "a list for the pulses of a train.",
        (),
    )
    start: Time | None = about("Start of the window from the start of the sweep, where no epoch is named.")
    end: Time | None = about("End of that window.")
    blank: Time | None = about(
        "What is left out at the start of the window (capacitive current); 0.3 ms by default."
    )
    baseline: Duration | None = about("How much before the window is the current at rest; 5 ms by default.")
    leak: Literal["none", "holding", "ohmic", "P/N"] = about(
        "What is taken off: nothing, the current just before the window, the ohmic leak through that and the "
        "leak_epoch, or the scaled mean of the leak_epoch (P/N).",
        "none",
    )
    leak_epoch: Epochs = about("Parts of the command at which no channel opens.", ())
    voltage: Literal["holding", "prepulse", "test"] | None = about(
        "Which level of the command is the potential of a current: that of the start of the sweep, that before the "
        "window, or that of the window."
    )
    holding: Voltage | None = about("The holding potential, where the file does not say.")
    membrane_test: StrictInt | None = about(
        "The part of the command that is a small step, from which series resistance, membrane resistance and "
        "capacitance are read.",
        ge=1,
    )
    gates: GatesPart = about("Limits of the gates.", GatesPart())

    @model_validator(mode="after")
    def _complete(self) -> MeasurePart:
        if "peak" in self.end_point and self.sign is None:
            fix = "Write sign = 'inward' (negative), 'outward', or 'either'"
            raise InputError(
                Problem("a peak is read, and nobody says of which sign", fix=fix, code="E-MISSING")
            )
        if self.called is not None and len(self.end_point) > 1:
            fix = "Read one end point here, the other by a [measure] table of its own"
            raise InputError(Problem("two end points have one name", fix=fix, code="E-NAME"))
        return self


class CellPart(Part):
    """What the amplifier said of the cell, where it is not measured in every sweep."""

    series_resistance: Resistance | None = about("Series resistance.")
    seal_resistance: Resistance | None = about("Seal or membrane resistance.")
    capacitance: Capacitance | None = about("Capacitance of the cell.")
    compensation: Share | None = about("Part of the series resistance that is compensated.")


class AppliedPart(Part):
    """What was on the cell, and in which sweeps: by their numbers, or from one tag of the recording to another."""

    sweeps: Numbers | None = about(
        "Sweeps such as '0-9', '12-', or a list; numbered as prusoff read lists them."
    )
    since: Stated | None = about("The tag (its text or a part of it) at which it came on.")
    until: Stated | None = about(
        "The tag at which it ended; by default the next one that another entry names."
    )
    start: Time | None = about("When it came on, from the start of a continuous recording.")
    end: Time | None = about("When it ended there; the current is read between start and end.")
    file: FileName | None = about("The recording, where the cell has more than the file of the experiment.")
    measure: Stated | None = about(
        "Name of the [measure] table for these sweeps; that of the experiment by default."
    )
    role: Literal["control", "compound", "wash"] | None = about(
        "control before the compound, wash after it is washed out; not needed where a compound is named."
    )
    compound: Stated | None = about("The compound.")
    concentration: Molar | None = about("Its concentration.")
    second_compound: Stated | None = about("A second compound, such as an agonist.")
    second_concentration: Molar | None = about("Its concentration.")
    voltage: Voltage | None = about("The potential of the cell, where the command does not say.")
    settle: Time | None = about("Sweeps that begin so soon after the first one of this entry are set aside.")
    last: StrictInt | None = about("Only the last so many sweeps are read; those before are set aside.", ge=1)
    set_aside: Stated | None = about("Why these sweeps take no part.")

    @model_validator(mode="after")
    def _one_way(self) -> AppliedPart:
        if self.sweeps is not None and (self.since or self.until):
            fix = "Keep the numbers or the tags"
            raise InputError(
                Problem("the sweeps are named twice, by numbers and by tags", fix=fix, code="E-SWEEP")
            )
        if (self.start is None) != (self.end is None) or (
            self.start and self.end and self.start.value >= self.end.value
        ):
            fix = "Write start = '12 s' and end = '32 s', the end after the start"
            raise InputError(Problem("the application has no start and end", fix=fix, code="E-SWEEP"))
        if self.start is not None and (self.sweeps is not None or self.since or self.until):
            fix = "Keep start and end, or the sweeps"
            raise InputError(Problem("the application is named twice", fix=fix, code="E-SWEEP"))
        return self
