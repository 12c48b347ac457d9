"""Four mechanisms of inhibition fitted to the grid of one compound, and which of them the days ask for together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...core.equation import Equation
from ...core.fit import Fit
from ...core.result import Comparison
from ...equations.labelled_inhibition import (
    labelled_competitive,
    labelled_mixed,
    labelled_noncompetitive,
    labelled_uncompetitive,
)
from ...fitting.compare import ALPHA, aicc, aicc_of, extra_squares, p_text
from ...fitting.problem import Fixed, Individual, Problem, Rule, Shared
from ...fitting.solve import Options, fit
from ...fitting.weights import GivenWeights, Weights
from .._uptake_kinetics.wells import CarrierWells

TENFOLD = 10.0  # a second constant so many times the first has to be seen before it is called infinite
SURE = 6.0  # of AICc: odds of 20 to 1 are asked for before another mechanism is ruled out
INTERVALS_OF = ("vmax", "log_km", "log_kic", "log_kiu", "log_ki")
_LOOKING = Options(intervals="", starts=2, response_level=1.0)
_FROM_MIXED = Options(intervals="", starts=1, response_level=1.0)
_WITH_INTERVALS = Options(intervals_of=INTERVALS_OF, starts=1, response_level=1.0)


@dataclass(frozen=True, eq=False)
class Mechanism:
    """One way to inhibit: its law, and which fitted parameter each constant is.

    Ki is the constant at the carrier without substrate (Kic), Kiu that at the carrier with substrate.
    """

    name: str
    law: Equation
    constants: Mapping[str, str]

    @property
    def title(self) -> str:
        """How it is called at the head of a sentence."""
        return f"{self.name.capitalize()} inhibition"


COMPETITIVE = Mechanism("competitive", labelled_competitive, {"Ki": "log_kic"})
NONCOMPETITIVE = Mechanism("noncompetitive", labelled_noncompetitive, {"Ki": "log_ki"})
UNCOMPETITIVE = Mechanism("uncompetitive", labelled_uncompetitive, {"Kiu": "log_kiu"})
MIXED = Mechanism("mixed", labelled_mixed, {"Ki": "log_kic", "Kiu": "log_kiu"})
MECHANISMS = (COMPETITIVE, NONCOMPETITIVE, UNCOMPETITIVE, MIXED)


@dataclass(frozen=True)
class Standing:
    """How one mechanism stands over all days: its AICc above the lowest, its Akaike weight, and the F test of mixed.

    `p` is the probability of the fall in the sum of squares that mixed inhibition brings (nan for mixed itself).
    """

    mechanism: Mechanism
    sum_of_squares: float
    df: int
    aicc: float
    delta: float
    weight: float
    p: float


@dataclass(frozen=True)
class Decision:
    """The mechanism that the days ask for together, the others that are nearly as well supported, and all four."""

    preferred: Mechanism
    rivals: tuple[Mechanism, ...]
    standings: tuple[Standing, ...]

    def standing(self, mechanism: Mechanism) -> Standing:
        """How this mechanism stands."""
        return next(one for one in self.standings if one.mechanism is mechanism)

    @property
    def sentence(self) -> str:
        """What was chosen and why."""
        own = self.standing(self.preferred)
        if self.preferred is MIXED:
            best = min(
                (one for one in self.standings if one.mechanism is not MIXED), key=lambda one: one.aicc
            )
            why = (
                f"it fits better than {best.mechanism.name}, the best of its special cases, by more than chance "
                f"(P {p_text(best.p)})"
            )
        else:
            why = f"of the special cases of mixed inhibition it has the lowest AICc (weight {own.weight:.2g}), and"
            why += f" mixed inhibition is not worth its further constant (P {p_text(own.p)})"
        return f"{self.preferred.title}: {why}. {self.unsure}".rstrip()

    @property
    def short(self) -> str:
        """What was chosen, to stand beside its constant."""
        weight = self.standing(self.preferred).weight
        return f"{self.preferred.title} (Akaike weight {weight:.2g}). {self.unsure}".rstrip()

    @property
    def unsure(self) -> str:
        """From which mechanisms the grid cannot tell the preferred one, or nothing."""
        named = " or ".join(one.name for one in self.rivals)
        if not named:
            return ""
        why = (
            f": a second constant {TENFOLD:g} times the first is not excluded" if MIXED in self.rivals else ""
        )
        return f"The grid cannot tell {self.preferred.name} from {named} inhibition{why}."


def fit_all(data: CarrierWells) -> dict[str, Fit]:
    """The four mechanisms fitted to the grid of one day on the same weights, those of mixed inhibition."""
    mixed = fit_mechanism(data, MIXED, data.weighting, _LOOKING)
    if not np.isfinite(mixed.sum_of_squares):
        return {MIXED.name: mixed}
    kept = GivenWeights.of(mixed)
    others = (COMPETITIVE, NONCOMPETITIVE, UNCOMPETITIVE)
    start = {name: mixed.value(name) for name in mixed.names if name.partition("[")[0] in ("vmax", "log_km")}
    options = replace(_FROM_MIXED, start=start)
    return {MIXED.name: mixed, **{one.name: fit_mechanism(data, one, kept, options) for one in others}}


def fit_again(data: CarrierWells, mechanism: Mechanism, found: Fit, level: float) -> Fit:
    """The mechanism that was chosen, from where its fit stands, with its own weights and with intervals."""
    start = dict(zip(found.names, found.values.tolist(), strict=True))
    return fit_mechanism(data, mechanism, data.weighting, replace(_WITH_INTERVALS, start=start), level)


def fit_mechanism(
    data: CarrierWells,
    mechanism: Mechanism,
    weighting: Weights,
    options: Options = _LOOKING,
    level: float = 0.95,
    held: Mapping[str, float] | None = None,
) -> Fit:
    """One mechanism fitted to wells with and without carrier together, as counted; `held` parameters are fixed."""
    sharing: dict[str, Rule | tuple[Rule, ...]] = {name: Shared() for name in mechanism.law.names}
    sharing["vmax"] = (Individual(), Fixed(0.0))
    if data.one_label:
        sharing["background"] = Fixed(0.0)
    sharing |= {name: Fixed(value) for name, value in (held or {}).items()}
    curves = data.curves(data.substrate, data.inhibitor)
    return fit(Problem(mechanism.law, curves, sharing), weighting, level, options)


def decide(days: Sequence[Mapping[str, Fit]]) -> Decision | None:
    """Which mechanism the days ask for together, each with its own constants; None where no day could be fitted.

    The sums of squares of the days are added up. The lowest AICc decides between mechanisms of which neither contains
    the other; mixed inhibition, which contains all others, is kept where the F test asks for it (P < 0.05). A
    mechanism is a rival where its AICc lies less than 6 above (odds below 20 to 1), and mixed inhibition where AICc
    asks for it although F does not.
    """
    usable = [day for day in days if len(day) == len(MECHANISMS)]
    if not usable:
        return None
    known = all(day[MIXED.name].scale_known for day in usable)
    sums = {
        one: (
            sum(day[one.name].sum_of_squares for day in usable),
            sum(day[one.name].df for day in usable),
        )
        for one in MECHANISMS
    }
    points = sum(day[MIXED.name].points for day in usable)
    found = {one: aicc_of(points, points - df, squares, known) for one, (squares, df) in sums.items()}
    least = min(found.values())
    likely = {one: _likelihood(value, least) for one, value in found.items()}
    standings = tuple(
        Standing(
            one,
            *sums[one],
            found[one],
            found[one] - least if math.isfinite(least) else math.nan,
            likely[one] / sum(likely.values()),
            math.nan if one is MIXED else extra_squares(sums[one], sums[MIXED], known)[1],
        )
        for one in sorted(MECHANISMS, key=lambda one: (found[one], len(one.constants), one.name))
    )
    return _decided(standings)


def _likelihood(value: float, least: float) -> float:
    return math.exp(-(value - least) / 2.0) if math.isfinite(least) else float(value == least)


def _decided(standings: tuple[Standing, ...]) -> Decision:
    special = [one for one in standings if one.mechanism is not MIXED]
    mixed = next(one for one in standings if one.mechanism is MIXED)
    allowed = [one for one in special if not one.p < ALPHA]
    if not allowed:
        return Decision(MIXED, (), standings)
    best = allowed[0]
    rivals = [one.mechanism for one in allowed[1:] if one.aicc - best.aicc < SURE]
    if mixed.aicc < best.aicc:
        rivals.append(MIXED)
    return Decision(best.mechanism, tuple(rivals), standings)


def with_what_is_not_excluded(
    decision: Decision, days: Sequence[tuple[CarrierWells, Mapping[str, Fit]]]
) -> Decision:
    """The decision, with mixed inhibition as a rival of a special case that the grid could not tell from it.

    Competitive and uncompetitive inhibition say that one constant is infinite, noncompetitive inhibition that both are
    equal. Where the days do not contradict one of ten times the other (P >= 0.05 by the sums of squares), they cannot
    say so.
    """
    if MIXED in (decision.preferred, *decision.rivals):
        return decision
    for own, other in _SECOND[decision.preferred]:
        fits = [_held(data, each, decision.preferred, (own, other)) for data, each in days]
        mixed = [each[MIXED.name] for _, each in days]
        sums = [
            (sum(one.sum_of_squares for one in part), sum(one.df for one in part)) for part in (fits, mixed)
        ]
        if not extra_squares(sums[0], sums[1], mixed[0].scale_known)[1] < ALPHA:
            return replace(decision, rivals=(*decision.rivals, MIXED))
    return decision


# for every special case: the constant that it has, as a parameter of mixed inhibition, and the one that is held
_SECOND = {
    COMPETITIVE: (("log_kic", "log_kiu"),),
    UNCOMPETITIVE: (("log_kiu", "log_kic"),),
    NONCOMPETITIVE: (("log_kic", "log_kiu"), ("log_kiu", "log_kic")),
}


def _held(
    data: CarrierWells, fits: Mapping[str, Fit], preferred: Mechanism, constants: tuple[str, str]
) -> Fit:
    """Mixed inhibition with its second constant held at ten times the one of the mechanism that is preferred."""
    kept, (own, other) = fits[preferred.name], constants
    (parameter,) = preferred.constants.values()
    value = kept.value(parameter)
    start = {name: kept.value(name) for name in kept.names if name != parameter} | {own: value}
    return fit_mechanism(
        data,
        MIXED,
        GivenWeights.of(fits[MIXED.name]),
        replace(_FROM_MIXED, start=start),
        held={other: value + math.log10(TENFOLD)},
    )


def comparisons(day: Mapping[str, Fit]) -> tuple[Comparison, ...]:
    """The special cases against mixed inhibition on one day."""
    if len(day) < len(MECHANISMS):
        return ()
    mixed = day[MIXED.name]
    own = (mixed.sum_of_squares, mixed.df)
    told = []
    for one in (COMPETITIVE, NONCOMPETITIVE, UNCOMPETITIVE):
        simple = day[one.name]
        f, p = extra_squares((simple.sum_of_squares, simple.df), own, mixed.scale_known)
        delta = aicc(mixed) - aicc(simple)
        kept = MIXED if p < ALPHA else one
        sentence = f"{kept.title} on this day alone: F = {f:.3g}, P {p_text(p)}."
        told.append(Comparison(one.title, MIXED.title, kept.title, f, p, delta, sentence, day[kept.name]))
    return tuple(told)
