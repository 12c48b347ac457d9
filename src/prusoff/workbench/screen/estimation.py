"""How the curves of a part are fitted: by least squares, without their outliers, or so that outliers count little."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...core.curves import Curves
from ...core.equation import Array, Equation
from ...core.errors import InputError, ModelError, Problem
from ...core.fit import Fit
from ...core.fits import Fits

if TYPE_CHECKING:
    from ...fitting.search import Options
    from .part import Settings

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Estimated:
    """The fits of some curves, which points were set aside as outliers (none of length 0), and further columns."""

    fits: Fits
    outliers: Flags
    more: Mapping[str, Array] = field(default_factory=dict)


def check_estimation(settings: Settings) -> None:
    """Raise where what is asked of outliers and of false discoveries makes no sense."""
    if settings.rout is not None:
        from ...fitting.outliers import check_rate

        check_rate(settings.rout)
        if settings.robust:
            what = "outliers are either set aside or made to count little, not both"
            raise InputError(Problem(what, "--outliers, --robust", "Give one of the two", "E-ROBUST"))
    if settings.robust and settings.intervals == "profile":
        what = "a robust fit has no profile of a likelihood"
        raise InputError(Problem(what, "--intervals", "Give wald or none, or leave it out", "E-ROBUST"))


def estimate(settings: Settings, law: Equation, curves: Curves, level: float) -> Estimated:
    """Fit every curve as the settings say."""
    from ...fitting.batch import fit_batch
    from ...fitting.search import Options
    from ...fitting.weights import WEIGHTINGS

    weighting = WEIGHTINGS[settings.weighting]
    method = "" if settings.intervals == "none" else settings.intervals
    options = Options(response_level=settings.response_level, intervals=method)
    if settings.rout is not None:
        found = _without_outliers(settings, law, curves, level, options)
    elif settings.robust:
        found = _robust(settings, law, curves, level, options)
    else:
        fits = fit_batch(law, curves, weighting, level, settings.fixed, options)
        found = Estimated(fits, np.zeros(0, dtype=bool))
    if settings.discovery != "decoys":
        return found
    return replace(found, more={**found.more, "p_decoy": _decoy_probabilities(law, curves)})


def named_first(law: Equation) -> str:
    """The parameter that is looked at first: the location, or the first one."""
    return law.location or law.names[0]


def _without_outliers(
    settings: Settings, law: Equation, curves: Curves, level: float, options: Options
) -> Estimated:
    """Fits without the outliers; the value of the location with them stands beside it."""
    from ...fitting.batch.outliers import rout_batch
    from ...fitting.weights import WEIGHTINGS

    weighting, q, first = WEIGHTINGS[settings.weighting], settings.rout or 0.0, named_first(law)
    cleaned = rout_batch(law, curves, weighting, level, settings.fixed, options, q)
    both, without = cleaned.fits, cleaned.without
    sentences = {text: k for k, text in enumerate(without.sentences)}
    reason = without.reason.copy()
    for c, refused in enumerate(cleaned.refused):
        if refused and refused != without.reason_of(c):
            told = f"{without.reason_of(c)} No outlier was set aside: {refused}".strip()
            reason[c] = sentences.setdefault(told, len(sentences))
    with_all = np.where(both.usable, both.value(first), np.nan)
    fits = replace(without, reason=reason, sentences=tuple(sentences))
    return Estimated(fits, cleaned.excluded, {f"{first}_with_outliers": with_all})


def _robust(settings: Settings, law: Equation, curves: Curves, level: float, options: Options) -> Estimated:
    """Robust fits with asymptotic standard errors, one after another."""
    from ...fitting.batch.one_by_one import gathered
    from ...fitting.problem import Problem as Fitted
    from ...fitting.robust import fit_robust
    from ...fitting.weights import WEIGHTINGS

    weighting = WEIGHTINGS[settings.weighting]
    found: list[Fit | str] = []
    scale = np.full(len(curves), np.nan)
    for c in range(len(curves)):
        try:
            problem = Fitted(law, (curves[c],), settings.fixed)
            one = fit_robust(problem, weighting=weighting, level=level, options=options)
        except (InputError, ModelError) as error:
            found.append(error.problems[0].what)
            continue
        found.append(one.fit)
        scale[c] = one.scale
    fits = gathered(law, curves, found, weighting, level, settings.fixed, options)
    return Estimated(fits, np.zeros(0, dtype=bool), {"robust_sd": scale})


def _decoy_probabilities(law: Equation, curves: Curves) -> Array:
    """P of the test for a response of one decoy a curve: its own responses in an order that holds no response."""
    from ...fitting.batch.layout import layouts, unusable
    from ...fitting.batch.responses import response_probability
    from ...fitting.discovery import decoys
    from ...fitting.turning import turns

    found = np.full(len(curves), np.nan)
    for layout in layouts(curves, np.flatnonzero(unusable(curves) == 0)):
        groups = np.repeat(np.arange(layout.x.size), np.diff(layout.edges))
        shuffled = replace(layout, y=decoys(layout.y, groups))
        found[layout.members] = response_probability(shuffled, turns(law))
    return found
