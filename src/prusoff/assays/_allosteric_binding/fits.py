"""One modulator on one day by three laws: a second site, a competitor, and no effect at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...checks.allosteric_binding import SURE as LIMIT_SURE
from ...core.estimate import figures
from ...core.fit import Fit, Outcome
from ...equations.allosteric import allosteric_ternary_complex
from ...fitting.compare import aicc_of, extra_squares, f_test, p_text
from ...fitting.problem import Fixed, Individual, Rule, Shared
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit
from ...fitting.weights import GivenWeights
from .._signal import DEAD, one_reading
from .data import HotCurve, Modulated

SURE = 0.01  # P above which a modulator is said to do nothing
FEWEST_CONCENTRATIONS = 4
NO_ALPHA = -6.0  # log alpha of a competitor: the limit of the law
_BOTH = ("log_kb", "log_alpha")
_FREE = Options(intervals_of=_BOTH, response_level=1.0, starts=3)
_SIMPLER = Options(intervals_of=("log_kb",), response_level=1.0, starts=2)
_PLAIN = Options(intervals="", response_level=1.0, starts=1)


@dataclass(frozen=True)
class ModulatorFits:
    """What was fitted: `free` the law of a second site, `competition` the same with alpha 0 (where the compound lowers
    binding), `flat` that of no effect. `p` is the probability of the data if the compound did nothing.
    """

    free: Fit | None
    competition: Fit | None
    flat: Fit | None
    p: float
    outcome: Outcome
    reason: str

    @property
    def has_effect(self) -> bool:
        """Whether there is an effect whose limit can be asked."""
        return self.outcome.usable or self.outcome is Outcome.CENSORED


@dataclass(frozen=True)
class Limit:
    """Whether the effect has a limit, by one or all days of a modulator: F and P against a competitor, AICc."""

    told: bool
    f: float
    p: float
    df: tuple[int, int]
    delta_aicc: float
    experiments: int

    @property
    def test(self) -> str:
        """The F test as it stands in a sentence."""
        return f"F({self.df[0]}, {self.df[1]}) = {figures(self.f)}, P {p_text(self.p)}"

    @property
    def sentence(self) -> str:
        """What the days together say."""
        if math.isnan(self.f):
            return "The compound raises binding, as no competitor does."
        days = f"{self.experiments} experiment{'' if self.experiments == 1 else 's'}"
        if self.told:
            return f"The effect has a limit, which that of a competitor has not ({self.test}, {days})."
        return (
            f"The compound cannot be told from a competitor ({self.test}, {days}): use a higher radioligand "
            "concentration or a dissociation experiment."
        )


def fit_modulator(data: Modulated, level: float) -> ModulatorFits:
    """Fit all radioligand concentrations together; a modulator that does nothing is said so."""
    obstacle = _obstacle(data)
    if obstacle:
        return ModulatorFits(None, None, None, math.nan, Outcome.FAILED, obstacle)
    curves = tuple(one.curve for one in data.curves)
    start = _start(data)
    problem = FitProblem(allosteric_ternary_complex, curves, _rules(data, {}))
    free = fit(problem, data.curves[0].data.weighting, level, replace(_FREE, start=start))
    if free.outcome is Outcome.FAILED:
        return ModulatorFits(free, None, None, math.nan, Outcome.FAILED, free.reason)
    kept = GivenWeights.of(free)
    none = {"log_alpha": 0.0, "log_kb": float(np.median(data.concentrations))}
    flat = fit(FitProblem(allosteric_ternary_complex, curves, _rules(data, none)), kept, level, _PLAIN)
    p = f_test(flat, free)[1]
    if not p < SURE:
        return ModulatorFits(free, None, flat, p, Outcome.NO_RESPONSE, _nothing(data, p))
    competition = None
    if free.value("log_alpha") < 0.0:
        rules = _rules(data, {"log_alpha": NO_ALPHA})
        near = {name: free.value(name) for name in free.names if name != "log_alpha"}
        competition = fit(
            FitProblem(allosteric_ternary_complex, curves, rules), kept, level, replace(_SIMPLER, start=near)
        )
    return ModulatorFits(free, competition, flat, p, free.outcome, free.reason)


def limit_of(fits: Sequence[ModulatorFits]) -> Limit:
    """Whether these days of a modulator together tell its effect from that of a competitor.

    Compounds that raise binding are no competitors, whatever their limit: F is then nan.
    """
    pairs = [(one.competition, one.free) for one in fits if one.has_effect]
    lowering = [(simple, richer) for simple, richer in pairs if simple is not None and richer is not None]
    if not lowering or len(lowering) * 2 < len(pairs):
        return Limit(True, math.nan, 0.0, (0, 0), math.nan, len(pairs))
    squares = [sum(pair[i].sum_of_squares for pair in lowering) for i in (0, 1)]
    df = [sum(pair[i].df for pair in lowering) for i in (0, 1)]
    f, p = extra_squares((squares[0], df[0]), (squares[1], df[1]))
    points = sum(richer.points for _, richer in lowering)
    scores = [aicc_of(points, points - df[i], squares[i]) for i in (0, 1)]
    return Limit(p < LIMIT_SURE, f, p, (df[0] - df[1], df[1]), scores[1] - scores[0], len(lowering))


def plateau(one: HotCurve, found: Fit) -> float:
    """Specific binding with the second site full over that without modulator, with the radioligand free without it."""
    ligand, kd, alpha = one.free[0], 10.0 ** found.value("log_kd"), 10.0 ** found.value("log_alpha")
    return float(alpha * (ligand + kd) / (alpha * ligand + kd))


def reached(one: HotCurve, found: Fit) -> float:
    """The part of the full effect that the highest concentration of modulator has."""
    ligand, kd, alpha = one.free[0], 10.0 ** found.value("log_kd"), 10.0 ** found.value("log_alpha")
    half = 10.0 ** found.value("log_kb") * (ligand + kd) / (alpha * ligand + kd)
    return float(1.0 / (1.0 + half / 10.0 ** one.data.concentrations[-1]))


def shown(found: Fit) -> Fit:
    """The fit with its nonspecific wells, whose sites hold no label, beyond all concentrations, as they are drawn."""
    curves = []
    for one in found.curves:
        log_modulator, free = one.data.x
        x = np.stack([np.where(free == 0.0, math.inf, log_modulator), free])
        curves.append(replace(one, data=replace(one.data, x=x)))
    return replace(found, curves=tuple(curves))


def _rules(data: Modulated, fixed: dict[str, float]) -> dict[str, Rule | Sequence[Rule]]:
    """One Bmax, KB and alpha, a nonspecific binding for every radioligand concentration, the Kd as stated."""
    held = {"log_kd": math.log10(data.kd.value), **fixed}
    shared: dict[str, Rule] = {
        name: Fixed(held[name]) if name in held else Shared() for name in allosteric_ternary_complex.names
    }
    return {**shared, "bottom": Individual()}


def _start(data: Modulated) -> dict[str, float]:
    """From the controls and the wells at the highest concentrations."""
    one = data.curves[0]
    total, nonspecific = one.data.controls or (math.nan, math.nan)
    ligand, kd = float(one.free[0]), data.kd.value
    own, tested = one.data.without_controls, one.data.concentrations
    taken = ligand / (ligand + kd)
    means = np.array([own.y[own.x == x].mean() for x in tested])
    left = min(max((means[-1] - nonspecific) / (total - nonspecific), 0.01), 0.95 / taken)
    half = tested[int(np.argmin(np.abs(means - (means[-1] + total) / 2.0)))]
    alpha = min(max(taken * left / (1.0 - taken * left) * kd / ligand, 1e-3), 1e3)
    middle = (ligand + kd) / (alpha * ligand + kd)  # the half way point lies so many times beyond KB
    bottoms = {
        f"bottom[{each.label}]" if len(data.curves) > 1 else "bottom": each.data.controls[1]
        for each in data.curves
        if each.data.controls
    }
    return bottoms | {
        "bmax": (total - nonspecific) / taken,
        "log_kb": float(half) - math.log10(middle),
        "log_alpha": math.log10(alpha),
    }


def _obstacle(data: Modulated) -> str:
    """Why these wells give no KB, or nothing."""
    few = data.concentrations.size
    if few < FEWEST_CONCENTRATIONS:
        return (
            f"{few} concentrations of {data.modulator} in use; at least {FEWEST_CONCENTRATIONS} are needed."
        )
    for one in data.curves:
        if one_reading(one.data.curve.y):
            return DEAD
        if one.data.controls is None:
            return f"At {one.label} there are no total or no nonspecific wells on the plates of {data.modulator}."
        total, nonspecific = one.data.controls
        if nonspecific >= total:
            return (
                f"At {one.label} the nonspecific wells read as high as the total wells, so no binding is seen. Check "
                "whether they are swapped in the plate map."
            )
        if not (one.free > 0).all():
            return (
                f"At {one.label} more radioligand was bound than was added. Check its specific activity, the counting "
                "efficiency and the volume."
            )
        if not one.data.concentrations.size:
            return f"At {one.label} no well of {data.modulator} is in use."
    return ""


def _nothing(data: Modulated, p: float) -> str:
    highest = figures(10.0 ** float(data.concentrations[-1]), unit="M")
    return (
        f"No effect of {data.modulator} on binding up to {highest} can be told from scatter (P = {figures(p, 2)}): "
        "either alpha is 1, and KB cannot be measured so, or KB lies beyond."
    )
