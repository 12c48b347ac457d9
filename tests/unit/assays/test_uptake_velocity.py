"""From counts to velocities by hand: diluted label, time, protein or cells, and wells that state their own."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.assays._ligand import ligand_of
from prusoff.assays._signal import signals
from prusoff.assays._uptake import (
    brought_alike,
    density_facts,
    diluted_activity,
    known_per,
    label_of,
    labelled_molar,
    substrate_molar,
    substrate_of,
    velocity_factor,
)
from prusoff.core.errors import InputError
from prusoff.core.estimate import Estimate
from prusoff.core.experiment import Added, Conditions, Counting, Experiment, Radioligand
from prusoff.core.plate import Role, Treatment, Well

PER_MIN_PER_MG = 1e-9 / 60.0  # 1 pmol/mg/min in mol/g/s


def well(position, signal, role=Role.TOTAL, **held):
    return Well("day", "plate", position, Treatment(role, **held), signal, "dpm")


def experiment(*wells, added=None, **conditions):
    stated = {"incubation_s": 300.0, "volume_l": 200e-6, "protein_g": 50e-6, **conditions}
    return Experiment(
        "day",
        wells,
        Radioligand("[3H]substrate", "3H", 50 * 2.22e15, labelled_atoms=3),
        added or Added(20e-9, 0.0, substrate_molar=100e-9),
        Conditions(**stated),
        Counting(),
    )


def test_a_velocity_by_hand():
    # 22200 dpm over 2.22e16 dpm/mol (a fifth of the label's) are 1 pmol; over 0.05 mg and 5 min: 4 pmol/mg/min
    day = experiment(well("A01", 22200.0))
    ligand = ligand_of(day)
    substrate = substrate_of(day, ligand)
    assert substrate.value == pytest.approx(100e-9)
    activity = diluted_activity(ligand.specific_activity_dpm_per_mol, ligand.total.value, substrate.value)
    assert activity == pytest.approx(2.22e16)
    found = velocity_factor(day, signals(day), activity).of(Estimate("x", 22200.0, "dpm", se=222.0), "v")
    assert found.value == pytest.approx(4 * PER_MIN_PER_MG)
    assert found.log10_se == pytest.approx(0.01 / math.log(10))
    assert str(found) == "v 4.00 pmol/mg/min"


def test_per_cell_and_per_well():
    day = experiment(well("A01", 22200.0), protein_g=math.nan, cells=2e5)
    read = signals(day)
    assert known_per((day,)) == "cells"
    per_cell = velocity_factor(day, read, 2.22e16, "cells")
    assert str(per_cell.of(Estimate("x", 22200.0, "dpm"), "v")) == "v 0.100 pmol/10⁵ cells/min"
    per_well = velocity_factor(day, read, 2.22e16, "well")
    assert str(per_well.of(Estimate("x", 22200.0, "dpm"), "v")) == "v 200 fmol/min"


def test_what_is_lacking_for_a_velocity_is_named():
    day = experiment(well("A01", 22200.0), incubation_s=math.nan, protein_g=math.nan)
    found = velocity_factor(day, signals(day), math.nan)
    assert not found.known
    assert len(found.missing) == 3
    assert known_per((day,)) == "well"


def test_the_shared_error_holds_efficiency_and_protein():
    day = replace(
        experiment(well("A01", 22200.0), protein_se_g=5e-6),
        counting=Counting(efficiency=0.4, efficiency_se=0.02),
    )
    per_protein = velocity_factor(day, signals(day), 2.22e16).log10_se
    per_well = velocity_factor(day, signals(day), 2.22e16, "well").log10_se
    assert per_well == pytest.approx(0.05 / math.log(10))
    assert per_protein == pytest.approx(math.hypot(0.05, 0.1) / math.log(10))


def test_substrate_of_the_well_goes_before_that_of_the_day():
    own = well("A01", 1.0, radioligand_molar=5e-9, substrate_molar=1e-6)
    plain = well("A02", 1.0)
    day = experiment(own, plain)
    assert (labelled_molar(own, day), labelled_molar(plain, day)) == (5e-9, 20e-9)
    assert (substrate_molar(own, day), substrate_molar(plain, day)) == (1e-6, 100e-9)
    hot = experiment(plain, added=Added(20e-9, 1e-9))
    assert substrate_molar(plain, hot) == 20e-9
    assert substrate_of(hot, ligand_of(hot)).se == pytest.approx(1e-9)


def test_the_counted_label_moves_the_substrate_and_the_planned_rest_stays():
    counted = Added(
        20e-9, math.nan, (46620.0 * 0.5,) * 3, 10e-6, 10e-6, 60.0, 100e-9
    )  # 23310 cpm in 10 microlitres, efficiency 1/2: 46620 dpm over 200 microlitres are 2.1 nM
    day = replace(
        experiment(well("A01", 1.0), added=counted), counting=Counting(efficiency=0.5, background_cpm=0.0)
    )
    ligand = ligand_of(day)
    assert ligand.total.value == pytest.approx(2.1e-9, rel=1e-9)
    assert substrate_of(day, ligand).value == pytest.approx(82.1e-9, rel=1e-9)


def test_wells_are_brought_to_the_median_protein_and_tracer():
    wells = (
        well("A01", 1000.0, protein_g=40e-6, radioligand_molar=20e-9),
        well("A02", 1000.0, protein_g=50e-6, radioligand_molar=20e-9),
        well("A03", 1000.0, protein_g=80e-6, radioligand_molar=40e-9),
        well("A04", 7.0, Role.NSB, protein_g=50e-6, radioligand_molar=20e-9),
    )
    read, typical, corrected = brought_alike(experiment(*wells), signals(experiment(*wells)), "protein")
    assert typical == pytest.approx(50e-6)
    assert corrected == ("protein", "tracer added")
    assert read.values == pytest.approx([1250.0, 1000.0, 312.5, 7.0])
    assert all(math.isnan(one.treatment.protein_g) for one in read.wells)


def test_wells_without_their_own_protein_stay_as_they_are():
    wells = (well("A01", 1000.0), well("A02", 900.0), well("A03", 3.0, Role.BLANK))
    read, typical, corrected = brought_alike(experiment(*wells), signals(experiment(*wells)), "protein")
    assert np.array_equal(read.values, signals(experiment(*wells)).values)
    assert (typical, corrected) == (50e-6, ())


def test_a_well_without_what_the_others_state_is_refused_where_it_is():
    wells = (well("A01", 1000.0, cells=1e5), well("A02", 900.0, cells=2e5), well("A03", 900.0))
    day = experiment(*wells, protein_g=math.nan)
    with pytest.raises(InputError, match=r"day > plate A03: the number of cells of 1 wells is not stated"):
        brought_alike(day, signals(day), "cells")


def test_sparse_wells_are_named_and_blanks_are_not():
    wells = [well(f"A{n:02d}", 1.0, protein_g=50e-6) for n in range(1, 6)]
    sparse = well("B01", 1.0, protein_g=34e-6)
    blank = well("B02", 1.0, Role.BLANK, protein_g=1e-9)
    found = density_facts((*wells, sparse, blank), "protein")
    assert found == {"lowest_density": pytest.approx(0.68), "sparse_wells": "B01"}
    assert density_facts((well("A01", 1.0),), "protein") == {}


def test_the_part_of_the_substrate_that_was_taken_up():
    # 20 nM of 1.11e17 dpm/mol in 200 microlitres are 444000 dpm
    day = experiment(well("A01", 44400.0), well("A02", 44400.0), well("A03", 444.0, Role.NSB))
    assert label_of(day, signals(day)).depletion == pytest.approx(0.1)
