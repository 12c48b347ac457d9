"""The free sites of the mass balance against its root in sixty digits, at every ratio of sites, label, competitor."""

import itertools

import numpy as np
import pytest
from mpmath import mp, mpf

from prusoff.core.mass_balance import free_sites

SITES = (1e-6, 1e-2, 0.4, 30.0, 1e6)
LABELS = (1e-4, 1.0, 1e4)
COMPETITORS = (0.0, 1e-3, 25.0, 1e6, 1e15)
CONSTANTS = (1e-6, 0.8, 1e3)


def in_sixty_digits(sites, label, competitor, kd, ki):
    """The root by bisection: slow and certain."""
    with mp.workdps(60):
        sites, label, competitor, kd, ki = map(mpf, (sites, label, competitor, kd, ki))
        low, high = mpf(0), sites
        for _ in range(400):
            middle = (low + high) / 2
            balance = middle + middle * label / (kd + middle) + middle * competitor / (ki + middle) - sites
            low, high = (middle, high) if balance < 0 else (low, middle)
        return float(high)


@pytest.mark.parametrize("sites", SITES)
def test_every_digit_is_right_at_any_ratio(sites):
    places = list(itertools.product(LABELS, COMPETITORS, CONSTANTS, CONSTANTS))
    label, competitor, kd, ki = np.array(places).T
    found = free_sites(sites, (label, competitor), (kd, ki))
    exact = [in_sixty_digits(sites, *place) for place in places]
    np.testing.assert_allclose(found, exact, rtol=1e-10)
    # where sites and competitor titrate each other, a last digit of either moves the root by many
    slope = 1 + label * kd / (kd + found) ** 2 + competitor * ki / (ki + found) ** 2
    moved = (sites + label + competitor) / (slope * found)
    assert (np.abs(found / exact - 1) <= 1e-15 * np.maximum(1, moved)).all()


def test_where_there_are_no_sites_none_are_free():
    assert free_sites(0.0, (1.0, 25.0), (0.8, 5.0)) == 0.0


def test_shapes_broadcast():
    assert free_sites(np.ones((3, 1)), (1.0, np.ones(4)), (0.8, 5.0)).shape == (3, 4)
