"""An antagonist varied against one agonist concentration: its IC50, and KB from it by Leff and Dougall."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ...affinity.conversion import leff_dougall
from ...core.curves import Curve
from ...core.estimate import Estimate, figures
from ...core.fit import Fit, Outcome
from ...core.measured import Measured
from ...equations.concentration_response import four_parameter_logistic
from ...fitting.problem import Fixed
from ...fitting.solve import Options, fit_curve
from .._fitted import derived_log, fitted_log
from .family import Family
from .fits import FamilyFits

STEP = 1e-5


def inhibition(family: Family, fits: FamilyFits, level: float) -> Iterator[Estimate]:
    """IC50 and KB by Leff and Dougall where all wells with antagonist hold one agonist concentration.

    Where no agonist is, the response is basal, which the agonist curve tells: the curve of inhibition falls to it.
    """
    agonist = family.one_dose
    if fits.one is None or agonist is None or agonist == -math.inf:
        return
    chosen = family.used & (family.x[0] == agonist)
    curve = Curve(family.x[1][chosen], family.signal[chosen], label=family.subject)
    held = {"bottom": Fixed(fits.one.value("bottom"))}
    options = Options(intervals_of=("log_ic50",))
    found = fit_curve(four_parameter_logistic, curve, level=level, sharing=held, options=options)
    if found.outcome not in (Outcome.OK, Outcome.FLAGGED) or found.value("top") < found.value("bottom"):
        return
    dose = figures(10.0**agonist, unit="M")
    ic50 = fitted_log("IC50", found, "log_ic50")
    yield replace(ic50, name=f"IC50 at {dose} {family.agonist}")
    log = _kb(found, fits.one, agonist)
    if log is not None:
        yield derived_log("KB (Leff–Dougall)", log, found, "delta method on logs")


def _kb(found: Fit, control: Fit, agonist: float) -> Measured | None:
    """log10 KB with the errors of IC50, EC50 and slope."""

    def log_kb(log_ec50: float, slope: float) -> float:
        ic50 = 10.0 ** found.value("log_ic50")
        return math.log10(leff_dougall(ic50, 10.0**agonist, 10.0**log_ec50, slope))

    at = np.array([control.value("log_ec50"), control.value("hill_slope")])
    steps = STEP * np.eye(2)
    slopes = np.array([(log_kb(*(at + step)) - log_kb(*(at - step))) / (2.0 * STEP) for step in steps])
    places = [control.index("log_ec50"), control.index("hill_slope")]
    variance = float(slopes @ control.covariance[np.ix_(places, places)] @ slopes)
    error = math.sqrt(max(variance, 0.0) + found.standard_error("log_ic50") ** 2)
    return Measured(log_kb(*at), error) if math.isfinite(error) else None
