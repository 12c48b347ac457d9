"""Modulators of binding as a person measures them: run file and tables in, KB and alpha out, by the command line."""

import json

import pytest

from prusoff.assays.allosteric_binding import allosteric_binding

pytestmark = pytest.mark.slow  # whole runs of the program


def answers(folder, prusoff, *truth):
    """Simulated files, analysed by the program: what it printed, its results, its report."""
    more = [part for one in truth for part in ("--set", one)]
    code, _, err = prusoff("simulate", "allosteric_binding", "--out", folder / "bench", *more)
    assert (code, err) == (0, "")
    path = folder / "bench" / "allosteric_binding.toml"
    code, out, err = prusoff("run", path, "--out", folder / "out")
    assert (code, err) == (0, "")
    made = folder / "out" / "allosteric_binding"
    assert (made / "figures" / "modulation_curve.svg").is_file()
    record = json.loads((made / "results.json").read_bytes())
    return out, record, (made / "report.html").read_text(encoding="utf-8")


def test_counts_become_kb_and_alpha(tmp_path, prusoff):
    out, record, page = answers(tmp_path, prusoff)
    found = {(one["subject"], one["estimate"]["name"]): one["estimate"] for one in record["pooled"]}
    for key, truth in allosteric_binding.truth.items():
        quantity, of, subject = key.partition(" of ")
        if of:
            estimate = found[subject, quantity]
            assert estimate["low"] < truth < estimate["high"], key
    assert "alpha" in out
    for words in ("Modulation of binding", "which that of a competitor has not", "Ehlert FJ"):
        assert words in page
    assert record["rows"]["set_aside"] == 0


def test_a_competitor_gets_a_bound_of_alpha_and_a_warning(tmp_path, prusoff):
    out, record, page = answers(tmp_path, prusoff, "alpha of reducer = 0.0001")
    (alpha,) = [
        one["estimate"]
        for one in record["pooled"]
        if (one["subject"], one["estimate"]["name"]) == ("reducer", "alpha")
    ]
    assert alpha["relation"] == "<"
    assert alpha["value"] < 0.02
    assert "W-ALLO-LIMIT" in out
    assert "cannot be told from a competitor" in page
