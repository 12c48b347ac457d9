"""Which of several laws to keep for the same data: AICc and its weights, and F where one law contains the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from ..core.equation import Array, Axis
from ..core.errors import ModelError, Problem
from ..core.fit import Fit
from ..core.result import Comparison
from .compare import ALPHA, aicc, compare_nested, meets_every_point, p_text

NEAR = 2.0  # AICc above the lowest up to which a law is nearly as well supported (Burnham & Anderson 2002)
TIE = 6  # decimals of AICc that tell laws apart
SAME = 1e-9  # relative difference of two concentrations that are the same


@dataclass(frozen=True, eq=False)
class Candidate:
    """One law in the ranking: its fit, AICc, how far that lies above the lowest, and its Akaike weight.

    The weight is the probability that of the ranked laws this one loses least; all weights add up to 1.
    """

    law: str
    fit: Fit
    aicc: float
    delta: float
    weight: float


@dataclass(frozen=True, eq=False)
class Out:
    """A law that takes no part in the ranking, and why."""

    law: str
    fit: Fit
    reason: str


@dataclass(frozen=True, eq=False)
class Choice:
    """The law to keep, in a sentence, and what speaks for it.

    `preferred` is its fit (none where no law can be judged), `ranked` holds the laws from the lowest AICc on, `out`
    those that take no part, `comparisons` the F tests that were asked: those of the laws between which F decides.
    """

    preferred: Fit | None
    sentence: str
    ranked: tuple[Candidate, ...]
    out: tuple[Out, ...]
    comparisons: tuple[Comparison, ...]

    def __str__(self) -> str:
        width = max(len(law) for law in ["law", *(one.law for one in self.ranked)])
        lines = [self.sentence]
        if self.ranked:
            lines += ["", f"{'law':<{width}}  parameters  residual SS      AICc     delta  weight  outcome"]
        for one in self.ranked:
            lines.append(
                f"{one.law:<{width}}  {len(one.fit.names):>10}  {one.fit.sum_of_squares:>11.5g}  {one.aicc:>8.2f}  "
                f"{one.delta:>8.2f}  {one.weight:>6.3f}  {one.fit.outcome.code}"
            )
        lines += ["", "One law contains the other:"] if self.comparisons else []
        lines += [f"  {one.sentence}" for one in self.comparisons]
        lines += ["", "Not ranked:"] if self.out else []
        lines += [f"  {one.law}: {one.reason}" for one in self.out]
        return "\n".join(lines)


def choose(fits: Sequence[Fit], alpha: float = ALPHA) -> Choice:
    """Choose between fits of several laws to the same points with the same weights; their order does not matter.

    The law with the lowest AICc is taken. Where it contains another one or is contained in another one, the extra sum
    of squares decides between the two: the richer is kept when P < alpha. Laws whose fit is not usable are listed with
    the reason. Raises ModelError when points or weights differ, or when there are fewer than two fits.
    """
    _require_same(fits)
    called = dict(zip(map(id, fits), _called(fits), strict=True))
    out = [(fit, _why_out(fit)) for fit in fits]
    judged = [fit for fit, reason in out if not reason]
    ranked = _ranked(judged, called)
    excluded = tuple(
        sorted((Out(called[id(fit)], fit, why) for fit, why in out if why), key=lambda one: one.law)
    )
    if len(ranked) < 2 or math.isinf(ranked[0].aicc):
        return Choice(
            ranked[0].fit if ranked else None, _without_test(ranked, len(fits)), ranked, excluded, ()
        )
    tests = _Tests(alpha)
    kept, moves, circle = _settled(ranked, tests)
    sentence = _sentence(ranked, kept, moves, circle, tests)
    return Choice(kept.fit, sentence, ranked, excluded, tuple(filter(None, tests.asked.values())))


def _require_same(fits: Sequence[Fit]) -> None:
    if len(fits) < 2:
        raise _refused("there is nothing to choose between", "Give the fits of at least two laws")
    first = fits[0]
    usable = [fit for fit in fits if fit.outcome.usable]
    for fit in fits[1:]:
        if not _same_points(first, fit):
            raise _refused(
                f"'{first.equation.name}' and '{fit.equation.name}' were fitted to different points",
                "Fit all laws to the same points",
            )
    for fit in usable[1:]:
        if usable[0].scale_known != fit.scale_known or not _same_weights(usable[0], fit):
            raise _refused(
                f"'{usable[0].equation.name}' and '{fit.equation.name}' were fitted with different weights",
                "Fit all laws with the same weights: those of one of the fits, where they follow from the curve",
            )


def _same_points(one: Fit, other: Fit) -> bool:
    """Whether the points are the same, be x a concentration for one law and its logarithm for the other."""
    if len(one.curves) != len(other.curves) or len(one.equation.axes) != len(other.equation.axes):
        return False
    for a, b in zip(one.curves, other.curves, strict=True):
        if a.data.x.shape != b.data.x.shape or not np.array_equal(a.data.y, b.data.y):
            return False
        for u, v, of, to in zip(
            np.atleast_2d(a.data.x),
            np.atleast_2d(b.data.x),
            one.equation.axes,
            other.equation.axes,
            strict=True,
        ):
            alike = np.array_equal(u, v) if of.log10 == to.log10 else _close(_amount(u, of), _amount(v, to))
            if of.unit != to.unit or not alike:
                return False
    return True


def _amount(x: Array, axis: Axis) -> Array:
    with np.errstate(over="ignore"):
        return np.power(10.0, x) if axis.log10 else x


def _close(one: Array, other: Array) -> bool:
    return bool(np.allclose(one, other, rtol=SAME, atol=0.0))


def _same_weights(one: Fit, other: Fit) -> bool:
    return all(
        np.allclose(a.weights, b.weights, rtol=1e-12, atol=0.0)
        for a, b in zip(one.curves, other.curves, strict=True)
    )


def _refused(what: str, fix: str) -> ModelError:
    return ModelError(Problem(what, "choice of a law", fix, "E-CHOICE"))


def _called(fits: Sequence[Fit]) -> list[str]:
    """What to call each law: its title, with what was fixed where a law comes more than once."""
    titles = [fit.equation.title for fit in fits]
    return [
        f"{title} ({', '.join(f'{name} = {value:g}' for name, value in fit.fixed.items()) or 'nothing fixed'})"
        if titles.count(title) > 1
        else title
        for fit, title in zip(fits, titles, strict=True)
    ]


def _why_out(fit: Fit) -> str:
    """Why a fit cannot be ranked; empty where it can."""
    if not fit.outcome.usable:
        return fit.reason or fit.outcome.value
    if aicc(fit) == math.inf:
        return f"{fit.points} points are too few for the AICc of {len(fit.names)} parameters."
    return ""


def _ranked(fits: Sequence[Fit], called: dict[int, str]) -> tuple[Candidate, ...]:
    """The fits from the lowest AICc on; of equal ones the one with fewer parameters first, then by name."""
    if not fits:
        return ()
    exact = [not fit.scale_known and meets_every_point(fit) for fit in fits]
    found = [-math.inf if meets else aicc(fit) for fit, meets in zip(fits, exact, strict=True)]
    least = min(found)
    deltas = [0.0 if one == least else one - least for one in found]
    likely = np.exp(-np.array(deltas) / 2.0)
    weights = likely / likely.sum()
    every = [
        Candidate(called[id(fit)], fit, one, delta, float(weight))
        for fit, one, delta, weight in zip(fits, found, deltas, weights, strict=True)
    ]
    return tuple(
        sorted(
            every, key=lambda one: (round(one.delta, TIE), len(one.fit.names), one.fit.equation.name, one.law)
        )
    )


def _without_test(ranked: Sequence[Candidate], count: int) -> str:
    """The sentence where there is nothing to weigh: no law, one law, or one that leaves no scatter."""
    if not ranked:
        return f"No law can be chosen: none of the {count} has a usable fit."
    if len(ranked) == 1:
        return f"{ranked[0].law} is kept: of {count} laws it is the only one whose fit can be judged."
    return (
        f"{ranked[0].law} is kept: it meets every point with the fewest parameters, "
        "which leaves no scatter to judge the laws by."
    )


@dataclass
class _Tests:
    """The F tests between laws of which one contains the other, each asked once."""

    alpha: float
    asked: dict[tuple[int, int], Comparison | None] = field(default_factory=dict)

    def between(self, one: Candidate, other: Candidate) -> Comparison | None:
        """The F test of two laws; none where the one with more parameters does not contain the other."""
        simple, richer = sorted((one.fit, other.fit), key=lambda fit: len(fit.names))
        pair = id(simple), id(richer)
        if pair not in self.asked:
            self.asked[pair] = None
            with suppress(ModelError):  # which says why there is no such test
                self.asked[pair] = compare_nested(simple, richer, self.alpha)
        return self.asked.get(pair)

    def better(self, law: Candidate, ranked: Sequence[Candidate]) -> tuple[Candidate, Comparison] | None:
        """The law of lowest AICc that an F test keeps instead of this one."""
        tests = [(other, self.between(law, other)) for other in ranked if other is not law]
        return next(((other, test) for other, test in tests if test and test.fit is other.fit), None)


_Move: TypeAlias = tuple[Candidate, Candidate, Comparison]


def _settled(ranked: Sequence[Candidate], tests: _Tests) -> tuple[Candidate, list[_Move], bool]:
    """The law that no F test turns down, the moves that led to it, and whether the tests went in a circle."""
    kept, moves, seen = ranked[0], [], [ranked[0]]
    while found := tests.better(kept, ranked):
        moves.append((kept, *found))
        kept = found[0]
        if kept in seen:
            return ranked[0], [], True
        seen.append(kept)
    return kept, moves, False


def _sentence(
    ranked: Sequence[Candidate], kept: Candidate, moves: Sequence[_Move], circle: bool, tests: _Tests
) -> str:
    first, second = ranked[0], ranked[1]
    text = f"{kept.law} is preferred: "
    tested = [one for one in ranked if one is not kept and tests.between(kept, one)]
    if circle:
        why = f"it has the lowest AICc of {len(ranked)} laws, but the F tests of nested laws contradict one another"
    elif moves:
        lead = f" by {second.delta:.1f}" if second.delta >= 0.05 else ""
        why = f"{first.law} has the lowest AICc{lead}, but {'; '.join(map(_moved, moves))}"
    else:
        why = (
            f"of {len(ranked)} laws it has the lowest AICc, by {second.delta:.1f} (weight {kept.weight:.2f})"
        )
        why += ", and no F test against a nested law turns it down" if tested else ""
    near = [one.law for one in ranked if one.delta < NEAR and one is not kept and one not in tested]
    return text + why + (f"; nearly as well supported: {', '.join(near)}." if near else ".")


def _moved(move: _Move) -> str:
    left, kept, test = move
    if len(kept.fit.names) < len(left.fit.names):
        return f"its additional parameters are not worth it beside {kept.law} (P {p_text(test.p)})"
    return f"{kept.law}, which contains it, fits better by more than chance (P {p_text(test.p)})"
