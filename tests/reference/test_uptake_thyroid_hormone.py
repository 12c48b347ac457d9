"""A laboratory's own worksheet of thyroid hormone uptake, made again from the export of its gamma counter.

The counter rows, the sample map and the worksheet lie in the folder of reference data; nothing of them is kept here.
Uptake is a well's counts over those of the incubation mix of its own condition, relative to the vehicle control.
"""

import csv
import json
import statistics

import pytest

from prusoff.assays import catalog
from prusoff.assays._uptake_inhibition.day import Settings
from prusoff.core.estimate import Relation
from prusoff.core.experiment import Added, Conditions, Counting, Experiment, Radioligand
from prusoff.core.fit import Outcome
from prusoff.core.plate import Role, Treatment, Well
from prusoff.workbench.reading import read

MIX_PER_WELL = 5  # 375 of 75 microlitres
HIGH_VEHICLE = ("silychristin", "DMSO 1%")
REASON = "counter flag I: the count of this tube failed"


@pytest.fixture(scope="module")
def folder(shared):
    return shared / "data" / "uptake_thyroid_hormone"


@pytest.fixture(scope="module")
def tubes(folder):
    """Every tube of the sample map with its count rate, its error and the flag of the counter."""
    (table,) = read(folder / "004640.csv").tables
    named = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    with (folder / "sample_map.csv").open(newline="", encoding="utf-8") as file:
        samples = list(csv.DictReader(file))
    return [
        {
            **sample,
            "cpm": float(row["I-125 CPM"]),
            "seconds": float(row["Time"]),
            "failed": row["I-125 Info"] == "I",
        }
        for sample in samples
        for row in (named[int(sample["data_row"]) - 1],)
    ]


@pytest.fixture(scope="module")
def expected(folder):
    return json.loads((folder / "expected.json").read_text(encoding="utf-8"))["results"]


def mix_cpm(tubes, substrate, label):
    """What went into a well of this condition: five aliquots of its own incubation mix, failed counts left out."""
    rates = [
        one["cpm"]
        for one in tubes
        if (one["cell_line"], one["substrate"], one["label"]) == ("incubation_mix", substrate, label)
        and not one["failed"]
    ]
    return MIX_PER_WELL * statistics.fmean(rates)


def treatment(label, molar):
    """What a label of the sample map says; the vehicle stands as second compound."""
    name, _, amount = label.rpartition(" ")
    vehicle = "DMSO 1%" if label.startswith(HIGH_VEHICLE) else "DMSO 0.5%"
    if name == "DMSO":
        return Treatment(Role.TOTAL, radioligand_molar=molar, second_compound=vehicle)
    return Treatment(
        Role.COMPOUND, name, float(amount) * 1e-6, radioligand_molar=molar, second_compound=vehicle
    )


def experiment(tubes, cells, substrate):
    """One cell line and one hormone; the tracer of a well is told as a concentration about the planned 1 nM."""
    mine = [one for one in tubes if (one["cell_line"], one["substrate"]) == (cells, substrate)]
    plain = mix_cpm(tubes, substrate, "DMSO 0.5%")
    wells = tuple(
        Well(
            cells,
            "",
            f"tube {one['data_row']}",
            treatment(one["label"], 1e-9 * mix_cpm(tubes, substrate, one["label"]) / plain),
            one["cpm"],
            "cpm",
            one["seconds"],
            set_aside=REASON if one["failed"] else "",
        )
        for one in mine
    )
    return Experiment(
        f"{cells} {substrate}",
        wells,
        Radioligand(f"[125I]{substrate}", "125I"),
        Added(1e-9),
        Conditions("transporter", system=cells, incubation_s=600.0, volume_l=375e-6),
        Counting(pipetting_cv=0.05),
    )


@pytest.fixture(scope="module")
def results(tubes):
    """The four combinations, each analysed as one experiment without any background."""
    assay, settings = catalog["uptake_inhibition"], Settings(background="zero")
    return {
        (cells, substrate): assay.run((experiment(tubes, cells, substrate),), settings)
        for cells in ("H4", "MO3.13")
        for substrate in ("T3", "T4")
    }


def relative(result, compound, molar=None):
    """Uptake of the wells of a compound (its controls without a concentration) over the mean of its controls."""
    series = next(one for one in result.series if one.subject == compound)
    (points,) = series.points
    controls = points.y[points.x == float("-inf")]
    chosen = controls if molar is None else points.y[abs(10.0**points.x - molar) < 1e-3 * molar]
    return (chosen / controls.mean()).tolist()


def of_condition(result, condition):
    amount, unit, *name = condition.split(" ")
    if name:
        assert unit in ("µM", "μM")
        return relative(result, " ".join(name), float(amount) * 1e-6)
    return relative(result, "silychristin" if condition.startswith("1%") else "TBBPA")


def test_the_failed_tube_is_the_one_that_the_laboratory_left_out(tubes):
    assert [(one["data_row"], one["label"]) for one in tubes if one["failed"]] == [("12", "CP 1")]


def test_the_worksheet_comes_out_to_the_last_digit(results, expected):
    assert len(expected) == 68
    for one in expected:
        found = of_condition(results[one["cell_line"], one["substrate"]], one["condition"])
        wanted = [one["relative_uptake_1"], one["relative_uptake_2"]]
        assert found == pytest.approx(wanted, rel=1e-12), one
        assert statistics.fmean(found) == pytest.approx(one["relative_uptake_mean"], rel=1e-12)
        assert statistics.stdev(found) == pytest.approx(one["sd"], rel=1e-9)


def test_every_well_tells_its_uptake_in_percent_of_its_own_vehicle(results, expected):
    one = next(row for row in expected if row["condition"] == "10 µM silychristin")
    wells = results[one["cell_line"], one["substrate"]].experiments[0].wells
    told = [
        float(well.extra["uptake (% of control)"])
        for well in wells
        if well.treatment.compound == "silychristin"
    ]
    assert told == pytest.approx([100 * one["relative_uptake_1"], 100 * one["relative_uptake_2"]], rel=1e-5)


def test_an_ic50_that_was_not_reached_is_a_bound_and_one_concentration_no_curve(results, expected):
    reached = {}
    for (cells, substrate), result in results.items():
        by_name = {one.subject: one for one in result.series}
        half = next(
            one["relative_uptake_mean"]
            for one in expected
            if (one["cell_line"], one["substrate"], one["condition"]) == (cells, substrate, "10 µM TBBPA")
        )
        ic50 = by_name["TBBPA"].estimate("IC50 (relative)")
        reached[cells, substrate] = ic50
        if (
            half > 0.5
        ):  # the bound is the lower limit of the IC50 where that lies below the highest concentration
            assert ic50.relation is Relation.ABOVE
            assert 5e-6 < ic50.value <= 1e-5 * (1 + 1e-9)
            assert by_name["TBBPA"].outcome in (Outcome.CENSORED, Outcome.NO_RESPONSE)
        for name in ("IOP", "NH3", "silychristin"):
            assert by_name[name].outcome is Outcome.FAILED
            assert "One concentration makes no curve" in by_name[name].reason
        assert not any(one.p_estimate is not None and "Ki" in one.estimate.name for one in result.pooled)
    # 54 % inhibition at 10 micromolar of MO3.13 with T3: the interval of that IC50 reaches beyond what was tested
    assert [key for key, one in reached.items() if not one.is_bound] == []
    assert reached["MO3.13", "T3"].relation is Relation.ABOVE
    assert 1e-6 < reached["MO3.13", "T3"].value < 1e-5
