"""What every kind of report promises, whatever the result."""

import dataclasses
from functools import lru_cache

import pytest

from prusoff.assays import catalog as assays
from prusoff.core.report import Answer, Document, FigureBlock, References, TableBlock
from prusoff.core.result import AssayResult
from prusoff.publishing.html import to_html
from prusoff.reports import catalog
from prusoff.reports._references import WORKS

EMPTY = AssayResult("none", "Nothing was measured", (), (), (), (), (), ())


@lru_cache(maxsize=4)
def example(name):
    """The result of an assay's own example."""
    assay = assays[name]
    return assay.run(assay.simulate(assay.truth, 1), assay.example_settings)


def _blocks(document):
    return [block for section in document.sections for block in section.blocks]


@pytest.fixture(params=list(catalog))
def report(request):
    return catalog[request.param]


def _all_text(document):
    return to_html(document, {})


def test_the_answer_comes_first(report, sample_result):
    document = report.build(sample_result, ())
    assert isinstance(document, Document)
    assert any(isinstance(block, Answer | TableBlock) for block in document.sections[0].blocks)


def test_every_compound_every_flag_and_every_well_set_aside_is_named(report, sample_result):
    text = _all_text(report.build(sample_result, ()))
    wells = [well for one in sample_result.experiments for well in one.wells if not well.used]
    for name in ("desipramine", "=cmd()", "&lt;b&gt;x&lt;/b&gt;", "00123", "Mar-1"):
        assert name in text
    assert all(well.set_aside in text and well.position in text for well in wells)
    assert all(flag.code in text for flag in sample_result.flags)
    assert "288" in text
    assert "simulated" in text.lower()


def test_every_figure_is_shown_once(report, sample, sample_result):
    specs = sample.simple_figures(sample_result)
    shown = [
        block.spec for block in _blocks(report.build(sample_result, specs)) if isinstance(block, FigureBlock)
    ]
    assert shown == list(specs)


def test_tables_are_rectangular(report, sample_result):
    for block in _blocks(report.build(sample_result, ())):
        if isinstance(block, TableBlock):
            assert {len(row) for row in block.rows} <= {len(block.columns)}
            assert len(block.tones) in (0, len(block.rows))
            assert all(0 <= place < len(block.columns) for place in block.numeric)


def test_nothing_unprintable_reaches_the_reader(report, sample_result):
    text = _all_text(report.build(sample_result, ()))
    for word in (">nan<", "None<", ">inf<", "Severity.", "Outcome."):
        assert word not in text


def test_a_result_with_nothing_in_it_is_still_a_report(report):
    assert _all_text(report.build(EMPTY, ())).count("<h1>") == 1


def test_the_same_result_gives_the_same_report(report, sample):
    assert report.build(sample.sample_result(), ()) == report.build(sample.sample_result(), ())


def test_a_part_that_is_missing_does_not_break_the_rest(report, sample_result):
    for name in ("pooled", "flags", "plates", "steps", "notes", "experiments"):
        _all_text(report.build(dataclasses.replace(sample_result, **{name: ()}), ()))


@pytest.mark.parametrize("name", list(assays))
def test_it_reports_a_simulated_run_of_every_assay_and_knows_the_works_it_cites(report, name):
    document = report.build(example(name), ())
    works = [entry for block in _blocks(document) if isinstance(block, References) for entry in block.entries]
    assert works, f"the steps of {name} cite nothing"
    assert set(works) <= set(WORKS.values()), "add the missing works to reports/_references.py"
    assert _all_text(document)
