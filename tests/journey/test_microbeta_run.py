"""Real counter files from beginning to end. Concentrations, controls and ligand are declared for the test only.

Three replicate plates of a competition experiment hold one compound a row; the file states neither concentrations nor
controls, so columns stand for half-log steps, column 1 for total binding and the ends of two complete curves for
nonspecific binding.
"""

import json
import math
import shutil

import pytest

from prusoff.core.fit import Outcome
from prusoff.drawing import draw
from prusoff.workbench import analysis

FILE = "20260121_TA4-21_GF22-30.part.txt"
PLATES = ("Plate 16", "Plate 17", "Plate 18")
NONSPECIFIC = ("F11", "F12", "H11", "H12")
RUN = f"""
[run]
title = "Rows of plates 16 to 18, one compound a row"
assay = "radioligand_competition"
[radioligand]
name = "[3H]ligand"
nuclide = "3H"
[layout.default]
wells = [
    {{ wells = "A01:H01", role = "total" }},
    {{ wells = ["F11:F12", "H11:H12"], role = "nsb" }},
COMPOUNDS
]
[[experiment]]
name = "plates 16 to 18"
file = "{FILE}"
plate = ["Plate 16", "Plate 17", "Plate 18"]
"""


def log_concentration(column):
    """Column 1 stands for 0.1 nM (in it no compound is taken to be), every further one for half a log more."""
    return -10.0 + 0.5 * (column - 1)


def column_of(log10_molar):
    return 1 + (log10_molar + 10.0) / 0.5


def compounds():
    for row in "ABCDEFGH":
        for column in range(2, 13):
            if f"{row}{column:02d}" not in NONSPECIFIC:
                yield (
                    f'    {{ wells = "{row}{column:02d}", compound = "row {row}", '
                    f'concentration = "{10 ** (log_concentration(column) + 9):.6g} nM" }},'
                )


@pytest.fixture(scope="module")
def folder(shared, tmp_path_factory):
    place = tmp_path_factory.mktemp("microbeta")
    shutil.copy(shared / "data/radioligand_microbeta" / FILE, place)
    (place / "run.toml").write_text(RUN.replace("COMPOUNDS", "\n".join(compounds())), encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def expected(shared):
    return json.loads((shared / "data/radioligand_microbeta/expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def done(folder):
    return analysis.open(folder / "run.toml").analyse()


def test_every_reading_is_there_and_sums_to_what_the_counter_says(done, expected):
    result = done.result
    assert result.rows == (288, 288, 0)
    for plate in PLATES:
        signals = [well.signal for well in result.experiments[0].wells if well.plate == plate]
        assert len(signals) == 96
        assert sum(signals) == expected["plates"][plate.split()[1]]["sum_ccpm"]
    assert {well.unit for well in result.experiments[0].wells} == {"cpm"}


def test_the_midpoints_are_those_of_another_fit(done, expected):
    """Against ordinary least squares on columns, without control wells: what both identify agrees within its error."""
    rows = expected["secondary_triplicate_fits"]["16-18"]["rows"]
    for row in "FH":
        ic50 = done.result.pool(f"row {row}", "IC50 (relative)").estimate
        assert column_of(math.log10(ic50.value)) == pytest.approx(rows[row]["mid_column"], abs=0.15)
        slope = next(one for one in done.result.series if one.subject == f"row {row}").estimate("nH").value
        assert slope == pytest.approx(rows[row]["slope_per_column"] / math.log(10) / 0.5, rel=0.15)
    for row in "EG":
        ic50 = done.result.pool(f"row {row}", "IC50 (relative)").estimate
        assert column_of(math.log10(ic50.value)) == pytest.approx(rows[row]["mid_column"], abs=0.6)


def test_rows_that_do_not_displace_give_no_value(done):
    outcomes = {one.subject: one.outcome for one in done.result.series}
    for row in "ABC":
        assert outcomes[f"row {row}"] in (Outcome.NO_RESPONSE, Outcome.FAILED)
    for one in done.result.series:
        if not one.outcome.usable:
            assert all(estimate.is_bound or estimate.relation.value == "~" for estimate in one.estimates)


def test_nothing_that_the_file_does_not_say_is_made_up(done):
    assert not [name for _, _, one in done.estimates if "Ki" in (name := one.name)]
    notes = " ".join(done.result.notes)
    assert "No Kd of the radioligand is given, so no Ki is computed" in notes
    assert "counting time is not given, so the wells are weighted equally" in notes
    assert {pooled.n for pooled in done.result.pooled} == {1}


@pytest.mark.slow
def test_the_plates_are_drawn_and_everything_is_written(done, tmp_path):
    maps = [spec for spec in done.figures if spec.name.startswith("plate_map")]
    assert maps
    shown = " ".join(panel.title for spec in maps for panel in spec.panels)
    for plate in PLATES:
        assert plate in shown
    assert all(draw(spec).png for spec in maps)
    written = {path.name for path in done.save(tmp_path)}
    assert {"report.html", "results.json", "results.csv", "results.xlsx"} <= written


def test_the_report_of_the_counter_is_shown(prusoff, shared, expected):
    code, out, err = prusoff("read", shared / "data/radioligand_microbeta" / FILE)
    assert (code, err) == (0, "")
    assert "read as microbeta" in out
    assert "and 14 more plates" in out
    found = json.loads(prusoff("read", shared / "data/radioligand_microbeta" / FILE, "--json")[1])
    sums = [plate["sum"] for plate in found["plates"]]
    assert sums == [expected["plates"][str(number)]["sum_ccpm"] for number in range(1, 19)]


def test_a_gamma_counter_file_is_shown(prusoff, shared):
    code, out, err = prusoff("read", shared / "data/uptake_thyroid_hormone/004640.csv")
    assert (code, err) == (0, "")
    assert "read as wizard" in out
    assert "208 rows, the first 8 shown" in out
    found = json.loads(prusoff("read", shared / "data/uptake_thyroid_hormone/004640.csv", "--json")[1])
    assert found["header"]["nuclide"] == "I-125"
