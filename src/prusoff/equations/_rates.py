"""Rate constants of binding: what they make of the sites, and their limits and first guesses from times of wells."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array, Axis, Parameter
from ._guess import log_range, shape_of
from ._logistic import log10_positive

TIME = Axis("time", "s")
NS_AT_START = Parameter(
    "ns", "NS", "signal", "nonspecific binding at time 0, background included", linear=True
)
DRIFT = Parameter("drift", "drift", "signal/s", "what nonspecific binding gains with time", linear=True)

LOG_KON = Parameter("log_kon", "kon", "1/M/s", "association rate constant", log10=True)
LOG_KOFF = Parameter("log_koff", "koff", "1/s", "dissociation rate constant", log10=True)
NS_DRIFT = Parameter(
    "drift", "NS drift", "signal/M/s", "what nonspecific binding gains with time", linear=True
)
PHASES = (Axis("association_time", "s"), Axis("dissociation_time", "s"))


def rate_range(times: Array) -> tuple[float, float]:
    """log10 of the slowest and of the fastest rate (1/s): three decades outside those that the times can show."""
    shortest, longest = log_range(log10_positive(times))
    return -longest, -shortest


def rate_guess(times: Array, y: Array) -> float:
    """log10 of the rate (1/s) whose half-time is the time at which half of the change has happened."""
    slowest, fastest = rate_range(times)
    seen = np.isfinite(times)
    if not seen.any():
        return (slowest + fastest) / 2.0
    half = shape_of(times[seen], y[seen]).crossing(0.5)
    if half <= 0.0:
        half = float(times[seen].max()) / 2.0 or 1.0
    return min(max(math.log10(math.log(2.0) / half), slowest), fastest)


def span_guess(times: Array, y: Array) -> tuple[float, float]:
    """The least mean response of a time, and how far the largest lies above it."""
    shape = shape_of(times, y)
    low = min(shape.before, shape.after)
    return low, max(shape.before, shape.after) - low


def kinetic_guess(time: Array, ligand: Array, y: Array) -> tuple[float, float, float, float]:
    """Bmax, log kon, log koff and NS, as if the typical ligand took half of the sites at the rate that is seen."""
    log_rate = rate_guess(time, y) - math.log10(2.0)
    logs = log10_positive(ligand)
    typical = float(np.median(logs[np.isfinite(logs)])) if np.isfinite(logs).any() else -9.0
    (least_on, most_on), (least_off, most_off) = kinetic_limits(time, ligand)
    span = float(y.max() - y.min())
    ns = max(float(y.min()), 0.0) * 10.0**-typical
    return (
        2.0 * span,
        min(max(log_rate - typical, least_on), most_on),
        min(max(log_rate, least_off), most_off),
        ns,
    )


def kinetic_limits(time: Array, ligand: Array) -> tuple[tuple[float, float], tuple[float, float]]:
    """Limits of log kon and of log koff: rates that the times can show, divided by the ligand for kon."""
    slowest, fastest = rate_range(time)
    least, most = log_range(log10_positive(ligand), beyond=0.0)
    return (slowest - most, fastest - least), (slowest, fastest)


@dataclass(frozen=True)
class Rates:
    """Rates (1/s) of binding and of leaving, of both together, and the fraction of the sites that is taken in the end.

    `turning` is taken times free: the derivative of `taken` by the natural log of the rate of binding.
    """

    on: Array
    off: Array
    both: Array
    taken: Array
    turning: Array

    @classmethod
    def of(cls, on: Array, off: Array) -> Rates:
        """The rates of a ligand that binds at `on` and leaves at `off`."""
        both = on + off
        taken = on / both
        return cls(on, off, both, taken, taken * (off / both))


def approach(rates: Rates, time: Array) -> tuple[Array, Array, Array]:
    """Fraction of the sites taken after association for so long; its derivatives by ln of the two rates."""
    passed = rates.both * time
    gone, left = -np.expm1(-passed), np.exp(-passed)
    speed = rates.taken * time * left
    turned = rates.turning * gone
    return rates.taken * gone, turned + speed * rates.on, speed * rates.off - turned
