"""The worked numbers of S29 through the whole assay: wells without error give back KB, alpha and the affinity limit."""

import math

import numpy as np
import pytest

from prusoff.assays.allosteric_binding import Settings, allosteric_binding
from prusoff.core.experiment import Added, Conditions, Constant, Experiment, Radioligand
from prusoff.core.fit import Outcome
from prusoff.core.plate import FORMATS, Role, Treatment, Well

NSB, BMAX = 5.0, 100.0


def occupancy(ligand, modulator, constants):
    """The part of the sites that hold label, by the weights of the four species R, RL, RB and RLB."""
    ka, kb, alpha = constants
    label, second = ligand / ka, modulator / kb
    with_label = label + alpha * label * second
    return with_label / (1.0 + second + with_label)


def measured(hot_molar, constants, doses):
    """Wells that hold exactly what the species weights say, at one or several concentrations of the label."""
    places, wells = FORMATS[384].positions(), []

    def add(treatment, signal):
        wells.append(Well("day 1", "plate 1", next(places), treatment, signal, "fmol"))

    for hot in hot_molar:
        for _ in range(3):
            add(Treatment(Role.TOTAL, radioligand_molar=hot), NSB + BMAX * occupancy(hot, 0.0, constants))
            add(Treatment(Role.NSB, radioligand_molar=hot), NSB)
        for dose in doses:
            signal = NSB + BMAX * occupancy(hot, dose, constants)
            add(Treatment(Role.COMPOUND, "modulator", dose, hot), signal)
    kd = Constant(constants[0], 0.0, "M", "S29")
    return Experiment(
        "day 1",
        tuple(wells),
        Radioligand("label", "3H", kd=kd),
        Added(hot_molar[0], 0.0),
        Conditions("SERT", "human", "none", 25.0),
    )


@pytest.mark.parametrize("hot", [(2e-9,), (0.5e-9, 2e-9, 8e-9)])
def test_s29_comes_back_from_its_own_wells(science_cases, hot):
    case = science_cases["S29"]
    given, expected = case["inputs"], case["expected"]
    constants = (given["KA_nM"] * 1e-9, given["KB_nM"] * 1e-9, given["alpha"])
    modulator, ligand = given["modulator_nM"] * 1e-9, given["ligand_nM"] * 1e-9
    assert occupancy(ligand, modulator, constants) == pytest.approx(expected["occupancy"], rel=case["rtol"])
    doses = (modulator, *np.logspace(-8, -3, 11))
    result = allosteric_binding.run((measured(hot, constants, doses),), Settings())
    (series,) = result.series
    assert series.outcome in (Outcome.OK, Outcome.FLAGGED)
    kb, alpha = (series.estimate(name).value for name in ("KB", "alpha"))
    assert kb == pytest.approx(constants[1], rel=case["rtol"])
    assert alpha == pytest.approx(constants[2], rel=case["rtol"])
    limit = constants[0] / alpha * 1e9
    assert limit == pytest.approx(expected["affinity_limit_KA_over_alpha_nM"], rel=case["rtol"])
    ec50 = kb / alpha * 1e9  # the EC50 of the same modulator in a dissociation experiment
    assert ec50 == pytest.approx(expected["modulator_EC50_for_dissociation_nM"], rel=case["rtol"])
    place = hot.index(ligand)
    fitted = series.fit.predict(np.array([[math.log10(modulator)], [ligand]]), place)
    assert (float(fitted[0]) - NSB) / BMAX == pytest.approx(expected["occupancy"], rel=case["rtol"])
