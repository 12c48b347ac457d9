"""Gating and state-dependent block through the command line: from tables of currents to a report."""

import csv
import json

import pytest

from prusoff.assays import catalog
from prusoff.core.plate import Role

pytestmark = pytest.mark.slow  # whole runs of the program

HEAD = """[run]
title = "{title}"
assay = "{assay}"
simulated = true

[target]
name = "{target}"
species = "human"
system = "simulated cells"

[conditions]
temperature = "22 C"
"""
COLUMNS = (
    "cell",
    "role",
    "compound",
    "conc (uM)",
    "{volts} (mV)",
    "end point",
    "current (pA)",
    "Rs (MOhm)",
    "leak (pA)",
)
WORDS = {Role.TOTAL: "control", Role.WASH: "wash", Role.COMPOUND: ""}


def rows(experiment):
    """The currents of a cell as a person would type them."""
    for well in experiment.wells:
        what = well.treatment
        molar = f"{what.concentration_molar * 1e6:.6g}" if what.role is Role.COMPOUND else ""
        yield (
            experiment.name,
            WORDS[what.role],
            what.compound,
            molar,
            f"{what.voltage_v * 1e3:.6g}",
            what.end_point,
            f"{well.signal * 1e12:.4f}",
            f"{well.quality['series_resistance'] * 1e-6 * (1 - well.quality['compensation']):.4g}",
            f"{well.quality['leak'] * 1e12:.4g}",
        )


def written(folder, assay, experiments, volts, more=""):
    """One table of all cells beside the run file."""
    with (folder / "cells.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow([name.format(volts=volts) for name in COLUMNS])
        for one in experiments:
            table.writerows(rows(one))
    text = HEAD.format(title="Currents", assay=assay, target=experiments[0].conditions.target)
    path = folder / "run.toml"
    path.write_text(f'{text}{more}\n[[experiment]]\nfile = "cells.csv"\n', encoding="utf-8")
    return path


def results(folder):
    (found,) = folder.rglob("results.json")
    return json.loads(found.read_bytes()), found.parent


def test_a_table_of_gating_gives_half_potentials_shift_report_and_figures(prusoff, tmp_path):
    assay = catalog["gating"]
    path = written(tmp_path, "gating", assay.simulate(assay.truth, 4), "conditioning potential")
    code, out, err = prusoff("run", path, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "972 wells = 972 used + 0 set aside" in " ".join(out.split())
    found, folder = results(tmp_path / "out")
    pooled = {(one["subject"], one["estimate"]["name"]): one for one in found["pooled"]}
    shift = pooled["lidocaine 100 µM (availability)", "shift"]
    assert shift["n"] == 6
    assert shift["estimate"]["low"] < assay.truth["shift availability"] < shift["estimate"]["high"]
    assert "mV" in shift["estimate"]["text"]
    assert {"boltzmann", "residuals"} <= {one.stem for one in (folder / "figures").glob("*.png")}
    page = (folder / "report.html").read_text(encoding="utf-8")
    for words in ("Hodgkin", "Boltzmann", "lidocaine", "n counts cells"):
        assert words in page


def test_a_table_of_block_over_holding_potentials_gives_kr_ki_and_their_ratio(prusoff, tmp_path):
    assay = catalog["state_dependent_block"]
    cells = [one for one in assay.simulate(assay.truth, 4) if one.conditions.target == "Nav1.5"]
    path = written(tmp_path, "state_dependent_block", cells, "holding potential")
    code, out, err = prusoff("run", path, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "prefers" in out
    found, folder = results(tmp_path / "out")
    pooled = {(one["subject"], one["estimate"]["name"]): one["estimate"] for one in found["pooled"]}
    for name in ("Kr", "Ki"):
        truth = assay.truth[f"{name} of atomoxetine at Nav1.5"]
        assert pooled["atomoxetine", name]["low"] < truth < pooled["atomoxetine", name]["high"]
    (ratio,) = found["ratios"]
    assert ratio["name"] == "state ratio"
    assert 40 < ratio["estimate"]["value"] < 60
    assert "state_dependence" in {one.stem for one in (folder / "figures").glob("*.png")}
    page = (folder / "report.html").read_text(encoding="utf-8")
    for words in ("Hille", "Bean", "resting", "upper limit of K<sub>i</sub>"):
        assert words in page


def test_the_holding_potential_of_the_seed_alone_gives_bounds(prusoff, tmp_path):
    assay = catalog["state_dependent_block"]
    cells = [one for one in assay.simulate(assay.truth, 4) if one.conditions.target == "Nav1.2"]
    for index, one in enumerate(cells):
        wells = tuple(
            well
            for well in one.wells
            if well.treatment.role is Role.TOTAL
            or (well.treatment.end_point == "peak" and abs(well.treatment.voltage_v + 0.06) < 1e-9)
        )
        cells[index] = type(one)(one.name, wells, one.radioligand, conditions=one.conditions)
    path = written(tmp_path, "state_dependent_block", cells, "holding potential")
    code, out, _ = prusoff("run", path, "--out", tmp_path / "out", "--json")
    assert code == 0
    pooled = {
        one["estimate"]["name"]: one["estimate"]
        for one in json.loads(out)["pooled"]
        if one["subject"] == "atomoxetine"
    }
    assert pooled["Ki"]["relation"] == "<"
    assert pooled["Kr"]["relation"] == ">"
    assert 0.3 < pooled["h at −60 mV"]["value"] < 0.55
    page = next((tmp_path / "out").rglob("report.html")).read_text(encoding="utf-8")
    assert "neither state" in page
    assert "upper limit" in page


def test_what_a_run_lacks_is_one_message(prusoff, tmp_path):
    assay = catalog["gating"]
    path = written(tmp_path, "gating", assay.simulate(assay.truth, 4)[:1], "whatever")
    code, out, err = prusoff("run", path, "--out", tmp_path / "out")
    assert (code, out) == (2, "")
    assert "no current has a potential" in err
    assert "Traceback" not in err
