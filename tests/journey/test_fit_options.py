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


REFUSED = {
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
