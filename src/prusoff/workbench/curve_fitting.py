"""Fit a law to arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from ..core.curves import Curve
from ..core.equation import Equation
from ..core.errors import InputError, Problem, Problems, UnknownName
from ..core.fit import Fit
from .screen.axes import FitRequest
from .screen.cells import number
from .screen.part import Settings, check_settings, law_named

__all__ = ["FitRequest", "check_choice", "fit", "law_named", "laws_to_fit", "outlier_rate_of", "parse_fixed"]


def fit(  # noqa: PLR0913 - the one function for people who have arrays: all that can be asked, by name
    equation: str | Equation,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    sd: npt.ArrayLike | None = None,
    fixed: Mapping[str, float] | None = None,
    weighting: str = "none",
    response_level: float | None = None,
) -> Fit:
    """Fit one curve: a law by name, x as the law takes it (log10 mol/L for a concentration), y as measured.

    `sd` gives the standard deviation of every y where it is known; `fixed` holds parameters at a value. A curve is
    fitted where chance alone would look so with a probability of at most `response_level` (above 0, up to 1; without it
    0.0000025 from 20 points on, 0.0001 from 15, 0.001 from 10, 0.01 from 7, else 0.05). A curve that cannot be fitted
    is an outcome of the Fit, never an exception; wrong names, shapes or levels raise.

    >>> import numpy as np
    >>> x = np.linspace(-10, -5, 11)
    >>> y = 100 / (1 + 10 ** (x + 7.5)) + np.array([1, -1] * 5 + [0.5])
    >>> found = fit("four_parameter_logistic", x, y)
    >>> bool(abs(found.value("log_ic50") + 7.5) < 0.1)
    True
    """
    from ..fitting.search import Options
    from ..fitting.solve import fit_curve
    from ..fitting.weights import WEIGHTINGS

    law = law_named(equation)
    check_settings(law, Settings(law.name, weighting, fixed or {}, response_level))
    curve = Curve(
        np.asarray(x, dtype=float),
        np.asarray(y, dtype=float),
        None if sd is None else np.asarray(sd, dtype=float),
    )
    return fit_curve(
        law,
        curve,
        sharing=fixed or {},
        weighting=WEIGHTINGS[weighting],
        options=Options(response_level=response_level),
    )


def laws_to_fit(equations: Sequence[str], choose: bool) -> tuple[str, ...]:
    """The law that was named, or those between which is to be chosen."""
    from .model_choice import USUAL

    if choose and len(equations) == 1:
        what = "there is nothing to choose between"
        fix = "Name at least two laws with --equation, or none for the usual ones"
        raise InputError(Problem(what, "--choose, --equation", fix, "E-CHOICE"))
    return tuple(equations) or (USUAL if choose else (FitRequest.equation,))


def check_choice(request: FitRequest, *, resume: bool, cluster: str) -> None:
    """Raise where a law is to be chosen and something is asked that goes with one law only."""
    asked = {
        "--outliers": request.rout is not None,
        "--robust": request.robust,
        "--fdr": bool(request.discovery),
        "--resume": resume,
        "--cluster": bool(cluster),
    }
    problems = Problems()
    for option, given in asked.items():
        if given:
            fix = "Choose the law first, then fit that one with it"
            problems.add("laws are chosen by plain fits in this process", option, fix, "E-CHOICE")
    problems.raise_if_any()


OUTLIERS = ("none", "rout")
Q = 0.01  # the rate of false outliers of Motulsky & Brown 2006


def outlier_rate_of(method: str, q: float | None) -> float | None:
    """The rate of false outliers at which outliers are set aside by a method, None where none are sought."""
    if method not in OUTLIERS:
        raise UnknownName.among(method, OUTLIERS, "method for outliers")
    if method == "none" and q is not None:
        what = "a rate of false outliers was given, but no outliers are sought"
        raise InputError(Problem(what, "--outlier-rate", "Add --outliers rout", "E-ROBUST"))
    return None if method == "none" else Q if q is None else q


def parse_fixed(texts: Iterable[str]) -> dict[str, float]:
    """Read 'hill_slope=1' into a parameter and its value."""
    held: dict[str, float] = {}
    problems = Problems()
    for text in texts:
        name, _, value = text.partition("=")
        held_at = number(value)
        if held_at is not None:
            held[name.strip()] = held_at
        else:
            problems.add(f"'{text}' does not hold a parameter", "--fix", "Write it as hill_slope=1", "E-FIX")
    problems.raise_if_any()
    return held
