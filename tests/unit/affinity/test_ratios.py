"""Ratios of constants: intervals that cover, bounds that hold, and what cancels."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.affinity.pooling import pool
from prusoff.affinity.propagation import with_shared_error
from prusoff.affinity.ratios import paired_quotient, product_ratio, quotient
from prusoff.core.errors import InputError
from prusoff.core.estimate import Estimate, Relation
from prusoff.core.result import Pooled


def ki(value, low=math.nan, high=math.nan, relation=Relation.EQUAL):
    return Estimate("Ki", value, "M", low, high, relation=relation)


def days(*values):
    return pool("x", [f"day {n}" for n, _ in enumerate(values)], [ki(value) for value in values])


def single(estimate):
    return Pooled("x", estimate, None, ("day",), (estimate,), "")


def test_the_value_is_the_ratio_of_the_geometric_means():
    found = quotient(days(8e-9, 12e-9, 10e-9), days(1e-9, 1.2e-9, 0.9e-9))
    assert found.value == pytest.approx((8 * 12 * 10 / (1 * 1.2 * 0.9)) ** (1 / 3))
    assert found.low < found.value < found.high
    assert found.unit == ""


def test_turning_a_ratio_round_turns_its_interval_round():
    over, under = days(8e-9, 12e-9, 10e-9), days(1e-9, 1.4e-9, 0.9e-9)
    there, back = quotient(over, under), quotient(under, over)
    assert back.value == pytest.approx(1 / there.value)
    assert (back.low, back.high) == pytest.approx((1 / there.high, 1 / there.low))


def test_without_other_errors_it_is_the_interval_of_welch():
    logs = np.array([-8.0, -8.1, -7.95]), np.array([-9.0, -9.2, -8.9, -9.05])
    variances = [one.var(ddof=1) / one.size for one in logs]
    df = sum(variances) ** 2 / sum(v**2 / (one.size - 1) for v, one in zip(variances, logs, strict=True))
    from scipy.stats import t

    half = t.ppf(0.975, df) * math.sqrt(sum(variances))
    found = quotient(*(days(*(10.0**one)) for one in logs))
    centre = logs[0].mean() - logs[1].mean()
    assert (found.low, found.high) == pytest.approx((10 ** (centre - half), 10 ** (centre + half)))


@pytest.mark.slow
@pytest.mark.parametrize(("n", "kd"), [((3, 3), 0.0), ((3, 3), 0.04), ((2, 4), 0.04), ((3, 1), 0.04)])
def test_intervals_cover_the_true_ratio(n, kd):
    rng, hits, number = np.random.default_rng(7), 0, 1200
    for _ in range(number):
        pair = [_measured(rng, size, sd, kd) for size, sd in zip(n, (0.05, 0.08), strict=True)]
        found = quotient(*pair)
        hits += found.low <= 1.0 <= found.high
    assert 0.93 <= hits / number <= 0.98


def _measured(rng, size, sd, kd):
    """A constant that is 10 nM, over days, with the error of a Kd that all of them share."""
    shift = 10.0 ** rng.normal(0.0, kd)
    values = 10.0 ** rng.normal(-8.0, sd, size) * shift
    found = days(*values)
    if size == 1:
        only = ki(values[0], values[0] * 10 ** (-1.96 * sd), values[0] * 10 ** (1.96 * sd))
        found = single(only)
    return replace(found, estimate=with_shared_error(found.estimate, kd, "Kd")) if kd else found


def test_a_bound_gives_a_bound_that_holds_at_the_nearer_end():
    above, value = single(ki(1e-5, relation=Relation.ABOVE)), single(ki(1e-8, 0.8e-8, 1.25e-8))
    over = quotient(above, value)
    assert (over.relation, over.value) == (Relation.ABOVE, pytest.approx(800.0))
    under = quotient(value, above)
    assert (under.relation, under.value) == (Relation.BELOW, pytest.approx(1 / 800.0))
    below = single(ki(1e-10, relation=Relation.BELOW))
    assert quotient(above, below).value == pytest.approx(1e5)
    assert quotient(value, below).relation is Relation.ABOVE


@pytest.mark.parametrize("relation", [Relation.ABOVE, Relation.BELOW])
def test_two_bounds_that_point_the_same_way_give_nothing(relation):
    found = quotient(single(ki(1e-5, relation=relation)), single(ki(1e-8, relation=relation)))
    assert math.isnan(found.value)
    assert found.amount == "not determined"


def test_an_open_side_stays_open_and_no_interval_gives_none():
    opened = quotient(single(ki(1e-8, 0.0, 2e-8)), single(ki(1e-9, 0.9e-9, 1.1e-9)))
    assert opened.low == 0.0
    assert 10.0 < opened.high < math.inf
    bare = quotient(single(ki(1e-8)), single(ki(1e-9, 0.9e-9, 1.1e-9)))
    assert (bare.value, bare.has_interval) == (pytest.approx(10.0), False)


def test_what_both_share_on_a_day_cancels():
    shared = (1.0, 2.0, 0.5)  # a batch of radioligand that was stronger, say
    over, under = ([ki(value * day) for day in shared] for value in (1e-8, 2e-9))
    found = paired_quotient(over, under)
    assert (found.value, found.low, found.high) == pytest.approx((5.0, 5.0, 5.0))
    apart = quotient(*(days(*(one.value for one in some)) for some in (over, under)))
    assert apart.high > 2 * found.high


def test_one_day_has_the_interval_of_its_two_fits():
    found = paired_quotient([ki(1e-8, 0.5e-8, 2e-8)], [ki(1e-9, 1e-9, 1e-9)])
    assert (found.low, found.value, found.high) == pytest.approx((5.0, 10.0, 20.0))


def test_among_pairs_with_bounds_the_sharpest_bound_counts():
    above = [ki(value, relation=Relation.ABOVE) for value in (1e-5, 3e-5)]
    found = paired_quotient(above, [ki(1e-8), ki(1e-8)])
    assert (found.relation, found.value) == (Relation.ABOVE, pytest.approx(3000.0))


def test_a_product_ratio_of_one_pair_is_the_quotient():
    over, under = days(8e-9, 12e-9, 10e-9), days(1e-9, 1.4e-9, 0.9e-9)
    assert product_ratio((over,), (under,)) == quotient(over, under)
    cycle = product_ratio((over, under), (over, under))
    assert cycle.value == pytest.approx(1.0)
    assert cycle.low < 1.0 < cycle.high
    assert cycle.log10_se > quotient(over, under).log10_se


def test_constants_of_different_kinds_are_not_divided():
    with pytest.raises(InputError, match="cannot be divided"):
        quotient(single(ki(1e-8)), single(replace(ki(1e-8), unit="mol/g")))
    with pytest.raises(InputError, match="no pairs"):
        paired_quotient([ki(1e-8)], [])
