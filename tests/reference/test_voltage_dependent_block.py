"""Voltage-dependent block against the law of Woodhull written out: exact currents give KD at 0 mV and the distance."""

import math

import numpy as np
import pytest

from prusoff.assays._voltage_dependent_block.potentials import thermal_volts
from prusoff.assays.voltage_dependent_block import Settings, voltage_dependent_block
from prusoff.core.experiment import Conditions, Experiment, Radioligand
from prusoff.core.plate import Role, Treatment, Well

KD_ZERO, DISTANCE = 0.57e-3, 0.8  # mM block that deepens e-fold per 32 mV, as of Mg2+ at 0.4 with valence 2
DRUG = "Mg"


def cell(name, temperature_c, valence, distance=DISTANCE):
    """Exact currents at five potentials and three concentrations of a blocker that obeys the law."""
    thermal = 8.31446261815324 * (temperature_c + 273.15) / 96485.33212
    wells = []
    for volt in (-0.1, -0.07, -0.04, -0.01, 0.03):
        kd = KD_ZERO * math.exp(valence * distance * volt / thermal)
        for molar in (0.0, 3e-5, 3e-4, 3e-3):
            drug = (DRUG, molar) if molar else ("", math.nan)
            what = Treatment(Role.COMPOUND if molar else Role.TOTAL, *drug, voltage_v=volt)
            current = 8e-9 * (volt - 0.007) / (1.0 + molar / kd)
            wells.append(Well(name, "", f"line {len(wells) + 2}", what, current, "A"))
    return Experiment(
        name, tuple(wells), Radioligand("", ""), conditions=Conditions(temperature_c=temperature_c)
    )


def test_the_thermal_potential_is_that_of_the_constants_of_nature():
    assert thermal_volts(25.0) == pytest.approx(0.025692579, rel=1e-6)
    assert thermal_volts(22.0) == pytest.approx(0.025434059, rel=1e-6)


@pytest.mark.parametrize(("valence", "warm"), [(1.0, 22.0), (2.0, 35.0), (-1.0, 22.0)])
def test_exact_currents_give_the_constants_back(valence, warm):
    result = voltage_dependent_block.run((cell("cell 1", warm, valence),), Settings(valence=valence))
    assert result.pool(DRUG, "KD(0 mV)").estimate.value == pytest.approx(KD_ZERO, rel=1e-6)
    assert result.pool(DRUG, "electrical distance").estimate.value == pytest.approx(DISTANCE, rel=1e-6)
    assert result.pool(DRUG, "zδ").estimate.value == pytest.approx(valence * DISTANCE, rel=1e-6)


def test_kd_changes_e_fold_over_the_thermal_potential_of_the_charge():
    result = voltage_dependent_block.run((cell("cell 1", 22.0, 2.0, 0.4),), Settings(valence=2.0))
    here, there = (result.pool(DRUG, f"local KD ({name})").estimate.value for name in ("−100 mV", "−40 mV"))
    assert there / here == pytest.approx(math.exp(0.06 * 0.8 / thermal_volts(22.0)), rel=1e-6)
    assert thermal_volts(22.0) / 0.8 == pytest.approx(0.0318, abs=5e-5)  # V per e-fold
    assert np.log(there / here) > 1.8
