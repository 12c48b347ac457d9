"""What the figures of recorded cells show: windows, drug bars, the interpolated control, no transients."""

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np

from prusoff.core.figure import Band, Line, Points
from prusoff.figures.current_voltage import current_voltage
from prusoff.figures.time_course import time_course
from prusoff.figures.trace_overlay import trace_overlay

SIMULATED = runpy.run_path(str(Path(__file__).parents[2] / "golden" / "figures" / "simulated_results.py"))
RESULT = SIMULATED["recorded"]()


def test_sweeps_are_drawn_with_the_windows_they_were_read_in():
    (spec,) = trace_overlay.build(RESULT)
    assert [panel.title for panel in spec.panels] == ["cell 1", "cell 2"]
    panel = spec.panels[0]
    bands = [mark for mark in panel.marks if isinstance(mark, Band)]
    assert np.allclose([band.x for band in bands], [(10.3, 24.0), (22.6, 24.0)])
    lines = [mark.label for mark in panel.marks if isinstance(mark, Line) and mark.label]
    assert lines == ["control", "drug 1 µM", "drug 10 µM", "wash"]
    assert panel.x.label == "time in the sweep (ms)"


def test_a_transient_outside_the_windows_does_not_set_the_axis():
    cell = RESULT.experiments[0]
    spiked = [replace(one, currents=np.where(one.times < 9e-3, -1e-7, one.currents)) for one in cell.traces]
    plain, high = (
        trace_overlay.build(replace(RESULT, experiments=(one,)))[0].panels[0].y.limits
        for one in (cell, replace(cell, traces=tuple(spiked)))
    )
    assert plain == high


def test_colours_of_what_was_applied_are_the_same_in_all_panels():
    for figure in (trace_overlay, time_course):
        (spec,) = figure.build(RESULT)
        colours = {
            (mark.label, mark.colour)
            for panel in spec.panels
            for mark in panel.marks
            if getattr(mark, "label", "")
        }
        assert len(colours) == len({label for label, _ in colours})


def test_the_time_course_has_bars_hollow_sweeps_and_the_control():
    (spec,) = time_course.build(RESULT)
    panel = spec.panels[0]
    points = [mark for mark in panel.marks if isinstance(mark, Points)]
    assert sum(mark.x.size for mark in points) == 20
    assert [mark.x.size for mark in points if not mark.filled] == [1]
    bars = [mark for mark in panel.marks if isinstance(mark, Line) and not mark.label]
    assert [tuple(np.round(60 * bar.x)) for bar in bars] == [(50.0, 90.0), (100.0, 140.0)]
    control = next(mark for mark in panel.marks if getattr(mark, "label", "") == "control, interpolated")
    assert control.dashed
    assert control.x.size == 20


def test_one_potential_after_the_other_is_no_time_course():
    cell = RESULT.experiments[0]
    wells = tuple(
        replace(well, treatment=replace(well.treatment, voltage_v=-0.1 + 0.005 * at))
        for at, well in enumerate(cell.wells)
    )
    assert time_course.build(replace(RESULT, experiments=(replace(cell, wells=wells),))) == ()


def test_a_current_is_told_as_density_where_every_cell_has_a_capacitance():
    from prusoff.assays import catalog

    assay = catalog["gating"]
    unsized, sized = (
        tuple(
            replace(one, wells=tuple(replace(well, quality=quality) for well in one.wells))
            for one in assay.simulate(assay.truth, 1)[:2]
        )
        for quality in ({}, {"capacitance": 10e-12})
    )
    plain, dense = (
        current_voltage.build(assay.run(some, assay.example_settings))[0].panels[0]
        for some in (unsized, sized)
    )
    assert plain.y.label == "current (pA)"
    assert dense.y.label == "current density (pA/pF)"
    one, other = (next(m for m in panel.marks if isinstance(m, Points)) for panel in (plain, dense))
    assert np.allclose(one.y, 10.0 * other.y)


def test_currents_that_are_called_differently_have_panels_of_their_own():
    cell = RESULT.experiments[0]
    plain = len(trace_overlay.build(replace(RESULT, experiments=(cell,)))[0].panels)
    named = [replace(one, called="availability", potential=-0.1) for one in cell.traces]
    both = replace(cell, traces=(*cell.traces, *named))
    (spec,) = trace_overlay.build(replace(RESULT, experiments=(both,)))
    assert len(spec.panels) == plain + 1
    assert [panel.title for panel in spec.panels] == [cell.name, f"{cell.name}, availability"]
    assert [panel.note for panel in spec.panels] == ["", "at −100 mV"]
    assert "Of a family of steps" in spec.caption
