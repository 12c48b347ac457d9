"""Which law is kept depends on the points alone: not on units, scale, or the order in which laws are named."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from prusoff.equations import catalog
from prusoff.workbench.model_choice import choose

X = np.repeat(np.linspace(-10.0, -5.0, 11), 2)
LAWS = ("three_parameter_logistic", "four_parameter_logistic", "weibull_type_2", "log_normal")


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    maker=st.sampled_from(LAWS),
    unit=st.floats(-6.0, 6.0),
    scale=st.floats(-6.0, 6.0),
    order=st.permutations(LAWS),
)
def test_units_scale_and_order_of_laws_do_not_change_the_choice(seed, maker, unit, scale, order):
    law = catalog[maker]
    truth = np.array([10.0, 100.0, -7.6, 1.2])[: len(law.names)]
    y = law.function(X, truth) + np.random.default_rng(seed).normal(0.0, 3.0, X.size)
    first, again = choose(X, y, LAWS), choose(X + unit, 10.0**scale * y, order)
    assert again.sentence == first.sentence
    assert [one.law for one in again.ranked] == [one.law for one in first.ranked]
    np.testing.assert_allclose(
        [one.weight for one in again.ranked], [one.weight for one in first.ranked], rtol=1e-5, atol=1e-9
    )
    for one, other in zip(first.comparisons, again.comparisons, strict=True):
        np.testing.assert_allclose(other.p, one.p, rtol=1e-5, atol=1e-12)
