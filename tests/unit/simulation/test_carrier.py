"""A carrier that uses up its substrate: against the differential equation, and what its wells hold."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from prusoff.core.plate import Role, Treatment
from prusoff.simulation.bench import Bench
from prusoff.simulation.carrier import Carrier, count_uptake, taken_up

ACTIVITY = 1e19  # dpm/mol: many counts, little noise
STILL = Bench(ACTIVITY, pipetting_cv=0.0, efficiency=1.0, background_cpm=0.0, count_time_s=60.0)
PROTEIN_G, DURATION_S = 30e-6, 180.0
PLANNED = {"radioligand_molar": 2e-8, "substrate_molar": 1e-6}


@pytest.mark.parametrize(("start", "seconds"), [(1e-8, 60.0), (1e-6, 600.0), (2e-5, 6000.0), (1e-6, 2e4)])
def test_the_integrated_rate_law_solves_its_differential_equation(start, seconds):
    vmax, km = 2e-9, 5e-7
    solved = solve_ivp(
        lambda _, s: -vmax * s / (km + s), (0.0, seconds), [start], rtol=1e-10, atol=1e-20, method="LSODA"
    )
    assert taken_up(start, vmax, km, seconds) == pytest.approx(start - solved.y[0, -1], rel=1e-6)


def test_nothing_is_taken_up_where_there_is_nothing_and_never_more_than_there_is():
    assert taken_up(0.0, 1e-9, 1e-6, 60.0) == 0.0
    assert taken_up(1e-8, 1e-6, 1e-7, 1e6) == pytest.approx(1e-8)


def counts(carrier, *treatments):
    found = count_uptake(treatments, carrier, STILL, (PROTEIN_G, DURATION_S), np.random.default_rng(1))
    return np.array(found, dtype=float)


def total(**more):
    return Treatment(more.pop("role", Role.TOTAL), **(PLANNED | more))


def test_counts_are_the_labelled_part_of_what_was_taken_up():
    carrier = Carrier(3e-12, 1e-6)  # so slow that nothing is used up
    velocity = 3e-12 * 0.5 * PROTEIN_G * DURATION_S
    expected = velocity * 0.02 * ACTIVITY
    (found,) = counts(carrier, total())
    assert found == pytest.approx(expected, rel=5.0 / np.sqrt(expected))


def test_inhibitors_act_where_their_constants_say():
    where = {"free": ({"x": 1e-8}, {}), "loaded": ({}, {"x": 1e-8}), "both": ({"x": 1e-8}, {"x": 1e-8})}
    inhibited = total(role=Role.COMPOUND, compound="x", concentration_molar=1e-8)
    left = {}
    for name, (kic, kiu) in where.items():
        with_it, without = counts(Carrier(3e-10, 1e-6, 0.0, kic, kiu), inhibited, total())
        left[name] = with_it / without
    # at S = Km and I = K: competitive 2/3, uncompetitive 2/3, noncompetitive 1/2 of the velocity
    assert left["free"] == pytest.approx(2 / 3, rel=0.02)
    assert left["loaded"] == pytest.approx(2 / 3, rel=0.02)
    assert left["both"] == pytest.approx(1 / 2, rel=0.02)


def test_blocked_wells_hold_only_what_does_not_saturate():
    carrier = Carrier(3e-10, 1e-6, 1e-5)
    blocked, cold = counts(carrier, total(role=Role.NSB), total(role=Role.ICE))
    expected = 1e-5 * PROTEIN_G * 1e-6 * DURATION_S * 0.02 * ACTIVITY
    assert blocked == pytest.approx(expected, rel=5.0 / np.sqrt(expected))
    assert cold == pytest.approx(expected, rel=5.0 / np.sqrt(expected))
