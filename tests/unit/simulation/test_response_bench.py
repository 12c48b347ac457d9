"""The simulated functional bench: its responses are those of the operational model, without and with antagonist."""

import math

import numpy as np
import pytest

from prusoff.core.plate import Role, Treatment
from prusoff.simulation.response import Agonist, Antagonist, Cells, Responses, count_responses, response_part

NONE = Antagonist()


@pytest.mark.parametrize("emax", [0.2, 0.5, 0.98])
def test_half_of_the_maximum_is_reached_at_the_ec50(emax):
    agonist = Agonist(5e-9, emax)
    assert response_part(agonist, 5e-9, NONE, 0.0) == pytest.approx(emax / 2)
    assert response_part(agonist, 1e3, NONE, 0.0) == pytest.approx(emax, rel=1e-9)
    assert response_part(agonist, 0.0, NONE, 0.0) == 0.0


def test_a_competitor_moves_the_curve_and_keeps_its_maximum():
    agonist, blocked = Agonist(5e-9, 0.9), Antagonist(4e-9)
    assert response_part(agonist, 5e-9 * (1 + 25.0), blocked, 1e-7) == pytest.approx(0.45)
    assert response_part(agonist, 1e3, blocked, 1e-7) == pytest.approx(0.9, rel=1e-6)


def test_an_antagonist_that_takes_receptors_away_lowers_the_maximum():
    taken = Antagonist(taken_kb_molar=1e-8)
    tau = 9.0 / (1 + 10.0)
    assert response_part(Agonist(5e-9, 0.9), 1e3, taken, 1e-7) == pytest.approx(tau / (1 + tau), rel=1e-6)


def test_a_modulator_moves_the_curve_by_no_more_than_alpha_allows():
    assert Antagonist(4e-9, alpha=0.1).shift(1.0) == pytest.approx(10.0, rel=1e-6)
    assert Antagonist(4e-9, alpha=5.0).shift(1.0) == pytest.approx(0.2, rel=1e-6)


def test_without_equilibrium_low_concentrations_have_bound_less_than_their_share():
    short, long = Antagonist(4e-9, equilibration=0.2), Antagonist(4e-9, equilibration=50.0)
    lost = [(short.shift(b) - 1) / (NONE.shift(b) - 1 + b / 4e-9) for b in (1e-9, 1e-8, 1e-7)]
    assert lost == sorted(lost)
    assert lost[0] < 0.3
    assert long.shift(1e-8) == pytest.approx(1 + 1e-8 / 4e-9, rel=1e-9)


def test_counts_scatter_about_what_is_true():
    truth = Responses({"a": Agonist(5e-9, 0.9)})
    wells = [Treatment(Role.COMPOUND, "a", 5e-9)] * 400 + [Treatment(Role.TOTAL)] * 400
    wells += [Treatment(Role.BLANK)] * 400
    cells = Cells()
    counts = np.array(count_responses(wells, truth, cells, np.random.default_rng(1))).reshape(3, 400)
    expected = [
        cells.empty_counts + cells.basal_counts + 0.45 * cells.span_counts,
        cells.empty_counts + cells.basal_counts,
        cells.empty_counts,
    ]
    errors = counts.std(axis=1, ddof=1) / math.sqrt(400)
    assert (np.abs(counts.mean(axis=1) - expected) < 4 * errors).all()
