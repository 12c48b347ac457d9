"""The figure of an IC50 against the time at which it is read."""

from dataclasses import replace

import numpy as np
import pytest

from prusoff.core.figure import Band, Line
from prusoff.core.fit import Outcome
from prusoff.core.result import AssayResult, CurveBand, Series
from prusoff.figures.incubation_bias import build

LABEL = "incubation: IC50 over its equilibrium value"


def band(values, label=LABEL):
    x = np.geomspace(60.0, 6000.0, len(values))
    values = np.array(values, dtype=float)
    return CurveBand(x, values, values / 1.2, values * 1.2, label)


def result(*series):
    return AssayResult("x", "X", (), tuple(series), (), (), (), ())


def series(subject, day, *bands):
    return Series(subject, day, Outcome.OK, "", (), bands=bands, x_label="time (s)")


def test_a_panel_for_every_compound_and_a_line_for_every_day():
    slow = [series("slow", day, band([8.0, 3.0, 1.1])) for day in ("day 1", "day 2")]
    (spec,) = build(result(*slow, series("fast", "day 1", band([0.7, 0.9, 1.0]))))
    assert [panel.title for panel in spec.panels] == ["slow", "fast"]
    lines = [mark for mark in spec.panels[0].marks if isinstance(mark, Line)]
    assert [line.label for line in lines] == ["day 1", "day 2"]
    np.testing.assert_allclose(lines[0].x, [1.0, 10.0, 100.0])
    assert sum(isinstance(mark, Band) for mark in spec.panels[0].marks) == 2


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([8.0, 3.0, 1.1], "within 20 % of equilibrium from 100 min on"),
        ([0.7, 0.9, 1.0], "within 20 % of equilibrium from 10 min on"),
        ([1.1, 1.0, 1.0], "within 20 % of equilibrium from 1 min on"),
        ([9.0, 5.0, 2.0], "not within 20 % of equilibrium before 100 min"),
    ],
)
def test_it_says_from_when_on_an_ic50_is_right(values, said):
    (spec,) = build(result(series("x", "day 1", band(values))))
    assert spec.panels[0].note == said


def test_nothing_is_drawn_of_series_without_it():
    plain = series("x", "day 1", band([1.0, 2.0], "association: 1 nM"))
    assert build(result(plain)) == ()
    assert build(result(replace(plain, bands=()))) == ()
