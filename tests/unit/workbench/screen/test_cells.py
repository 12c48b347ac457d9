"""The cells of a table as numbers, and which rows are one curve: the same for text, polars and pandas."""

import math

import narwhals.stable.v2 as narwhals
import numpy as np
import pandas
import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prusoff.workbench.screen.cells import grouped, number, numbers
from prusoff.workbench.screen.layout import Numbering

TEXTS = ["1", " 2.5 ", "1e-9", "", "ten", "nan", "inf", "-3", "1_000", "+4", "0x10", "1,5"]


def test_texts_are_read_as_numbers_in_one_way():
    wanted = [number(text) for text in TEXTS]
    assert wanted == [1.0, 2.5, 1e-9, None, None, None, None, -3.0, 1000.0, 4.0, None, None]
    series = narwhals.from_native(polars.Series([*TEXTS, None]), series_only=True)
    for found in (numbers(TEXTS), numbers(series)[:-1]):
        assert [None if math.isnan(one) else one for one in found] == wanted
    assert math.isnan(numbers(series)[-1])


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_a_number_survives_its_text(values):
    assert numbers([repr(one) for one in values]).tobytes() == np.array(values, dtype=float).tobytes()


def columns_of(kind, rows):
    lists = [list(map(str, column)) for column in zip(*rows, strict=True)]
    if kind == "text":
        return lists
    make = polars.Series if kind == "polars" else pandas.Series
    return [narwhals.from_native(make(column), series_only=True) for column in lists]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), min_size=1, max_size=60))
@pytest.mark.parametrize("kind", ["text", "polars", "pandas"])
def test_rows_of_one_curve_are_those_with_the_same_keys(kind, rows):
    found = grouped(columns_of(kind, rows), len(rows))
    curves = [found.order[a:b].tolist() for a, b in zip(found.starts[:-1], found.starts[1:], strict=True)]
    wanted = {}
    for at, row in enumerate(rows):
        wanted.setdefault(row, []).append(at)
    assert curves == list(wanted.values())
    assert found.first.tolist() == [one[0] for one in wanted.values()]


def test_without_keys_all_rows_are_one_curve():
    assert grouped([], 5).starts.tolist() == [0, 5]
    assert grouped([], 0).starts.tolist() == [0]
    assert grouped([[]], 0).starts.tolist() == [0]


@given(st.lists(st.lists(st.integers(0, 30), max_size=40), max_size=6))
def test_curves_are_numbered_by_their_first_row_window_by_window(windows):
    numbering, known = Numbering(), {}
    for window in windows:
        found = numbering.of(np.array(window, dtype=np.uint64) * np.uint64(2**59 + 7))
        assert found.tolist() == [known.setdefault(one, len(known)) for one in window]
