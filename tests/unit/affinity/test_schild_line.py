"""The Schild line: what it says of exact points, of points without a logarithm, and how its pA2 interval behaves."""

import math

import numpy as np
import pytest

from prusoff.affinity.schild import log_dose_ratio_less_one, schild_regression
from prusoff.core.errors import InputError


def test_exact_competition_has_slope_one_and_its_pkb():
    b = np.array([1e-9, 1e-8, 1e-7, 1e-6])
    found = schild_regression(b, 1.0 + b / 4e-9)
    assert found.slope == pytest.approx(1.0, abs=1e-12)
    for value in (found.pa2, found.pa2_low, found.pa2_high, found.pkb):
        assert value == pytest.approx(-math.log10(4e-9), abs=1e-9)
    assert found.points == 4


def test_dose_ratios_of_one_or_less_take_no_part():
    assert np.isnan(log_dose_ratio_less_one([0.5, 1.0])).all()
    assert log_dose_ratio_less_one([11.0])[0] == pytest.approx(1.0)
    found = schild_regression([1e-10, 1e-9, 1e-8, 1e-7], [0.97, 2.1, 10.4, 98.0])
    assert found.points == 3
    with pytest.raises(InputError, match="1 antagonist concentrations with a dose ratio above 1"):
        schild_regression([1e-9, 1e-8], [0.9, 5.0])


def test_two_points_make_a_line_without_an_error():
    found = schild_regression([1e-9, 1e-8], [2.0, 11.0])
    assert found.slope == pytest.approx(1.0)
    assert math.isnan(found.slope_low)
    assert math.isnan(found.pa2_low)
    assert found.unit_slope_holds  # nothing speaks against it


def test_a_slope_that_may_be_nothing_leaves_pa2_open():
    found = schild_regression([1e-9, 2e-9, 4e-9], [3.0, 2.0, 4.5])
    assert found.slope_low < 0 < found.slope_high
    assert (found.pa2_low, found.pa2_high) == (-math.inf, math.inf)


def test_the_interval_of_pa2_covers_the_truth():
    rng, b = np.random.default_rng(3), np.array([1e-9, 3e-9, 1e-8, 3e-8, 1e-7])
    hits = []
    for _ in range(400):
        logs = np.log10(b / 4e-9) + 0.06 * rng.standard_normal(b.size)
        found = schild_regression(b, 1.0 + 10.0**logs)
        hits.append(found.pa2_low <= -math.log10(4e-9) <= found.pa2_high)
    assert 0.92 <= np.mean(hits) <= 0.98
