"""Rate constants and times as they are read at the bench."""

import pytest

from prusoff.core.estimate import Estimate
from prusoff.core.headline import constants
from prusoff.core.units import readable_unit


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.016 / 60, "1/s", "koff 0.0160 min⁻¹"),
        (12.0, "1/s", "koff 12.0 s⁻¹"),
        (0.02e9 / 60, "1/M/s", "koff 20.0 µM⁻¹ min⁻¹"),
        (2e9 / 60, "1/M/s", "koff 2.00 nM⁻¹ min⁻¹"),
        (3750.0, "s", "koff 62.5 min"),
        (36000.0, "s", "koff 10.0 h"),
        (0.02, "s", "koff 20.0 ms"),
    ],
)
def test_rates_are_told_per_minute_and_times_in_a_readable_size(value, unit, text):
    assert str(Estimate("koff", value, unit)) == text


def test_a_unit_without_a_ladder_stays():
    assert readable_unit(5.0, "cpm") == (1.0, "cpm")


def test_rate_constants_are_answers_and_times_that_follow_from_them_are_not():
    assert constants(("kon", "koff", "Kd", "pKd", "half-life", "residence time")) == ("kon", "koff", "Kd")
