"""Use-dependent block against the worked case of the guarded receptor (S23): peaks of a train and its steady state."""

import math

import numpy as np
import pytest

from prusoff.assays._use_dependent_block.estimates import constants, facts
from prusoff.assays._use_dependent_block.fits import fit_drug
from prusoff.assays._use_dependent_block.trains import cell_of
from prusoff.core.experiment import Experiment, Radioligand
from prusoff.core.plate import Role, Treatment, Well
from prusoff.equations.guarded_receptor import guarded_receptor


@pytest.fixture
def case(science_cases):
    return science_cases["S23"]


@pytest.fixture
def given(case):
    """kon (1/M/s), koff (1/s), drug (M), pulse (s), interval (s), number of pulses."""
    i = case["inputs"]
    return (
        1e6 * i["kon_per_uM_s"],
        i["koff_per_s"],
        1e-6 * i["drug_uM"],
        1e-3 * i["pulse_ms"],
        1e-3 * i["interval_ms"],
        i["n_pulses"],
    )


def peaks(given, before):
    kon, koff, drug, pulse, rest, _ = given
    x = np.array([before, np.full(before.size, rest), np.full(before.size, drug)])
    return guarded_receptor.function(x, np.array([1.0, 0.0, 0.0, math.log10(kon), math.log10(koff), pulse]))


def test_the_law_gives_the_peaks_of_the_train_and_its_steady_state(case, given):
    expected = case["expected"]
    found = peaks(given, np.arange(float(given[-1])))
    np.testing.assert_allclose(found, expected["relative_peak"], rtol=case["rtol"])
    steady = peaks(given, np.array([1e9]))
    np.testing.assert_allclose(steady, expected["steady_state_relative_peak"], rtol=case["rtol"])


def cell(given, number):
    """One cell with a flat train without drug and the train of the case, without noise."""
    _, _, drug, pulse, rest, _ = given
    values = {"control": np.ones(number), "drug": peaks(given, np.arange(float(number)))}
    wells = []
    for train, currents in values.items():
        for k, value in enumerate(currents, start=1):
            what = (Role.TOTAL,) if train == "control" else (Role.COMPOUND, "drug", drug)
            treatment = Treatment(*what, time_s=(k - 1) * (pulse + rest), pulse=float(k), end_point="peak")
            wells.append(Well("cell 1", train, f"A{k:02d}", treatment, -1e-9 * float(value), "A"))
    return Experiment("cell 1", tuple(wells), Radioligand("", ""))


def test_the_fit_gives_back_what_the_train_was_made_of(case, given):
    kon, koff, _, pulse, _, number = given
    fitted = fit_drug(cell_of(cell(given, number), math.nan), "drug", pulse, 0.95)
    told = {one.name: one for one in constants(fitted, 0.95)}
    assert told["kon"].value == pytest.approx(kon, rel=case["rtol"])
    assert told["koff"].value == pytest.approx(koff, rel=case["rtol"])
    assert told["KD"].value == pytest.approx(koff / kon, rel=case["rtol"])
    expected = case["expected"]
    assert told["recovery time constant"].value == pytest.approx(expected["recovery_tau_s"], rel=case["rtol"])
    block = told["use-dependent block (10 µM, 10 Hz)"].value
    assert block == pytest.approx(expected["steady_block_percent"], rel=case["rtol"])
    per_pulse = -math.log1p(-facts(fitted)["least_approach"]) / (number - 1)
    assert per_pulse == pytest.approx(expected["uptake_rate_per_pulse"], rel=case["rtol"])
