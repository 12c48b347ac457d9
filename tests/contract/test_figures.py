"""Every figure keeps the promises of the shelf: it fits or it is absent, says what it shows, and is drawn by both."""

import json
import runpy
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from prusoff.assays import catalog as assays
from prusoff.core.figure import Band, FigureSpec, Heat, Line, Points, Rule
from prusoff.drawing import draw, draw_png, draw_svg
from prusoff.figures import catalog

SIMULATED = runpy.run_path(str(Path(__file__).parents[1] / "golden" / "figures" / "simulated_results.py"))[
    "RESULTS"
]
DRAWN = (*SIMULATED, "awkward", "panel")
RESULTS = (*DRAWN, *(f"example of {name}" for name in assays))
SVG = "{http://www.w3.org/2000/svg}"


def panel():
    """The competition example looked at in three targets: it applies to figures that show something of a panel only."""
    assay = assays["radioligand_competition"]
    days = [
        replace(one, name=f"{target} {one.name}", conditions=replace(one.conditions, target=target))
        for seed, target in enumerate(("NET", "SERT", "DAT"), start=1)
        for one in assay.simulate(assay.truth, seed)
    ]
    return assay.run(tuple(days), assay.example_settings)


@pytest.fixture(scope="session")
def specs(sample_result):
    """What each figure makes of each result, built once: made by hand, awkward, a panel, the example of every assay."""
    results = {name: make() for name, make in SIMULATED.items()} | {
        "awkward": sample_result,
        "panel": panel(),
    }
    for name, assay in assays.items():
        example = assay.run(assay.simulate(assay.truth, 1), assay.example_settings)
        results[f"example of {name}"] = example
    return {(figure, name): catalog[figure].build(results[name]) for figure in catalog for name in results}


@pytest.mark.parametrize("figure", sorted(catalog))
def test_it_says_what_it_is(figure):
    assert catalog[figure].name == figure
    assert catalog[figure].title


@pytest.mark.parametrize("figure", sorted(catalog))
def test_it_applies_to_some_result_and_not_to_an_empty_one(figure, specs):
    assert specs[figure, "empty"] == ()
    assert any(specs[figure, name] for name in RESULTS)


@pytest.mark.parametrize("result", RESULTS)
@pytest.mark.parametrize("figure", sorted(catalog))
def test_every_spec_is_whole(figure, result, specs):
    for spec in specs[figure, result]:
        assert isinstance(spec, FigureSpec)
        assert spec.name.startswith(figure)
        assert spec.title
        assert len(spec.description) > 40
        assert len(spec.caption) > 40
        assert spec.panels
        for panel in spec.panels:
            assert panel.marks
            for mark in panel.marks:
                whole(mark)
            heat = any(isinstance(mark, Heat) for mark in panel.marks)
            assert heat or (panel.x.label and panel.y.label)
            for scale in (panel.x, panel.y):
                assert scale.limits is None or scale.limits[0] < scale.limits[1]
        json.dumps(spec.to_dict(), allow_nan=False)


def whole(mark):
    match mark:
        case Points() | Line():
            assert mark.x.shape == mark.y.shape
            assert mark.x.size
            assert np.isfinite(mark.x).all()
            assert np.isfinite(mark.y).all()
        case Band():
            assert mark.x.shape == mark.low.shape == mark.high.shape
            assert np.isfinite([mark.x, mark.low, mark.high]).all()
            assert (mark.low <= mark.high).all()
        case Rule():
            assert (mark.x is None) != (mark.y is None)
        case Heat():
            rows, columns = mark.values.shape
            assert len(mark.row_labels) == rows
            assert len(mark.column_labels) == columns
            assert all(0 <= row < rows and 0 <= column < columns for row, column in mark.crossed)


@pytest.mark.parametrize("result", RESULTS)
def test_names_of_files_differ(result, specs):
    names = [spec.name for figure in catalog for spec in specs[figure, result]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("result", DRAWN)
@pytest.mark.parametrize("figure", sorted(catalog))
def test_it_is_drawn_by_both_the_same_every_time(figure, result, specs):
    for spec in specs[figure, result]:
        drawing = draw(spec)
        assert drawing.svg == draw_svg(spec)
        assert drawing.png == draw_png(spec)
        assert drawing.png.startswith(b"\x89PNG\r\n")
        described(drawing.svg, spec)


def described(svg, spec):
    root = ET.fromstring(svg)
    by_id = {element.get("id"): element for element in root.iter()}
    assert root.get("role") == "img"
    title, description = root.get("aria-labelledby").split()
    assert (by_id[title].tag, by_id[title].text) == (f"{SVG}title", spec.title)
    assert (by_id[description].tag, by_id[description].text) == (f"{SVG}desc", spec.description)
    for panel in spec.panels:
        written = " ".join(element.text for element in root.iter(f"{SVG}text"))
        assert panel.x.label in written
        assert panel.y.label in written
