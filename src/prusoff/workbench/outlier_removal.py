"""Fit arrays so that outliers do not decide, and set outliers aside with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..core.curves import Curve
from ..core.equation import Equation
from ..core.errors import UnknownName
from .screen.part import Settings, check_settings, law_named

if TYPE_CHECKING:
    from ..fitting.outliers import OutlierRemoval
    from ..fitting.problem import Problem
    from ..fitting.robust import RobustFit

ERRORS = ("lorentzian", "student_t")


def rout(  # noqa: PLR0913 - the one function for people who have arrays: all that can be asked, by name
    equation: str | Equation,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    sd: npt.ArrayLike | None = None,
    fixed: Mapping[str, float] | None = None,
    weighting: str = "none",
    q: float = 0.01,
    response_level: float | None = None,
) -> OutlierRemoval:
    """Find the outliers of one curve at the false discovery rate `q`, and fit it with and without them (ROUT).

    The other options are those of `fit`. The answer lists every point that was set aside with its reason; where more
    than 20 % of the points would be, or fewer than four concentrations would remain, none is and the answer says why.
    Motulsky & Brown, BMC Bioinformatics 2006;7:123.

    >>> import numpy as np
    >>> x = np.repeat(np.linspace(-10, -5, 11), 2)
    >>> y = 100 / (1 + 10 ** (x + 7.5)) + np.tile([1.0, -1.0, 0.5, -2.0], 6)[:22]
    >>> y[7] += 40
    >>> found = rout("four_parameter_logistic", x, y)
    >>> [outlier.point for outlier in found.excluded]
    [7]
    >>> found.sentence
    '1 of 22 points is an outlier and was set aside (ROUT, Q = 1 %).'
    """
    from ..fitting.outliers import rout as without_outliers
    from ..fitting.search import Options
    from ..fitting.weights import WEIGHTINGS

    problem = _problem(equation, (x, y, sd), Settings("", weighting, fixed or {}, response_level))
    options = Options(response_level=response_level)
    return without_outliers(problem, WEIGHTINGS[weighting], q, options=options)


def fit_robust(  # noqa: PLR0913 - the one function for people who have arrays: all that can be asked, by name
    equation: str | Equation,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    errors: str = "lorentzian",
    df: float = 4.0,
    sd: npt.ArrayLike | None = None,
    fixed: Mapping[str, float] | None = None,
    weighting: str = "none",
    response_level: float | None = None,
) -> RobustFit:
    """Fit one curve so that points far from it count little: 'lorentzian' errors, or 'student_t' ones with `df`.

    The other options are those of `fit`. The answer holds the fit, the scale of the errors and how much each point
    counted; with Student t errors also the likelihood and AIC.

    >>> import numpy as np
    >>> x = np.repeat(np.linspace(-10, -5, 11), 2)
    >>> y = 100 / (1 + 10 ** (x + 7.5)) + np.tile([1.0, -1.0, 0.5, -2.0], 6)[:22]
    >>> y[7] += 40
    >>> found = fit_robust("four_parameter_logistic", x, y, errors="student_t")
    >>> bool(abs(found.fit.value("log_ic50") + 7.5) < 0.02)
    True
    """
    from ..fitting.error_laws import Lorentzian, StudentT
    from ..fitting.robust import fit_robust as robust
    from ..fitting.search import Options
    from ..fitting.weights import WEIGHTINGS

    if errors not in ERRORS:
        raise UnknownName.among(errors, ERRORS, "law of errors")
    problem = _problem(equation, (x, y, sd), Settings("", weighting, fixed or {}, response_level))
    law = Lorentzian() if errors == "lorentzian" else StudentT(df)
    return robust(problem, law, WEIGHTINGS[weighting], options=Options(response_level=response_level))


def _problem(
    equation: str | Equation,
    arrays: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike | None],
    settings: Settings,
) -> Problem:
    """The law and the curve, after all that was asked for was found to exist."""
    from ..fitting.problem import Problem as Fitted

    law = law_named(equation)
    check_settings(law, settings)
    x, y, sd = arrays
    curve = Curve(
        np.asarray(x, dtype=float),
        np.asarray(y, dtype=float),
        None if sd is None else np.asarray(sd, dtype=float),
    )
    return Fitted(law, (curve,), settings.fixed)
