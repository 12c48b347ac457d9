"""Peak currents of a train of pulses while a drug blocks channels that only a pulse opens to it (guarded receptor).

During a pulse the drug reaches its site at kon [D] and leaves at koff; between pulses it only leaves. The block before
each pulse then nears its steady state exponentially with the number of pulses. Without drug the law is that of the
inactivation that gathers in a train.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log_range, means_by_x
from ._logistic import LN10, log10_positive, rows
from ._rates import LOG_KOFF, LOG_KON, rate_range
from .concentration_response import SIGNAL

PULSES_BEFORE = Axis("pulses_before", "")
INTERVAL = Axis("interval", "s")
FREE_DRUG = Axis("free_drug", "M")
SHORTEST, LONGEST = 1e-6, 1e3


@dataclass(frozen=True)
class _Uptake:
    """Rates of one pulse and the rest after it; `pulse` and `rest` are what they add to the exponent, `total` both."""

    on: Array
    off: Array
    both: Array
    pulse: Array
    rest: Array
    total: Array
    closed: Array
    gone: Array
    kept: Array
    passed: Array

    @classmethod
    def of(cls, x: Array, p: Array) -> _Uptake:
        before, interval, drug = x
        on, off = np.power(10.0, p[3]) * drug, np.power(10.0, p[4])
        both = on + off
        pulse, rest = both * p[5], off * interval
        total = pulse + rest
        ends = -np.expm1(-pulse), -np.expm1(-total), np.exp(-rest)
        return cls(on, off, both, pulse, rest, total, *ends, np.exp(-before * total))

    @property
    def steady(self) -> Array:
        """The block before a pulse that a long train comes to."""
        result: Array = self.on / self.both * self.closed * self.kept / self.gone
        return result

    @property
    def block(self) -> Array:
        """The block before each pulse."""
        result: Array = self.steady * (1.0 - self.passed)
        return result

    def derivatives(self, before: Array, interval: Array, duration: Array) -> tuple[Array, Array, Array]:
        """Of the block by the natural logs of both rates, and by the duration of a pulse."""
        taken = self.on / self.both
        share = self.closed * self.kept / self.gone
        shape, steep = -np.expm1(-before * self.total), before * self.passed
        turned = (1.0 - self.closed) * -np.expm1(-self.rest) * self.kept / self.gone**2
        turning = taken * (self.off / self.both) * share
        less = self.rest * self.closed * self.kept / self.gone**2
        steady = taken * share * steep
        by_on = (turning + taken * self.on * duration * turned) * shape + steady * self.on * duration
        by_off = (taken * (self.off * duration * turned - less) - turning) * shape
        by_off = by_off + steady * self.off * (duration + interval)
        return by_on, by_off, taken * self.both * turned * shape + steady * self.both


def _train(x: Array, p: Array) -> Array:
    amplitude, depth, log_rate = p[:3]
    inactivated = -np.expm1(-np.power(10.0, log_rate) * x[0])
    result: Array = amplitude * (1.0 - depth * inactivated) * (1.0 - _Uptake.of(x, p).block)
    return result


def _train_jacobian(x: Array, p: Array) -> Array:
    amplitude, depth, log_rate = p[:3]
    passed = np.power(10.0, log_rate) * x[0]
    inactivated = -np.expm1(-passed)
    uptake = _Uptake.of(x, p)
    by_on, by_off, by_duration = uptake.derivatives(x[0], x[1], p[5])
    left, free = 1.0 - depth * inactivated, 1.0 - uptake.block
    return rows(
        left * free,
        -amplitude * inactivated * free,
        -LN10 * amplitude * depth * passed * np.exp(-passed) * free,
        -LN10 * amplitude * left * by_on,
        -LN10 * amplitude * left * by_off,
        -amplitude * left * by_duration,
    )


def _train_start(x: Array, y: Array) -> Array:
    """No gathered inactivation, and half of the channels blocked at the rate of a tenth per pulse."""
    _, means = means_by_x(x[0], y)
    lower, upper = _train_limits(x, y)
    first = max(float(means[0]), 0.0)
    seconds = x[1][np.isfinite(x[1]) & (x[1] > 0.0)]
    typical = float(np.median(seconds)) if seconds.size else 0.1
    duration = min(max(typical / 4.0, SHORTEST), LONGEST)
    drug = log10_positive(x[2])
    log_drug = float(np.median(drug[np.isfinite(drug)])) if np.isfinite(drug).any() else -5.0
    log_rate = math.log10(0.1 / (duration + typical))
    guess = np.array([first, 0.0, -1.0, log_rate + 0.5 - log_drug, log_rate, duration])
    inside: Array = np.clip(guess, lower, upper)
    return inside


def _train_limits(x: Array, y: Array) -> tuple[Array, Array]:
    """Rates that trains of this length can show: three decades around one event per pulse."""
    slowest, fastest = log_range(log10_positive(x[0]), beyond=1.0)
    rates = rate_range(x[1])
    least, most = log_range(log10_positive(x[2]), beyond=0.0)
    return box(
        guarded_receptor.parameters,
        log_rate=(-fastest, -slowest),
        log_kon=(rates[0] - most, rates[1] + 3.0 - least),
        log_koff=rates,
    )


guarded_receptor = Equation(
    name="guarded_receptor",
    title="Guarded receptor, train of pulses",
    formula="on = 10**log_kon * free_drug\n"
    "off = 10**log_koff\n"
    "pulse = (on + off) * duration\n"
    "uptake = pulse + off * interval\n"
    "steady = on / (on + off) * (1 - exp(-pulse)) * exp(-off * interval) / (1 - exp(-uptake))\n"
    "block = steady * (1 - exp(-pulses_before * uptake))\n"
    "amplitude * (1 - depth * (1 - exp(-10**log_rate * pulses_before))) * (1 - block)",
    axes=(PULSES_BEFORE, INTERVAL, FREE_DRUG),
    response=SIGNAL,
    parameters=(
        Parameter("amplitude", "I1", "signal", "current of the first pulse", lower=0.0, linear=True),
        Parameter(
            "depth",
            "depth",
            "",
            "part of the current that a long train loses without drug",
            lower=-1.0,
            upper=1.0,
        ),
        Parameter("log_rate", "rate", "", "rate constant per pulse of the loss without drug", log10=True),
        LOG_KON,
        LOG_KOFF,
        Parameter("duration", "d", "s", "how long a pulse opens the site", lower=SHORTEST, upper=LONGEST),
    ),
    function=_train,
    jacobian=_train_jacobian,
    start=_train_start,
    limits=_train_limits,
    location="log_koff",
    reference="Starmer CF, Grant AO. Mol Pharmacol 1985;28:348",
    cases=(
        Case(
            (7.0, 0.08, 1e-5),
            {
                "amplitude": 1.0,
                "depth": 0.0,
                "log_rate": -1.0,
                "log_kon": math.log10(0.6e6),
                "log_koff": math.log10(0.8),
                "duration": 0.02,
            },
            0.56258642748478,
            "eight pulses of 20 ms, 80 ms apart, in 10 uM: the recursion pulse by pulse, 6 and 0.8 per s",
            rtol=1e-12,
        ),
        Case(
            (2.0, 0.08, 0.0),
            {
                "amplitude": 900.0,
                "depth": 0.2,
                "log_rate": math.log10(math.log(2.0) / 2.0),
                "log_kon": 6.0,
                "log_koff": 0.0,
                "duration": 0.02,
            },
            810.0,
            "without any block half of a loss of 20 % has gathered after two pulses: 900 less 90",
            rtol=1e-9,
        ),
    ),
)
