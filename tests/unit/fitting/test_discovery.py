import numpy as np
import pytest
from scipy import stats

from prusoff.core.errors import ModelError
from prusoff.fitting.discovery import benjamini_hochberg, decoy_rates, decoys
from prusoff.fitting.response import ResponseNull

POINTS, CURVES, FLAT = 10, 20_000, 0.8


def screen(seed, sd=12.0):
    """Single points at ten half-log concentrations, four curves of five flat: responses (point, curve), who is flat."""
    rng = np.random.default_rng(seed)
    x = np.arange(-10.0, -5.4, 0.5)[:, None]
    flat = rng.random(CURVES) < FLAT
    span = np.where(flat, 0.0, rng.uniform(20.0, 100.0, CURVES))
    y = 100.0 - span / (1.0 + 10.0 ** (rng.uniform(-9.0, -6.5, CURVES) - x))
    return y + sd * rng.standard_normal(y.shape), flat


def asked(y):
    return ResponseNull.of((1.0,) * POINTS, POINTS - 1).probability(y, np.zeros(y.shape[1]))


def test_benjamini_hochberg_is_that_of_scipy():
    p = np.random.default_rng(1).beta(0.4, 1.0, 500)
    p[7] = p[3]
    np.testing.assert_allclose(benjamini_hochberg(p), stats.false_discovery_control(p), rtol=1e-12)


def test_curves_without_a_probability_do_not_count():
    p = np.array([0.01, np.nan, 0.5, 0.02])
    found = benjamini_hochberg(p)
    assert np.isnan(found).tolist() == [False, True, False, False]
    np.testing.assert_allclose(found[[0, 2, 3]], benjamini_hochberg([0.01, 0.5, 0.02]))
    assert benjamini_hochberg([]).size == 0
    with pytest.raises(ModelError, match="probabilities from 0 to 1"):
        benjamini_hochberg([0.5, 1.2])


def test_decoys_are_counted():
    """Of four curves and four decoys: one decoy reaches 3, so two false calls are feared among three, and so on."""
    found = decoy_rates([9.0, 3.0, 5.0, 1.0, np.nan], [4.0, 0.5, 2.0, 0.1, np.nan])
    np.testing.assert_allclose(found, [1 / 2, 2 / 3, 1 / 2, 3 / 4, np.nan])
    tied = decoy_rates([5.0, 5.0, 1.0], [0.0, 0.0, 0.0])
    np.testing.assert_allclose(tied, [1 / 3, 1 / 3, 1 / 3])
    assert decoy_rates([1.0], [2.0]).tolist() == [1.0]
    with pytest.raises(ModelError, match="at least one decoy"):
        decoy_rates([1.0], [np.nan])


@pytest.mark.parametrize("level", [0.01, 0.05, 0.2])
def test_of_a_screen_of_four_fifths_flat_curves_so_many_calls_are_false_and_no_more(level, record_property):
    """Four screens of 20,000: the false calls are FLAT x level of all calls, within what chance gives."""
    calls, false, kept, responders = {}, {}, {}, 0
    for seed in range(4):
        y, flat = screen(seed)
        share, p = asked(y)
        null = asked(decoys(y, np.arange(POINTS)))[0]
        rates = {"Benjamini-Hochberg": benjamini_hochberg(p), "decoys": decoy_rates(share, null)}
        responders += int((~flat).sum())
        for name, q in rates.items():
            called = q <= level
            calls[name] = calls.get(name, 0) + int(called.sum())
            false[name] = false.get(name, 0) + int((called & flat).sum())
            kept[name] = kept.get(name, 0) + int((called & ~flat).sum())
    for name, made in calls.items():
        realised = false[name] / made
        record_property(f"{name}: false calls, responders found", (realised, kept[name] / responders))
        assert realised <= level
        assert realised >= 0.6 * level
        assert kept[name] / responders > 0.4


def test_decoys_hold_no_response():
    """Their P is even, whether they were made of flat curves or of responders."""
    y, flat = screen(9)
    groups = np.arange(POINTS)
    for these in (y[:, flat], y[:, ~flat]):
        p = asked(decoys(these, groups))[1]
        assert abs((p <= 0.05).mean() - 0.05) < 4.0 * (0.05 * 0.95 / p.size) ** 0.5 + 0.002


def test_decoys_of_a_curve_are_its_own():
    """Unit, neighbours, and the order of replicates and of points change nothing; another turn gives others."""
    rng = np.random.default_rng(3)
    groups = np.repeat(np.arange(6), 3)
    y = rng.standard_normal((18, 50))
    made = decoys(y, groups)
    np.testing.assert_array_equal(np.sort(made, axis=0), np.sort(y, axis=0))
    np.testing.assert_array_equal(decoys(y[:, 7:9], groups), made[:, 7:9])
    np.testing.assert_allclose(decoys(1e-3 * y, groups), 1e-3 * made, rtol=1e-12)
    swapped = np.arange(18)
    swapped[[3, 5]] = 5, 3
    np.testing.assert_array_equal(decoys(y[swapped], groups), made)
    turned = rng.permutation(18)
    again = decoys(y[turned], groups[turned])
    for group in range(6):
        np.testing.assert_array_equal(
            np.sort(again[groups[turned] == group], axis=0), np.sort(made[groups == group], axis=0)
        )
    assert (decoys(y, groups, turn=1) != made).any(axis=0).all()
