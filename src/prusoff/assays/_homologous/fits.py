"""Kd, Bmax and nonspecific binding of all curves of a day together, with the radioligand used up and without."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.fit import Fit, Outcome
from ...core.result import CurveBand
from ...equations.homologous_competition import homologous_competition, homologous_depletion
from ...fitting.band import confidence_band
from ...fitting.problem import Fixed, Individual, Rule, Shared
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit
from .._exact_fit import scaled
from .data import Homologous, HotCurve, molar_curve, signal_curve


@dataclass(frozen=True)
class HomologousFits:
    """What was fitted on a day.

    `plain` takes the radioligand that is free in the total wells as free everywhere; `depleted` counts what is bound
    in every well (response in mol/L) and is there where binding is known in moles. `curves` are those that took part.
    """

    curves: tuple[HotCurve, ...]
    plain: Fit | None
    depleted: Fit | None
    outcome: Outcome
    reason: str

    @property
    def best(self) -> Fit | None:
        """The fit that the constants come from."""
        return self.plain if self.depleted is None else self.depleted


def fit_homologous(day: Homologous, level: float) -> HomologousFits:
    """Fit all curves of a day that show displacement; those that do not are left out and named."""
    used = day.usable
    left = [f"{one.label}: {one.seen.reason}" for one in day.curves if one not in used]
    if not used:
        worst = max((one.seen.outcome for one in day.curves), key=list(Outcome).index, default=Outcome.FAILED)
        said = " ".join(left) or "No well holds unlabelled ligand."
        return HomologousFits((), None, None, worst, said)
    plain = _plain(used, day, level)
    depleted = _depleted(used, day, level) if math.isfinite(day.molar_per_signal) else None
    if depleted is not None and depleted.outcome is Outcome.FAILED:
        depleted = None
    best = plain if depleted is None else depleted
    outcome = Outcome.FLAGGED if left and best.outcome is Outcome.OK else best.outcome
    remarks = [one.seen.reason for one in used if one.seen.reason]
    reason = " ".join(dict.fromkeys(filter(None, (best.reason, *left, *remarks))))
    if outcome is Outcome.OK and reason:
        outcome = Outcome.FLAGGED
    return HomologousFits(used, plain, depleted, outcome, reason)


def _plain(used: Sequence[HotCurve], day: Homologous, level: float) -> Fit:
    sharing: dict[str, Rule | Sequence[Rule]] = {
        "bmax": Shared(),
        "log_kd": Shared(),
        "nsb": Individual(),
        "log_ligand": tuple(Fixed(math.log10(one.ligand.free.value)) for one in used),
    }
    problem = FitProblem(homologous_competition, tuple(map(signal_curve, used)), sharing)
    return fit(problem, day.read.weighting, level, Options(intervals_of=("log_kd",)))


def _depleted(used: Sequence[HotCurve], day: Homologous, level: float) -> Fit:
    sharing: dict[str, Rule | Sequence[Rule]] = {
        "bmax": Shared(),
        "log_kd": Shared(),
        "ns": Shared(),
        "log_added": tuple(Fixed(math.log10(one.ligand.total.value)) for one in used),
    }
    curves = tuple(molar_curve(one, day.molar_per_signal) for one in used)
    problem = FitProblem(homologous_depletion, curves, sharing)
    options = Options(start=_start(used[0], day.molar_per_signal))
    return fit(problem, scaled(day.read.weighting, day.molar_per_signal), level, options)


def _start(lowest: HotCurve, per_signal: float) -> dict[str, float]:
    """From the curve with the least radioligand: Kd = IC50 - [L], Bmax = span IC50/[L], NS from the bottom."""
    free, label = lowest.seen.free, lowest.ligand.free.value
    ic50 = 10.0 ** free.value("log_ic50")
    bottom = max(free.value("bottom"), 0.0) * per_signal
    span = max(free.value("top") * per_signal - bottom, 1e-3 * label)
    return {
        "bmax": span * ic50 / label,
        "log_kd": math.log10(max(ic50 - label, 0.2 * ic50)),
        "ns": bottom / label,
    }


def bands(day: Homologous, fits: HomologousFits, level: float) -> tuple[CurveBand, ...]:
    """Every curve with its band over the concentrations tested, in the unit of the wells."""
    best = fits.best
    if best is None:
        return ()
    unit = 1.0 if fits.depleted is None else day.molar_per_signal
    drawn = []
    for number, one in enumerate(fits.curves):
        tested = one.data.concentrations
        band = confidence_band(best, np.linspace(tested[0], tested[-1], 81), number, level)
        heights = (band.fitted / unit, band.low / unit, band.high / unit)
        drawn.append(CurveBand(band.x, *heights, one.label, level))
    return tuple(drawn)
