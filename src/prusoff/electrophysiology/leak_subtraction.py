"""Takes the leak off the pulses of a recording, as the plan of the measurement says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.equation import Array
from ..core.errors import InputError, Problem
from ..core.recording import Recording, Sweep
from .leak import ohmic_leak, p_over_n
from .membrane_test import REST_PART
from .plan import Plan, Window, Windows


def currents(
    recording: Recording, channel: int, sweeps: Sequence[Sweep], window: Window
) -> tuple[Array, Array]:
    """The current in A in a window (sweep, sample), and before it."""
    inside = recording.part(sweeps[0], window.start_s, window.end_s)
    before = recording.part(sweeps[0], window.baseline_start_s, window.start_s)
    read = slice(before.start, inside.stop)
    both = np.stack([recording.inside(sweep, channel, read) for sweep in sweeps])
    length = before.stop - before.start
    return both[:, length:], both[:, :length]


def leak_off(
    recording: Recording,
    plan: Plan,
    of: tuple[Sequence[Sweep], Sequence[Windows]],
    pulse: tuple[Sequence[Window], Array, Array],
) -> Array:
    """The samples of a pulse (sweep, sample) in A with the leak taken off as the plan says.

    `of` are the sweeps and their windows, `pulse` the windows of the pulse, its samples and those just before it.
    """
    (sweeps, windows), (pulses, samples, baseline) = of, pulse
    if plan.leak == "none":
        return samples
    if not baseline.shape[-1]:
        fix = "State a later window, or a leak of 'none'"
        raise InputError(Problem("the leak needs the current before the window, and there is none", fix=fix))
    holding = baseline.mean(axis=-1)
    if plan.leak == "holding":
        steady: Array = samples - holding[:, None]
        return steady
    small = [currents(recording, plan.channel, sweeps, window) for window in windows[0].leak]
    if plan.leak == "ohmic":
        return samples - _ohmic(windows, pulses, holding, [steps for steps, _ in small])[:, None]
    return _scaled(windows, pulses, samples - holding[:, None], small)


def _ohmic(
    windows: Sequence[Windows], pulses: Sequence[Window], holding: Array, steps: Sequence[Array]
) -> Array:
    """The ohmic leak in A of each sweep at the level of its pulse, from the current before it and at the leak steps."""
    pairs = zip(pulses, windows, strict=True)
    levels = [[pulse.level_before, *(leak.level for leak in one.leak)] for pulse, one in pairs]
    rest = [step[:, -max(1, round(REST_PART * step.shape[-1])) :].mean(axis=-1) for step in steps]
    line = ohmic_leak(levels, np.stack([holding, *rest], axis=-1))
    return line.at([pulse.level for pulse in pulses])


def _scaled(
    windows: Sequence[Windows],
    pulses: Sequence[Window],
    samples: Array,
    small: Sequence[tuple[Array, Array]],
) -> Array:
    """Pulses, counted from the current before them, with the scaled mean of the small ones taken off."""
    if any(steps.shape != samples.shape for steps, _ in small):
        fix = "Name parts of the command that are as long as the test pulse"
        raise InputError(Problem("the pulses of P/N differ in length from the test pulse", fix=fix))
    found = np.empty_like(samples)
    for row, (window, one) in enumerate(zip(pulses, windows, strict=True)):
        shapes = np.stack([steps[row] - before[row].mean() for steps, before in small])
        size = float(np.mean([leak.level - leak.level_before for leak in one.leak]))
        found[row] = p_over_n(samples[row], shapes, window.level - window.level_before, size)
    return found
