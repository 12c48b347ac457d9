"""A parameter that groups of curves share: one value in each group, its own name, and the fit remembers it."""

import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.equations.straight_line import straight_line
from prusoff.fitting.band import confidence_band
from prusoff.fitting.problem import Individual, Problem, Shared
from prusoff.fitting.solve import fit

X = np.arange(6.0)
NOISE = np.array([0.1, -0.2, 0.15, -0.05, 0.1, -0.1])


def curves():
    return [
        Curve(X, slope * X + intercept + NOISE, label=label)
        for label, slope, intercept in (("a", 1.0, 0.0), ("b", 1.1, 5.0), ("c", 3.0, 1.0), ("d", 3.2, 2.0))
    ]


RULES = {
    "slope": (Shared("low"), Shared("low"), Shared("high"), Shared("high")),
    "intercept": Individual(),
}


def test_a_group_has_one_value_and_curves_of_another_group_have_another():
    found = fit(Problem(straight_line, curves(), RULES))
    assert [name for name in found.names if name.startswith("slope")] == ["slope[low]", "slope[high]"]
    pairs = [fit(Problem(straight_line, some, {"slope": Shared()})) for some in (curves()[:2], curves()[2:])]
    assert found.value("slope[low]") == pytest.approx(pairs[0].value("slope"), rel=1e-10)
    assert found.value("slope[high]") == pytest.approx(pairs[1].value("slope"), rel=1e-10)


def test_the_fit_remembers_the_groups():
    found = fit(Problem(straight_line, curves(), RULES))
    again = Problem.of(found)
    assert again.names == found.names
    assert again.places.tolist() == Problem(straight_line, curves(), RULES).places.tolist()
    assert np.isfinite(confidence_band(found, X, 2).low).all()


def test_without_a_group_all_curves_share():
    assert Problem(straight_line, curves(), {"slope": Shared()}).names[0] == "slope"
