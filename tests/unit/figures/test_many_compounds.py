"""Figures of thirty compounds: residuals of an experiment together, and the profiles that say most."""

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from prusoff.core.figure import Points
from prusoff.figures import catalog

SIMULATED = runpy.run_path(str(Path(__file__).parents[2] / "golden" / "figures" / "simulated_results.py"))
MANY = 30


@pytest.fixture(scope="module")
def few():
    return SIMULATED["competition"]()


@pytest.fixture(scope="module")
def many(few):
    """The curves of the first compound, thirty times under different names."""
    first = few.series[0].subject
    series = [one for one in few.series if one.subject == first]
    return replace(
        few,
        series=tuple(
            replace(one, subject=f"compound {number:02d}", fit=replace(one.fit))
            for number in range(MANY)
            for one in series
        ),
    )


def test_all_curves_of_an_experiment_share_a_pair_of_panels(few, many):
    experiments = dict.fromkeys(one.experiment for one in many.series)
    (spec,) = catalog["residuals"].build(many)
    titled = [panel for panel in spec.panels if panel.title]
    assert [panel.title for panel in titled] == [f"{MANY} curves, {name}" for name in experiments]
    assert len(spec.panels) == 2 * len(experiments)
    for panel, name in zip(titled, experiments, strict=True):
        shown = sum(mark.x.size for mark in panel.marks if isinstance(mark, Points))
        fits = [one.fit for one in many.series if one.experiment == name]
        assert shown == sum(fit.points for fit in fits)


def test_few_compounds_have_a_pair_of_panels_each(few):
    compounds = {one.subject for one in few.series if one.fit is not None and one.fit.residual_sd > 0}
    titles = {panel.title for spec in catalog["residuals"].build(few) for panel in spec.panels}
    assert titles - {""} == compounds


def test_of_many_profiles_the_least_even_are_drawn(many):
    drawn = [panel.title for spec in catalog["profile"].build(many) for panel in spec.panels]
    assert len(drawn) == 9
    tilted = tuple(
        replace(one, profiles=tuple(opened(profile) for profile in one.profiles), fit=None)
        if one.subject == "compound 29"
        else one
        for one in many.series
    )
    (spec,) = catalog["profile"].build(replace(many, series=tilted))
    assert "compound 29" in [panel.title for panel in spec.panels]
    assert f"Of {MANY} compounds the 9 least even are drawn" in spec.caption


def opened(profile):
    """A profile whose upper side never reaches the limit."""
    low = profile.values <= profile.best
    least = float(np.min(profile.sums_of_squares))
    return replace(profile, sums_of_squares=np.where(low, profile.sums_of_squares, least))
