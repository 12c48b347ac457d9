"""Assays in which something is used up, as a person runs them: written by the bench, run from files, read again."""

import csv
import json

import pytest


@pytest.fixture
def runs(prusoff, tmp_path):
    """runs(assay, settings of the truth) -> (what the terminal said, results, truth, folder of the results)."""

    def make(assay, *truth):
        told = [word for one in truth for word in ("--set", one)]
        code, _, err = prusoff("simulate", assay, "--out", tmp_path, "--seed", 5, *told)
        assert code == 0, err
        code, out, err = prusoff("run", tmp_path / f"{assay}.toml", "--out", tmp_path / "results")
        assert code == 0, err
        (path,) = (tmp_path / "results").rglob("results.json")
        stated = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))["truth"]
        return " ".join(out.split()), json.loads(path.read_text(encoding="utf-8")), stated, path.parent

    return make


def pooled(result):
    return {(one["estimate"]["name"], one["subject"]): one for one in result["pooled"]}


def warned(result):
    return {one["code"] for one in result["flags"] if one["severity"] in ("warn", "fail")}


def test_tight_competition_prints_both_answers_and_pools_the_exact_one(runs):
    _, result, truth, folder = runs(
        "radioligand_competition", "receptor_molar = 1 nM", "Ki of second = 0.3 nM"
    )
    found = pooled(result)
    for name in ("first", "second", "third"):
        ki = found["Ki", name]["estimate"]
        assert ki["low"] < truth[f"Ki of {name}"] < ki["high"], name
    assert "so believe this Ki" in found["Ki", "second"]["sentence"]
    assert {"W-DEP", "W-TIGHT"} <= warned(result)
    page = (folder / "report.html").read_text(encoding="utf-8")
    for words in ("Cheng–Prusoff K", "Cheng and Prusoff, who take both as free", "Wang Z-X. FEBS Lett 1995"):
        assert words in page


def test_homologous_competition_gives_kd_and_bmax_from_two_concentrations_of_label(runs):
    out, result, truth, folder = runs("homologous_competition_binding")
    found = pooled(result)
    for name in ("Kd", "Bmax"):
        estimate = found[name, "[3H]simulated"]["estimate"]
        assert estimate["low"] < truth[f"{name} of [3H]simulated"] < estimate["high"]
        assert estimate["text"].partition(" (")[0].removeprefix(f"{name} ") in out
    assert not warned(result)
    assert (folder / "figures" / "displacement_curves.svg").is_file()


def test_a_titration_without_any_label_gives_kd_by_both_laws(runs):
    _, result, truth, folder = runs("titration")
    found = pooled(result)
    for name in ("first", "second"):
        kd = found["Kd", name]["estimate"]
        assert kd["low"] < truth[f"Kd of {name}"] < kd["high"], name
    assert "so believe this one, of the quadratic law" in found["Kd", "first"]["sentence"]
    assert "both laws may be believed" in found["Kd", "second"]["sentence"]
    names = {estimate["name"] for one in result["series"] for estimate in one["estimates"]}
    assert names >= {"Kd", "Kd by the hyperbola"}
    assert warned(result) == {"W-PARTNER"}
    assert (folder / "figures" / "titration_curves.svg").is_file()


def test_a_titration_in_which_a_compound_has_no_concentration_is_refused_in_words(runs, prusoff, tmp_path):
    runs("titration")
    path = tmp_path / "day_1.csv"
    rows = list(csv.DictReader(path.open(newline="", encoding="utf-8")))
    rows[3]["conc (nM)"] = ""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    code, _, err = prusoff("run", tmp_path / "titration.toml", "--out", tmp_path / "again")
    assert code != 0
    assert "'first' has no concentration" in " ".join(err.split())
    assert "Traceback" not in err


def test_two_compounds_in_a_homologous_run_are_refused_with_the_assay_that_takes_them(
    runs, prusoff, tmp_path
):
    runs("homologous_competition_binding")
    path = tmp_path / "day_2.csv"
    text = path.read_text(encoding="utf-8").replace(",simulated,", ",desipramine,", 3)
    path.write_text(text, encoding="utf-8")
    code, _, err = prusoff(
        "run", tmp_path / "homologous_competition_binding.toml", "--out", tmp_path / "again"
    )
    assert code != 0
    said = " ".join(err.split())
    assert "there are 2 unlabelled ligands" in said
    assert "radioligand_competition" in said
