"""The observed rate of association at every concentration of the label, and what its line against the label says."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...affinity.kinetics import kinetic_kd
from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import ModelError
from ...core.estimate import Estimate
from ...core.fit import Fit, Outcome
from ...core.measured import Measured
from ...core.plate import Role
from ...core.result import Comparison
from ...equations.association import one_phase_association
from ...equations.observed_rate import induced_fit_rate, observed_rate_line
from ...fitting.compare import compare_nested
from ...fitting.intervals import quantile
from ...fitting.problem import Fixed, Individual, Rule, Shared
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit, fit_curve
from ...fitting.weights import Weighting
from .wells import Kinetics

FEWEST_TIMES, FEWEST_RATES = 4, 3
BENT = 0.01  # probability below which a line of observed rates is called bent
_PLAIN = Options(intervals="wald", response_level=1.0, starts=1)


@dataclass(frozen=True)
class ObservedRate:
    """The rate of association at one concentration of the label (mol/L), with the fit that it comes from."""

    added: float
    ligand: float
    fit: Fit

    @property
    def log10(self) -> Measured:
        """log10 of the rate (1/s)."""
        return Measured(self.fit.value("log_kobs"), self.fit.standard_error("log_kobs"))

    @property
    def rate(self) -> Measured:
        """The rate (1/s)."""
        value = 10.0**self.log10.value
        return Measured(value, value * math.log(10.0) * self.log10.se)


@dataclass(frozen=True)
class RateLine:
    """Observed rates on a line, set against the hyperbola of an induced fit.

    `covariance` is that of slope and intercept; `zero` says that the interval of the intercept includes 0, so that koff
    is to come from dissociation.
    """

    rates: tuple[ObservedRate, ...]
    fit: Fit
    hyperbola: Fit | None
    comparison: Comparison | None
    kon: Measured
    koff: Measured
    covariance: float
    zero: bool

    @property
    def kd(self) -> Measured:
        """Intercept over slope, with the covariance of both."""
        return kinetic_kd(self.kon, self.koff, self.covariance)


def observed_rates(data: Kinetics) -> tuple[ObservedRate, ...]:
    """One approach to equilibrium fitted at each concentration, total and nonspecific wells together."""
    found = (_observed(data, float(added)) for added in data.concentrations)
    return tuple(one for one in found if one is not None)


def _observed(data: Kinetics, added: float) -> ObservedRate | None:
    total, nonspecific = (data.of(role, "", added) for role in (Role.TOTAL, Role.NSB))
    if np.unique(data.before[total]).size < FEWEST_TIMES:
        return None
    curves = [Curve(data.before[total], data.signal[total], label="total")]
    drifting = np.unique(data.before[nonspecific]).size > 1
    if nonspecific.any():
        curves.append(Curve(data.before[nonspecific], data.signal[nonspecific], label="nonspecific"))
    own = (Individual(), Fixed(0.0))[: len(curves)]
    sharing: dict[str, Rule | tuple[Rule, ...]] = {
        "plateau": own,
        "log_kobs": Shared(),
        "ns": Shared(),
        "drift": Shared() if drifting else Fixed(0.0),
    }
    found = fit(FitProblem(one_phase_association, curves, sharing), data.weighting, options=_PLAIN)
    seen = found.outcome is not Outcome.FAILED and math.isfinite(found.standard_error("log_kobs"))
    if not seen or found.at_bounds or found.standard_error("log_kobs") > 1.0:
        return None
    return ObservedRate(added, float(data.free[total].mean()), found)


def rate_line(rates: tuple[ObservedRate, ...], level: float) -> RateLine | None:
    """The weighted line through the observed rates and its test against a hyperbola; None for fewer than three rates.

    Each rate has the error of its own fit, so the line is fitted with known errors.
    """
    if len(rates) < FEWEST_RATES:
        return None
    ligand = np.array([one.ligand for one in rates])
    values = np.array([one.rate.value for one in rates])
    errors = np.array([one.rate.se for one in rates])
    curve = Curve(ligand, values, errors, label="observed rates")
    options = Options(intervals="wald", response_level=1.0, starts=1)
    line = fit_curve(observed_rate_line, curve, Weighting.KNOWN_SD, level, options=options)
    if line.outcome is Outcome.FAILED or not line.value("kon") > 0:
        return None
    kon, koff = (Measured(line.value(name), line.standard_error(name)) for name in ("kon", "koff"))
    half = quantile(level, line.df, line.scale_known) * koff.se
    bent = _hyperbola(curve, line, level) if len(rates) > FEWEST_RATES else None
    return RateLine(
        rates,
        line,
        bent,
        None if bent is None else _compared(line, bent),
        kon,
        koff,
        float(line.covariance[line.index("kon"), line.index("koff")]),
        not koff.value - half > 0,
    )


def _hyperbola(curve: Curve, line: Fit, level: float) -> Fit | None:
    """The hyperbola, looked for from one that bends at the highest label; None where it has no fit."""
    most = float(curve.x.max())
    start = {
        "k_forward": 2.0 * line.value("kon") * most,
        "k_reverse": max(line.value("koff"), 0.0),
        "log_k": math.log10(most),
    }
    options = Options(intervals="", response_level=1.0, starts=1, start=start)
    found = fit_curve(induced_fit_rate, curve, Weighting.KNOWN_SD, level, options=options)
    return None if found.outcome is Outcome.FAILED else found


def _compared(line: Fit, bent: Fit) -> Comparison | None:
    """The test of the two; None where the hyperbola fits no better, its bend being beyond all concentrations."""
    try:
        return compare_nested(line, bent, BENT)
    except ModelError:
        return None


def line_estimates(line: RateLine, dissociation: Estimate | None, level: float) -> Iterator[Estimate]:
    """kon, koff and Kd of the line; where its intercept may be 0, koff of the dissociation takes its place in Kd."""
    width = quantile(level, line.fit.df, line.fit.scale_known)
    method = "weighted line of observed rates"
    yield _linear("kon (line)", line.kon, "1/M/s", width, level, method)
    yield _linear("koff (line)", line.koff, "1/s", width, level, method)
    if not line.zero:
        yield _linear("Kd (line)", line.kd, "M", width, level, f"{method}, delta method with covariance")
    elif dissociation is not None and dissociation.log10_se > 0:
        koff = Measured(dissociation.value, dissociation.value * math.log(10.0) * dissociation.log10_se)
        kd = kinetic_kd(line.kon, koff, 0.0)
        yield _linear("Kd (line)", kd, "M", width, level, f"{method} for kon, koff of the dissociation")


def _linear(name: str, value: Measured, unit: str, width: float, level: float, method: str) -> Estimate:
    low, high = value.value - width * value.se, value.value + width * value.se
    return Estimate(name, value.value, unit, low, high, level, method=method, se=value.se)


def slowest(kon: float, koff: float, ligand: Array) -> float:
    """The observed rate (1/s) at the lowest concentration of the label: the last to reach equilibrium."""
    return kon * float(ligand.min()) + koff
