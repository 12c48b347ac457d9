"""The fits in a terminal: one line a curve, no interval broken, every note told, and what is not shown is counted."""

from __future__ import annotations

import csv
import math

import pytest

from prusoff.cli._fits import fits_as_lines
from prusoff.workbench.curve_fitting import FitRequest
from prusoff.workbench.fit_table import fit_table
from prusoff.workbench.printed_fits import printed_fits

DOSES = [10 ** (k / 2) for k in range(-2, 9)]


@pytest.fixture
def printed(tmp_path):
    def fit(curves, equation="four_parameter_logistic", extra=(), most=100):
        path = tmp_path / "curves.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("compound", "conc (nM)", "signal"))
            for c in range(curves):
                middle = 3.0 * 1.3**c
                for k, dose in enumerate(DOSES):
                    y = 100 / (1 + dose / middle) - 0.5 + 2 * math.sin(7.0 * k + c)
                    rows.writerow((f"C{c:03}", dose, y))
            rows.writerows(extra)
        return printed_fits(fit_table(path, FitRequest(equation, by=("compound",))), most)

    return fit


@pytest.mark.parametrize("width", [80, 100, 140])
def test_a_line_a_curve_with_its_interval_whole(printed, width):
    fits = printed(20)
    lines = list(fits_as_lines(fits, width))
    assert all(len(line) <= width for line in lines)
    for curve in fits.curves:
        (line,) = [one for one in lines if one.startswith(curve.name) and ":" not in one]
        assert curve.estimates[2] in line
        assert curve.outcome in line
    assert any(line.startswith("Intervals of Bottom") for line in lines) == (width < 140)


@pytest.mark.parametrize("width", [60, 80])
def test_few_curves_and_many_parameters_stand_in_blocks(printed, width):
    fits = printed(2, "biphasic")
    text = list(fits_as_lines(fits, width))
    assert all(len(line) <= width for line in text)
    for curve in fits.curves:
        for name, estimate in zip(fits.parameters, curve.estimates, strict=True):
            assert any(f"{name} {estimate}" in line for line in text), estimate


def test_curves_that_are_not_shown_are_counted(printed):
    text = "\n".join(fits_as_lines(printed(30, most=10), 120))
    assert "30 curves" in text
    assert "20 more curves are not shown: write all with --out" in text
    assert "C010" not in text
    assert "not shown" not in "\n".join(fits_as_lines(printed(2), 120))


def test_what_was_set_aside_is_said_below_the_table(printed):
    extra = [("words", "ten", 5)] * 4 + [("C000", "ten", 3)]
    text = "\n".join(fits_as_lines(printed(2, extra=extra), 160))
    assert "None of the 4 rows can be used: in 4 x is not a number." in text
    assert "4 rows set aside: " in text
    assert "and 2 more" in text
    assert "C000: 1 row set aside: " in text
    assert "'ten' is not a number" in text
    assert "11 (1 aside)" in text


def test_a_bound_is_printed_where_only_that_is_known(printed):
    extra = [("weak", dose, 100 / (1 + dose / 3e4) + math.sin(7.0 * k)) for k, dose in enumerate(DOSES)]
    fits = printed(1, extra=extra)
    weak = fits.curves[-1]
    assert weak.outcome == "censored"
    assert weak.estimates[2].startswith("> ")
    assert weak.estimates[2].endswith("µM")


def test_a_note_of_many_curves_is_told_once(printed):
    extra = [(f"few{k}", 10 * (1 + j), j) for k in range(5) for j in range(3)]
    lines = list(fits_as_lines(printed(1, extra=extra), 200))
    (note,) = [line for line in lines if line.startswith("few0") and "and 2 more" in line]
    assert "few1, few2 and 2 more" in note
