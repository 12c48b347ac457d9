"""Continuous recordings: every application of a drug or an agonist cut out as a sweep of its own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from ..core.errors import InputError, Problem
from ..core.recording import Epoch, Recording, Sweep

WINDOW = 2  # the part of the command of a sweep that was cut out which is the application itself


def cut(recording: Recording, applied: Mapping[int, tuple[float, float]], before_s: float) -> Recording:
    """The recording with one sweep for each application, numbered by its key and beginning `before_s` before it.

    `applied` are start and end of each in s from the start of the recording. The command of such a sweep has two parts:
    what comes before the application, and the application. Raises InputError where no sweep holds it whole.
    """
    found = []
    for number, (start, end) in applied.items():
        sweep = _holding(recording, start, end)
        first = max(0.0, start - sweep.start_s - before_s)
        began, ended = start - sweep.start_s - first, end - sweep.start_s - first
        part = recording.part(sweep, first, end - sweep.start_s)
        level = _level(recording, sweep, start - sweep.start_s)
        command = (Epoch(0.0, began, level, level), Epoch(began, ended, level, level))
        found.append(Sweep(number, start, sweep.samples[:, part], command, sweep.set_aside))
    return replace(recording, sweeps=tuple(found))


def _holding(recording: Recording, start: float, end: float) -> Sweep:
    """The sweep in which this stretch lies."""
    last = 0.0
    for sweep in recording.sweeps:
        last = sweep.start_s + sweep.samples.shape[-1] / recording.sampling_hz
        if sweep.start_s <= start < end <= last + 0.5 / recording.sampling_hz:
            return sweep
    what = (
        f"no sweep of {recording.name} holds {start:.6g} to {end:.6g} s; the recording ends at {last:.6g} s"
    )
    raise InputError(Problem(what, fix="Correct start and end, in time from the start of the recording"))


def _level(recording: Recording, sweep: Sweep, at: float) -> float:
    """The level of the command at this time of a sweep, or that between sweeps; nan where neither is known."""
    if recording.command_unit != "V":
        return math.nan
    parts = (one.level for one in sweep.command if one.start_s <= at < one.end_s and one.is_step)
    return next(parts, recording.holding)
