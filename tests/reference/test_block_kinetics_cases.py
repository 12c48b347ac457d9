"""Block kinetics against the worked case S24: kon, koff and KD from the time constants of onset and wash-out."""

import math

import numpy as np
import pytest

from prusoff.assays._block_kinetics.applications import cell_of
from prusoff.assays._block_kinetics.estimates import constants
from prusoff.assays._block_kinetics.fits import fit_drug
from prusoff.core.experiment import Experiment, Radioligand
from prusoff.core.plate import Role, Treatment, Well

INSIDE = 1e-12  # A in a pA


@pytest.fixture
def case(science_cases):
    return science_cases["S24"]


def cell(case, depth):
    """Onset and wash-out with the time constants of the case, without noise; `depth` is the block in the end."""
    inputs = case["inputs"]
    drug = 1e-6 * inputs["drug_uM"]
    control = (inputs["I_control_pre_pA"] - inputs["leak_pA"]) * INSIDE
    tau_on, tau_off = inputs["tau_on_s"], inputs["tau_off_s"]
    onset, wash = np.linspace(0.1, 20.0, 40), np.linspace(0.2, 40.0, 40)
    reached = -math.expm1(-onset[-1] / tau_on)
    plan = [(Treatment(Role.TOTAL), control)]
    plan += [
        (
            Treatment(Role.COMPOUND, "drug", drug, time_s=float(t)),
            control * (1.0 + depth * math.expm1(-t / tau_on)),
        )
        for t in onset
    ]
    plan += [
        (
            Treatment(Role.WASH, "drug", drug, time_s=float(t)),
            control * (1.0 - depth * reached * math.exp(-t / tau_off)),
        )
        for t in wash
    ]
    wells = (Well("cell 1", "", f"line {k}", what, float(value), "A") for k, (what, value) in enumerate(plan))
    return Experiment("cell 1", tuple(wells), Radioligand("", ""))


def test_the_rates_are_those_of_the_time_constants(case):
    expected = case["expected"]
    told = {one.name: one for one in constants(fit_drug(cell_of(cell(case, 0.75)), "drug", 0.95), 0.95)}
    assert told["kon"].value == pytest.approx(1e6 * expected["kon_per_uM_s"], rel=case["rtol"])
    assert told["koff"].value == pytest.approx(expected["koff_per_s"], rel=case["rtol"])
    assert told["KD"].value == pytest.approx(1e-6 * expected["KD_kinetic_uM"], rel=case["rtol"])
    assert told["tau on (10 µM)"].value == pytest.approx(case["inputs"]["tau_on_s"], rel=case["rtol"])
    assert told["tau off"].value == pytest.approx(case["inputs"]["tau_off_s"], rel=case["rtol"])
    late = math.log(10.0) * case["inputs"]["tau_on_s"]
    assert told["time to 90 % (10 µM)"].value == pytest.approx(late, rel=case["rtol"])


def test_the_ic50_of_one_block_is_that_of_slope_one(case):
    expected = case["expected"]
    block = expected["inhibition_percent_linear"] / 100.0
    noisy = cell(case, block)
    shaken = tuple(  # an error in the depth gives the block a weight; +-0.1 fA cancels pair by pair
        Well(w.experiment, w.plate, w.position, w.treatment, w.signal + (-1) ** k * 1e-16, "A")
        for k, w in enumerate(noisy.wells)
    )
    cells = Experiment("cell 1", shaken, Radioligand("", ""))
    told = {one.name: one for one in constants(fit_drug(cell_of(cells), "drug", 0.95), 0.95)}
    assert told["IC50"].value == pytest.approx(1e-6 * expected["IC50_single_point_nH1_uM"], rel=case["rtol"])
