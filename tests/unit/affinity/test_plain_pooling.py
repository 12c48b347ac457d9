"""Arithmetic means of quantities that may be negative, such as potentials and electrical distances."""

import math

import pytest

from prusoff.affinity.pooling import pool_plainly
from prusoff.core.errors import InputError
from prusoff.core.estimate import Estimate


def test_the_mean_of_three_has_the_t_interval_of_a_textbook():
    each = [Estimate("shift", value, "V") for value in (-0.006, -0.004, -0.005)]
    found = pool_plainly("drug", ("a", "b", "c"), each).estimate
    assert found.value == pytest.approx(-0.005)
    half = 4.302652729911275 * 0.001 / math.sqrt(3.0)  # t(0.975, 2) times the SEM
    assert (found.low, found.high) == pytest.approx((-0.005 - half, -0.005 + half))
    assert found.se == pytest.approx(0.001 / math.sqrt(3.0))


def test_one_experiment_keeps_its_own_interval():
    only = Estimate("shift", -0.005, "V", -0.008, -0.002)
    pooled = pool_plainly("drug", ("a",), (only,))
    assert pooled.estimate == only
    assert "nothing about reproducibility" in pooled.sentence


@pytest.mark.parametrize("values", [(), (0.1, math.nan)])
def test_nothing_and_what_is_no_number_are_refused(values):
    each = [Estimate("shift", value, "V") for value in values]
    with pytest.raises(InputError, match="cannot be averaged"):
        pool_plainly("drug", tuple("ab"[: len(each)]), each)
