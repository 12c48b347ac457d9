"""Membrane test: resistances and capacitance of a cell from the current of a small step of the potential."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..core.equation import Array

REST_PART = 0.2  # last part of a window over which a current at rest is averaged
TAIL = 12.0  # time constants of the transient that are integrated
FALLEN = 0.7  # the tail is fitted from where the transient has fallen to this part of its peak
_GOLDEN = (5**0.5 - 1) / 2
_STEPS = 45


@dataclass(frozen=True)
class Membrane:
    """What a step says of each sweep: holding current (A), series (access) and membrane resistance (ohm), capacitance
    (F) and time constant of the transient (s); nan where the step cannot be read.
    """

    holding: Array
    series: Array
    membrane: Array
    capacitance: Array
    tau: Array


def membrane_test(before: npt.ArrayLike, step: npt.ArrayLike, size: float, sampling_hz: float) -> Membrane:
    """Resistances and capacitance from sweeps of a step: current before it and during it (sweep, sample) in A.

    `size` is the step in V, negative where it goes down. With the steady change of current dI, the charge Q of the
    transient above the steady current and its time constant tau (fitted to the tail, where no filter reaches):
    Rt = dV/dI, Ra = dV/(Q/tau + dI), Rm = Rt - Ra, Cm = Q/dV (Rt/Rm)^2. This solves the circuit of a resistance in
    series with a resistance and a capacitance in parallel without an approximation, and neither the charge nor the tail
    is changed by the filter of the amplifier, which lowers the peak that other methods extrapolate to.
    """
    rest, traces = np.atleast_2d(np.asarray(before, float)), np.atleast_2d(np.asarray(step, float))
    holding = rest.mean(axis=-1)
    count = traces.shape[-1]
    steady = traces[:, count - max(1, round(REST_PART * count)) :].mean(axis=-1)
    change = steady - holding
    sign = np.sign(size)
    with np.errstate(divide="ignore", invalid="ignore"):
        tau, charge = _transient(sign * (traces - steady[:, None]), sampling_hz)
        series = abs(size) / (charge / tau + sign * change)
        total = size / change
        membrane = total - series
        capacitance = charge / abs(size) * (total / membrane) ** 2
    found = (holding, series, membrane, capacitance, tau)
    sound = np.isfinite(found).all(axis=0) & (series > 0) & (membrane > 0)
    return Membrane(holding, *(np.where(sound, one, np.nan) for one in found[1:]))


def _transient(above: Array, sampling_hz: float) -> tuple[Array, Array]:
    """Time constant (s) and charge (C) of transients (sweep, sample) that fall from a positive peak to zero."""
    rows, count = above.shape
    at = above[:, : max(1, count // 2)].argmax(axis=-1)
    height = above[np.arange(rows), at]
    rough = _first_below(above, height / np.e, at) / sampling_hz
    reach = np.clip(np.nan_to_num(TAIL * rough * sampling_hz), 8, count - 1).astype(int)
    longest = int(min(count, (at + reach).max() + 1))
    cut, position = above[:, :longest], np.arange(longest)
    inside = position <= (at + reach)[:, None]
    start = at + _first_below(cut, FALLEN * height, at)
    tail = inside & (position >= start[:, None])
    tau = _time_constant(cut, tail, (position - start[:, None]) / sampling_hz, rough)
    charge = np.trapezoid(np.where(inside, cut, 0.0), axis=-1) / sampling_hz
    return tau, charge


def _first_below(traces: Array, heights: Array, at: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """How many samples after `at` each trace first lies at or below its height; one where it never does."""
    below = (np.arange(traces.shape[-1]) > at[:, None]) & (traces <= heights[:, None])
    return np.where(below.any(axis=-1), below.argmax(axis=-1) - at, 1)


def _time_constant(heights: Array, tail: npt.NDArray[np.bool_], times: Array, rough: Array) -> Array:
    """The time constant in s of the exponential (with an offset) nearest to each tail, by golden section on its log."""
    weight = tail.astype(float)
    total = weight.sum(axis=-1)
    late = np.where(tail, times, 0.0)
    mean = (weight * heights).sum(axis=-1) / total
    centred = weight * (heights - mean[:, None])

    def misfit(log_tau: Array) -> Array:
        shape = weight * np.exp(-late / np.exp(log_tau)[:, None])
        shape -= weight * (shape.sum(axis=-1) / total)[:, None]
        explained: Array = (shape * centred).sum(axis=-1) ** 2 / (shape * shape).sum(axis=-1)
        return -explained

    middle = np.log(np.maximum(np.nan_to_num(rough, nan=1e-3), 1e-7))
    low, high = middle - 3.0, middle + 3.0
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = misfit(left), misfit(right)
    for _ in range(_STEPS):
        lower = at_left < at_right
        low, high = np.where(lower, low, left), np.where(lower, right, high)
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        at_left, at_right = misfit(left), misfit(right)
    found: Array = np.exp((low + high) / 2.0)
    return found
