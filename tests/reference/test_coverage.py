"""A short form of the study of bench/coverage.py: the shares may be off by chance alone."""

import importlib.util
from pathlib import Path

import pytest
from scipy import stats

from prusoff.core.fit import Outcome

CURVES = 400


@pytest.fixture(scope="module")
def study():
    path = Path(__file__).resolve().parents[2] / "bench" / "coverage.py"
    spec = importlib.util.spec_from_file_location("coverage_study", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_chance(share, expected):
    """Whether a share of CURVES is within what chance gives in 999 of 1000 studies."""
    low, high = stats.binom.interval(0.999, CURVES, expected)
    return low <= round(share * CURVES) <= high


@pytest.mark.slow
def test_intervals_cover_and_pki_is_not_biased(study):
    found = study.coverage(1, CURVES)
    assert by_chance(found["profile"], 0.95)
    assert by_chance(found["wald"], 0.95)
    assert abs(found["bias"]) < 0.02


@pytest.mark.slow
def test_no_flat_curve_gets_an_ic50(study):
    for outcomes in study.flat_curves(2, CURVES).values():
        assert outcomes[Outcome.OK] + outcomes[Outcome.FLAGGED] == 0


@pytest.mark.slow
def test_the_f_test_is_wrong_as_often_as_it_says(study):
    found = study.false_positives(3, CURVES // 2)
    assert 0.01 <= found["slope"] <= 0.10
    assert found["site"] <= 0.06
