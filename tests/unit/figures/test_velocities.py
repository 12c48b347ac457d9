"""Velocities as pictures: lines of the fit on reciprocal axes, contours, and what is not shown."""

from dataclasses import replace

import numpy as np
import pytest

from prusoff.core.experiment import Experiment, Radioligand
from prusoff.core.figure import Heat, Line, Points
from prusoff.core.fit import Outcome
from prusoff.core.result import AssayResult, CurveBand, Series
from prusoff.core.result import Points as Wells
from prusoff.figures._velocities import concentration_in, levels
from prusoff.figures.dixon import dixon
from prusoff.figures.inhibition_surface import inhibition_surface
from prusoff.figures.lineweaver_burk import lineweaver_burk
from prusoff.figures.velocity import velocity

VMAX, KM, KI = 3e-10, 5e-7, 1e-8
SUBSTRATES = np.array([5e-8, 2e-7, 1e-6, 4e-6])
INHIBITORS = (0.0, 1e-8, 1e-7)


def rate(substrate, inhibitor):
    return VMAX * substrate / (KM * (1 + inhibitor / KI) + substrate)


def grid(subject="blocker", day="day 1"):
    labels = {0.0: "0 nM", 1e-8: "10 nM", 1e-7: "100 nM"}
    x = np.geomspace(5e-8, 4e-6, 31)
    points = tuple(
        Wells(SUBSTRATES, rate(SUBSTRATES, one), ("a", "b", "c", "d"), (True,) * 4, labels[one])
        for one in INHIBITORS
    )
    bands = tuple(
        CurveBand(x, rate(x, one), 0.9 * rate(x, one), 1.1 * rate(x, one), labels[one]) for one in INHIBITORS
    )
    nonspecific = Wells(SUBSTRATES, SUBSTRATES * 1e-5, ("e", "f", "g", "h"), (True,) * 4, "nonspecific")
    return Series(
        subject, day, Outcome.OK, "", (*points, nonspecific), (), bands=bands,
        x_label="substrate (M)", y_label="uptake (mol/g/s)",
    )  # fmt: skip


def result(*series):
    experiments = tuple(Experiment(name, (), Radioligand("[3H]x", "3H")) for name in ("day 1",))
    return AssayResult("uptake_mechanism", "Simulated", experiments, series or (grid(),), (), (), (), ())


def lines(panel, dashed):
    return [mark for mark in panel.marks if isinstance(mark, Line) and mark.dashed is dashed]


def test_the_label_of_wells_says_how_much_inhibitor_they_hold():
    assert [level.inhibitor for level in levels(grid())] == [0.0, 1e-8, 1e-7]
    assert np.isnan(concentration_in("nonspecific"))
    assert concentration_in("total") != concentration_in("specific")


def test_lines_of_a_competitive_inhibitor_meet_at_minus_ki_in_the_dixon_plot():
    (spec,) = dixon.build(result())
    (panel,) = spec.panels
    drawn = lines(panel, dashed=False)
    assert [line.label for line in drawn] == ["0.05 µM", "0.2 µM", "1 µM", "4 µM"]
    for line in drawn:
        slope = (line.y[1] - line.y[0]) / (line.x[1] - line.x[0])
        # 1/v = 1/Vmax at I = -Ki, whatever the substrate; axes in nM and mg min/pmol
        at_minus_ki = line.y[0] + slope * (-10.0 - line.x[0])
        assert at_minus_ki == pytest.approx(1.0 / (VMAX * 60e9), rel=1e-6)
    assert "nothing was regressed" in spec.caption


def test_lines_meet_the_axis_at_minus_one_over_km_in_the_lineweaver_burk_plot():
    (spec,) = lineweaver_burk.build(result())
    (panel,) = spec.panels
    first = lines(panel, dashed=True)[0]
    assert first.x[0] == pytest.approx(-1.0 / (KM * 1e6), rel=1e-6)
    assert first.y[0] == pytest.approx(0.0, abs=1e-9)
    assert "nothing was regressed" in spec.caption


def test_means_without_a_reciprocal_are_left_out_of_the_reciprocal_plots_alone():
    series = grid()
    low = replace(series.points[2], y=np.array([-1e-13, *series.points[2].y[1:]]))
    spoilt = replace(series, points=(*series.points[:2], low, series.points[3]))
    for figure, most in ((lineweaver_burk, 11), (dixon, 11), (velocity, 16)):
        (spec,) = figure.build(result(spoilt))
        shown = sum(mark.x.size for mark in spec.panels[0].marks if isinstance(mark, Points))
        assert shown == most, figure.name


def test_contours_of_the_surface_are_places_of_equal_velocity():
    (spec,) = inhibition_surface.build(result())
    contours, cells = spec.panels
    drawn = [mark for mark in contours.marks if isinstance(mark, Line)]
    assert drawn
    for line in drawn:
        part = float(line.label.partition(" %")[0]) / 100.0
        np.testing.assert_allclose(rate(line.x, line.y), part * VMAX, rtol=1e-6)
    (heat,) = [mark for mark in cells.marks if isinstance(mark, Heat)]
    np.testing.assert_allclose(
        heat.values, [[100.0 * rate(s, i) / VMAX for s in SUBSTRATES] for i in INHIBITORS], rtol=1e-6
    )


def test_every_inhibitor_has_a_figure_of_its_own():
    specs = velocity.build(result(grid(), grid("trapper"), grid(day="day 2")))
    assert [spec.name for spec in specs] == ["velocity_1", "velocity_2"]
    assert [spec.title.rpartition(": ")[2] for spec in specs] == ["blocker", "trapper"]
    assert [len(spec.panels) for spec in specs] == [2, 1]


def test_a_curve_without_inhibitor_has_no_dixon_plot_and_no_surface():
    plain = grid()
    one = replace(plain.points[0], label="specific")
    alone = replace(plain, points=(one,), bands=(replace(plain.bands[0], label="specific"),))
    assert dixon.build(result(alone)) == ()
    assert inhibition_surface.build(result(alone)) == ()
    assert len(lineweaver_burk.build(result(alone))) == 1


def test_a_series_without_a_fit_shows_its_wells_and_no_line():
    bare = replace(grid(), bands=(), outcome=Outcome.FAILED, reason="All wells read the same.")
    for figure in (dixon, lineweaver_burk, inhibition_surface):
        assert figure.build(result(bare)) == ()
    (spec,) = velocity.build(result(bare))
    assert any(isinstance(mark, Points) for mark in spec.panels[0].marks)
