"""A site mapping and a panel as a person runs them: run file and table in, report out, through the command line."""

import json
import math

import pytest

from prusoff.assays.dissociation_rate import dissociation_rate
from prusoff.assays.site_mapping import site_mapping

pytestmark = pytest.mark.slow  # whole runs of the program

HEAD = """[run]
title = "{title}"
assay = "{assay}"
simulated = true

[radioligand]
name = "[3H]simulated"
nuclide = "3H"
labelled_atoms = 3
specific_activity = "82 Ci/mmol"
calibration_date = 2026-03-02
koff = "0.036 /min"

[target]
name = "SERT"
species = "human"
system = "simulated membranes"

[conditions]
temperature = "25 C"
incubation = "240 min"
volume = "200 uL"

[counting]
efficiency = "42 %"
background = "22 cpm"
background_time = "10 min"
pipetting_cv = "2 %"

[units]
signal = "counts"
radioligand = "nM"
concentration = "nM"
time = "s"
"""
PANEL = """
[panel.{name}]
target = {{ variant = "{variant}" }}
radioligand = {{ kd = {{ value = "{kd:.6g} nM", se = "{se:.6g} nM", source = "{source}" }} }}
"""
EXPERIMENT = """
[[experiment]]
name = "{name}"
date = {date}
file = "{file}"
radioligand = "{ligand} nM"
{more}
"""


def table(experiment):
    """The wells of an experiment as a tidy table."""
    lines = ["plate,well,role,compound,conc,time,phase,counts,count_time (s)"]
    for well in experiment.wells:
        what = well.treatment
        dose, time = (
            "" if math.isnan(value) else f"{value:.9g}"
            for value in (what.concentration_molar * 1e9, what.time_s)
        )
        cells = (well.plate, well.position, what.role, what.compound, dose, time, what.phase)
        lines.append(",".join((*map(str, cells), f"{well.signal:.0f}", f"{well.count_time_s:g}")))
    return "\n".join(lines) + "\n"


def written(folder, experiments, head, member=None):
    """The run file and one table for each experiment."""
    text = head
    for number, one in enumerate(experiments):
        file = f"wells{number}.csv"
        (folder / file).write_text(table(one), encoding="utf-8")
        rates = ", ".join(f'"{rate:.2f} cpm"' for rate in one.added.aliquot_rates_cpm)
        time = f"{one.added.aliquot_count_time_s:g} s"
        more = (
            f'aliquots = {{ rates = [{rates}], volume = "50 uL", ligand_volume = "50 uL", time = "{time}" }}'
        )
        if member is not None:
            more += f'\nmember = "{member(one)}"'
        text += EXPERIMENT.format(
            name=one.name, date=one.date, file=file, ligand=one.added.planned_molar * 1e9, more=more
        )
    path = folder / "run.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_site_mapping_runs_from_files_to_the_site_of_every_compound(tmp_path, prusoff):
    experiments = site_mapping.simulate(site_mapping.truth, 1)
    head = HEAD.format(title="Site mapping at SERT", assay="site_mapping")
    labels = {one.conditions.variant: one.radioligand.kd for one in experiments}
    for variant, kd in labels.items():
        head += PANEL.format(
            name=variant or "wild", variant=variant, kd=kd.value * 1e9, se=kd.se * 1e9, source=kd.source
        ).replace('target = { variant = "" }\n', "")
    path = written(tmp_path, experiments, head, lambda one: one.conditions.variant or "wild")
    code, out, err = prusoff("run", path, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "unaffected" in out
    page = (tmp_path / "out" / "run" / "report.html").read_text(encoding="utf-8")
    for words in ("Site of binding", "the site of the label (S1)", "a second, allosteric site (S2)"):
        assert words in page
    record = json.loads((tmp_path / "out" / "run" / "results.json").read_bytes())
    found = {(one["subject"], one["estimate"]["name"]): one["estimate"] for one in record["pooled"]}
    for key, truth in site_mapping.truth.items():
        quantity, of, subject = key.partition(" of ")
        if of:
            estimate = found[subject, quantity]
            assert estimate["low"] < truth < estimate["high"], key
    assert {(one["name"], one["verdict"]) for one in record["ratios"]} == {
        ("fold shift", "weaker"),
        ("fold shift", "unaffected"),
    }
    assert record["rows"]["set_aside"] == 0


def test_a_dissociation_rate_runs_from_files_to_the_ec50(tmp_path, prusoff):
    experiments = dissociation_rate.simulate(dissociation_rate.truth, 1)
    head = HEAD.format(title="Dissociation from SERT", assay="dissociation_rate")
    path = written(tmp_path, experiments, head)
    code, out, err = prusoff("run", path, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "EC50" in out
    record = json.loads((tmp_path / "out" / "run" / "results.json").read_bytes())
    found = {one["subject"]: one["estimate"] for one in record["pooled"] if one["estimate"]["name"] == "EC50"}
    for subject, estimate in found.items():
        assert estimate["low"] < dissociation_rate.truth[f"EC50 of {subject}"] < estimate["high"]
    assert len(found) == 2
    assert (tmp_path / "out" / "run" / "figures" / "modulated_rate.svg").is_file()


def test_a_wrong_setting_is_told_with_its_place(tmp_path, prusoff):
    experiments = dissociation_rate.simulate(dissociation_rate.truth, 1)
    head = HEAD.format(title="Dissociation from SERT", assay="dissociation_rate")
    path = written(tmp_path, experiments, f"{head}\n[settings]\nmargin = 3\n")
    code, _, err = prusoff("run", path, "--out", tmp_path / "out")
    assert code == 2
    assert "settings > margin" in err
    assert "Traceback" not in err


def test_enantiomers_are_stated_in_the_run_file(tmp_path, prusoff):
    from prusoff.assays.radioligand_competition import radioligand_competition as competition

    truth = {**competition.truth, "Ki of first": 3e-9, "Ki of second": 3e-7, "Ki of third": 5.9e-9}
    head = HEAD.format(title="Enantiomers", assay="radioligand_competition")
    head = head.replace(
        'koff = "0.036 /min"', 'koff = "0.036 /min"\nkd = { value = "0.8 nM", se = "0.05 nM", source = "x" }'
    )
    for named, code_wanted in (('["first", "second", "third"]', 0), ('["first", "secnd"]', 2)):
        folder = tmp_path / named[2:16].replace('"', "").replace(",", "").replace(" ", "_")
        folder.mkdir()
        stated = f"{head}\n[settings]\nenantiomers = [{named}]\n"
        path = written(folder, competition.simulate(truth, 1), stated)
        code, out, err = prusoff("run", path, "--out", folder / "out")
        assert code == code_wanted, err
        if code:
            assert "settings > enantiomers" in err
            assert "'second'" in err
        else:
            assert "eudismic ratio" in out
            assert "agrees" in out
