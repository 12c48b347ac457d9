import math

import numpy as np
import pytest

from prusoff.figures._axes import DoseAxis, concentration_ticks, molar_text, readable, unit_of


def texts(low, high):
    return [text for _, text in concentration_ticks(low, high) if text]


def test_decades_are_named_with_their_units():
    assert texts(1e-12, 1e-6) == ["1 pM", "100 pM", "10 nM", "1 µM"]
    assert texts(1e-9, 1e-6) == ["1 nM", "10 nM", "100 nM", "1 µM"]
    assert len(concentration_ticks(1e-12, 1e-4)) == 9


def test_a_narrow_axis_has_round_numbers_between_the_decades():
    assert texts(1e-9, 2.5e-8) == ["1 nM", "3 nM", "10 nM"]
    assert texts(2.2e-9, 3.1e-9) == ["2.25 nM", "2.5 nM", "2.75 nM", "3 nM"]


@pytest.mark.parametrize("span", [0.001, 0.02, 0.1, 0.3, 0.7, 1.0, 1.9, 2.0, 3.3, 6.0, 9.0, 14.0])
@pytest.mark.parametrize("start", [-13.0, -9.3, -6.95, -4.0])
def test_any_axis_has_two_to_five_names_inside_its_limits(start, span):
    low, high = 10.0**start, 10.0 ** (start + span)
    ticks = concentration_ticks(low, high)
    assert 2 <= len([text for _, text in ticks if text]) <= 5
    assert all(low * (1 - 1e-9) <= value <= high * (1 + 1e-9) for value, _ in ticks)
    assert [value for value, _ in ticks] == sorted({value for value, _ in ticks})


def test_a_concentration_is_read_in_its_own_unit():
    assert [molar_text(value) for value in (1e-12, 3.16e-8, 1.0, 1e-4)] == [
        "1 pM",
        "31.6 nM",
        "1 M",
        "100 µM",
    ]


def test_controls_stand_beyond_the_breaks():
    axis = DoseAxis.over([np.array([-math.inf, -9.0, -6.0, math.inf])])
    scale = axis.scale("imipramine")
    at = {text: value for value, text in scale.ticks}
    left, right = scale.breaks
    assert scale.limits[0] < at["total"] < left < 1e-9
    assert 1e-6 < right < at["NSB"] < scale.limits[1]


def test_an_axis_without_controls_has_no_break():
    scale = DoseAxis.over([np.array([-9.0, -6.0])]).scale("imipramine")
    assert scale.breaks == ()
    assert not {"total", "NSB"} & {text for _, text in scale.ticks}


def test_there_is_no_axis_without_a_concentration():
    assert DoseAxis.over([np.array([-math.inf, math.inf])]) is None
    assert DoseAxis.over([]) is None


@pytest.mark.parametrize("days", [1, 2, 3, 5, 12])
def test_days_stand_beside_one_another_at_a_control_and_together_at_a_dose(days):
    axis = DoseAxis.over([np.array([-math.inf, -9.0, -6.0])])
    placed = np.array([axis.place(np.array([-math.inf, -9.0]), day, days) for day in range(days)])
    assert (np.diff(placed[:, 0]) > 0).all()
    assert (placed[:, 0] > axis.scale("").limits[0]).all()
    assert (placed[:, 0] < axis.scale("").breaks[0]).all()
    assert placed[:, 1] == pytest.approx(1e-9)


def test_an_axis_is_relabelled_with_the_unit_that_reads_best():
    assert readable("bound (mol/g)", 8.5e-10) == (1e-12, "bound (fmol/mg)")
    assert readable("free radioligand, M", 3e-9) == (1e-9, "free radioligand, nM")
    assert readable("bound (cpm)", 3000.0) == (1.0, "bound (cpm)")
    assert readable("", 3.0) == (1.0, "")
    assert readable("free (M)", math.nan) == (1.0, "free (M)")


def test_the_unit_of_a_label():
    assert unit_of("free [3H]nisoxetine (nM)") == "nM"
    assert unit_of("response") == ""
