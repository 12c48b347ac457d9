"""A mean over few days beside an error that all days share: the interval covers what it says, without simulation."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from scipy import stats

from prusoff.affinity.pooling import geometric_mean
from prusoff.affinity.propagation import mean_with_shared_error, with_shared_error
from prusoff.core.estimate import Estimate

RATIOS = (0.05, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 10.0)  # shared error over that of the mean
SPREADS = np.sqrt(stats.chi2.ppf((np.arange(2000) + 0.5) / 2000, 2) / 2)


def coverage(ratio, days, add, spreads):
    """How often the interval holds the truth: over all spreads between days, the mean being independent of its own."""
    z, t = NormalDist(), stats.t.ppf(0.975, days - 1)
    found = []
    for spread in spreads:
        half = t * 0.01 * spread
        mean = Estimate("Ki", 1.0, "M", 10**-half, 10**half, log10_se=0.01 * spread)
        reach = math.log10(add(mean, 0.01 * ratio, "Kd").high)
        found.append(2 * z.cdf(reach / (0.01 * math.hypot(1.0, ratio))) - 1)
    return float(np.mean(found))


@pytest.mark.parametrize("ratio", RATIOS)
def test_three_days_cover_what_they_say(ratio):
    assert 0.9495 <= coverage(ratio, 3, mean_with_shared_error, SPREADS) <= 0.9715


@pytest.mark.parametrize("days", [4, 6, 10])
def test_more_days_cover_what_they_say(days):
    spreads = np.sqrt(stats.chi2.ppf((np.arange(500) + 0.5) / 500, days - 1) / (days - 1))
    for ratio in RATIOS:
        assert 0.9495 <= coverage(ratio, days, mean_with_shared_error, spreads) <= 0.968


def test_adding_squares_would_cover_more_than_is_said():
    assert coverage(1.5, 3, with_shared_error, SPREADS) == pytest.approx(0.9767, abs=0.001)


def test_an_error_never_makes_an_interval_narrower():
    mean = geometric_mean([1e-9, 1.2e-9, 0.9e-9])
    alone = Estimate("Ki", mean.value, "M", mean.low, mean.high, log10_se=mean.log10_sd / math.sqrt(3))
    widths = [
        math.log10(mean_with_shared_error(alone, error, "Kd").high / alone.high)
        for error in (0.0, 0.001, 0.01, 0.02, 0.05, 0.1, 1.0)
    ]
    assert widths[0] == pytest.approx(0.0, abs=1e-12)
    assert widths == sorted(widths)


def test_an_open_side_stays_open_and_a_mean_without_error_is_widened_side_by_side():
    ends = Estimate("Ki", 1e-9, "M", 0.5e-9, math.inf, log10_se=0.1)
    assert mean_with_shared_error(ends, 0.1, "Kd").high == math.inf
    bounds = Estimate("Ki", 1e-9, "M", 0.5e-9, 2e-9)
    assert mean_with_shared_error(bounds, 0.1, "Kd").high == with_shared_error(bounds, 0.1, "Kd").high
