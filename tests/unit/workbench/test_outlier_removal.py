import numpy as np
import pytest

from prusoff.core.errors import InputError, UnknownName
from prusoff.core.fit import Outcome
from prusoff.workbench.curve_fitting import fit
from prusoff.workbench.outlier_removal import fit_robust, rout

LAW = "four_parameter_logistic"
X = np.repeat(np.linspace(-10.0, -5.0, 11), 2)
CLEAN = 100.0 / (1.0 + 10.0 ** (X + 7.5)) + np.tile([1.0, -1.0, 0.5, -2.0], 6)[:22]
Y = CLEAN + 40.0 * (np.arange(22) == 7)


def test_the_outlier_is_listed_and_both_fits_are_given():
    found = rout(LAW, X, Y)
    assert [(one.point, one.x, one.y) for one in found.excluded] == [(7, (X[7],), Y[7])]
    np.testing.assert_array_equal(found.with_all.values, fit(LAW, X, Y).values)
    kept = np.arange(22) != 7
    np.testing.assert_array_equal(found.without.values, fit(LAW, X[kept], Y[kept]).values)


def test_options_reach_the_fit():
    found = rout(LAW, X, Y, sd=np.full(22, 2.0), fixed={"hill_slope": 1.0}, weighting="known_sd", q=0.05)
    assert found.without.fixed == {"hill_slope": 1.0}
    assert found.without.scale_known
    assert found.q == 0.05
    relative = rout(LAW, X, np.abs(Y), weighting="relative", response_level=1.0)
    assert relative.without.weighting == "1/Y_fit^2"


def test_a_robust_fit_by_either_law_of_errors():
    for errors in ("lorentzian", "student_t"):
        found = fit_robust(LAW, X, Y, errors=errors)
        assert found.fit.outcome is Outcome.OK
        assert found.fit.value("log_ic50") == pytest.approx(-7.5, abs=0.02)
        assert found.counted[0].argmin() == 7
    assert fit_robust(LAW, X, Y, errors="student_t", df=7.0).fit.weighting == "none, Student t, 7 df errors"
    held = fit_robust(LAW, X, Y, fixed={"hill_slope": 1.0})
    assert held.fit.fixed == {"hill_slope": 1.0}


def test_wrong_names_and_numbers_are_told():
    with pytest.raises(UnknownName, match="lorentzian"):
        fit_robust(LAW, X, Y, errors="lorentz")
    with pytest.raises(UnknownName, match="hill_slope"):
        rout(LAW, X, Y, fixed={"hill": 1.0})
    with pytest.raises(UnknownName, match="relative"):
        rout(LAW, X, Y, weighting="relativ")
    with pytest.raises(InputError, match="false discovery rate"):
        rout(LAW, X, Y, q=0.0)
    with pytest.raises(InputError, match="missing"):
        rout(LAW, X, np.where(np.arange(22) == 3, np.nan, Y))
