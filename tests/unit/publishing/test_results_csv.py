import csv
import io
import math

import pandas as pd

from prusoff.publishing.csv import COLUMNS, to_csv
from prusoff.publishing.spreadsheet_text import restore


def _rows(result):
    text = to_csv(result).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_one_row_for_every_estimate_and_one_for_every_curve_without_any(sample_result):
    p_values = len(sample_result.pooled)
    estimates = len(sample_result.estimates) + p_values
    without = sum(not one.estimates for one in sample_result.series)
    rows = _rows(sample_result)
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == estimates + without == 4 * 2 + 8 * 6 + 3 * 2 + 4


def test_names_come_back_exactly(sample_result):
    assert {restore(row["subject"]) for row in _rows(sample_result)} == set(sample_result.subjects)


def test_no_cell_but_the_relation_begins_like_a_formula(sample_result):
    for row in _rows(sample_result):
        assert row.pop("relation") in ("=", "<", ">", "~", "")
        assert not [cell for cell in row.values() if cell[:1] in ("=", "+", "@")]


def test_numbers_have_full_precision(sample_result):
    ki = sample_result.pool("desipramine", "Ki").estimate
    row = next(
        one for one in _rows(sample_result) if one["subject"] == "desipramine" and one["quantity"] == "Ki"
    )
    assert (float(row["value"]), float(row["low"]), float(row["high"])) == (ki.value, ki.low, ki.high)
    assert (row["unit"], row["n"], row["outcome"]) == ("M", "3", "ok")


def test_a_bound_keeps_its_relation_and_has_no_limits(sample_result):
    row = next(
        one for one in _rows(sample_result) if one["subject"] == "<b>x</b>" and one["quantity"] == "pKi"
    )
    assert (row["relation"], row["low"], row["high"], row["outcome"]) == ("<", "", "", "censored")


def test_no_response_is_said_in_its_row(sample_result):
    rows = [one for one in _rows(sample_result) if one["subject"] == "00123"]
    assert [one["outcome"] for one in rows] == ["no_response"] * 3
    assert all(one["value"] == "" and "1 %" in one["reason"] for one in rows)


def test_pandas_reads_it(sample_result):
    frame = pd.read_csv(io.BytesIO(to_csv(sample_result)), dtype={"subject": str})
    assert frame["value"].dtype == float
    assert "00123" in set(frame["subject"])
    assert math.isclose(frame["level"].dropna().iloc[0], 0.95)
