"""The figures of functional assays show the fits themselves: every well once, curves named, lines where they belong."""

import numpy as np
import pytest

from prusoff.assays import catalog
from prusoff.core.figure import Line, Points
from prusoff.figures.agonist_curves import agonist_curves
from prusoff.figures.antagonist_curves import antagonist_curves
from prusoff.figures.schild_plot import schild_plot


def example(name):
    assay = catalog[name]
    return assay.run(assay.simulate(assay.truth, 1)[:1], assay.example_settings)


@pytest.fixture(scope="module")
def antagonism():
    return example("schild")


def marks(spec, kind):
    return [mark for panel in spec.panels for mark in panel.marks if isinstance(mark, kind)]


def test_every_curve_beside_the_antagonist_is_named_and_every_well_stands_once(antagonism):
    (spec,) = antagonist_curves.build(antagonism)
    named = [mark.label for mark in marks(spec, Line)]
    assert named == [
        "no antagonist",
        *(f"blocker {amount}" for amount in ("3 nM", "10 nM", "30 nM", "100 nM")),
    ]
    wells = sum(mark.x.size for mark in marks(spec, Points))
    assert wells == sum(well.treatment.role != "blank" for well in antagonism.experiments[0].wells)


def test_the_curves_are_those_of_the_fit(antagonism):
    (spec,) = antagonist_curves.build(antagonism)
    series = antagonism.series[0]
    for line, level in zip(marks(spec, Line), (-np.inf, -8.523, -8.0, -7.523, -7.0), strict=True):
        x = np.stack([np.log10(line.x), np.full(line.x.size, level)])
        np.testing.assert_allclose(line.y, series.fit.predict(x), rtol=1e-3)


def test_the_schild_plot_has_points_regression_and_the_line_of_slope_one(antagonism):
    (spec,) = schild_plot.build(antagonism)
    regression, unit = marks(spec, Line)
    assert not regression.dashed
    assert unit.dashed
    log_kb = antagonism.series[0].fit.value("log_kb")
    np.testing.assert_allclose(unit.y, np.log10(unit.x) - log_kb, atol=1e-12)
    (points,) = marks(spec, Points)
    ratios = [one.value for one in antagonism.series[0].estimates if one.name.startswith("dose ratio")]
    np.testing.assert_allclose(points.y, np.log10(np.array(ratios) - 1), rtol=1e-12)
    assert "where the dose ratio is 2" in spec.caption


def test_agonists_share_a_panel_and_vehicle_wells_are_drawn_once():
    result = example("functional_response")
    (spec,) = agonist_curves.build(result)
    assert [mark.label for mark in marks(spec, Line)] == ["full", "partial", "weak"]
    wells = sum(mark.x.size for mark in marks(spec, Points))
    assert wells == sum(well.treatment.role != "blank" for well in result.experiments[0].wells)
    assert any(text == "vehicle" for _, text in spec.panels[0].x.ticks)
    assert antagonist_curves.build(result) == ()
    assert schild_plot.build(result) == ()


def test_an_antagonist_run_is_no_agonist_run(antagonism):
    assert agonist_curves.build(antagonism) == ()
