"""Files that instruments and laboratories really wrote, against what was taken from them by other means."""

import json
import math

import pytest

from prusoff.readers._choose import read_file

MICROBETA = "data/radioligand_microbeta"
WIZARD = "data/uptake_thyroid_hormone"


@pytest.fixture(scope="module")
def microbeta(shared):
    return read_file(shared / MICROBETA / "20260121_TA4-21_GF22-30.part.txt")


@pytest.fixture(scope="module")
def expected(shared):
    return json.loads((shared / MICROBETA / "expected.json").read_text(encoding="utf-8"))


def test_the_microbeta_report_is_recognised(microbeta):
    assert microbeta.reader == "microbeta"
    assert microbeta.header["Counting protocol no"] == "16"
    assert microbeta.header["Name"] == "INSPECTOP_LOW"
    assert microbeta.header["date"] == "2026-01-22"
    assert microbeta.header["CPM normalization protocol no"] == "3"
    assert microbeta.header["quantity"] == "CCPM1"


def test_the_microbeta_plates_have_the_sums_and_means_of_their_wells(microbeta, expected):
    assert len(microbeta.plates) == expected["n_plates"] == 18
    for number, plate in enumerate(microbeta.plates, start=1):
        wanted = expected["plates"][str(number)]
        assert plate.name == f"Plate {number}"
        assert plate.unit == "cpm"
        assert len(plate.values) == 96
        assert not plate.notes
        assert sum(plate.values.values()) == wanted["sum_ccpm"]
        assert plate.values["A01"] == wanted["A1"]
        assert plate.values["H12"] == wanted["H12"]
        rows = [[plate.values[f"{row}{column:02d}"] for column in range(1, 13)] for row in "ABCDEFGH"]
        assert [sum(row) / 12 for row in rows] == pytest.approx(wanted["row_means"], rel=1e-12)
        columns = [sum(column) / 8 for column in zip(*rows, strict=True)]
        assert columns == pytest.approx(wanted["column_means"], rel=1e-12)


def test_the_microbeta_list_part_is_kept_with_its_counting_errors(microbeta):
    (table,) = microbeta.tables
    assert table.columns == ("PLATE", "SAMPLE", "POS", "CCPM1", "CCPM1%")
    assert len(table.rows) == 18 * 96
    assert table.rows[0] == ("Plate 1", "Unk_1", "A01", "9", "171.2")
    assert table.rows[-1] == ("Plate 18", "Unk_1728", "H12", "79", "32.5")


def test_a_well_changed_in_one_part_of_the_report_is_found(shared, tmp_path):
    source = shared / MICROBETA / "20260121_TA4-21_GF22-30.part.txt"
    changed = source.read_text(encoding="utf-8").replace("\tUnk_1728\tH12\t79\t", "\tUnk_1728\tH12\t97\t")
    copy = tmp_path / "changed.txt"
    copy.write_text(changed, encoding="utf-8")
    with pytest.raises(Exception, match=r"Plate 18 well H12: the list part says '97', the plate part '79'"):
        read_file(copy)


def test_the_gamma_counter_table_holds_every_tube(shared):
    data = read_file(shared / WIZARD / "004640.csv")
    (tubes,) = data.tables
    assert data.reader == "wizard"
    assert data.header["nuclide"] == "I-125"
    assert data.header["date"] == "2024-03-06"
    assert len(tubes.rows) == 208
    rates = [float(row[tubes.columns.index("I-125 CPM")]) for row in tubes.rows]
    assert rates[0] == 4919.63
    assert data.notes == ("004640.csv > line 13: the counter marked this tube 'I' (I-125).",)


def test_the_gamma_counter_rates_are_those_of_the_laboratory_s_worksheet(shared):
    (tubes,) = read_file(shared / WIZARD / "004640.csv").tables
    rates = {float(row[tubes.columns.index("I-125 CPM")]) for row in tubes.rows}
    results = json.loads((shared / WIZARD / "expected.json").read_text(encoding="utf-8"))["results"]
    worksheet = [rate for result in results for rate in result["cpm"]]
    assert len(worksheet) > 60
    assert all(rate in rates for rate in worksheet)


def test_the_gamma_counter_s_error_goes_with_the_count_rate(shared):
    """Its printed error is 100/sqrt(cpm) within 3 %, not the 100/sqrt(counts) of Poisson counting in 5 minutes."""
    (tubes,) = read_file(shared / WIZARD / "004640.csv").tables
    at = {name: tubes.columns.index(f"I-125 {name}") for name in ("Counts", "CPM", "Error %")}
    for row in tubes.rows:
        counts, rate, error = (float(row[at[name]]) for name in ("Counts", "CPM", "Error %"))
        assert error == pytest.approx(100 / math.sqrt(rate), rel=0.03)
        assert error > 2 * 100 / math.sqrt(counts)


PLATE_READERS = {
    "bmg_mars__BMG_Labtech_format.CSV": ("Raw Data (450 1)", 96, 96, {"A01": 0.073, "H12": 0.207}),
    "bmg_mars__16-03-03_13-25-45_472_QC_384_FI.csv": (
        "Raw Data (485/520)",
        384,
        68,
        {"A01": 23864.0, "P24": 23949.0},
    ),
    "revvity_kaleido__luminescence_endpoint_single_plate_example_01.csv": (
        "Plate 1",
        96,
        96,
        {"A01": 94395.0, "H12": 75.0},
    ),
    "thermo_skanit__luciferase_assay_example.xlsx": ("Plate 1", 96, 96, {}),
}


@pytest.mark.parametrize("name", PLATE_READERS)
def test_grids_of_plate_readers_are_read_as_plates(shared, name):
    title, size, wells, values = PLATE_READERS[name]
    data = read_file(shared / "data/instrument_exports" / name)
    plate = data.plates[0]
    assert (data.reader, plate.name, plate.format.size, len(plate.values)) == (
        "plate_grid",
        title,
        size,
        wells,
    )
    assert {well: plate.values[well] for well in values} == values


TABLES = {
    "dnase_elisa/DNase.csv": (("Run", "conc", "density"), 176),
    "mm_kinetics/Puromycin.csv": (("conc", "rate", "state"), 23),
    "nplr/pc3.txt": (("CONC", "GIPROP"), 19),
    "tecan_infinite_xml/ligand_DMSO_stocks.csv": (None, 4),
    "refdb_pdsp/ki_excerpt.csv": (None, 949),
    "curvecurator/viability_CTRP_40_input.tsv": (None, 635),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_of_published_data_are_read_whole(shared, name):
    columns, rows = TABLES[name]
    data = read_file(shared / "data" / name)
    assert data.reader == "delimited"
    assert len(data.tables[0].rows) == rows
    assert columns is None or data.tables[0].columns == columns
