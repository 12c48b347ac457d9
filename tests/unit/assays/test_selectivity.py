"""A run of several targets ends in ratios between them, bounds included, and names the preferred target."""

import io
import json
import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.assays.radioligand_competition import radioligand_competition
from prusoff.core.selectivity import selectivities
from prusoff.figures.selectivity import build as figure
from prusoff.publishing.csv import to_csv
from prusoff.publishing.json import to_json
from prusoff.publishing.terminal import to_terminal
from prusoff.publishing.xlsx import to_xlsx
from prusoff.reports.assay_run import build as report

ASSAY = radioligand_competition
KI = {
    "SERT": {"first": 1e-9, "second": 1e-9, "third": 2e-8},
    "NET": {"first": 5e-8, "second": 1e-9, "third": 1e-3},  # third does nothing at NET
}


def panel(targets, seed=1):
    found = []
    for number, (target, ki) in enumerate(targets.items()):
        truth = {**ASSAY.truth, **{f"Ki of {name}": value for name, value in ki.items()}}
        for one in ASSAY.simulate(truth, 100 * seed + number):
            name = f"{target} {one.name}"
            wells = tuple(replace(well, experiment=name) for well in one.wells)
            conditions = replace(one.conditions, target=target)
            found.append(replace(one, name=name, wells=wells, conditions=conditions, member=target))
    return found


@pytest.fixture(scope="module")
def result():
    return ASSAY.run(tuple(panel(KI)), ASSAY.example_settings)


def test_every_compound_has_its_ratio_and_the_interval_holds_the_truth(result):
    ratios = {one.subject.split(" at ")[0]: one for one in result.ratios}
    assert {(one.name, one.estimate.name) for one in result.ratios} == {("selectivity", "Ki ratio")}
    first = ratios["first"]
    assert (first.subject, first.reference) == ("first at SERT", "first at NET")
    assert first.estimate.low < 1 / 50 < first.estimate.high
    assert first.verdict == "prefers SERT"
    assert ratios["second"].estimate.low < 1 < ratios["second"].estimate.high
    assert ratios["second"].verdict == "cannot tell"


def test_a_compound_without_response_at_a_target_is_selective_by_a_bound(result):
    third = next(one for one in result.ratios if one.subject.startswith("third"))
    assert third.estimate.relation.value == "<"
    assert third.estimate.value < 0.1
    assert third.verdict == "prefers SERT"


def test_the_preferred_target_is_named_with_what_is_certain(result):
    found = {one.compound: one for one in selectivities(result)}
    assert (found["first"].best, found["first"].nearest, found["first"].equals) == ("SERT", "NET", ())
    ratio = next(one.estimate for one in result.ratios if one.subject.startswith("first"))
    assert found["first"].least == pytest.approx(1 / ratio.high)
    assert found["second"].equals
    assert math.isnan(found["second"].least)
    assert "not told apart" in found["second"].text
    assert found["third"].text == "SERT"


def test_the_order_of_the_days_turns_no_ratio_round(result):
    turned = ASSAY.run(tuple(reversed(panel(KI))), ASSAY.example_settings)
    found = {(one.subject, one.reference): one.estimate.value for one in turned.ratios}
    assert found == pytest.approx({(one.subject, one.reference): one.estimate.value for one in result.ratios})


def test_ratios_are_printed_everywhere(result):
    record = json.loads(to_json(result))["ratios"]
    assert [one["subject"] for one in record] == [one.subject for one in result.ratios]
    assert {"estimate", "sentence", "verdict", "margin"} <= set(record[0])
    rows = to_csv(result).decode("utf-8-sig").splitlines()
    assert sum("selectivity over" in row for row in rows) == len(result.ratios)
    sheet = to_xlsx(result, report(result, ()))
    assert sheet.startswith(b"PK")
    from rich.console import Console

    console = Console(width=160, record=True, file=io.StringIO())
    console.print(to_terminal(result))
    printed = console.export_text()
    assert "prefers SERT" in printed
    document = report(result, ())
    section = next(one for one in document.sections if one.title == "Selectivity")
    preferred, pairs = section.blocks
    assert [row[0] for row in preferred.rows] == ["first", "second", "third"]
    assert preferred.columns == ("Compound", "Ki at SERT", "Ki at NET", "Most potent at", "By at least")
    assert pairs.columns == ("Compound", "SERT / NET")


def test_all_targets_of_all_compounds_are_drawn(result):
    (spec,) = figure(result)
    drawn = [mark for mark in spec.panels[0].marks if hasattr(mark, "filled")]
    assert sum(mark.x.size for mark in drawn) == 6
    assert sum(not mark.filled for mark in drawn) == 1
    assert all(np.isfinite(mark.x).all() for mark in drawn)


def test_one_target_alone_has_neither_ratio_nor_figure():
    alone = ASSAY.run(tuple(panel({"NET": KI["SERT"]})), ASSAY.example_settings)
    assert alone.ratios == ()
    assert selectivities(alone) == ()
    assert figure(alone) == ()
    assert "ratios" not in json.loads(to_json(alone))


@pytest.mark.slow
def test_ratios_cover_the_truth():
    hits = []
    for seed in range(20):
        found = ASSAY.run(tuple(panel({"A": KI["SERT"], "B": KI["SERT"]}, seed)), ASSAY.example_settings)
        hits += [one.estimate.low <= 1.0 <= one.estimate.high for one in found.ratios]
    assert np.mean(hits) >= 0.86  # of 60, with a true coverage of 95 % fewer happen once in a thousand times
