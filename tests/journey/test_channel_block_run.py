"""Block of a current as a person measures it: amplitudes or percentages in, IC50 out, by the command line."""

import json

import pytest

from prusoff.assays.channel_block import channel_block

pytestmark = pytest.mark.slow  # whole runs of the program

RUN = """
[run]
title = "Percent block of two currents"
assay = "channel_block"
[columns]
signal = "block"
member = "channel"
[units]
signal = "%"
[settings]
signal = "block"
[panel.hERG]
target = {name = "hERG"}
[panel.Nav]
target = {name = "Nav1.5"}
[[experiment]]
name = "table"
file = "block.csv"
"""
TABLE = """drug,conc (nM),channel,block
quinidine,100,hERG,12
quinidine,100,hERG,7
quinidine,300,hERG,25
quinidine,300,hERG,31
quinidine,1000,hERG,52
quinidine,1000,hERG,47
quinidine,3000,hERG,78
quinidine,3000,hERG,74
quinidine,1000,Nav,4
quinidine,1000,Nav,9
quinidine,10000,Nav,38
quinidine,10000,Nav,33
"""


def results(folder):
    (path,) = folder.glob("*/results.json")
    return json.loads(path.read_bytes())


def test_amplitudes_become_an_ic50(tmp_path, prusoff):
    code, _, err = prusoff("simulate", "channel_block", "--out", tmp_path / "bench", "--set", "cells=6")
    assert (code, err) == (0, "")
    heading = (tmp_path / "bench" / "cell_1.csv").read_text(encoding="utf-8").splitlines()[0]
    assert "voltage (mV)" in heading
    assert "series_resistance (MOhm)" in heading
    code, out, err = prusoff("run", tmp_path / "bench" / "channel_block.toml", "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    record = results(tmp_path / "out")
    found = {(one["subject"], one["estimate"]["name"]): one["estimate"] for one in record["pooled"]}
    for key, truth in channel_block.truth.items():
        quantity, of, subject = key.partition(" of ")
        if of:
            assert found[subject, quantity]["low"] < truth < found[subject, quantity]["high"], key
    assert "IC50" in out
    page = (tmp_path / "out" / "channel_block" / "report.html").read_text(encoding="utf-8")
    for words in ("mixed model", "run-down", "cell 6", "Lindstrom MJ, Bates DM", "90 % of the block takes"):
        assert words in page, words
    assert record["rows"]["set_aside"] == 0


def test_a_table_of_percentages_is_one_cell_a_row(tmp_path, prusoff):
    (tmp_path / "run.toml").write_text(RUN, encoding="utf-8")
    (tmp_path / "block.csv").write_text(TABLE, encoding="utf-8")
    code, out, err = prusoff("run", tmp_path / "run.toml", "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    pooled = {(one["subject"], one["estimate"]["name"]): one for one in results(tmp_path / "out")["pooled"]}
    herg, nav = (pooled[f"quinidine at {site}", "IC50"] for site in ("hERG", "Nav1.5"))
    assert len(herg["experiments"]) == 8
    assert 800e-9 < herg["estimate"]["value"] < 1200e-9
    assert nav["estimate"]["relation"] == ">"
    assert nav["estimate"]["value"] == pytest.approx(1e-5)
    assert "Read there: 36 % (4–67)" in nav["sentence"]
    assert "in 2 cells." in nav["sentence"]
    assert "W-BLK-ONE" in out


def test_percentages_that_are_taken_for_currents_are_explained(tmp_path, prusoff):
    (tmp_path / "run.toml").write_text(RUN.replace('[settings]\nsignal = "block"\n', ""), encoding="utf-8")
    (tmp_path / "block.csv").write_text(TABLE, encoding="utf-8")
    code, _, err = prusoff("run", tmp_path / "run.toml", "--out", tmp_path / "out")
    assert code != 0
    assert 'Write signal = "block" under [settings]' in " ".join(err.split())
    assert "Traceback" not in err
