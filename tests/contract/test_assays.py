"""Every assay gets the truth of its simulated bench back, says how far it may be trusted, and loses no well."""

import dataclasses
import html
import inspect
import math
import random
import re

import numpy as np
import pytest

from prusoff.assays import catalog
from prusoff.core.check import Check, Severity
from prusoff.core.equation import Equation
from prusoff.core.figure import Figure
from prusoff.core.fit import Outcome
from prusoff.core.result import AssayResult
from prusoff.drawing import draw
from prusoff.publishing.csv import to_csv
from prusoff.publishing.html import to_html
from prusoff.publishing.json import to_json, to_plain
from prusoff.publishing.schema import ResultRecord
from prusoff.publishing.terminal import to_terminal
from prusoff.publishing.xlsx import to_xlsx
from prusoff.reports import catalog as reports
from prusoff.reports._references import WORKS

SEEDS = 12  # bench/assay_coverage.py takes 400


def analyse(assay, seed=1):
    return assay.run(assay.simulate(assay.truth, seed), assay.example_settings)


def asked_back(assay):
    """The truths that the assay is to give back, as (key, quantity, subject)."""
    return [(key, *key.split(" of ", 1)) for key in assay.truth if " of " in key]


def recovered(name, seed):
    """For one seed: (key, truth inside the pooled interval, log10 of estimate over truth)."""
    assay = catalog[name]
    result = analyse(assay, seed)
    found = []
    for key, quantity, subject in asked_back(assay):
        estimate, truth = result.pool(subject, quantity).estimate, assay.truth[key]
        found.append((key, estimate.low <= truth <= estimate.high, math.log10(estimate.value / truth)))
    return found


@pytest.fixture(params=list(catalog), scope="module")
def assay(request):
    return catalog[request.param]


@pytest.fixture(scope="module")
def result(assay):
    return analyse(assay)


def test_it_states_what_it_is_and_what_it_uses(assay):
    assert assay.name.isidentifier()
    assert assay.title
    assert assay.reference
    assert inspect.getdoc(assay.run)
    assert asked_back(assay), "no truth of the form 'Ki of compound': nothing to ask back"
    for parts, kind in ((assay.equations, Equation), (assay.checks, Check), (assay.figures, Figure)):
        assert parts
        assert all(isinstance(part, kind) for part in parts)
        assert len({part.name for part in parts}) == len(parts)


def test_its_settings_are_frozen_and_explained(assay):
    assert dataclasses.is_dataclass(assay.settings)
    assert assay.settings.__dataclass_params__.frozen
    assert isinstance(assay.example_settings, assay.settings)
    told = inspect.getdoc(assay.settings)
    for one in dataclasses.fields(assay.settings):
        assert f"`{one.name}`" in told, f"the docstring of the settings does not explain {one.name}"


def test_every_truth_comes_back_with_an_interval(assay, result):
    for key, quantity, subject in asked_back(assay):
        pooled = result.pool(subject, quantity)
        assert pooled.n == len(pooled.experiments) == len(pooled.each)
        assert 0 < pooled.estimate.low < pooled.estimate.value < pooled.estimate.high < math.inf
        assert abs(math.log10(pooled.estimate.value / assay.truth[key])) < 0.2, key
        assert pooled.sentence


@pytest.mark.parametrize("name", list(catalog))
def test_the_truth_lies_in_the_interval_on_nearly_all_of_a_few_days(name):
    hits = [hit for seed in range(100, 104) for _, hit, _ in recovered(name, seed)]
    # with a true coverage of 95 %, fewer than this happen once in a thousand sets of days
    least = _least_hits(len(hits), 0.95, 1e-3)
    assert sum(hits) >= least, f"{sum(hits)} of {len(hits)}"


def _least_hits(number, coverage, probability):
    """The smallest number of hits that is not rarer than `probability`."""
    below = 0.0
    for hits in range(number + 1):
        below += math.comb(number, hits) * coverage**hits * (1 - coverage) ** (number - hits)
        if below > probability:
            return hits
    return number


@pytest.mark.slow
@pytest.mark.parametrize("name", list(catalog))
def test_the_pooled_intervals_cover_the_truth_and_the_estimates_are_not_biased(name):
    seeds = range(1000, 1000 + SEEDS)
    found = [one for seed in seeds for one in recovered(name, seed)]
    for key in dict.fromkeys(key for key, _, _ in found):
        hits = [hit for one, hit, _ in found if one == key]
        assert sum(hits) >= _least_hits(SEEDS, 0.95, 1e-4), f"{key}: {sum(hits)} of {SEEDS}"
        off = [error for one, _, error in found if one == key]
        assert abs(np.mean(off)) < 0.02, key


def test_the_same_wells_give_the_same_bytes(assay, result):
    again = analyse(assay)
    assert to_json(again) == to_json(result)
    assert to_csv(again) == to_csv(result)
    assert to_xlsx(again) == to_xlsx(result)


def test_another_seed_gives_other_counts(assay, result):
    assert to_json(analyse(assay, 2)) != to_json(result)


def test_no_well_is_lost(assay, result):
    experiments = assay.simulate(assay.truth, 1)
    assert result.rows == (sum(len(one.wells) for one in experiments),) * 2 + (0,)
    one, *others = experiments
    wells = tuple(
        dataclasses.replace(well, set_aside="filter disc torn", signal=1e9) if index % 17 == 0 else well
        for index, well in enumerate(one.wells)
    )
    aside = sum(not well.used for well in wells)
    torn = assay.run((dataclasses.replace(one, wells=wells), *others), assay.example_settings)
    assert torn.rows == (result.rows[0], result.rows[0] - aside, aside)
    for key, quantity, subject in asked_back(assay):
        assert abs(math.log10(torn.pool(subject, quantity).estimate.value / assay.truth[key])) < 0.25, key


def test_a_well_without_a_number_is_set_aside_with_a_reason(assay):
    one, *others = assay.simulate(assay.truth, 1)
    first = dataclasses.replace(one.wells[0], signal=math.nan)
    result = assay.run(
        (dataclasses.replace(one, wells=(first, *one.wells[1:])), *others), assay.example_settings
    )
    assert result.rows[2] == 1
    assert result.experiments[0].wells[0].set_aside == "there is no reading"


def test_results_are_whole(assay, result):
    assert isinstance(result, AssayResult)
    assert result.assay == assay.name
    names = {one.name for one in result.experiments}
    codes = {check.name for check in assay.checks}
    for series in result.series:
        assert series.experiment in names
        assert series.x_label
        assert series.y_label
        assert series.outcome in Outcome
        assert series.outcome is Outcome.OK or series.reason
        for points in series.points:
            assert points.x.shape == points.y.shape == (len(points.positions),) == (len(points.used),)
        if series.shares:
            assert sum(series.shares.values()) == pytest.approx(1.0)
    for flag in result.flags:
        assert flag.code in codes
        assert flag.sentence.endswith(".")
        assert any(part in flag.subject for part in (*names, *result.subjects))
    assert {flag.code for flag in result.flags} == codes, (
        "a check is listed that is never applied, or the other way"
    )
    assert result.worst is not Severity.FAIL
    for pooled in result.pooled:
        assert pooled.subject in result.subjects
        assert set(pooled.experiments) <= names


def test_every_step_cites_known_works(result):
    assert result.steps
    cited = {key for step in result.steps for key in step.citations}
    assert {key for key in cited if " " not in key} <= set(WORKS)  # a whole citation has blanks in it
    assert all(step.sentence.endswith(".") for step in result.steps)


def test_every_figure_is_built_and_drawn(assay, result):
    for figure in assay.figures:
        specs = figure.build(result)
        assert specs, f"{figure.name} shows nothing of {assay.name}"
        for spec in specs:
            drawing = draw(spec)
            assert drawing.svg.startswith(b"<?xml") or drawing.svg.startswith(b"<svg")
            assert drawing.png.startswith(b"\x89PNG")


def test_the_report_and_all_files_are_made(assay, result):
    from pydantic import TypeAdapter

    specs = tuple(spec for figure in assay.figures for spec in figure.build(result))
    page = to_html(reports["assay_run"].build(result, specs), {spec.name: draw(spec).svg for spec in specs})
    text = html.unescape(re.sub(r"<[^>]+>", "", page))  # [3H]x is printed with a superscript
    for subject in result.subjects:
        assert subject in text
    assert to_terminal(result, ())
    TypeAdapter(ResultRecord).validate_python(to_plain(result))


def test_the_order_of_wells_and_of_days_does_not_matter(assay, result):
    rng = random.Random(5)
    shuffled = [
        dataclasses.replace(one, wells=tuple(rng.sample(one.wells, len(one.wells))))
        for one in assay.simulate(assay.truth, 1)
    ]
    rng.shuffle(shuffled)
    other = assay.run(tuple(shuffled), assay.example_settings)
    for key, quantity, subject in asked_back(assay):
        here, there = (one.pool(subject, quantity).estimate for one in (result, other))
        for name in ("value", "low", "high"):
            assert getattr(there, name) == pytest.approx(getattr(here, name), rel=1e-9), (key, name)
    numbers = {(flag.code, flag.subject): flag.number for flag in result.flags}
    for flag in other.flags:
        number = numbers[flag.code, flag.subject]
        assert (flag.number is None) == (number is None), flag.code
        assert number is None or flag.number == pytest.approx(number, rel=1e-6, abs=1e-9), flag.code
