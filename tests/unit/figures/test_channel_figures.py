"""Figures of blocked channels: currents in pA, axes of pulses, potentials and recoveries, and nothing drawn twice."""

from dataclasses import replace

import numpy as np
import pytest

from prusoff.assays import catalog as assays
from prusoff.core.figure import Line, Points
from prusoff.figures import catalog as figures


def result(name, change=lambda cells: cells):
    assay = assays[name]
    return assay.run(tuple(change(assay.simulate(assay.truth, 2))), assay.example_settings)


@pytest.fixture(scope="module")
def trains():
    def torn(cells):
        first, *others = cells
        wells = tuple(
            replace(well, set_aside="lost") if k == 5 else well for k, well in enumerate(first.wells)
        )
        return replace(first, wells=wells), *others

    return result("use_dependent_block", torn)


def test_trains_are_drawn_in_pa_against_the_pulse_and_the_lost_one_is_hollow(trains):
    (spec,) = figures["pulse_train"].build(trains)
    panel = spec.panels[0]
    assert panel.x.label == "pulse in the train"
    assert panel.y.label == "peak current (pA)"
    points = [mark for mark in panel.marks if isinstance(mark, Points)]
    assert all(-5000.0 < mark.y.min() < -100.0 for mark in points)
    assert [mark.label for mark in points if not mark.filled] == ["set aside"]
    dashed = [mark for mark in panel.marks if isinstance(mark, Line) and mark.dashed]
    assert len(dashed) == 2  # the trains without drug


def test_a_train_is_no_isotherm_and_no_response_curve(trains):
    for name in ("binding_isotherm", "response_curve", "kinetic_trace", "kd_potential"):
        assert figures[name].build(trains) == ()


def test_recovery_stands_on_a_logarithmic_axis_and_currents_in_pa():
    (spec,) = figures["kinetic_trace"].build(result("block_kinetics"))
    by_title = {panel.title: panel for panel in spec.panels}
    recovery, onset = by_title["blocker, cell 1: recovery"], by_title["blocker, cell 1: onset"]
    assert recovery.x.log10
    assert not onset.x.log10
    assert onset.y.label == "current (pA)"
    assert onset.y.limits[0] < -100.0


def test_kd_is_drawn_against_millivolts_with_one_colour_for_every_cell():
    (spec,) = figures["kd_potential"].build(result("voltage_dependent_block"))
    (panel,) = spec.panels
    lines = [mark for mark in panel.marks if isinstance(mark, Line)]
    assert panel.x.label == "potential (mV)"
    assert len({mark.colour for mark in lines}) == len(lines) == 5
    assert all(mark.x.min() == pytest.approx(-100.0) for mark in lines)
    assert all(np.all(np.diff(mark.y) > 0) for mark in lines)


def test_the_ic50_of_every_agonist_stands_beside_three_mechanisms():
    (spec,) = figures["ic50_by_agonist"].build(result("nmda_block"))
    lines = [mark for mark in spec.panels[0].marks if isinstance(mark, Line)]
    assert {mark.label for mark in lines} == {"competitive", "uncompetitive", "noncompetitive"}
    assert [mark.label for mark in lines if not mark.dashed] == ["uncompetitive"]
