import dataclasses
import io
import math
import re
import zipfile

import numpy as np
import openpyxl
import pytest

from prusoff.core.estimate import Estimate
from prusoff.core.fit import Outcome
from prusoff.core.result import AssayResult, CurveBand, Points, Series
from prusoff.publishing._curve_blocks import curve_blocks
from prusoff.publishing.xlsx import to_xlsx
from prusoff.reports.assay_run import REPORT


@pytest.fixture(scope="module")
def data(sample_result):
    return to_xlsx(sample_result)


@pytest.fixture(scope="module")
def book(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def test_the_sheets_and_their_rows(book, sample_result):
    assert book.sheetnames == ["Results", "Curves", "Checks", "Wells", "Provenance"]
    assert book["Wells"].max_row == 1 + 288
    assert book["Checks"].max_row == 1 + len(sample_result.flags)
    assert book["Checks"]["A2"].value == "fail"
    assert all(sheet.freeze_panes == "B2" for sheet in book)


def test_tables_of_the_report_that_ask_for_it_have_a_sheet_of_numbers(sample_result):
    document = REPORT.build(sample_result, ())
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(sample_result, document)))
    assert book.sheetnames[-3:] == ["Counter", "Radioligand", "Provenance"]
    rows = list(book["Counter"].iter_rows(values_only=True))
    assert len(rows) == 1 + len(sample_result.experiments)
    counting = sample_result.experiments[0].counting
    told = dict(zip(rows[0], rows[1], strict=True))
    assert told["Efficiency, %"] == pytest.approx(100 * counting.efficiency)
    assert told["Background, cpm"] == pytest.approx(counting.background_cpm)


def test_names_are_text_and_numbers_are_numbers(book):
    cells = [cell for row in book["Results"].iter_rows(min_row=2) for cell in row]
    names = {cell.value for cell in cells if cell.column == 1}
    assert names == {"desipramine", "=cmd()", "<b>x</b>", "00123", "Mar-1"}
    assert {cell.data_type for cell in cells if cell.column == 1} == {"s"}
    assert {cell.data_type for cell in cells if cell.column == 6 and cell.value is not None} == {"n"}
    assert book["Results"]["F2"].number_format == "0.000E+00"


def test_no_formula_and_no_link_anywhere(data):
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]
    assert len(sheets) >= 5
    assert not [sheet for sheet in sheets if "<f>" in sheet or "<hyperlink" in sheet]


def test_one_chart_for_each_compound_with_a_log_axis(book):
    charts = book["Curves"]._charts
    assert len(charts) == 5
    assert {chart.x_axis.scaling.logBase for chart in charts} == {10.0}
    assert {chart.x_axis.scaling.min for chart in charts} == {1e-12}


def test_error_bars_point_at_the_sd_column(data):
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        chart = parts.read("xl/charts/chart1.xml").decode()
    bars = re.findall(r"<c:plus><c:numRef><c:f>(.*?)</c:f>", chart)
    assert bars[0] == "Curves!$H$2:$H$9"
    assert len(bars) == 9  # wells, total and nonspecific binding on three days
    names = re.findall(r"<c:tx><c:strRef><c:f>(.*?)</c:f>", chart)
    assert all(name.startswith("Curves!$") for name in names)


def test_the_curves_hold_means_and_standard_deviations(book, sample_result):
    rows = list(book["Curves"].iter_rows(min_row=2, values_only=True))
    first = next(row for row in rows if row[0] == "desipramine" and row[2] == "mean of wells")
    wells = [w for w in sample_result.experiments[0].wells if w.position in ("A01", "A02")]
    signals = np.array([well.signal for well in wells])
    assert first[3] == pytest.approx(10**-10.5)
    assert first[6] == pytest.approx(signals.mean())
    assert first[7] == pytest.approx(signals.std(ddof=1))
    assert first[8] == 2


def test_the_bytes_are_always_the_same(data, sample):
    assert to_xlsx(sample.sample_result()) == data


def test_an_open_limit_reads_open():
    series = Series("a", "day", Outcome.OK, "", (), (Estimate("Ki", 1e-8, "M", 1e-9, math.inf),))
    empty = AssayResult("none", "Nothing", (), (series,), (), (), (), ())
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(empty)))["Results"]
    assert (sheet["G2"].value, sheet["H2"].value) == (1e-9, "open")


def test_a_result_with_nothing_in_it_is_still_a_workbook():
    empty = AssayResult("none", "Nothing", (), (), (), (), (), ())
    assert openpyxl.load_workbook(io.BytesIO(to_xlsx(empty))).sheetnames[0] == "Results"


def _saturation():
    x = np.array([1e-10, 1e-9, 1e-9, 1e-8])
    points = Points(x, 1e9 * x, ("P A01", "P A02", "P A03", "P A04"), (True, True, False, True), "total")
    band = CurveBand(x[[0, 3]], x[[0, 3]], x[[0, 3]], x[[0, 3]], "total")
    return Series("[3H]nisoxetine", "day 1", Outcome.OK, "", (points,), bands=(band,), y_label="cpm")


def test_a_saturation_isotherm_stands_on_a_linear_axis_and_keeps_the_well_set_aside():
    blocks = {block.kind: block for block in curve_blocks(_saturation())}
    assert set(blocks) == {"mean of wells", "set aside", "fitted curve"}
    assert not blocks["mean of wells"].log_axis
    assert blocks["mean of wells"].x.tolist() == [1e-10, 1e-9, 1e-8]
    assert blocks["set aside"].x.tolist() == [1e-9]
    result = AssayResult("s", "Saturation", (), (_saturation(),), (), (), (), ())
    chart = openpyxl.load_workbook(io.BytesIO(to_xlsx(result)))["Curves"]._charts[0]
    assert chart.x_axis.scaling.logBase is None


def test_a_very_long_text_is_cut_where_excel_ends_and_says_so(sample_result):
    long = dataclasses.replace(sample_result, notes=("x" * 40_000,))
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(long)))["Provenance"]
    assert sheet["C4"].value.endswith("x…")
