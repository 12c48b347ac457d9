"""`prusoff fit` with outliers set aside, robust fits and false discovery rates: in every output; what is refused."""

from __future__ import annotations

import csv
import json

import numpy as np
import polars
import pytest
from scipy import stats

import prusoff as pr

DOSES = np.repeat(10.0 ** np.linspace(-10, -5, 11), 2)
CURVES, FLAT = 12, 6  # curves, of which so many have no response


def responses(curve):
    random = np.random.default_rng(curve)
    y = 50.0 if curve < FLAT else 100 / (1 + DOSES / 10 ** (-8.0 + 0.1 * curve))
    y = y + random.normal(0, 3, DOSES.size)
    if curve == FLAT:
        y[6] += 60.0
    return y


@pytest.fixture(scope="module", params=["csv", "parquet"])
def table(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("options") / f"curves.{request.param}"
    frame = polars.DataFrame(
        {
            "compound": np.repeat([f"C{c:02}" for c in range(CURVES)], DOSES.size),
            "conc (M)": np.tile(DOSES, CURVES),
            "signal": np.concatenate([responses(c) for c in range(CURVES)]),
        }
    )
    frame.write_parquet(path) if request.param == "parquet" else frame.write_csv(path)
    return path


def written(prusoff, table, tmp_path, *options):
    """The columns of the fits as written in the format of the table; from Parquet they went through in parts."""
    out = tmp_path / f"fits{table.suffix}"
    code, _, err = prusoff("fit", table, "--by", "compound", "--out", out, *options)
    assert (code, err) == (0, "")
    if table.suffix == ".parquet":
        return polars.read_parquet(out).to_dicts()
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def in_json(prusoff, table, *options):
    code, out, err = prusoff("fit", table, "--by", "compound", "--json", *options)
    assert (code, err) == (0, "")
    return json.loads(out)


def test_outliers_are_set_aside_and_named_as_rout_does(prusoff, table, tmp_path):
    alone = pr.rout("four_parameter_logistic", np.log10(DOSES), responses(FLAT))
    assert [one.point for one in alone.excluded] == [6]
    rows = written(prusoff, table, tmp_path, "--outliers", "rout")
    row = rows[FLAT]
    assert float(row["log_ic50"]) == pytest.approx(alone.without.value("log_ic50"), abs=1e-7)
    assert float(row["log_ic50_with_outliers"]) == pytest.approx(alone.with_all.value("log_ic50"), abs=1e-7)
    assert (row["set_aside_because"], int(row["points"])) == ("1 row: y is an outlier", DOSES.size - 1)
    found = in_json(prusoff, table, "--outliers", "rout")
    assert found["outliers"] == {"method": "ROUT", "q": 0.01}
    (told,) = found["curves"][FLAT]["rows"]["set_aside"]
    assert told.endswith("is an outlier")
    text = prusoff("fit", table, "--by", "compound", "--outliers", "rout")[1]
    assert "1 row set aside: " in text


def test_a_robust_fit_is_that_of_the_function(prusoff, table, tmp_path):
    alone = pr.fit_robust("four_parameter_logistic", np.log10(DOSES), responses(FLAT))
    row = written(prusoff, table, tmp_path, "--robust")[FLAT]
    assert float(row["log_ic50"]) == pytest.approx(alone.fit.value("log_ic50"), abs=1e-9)
    assert float(row["log_ic50_se"]) == pytest.approx(alone.fit.standard_error("log_ic50"), rel=1e-9)
    assert float(row["log_ic50_low"]) == pytest.approx(alone.fit.intervals["log_ic50"].low, abs=1e-9)
    assert float(row["robust_sd"]) == pytest.approx(alone.scale, rel=1e-9)
    assert in_json(prusoff, table, "--robust")["intervals"] == "wald"


def test_false_discovery_rates_are_those_of_all_curves(prusoff, table, tmp_path):
    rows = written(prusoff, table, tmp_path, "--fdr", "bh")
    p = [float(row["p_response"]) for row in rows]
    rates = [float(row["false_discovery_rate"]) for row in rows]
    np.testing.assert_allclose(rates, stats.false_discovery_control(p), rtol=1e-9)
    found = in_json(prusoff, table, "--fdr", "bh")["curves"]
    np.testing.assert_allclose([one["false_discovery_rate"] for one in found], rates, rtol=1e-9)
    text = prusoff("fit", table, "--by", "compound", "--fdr", "bh")[1]
    assert f"{CURVES - FLAT} respond at a false discovery rate of 5%" in " ".join(text.split())


def test_decoys_count_what_chance_reaches(prusoff, table, tmp_path):
    rows = written(prusoff, table, tmp_path, "--fdr", "decoys")
    p, decoys = (np.array([float(row[name]) for row in rows]) for name in ("p_response", "p_decoy"))
    assert (decoys >= 1e-3).all()
    rates = np.array([float(row["false_discovery_rate"]) for row in rows])
    best = int(np.argmax(p[FLAT:])) + FLAT
    reached = (1 + int((decoys <= p[best]).sum())) / int((p <= p[best]).sum())
    assert rates[best] == pytest.approx(reached)
    assert (rates[:FLAT] >= rates[best]).all()


LAWS = ("three_parameter_logistic", "four_parameter_logistic", "log_normal")


@pytest.fixture(scope="module")
def steep(tmp_path_factory):
    """Curves of slope 1, steep ones, and one without a number, as CSV and as Parquet."""
    folder, rows = tmp_path_factory.mktemp("steep"), []
    for name, slope in (("one", 1.0), ("steep", 2.5), ("another one", 1.0)):
        noise = np.random.default_rng(len(name)).normal(0, 2, DOSES.size)
        y = 100 / (1 + (DOSES / 3e-8) ** slope) + noise
        rows += [(name, dose, value) for dose, value in zip(DOSES, y, strict=True)]
    rows.append(("nothing", 1e-8, float("nan")))
    frame = polars.DataFrame(rows, schema=["compound", "conc (M)", "signal"], orient="row")
    frame.write_csv(folder / "steep.csv")
    frame.write_parquet(folder / "steep.parquet")
    return folder / "steep.csv"


def test_every_curve_gets_the_law_that_the_function_chooses(prusoff, steep, tmp_path):
    frame = polars.read_csv(steep)
    asked = [option for law in LAWS for option in ("--equation", law)]
    code, out, err = prusoff("fit", steep, "--by", "compound", *asked, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert (found["kind"], tuple(found["equations"])) == ("chosen_fits", LAWS)
    assert [one["by"]["compound"] for one in found["curves"]] == ["one", "steep", "another one", "nothing"]
    for one in found["curves"][:3]:
        rows = frame.filter(polars.col("compound") == one["by"]["compound"])
        alone = pr.choose(np.log10(rows["conc (M)"].to_numpy()), rows["signal"].to_numpy(), LAWS)
        assert (one["equation"], one["choice"]) == (alone.preferred.equation.name, alone.sentence)
        value = one["parameters"]["log_ic50"]["value"]
        assert value == pytest.approx(alone.preferred.value("log_ic50"), abs=1e-7)
    assert found["curves"][0]["equation"] != found["curves"][1]["equation"]
    assert found["curves"][3]["choice"] == "No law can be chosen: no row can be used."
    for kind in ("csv", "parquet"):
        code, out, err = prusoff(
            "fit", steep.with_suffix(f".{kind}"), "--by", "compound", *asked, "--out", tmp_path / f"f.{kind}"
        )
        assert (code, err) == (0, "")
        assert "4 curves fitted: " in out
    read = polars.read_parquet(tmp_path / "f.parquet")
    assert read["equation"].to_list() == [one["equation"] for one in found["curves"]]
    slopes = [one["parameters"].get("hill_slope", {}).get("value") for one in found["curves"]]
    assert read["hill_slope"].to_list() == pytest.approx(slopes)
    assert polars.read_csv(tmp_path / "f.csv")["choice"].to_list() == read["choice"].to_list()


def test_the_usual_laws_are_offered_and_told_by_law(prusoff, steep):
    code, out, err = prusoff("fit", steep, "--by", "compound", "--choose")
    assert (code, err) == (0, "")
    assert "three_parameter_logistic: " in out
    assert "of 6 laws it has the lowest AICc" in " ".join(out.split())


def test_an_empty_table_has_nothing_to_choose_for(prusoff, tmp_path):
    empty = polars.DataFrame(
        {"compound": [], "conc (M)": [], "signal": []}, schema_overrides={"compound": str}
    )
    empty.cast({"conc (M)": float, "signal": float}).write_parquet(tmp_path / "none.parquet")
    code, out, err = prusoff("fit", tmp_path / "none.parquet", "--by", "compound", "--choose")
    assert (code, err) == (1, "")
    assert "0 curves" in out


REFUSED = {
    "a choice of robust fits": (("--choose", "--robust"), "Choose the law first"),
    "a choice and false discoveries": (("--choose", "--fdr", "bh"), "Choose the law first"),
    "a choice from one": (("--choose", "--equation", "biphasic"), "Name at least two laws"),
    "laws of different quantities": (
        ("--equation", "biphasic", "--equation", "one_phase_decay"),
        "not all laws of one and the same quantity",
    ),
    "two ways with outliers": (("--outliers", "rout", "--robust"), "not both"),
    "a profile of a robust fit": (("--robust", "--intervals", "profile"), "Give wald or none"),
    "a rate without a search": (("--outlier-rate", "0.05"), "Add --outliers rout"),
    "an unknown method": (("--outliers", "rot"), "Did you mean 'rout'?"),
    "an unknown way": (("--fdr", "decoy"), "Did you mean 'decoys'?"),
    "a rate that is none": (("--outliers", "rout", "--outlier-rate", "2"), "between 0 and 1"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_makes_no_sense_is_refused(prusoff, table, tmp_path, case):
    options, words = REFUSED[case]
    code, out, err = prusoff(
        "fit", table, "--by", "compound", "--out", tmp_path / f"f{table.suffix}", *options
    )
    assert (code, out) == (2, "")
    assert words in err
    assert not list(tmp_path.iterdir())
