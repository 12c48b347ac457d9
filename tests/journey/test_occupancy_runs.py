"""Occupancy through the command line: atomoxetine in monkeys, plasma in ng/mL, to the report that shows both routes."""

import json
import math

import pytest

from prusoff.assays import catalog

pytestmark = pytest.mark.slow  # whole runs of the program

RUN = """[run]
title = "Atomoxetine in rhesus"
assay = "receptor_occupancy"
simulated = true

[target]
species = "rhesus"

[panel.NET.target]
name = "NET"
[panel.SERT.target]
name = "SERT"

[units]
signal = "BPND"

[compound.atomoxetine]
molar_mass = "255.361 g/mol"
form = "base"
fraction_unbound = { value = 0.02, source = "98 % bound" }
kp_uu = { value = 0.7, source = "rat microdialysis" }
exposure = "350 ng/mL"
active_metabolites = ["4-hydroxyatomoxetine"]

[compound.atomoxetine.ki.NET]
value = "5 nM"
log10_se = 0.17
source = "compiled value"
[compound.atomoxetine.ki.SERT]
value = "77 nM"
log10_se = 0.17
source = "compiled value"
[compound.atomoxetine.ic50.NMDA]
value = "3 uM"
log10_se = 0.17
source = "compiled value"

[compound.atomoxetine.course]
dose = "40 mg"
form = "base"
weight = "70 kg"
clearance = "0.35 L/h/kg"
half_life = "5.2 h"
ka = "1.2 /h"
volume = "0.85 L/kg"
bioavailability = "63 %"
who = "human, extensive metaboliser"
source = "prescribing information"

[[experiment]]
file = "scans.csv"
"""
EC50 = {"NET": 31.0, "SERT": 99.0}  # ng/mL, Ding YS et al. 2014
REGIONS = {"thalamus": 1.2, "midbrain": 0.8}
AWAY = (0.96, 1.0, 1.04)  # the EC50 of each monkey over the mean: a known scatter, not a drawn one


def table(unit="ng/mL", size=1.0):
    """Three monkeys for each transporter, a baseline and four infusions, BPND in two regions."""
    lines = [f"monkey,target,scan,role,compound,plasma ({unit}),region,signal,se"]
    for target, ec50 in EC50.items():
        for number, away in enumerate(AWAY, start=1):
            for scan, times in enumerate((0.0, 0.3, 1.0, 3.0, 9.0)):
                plasma = times * ec50
                left = 1 / (1 + plasma / (ec50 * away))
                what = f",atomoxetine,{plasma * size:.6g}" if plasma else "baseline,,"
                wobble = 1 + 0.01 * (-1) ** (scan + number)
                lines += [
                    f"M{number},{target},{scan},{what},{region},{bound * left * wobble:.5f},0.03"
                    for region, bound in REGIONS.items()
                ]
    return "\n".join(lines) + "\n"


def written(folder, text=RUN, scans=None):
    (folder / "scans.csv").write_text(scans or table(), encoding="utf-8")
    path = folder / "run.toml"
    path.write_text(text, encoding="utf-8")
    return path


def results(folder):
    (found,) = folder.rglob("results.json")
    return json.loads(found.read_bytes()), found.parent


def test_plasma_in_mass_to_ki_in_vivo_beside_the_bench(prusoff, tmp_path):
    path = written(tmp_path)
    path.write_text(
        path.read_text(encoding="utf-8") + '\n[columns]\nexperiment = "monkey"\n', encoding="utf-8"
    )
    code, out, err = prusoff("run", path, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "60 wells = 60 used + 0 set aside" in " ".join(out.split())
    found, folder = results(tmp_path / "out")
    pooled = {(one["subject"], one["estimate"]["name"]): one for one in found["pooled"]}
    for target, ng_per_ml in EC50.items():
        one = pooled[f"atomoxetine at {target}", "EC50"]
        assert one["n"] == 3
        assert one["estimate"]["value"] == pytest.approx(ng_per_ml * 1e-6 / 255.361, rel=0.03)
        by_mass = pooled[f"atomoxetine at {target}", "EC50 by mass"]["estimate"]
        assert by_mass["value"] == pytest.approx(ng_per_ml * 1e-6, rel=0.03)
    ratios = {(one["name"], one["subject"]): one for one in found["ratios"]}
    beside = {target: ratios["in vivo over in vitro", f"atomoxetine at {target}"] for target in EC50}
    logs = {target: math.log10(one["estimate"]["value"]) for target, one in beside.items()}
    assert logs == pytest.approx({"NET": -0.47, "SERT": -1.15}, abs=0.02)  # science case S25 and A7
    assert beside["NET"]["verdict"] == "within 3-fold"
    assert beside["SERT"]["verdict"] == "14-fold more potent in vivo"
    assert "9.9-fold with Kp,uu 1" in beside["SERT"]["sentence"]
    assert "not resolved" in beside["SERT"]["sentence"]
    flags = {(one["code"], one["subject"]): one["severity"] for one in found["flags"]}
    assert flags["W-VIVO", "atomoxetine at NET"] == "pass"
    assert flags["W-VIVO", "atomoxetine at SERT"] == "warn"
    page = (folder / "report.html").read_text(encoding="utf-8")
    for words in (
        "4-hydroxyatomoxetine",
        "In vivo over in vitro",
        "Safety margin",
        "Lindstrom",
        "from the Ki in vitro",
    ):
        assert words in page
    drawn = {one.stem for one in (folder / "figures").glob("*.png")}
    assert drawn == {"occupancy_curve", "occupancy_course", "residuals"}


def test_moles_and_masses_give_the_same_answer(prusoff, tmp_path):
    answers = []
    for name, unit, size in (("mass", "ng/mL", 1.0), ("moles", "nM", 1e3 / 255.361)):
        folder = tmp_path / name
        folder.mkdir()
        path = written(folder, RUN + '\n[columns]\nexperiment = "monkey"\n', table(unit, size))
        assert prusoff("run", path, "--out", folder / "out")[0] == 0
        found = results(folder / "out")[0]
        answers.append([one["estimate"]["value"] for one in found["pooled"]])
    assert answers[0] == pytest.approx(answers[1], rel=1e-4)


def test_the_form_of_a_mass_is_asked_for(prusoff, tmp_path):
    path = written(
        tmp_path, RUN.replace('form = "base"\nfraction', "fraction") + '\n[columns]\nexperiment = "monkey"\n'
    )
    code, _, err = prusoff("run", path, "--out", tmp_path / "out")
    assert code == 2
    assert "never guessed" in err
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()


def test_the_simulated_study_is_read_from_its_files(prusoff, tmp_path):
    code, _, err = prusoff("simulate", "receptor_occupancy", "--out", tmp_path / "study", "--seed", "5")
    assert (code, err) == (0, "")
    code, _, err = prusoff("run", tmp_path / "study", "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    found, folder = results(tmp_path / "out")
    truth = catalog["receptor_occupancy"].truth
    for one in found["pooled"]:
        key = f"{one['estimate']['name']} of {one['subject']}"
        if key in truth:
            assert one["estimate"]["value"] == pytest.approx(truth[key], rel=0.4), key
    assert (folder / "figures" / "lassen_plot.svg").exists()
    assert found["experiments"][0]["inputs"]["compounds"][0]["name"] == "atomoxetine"


EXVIVO = """[run]
title = "Occupancy in rat cortex"
assay = "exvivo_occupancy"
simulated = true

[target]
name = "5-HT2A"
species = "rat"

[radioligand]
name = "[3H]ligand"
nuclide = "3H"

[counting]
efficiency = "45 %"
time = "10 min"
background = "25 cpm"
background_time = "10 min"
pipetting_cv = "0 %"

[units]
signal = "counts"

[settings]
reference_region = "cerebellum"

[[experiment]]
file = "rats.csv"
"""


def rats(unit="mg", size=1e3):
    """The simulated rats as one table with doses in mg/kg; masses in this unit."""
    assay = catalog["exvivo_occupancy"]
    lines = [f"animal,role,compound,dose (mg/kg),region,weight ({unit}),signal"]
    for one in assay.simulate(assay.truth, 7):
        for well in one.wells:
            what = well.treatment
            dose = f"{what.dose_g_per_kg * 1e3:.4g}" if what.compound else ""
            role = "" if what.compound else "vehicle"
            lines.append(
                f"{one.name},{role},{what.compound},{dose},{what.region},{what.tissue_g * size:.6g},{well.signal:.0f}"
            )
    return "\n".join(lines) + "\n"


def test_weighed_tissue_to_the_dose_of_half_occupancy(prusoff, tmp_path):
    (tmp_path / "rats.csv").write_text(rats(), encoding="utf-8")
    (tmp_path / "run.toml").write_text(EXVIVO, encoding="utf-8")
    code, out, err = prusoff("run", tmp_path / "run.toml", "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "ED50" in out
    assert "mg/kg" in out
    found, folder = results(tmp_path / "out")
    (half,) = (one for one in found["pooled"] if one["estimate"]["name"] == "ED50")
    assert half["n"] == 20
    assert half["estimate"]["value"] == pytest.approx(1.2e-3, rel=0.3)
    assert {one.stem for one in (folder / "figures").glob("*.png")} == {"dose_occupancy"}
    page = (folder / "report.html").read_text(encoding="utf-8")
    for words in ("cerebellum", "Herculano-Houzel", "animals with vehicle"):
        assert words in page


def test_milligrams_headed_as_grams_end_the_run_with_code_1(prusoff, tmp_path):
    (tmp_path / "rats.csv").write_text(rats("g", 1e3), encoding="utf-8")
    (tmp_path / "run.toml").write_text(EXVIVO, encoding="utf-8")
    code, out, _ = prusoff("run", tmp_path / "run.toml", "--out", tmp_path / "out")
    assert code == 1
    assert "W-TISSUE" in out
    assert "milligrams" in " ".join(out.split())
