"""The course over the day: S37 by both routes, repeated doses, an effect compartment, what is not stated."""

from dataclasses import replace

import numpy as np
import pytest

from prusoff.assays._occupancy.bench import ATOMOXETINE, MOLAR_MASS
from prusoff.assays._occupancy.course import FROM_BENCH, FROM_SCANS, Routes, courses, sentence, volume_facts
from prusoff.core.errors import InputError
from prusoff.core.estimate import Estimate, Relation

EC50 = 31e-6 / MOLAR_MASS
ROUTES = Routes(
    (1.0, float(np.log10(EC50)), 1.0),
    Estimate("EC50", EC50, "M", 0.8 * EC50, 1.25 * EC50),
    ATOMOXETINE.ki["NET"],
)
HOURS = np.array([1.0, 2.0, 4.0, 8.0, 24.0])


def drawn(compound=ATOMOXETINE, routes=ROUTES):
    plasma, occupancy = courses(compound, ("atomoxetine", "monkey 1"), routes, 0.95)
    return plasma.bands[0], {band.label: band for band in occupancy.bands}


def at(band, hours=HOURS):
    return np.interp(hours * 3600.0, band.x, band.fitted)


def test_both_routes_are_those_of_the_science_case(science_cases):
    wanted = science_cases["S37"]["expected"]
    plasma, routes = drawn()
    np.testing.assert_allclose(at(plasma) * MOLAR_MASS * 1e6, wanted["plasma_ng_per_mL"], rtol=1e-3)
    np.testing.assert_allclose(at(routes[FROM_SCANS]), wanted["occupancy_PET_percent"], rtol=2e-3)
    np.testing.assert_allclose(at(routes[FROM_BENCH]), wanted["occupancy_Ki_percent"], rtol=2e-3)
    for band in routes.values():
        assert (band.low[1:] < band.fitted[1:]).all()
        assert (band.fitted[1:] < band.high[1:]).all()


def test_doses_add_up_and_a_salt_weighs_more():
    week = replace(ATOMOXETINE.dosing, doses=3)
    plasma, _ = drawn(replace(ATOMOXETINE, dosing=week))
    once, _ = drawn()
    assert plasma.x[-1] == 3 * 86400.0
    late = at(plasma, np.array([50.0]))[0] / at(once, np.array([2.0]))[0]
    assert late == pytest.approx(1.0425, rel=0.01)  # the accumulation of S37
    salted, _ = drawn(replace(ATOMOXETINE, dosing=replace(ATOMOXETINE.dosing, form="salt")))
    assert salted.fitted.max() / once.fitted.max() == pytest.approx(255.361 / 291.819)
    with pytest.raises(InputError, match="never guessed"):
        drawn(replace(ATOMOXETINE, dosing=replace(ATOMOXETINE.dosing, form="")))


def test_an_effect_compartment_lags_behind_plasma():
    slow = replace(ATOMOXETINE.dosing, effect_per_s=0.2 / 3600.0)
    _, quick = drawn()
    _, late = drawn(replace(ATOMOXETINE, dosing=slow))
    first, second = (band[FROM_SCANS].x[np.argmax(band[FROM_SCANS].fitted)] for band in (quick, late))
    assert second > first + 3600.0
    assert late[FROM_SCANS].fitted.max() < quick[FROM_SCANS].fitted.max()


def test_without_doses_or_with_a_bound_there_is_no_course_and_without_a_ki_one_route():
    bound = replace(ROUTES, ec50=Estimate("EC50", EC50, "M", relation=Relation.ABOVE))
    assert not tuple(courses(ATOMOXETINE, ("a", "b"), bound, 0.95))
    assert not tuple(courses(replace(ATOMOXETINE, dosing=None), ("a", "b"), ROUTES, 0.95))
    _, routes = drawn(routes=replace(ROUTES, ki=None))
    assert set(routes) == {FROM_SCANS}


def test_the_sentence_says_both_and_the_volume_follows_from_clearance_and_half_life():
    told = sentence("NET", tuple(courses(ATOMOXETINE, ("a", "b"), ROUTES, 0.95)))
    for words in ("648 nM at 2.1 h", "84 % at most", "64 % at most", "24 % at the end", "9.9 % at the end"):
        assert words in told
    facts = volume_facts(ATOMOXETINE.dosing)
    assert facts["implied_volume"] == pytest.approx(0.63 * 2.63, rel=1e-2)
    assert volume_facts(None) == {}
