"""Worked numbers S35: the robust standard deviation of given residuals, and the outliers among them."""

import numpy as np
import pytest

from prusoff.fitting.robust_statistics import outlier_test, robust_sd


def test_s35(science_cases):
    case = science_cases["S35"]
    given, expected = case["inputs"], case["expected"]
    residuals, fitted = np.array(given["residuals"]), given["fitted_parameters"]
    free = residuals.size - fitted
    rsdr = float(robust_sd(residuals, fitted))
    assert rsdr == pytest.approx(expected["RSDR"], rel=case["rtol"])
    assert rsdr * free / residuals.size == pytest.approx(expected["P68"], rel=case["rtol"])
    flags, p = outlier_test(residuals, rsdr, free, given["Q"])
    assert np.flatnonzero(flags).tolist() == expected["outlier_indices_0_based"]
    assert int(flags.sum()) == expected["n_outliers"]
    second, first = np.sort(p)[1::-1]
    assert first == pytest.approx(expected["p_of_largest"], rel=case["rtol"])
    assert second == pytest.approx(expected["p_of_second_largest"], rel=case["rtol"])
