"""Plasma over time: closed forms, limits, superposition, and an integration of the same body by steps."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from prusoff.core.errors import InputError
from prusoff.simulation.pharmacokinetics import OneCompartment, repeated, volume_of

KE, KA, KE0, VOLUME = 1e-4, 3e-4, 5e-5, 10.0
TIMES = np.array([0.0, 1e2, 1e3, 1e4, 1e5])
BODY = OneCompartment(VOLUME, KE, KA)


def integrated(times):
    """Gut, plasma, effect compartment after 1 g by mouth, by an adaptive solver."""

    def change(_, held):
        gut, plasma, effect = held
        return [-KA * gut, KA * gut / VOLUME - KE * plasma, KE0 * (plasma - effect)]

    return solve_ivp(change, (0, times[-1]), [1, 0, 0], t_eval=times, rtol=1e-11, atol=1e-16).y


def test_a_dose_by_mouth_is_the_difference_of_two_exponentials():
    wanted = KA / (KA - KE) / VOLUME * (np.exp(-KE * TIMES) - np.exp(-KA * TIMES))
    np.testing.assert_allclose(BODY.oral(1.0)(TIMES), wanted, rtol=1e-12, atol=1e-30)


@pytest.mark.parametrize("apart", [0.0, 1e-15, 1e-9, 1e-4])
def test_absorption_as_fast_as_elimination_needs_no_other_formula(apart):
    body = OneCompartment(VOLUME, KE, KE * (1 + apart))
    wanted = KE * TIMES / VOLUME * np.exp(-KE * TIMES)
    np.testing.assert_allclose(body.oral(1.0)(TIMES), wanted, rtol=12 * apart + 1e-12, atol=1e-30)
    assert body.time_of_peak_s == pytest.approx(1 / KE, rel=2 * apart + 1e-8)


def test_the_peak_stands_where_it_is_said():
    peak = BODY.time_of_peak_s
    before, at, after = BODY.oral(1.0)(np.array([0.99, 1.0, 1.01]) * peak)
    assert at > before
    assert at > after


def test_an_effect_compartment_follows_the_plasma():
    np.testing.assert_allclose(BODY.oral(1.0)(TIMES), integrated(TIMES)[1], rtol=1e-8, atol=1e-15)
    np.testing.assert_allclose(BODY.oral(1.0, KE0)(TIMES), integrated(TIMES)[2], rtol=1e-8, atol=1e-15)
    quick = BODY.oral(1.0, 1e3 * KA)(TIMES[2:])
    np.testing.assert_allclose(quick, BODY.oral(1.0)(TIMES[2:]), rtol=0.01)


def test_a_bolus_falls_by_half_in_a_half_life():
    body = OneCompartment.of_clearance(0.35 * 70 / 3600, 5.2 * 3600)
    start, later = body.bolus(1.0)(np.array([0.0, 5.2 * 3600]))
    assert start == pytest.approx(1 / body.volume_l)
    assert later == pytest.approx(start / 2)
    assert body.clearance_l_per_s == pytest.approx(0.35 * 70 / 3600)


def test_an_infusion_rises_to_its_rate_over_clearance_and_falls_when_stopped():
    course = BODY.infusion(1e-3, 1e4)
    level = 1e-3 / BODY.clearance_l_per_s
    half = 1 - math.exp(-1.0)
    found = course(np.array([-1.0, 0.0, 1e4, 2e4]))
    np.testing.assert_allclose(
        found, [0, 0, level * half, level * half * math.exp(-1)], rtol=1e-12, atol=1e-18
    )
    assert BODY.infusion(1e-3, 1e9)(np.array([1e6]))[0] == pytest.approx(level)


def test_doses_add_up_and_settle_at_the_accumulation():
    once, day = BODY.oral(1.0), 86400.0
    thrice = repeated(once, day, 3)
    at = np.array([[1e3, 1e5], [2e5, 3e5]])
    np.testing.assert_allclose(thrice(at), once(at) + once(at - day) + once(at - 2 * day), rtol=1e-12)
    slow = OneCompartment(VOLUME, 1e-5, KA)
    late = repeated(slow.bolus(1.0), day, 200)(np.array([199 * day]))
    assert late[0] * VOLUME == pytest.approx(slow.accumulation(day), rel=1e-9)


def test_what_makes_no_course_is_refused():
    with pytest.raises(InputError, match="rate of absorption"):
        OneCompartment(VOLUME, KE).oral(1.0)
    with pytest.raises(InputError, match="no schedule"):
        repeated(BODY.oral(1.0), 0.0, 2)
    with pytest.raises(InputError, match="no volume"):
        volume_of(0.35, 0.0)
