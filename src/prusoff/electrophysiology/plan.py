"""What is to be read from every sweep: windows, end points, leak, potential, membrane test."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from ..core.errors import InputError, Problem, Problems
from ..core.recording import Epoch, Recording, Sweep
from .end_points import BLANK_S, Sign

Leak = Literal["none", "holding", "ohmic", "P/N"]
Level = Literal["", "holding", "prepulse", "test"]
EndPoint = Literal["peak", "plateau"]
BASELINE_S = 5e-3
_STEP_V = 1e-4


@dataclass(frozen=True)
class Plan:
    """How the sweeps of a recording are measured.

    `epochs` are the parts of the command that are read, counted from 1: one, or the pulses of a train. Where the file
    knows no command the window goes from `start_s` to `end_s` of the sweep. From its start `blank_s` is left out.
    `baseline_s` is how much before the window is averaged for the current at the holding potential. `leak` says what is
    taken off: nothing, that current, the ohmic leak (through that current and those of the `leak_epochs`) or the scaled
    mean of the `leak_epochs` (P/N). `voltage` says which level is the potential of an amplitude: that of the start of
    the sweep ('holding'), that before the window ('prepulse') or that of the window ('test'). `membrane_epoch` is a
    small step from which resistances and capacitance are read; 0 for none.
    """

    end_points: tuple[EndPoint, ...] = ("peak",)
    sign: Sign = "inward"
    channel: int = 0
    epochs: tuple[int, ...] = ()
    start_s: float = math.nan
    end_s: float = math.nan
    blank_s: float = BLANK_S
    baseline_s: float = BASELINE_S
    leak: Leak = "none"
    leak_epochs: tuple[int, ...] = ()
    voltage: Level = ""
    holding_v: float = math.nan
    membrane_epoch: int = 0


@dataclass(frozen=True)
class Window:
    """One window of a sweep with what stands before it: times in s, potentials in V (nan where not known)."""

    start_s: float
    end_s: float
    baseline_start_s: float
    level: float = math.nan
    level_before: float = math.nan


@dataclass(frozen=True)
class Windows:
    """All windows of a sweep: pulses, steps of the leak, membrane test; the level at its start, and when the current at
    that level is read (start and end in s; none where it is not).
    """

    pulses: tuple[Window, ...]
    rest: tuple[float, float] | None = None
    leak: tuple[Window, ...] = ()
    membrane: Window | None = None
    first_level: float = math.nan


def check(plan: Plan) -> None:
    """Raise all that is wrong with a plan as one InputError."""
    found = Problems()
    if not plan.epochs and not plan.start_s < plan.end_s:
        found.add(
            "nothing says where the current is read", fix="State epoch = 2, or start and end of the window"
        )
    if plan.epochs and plan.start_s < plan.end_s:
        found.add("the window is stated twice, by its epoch and by times", fix="Keep one of them")
    if not plan.end_points:
        found.add("no end point is stated", fix="Write end_point = 'peak' or 'plateau', or both in a list")
    if plan.leak in ("ohmic", "P/N") and not plan.leak_epochs:
        fix = "Write leak_epoch = 1 (or a list): steps at which no channel opens"
        found.add(f"the leak '{plan.leak}' needs the parts of the command that show it", fix=fix)
    if plan.leak == "ohmic" and not plan.epochs:
        found.add("an ohmic leak needs the potential of the window", fix="State its epoch in place of times")
    found.raise_if_any()


def windows_of(sweep: Sweep, plan: Plan, recording: Recording) -> Windows:
    """The windows of one sweep by this plan. Raises InputError where the command has no such part."""
    levels = recording.command_unit == "V"
    known = recording.holding if levels else math.nan
    first = plan.holding_v if not math.isnan(plan.holding_v) else known
    if math.isnan(first) and sweep.command and levels:
        first = sweep.command[0].level

    def of(number: int) -> Window:
        if not 1 <= number <= len(sweep.command):
            fix = f"Name one of its {len(sweep.command)} parts, counted from 1, or state start and end in its place"
            raise InputError(Problem(f"the command of sweep {sweep.number} has no part {number}", fix=fix))
        return _of_epoch(sweep.command, number - 1, first if levels else math.nan, plan.baseline_s)

    if plan.epochs:
        pulses = tuple(of(number) for number in plan.epochs)
    else:
        before = max(0.0, plan.start_s - plan.baseline_s)
        pulses = (Window(plan.start_s, plan.end_s, before, _level_at(sweep, plan.start_s, first), first),)
    leak = tuple(of(number) for number in plan.leak_epochs)
    membrane = of(plan.membrane_epoch) if plan.membrane_epoch else None
    return Windows(pulses, _rest(sweep, pulses[0], first, plan), leak, membrane, first)


def _rest(sweep: Sweep, pulse: Window, first: float, plan: Plan) -> tuple[float, float] | None:
    """When the cell is at its holding potential: at the end of the first part of the command, or before the window."""
    if sweep.command and plan.epochs:
        start = sweep.command[0]
        if start.is_step and _same(start.level, first) and start.end_s <= pulse.start_s:
            return max(start.start_s, start.end_s - plan.baseline_s), start.end_s
    at_rest = math.isnan(first) or _same(pulse.level_before, first)
    return (
        (pulse.baseline_start_s, pulse.start_s)
        if at_rest and pulse.start_s > pulse.baseline_start_s
        else None
    )


def _same(level: float, other: float) -> bool:
    """Whether two potentials are one: files hold them as 32-bit numbers, or as steps of a converter."""
    return abs(level - other) < _STEP_V


def _of_epoch(command: tuple[Epoch, ...], at: int, holding: float, baseline_s: float) -> Window:
    epoch = command[at]
    earliest = command[at - 1].start_s if at else 0.0
    before = command[at - 1].end_level if at else holding
    start = max(earliest, epoch.start_s - baseline_s)
    return Window(epoch.start_s, epoch.end_s, start, epoch.level, before)


def _level_at(sweep: Sweep, time: float, holding: float) -> float:
    """The level of the command at this time; the holding level where no part of the command says otherwise."""
    return next(
        (one.level for one in sweep.command if one.start_s <= time < one.end_s and one.is_step), holding
    )
