"""What the figures show of time courses and of the rates that are read off them."""

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.core.equation import Axis, Equation
from prusoff.core.estimate import Estimate
from prusoff.core.figure import Band, Line, Points
from prusoff.core.fit import Fit, FittedCurve, Outcome
from prusoff.core.result import AssayResult, CurveBand, Series
from prusoff.core.result import Points as Wells
from prusoff.figures import catalog

SIMULATED = runpy.run_path(str(Path(__file__).parents[2] / "golden" / "figures" / "simulated_results.py"))
KINETICS = SIMULATED["kinetics"]()


def marks(panel, kind):
    return [mark for mark in panel.marks if isinstance(mark, kind)]


def trace(result=KINETICS):
    return catalog["kinetic_trace"].build(result)


def test_every_phase_of_every_day_has_a_panel_in_minutes():
    (spec,) = trace()
    assert [panel.title.rpartition(": ")[2] for panel in spec.panels] == ["association", "dissociation"] * 2
    assert spec.columns == 2
    for panel in spec.panels:
        assert panel.x.label == "time (min)"
        assert max(mark.x.max() for mark in marks(panel, Points)) == 120
        assert panel.x.limits[0] == panel.y.limits[0] == 0


def test_nonspecific_wells_share_the_colour_of_their_totals_and_are_dashed():
    panel = trace()[0].panels[0]
    lines = {(line.colour, line.dashed): line.label for line in marks(panel, Line)}
    assert lines == {(0, False): "0.5 nM", (0, True): "", (1, False): "4 nM", (1, True): ""}


def test_what_stands_in_another_panel_has_another_colour():
    association, dissociation = trace()[0].panels[:2]
    used = {mark.colour for mark in marks(association, Points)}
    assert not used & {mark.colour for mark in marks(dissociation, Points)}


def test_wells_set_aside_are_hollow_and_counted():
    (spec,) = trace()
    hollow = [mark for panel in spec.panels for mark in marks(panel, Points) if not mark.filled]
    assert [mark.x.tolist() for mark in hollow] == [[20.0], [20.0]]
    assert "2 wells set aside are hollow" in spec.caption


def test_a_trace_without_a_fit_shows_its_wells_and_says_why():
    bare = replace(KINETICS.series[0], outcome=Outcome.FAILED, reason="Too few times.", bands=())
    panel = trace(replace(KINETICS, series=(bare,)))[0].panels[0]
    assert panel.note == "Too few times."
    assert marks(panel, Points)
    assert not marks(panel, Line)


def test_one_trace_without_names_has_one_panel_and_no_legend():
    time = np.array([0.0, 3600.0, 36000.0])
    series = Series(
        "uptake", "day 1", Outcome.OK, "", (Wells(time, time / 100, ("A01", "A02", "A03"), (True,) * 3),),
        bands=(CurveBand(time, time / 100, np.full(3, np.nan), np.full(3, np.nan)),),
        x_label="time (s)", y_label="uptake (dpm)",
    )  # fmt: skip
    (spec,) = trace(AssayResult("x", "x", (), (series,), (), (), (), ()))
    (panel,) = spec.panels
    assert not panel.legend
    assert panel.x.label == "time (h)"
    assert not marks(panel, Band)
    assert "confidence" not in spec.caption


def test_many_traces_are_shared_out_over_figures():
    many = tuple(replace(KINETICS.series[0], experiment=f"day {number}") for number in range(8))
    specs = trace(replace(KINETICS, series=many))
    assert [spec.name for spec in specs] == ["kinetic_trace_1", "kinetic_trace_2"]
    assert sum(len(spec.panels) for spec in specs) == 16


LINE = Equation(
    "line", "Line", "kon * x + koff", (Axis("x", "M"),), Axis("kobs", "1/s"), (),
    lambda x, p: p[0] * x + p[1], lambda x, p: np.array([x, np.ones_like(x)]), lambda x, y: np.zeros(2),
    "simulated", (),
)  # fmt: skip
LIGAND = np.array([0.5e-9, 1e-9, 4e-9])
KOBS = 3e5 * LIGAND + 2.5e-4


@pytest.fixture
def rates():
    """Observed rates of one day on a line, with their errors, and a hyperbola beside it."""
    parameters = np.array([3e5, 2.5e-4])
    fit = Fit(
        LINE, Outcome.OK, "", (), np.empty(0), np.empty(0), np.empty((0, 0)), {},
        (FittedCurve(Curve(LIGAND, KOBS, 0.05 * KOBS), 1 / (0.05 * KOBS) ** 2, KOBS, parameters),), 1.0, 1, "known",
    )  # fmt: skip
    x = np.linspace(0, 4e-9, 11)
    none = np.full(11, np.nan)
    points = Wells(LIGAND, KOBS, ("a", "b", "c"), (True,) * 3, "observed rate")
    bands = (
        CurveBand(x, 3e5 * x + 2.5e-4, 2.8e5 * x, 3.2e5 * x + 3e-4, "line"),
        CurveBand(x, x * 2e5, none, none, "hyperbola"),
    )
    labels = {"x_label": "free radioligand (M)", "y_label": "observed rate (1/s)"}
    series = Series("[3H]x", "day 1", Outcome.OK, "", (points,), (), fit, bands=bands, **labels)
    with_line = replace(
        KINETICS.series[0],
        subject="[3H]x",
        experiment="day 1",
        estimates=(Estimate("kon (line)", 3e5, "1/M/s"),),
    )
    return AssayResult("x", "x", (), (with_line, series), (), (), (), ())


def test_observed_rates_stand_in_minutes_with_errors_line_band_and_dashed_hyperbola(rates):
    (spec,) = catalog["observed_rate"].build(rates)
    (panel,) = spec.panels
    assert (panel.x.label, panel.y.label) == ("free radioligand (nM)", "observed rate (min⁻¹)")
    (points,) = marks(panel, Points)
    np.testing.assert_allclose(points.y, 60 * KOBS)
    np.testing.assert_allclose(points.error, 0.05 * 60 * KOBS)
    assert [(line.label, line.dashed) for line in marks(panel, Line)] == [
        ("line", False),
        ("hyperbola", True),
    ]
    assert len(marks(panel, Band)) == 1
    assert panel.note == "kon (line) 18.0 µM⁻¹ min⁻¹"
    assert "Dashed" in spec.caption


def test_time_courses_and_rates_are_no_isotherms(rates):
    assert catalog["binding_isotherm"].build(rates) == ()
    assert catalog["binding_isotherm"].build(KINETICS) == ()
    assert catalog["observed_rate"].build(KINETICS) == ()
