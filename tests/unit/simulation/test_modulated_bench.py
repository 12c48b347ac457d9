"""The simulated bench with a modulator at a second site: its wells hold what the ternary complex says."""

import numpy as np
import pytest

from prusoff.core.plate import Role, Treatment
from prusoff.simulation.bench import Bench, Pharmacology, count_wells

KD, KB, LIGAND = 2e-9, 1e-6, 1e-9
BENCH = Bench(1.8e17, pipetting_cv=0.0, background_cpm=0.0, count_time_s=6e6)


def net(well, alpha):
    """Counts of one well, as the part of all sites that hold label (so few sites that no label is used up)."""
    sites = 1e-12
    truth = Pharmacology(KD, sites, 0.0, {"modulator": KB}, {} if alpha is None else {"modulator": alpha})
    (counts,) = count_wells([well], truth, BENCH, np.random.default_rng(1))
    all_sites = sites * BENCH.volume_l * BENCH.specific_activity_dpm_per_mol * BENCH.efficiency * 1e5
    return counts / all_sites


@pytest.mark.parametrize("alpha", [5.0, 1.0, 0.15])
@pytest.mark.parametrize("dose", [1e-7, 1e-6, 1e-4])
def test_a_modulator_changes_kd(alpha, dose):
    well = Treatment(Role.COMPOUND, "modulator", dose, LIGAND)
    kd = KD * (1 + dose / KB) / (1 + alpha * dose / KB)
    assert net(well, alpha) == pytest.approx(LIGAND / (LIGAND + kd), rel=0.01)


def test_a_compound_without_alpha_is_a_competitor():
    well = Treatment(Role.COMPOUND, "modulator", 1e-4, LIGAND)
    assert net(well, None) == pytest.approx(LIGAND / (LIGAND + KD * 101), rel=0.03)


def test_wells_without_modulator_hold_the_plain_kd():
    well = Treatment(Role.TOTAL, radioligand_molar=LIGAND)
    assert net(well, 5.0) == pytest.approx(1 / 3, rel=0.01)
