"""The Lassen plot with errors in both scans: closed form, weights, what ordinary least squares does, refusals."""

import math

import numpy as np
import pytest

from prusoff.affinity.lassen import lassen_line
from prusoff.core.errors import InputError

TRUE = np.array([24.0, 20.0, 17.0, 15.0, 13.0, 11.0])
OCCUPANCY, VND = 0.7, 9.0


def scans(rng, error=0.6):
    drug = (1 - OCCUPANCY) * TRUE + OCCUPANCY * VND
    return tuple(volumes + rng.normal(0, error, TRUE.size) for volumes in (TRUE, drug))


def test_without_error_it_is_the_line_itself():
    found = lassen_line(TRUE, (1 - OCCUPANCY) * TRUE + OCCUPANCY * VND)
    assert found.occupancy.value == pytest.approx(OCCUPANCY)
    assert found.nondisplaceable.value == pytest.approx(VND)
    assert found.regions == 6


def test_equal_errors_are_those_of_deming():
    baseline, drug = scans(np.random.default_rng(3))
    (xx, xy), (_, yy) = np.cov(baseline, drug)
    slope = ((yy - xx) + math.sqrt((yy - xx) ** 2 + 4 * xy**2)) / (2 * xy)
    assert 1 - lassen_line(baseline, drug).occupancy.value == pytest.approx(slope, rel=1e-10)


def test_the_size_of_stated_errors_cancels_and_their_ratio_counts():
    baseline, drug = scans(np.random.default_rng(4))
    plain = lassen_line(baseline, drug)
    same = lassen_line(baseline, drug, np.full(6, 3.0), np.full(6, 3.0))
    assert same.occupancy.value == pytest.approx(plain.occupancy.value)
    assert same.occupancy.se == pytest.approx(plain.occupancy.se)
    errors = np.array([9.0, 1, 1, 1, 1, 1])
    assert lassen_line(baseline, drug, errors, errors).occupancy.value != pytest.approx(
        plain.occupancy.value, rel=1e-3
    )


def test_intervals_cover_and_least_squares_alone_would_be_biased():
    rng = np.random.default_rng(5)
    found, ordinary = [], []
    for _ in range(1500):
        baseline, drug = scans(rng, 1.0)
        found.append(lassen_line(baseline, drug))
        ordinary.append(np.polyfit(baseline, baseline - drug, 1)[0])
    hits = np.mean([one.occupancy.low < OCCUPANCY < one.occupancy.high for one in found])
    free = np.mean([one.nondisplaceable.low < VND < one.nondisplaceable.high for one in found])
    assert 0.93 < hits < 0.97
    assert 0.93 < free < 0.97
    assert abs(np.mean([one.occupancy.value for one in found]) - OCCUPANCY) < 0.007
    assert np.mean(ordinary) - OCCUPANCY > 0.01


def test_vnd_is_open_where_the_scans_do_not_differ():
    rng = np.random.default_rng(6)
    found = lassen_line(TRUE + rng.normal(0, 0.5, 6), TRUE + rng.normal(0, 0.5, 6))
    assert found.occupancy.low < 0 < found.occupancy.high
    assert math.isinf(found.nondisplaceable.low)
    assert math.isinf(found.nondisplaceable.high)


def test_too_few_or_equal_regions_are_refused():
    with pytest.raises(InputError, match="at least 3 regions"):
        lassen_line(TRUE[:2], TRUE[:2])
    with pytest.raises(InputError, match="reference region"):
        lassen_line(np.full(4, 10.0), TRUE[:4])
