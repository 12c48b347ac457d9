"""What the figures show of a result whose every number is known."""

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from prusoff.core.estimate import Estimate
from prusoff.core.figure import Band, Heat, Line, Points, Rule
from prusoff.core.fit import Outcome
from prusoff.figures import catalog

SIMULATED = runpy.run_path(str(Path(__file__).parents[2] / "golden" / "figures" / "simulated_results.py"))
COMPETITION, SATURATION = SIMULATED["competition"](), SIMULATED["saturation"]()


def panels(figure, result=COMPETITION):
    return {panel.title: panel for spec in catalog[figure].build(result) for panel in spec.panels}


def marks(panel, kind):
    return [mark for mark in panel.marks if isinstance(mark, kind)]


def bars_of(panel):
    """The level lines in the strip under the y axis."""
    return [mark for mark in marks(panel, Line) if mark.y.max() < panel.y.strip[0] and np.ptp(mark.y) == 0]


def test_the_bars_stand_in_a_strip_that_is_no_part_of_the_axis_and_look_like_no_well():
    for panel in panels("response_curve").values():
        if panel.y.strip is None:
            assert panel.y.limits[0] >= 0 or min(mark.y.min() for mark in marks(panel, Points)) < 0
            continue
        end, name = panel.y.strip
        assert name == "IC50"
        assert panel.y.limits[0] < end <= 0
        assert all(mark.y.min() >= end for mark in marks(panel, Points))
        ticks = [mark for mark in marks(panel, Line) if mark.y.max() < end and np.ptp(mark.x) == 0]
        assert len(ticks) == len(SIMULATED["DAYS"])


def test_every_well_of_a_compound_is_a_point():
    measured = [mark for mark in marks(panels("response_curve")["imipramine"], Points) if mark.y.min() > 0]
    filled = sum(mark.y.size for mark in measured if mark.filled)
    hollow = sum(mark.y.size for mark in measured if not mark.filled)
    assert (filled, hollow) == (3 * (22 + 8) - 1, 1)


def test_no_curve_runs_beyond_the_doses():
    for panel in panels("response_curve").values():
        for mark in marks(panel, Band):
            assert mark.x.min() >= 10**-10.5 * (1 - 1e-6)
            assert mark.x.max() <= 10**-5.5 * (1 + 1e-6)


def test_a_curve_without_a_value_is_dashed_and_has_no_band():
    panel = panels("response_curve")["fluoxetine"]
    assert not marks(panel, Band)
    assert all(mark.dashed for mark in marks(panel, Line) if mark.x.size > 2)
    assert (
        panel.note
        == "every experiment: IC50 > 3.16 µM. The highest dose blocks 22 % of specific binding, less than half."
    )


def test_a_compound_without_response_has_no_curve_and_says_why():
    panel = panels("response_curve")["saline"]
    assert not [mark for mark in marks(panel, Line) if mark.x.size > 2]
    assert "blocks 1 %" in panel.note


def test_the_bar_spans_the_interval_of_the_ic50():
    bars = bars_of(panels("response_curve")["imipramine"])
    found = sorted(tuple(np.log10(mark.x)) for mark in bars)
    assert found == [pytest.approx(pair) for pair in ((-7.74, -7.58), (-7.60, -7.50), (-7.545, -7.415))]


def test_an_open_interval_is_dashed_to_the_end():
    series = COMPETITION.series[0]
    ic50 = replace(series.estimates[0], high=np.inf)
    result = replace(COMPETITION, series=(replace(series, estimates=(ic50,)),))
    (solid, dashed) = bars_of(panels("response_curve", result)["imipramine"])
    assert solid.x == pytest.approx([ic50.low, ic50.value])
    assert dashed.dashed
    assert dashed.x[0] == ic50.value
    assert dashed.x[1] > 10**-5.5


def test_many_experiments_are_summed_up_in_the_note():
    first = COMPETITION.series[0]
    many = tuple(replace(first, experiment=f"day {number}") for number in range(5))
    (spec,) = catalog["response_curve"].build(replace(COMPETITION, series=many))
    assert spec.panels[0].note == ""
    colours = {mark.label: mark.colour for mark in marks(spec.panels[0], Line) if mark.label}
    assert len(set(colours.values())) == 5


def test_colours_of_days_are_the_same_in_all_figures():
    def colours(figure):
        return {
            mark.label: mark.colour
            for panel in panels(figure).values()
            for mark in marks(panel, Points)
            if mark.label in SIMULATED["DAYS"]
        }

    assert colours("response_curve") == colours("residuals") == colours("profile")


def test_percent_runs_from_the_total_to_the_nonspecific_wells():
    (panel,) = panels("normalised_curve").values()
    line = next(mark for mark in marks(panel, Line) if mark.label == "imipramine")
    assert line.y[0] == pytest.approx(100, abs=3)
    assert line.y[-1] == pytest.approx(0, abs=3)
    points = next(mark for mark in marks(panel, Points) if mark.label == "imipramine")
    assert points.x.size == 11
    assert np.isfinite(points.error).all()
    assert {mark.y for mark in marks(panel, Rule)} == {0.0, 100.0}


def test_the_normalised_points_say_that_they_are_for_display_only():
    (spec,) = catalog["normalised_curve"].build(COMPETITION)
    assert spec.caption.startswith("For display only")
    assert "imipramine n = 3" in spec.caption


def test_without_controls_nothing_is_normalised():
    bare = tuple(
        replace(series, points=tuple(replace(one, x=np.clip(one.x, -10.5, -5.5)) for one in series.points))
        for series in COMPETITION.series
    )
    assert catalog["normalised_curve"].build(replace(COMPETITION, series=bare)) == ()


def test_an_isotherm_is_drawn_in_readable_units_from_zero():
    (spec,) = catalog["binding_isotherm"].build(SATURATION)
    isotherm = spec.panels[0]
    assert (isotherm.x.label, isotherm.y.label) == ("free [3H]nisoxetine (nM)", "bound (fmol/mg)")
    assert isotherm.x.limits[0] == isotherm.y.limits[0] == 0.0
    assert {mark.label for mark in marks(isotherm, Line)} == {"total", "nonspecific", "specific"}
    assert isotherm.note == "Kd 0.90 nM (0.79–1.03); Bmax 2100 fmol/mg (1995–2226)"


def test_an_isotherm_without_a_number_is_drawn_without_a_warning():
    series = SATURATION.series[0]
    empty = tuple(replace(one, y=np.full(one.y.size, np.nan)) for one in series.points)
    bare = replace(series, points=empty, bands=(), fit=None, estimates=(), outcome=Outcome.FAILED)
    (spec,) = catalog["binding_isotherm"].build(replace(SATURATION, series=(bare,)))
    assert spec.panels[0].y.label == series.y_label


def test_an_isotherm_in_dpm_says_what_they_are_in_fmol_per_mg():
    series = SATURATION.series[0]
    bmax = (Estimate("Bmax", 4e-10, "mol/g"), Estimate("Bmax (dpm)", 2000.0, "dpm"))
    counted = replace(series, y_label="bound (dpm)", estimates=bmax)
    (spec,) = catalog["binding_isotherm"].build(replace(SATURATION, series=(counted,)))
    assert spec.caption.endswith(" 1000 dpm are 200 fmol/mg.")
    (plain,) = catalog["binding_isotherm"].build(SATURATION)
    assert "1000 dpm" not in plain.caption


def test_the_scatchard_line_is_that_of_the_nonlinear_fit():
    (spec,) = catalog["binding_isotherm"].build(SATURATION)
    panel = spec.panels[1]
    (line,) = marks(panel, Line)
    slope, intercept = np.polyfit(line.x, line.y, 1)
    assert -1 / slope == pytest.approx(0.9)  # Kd in nM
    assert -intercept / slope == pytest.approx(2100)  # Bmax in fmol/mg
    assert panel.y.label == "bound / free (fmol/mg/nM)"
    assert "never fitted" in panel.note


def test_residuals_are_those_of_the_fit_in_standard_deviations():
    series = COMPETITION.series[0]
    (spec,) = catalog["residuals"].build(replace(COMPETITION, series=(series,)))
    expected = series.fit.curve.weighted_residuals / series.fit.residual_sd
    against, normal = (marks(panel, Points)[0] for panel in spec.panels)
    assert against.y == pytest.approx(expected)
    assert normal.y == pytest.approx(np.sort(expected))
    assert normal.x == pytest.approx(-normal.x[::-1])


def test_a_fit_that_curves_share_is_shown_once():
    first, second = COMPETITION.series[0], COMPETITION.series[1]
    shared = replace(COMPETITION, series=(first, replace(second, fit=first.fit)))
    assert list(panels("residuals", shared)) == ["imipramine", ""]


@pytest.mark.parametrize(("compounds", "columns"), [(1, 2), (2, 4), (3, 3), (6, 3)])
def test_residuals_span_the_page_without_a_hole(compounds, columns):
    first = COMPETITION.series[0]
    several = tuple(
        replace(first, subject=f"c{number}", fit=replace(first.fit)) for number in range(compounds)
    )
    (spec,) = catalog["residuals"].build(replace(COMPETITION, series=several))
    assert spec.columns == columns
    assert len(spec.panels) == 2 * compounds
    assert len(spec.panels) % columns == 0
    titles = [panel.title for panel in spec.panels[:columns]]
    assert titles == (["c0", "c1", "c2"] if columns == 3 else ["c0", "", "c1", ""][:columns])


def test_a_fit_without_scatter_has_no_residuals_to_show():
    series = COMPETITION.series[0]
    exact = replace(COMPETITION, series=(replace(series, fit=replace(series.fit, sum_of_squares=0.0)),))
    assert catalog["residuals"].build(exact) == ()


def test_a_profile_that_stays_below_the_limit_is_open():
    panel = panels("profile")["desipramine"]
    assert panel.note.splitlines()[2] == "2026-03-09: IC50 4.47 nM (> 3.72), open above"
    assert panel.note.splitlines()[0] == "2026-03-02: IC50 3.80 nM (3.39–4.27)"


def test_a_profile_shows_the_interval_of_the_fit():
    series = COMPETITION.series[0]
    interval = replace(series.fit.intervals["log_ic50"], low=-8.0, high=-7.0, method="profile")
    fit = replace(series.fit, intervals={"log_ic50": interval})
    (spec,) = catalog["profile"].build(replace(COMPETITION, series=(replace(series, fit=fit),)))
    (ends,) = marks(spec.panels[0], Points)
    assert ends.x == pytest.approx([1e-8, 1e-7])


def test_plates_show_what_was_where():
    (spec,) = catalog["plate_map"].build(COMPETITION)
    heats = [marks(panel, Heat)[0] for panel in spec.panels]
    assert [heat.values.shape for heat in heats] == [(8, 12)] * 3
    assert heats[0].texts[0][0] == "Im"
    assert (heats[0].texts[0][11], heats[0].texts[7][11]) == ("T", "N")
    assert [heat.crossed for heat in heats] == [((1, 5),), ((2, 8),), ()]
    assert len({heat.limits for heat in heats}) == 1
    assert "2 wells set aside" in spec.caption


def test_initials_of_compounds_differ():
    names = {name: name for name in ("imipramine", "imidazole", "imid", "2-A", "!!", "??", "Background")}
    wells = COMPETITION.experiments[0].wells
    renamed = [
        replace(well, treatment=replace(well.treatment, compound=name))
        for well, name in zip(wells, names, strict=False)
    ]
    experiment = replace(COMPETITION.experiments[0], wells=tuple(renamed))
    (spec,) = catalog["plate_map"].build(replace(COMPETITION, experiments=(experiment,)))
    shown = [text for row in marks(spec.panels[0], Heat)[0].texts for text in row if text]
    assert len(set(shown)) == len(names)


def test_more_than_nine_compounds_take_several_figures():
    series = COMPETITION.series[0]
    many = tuple(replace(series, subject=f"compound {number}") for number in range(11))
    specs = catalog["response_curve"].build(replace(COMPETITION, series=many))
    assert [spec.name for spec in specs] == ["response_curve_1", "response_curve_2"]
    assert [len(spec.panels) for spec in specs] == [9, 2]


def test_a_curve_that_failed_shows_its_points():
    series = replace(
        COMPETITION.series[0], outcome=Outcome.FAILED, reason="No minimum.", fit=None, bands=(), estimates=()
    )
    (spec,) = catalog["response_curve"].build(replace(COMPETITION, series=(series,)))
    assert spec.panels[0].note == "2026-03-02: No minimum."
    assert marks(spec.panels[0], Points)
