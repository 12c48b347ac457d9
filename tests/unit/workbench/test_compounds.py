"""The [compound] tables, concentrations by mass, doses and tissue: read once, asked for and never guessed."""

import math

import pytest

from prusoff.core.assay import Needs
from prusoff.core.errors import InputError, PrusoffError
from prusoff.core.plate import Role
from prusoff.workbench.experiments import experiments_of
from prusoff.workbench.reading import read_file
from prusoff.workbench.runfile import parse_runfile

HEAD = """
[run]
title = "Occupancy"
assay = "receptor_occupancy"
[units]
signal = "BPND"
[[experiment]]
file = "scans.csv"
"""
COMPOUND = """
[compound.atomoxetine]
molar_mass = "255.361 g/mol"
salt_molar_mass = "291.819 g/mol"
form = "base"
fraction_unbound = { value = 0.02, source = "label" }
kp_uu = { value = 0.7, log10_se = 0.1, source = "rat, microdialysis" }
exposure = "350 ng/mL"
active_metabolites = ["4-hydroxyatomoxetine"]
[compound.atomoxetine.ki.NET]
value = "5 nM"
log10_se = 0.17
source = "seed document"
[compound.atomoxetine.course]
dose = "40 mg"
form = "base"
weight = "70 kg"
clearance = "0.35 L/h/kg"
half_life = "5.2 h"
ka = "1.2 /h"
source = "label"
"""
TABLE = """subject,scan,role,compound,plasma (ng/mL),region,signal,se
M1,a,baseline,,,thalamus,1.02,0.04
M1,b,,atomoxetine,31,thalamus,0.51,0.03
"""
NEEDS = Needs((), "", ("region", "signal_se"))


def read(folder, text=TABLE, more=COMPOUND, needs=NEEDS):
    (folder / "scans.csv").write_text(text, encoding="utf-8")
    return experiments_of(parse_runfile(HEAD + more), folder, read_file, needs)


def test_a_concentration_by_mass_is_a_molar_one_of_the_form_stated(tmp_path):
    (one,) = read(tmp_path)
    baseline, scan = one.wells
    assert baseline.treatment.role is Role.TOTAL
    assert (scan.plate, scan.treatment.region, scan.signal_se) == ("b", "thalamus", 0.03)
    assert scan.treatment.concentration_molar == pytest.approx(121.3967677e-9, rel=1e-8)
    (salted,) = read(tmp_path, more=COMPOUND.replace('form = "base"', 'form = "salt"', 1))
    assert salted.wells[1].treatment.concentration_molar == pytest.approx(31e-6 / 291.819)


def test_the_table_of_a_compound_is_read_in_inside_units(tmp_path):
    (one,) = read(tmp_path)
    drug = one.compound("atomoxetine")
    assert (drug.molar_mass, drug.salt_molar_mass, drug.form) == (255.361, 291.819, "base")
    assert (drug.fraction_unbound.value, drug.kp_uu.value, drug.kp_uu.log10_se) == (0.02, 0.7, 0.1)
    assert drug.ki["NET"].value == pytest.approx(5e-9)
    assert drug.exposure_molar == pytest.approx(350e-6 / 255.361)
    assert drug.active_metabolites == ("4-hydroxyatomoxetine",)
    assert drug.dosing.dose_g == pytest.approx(0.04)
    assert drug.dosing.clearance == pytest.approx(0.35 / 3600)
    assert drug.dosing.half_life_s == pytest.approx(5.2 * 3600)
    assert math.isnan(drug.dosing.effect_per_s)
    assert math.isnan(one.compound("another").molar_mass)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('form = "base"\nfraction', "fraction", "never guessed"),
        ('molar_mass = "255.361 g/mol"\nsalt', "salt", "molar_mass"),
        ('"255.361 g/mol"', '"300 g/mol"', "no heavier than its base"),
        ("value = 0.02", "value = 98", "above 1"),
        ("log10_se = 0.17\n", "", "no standard error"),
        ('weight = "70 kg"', 'weight = "70"', "no unit"),
        ('source = "label"\n', 'source = "label"\ndoses = 3\n', "no time between"),
        ('source = "label"\n', 'source = "label"\nvolume = "0.85 L/kg"\n', "go together"),
    ],
)
def test_what_is_wrong_with_the_table_of_a_compound_is_said(tmp_path, old, new, said):
    assert old in COMPOUND
    with pytest.raises(PrusoffError) as failure:
        read(tmp_path, more=COMPOUND.replace(old, new))
    assert said in str(failure.value)


def test_a_table_of_a_compound_that_no_well_holds_is_refused(tmp_path):
    with pytest.raises(PrusoffError) as failure:
        read(tmp_path, TABLE.replace("ng/mL", "nM"), COMPOUND.replace("atomoxetine", "atomoxetin"))
    assert "no well holds 'atomoxetin'" in str(failure.value)
    assert "Did you mean 'atomoxetine'" in str(failure.value)


def test_a_mass_without_a_table_of_its_compound_is_refused(tmp_path):
    with pytest.raises(InputError) as failure:
        read(tmp_path, more="")
    assert "Add [compound.atomoxetine]" in str(failure.value)
    assert "line 3" in str(failure.value)


def test_molar_concentrations_need_no_table(tmp_path):
    (one,) = read(tmp_path, TABLE.replace("ng/mL", "nM"), "")
    assert one.wells[1].treatment.concentration_molar == pytest.approx(31e-9)
    assert one.compounds == ()
    (cell,) = read(tmp_path, TABLE.replace(" (ng/mL)", "").replace(",31,", ",31 ng/mL,"))
    assert cell.wells[1].treatment.concentration_molar == pytest.approx(121.3967677e-9, rel=1e-8)


def test_units_of_mass_and_of_moles_are_not_mixed(tmp_path):
    with pytest.raises(PrusoffError, match=r"mixed|not a unit"):
        read(tmp_path, TABLE.replace(",31,", ",31 nM,"))


DOSES = """animal,role,compound,dose (mg/kg),region,weight (mg),cpm
R1,vehicle,,,frontal,95.1,390
R1,vehicle,,,cerebellum,118.9,204
R2,,harmine,5,frontal,91.5,303
"""


def test_doses_and_tissue_are_read_where_an_assay_asks_for_them(tmp_path):
    needs = Needs((), "", ("region", "dose", "tissue"))
    more = "\n[counting]\ntime = '1 min'\n"
    (tmp_path / "scans.csv").write_text(DOSES, encoding="utf-8")
    runfile = parse_runfile(HEAD.replace("BPND", "cpm") + more)
    vehicle, dosed = experiments_of(runfile, tmp_path, read_file, needs)
    assert vehicle.wells[0].treatment.tissue_g == pytest.approx(0.0951)
    assert dosed.wells[0].treatment.dose_g_per_kg == pytest.approx(5e-3)
    assert dosed.wells[0].treatment.role is Role.COMPOUND
    with pytest.raises(PrusoffError, match="concentration"):
        experiments_of(runfile, tmp_path, read_file, Needs((), "", ("region", "tissue")))
