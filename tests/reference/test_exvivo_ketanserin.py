"""Ex-vivo binding of [3H]ketanserin in rat brain: from counts to %ID/g and binding ratio, as its authors have it.

Data: Egger K et al., Front Pharmacol 2023;14:1140656 (CC0). Their decay factor implies a half-life of 12.4 years. With
12.32 years the efficiencies are 0.5 % higher: activities are compared to 1 %, ratios, in which it cancels, exactly.
"""

import csv
import datetime as dt
import json
from collections import defaultdict

import numpy as np
import pytest

from prusoff.assays import catalog as assays
from prusoff.checks import catalog as checks
from prusoff.core.check import Severity
from prusoff.core.experiment import Conditions, Counting, Experiment, Radioligand
from prusoff.core.measured import Measured
from prusoff.core.plate import Role, Treatment, Well
from prusoff.counting import tissue

HALF_LIFE = 0.01


@pytest.fixture(scope="module")
def ketanserin(shared):
    folder = shared / "data" / "exvivo_occupancy_ketanserin"
    read = {
        name: list(csv.DictReader((folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
        for name in ("counter_efficiency", "samples")
    }
    return read, json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def standards(rows):
    """The efficiency of every standard: an aliquot of so much, of the stock diluted once."""
    for row in rows:
        produced, tested = (dt.date.fromisoformat(row[name]) for name in ("production_day", "test_day"))
        volume, into = float(row["stock_volume_mL"]), float(row["diluted_to_mL"])
        calibrated = float(row["original_MBq_per_mL"]) * 1e6 * volume * volume / (volume + into)
        left = tissue.activity_left(calibrated, "3H", (tested - produced).days)
        yield tissue.standard_efficiency(Measured(float(row["cpm"])), left).value, left


def test_the_efficiency_of_the_counter(ketanserin):
    read, expected = ketanserin
    wanted = expected["counter_efficiency"]
    found = list(standards(read["counter_efficiency"]))
    for (efficiency, left), theirs in zip(found, wanted["efficiency"], strict=True):
        assert efficiency == pytest.approx(theirs, rel=HALF_LIFE)
        assert left == pytest.approx(wanted["bq_for_counting"], rel=HALF_LIFE)
        # the product does not hang on the half-life
        assert efficiency * left == pytest.approx(theirs * wanted["bq_for_counting"], rel=1e-12)
    assert np.mean([one for one, _ in found]) == pytest.approx(wanted["mean"], rel=HALF_LIFE)


def test_injected_dose_per_gram_and_binding_ratio(ketanserin):
    read, expected = ketanserin
    efficiency = Measured(expected["counter_efficiency"]["mean"])
    by_animal, ratios = defaultdict(dict), defaultdict(list)
    for row, wanted in zip(read["samples"], expected["samples"], strict=True):
        activity = tissue.becquerels(Measured(float(row["CPM"])), efficiency)
        grams = float(row["Weight (g)"]) / 1000.0  # the column holds milligrams: see the next test
        dose = tissue.injected_dose_per_gram(activity, grams, float(row["Injected Dose"]))
        assert activity.value == pytest.approx(wanted["bq"], rel=1e-12)
        assert activity.value / grams == pytest.approx(wanted["bq_per_g"], rel=1e-12)
        assert dose.value == pytest.approx(wanted["percent_id_per_g"], rel=1e-12)
        by_animal[row["Animal No"]][row["Region"]] = dose
        if wanted["sbr"] is not None:
            regions = by_animal[row["Animal No"]]
            found = tissue.specific_binding_ratio(regions["FCOR"], regions["CERE"]).value
            assert found == pytest.approx(wanted["sbr"], rel=1e-9)
            ratios[row["Treatment"]].append(found)
    means = {treatment: np.mean(values) for treatment, values in ratios.items()}
    assert means == pytest.approx(expected["sbr_mean_by_treatment"], rel=1e-9)


def test_a_column_of_grams_that_holds_milligrams_is_caught(ketanserin):
    read, _ = ketanserin
    heaviest = max(float(row["Weight (g)"]) for row in read["samples"])
    facts = {"organ_g": tissue.WHOLE_BRAIN_G["rat"], "organ": "rat brain"}
    as_headed = checks["W-TISSUE"].apply({**facts, "mass_g": heaviest})
    assert as_headed.severity is Severity.FAIL
    assert "milligrams" in as_headed.sentence
    assert checks["W-TISSUE"].apply({**facts, "mass_g": heaviest / 1000}).severity is Severity.PASS


def animals(read, efficiency):
    """The samples as the assay takes them: one experiment an animal, pieces in grams, without doses."""
    pieces = defaultdict(list)
    for row in read["samples"]:
        vehicle = row["Treatment"] == "VEH"
        what = Treatment(
            Role.TOTAL if vehicle else Role.COMPOUND,
            "" if vehicle else row["Treatment"],
            region=row["Region"],
            tissue_g=float(row["Weight (g)"]) / 1000.0,
        )
        name = f"rat {row['Animal No']}"
        pieces[name].append(Well(name, "", f"A{int(row['Tube No']):02d}", what, float(row["CPM"]), "cpm"))
    counting = Counting(efficiency, background_cpm=0.0, time_s=60.0)
    return tuple(
        Experiment(
            name,
            tuple(wells),
            Radioligand("[3H]ketanserin", "3H"),
            conditions=Conditions("5-HT2A", "rat"),
            counting=counting,
        )
        for name, wells in pieces.items()
    )


def test_the_assay_gives_their_ratios_and_what_they_are_worth_as_occupancies(ketanserin):
    read, expected = ketanserin
    assay = assays["exvivo_occupancy"]
    experiments = animals(read, expected["counter_efficiency"]["mean"])
    result = assay.run(experiments, assay.settings(reference_region="CERE"))
    told = [
        float(well.extra["binding ratio of the region"])
        for one in result.experiments
        for well in one.wells
        if well.treatment.region == "FCOR"
    ]
    wanted = [one["sbr"] for one in expected["samples"] if one["sbr"] is not None]
    assert told == pytest.approx(wanted, rel=1e-3)  # printed in four figures
    means = expected["sbr_mean_by_treatment"]
    for treatment in ("Harmine", "DMT", "Harmine + DMT"):
        found = result.pool(treatment, "occupancy")
        assert found.estimate.value == pytest.approx(100 * (1 - means[treatment] / means["VEH"]), rel=1e-9)
        assert found.n == 2
        assert found.estimate.low < 0 < found.estimate.high  # two animals each: no occupancy is shown
    told = {flag.code: flag.severity for flag in result.flags}
    assert told["W-TISSUE"] is Severity.PASS
    assert told["W-OCC-VEH"] is Severity.NOTE
